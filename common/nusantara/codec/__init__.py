"""From bytes to models and back.

:func:`loads` and :func:`dumps` read and write strict JSON; :func:`structure` and :func:`unstructure` turn JSON values
into typed ones and back. Nothing is coerced: ``None`` is never ``"None"``, ``True`` never 1, ``"1"`` never 1.

Types that can be read: ``str``, ``int``, ``float`` (also from an integer), ``bool``, ``None``, ``Any``; ``datetime``
and ``date`` in ISO 8601; enums of strings or integers; ``Literal``; ``list[X]``, ``tuple[X, ...]``, ``dict[str, X]``;
models; ``Annotated[X, Via(...)]``; and unions of these whose members differ in their JSON type. In ``SomeEnum | str``
and ``SomeEnum | int`` an unknown value stays as it came. Any other type is a :exc:`TypeError` when it is first used.

A date and time keeps its offset, is naive if it has none, and loses what is finer than a microsecond. Where ``None`` is
allowed, a date in the year 1 is ``None``: that is how some vendors say "never".

Reading runs generated code, one straight-line function per model, because after the network it is the largest cost of a
call. It fills an object of a plain class that has the same slots as the model and then assigns ``__class__``, which is
several times cheaper than the constructor of a frozen class.
"""

from __future__ import annotations

import codecs
import copy
import enum
import functools
import gc
import itertools
import json
import linecache
import math
import re
import threading
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    NoReturn,
    TypeVar,
    Union,
    get_args,
    get_origin,
    overload,
)

import attrs

from nusantara.errors import BadResponse, DecodeError
from nusantara.model import ABSENT, Mismatch, Model, SecretStr, Via, field_keys
from nusantara.secret import HiddenText, Secret

if TYPE_CHECKING:
    import cattrs

__all__ = [
    "MAX_DEPTH",
    "MAX_DIGITS",
    "Mismatch",
    "count_repeated_keys",
    "dumps",
    "loads",
    "structure",
    "to_document",
    "unstructure",
]

T = TypeVar("T")

MAX_DEPTH: Final = 100
"""How deep lists and objects may be nested."""
MAX_DIGITS: Final = 400
"""How many digits an integer may have."""


# --- Bytes to JSON values ---


def loads(body: bytes) -> Any:
    """Read a JSON document. Every failure is :exc:`~nusantara.errors.BadResponse`.

    The body is UTF-8, with or without a byte order mark, or UTF-16 or UTF-32 with one. Refused are ``NaN``, infinities
    and numbers too large for a float, lone surrogates, integers of more than 400 digits, and nesting deeper than 100.
    Other integers are exact, whatever their size. Of repeated keys the last one wins, see :func:`count_repeated_keys`.
    The result is the same with and without orjson.
    """
    value = (_parse or _choose_parser())(body)
    openers = len(body.translate(None, _NOT_OPENING))
    if openers > MAX_DEPTH:
        _check_depth(value, openers)
    return value


def count_repeated_keys(body: bytes) -> int:
    """How many keys of a document come again in the same object, where :func:`loads` takes the last one.

    Reads the document once more: who wants to know pays for it.
    """
    count = 0

    def note(pairs: list[tuple[str, Any]]) -> None:
        nonlocal count
        count += len(pairs) - len({key for key, _ in pairs})

    _parse_with_json(body, _decoder(_int, note))
    return count


def read_at(text: str, place: int, *, count_digits: bool) -> tuple[Any, int]:
    """Read the value that begins at a place in a text, as strictly as :func:`loads`; gives it and where it ends.

    Args:
        count_digits: Say so if there may be integers of more than 400 digits.

    Raises:
        ValueError: It is cut short, or not JSON.
        BadResponse: It goes beyond what is read of JSON.
    """
    try:
        value, end = (_READ_COUNTING_DIGITS if count_digits else _READ).raw_decode(text, place)
    except _Refused as error:
        problem = str(error)
    except RecursionError:
        problem = _TOO_DEEP
    else:
        openers = text.count("[", place, end) + text.count("{", place, end)
        if openers > MAX_DEPTH:
            _check_depth(value, openers)
        if text.find("\\u", place, end) < 0 or not _has_lone_surrogate(text[place:end]):
            return value, end
        problem = _LONE_SURROGATE
    raise _not_usable(problem)


_parse: Callable[[bytes], Any] | None = None

