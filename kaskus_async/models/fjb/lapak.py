"""Vocabulary of the lapak operations. Their answers are those of :mod:`kaskus_async.models.threads`."""

from __future__ import annotations

import enum

__all__ = ["PaymentMechanism"]


class PaymentMechanism(enum.IntEnum):
    """How a lapak can be paid. Answers were seen to hold others, whose meaning is not documented."""

    COD = 1
    """Cash on delivery."""
    BRANKAS = 2
    """Escrow."""
