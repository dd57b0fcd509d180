"""Listings for synchronous code: what :mod:`nusantara.pagination` does, through the portal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from nusantara.pagination import Page, Pager, Pages
from nusantara.sync.portal import Portal

__all__ = ["SyncPager", "SyncPages"]

T = TypeVar("T")


class SyncPager(Generic[T]):
    """The same listing for synchronous code: ``for item in pager``, ``for page in pager.pages()``."""

    __slots__ = ("_pager", "_portal")

    def __init__(self, portal: Portal, pager: Pager[T]) -> None:
        self._portal = portal
        self._pager = pager

    def starting_at(self, token: str | None) -> SyncPager[T]:
        """The same listing from the page of this token on (:attr:`Page.next` of an earlier one)."""
        return SyncPager(self._portal, self._pager.starting_at(token))

    def skipping_malformed(self) -> SyncPager[T]:
        """The same listing without the items that are not of the documented shape; :attr:`Page.malformed` has them.

        One warning is logged for each page that had some.
        """
        return SyncPager(self._portal, self._pager.skipping_malformed())

    def pages(self, *, ahead: int = 0) -> SyncPages[T]:
        """The pages in order.

        Args:
            ahead: Pages to fetch before they are asked for. Leave such a loop early only through
                ``with pager.pages(ahead=1) as pages:``, which stops the fetching.
        """
        return SyncPages(self._portal, self._pager.pages(ahead=ahead))

    def collect(self, *, limit: int | None = None) -> list[T]:
        """All items, or the first ``limit``, in one list. Pages beyond the limit are not fetched."""
        return self._portal.run(self._pager.collect, limit=limit)

    def to_dicts(self, *, limit: int | None = None) -> list[dict[str, Any]]:
        """All items, or the first ``limit``, as dicts of Python values: what ``pandas.DataFrame(...)`` takes."""
        return self._portal.run(self._pager.to_dicts, limit=limit)

    def first(self) -> Page[T]:
        """The first page."""
        return self._portal.run(self._pager.first)

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def __repr__(self) -> str:
        return "<SyncPager: nothing is sent before it is iterated>"


class SyncPages(Generic[T]):
    """A walk through the pages, with its position."""

    __slots__ = ("_pages", "_portal")

    def __init__(self, portal: Portal, pages: Pages[T]) -> None:
        self._portal = portal
        self._pages = pages

    def next_page(self) -> Page[T] | None:
        """The next page without items already given; None after the last."""
        return self._portal.run(self._pages.next_page)

    def close(self) -> None:
        """Stop fetching ahead."""
        self._portal.run(self._pages.aclose)

    def __iter__(self) -> SyncPages[T]:
        return self

    def __next__(self) -> Page[T]:
        page = self.next_page()
        if page is None:
            raise StopIteration
        return page

    def __enter__(self) -> SyncPages[T]:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()
