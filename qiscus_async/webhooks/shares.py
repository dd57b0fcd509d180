"""A bounded place that several share fairly: what is accepted and not done, in number and in bytes."""

from __future__ import annotations

from collections.abc import Hashable

import attrs

__all__ = ["Shares"]


@attrs.define(slots=True)
class _Share:
    count: int = 0
    size: int = 0


class Shares:
    """How much each of those that share holds.

    The number is divided equally among those that hold something, so whoever comes anew finds room where another fills
    its share. Of the bytes everybody may hold as many as are free: one alone has half of them at most, a second a
    quarter, and so on. That is the bound for all of them.

    Args:
        capacity: Things.
        capacity_bytes: Bytes.
    """

    def __init__(self, *, capacity: int, capacity_bytes: int) -> None:
        self._capacity = capacity
        self._free = capacity_bytes
        self._held: dict[Hashable, _Share] = {}
        self._count = 0

    def __len__(self) -> int:
        """Things held."""
        return self._count

    def has_room(self, owner: Hashable, size: int) -> bool:
        """Whether the owner may hold one more thing of this size."""
        share = self._held.get(owner)
        if share is None:
            return size <= self._free
        return share.count < self._capacity // len(self._held) and share.size + size <= self._free

    def take(self, owner: Hashable, size: int) -> None:
        """Hold one more thing. Ask first whether there is room."""
        share = self._held.setdefault(owner, _Share())
        share.count += 1
        share.size += size
        self._count += 1
        self._free -= size

    def give_back(self, owner: Hashable, size: int) -> None:
        """A thing is done."""
        share = self._held[owner]
        share.count -= 1
        share.size -= size
        self._count -= 1
        self._free += size
        if not share.count:
            del self._held[owner]