_NOT_OPENING: Final = bytes(set(range(256)) - set(b"[{"))
_DIGITS_AS_0: Final = bytes(ord("0") if byte in b"-0123456789" else ord(" ") for byte in range(256))
_LARGE: Final = b"0" * 20
"""20 digits, or 19 and a minus, of what :data:`_DIGITS_AS_0` gives."""
_ENCODINGS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # begins with the mark of UTF-16
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BYTE_ORDER_MARKS: Final = tuple(_ENCODINGS)
_TOO_DEEP: Final = f"it is nested deeper than {MAX_DEPTH}"
_LONE_SURROGATE: Final = "it has a lone surrogate"
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def _choose_parser() -> Callable[[bytes], Any]:
    global _parse
    try:
        import orjson
    except ImportError:
        _parse = _parse_with_json
    else:
        _parse = functools.partial(_parse_with_orjson, orjson.loads)
    return _parse


def _parse_with_orjson(orjson_loads: Callable[[bytes], Any], body: bytes) -> Any:
    if _may_have_large_integers(body):
        return _parse_with_json(body)
    try:
        return orjson_loads(body)
    except ValueError:
        pass
    # Either this refuses it too, in the words used without orjson, or it can be read after all: a byte order mark.
    return _parse_with_json(body)


def _may_have_large_integers(body: bytes) -> bool:
    """Whether there may be integers beyond 64 bits, which orjson turns into floats; there often are none then."""
    digits = body.translate(_DIGITS_AS_0)
    place = digits.find(_LARGE)
    while place >= 0:
        # Identifiers of so many digits are text, and begin behind a quote or a letter.
        if place == 0 or body[place - 1] in b":,[ \t\r\n":
            return True
        place = digits.find(_LARGE, digits.find(b" ", place))
    return False


def _parse_with_json(body: bytes, decoder: json.JSONDecoder | None = None) -> Any:
    mark, encoding = b"", "utf-8"
    if body.startswith(_BYTE_ORDER_MARKS):
        mark, encoding = next(item for item in _ENCODINGS.items() if body.startswith(item[0]))
    try:
        text = body[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"invalid {encoding.upper()} at byte {len(mark) + error.start}"
    else:
        if decoder is None:
            # A mark is rare, and may mean several bytes a digit.
            decoder = _READ_COUNTING_DIGITS if mark or may_have_long_integers(body) else _READ
        try:
            value = decoder.decode(text)
        except json.JSONDecodeError as error:
            problem = _describe(error, len(mark), encoding)
        except _Refused as error:
            problem = str(error)
        except RecursionError:
            problem = _TOO_DEEP
        else:
            if "\\" not in text or not _has_lone_surrogate(text):
                return value
            problem = _LONE_SURROGATE
    # Raised here, because the exceptions above hold the body: a traceback must not lead to a token in it.
    raise _not_usable(problem)


def _not_usable(problem: str) -> BadResponse:
    return BadResponse(f"the answer is not usable JSON: {problem}")


def _describe(error: json.JSONDecodeError, skipped: int, encoding: str) -> str:
    # Nothing of the body is shown: one that is form-encoded, or JSON cut short, may hold a token.
    if not error.doc.strip():
        return "it is empty"
    byte = skipped + len(error.doc[: error.pos].encode(encoding))
    return f"{error.msg} at line {error.lineno}, byte {byte}"


class _Refused(Exception):
    """Good for the standard library, but not for us."""


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Refused("a number is too large")
    return value


def _int(text: str) -> int:
    if len(text) > MAX_DIGITS + text.startswith("-"):
        raise _Refused(f"an integer has more than {MAX_DIGITS} digits")
    return int(text)


def _constant(text: str) -> NoReturn:
    raise _Refused(f"it has {text}")


def _decoder(
    read_int: Callable[[str], int] | None = None, read_object: Callable[[list[tuple[str, Any]]], Any] | None = None
) -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_float=_float, parse_int=read_int, parse_constant=_constant, object_pairs_hook=read_object
    )


_READ: Final = _decoder()
_READ_COUNTING_DIGITS: Final = _decoder(_int)


def may_have_long_integers(body: bytes) -> bool:
    """Whether there may be an integer of more than 400 digits in it. Often there is none where this says so."""
    # A run of 401 digits covers eight of every fiftieth bytes.
    return b"0" * 8 in body[::50].translate(_DIGITS_AS_0)


def _has_lone_surrogate(text: str) -> bool:
    if not _SURROGATE.search(text):
        return False
    # Backslashes pair up from the left; with those pairs gone, every \u left is an escape.
    text = _SURROGATE_PAIR.sub(" ", text.replace("\\\\", " "))
    return _SURROGATE.search(text) is not None


