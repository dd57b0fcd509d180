"""KASKUS listings as pagers: by page number, and by cursor.

What an answer says about its pages is read from the document itself, so that models and records serve alike and the
several names of the same count are known in one place.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any, TypeVar

from nusantara.errors import InvalidParameter, PagingLoop
from nusantara.model import Model
from nusantara.pagination import Page, Pager
from nusantara.record import Record

__all__ = ["by_cursor", "by_number"]

T = TypeVar("T")
A = TypeVar("A", bound=Model | Record)

TOTALS = ("thread_num", "total_thread", "total_post", "total_friend", "numFound", "total")
PAGE_COUNTS = ("total_page", "total_pages")
CURRENT_PAGES = ("current_page", "page")


def by_number(
    fetch: Callable[[int | None], Awaitable[A]],
    items: Callable[[A], list[T]],
    *,
    key: Callable[[T], Hashable] | None = None,
    first: int | None = 1,
    limit: int | None = None,
) -> Pager[T]:
    """A listing by page number. The token of a page is its number, so ``starting_at("5")`` begins with page 5.

    The number of pages in the answer says where the listing ends. Where it is missing, the total does; where that is
    missing too, a page shorter than ``per_page`` of the answer, or than ``limit``, is the last.

    Args:
        fetch: Gets the answer with the page of a number.
        items: Takes the items out of an answer.
        key: See :class:`~nusantara.pagination.Pager`.
        first: Number to ask for first. None asks for no page: for operations whose reference has no such parameter,
            and for those that choose the page themselves. The next ones are then counted from the page that came.
        limit: Items that are asked for in a page.
    """

    async def by_token(token: str | None) -> Page[T]:
        asked = first if token is None else _page_number(token)
        answer = await fetch(asked)
        counts = _document(answer)
        page_count, total = _count(counts, PAGE_COUNTS), _count(counts, TOTALS)
        current = _count(counts, CURRENT_PAGES)
        if asked and current and current < asked:
            if page_count is None or asked <= page_count:
                raise PagingLoop(f"asked for page {asked}, the server gave page {current}")
            # The listing became shorter meanwhile, and the server falls back to its last page.
            return Page(items=[], total=total, answer=answer)
        found = items(answer)
        number = current or asked or 1
        if page_count is not None:
            more = number < page_count
        else:
            per_page = _count(counts, ("per_page",)) or limit
            if per_page is None:
                more = False
            elif total is not None:
                more = number * per_page < total
            else:
                more = len(found) >= per_page
        return Page(items=found, next=str(number + 1) if more else None, total=total, answer=answer)

    return Pager(by_token, key=key)


def by_cursor(
    fetch: Callable[[str | None], Awaitable[A]],
    items: Callable[[A], list[T]],
    *,
    key: Callable[[T], Hashable] | None = None,
    first: str | None = "0",
) -> Pager[T]:
    """A listing by cursor. Cursors are opaque; the token of a page is its cursor.

    The next cursor stands in one of three places: ``meta.cursor.next`` beside ``meta.cursor.current``, ``meta.cursor``,
    or ``cursor``. The listing ends with an answer that has none or names the page itself as its successor. How it ends
    where there is no ``current`` is not documented; an answer without items is taken for the end there.

    Args:
        fetch: Gets the answer with the page of a cursor.
        items: Takes the items out of an answer.
        key: See :class:`~nusantara.pagination.Pager`.
        first: Cursor of the first page; None sends none.
    """

    async def by_token(token: str | None) -> Page[T]:
        asked = first if token is None else token
        answer = await fetch(asked)
        document = _document(answer)
        found = items(answer)
        current, following = _cursors(document)
        # Nothing comes before the first page, so its cursor cannot be that of a later one.
        if following in (current, asked, first) or (current is None and not found):
            following = None
        return Page(items=found, next=following, total=_count(document, TOTALS), answer=answer)

    return Pager(by_token, key=key)


def _cursors(document: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The cursor of the page itself, where it is told, and that of the next."""
    meta = document.get("meta")
    cursor = meta.get("cursor") if isinstance(meta, Mapping) else None
    if isinstance(cursor, Mapping):
        return _cursor(cursor.get("current")), _cursor(cursor.get("next"))
    return None, _cursor(cursor) or _cursor(document.get("cursor"))


def _cursor(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value) or None


def _count(document: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """The first of these that is a count. Some are digits in text, ``""`` and false stand for none."""
    for name in names:
        value = document.get(name)
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 18:
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
    return None


def _document(answer: Model | Record) -> Mapping[str, Any]:
    document = answer.raw if isinstance(answer, Model) else answer.document
    return document if isinstance(document, Mapping) else {}


def _page_number(token: str) -> int:
    if not token.isascii() or not token.isdecimal() or not 1 <= len(token) <= 18 or int(token) < 1:
        raise InvalidParameter("token", f"{token!r} is not a page number of this listing")
    return int(token)
