"""Credentials that do not show."""

from __future__ import annotations

from typing import NoReturn, Self, TypeVar, overload

__all__ = ["HiddenBytes", "HiddenText", "Secret", "hide", "reveal"]

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
    """Text that is sent as it is but whose ``repr`` is masked.

    Header values that hold a credential are of this type, so that a traceback printed with its local variables, ours
    or aiohttp's, does not show them.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)


class HiddenBytes(_Unpickled, bytes):
    """The same for bytes, such as the body of a request."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


@overload
def hide(value: str) -> Secret: ...
@overload
def hide(value: T) -> T: ...
def hide(value: object) -> object:
    """A credential wrapped, if it is not; everything else as it is.

    Whoever takes a credential that may come bare says ``token = hide(token)`` first of all, so that the bare text is
    not among the local variables that a traceback or an error tracker shows.
    """
    return Secret(value) if isinstance(value, str) else value


def reveal(value: Secret | str) -> str:
    """The text of a credential that may have come wrapped or bare."""
    return value.reveal() if isinstance(value, Secret) else value