def _check_depth(value: Any, openers: int) -> None:
    """Refuse too deep a value. There are at most ``openers`` lists and objects in it."""
    level = [value]
    for depth in range(1, MAX_DEPTH):
        openers -= len(level)
        if depth + openers <= MAX_DEPTH or not level:
            return
        # The fastest way to leave out strings and numbers. It also leaves out dicts with nothing else in them, which
        # matters on the last level only.
        level = [*filter(gc.is_tracked, itertools.chain.from_iterable(map(_items, level)))]
    if any(type(item) in (dict, list) for container in level for item in _items(container)):
        raise _not_usable(_TOO_DEEP)


def _items(container: Any) -> Iterable[Any]:
    return container.values() if type(container) is dict else container


# --- JSON values to typed ones ---

_Read = Callable[[Any], Any]


@overload
def structure(document: Any, into: type[T]) -> T: ...
@overload
def structure(document: Any, into: Any) -> Any: ...
def structure(document: Any, into: Any) -> Any:
    """Turn JSON values, as :func:`loads` returns them, into a model or another type listed above.

    Raises :exc:`~nusantara.errors.DecodeError` if the document is not of that type, and :exc:`TypeError` if ``into`` is
    not a type that can be read.
    """
    read = _readers.get(into) or _reader(into)
    try:
        return read(document)
    except Mismatch as mismatch:
        error = _decode_error(mismatch)
    except RecursionError:
        error = DecodeError(path="", expected=f"at most {MAX_DEPTH} levels", found="many more")
    # Raised here, because the exceptions above hold the value.
    raise error


_readers: Final[dict[Any, _Read]] = {}
_unfinished: Final[set[type[Model]]] = set()
"""The models whose functions are being made."""
_making: Final = threading.RLock()
"""Reentrant, because making the function of a model makes those of the models in it."""
_made_converter: cattrs.Converter | None = None


def _reader(into: Any) -> _Read:
    with _making:
        if _is_model(into):
            read: Callable[..., Any] = _converter().get_structure_hook(into)
        else:
            read = _shape_reader(str(into), _shape(into))
        _readers[into] = read
        return read


def _converter() -> cattrs.Converter:
    global _made_converter
    with _making:
        if _made_converter is None:
            import cattrs

            made = cattrs.Converter(unstruct_collection_overrides={tuple: list})
            made.register_structure_hook_factory(_is_model, _model_reader)
            made.register_unstructure_hook_factory(_is_written_here, _writer)
            _made_converter = made
        return _made_converter


def _shape_reader(title: str, shape: _Shape) -> _Read:
    source = _Source(title, "value")
    source.read(shape, "value")
    source.line("return value")
    return source.function()


def _is_model(into: Any) -> bool:
    return isinstance(into, type) and issubclass(into, Model)


def _model_reader(cls: type[Model]) -> Callable[..., Any]:
    """Make the function that reads a model."""
    with _making:
        _unfinished.add(cls)
        try:
            return _model_source(cls).function()
        finally:
            _unfinished.remove(cls)


def _model_source(cls: type[Model]) -> _Source:
    # The second parameter is the type, which cattrs passes as well.
    source = _Source(f"{cls.__module__}.{cls.__qualname__}", "document, _=None")
    parts, twin = _parts(cls), _twin(cls)
    source.names |= {"cls": cls, "new": twin or cls.__new__, "parts": parts, "absent": _absent}

    def store(name: str, value: str) -> None:
        if twin:
            source.line(f"model.{name} = {value}")
        else:
            source.line(f"{source.bind(getattr(cls, name).__set__, 'set')}(model, {value})")

    with source.block("if type(document) is not dict:"):
        source.line("raise Mismatch('an object', document)")
    source.line("model = new()" if twin else "model = new(cls)")
    store("raw", "document")
    with source.block("try:"):
        if not parts:
            source.line("pass")
        for part in parts:
            key = repr(part.keys[-1])
            for other in reversed(part.keys[:-1]):
                key = f"{other!r} if {other!r} in document else {key}"
            if len(part.keys) > 1:
                source.line(f"key = {key}")
                key = "key"
            with source.block("try:"):
                with source.block(f"if {key} in document:" if part.optional else None):
                    source.line(f"value = document[{key}]")
                    source.read(part.shape, "value")
                    store(part.name, "value")
                    if _is_secret(part.annotation):
                        source.line(f"document[{key}] = {source.bind(_hidden, 'hidden')}(value)")
                if part.optional:
                    with source.block("else:"):
                        store(part.name, _default(source, part))
            with source.block("except Mismatch as error:"):
                source.line(f"error.at({key}, {part.private})")
                source.line("raise")
    with source.block("except KeyError:"):
        source.line("raise absent(document, parts)")
    if twin:
        source.line("model.__class__ = cls")
    source.line("return model")
    return source


