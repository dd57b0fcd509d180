"""What is sent, as a value: verb, target, body, and whether a repeat could do harm. No I/O.

The target (path and query) is encoded here once. The same bytes are signed and sent, so nothing below may quote again.
"""

from __future__ import annotations

import datetime
import enum
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import attrs

from nusantara.checks import check_headers
from nusantara.errors import InvalidParameter
from nusantara.secret import HiddenBytes, HiddenText, Secret

if TYPE_CHECKING:
    from nusantara.upload import File

__all__ = ["CallClass", "Pairs", "Params", "PathPart", "Request", "Value", "delete", "get", "post", "put"]

Scalar = str | int | float | enum.Enum | Secret
Value = Scalar | None | Sequence[Scalar]
"""What a query or form parameter may be. ``None`` leaves it out; a list repeats the name; a credential is best given as
a :class:`~nusantara.secret.Secret`, which no traceback shows.

A bool, a date or anything else has no wire form that all vendors share: the vendor package spells it out.
"""
Params = Mapping[str, Value]
PathPart = str | int | enum.Enum
Pairs = tuple[tuple[str, str], ...]


class CallClass(enum.StrEnum):
    """What a second arrival of the same call would do. A property of each operation, not of its verb."""

    SAFE = "safe"
    """Reads only."""
    REPEATABLE = "repeatable"
    """Changes something, but a second arrival leaves the same state as the first."""
    KEYED = "keyed"
    """Creates something that carries a key of ours, so that a repeat can be recognised or looked up."""
    UNREPEATABLE = "unrepeatable"
    """A second arrival would buy, post, send or create again."""


# Not frozen, although nobody changes one: a frozen class of this size takes a microsecond longer to make.
@attrs.define(slots=True, kw_only=True, eq=False, weakref_slot=False)
class Request:
    """One call, ready to be signed and sent. Its repr shows no value that a caller gave."""

    method: str
    template: str
    """Path with placeholders: what errors and logs show."""
    path: str = attrs.field(repr=False)
    """Path as sent, each part percent-encoded."""
    target: str = attrs.field(repr=False)
    """Path and query as sent."""
    call_class: CallClass
    params: Pairs = attrs.field(default=(), repr=False)
    """Query parameters before encoding, in the order in which they are sent."""
    form: Pairs | None = attrs.field(default=None, repr=False)
    """Form fields before encoding, for signatures that cover them."""
    body: bytes | None = attrs.field(default=None, repr=False)
    content_type: str | None = None
    files: tuple[tuple[str, File], ...] = ()
    """Parts of a multipart body beside the ``form`` fields."""
    headers: Pairs = attrs.field(default=(), repr=False)
    """Headers of this operation, beside those of the client and the credentials."""


def get(
    template: str,
    *parts: PathPart,
    params: Params | None = None,
    headers: Pairs = (),
    call_class: CallClass = CallClass.SAFE,
) -> Request:
    """A GET. ``parts`` fill the placeholders of ``template`` in their order."""
    return build("GET", template, parts, call_class, params=params, headers=headers)


def post(
    template: str,
    *parts: PathPart,
    call_class: CallClass,
    params: Params | None = None,
    form: Params | None = None,
    json: Any = None,
    files: Mapping[str, File | None] | None = None,
    headers: Pairs = (),
) -> Request:
    """A POST with at most one kind of body: ``form``, ``json``, or ``files`` with ``form`` as their plain fields."""
    return build("POST", template, parts, call_class, params=params, form=form, json=json, files=files, headers=headers)


def put(
    template: str,
    *parts: PathPart,
    call_class: CallClass,
    params: Params | None = None,
    form: Params | None = None,
    json: Any = None,
    headers: Pairs = (),
) -> Request:
    """A PUT with at most one kind of body."""
    return build("PUT", template, parts, call_class, params=params, form=form, json=json, headers=headers)


