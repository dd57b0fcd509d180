"""Pages by number and by cursor."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import attrs

from kaskus_async.sandbox.params import Params

__all__ = ["Page", "Slice", "cut", "cut_at_cursor"]

T = TypeVar("T")


@attrs.frozen
class Page(Generic[T]):
    """A page by number. An empty listing has no pages, yet its first can be asked for."""

    items: Sequence[T]
    number: int
    per_page: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.per_page)

    def fields(self) -> dict[str, int]:
        """What most listings say of their pages."""
        return {"current_page": self.number, "total_page": self.count, "per_page": self.per_page}


def cut(params: Params, items: Sequence[T], per_page: int = 20) -> Page[T]:
    """The page asked for by ``page`` and ``limit``; one behind the last is empty."""
    number, limit = params.page(), params.limit(per_page)
    return Page(items[(number - 1) * limit : number * limit], number, limit, len(items))


@attrs.frozen
class Slice(Generic[T]):
    """A page by cursor."""

    items: Sequence[T]
    cursor: str
    following: str
    """Cursor of the next page; that of this one, if it is the last."""

    def fields(self) -> dict[str, Any]:
        """Both cursors, as the marketplace tells them."""
        return {"meta": {"cursor": {"current": self.cursor, "next": self.following}}}


def cut_at_cursor(params: Params, items: Sequence[T], per_page: int = 10) -> Slice[T]:
    """The page asked for by ``cursor`` and ``limit``. A cursor that makes no sense is that of the first page."""
    cursor, limit = params.text("cursor") or "0", params.limit(per_page)
    offset = _offset(cursor)
    end = offset + limit
    return Slice(items[offset:end], cursor, _cursor(end) if end < len(items) else cursor)


def _cursor(offset: int) -> str:
    # Those seen are base64 without padding; one held such JSON.
    text = json.dumps({"offset": offset}, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode().rstrip("=")


def _offset(cursor: str) -> int:
    try:
        offset = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), validate=True))["offset"]
    except (binascii.Error, ValueError, TypeError, KeyError):
        return 0
    return offset if type(offset) is int and offset >= 0 else 0