def _is_secret(annotation: Any) -> bool:
    return annotation == SecretStr or SecretStr in typing.get_args(annotation)


def _hidden(value: Secret | None) -> str | None:
    """What takes the place of a credential in its document, which is shown with the model's ``raw``."""
    return None if value is None else HiddenText(value.reveal())


def _twin(cls: type[Model]) -> type | None:
    """A class whose objects can become models by assigning ``__class__``.

    ``None`` if there is none, as for a model that has a ``__dict__`` because another of its bases is a plain class.
    """
    # The slots' own way of storing; left out, either of these would bring back the one of the frozen class.
    own = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    try:
        twin = type(cls.__name__, (cls.__base__ or object,), {"__slots__": cls.__dict__["__slots__"], **own})
        twin().__class__ = cls
    except TypeError:
        return None
    return twin


def _default(source: _Source, part: _Part) -> str:
    if part.factory:
        return source.bind(part.factory, "default") + "()"
    return "None" if part.default is None else source.bind(part.default, "default")


def _absent(document: dict[str, Any], parts: tuple[_Part, ...]) -> Mismatch:
    part = next(part for part in parts if not part.optional and not any(key in document for key in part.keys))
    mismatch = Mismatch(part.shape.expected)
    mismatch.at(part.keys[0], part.private)
    return mismatch


@attrs.frozen
class _Part:
    """A field of a model."""

    name: str
    keys: tuple[str, ...]
    annotation: Any
    shape: _Shape
    optional: bool
    default: Any
    factory: Callable[[], Any] | None
    private: bool

    def has_default(self, value: Any) -> bool:
        return bool(value == (self.factory() if self.factory else self.default))


def _own_types(cls: type[Model]) -> dict[str, Any]:
    """Classes defined in the body of a model. Its other attributes are fields, and do not hide what they are named."""
    return {name: item for base in cls.__mro__[::-1] for name, item in vars(base).items() if isinstance(item, type)}


_FACTORY: Final[Any] = attrs.Factory


def _parts(cls: type[Model]) -> tuple[_Part, ...]:
    if "__attrs_attrs__" not in cls.__dict__:
        raise TypeError(f"{cls.__qualname__} lacks the decorator @model")
    try:
        annotations = typing.get_type_hints(cls, localns=_own_types(cls), include_extras=True)
    except NameError as error:
        raise TypeError(f"{cls.__qualname__}: {error}; types of fields must be found in their module") from error
    parts = []
    for attribute in attrs.fields(cls):
        if attribute.name == "raw":
            continue
        annotation, default = annotations[attribute.name], attribute.default
        factory = default.factory if isinstance(default, _FACTORY) else None
        try:
            shape = _shape(annotation)
        except TypeError as error:
            raise TypeError(f"{cls.__qualname__}.{attribute.name}: {error}") from error
        parts.append(
            _Part(
                name=attribute.name,
                keys=field_keys(attribute),
                annotation=annotation,
                shape=shape,
                optional=default is not attrs.NOTHING,
                default=default,
                factory=factory,
                private=not attribute.repr,
            )
        )
    return tuple(parts)


class _Source:
    """The text of a function being written, and the objects it names."""

    def __init__(self, title: str, parameters: str) -> None:
        self.names: dict[str, Any] = {"Mismatch": Mismatch, "type": type}
        self.names |= {kind.__name__: kind for kind in _JSON_TYPES}
        self._title = title
        self._lines = [f"def read({parameters}):"]
        self._depth = 1
        self._variables = 0

    def line(self, text: str) -> None:
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str | None) -> Iterator[None]:
        """Indent what follows under a line. Without a line, do nothing."""
        if head:
            self.line(head)
        self._depth += bool(head)
        yield
        self._depth -= bool(head)

    def bind(self, value: Any, hint: str) -> str:
        name = f"{hint}_{len(self.names)}"
        self.names[name] = value
        return name

    def variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def read(self, shape: _Shape, variable: str) -> None:
        """Check the JSON value in a variable and put the typed one in its place."""
        if shape.cases is None:
            if shape.step:
                shape.step(self, variable, shape.expected)
            return
        if self._depth > _DEEPEST:
            self.line(f"{variable} = {self.bind(_shape_reader(f'part of {self._title}', shape), 'read')}({variable})")
            return
        refuse = f"raise Mismatch({shape.expected!r}, {variable})"
        steps = [(kind, step) for kind, step in shape.cases.items() if step]
        kept = [kind for kind, step in shape.cases.items() if not step]
        if not steps:
            with self.block(f"if {' and '.join(_is_not(variable, kind) for kind in kept)}:"):
                self.line(refuse)
        elif len(steps) == 1 and kept in ([], [types.NoneType]):
            kind, step = steps[0]
            with self.block(f"if {variable} is not None:" if kept else None):
                with self.block(f"if {_is_not(variable, kind)}:"):
                    self.line(refuse)
                step(self, variable, shape.expected)
        else:
            found = self.variable()
            self.line(f"{found} = type({variable})")
            for number, (kind, step) in enumerate(steps):
                with self.block(f"{'elif' if number else 'if'} {found} is {kind.__name__}:"):
                    step(self, variable, shape.expected)
            others = " and ".join(f"{found} is not {kind.__name__}" for kind in kept)
            with self.block(f"elif {others}:" if others else "else:"):
                self.line(refuse)

    def function(self) -> Callable[..., Any]:
        text = "\n".join(self._lines) + "\n"
        filename = f"<nusantara codec: {self._title}>"
        exec(compile(text, filename, "exec"), self.names)  # noqa: S102 - made of our own text and quoted keys
        # So that tracebacks show the lines.
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        read: Callable[..., Any] = self.names["read"]
        return read


