"""Credentials that do not show, and the one rule of what can be a credential."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Self, TypeVar, overload

from nusantara.errors import InvalidParameter

__all__ = [
    "HiddenBytes",
    "HiddenText",
    "Secret",
    "check_credential",
    "credential",
    "credential_problem",
    "hide",
    "hide_in",
    "is_mask",
    "reveal",
]

T = TypeVar("T")

MASK = "***"


class _Unpickled:
    """Cannot be pickled, nor can what holds it; a copy of it is itself."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a credential cannot be pickled; hand credentials over through the environment")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Secret(_Unpickled):
    """A credential. ``repr``, ``str`` and formatting show ``***``; only :meth:`reveal` gives the text.

    Two secrets are equal if their texts are. A secret cannot be pickled: move credentials between processes through
    the environment or a store made for it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The credential itself."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash((Secret, self._text))


class HiddenText(_Unpickled, str):
    """Text that is sent as it is but whose ``repr`` is masked, and so are those of its pieces and of what it becomes.

    Header values that hold a credential are of this type, so that a traceback printed with its local variables, ours
    or aiohttp's, does not show them. Printers that shorten what is long show a slice.

    What puts it into a text of another's stays plain, because that is how it is written to the wire: ``str``,
    formatting, and another text's ``join``.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)

    def __iter__(self) -> Iterator[str]:
        return iter([_hidden(char) for char in str.__iter__(self)])

    def __radd__(self, other: str) -> HiddenText:
        return str.__new__(HiddenText, str.__add__(other, self))


class HiddenBytes(_Unpickled, bytes):
    """The same for bytes, such as the body of a request."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"

    __str__ = __repr__

    def __radd__(self, other: bytes) -> HiddenBytes:
        return bytes.__new__(HiddenBytes, bytes.__add__(other, self))


def _hidden(value: Any) -> Any:
    """A text or bytes, and those in a list or tuple, hidden."""
    kind = type(value)
    if kind is str:
        return str.__new__(HiddenText, value)
    if kind is bytes:
        return bytes.__new__(HiddenBytes, value)
    return kind(map(_hidden, value)) if kind in (list, tuple) else value


def _hiding(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def hiding(*args: Any, **kwargs: Any) -> Any:
        return _hidden(method(*args, **kwargs))

    return hiding


_OF_BOTH = (
    "__add__ __getitem__ __mod__ __mul__ __rmod__ __rmul__ capitalize center expandtabs join ljust lower lstrip "
    "partition removeprefix removesuffix replace rjust rpartition rsplit rstrip split splitlines strip swapcase title "
    "translate upper zfill"
)
for _kind, _names in (
    (HiddenText, f"{_OF_BOTH} casefold encode format format_map"),
    (HiddenBytes, f"{_OF_BOTH} decode hex"),
):
    for _name in _names.split():
        setattr(_kind, _name, _hiding(getattr(_kind, _name)))


@overload
def hide(value: Secret | str) -> Secret: ...
@overload
def hide(value: Secret | str | None) -> Secret | None: ...
@overload
def hide(value: T) -> T: ...
def hide(value: object) -> object:
    """A credential wrapped, if it is not; everything else as it is.

    Whoever takes a credential that may come bare says ``token = hide(token)`` first of all, so that the bare text is
    not among the local variables that a traceback or an error tracker shows.
    """
    return Secret(value) if isinstance(value, str) else value


def hide_in(settings: Any, *names: str) -> None:
    """The same for keyword settings, which are in a dict of their own in each function that passes them on."""
    for name in names:
        if name in settings:
            settings[name] = hide(settings[name])


def reveal(value: Secret | str) -> str:
    """The text of a credential that may have come wrapped or bare."""
    return value.reveal() if isinstance(value, Secret) else value


# --- What can be a credential


def credential(parameter: str, value: object) -> HiddenText:
    """A secret credential as it is sent, once it is known to be one: see :func:`check_credential`."""
    value = hide(value)
    check_credential(parameter, value)
    assert isinstance(value, Secret)
    return HiddenText(value.reveal())


def check_credential(parameter: str, value: object) -> None:
    """Refuse what cannot be a credential, or a part of one such as the name of a user.

    Raises:
        InvalidParameter: It is not text; empty; with a control character, or white space around it, as when it was read
            from a file; or what is shown in place of a secret. The message does not hold it.
    """
    problem = credential_problem(value)
    if problem is not None:
        raise InvalidParameter(parameter, problem)


def credential_problem(value: object) -> str | None:
    """Why this cannot be a credential, in words that follow its name."""
    text = value._text if isinstance(value, Secret) else value
    if not isinstance(text, str):
        return f"must be text, not {type(text).__name__}"
    if not text:
        return "must not be empty"
    if text.isprintable() and "*" not in text and " " not in (text[0], text[-1]):
        return None  # Of what is printable, the blank alone is white space.
    if is_mask(text):
        return "is what is shown in place of a secret: give the Secret itself, or its text, which reveal() gives"
    for place, char in (("begins", text[0]), ("ends", text[-1])):
        what = _FROM_A_FILE.get(char)
        if what is not None:
            return f"{place} with {what}: was it read from a file?"
        if char.isspace():
            return f"{place} with white space"
    if not text.isprintable():
        kinds = {unicodedata.category(char) for char in text}
        if "Cs" in kinds:
            return "holds a lone surrogate, which has no UTF-8 form"
        if not kinds.isdisjoint(("Cc", "Zl", "Zp")):
            return "holds a line break or another control character"
    return None


_FROM_A_FILE = {"\n": "a line break", "\r": "a line break", "\ufeff": "a byte order mark", "\0": "NUL"}


def is_mask(text: str) -> bool:
    """Whether a text is what ``str`` or ``repr`` of a secret gives, perhaps behind a scheme as in ``Bearer ***``."""
    return _MASKED(text) is not None


_MASKED = re.compile(r"(?:[A-Za-z]+ )?(?:\*\*\*|'\*\*\*'|Secret\('\*\*\*'\))").fullmatch