def delete(
    template: str,
    *parts: PathPart,
    call_class: CallClass,
    params: Params | None = None,
    form: Params | None = None,
    json: Any = None,
    headers: Pairs = (),
) -> Request:
    """A DELETE; some vendors read a body even there."""
    return build("DELETE", template, parts, call_class, params=params, form=form, json=json, headers=headers)


def build(
    method: str,
    template: str,
    parts: Sequence[PathPart],
    call_class: CallClass,
    *,
    params: Params | None = None,
    form: Params | None = None,
    json: Any = None,
    files: Mapping[str, File | None] | None = None,
    headers: Pairs = (),
) -> Request:
    """Check and encode everything; :exc:`~nusantara.errors.InvalidParameter` names what cannot be sent."""
    if headers:
        headers = tuple(check_headers(dict(headers)).items())
    path = expand(template, parts)
    target = path
    pairs: Pairs = ()
    if params:
        pairs = to_pairs(params, "params")
        if pairs:
            target = f"{path}?{encode_pairs(pairs)}"
    if json is None and form is None and files is None:
        return Request(
            method=method,
            template=template,
            path=path,
            target=target,
            call_class=call_class,
            params=pairs,
            headers=headers,
        )
    body: bytes | None = None
    content_type: str | None = None
    fields: Pairs | None = None
    present: tuple[tuple[str, File], ...] = ()
    if json is not None:
        if form is not None or files is not None:
            raise TypeError("a request has either a JSON body or form fields")
        body, content_type = HiddenBytes(_json_body(json)), "application/json"
    else:
        fields = to_pairs({} if form is None else form, "form")
        if files or not "".join(form or ()).isprintable():
            for field in form or ():
                _field_name(field)
        present = _files(files) if files else ()
        if not present:
            body, content_type = HiddenBytes(encode_pairs(fields), "ascii"), "application/x-www-form-urlencoded"
    return Request(
        method=method,
        template=template,
        path=path,
        target=target,
        call_class=call_class,
        params=pairs,
        form=fields,
        body=body,
        content_type=content_type,
        files=present,
        headers=headers,
    )


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=1024)
def _compiled(template: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pieces = _PLACEHOLDER.split(template)
    return tuple(pieces[::2]), tuple(pieces[1::2])


def expand(template: str, parts: Sequence[PathPart]) -> str:
    """Fill a path template. Each part stays within its own path segment, whatever it holds."""
    literals, names = _compiled(template)
    if len(parts) != len(names):
        raise TypeError(f"{template} takes {len(names)} parts, got {len(parts)}")
    path = literals[0]
    for name, part, literal in zip(names, parts, literals[1:], strict=True):
        path += _path_part(name, part) + literal
    return path


_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch
_FORBIDDEN_IN_NAME = re.compile(r"[\r\n\0\ud800-\udfff]").search
_FORBIDDEN_IN_PATH = re.compile(r"[\r\n\0]").search
_DOT_SEGMENT = re.compile(r"(\.|%(25)*2e){1,2}", re.IGNORECASE).fullmatch
_RAW_PATH = re.compile(r"/(%[0-9A-Fa-f]{2}|[A-Za-z0-9._~!$&'()*+,;=:@/-])*").fullmatch


def check_path(path: str) -> None:
    """Refuse a path given by a caller as it is to be sent, if it holds more than a path, or less."""
    if not isinstance(path, str) or not _RAW_PATH(path):
        raise InvalidParameter(
            "path", "must start with a slash and be percent-encoded, without a query, a fragment or a placeholder"
        )
    if any(_DOT_SEGMENT(segment) for segment in path.split("/")):
        raise InvalidParameter("path", "must not have a segment of dots: the call would go to another path")


def _path_part(name: str, part: PathPart) -> str:
    text = _text(name, part)
    if not text:
        raise InvalidParameter(name, "must not be empty: the call would go to another path")
    if text in (".", ".."):
        raise InvalidParameter(name, f"{text!r} would change the path of the call")
    if _UNRESERVED(text):
        return text
    if _DOT_SEGMENT(text):
        raise InvalidParameter(name, f"{text!r} would change the path of the call, if something on its way decodes it")
    if _FORBIDDEN_IN_PATH(text):
        raise InvalidParameter(name, "holds a line break or NUL")
    return percent_encode(text, name)


def percent_encode(text: str, name: str = "value") -> str:
    """RFC 3986 percent-encoding of everything but unreserved characters (the encoding OAuth 1.0 signs)."""
    if _UNRESERVED(text):
        return text
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise InvalidParameter(name, "holds a lone surrogate, which has no UTF-8 form") from None


def encode_pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """``a=1&b=2`` with both sides percent-encoded."""
    if _UNRESERVED("".join([name + value for name, value in pairs])):  # One look at all instead of one at each.
        return "&".join([f"{name}={value}" for name, value in pairs])
    return "&".join([f"{percent_encode(name, name)}={percent_encode(value, name)}" for name, value in pairs])


def to_pairs(params: Params, parameter: str = "params") -> Pairs:
    """Wire text of query or form parameters; ``None`` is left out, a list repeats its name."""
    if params.__class__ is not dict:
        _check_names(params, parameter)
    pairs: list[tuple[str, str]] = []
    for name, value in params.items():
        if name.__class__ is not str:
            _check_names(params, parameter)
        if value is None:
            continue
        kind = value.__class__
        if kind is str:
            pairs.append((name, value))  # type: ignore[arg-type]
        elif kind is int:
            pairs.append((name, _number(name, value)))  # type: ignore[arg-type]
        elif isinstance(value, (list, tuple)):
            pairs.extend((name, _text(name, item)) for item in value)
        else:
            pairs.append((name, _text(name, value)))
    return tuple(pairs)


def _text(name: str, value: Any) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, str):
        return value if type(value) is HiddenText else str(value)
    if isinstance(value, Secret):
        return HiddenText(value.reveal())
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        problem = f"cannot be sent as {type(value).__name__}"
        if value is None:
            problem = "must be given"
        elif isinstance(value, (bool, datetime.date)):
            problem += ": this vendor has no single spelling for it"
        raise InvalidParameter(name, problem)
    return _number(name, value)