_DEEPEST: Final = 12
"""Indentation above which a further function is written: Python has a limit of 20 nested blocks."""


def _is_not(variable: str, kind: type) -> str:
    return f"{variable} is not None" if kind is types.NoneType else f"type({variable}) is not {kind.__name__}"


# --- What a type means in JSON ---

_JSON_TYPES: Final = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    types.NoneType: "null",
    list: "a list",
    dict: "an object",
}

_Step = Callable[[_Source, str, str], None]
"""Writes the lines that turn a JSON value, of the right JSON type, into the typed one. It gets the function being
written, the variable with the value, and the words for what is expected."""


@attrs.frozen
class _Shape:
    """How the values of a type look in JSON."""

    expected: str
    cases: Mapping[type, _Step | None] | None
    """What to do by the type of the JSON value, ``None`` for nothing. If there are no cases, any type will do."""
    step: _Step | None = None
    """What to do where any type will do."""
    exact: bool = True
    """Whether a typed value has one spelling only."""


def _shape(annotation: Any, nullable: bool = False) -> _Shape:
    annotation = _bare(annotation)
    if annotation is Any:
        return _Shape("anything", None)
    if annotation is None:
        annotation = types.NoneType
    if annotation in (str, int, bool, types.NoneType):
        return _Shape(_JSON_TYPES[annotation], {annotation: None})
    if annotation is float:
        return _Shape(_JSON_TYPES[float], {float: None, int: _int_to_float}, exact=False)
    if annotation is datetime:
        return _Shape("an ISO 8601 date and time", {str: _date_step(datetime, nullable)}, exact=False)
    if annotation is date:
        return _Shape("an ISO 8601 date", {str: _date_step(date, nullable)}, exact=False)
    if _is_model(annotation):
        return _Shape("an object", {dict: _model_step(annotation)})
    if _is_enum(annotation):
        return _enum_shape(annotation, ())
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        via = _via(annotation)
        return _Shape(via.expected, None, _via_step(via, nullable), exact=False)
    if origin is Literal:
        return _literal_shape(arguments)
    if origin in (Union, types.UnionType):
        return _union_shape(arguments)
    if (origin is list and arguments) or (origin is tuple and arguments[1:] == (...,)):
        item = _shape(arguments[0])
        return _Shape("a list", {list: _list_step(item, origin)}, exact=item.exact)
    if origin is dict and arguments[:1] == (str,):
        item = _shape(arguments[1])
        return _Shape("an object", {dict: _dict_step(item)}, exact=item.exact)
    raise TypeError(f"{annotation} cannot be read from JSON; nusantara.codec lists the types that can")


def _union_shape(members: tuple[Any, ...]) -> _Shape:
    members = tuple(map(_bare, members))
    nullable = types.NoneType in members
    if len(members) == 2 and nullable:
        other = _shape(next(member for member in members if member is not types.NoneType), nullable=True)
        if other.cases is None:
            return attrs.evolve(other, expected=f"{other.expected} or null")
    plain = [kind for kind in (str, int) if kind in members]
    cases: dict[type, _Step | None] = {}
    ranks: dict[type, int] = {}
    shapes = []
    for member in members:
        shape = _enum_shape(member, plain) if _is_enum(member) else _shape(member, nullable)
        shapes.append(shape)
        if shape.cases is None:
            raise TypeError(f"{member} can stand beside None only")
        for kind, step in shape.cases.items():
            rank = _rank(member, kind, plain)
            if kind in cases and (rank == ranks[kind] or _ALONE in (rank, ranks[kind])):
                raise TypeError(f"members of {members} cannot be told apart: two are {_JSON_TYPES[kind]} in JSON")
            if rank > ranks.get(kind, -1):
                cases[kind], ranks[kind] = step, rank
    words = " or ".join(dict.fromkeys(shape.expected for shape in shapes))
    return _Shape(words, cases, exact=all(shape.exact for shape in shapes))


