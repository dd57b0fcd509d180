"""Amounts that the marketplace takes."""

from __future__ import annotations

from kaskus_async.values import whole

__all__ = ["grams", "percent", "pieces", "rupiah"]


def rupiah(parameter: str, amount: int | None) -> int | None:
    """Money, which has no decimals."""
    return None if amount is None else whole(parameter, amount)


def grams(parameter: str, weight: int | None) -> int | None:
    """A weight."""
    return None if weight is None else whole(parameter, weight)


def percent(parameter: str, share: int | None) -> int | None:
    """A share from 0 to 100."""
    return None if share is None else whole(parameter, share, most=100)


def pieces(parameter: str, count: int) -> int:
    """How many pieces are bought, which is never left to the server."""
    return whole(parameter, count, least=1)
