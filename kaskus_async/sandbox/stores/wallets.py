"""Wallets (celengan): money that users got through the marketplace."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from kaskus_async.sandbox.refusals import Refused

__all__ = ["Transaction", "Wallets"]


@attrs.frozen(kw_only=True)
class Transaction:
    """A movement of money."""

    transaction_id: str
    kind: str
    """``sale``, ``refund`` or ``redemption``."""
    amount: int
    """Below 0 where money leaves."""
    balance: int
    """After it."""
    reference: str
    """Invoice or bank account."""
    dateline: int


class Wallets:
    """All wallets. A user without transactions has one, too."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._transactions: dict[int, list[Transaction]] = {}

    def transactions(self, userid: int) -> list[Transaction]:
        """Those of a user, oldest first."""
        return list(self._transactions.get(userid, ()))

    def balance(self, userid: int) -> int:
        """What a user has."""
        found = self._transactions.get(userid)
        return found[-1].balance if found else 0

    def balance_at(self, userid: int, moment: int) -> int:
        """What a user had."""
        return sum(one.amount for one in self.transactions(userid) if one.dateline <= moment)

    def check(self, userid: int, amount: int) -> None:
        """Whether so much can be taken out. Raises :exc:`Refused`."""
        if amount < 1:
            raise Refused("amount must be at least 1", details={"amount": "at least 1"})
        if amount > self.balance(userid):
            raise Refused("the balance is not enough", details={"amount": "more than the balance"})

    def move(self, userid: int, kind: str, amount: int, reference: str, at: int) -> Transaction:
        """Note a movement."""
        transaction = Transaction(
            transaction_id=self._new_id(),
            kind=kind,
            amount=amount,
            balance=self.balance(userid) + amount,
            reference=reference,
            dateline=at,
        )
        self._transactions.setdefault(userid, []).append(transaction)
        return transaction
