"""What retries may cost, so that a dead server is not stormed."""

from __future__ import annotations

__all__ = ["Budget"]

MOST_PURSES = 1_000


class Budget:
    """What keeps a dead server from being stormed: retries spend from it, successes pay into it.

    A retry costs 5, after a timeout 10. A call that succeeds at once pays 1, one that succeeds after retries pays back
    what they cost. When it is empty, failures are final.

    Retries after a 429 spend from a purse of their operation, of the same size and by the same rules: an operation
    that is throttled for ever leaves the budget of all others alone.
    """

    __slots__ = ("capacity", "left", "purses")

    def __init__(self, capacity: int = 100) -> None:
        self.capacity = capacity
        self.left = capacity
        self.purses: dict[str, Budget] = {}
        """By operation; a full one is dropped."""

    def spend(self, cost: int) -> bool:
        if cost > self.left:
            return False
        self.left -= cost
        return True

    def pay(self, amount: int) -> None:
        self.left = min(self.left + amount, self.capacity)

    def purse(self, operation: str) -> Budget:
        """What retries of this operation after a 429 spend from."""
        purse = self.purses.get(operation)
        if purse is None:
            if len(self.purses) >= MOST_PURSES:
                return self
            purse = self.purses[operation] = Budget(self.capacity)
        return purse

    def reward(self, operation: str) -> None:
        """A call of this operation succeeded at once: pay 1, and 1 into its purse."""
        if self.left < self.capacity:
            self.left += 1
        if not self.purses:
            return
        purse = self.purses.get(operation)
        if purse is not None:
            purse.pay(1)
            if purse.left == purse.capacity:
                del self.purses[operation]