_ALONE: Final = 3


def _rank(member: Any, kind: type, plain: Collection[type]) -> int:
    """Which of two members of a union reads a JSON type that both can read: the higher, and none if one is alone."""
    if member is float and kind is int:
        return 0
    if member in plain:
        return 1
    if _is_enum(member) and kind in plain:
        return 2
    return _ALONE


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, enum.Enum)


def _enum_shape(annotation: type[enum.Enum], open_to: Collection[type]) -> _Shape:
    """``open_to``: the JSON types of which unknown values are kept."""
    members: dict[type, dict[Any, enum.Enum]] = {}
    for member in annotation.__members__.values():
        members.setdefault(type(member.value), {})[member.value] = member
    if not members or not members.keys() <= {str, int} or issubclass(annotation, enum.Flag):
        raise TypeError(f"{annotation} is not an enum of strings or integers")
    words = [_JSON_TYPES[kind] for kind in members if kind in open_to]
    closed = [value for kind in members if kind not in open_to for value in members[kind]]
    if closed:
        words.append(_one_of(closed))
    steps = {kind: _member_step(values, kind in open_to) for kind, values in members.items()}
    return _Shape(" or ".join(words), steps)


def _literal_shape(values: tuple[Any, ...]) -> _Shape:
    cases: dict[type, _Step | None] = {}
    for kind in dict.fromkeys(map(type, values)):
        if kind not in (str, int, bool, types.NoneType):
            raise TypeError(f"a literal {kind.__name__} cannot be read from JSON")
        cases[kind] = _choice_step(frozenset(value for value in values if type(value) is kind))
    return _Shape(_one_of(values), cases)


def _one_of(values: Collection[Any]) -> str:
    shown = [json.dumps(value) for value in values]
    if len(shown) > 8:
        shown[8:] = ["..."]
    return shown[0] if len(shown) == 1 else f"one of {', '.join(shown)}"


def _bare(annotation: Any) -> Any:
    """The annotation without ``Annotated`` that has no :class:`Via`."""
    while get_origin(annotation) is Annotated and not any(isinstance(item, Via) for item in annotation.__metadata__):
        annotation = annotation.__origin__
    return annotation


def _via(annotation: Any) -> Via:
    return next(item for item in annotation.__metadata__ if isinstance(item, Via))


def _int_to_float(source: _Source, variable: str, expected: str) -> None:
    with source.block("try:"):
        source.line(f"{variable} = float({variable})")
    with source.block("except OverflowError:"):
        source.line(f"raise Mismatch({expected!r}, {variable})")


def _date_step(kind: type[date], nullable: bool) -> _Step:
    def step(source: _Source, variable: str, expected: str) -> None:
        parsed = source.variable()
        if kind is datetime:
            # The parser would take a date alone for midnight.
            with source.block(f"if len({variable}) < 11:"):
                source.line(f"raise Mismatch({expected!r}, {variable})")
        with source.block("try:"):
            source.line(f"{parsed} = {source.bind(kind.fromisoformat, 'parse')}({variable})")
        with source.block("except ValueError:"):
            source.line(f"raise Mismatch({expected!r}, {variable})")
        source.line(f"{variable} = None if {variable} < '0002' else {parsed}" if nullable else f"{variable} = {parsed}")

    return step


def _member_step(members: dict[Any, enum.Enum], is_open: bool) -> _Step:
    def step(source: _Source, variable: str, expected: str) -> None:
        if is_open:
            source.line(f"{variable} = {source.bind(members.get, 'member')}({variable}, {variable})")
            return
        with source.block("try:"):
            source.line(f"{variable} = {source.bind(members, 'members')}[{variable}]")
        with source.block("except KeyError:"):
            source.line(f"raise Mismatch({expected!r}, {variable})")

    return step


def _choice_step(values: frozenset[Any]) -> _Step:
    def step(source: _Source, variable: str, expected: str) -> None:
        with source.block(f"if {variable} not in {source.bind(values, 'choices')}:"):
            source.line(f"raise Mismatch({expected!r}, {variable})")

    return step


def _model_step(cls: type[Model]) -> _Step:
    def step(source: _Source, variable: str, expected: str) -> None:
        # A model that contains itself looks its function up at each use.
        unfinished = cls in _unfinished
        read = functools.partial(_read_late, cls) if unfinished else _converter().get_structure_hook(cls)
        source.line(f"{variable} = {source.bind(read, 'read')}({variable})")

    return step


