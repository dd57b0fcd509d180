"""Listings that come in pages, fetched as they are used.

A :class:`Pager` is a recipe: it sends nothing by itself, holds no position, and can be used again from the start.

    async for item in pager:            # every item, pages fetched as needed
    async for page in pager.pages():    # page by page
    page = await pager                  # the first page only
    items = await pager.collect(limit=100)
    later = pager.starting_at(page.next)   # resume, also in another process

A page with an item that is not of the documented shape raises :exc:`~nusantara.errors.MalformedItems`, which carries
the page with the others and with the token of the next one. ``pager.skipping_malformed()`` is the same listing, in all
of the ways above, with such items left out: they are in :attr:`Page.malformed`, as they came.

State lives in plain objects and one coroutine per page, not in async generators: the sync twin drives the same code,
and breaking out of a loop leaves nothing behind to be closed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Hashable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar, overload

import attrs

from nusantara import codec
from nusantara.codec import Malformed
from nusantara.errors import InvalidParameter, PagingLoop
from nusantara.introspection import documented

__all__ = ["Fetch", "Malformed", "Page", "Pager", "Pages", "numbered"]

T = TypeVar("T")
R = TypeVar("R")

log = logging.getLogger("nusantara.pagination")

REMEMBERED_PAGES = 8


@documented
@attrs.define(slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a listing: iterable, sized and indexable as its items are, and false when it has none."""

    items: list[T]
    next: str | None = None
    """Token of the page after this one, for :meth:`Pager.starting_at`; None on the last."""
    total: int | None = None
    """Items in the whole listing, where the vendor says."""
    malformed: list[Malformed] = attrs.field(factory=list)
    """What could not be read of the lists in the answer."""
    answer: Any = attrs.field(default=None, repr=False)
    """The decoded document that the page came in, for what it says beside the items."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        return self.items[place]


Fetch = Callable[[str | None], Awaitable[Page[T]]]
"""Gets the page of a token; None is the first."""


class Pager(Generic[T]):
    """A listing, see the module's description.

    Args:
        fetch: Gets one page.
        key: What makes two items the same. Listings are shifted by what arrives while they are read, so that the end
            of one page can stand again at the start of the next; such repeats are dropped.
    """

    __slots__ = ("_fetch", "_key", "_skips", "_start")

    def __init__(
        self, fetch: Fetch[T], *, key: Callable[[T], Hashable] | None = None, start: str | None = None
    ) -> None:
        self._fetch = fetch
        self._key = key
        self._start = start
        self._skips = False

    def starting_at(self, token: str | None) -> Pager[T]:
        """The same listing from the page of this token on (:attr:`Page.next` of an earlier one)."""
        if token is not None and not isinstance(token, str):
            raise InvalidParameter("token", f"must be text, as the next of a page, not {type(token).__name__}")
        return self._copy(token, self._skips)

    def skipping_malformed(self) -> Pager[T]:
        """The same listing without the items that are not of the documented shape; :attr:`Page.malformed` has them.

        One warning is logged for each page that had some.
        """
        return self._copy(self._start, True)

    def _copy(self, start: str | None, skips: bool) -> Pager[T]:
        pager = Pager(self._fetch, key=self._key, start=start)
        pager._skips = skips
        return pager

    def pages(self, *, ahead: int = 0) -> Pages[T]:
        """The pages in order.

        Args:
            ahead: Pages to fetch before they are asked for. Leave such a loop early only through
                ``async with pager.pages(ahead=1) as pages:``, which stops the fetching.
        """
        _check_count("ahead", ahead)
        pages = Pages(self._page, self._key, self._start)
        return _PagesAhead(pages, ahead) if ahead else pages

    async def collect(self, *, limit: int | None = None) -> list[T]:
        """All items, or the first ``limit``, in one list. Pages beyond the limit are not fetched."""
        return await self._gathered(limit, lambda items: items)

    async def to_dicts(self, *, limit: int | None = None) -> list[dict[str, Any]]:
        """All items, or the first ``limit``, as dicts of Python values: what ``pandas.DataFrame(...)`` takes.

        Models become what their ``to_dict()`` gives: times are ``datetime``, flags ``bool``, models inside are dicts.
        """
        return await self._gathered(limit, lambda items: map(_dict_of, items))

    async def _gathered(self, limit: int | None, taken: Callable[[list[T]], Iterable[R]]) -> list[R]:
        """What is taken of the items of each page, as far as the limit allows."""
        if limit is not None:
            _check_count("limit", limit)
        found: list[R] = []
        pages = self.pages()
        while limit is None or len(found) < limit:
            page = await pages.next_page()
            if page is None:
                break
            found += taken(page.items)
            del page  # Its document is not held while the next one comes.
        return found if limit is None else found[:limit]

    async def first(self) -> Page[T]:
        """The first page; ``await pager`` is the same."""
        return await self._page(self._start)

    async def _page(self, token: str | None) -> Page[T]:
        with codec.Listing() as listing:
            page = await self._fetch(token)
        if listing.error is not None:
            listing.drop()
            page.items = [item for item in page.items if not isinstance(item, Malformed)]
            page.malformed = listing.malformed
            if not self._skips:
                listing.error.page = page
                raise listing.error
            log.warning("%d items of a page could not be read, the first: %s", len(page.malformed), listing.error)
        return page

    def __await__(self) -> Generator[Any, None, Page[T]]:
        return self.first().__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        return _Items(self.pages())

    def __repr__(self) -> str:
        return "<Pager: nothing is sent before it is iterated or awaited>"


def _dict_of(item: Any) -> dict[str, Any]:
    to_dict = getattr(item, "to_dict", None)
    found = item if to_dict is None else to_dict()
    return dict(found) if isinstance(found, Mapping) else {"value": found}


def _check_count(parameter: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidParameter(parameter, f"must be a whole number, not {value!r}")
    if value < 0:
        raise InvalidParameter(parameter, "must not be negative")


class Pages(Generic[T]):
    """A walk through the pages, with its position."""

    def __init__(self, fetch: Fetch[T], key: Callable[[T], Hashable] | None, start: str | None) -> None:
        self._fetch = fetch
        self._token = start
        self._ended = False
        self._seen = _Recent(key) if key is not None else None
        self._repeated = False
        self._tokens: deque[str | None] = deque([start], maxlen=REMEMBERED_PAGES)
        # For cycles of any length (Brent): one token is kept, and replaced each time that the walk has doubled.
        self._landmark = start
        self._steps = 0
        self._next_landmark = 1

    async def next_page(self) -> Page[T] | None:
        """The next page without items already given; None after the last.

        Raises:
            PagingLoop: The server hands out a token again, or two pages in a row hold nothing but repeats.
            MalformedItems: Items of the page cannot be read. Asked again, it is fetched again.
        """
        if self._ended:
            return None
        page = await self._fetch(self._token)
        token = page.next
        if token is None:
            self._ended = True
        elif token in self._tokens or self._passed(token):
            raise PagingLoop(f"the server names the page {token!r} again as its own successor")
        if self._seen is not None:
            fresh = self._seen.sift(page.items)
            # One such page can come of a burst of new items, which shifts the listing by a whole page.
            repeated, self._repeated = self._repeated, bool(page.items) and not fresh
            if repeated and self._repeated and token is not None:
                raise PagingLoop("two pages in a row hold nothing but items already given, and still name a next one")
            page.items = fresh
        self._token = token
        self._tokens.append(token)
        return page

    def _passed(self, token: str) -> bool:
        """Whether this is the landmark again."""
        if token == self._landmark:
            return True
        self._steps += 1
        if self._steps == self._next_landmark:
            self._landmark, self._steps, self._next_landmark = token, 0, 2 * self._next_landmark
        return False

    async def aclose(self) -> None:
        """Nothing to stop here; pages fetched ahead override it."""
        self._ended = True

    def __aiter__(self) -> Pages[T]:
        return self

    async def __anext__(self) -> Page[T]:
        page = await self.next_page()
        if page is None:
            raise StopAsyncIteration
        return page

    async def __aenter__(self) -> Pages[T]:
        return self

    async def __aexit__(self, *details: object) -> None:
        await self.aclose()


class _PagesAhead(Pages[T]):
    """Fetches up to ``ahead`` pages before they are asked for, in one task."""

    def __init__(self, pages: Pages[T], ahead: int) -> None:
        self._pages = pages
        self._ready: asyncio.Queue[Page[T] | BaseException | None] = asyncio.Queue(ahead)
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    async def next_page(self) -> Page[T] | None:
        if self._ended:
            return None
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        page = await self._ready.get()
        if isinstance(page, BaseException):
            self._ended = True
            raise page
        if page is None:
            self._ended = True
        return page

    async def _run(self) -> None:
        try:
            while True:
                page = await self._pages.next_page()
                await self._ready.put(page)
                if page is None:
                    return
        except Exception as error:
            await self._ready.put(error)

    async def aclose(self) -> None:
        self._ended = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])


class _Items(Generic[T]):
    __slots__ = ("_items", "_pages")

    def __init__(self, pages: Pages[T]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> _Items[T]:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            page = await self._pages.next_page()
            if page is None:
                raise StopAsyncIteration
            self._items = iter(page.items)


class _Recent(Generic[T]):
    """The keys of the last few pages: enough to drop repeats, and no more memory for a longer listing."""

    def __init__(self, key: Callable[[T], Hashable]) -> None:
        self._key = key
        self._pages: deque[set[Hashable]] = deque(maxlen=REMEMBERED_PAGES)

    def sift(self, items: list[T]) -> list[T]:
        """The items not seen lately, which then count as seen."""
        fresh: list[T] = []
        here: set[Hashable] = set()
        for item in items:
            key = self._key(item)
            if key not in here and not any(key in page for page in self._pages):
                fresh.append(item)
            here.add(key)
        self._pages.append(here)
        return fresh


def numbered(fetch: Callable[[int], Awaitable[Page[T]]], *, first: int = 1, per_page: int | None = None) -> Fetch[T]:
    """Turn a listing by page number into one by token: the token is the number.

    Args:
        fetch: Gets the page of a number. A ``next`` that it sets is kept.
        first: Number of the first page.
        per_page: Items in a full page, for vendors that say nothing of the end: a shorter page is the last.
    """

    async def by_token(token: str | None) -> Page[T]:
        number = first if token is None else _page_number(token)
        page = await fetch(number)
        if page.next is None and per_page is not None and len(page.items) >= per_page:
            page.next = str(number + 1)
        return page

    return by_token


def _page_number(token: str) -> int:
    if not token.isascii() or not token.isdecimal():
        raise InvalidParameter("token", f"{token!r} is not one of this listing")
    return int(token)
