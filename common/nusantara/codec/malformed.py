"""Elements of a listing that cannot be read: set aside, so that the others can be."""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Any, Final, Self

import attrs

from nusantara.codec.mismatches import decode_error
from nusantara.codec.models import Mismatch
from nusantara.errors import DecodeError, MalformedItems
from nusantara.introspection import documented

__all__ = ["Listing", "Malformed", "claim_listing", "set_aside", "take_listing"]


@documented
@attrs.frozen(kw_only=True)
class Malformed:
    """An element that is not of the documented shape."""

    index: int
    """Its place in the list it came in, from 0."""
    reason: str
    """What is wrong with it, as in ``username: expected a string, found no such key``."""
    raw: Any = attrs.field(repr=False)
    """The element as it came."""


class Listing:
    """What becomes of the answer to the one call that a page is fetched with: the first one that is made in here."""

    __slots__ = ("_token", "claimed", "error", "lists", "malformed", "to_be_read")

    def __init__(self) -> None:
        self.error: MalformedItems | None = None
        """Says what is wrong with the first of the malformed elements, once there are any."""
        self.malformed: list[Malformed] = []
        self.claimed = False
        self.to_be_read = False
        """Whether the next document that is structured is to be read that way."""
        self.lists: list[list[Any]] = []
        """Those that the malformed elements stand in."""

    def __enter__(self) -> Self:
        self._token: Token[Listing | None] = _LISTING.set(self)
        return self

    def __exit__(self, *details: object) -> None:
        _LISTING.reset(self._token)

    def drop(self) -> None:
        """Take the malformed elements out of the lists of the answer."""
        for elements in {id(elements): elements for elements in self.lists}.values():
            elements[:] = [element for element in elements if type(element) is not Malformed]


_LISTING: Final[ContextVar[Listing | None]] = ContextVar("nusantara.listing", default=None)


def claim_listing() -> Listing | None:
    """The listing that the call beginning now is for. Calls made by hooks on its way are not for it."""
    asked = _LISTING.get()
    if asked is None or asked.claimed:
        return None
    asked.claimed = True
    return asked


def take_listing() -> Listing | None:
    """The listing that the document at hand is to be read as. What is read within it is not for it."""
    asked = _LISTING.get()
    if asked is None or not asked.to_be_read:
        return None
    asked.to_be_read = False
    return asked


def set_aside(raw: Any, problem: Mismatch | DecodeError, elements: list[Any]) -> Malformed:
    """Note what is next in a list of elements. It takes the place of the element, because many answers say no more of
    the end of a listing than how many elements there are."""
    error = decode_error(problem) if isinstance(problem, Mismatch) else problem
    malformed = Malformed(index=len(elements), reason=error.message, raw=raw)
    asked = _LISTING.get()
    assert asked is not None
    asked.malformed.append(malformed)
    asked.lists.append(elements)
    return malformed