def _read_late(cls: type[Model], document: Any) -> Any:
    return (_readers.get(cls) or _reader(cls))(document)


def _via_step(via: Via, nullable: bool) -> _Step:
    def step(source: _Source, variable: str, expected: str) -> None:
        with (
            source.block(f"if type({variable}) is not {via.plain.__name__}:" if via.plain else None),
            source.block(f"if {variable} is not None:" if nullable else None),
        ):
            with source.block("try:"):
                source.line(f"{variable} = {source.bind(via.load, 'load')}({variable})")
            with source.block("except Mismatch as error:"):
                with source.block(f"if error.value is {source.bind(ABSENT, 'absent')}:"):
                    source.line(f"error.value = {variable}")
                source.line("raise")
            with source.block(f"except {source.bind(_BAD_VALUE, 'bad_value')}:"):
                source.line(f"raise Mismatch({expected!r}, {variable})")

    return step


_BAD_VALUE: Final = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError)
"""What functions raise that were written for good values only."""


def _list_step(item: _Shape, origin: type) -> _Step:
    def step(source: _Source, variable: str, expected: str) -> None:
        made, each = source.variable(), source.variable()
        source.line(f"{made} = []")
        with source.block("try:"), source.block(f"for {each} in {variable}:"):
            source.read(item, each)
            source.line(f"{made}.append({each})")
        with source.block("except Mismatch as error:"):
            source.line(f"error.at(len({made}))")
            source.line("raise")
        source.line(f"{variable} = {made}" if origin is list else f"{variable} = {source.bind(tuple, 'tuple')}({made})")

    return step


def _dict_step(item: _Shape) -> _Step:
    def step(source: _Source, variable: str, expected: str) -> None:
        made, key, each = source.variable(), source.variable(), source.variable()
        source.line(f"{made} = {{}}")
        with source.block("try:"), source.block(f"for {key}, {each} in {variable}.items():"):
            source.read(item, each)
            source.line(f"{made}[{key}] = {each}")
        with source.block("except Mismatch as error:"):
            source.line(f"error.at({key})")
            source.line("raise")
        source.line(f"{variable} = {made}")

    return step


# --- What to say of a value that does not fit ---

_SECRET: Final = re.compile(
    r"token|secret|passw|passcode|pwd|credential|auth(?!or)|cookie|session|signature|private|api_?key|nonce|otp|cvv|\bpin\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_SHOWN: Final = 40
_LONGEST_PATH: Final = 300


def _decode_error(mismatch: Mismatch) -> DecodeError:
    path = mismatch.path[::-1]
    private = mismatch.private or any(isinstance(part, str) and _SECRET.search(part) for part in path)
    return DecodeError(path=_path(path), expected=mismatch.expected, found=_found(mismatch.value, private))


def _path(parts: list[str | int]) -> str:
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _NAME.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"['{_escaped(part)}']"
    return text if len(text) <= _LONGEST_PATH else f"{text[:_LONGEST_PATH]}..."


def _found(value: Any, private: bool) -> str:
    if value is ABSENT:
        return "no such key"
    kind = type(value)
    if kind not in _JSON_TYPES:
        return f"a Python object of type {kind.__name__}"
    if kind is bool:
        return "a boolean" if private else json.dumps(value)
    words = _JSON_TYPES[kind]
    if private:
        return words
    if kind is str:
        return f"{words} '{_escaped(value)}'"
    if kind is float or (kind is int and value.bit_length() <= 128):
        return f"{words} {value}"
    return words


def _escaped(text: str) -> str:
    shown = ascii(text[: _SHOWN + 1])[1:-1]
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 3] + "..."


# --- Typed values to JSON values and bytes ---


def unstructure(value: Any) -> Any:
    """Turn models, enums, dates and what contains them into JSON values, in fresh lists and dicts.

    Any mapping becomes an object if its keys are strings, and a tuple a list. Raises :exc:`ValueError` for what JSON
    does not have, saying where; the message never holds the value.
    """
    try:
        return _plain(value, 0)
    except RecursionError:
        # A model that contains itself; the nesting of lists and dicts is counted.
        raise _Unwritable("nested too deep") from None


def dumps(value: Any) -> bytes:
    """Write compact JSON in UTF-8. Takes and refuses what :func:`unstructure` does."""
    tree = unstructure(value)
    try:
        return _ENCODER.encode(tree).encode()
    except (ValueError, TypeError, RecursionError):
        pass
    # A model made by hand may hold what its annotations do not allow; this says where.
    return _ENCODER.encode(unstructure(tree)).encode()


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))
_LARGEST: Final = 10**MAX_DIGITS - 1