def _number(name: str, value: float) -> str:
    if value.__class__ is not int and not math.isfinite(value):
        raise InvalidParameter(name, f"must be a number, not {value}")
    try:
        return repr(value)
    except ValueError:  # Python writes no more than 4,300 digits.
        raise InvalidParameter(name, "is a number of too many digits") from None


def _check_names(params: Any, parameter: str) -> None:
    if params.__class__ is not dict and not isinstance(params, Mapping):
        raise InvalidParameter(parameter, f"must be a mapping of names to values, not {type(params).__name__}")
    for name in params:
        if not isinstance(name, str):
            raise InvalidParameter(parameter, f"has a name that is no text: {type(name).__name__}")


def _files(files: Mapping[str, File | None]) -> tuple[tuple[str, File], ...]:
    from nusantara.upload import File

    _check_names(files, "files")
    for name, file in files.items():
        if file is not None and not isinstance(file, File):
            raise InvalidParameter(name, f"must be a File, not {type(file).__name__}", hint="give File.of(...)")
        if name.endswith("\\"):
            raise InvalidParameter(name, "the name of a file's field cannot end with a backslash: servers read past it")
    return tuple((_field_name(name), file.of_call()) for name, file in files.items() if file is not None)


def _field_name(name: str) -> str:
    if _FORBIDDEN_IN_NAME(name):
        raise InvalidParameter(name, "a field name cannot hold line breaks, NUL or lone surrogates")
    return name


def _json_body(value: Any) -> bytes:
    from nusantara.codec import dumps

    try:
        return dumps(value)
    except (ValueError, TypeError) as error:
        raise InvalidParameter("json", str(error)) from None