class _Unwritable(ValueError):
    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path: list[str | int] = []

    def __str__(self) -> str:
        return f"{_path(self.path[::-1])}: {self.problem}" if self.path else self.problem


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, enum.Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise _Unwritable("a lone surrogate cannot be written") from None
        return str.__str__(value)
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise _Unwritable(f"an integer of more than {MAX_DIGITS} digits cannot be written")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _Unwritable("NaN and infinities are not JSON")
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Model):
        return to_document(value)
    if depth == MAX_DEPTH:
        raise _Unwritable(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, Mapping):
        document = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise _Unwritable(f"a key of type {type(key).__name__} cannot be written as JSON")
            document[_plain(key, 0)] = _plain_part(key, item, depth + 1)
        return document
    if isinstance(value, list | tuple):
        return [_plain_part(index, item, depth + 1) for index, item in enumerate(value)]
    raise _Unwritable(f"a value of type {type(value).__name__} cannot be written as JSON")


def _plain_part(part: str | int, value: Any, depth: int) -> Any:
    try:
        return _plain(value, depth)
    except _Unwritable as error:
        error.path.append(part)
        raise


def to_document(model: Model) -> dict[str, Any]:
    """See :meth:`nusantara.model.Model.to_dict`."""
    fields = _written_fields(type(model))
    raw = model.raw
    document: dict[str, Any] = {}
    if raw is None:
        for field in fields:
            value = getattr(model, field.part.name)
            if value is not None or field.part.default is not None:
                document[field.part.keys[0]] = field.written(value)
        return document
    read_from: dict[str, _WrittenField] = {}
    absent = []
    for field in fields:
        for key in field.part.keys:
            if key in raw:
                read_from[key] = field
                break
        else:
            absent.append(field)
    for key, item in raw.items():
        if key in read_from:
            field = read_from[key]
            document[key] = field.written(getattr(model, field.part.name), item)
        else:
            document[key] = copy.deepcopy(item)
    for field in absent:
        value = getattr(model, field.part.name)
        if not (field.part.optional and field.part.has_default(value)):
            document[field.part.keys[0]] = field.written(value)
    return document


@attrs.frozen
class _WrittenField:
    part: _Part
    write: Callable[[Any], Any]
    read: _Read | None
    """For a field whose values can be spelled in several ways."""

    def written(self, value: Any, original: Any = ABSENT) -> Any:
        """The JSON value. It is the original one if that still says the same."""
        if self.read is not None and original is not ABSENT:
            try:
                if self.read(original) == value:
                    return copy.deepcopy(original)
            except Mismatch:
                pass
        try:
            return self.write(value)
        except _Unwritable as error:
            problem = error
        except _BAD_VALUE:
            problem = _Unwritable(f"this value of type {type(value).__name__} cannot be written")
        problem.path.append(self.part.keys[0])
        raise problem


_written: Final[dict[type[Model], tuple[_WrittenField, ...]]] = {}


def _written_fields(cls: type[Model]) -> tuple[_WrittenField, ...]:
    fields = _written.get(cls)
    if fields is None:
        with _making:
            fields = _written[cls] = tuple(
                _WrittenField(
                    part=part,
                    write=_writer(part.annotation),
                    read=None if part.shape.exact else _reader(part.annotation),
                )
                for part in _parts(cls)
            )
    return fields


def _is_written_here(annotation: Any) -> bool:
    """Everything but lists, tuples and dicts with a :class:`Via` inside, for which cattrs knows what to do."""
    return get_origin(annotation) not in (list, tuple, dict) or not _holds_via(annotation)


def _holds_via(annotation: Any) -> bool:
    annotation = _bare(annotation)
    return get_origin(annotation) is Annotated or any(map(_holds_via, get_args(annotation)))


def _writer(annotation: Any) -> Callable[[Any], Any]:
    """Make the function that writes the values of a type."""
    annotation = _bare(annotation)
    if not _is_written_here(annotation):
        return _converter().get_unstructure_hook(annotation)
    if get_origin(annotation) is Annotated:
        return _via(annotation).dump
    if get_origin(annotation) not in (Union, types.UnionType):
        return unstructure
    members = [_bare(member) for member in get_args(annotation)]
    vias = [_via(member) for member in members if get_origin(member) is Annotated]
    if vias:
        return lambda value: None if value is None else vias[0].dump(value)
    hooks = {get_origin(member): _writer(member) for member in members}
    return lambda value: hooks.get(type(value), unstructure)(value)
