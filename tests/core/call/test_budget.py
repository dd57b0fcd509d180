"""What retries may cost."""

from __future__ import annotations

from nusantara.call import budget as budget_module
from nusantara.call.budget import Budget


def test_it_pays_as_long_as_it_can_and_never_holds_more_than_fits() -> None:
    budget = Budget(12)
    assert [budget.spend(5) for _ in range(3)] == [True, True, False]
    assert budget.left == 2
    budget.pay(1_000)
    assert budget.left == 12
    budget.reward("/a")
    assert budget.left == 12
    assert budget.spend(12)
    assert budget.left == 0


def test_it_is_enough_for_twenty_repeats() -> None:
    budget = Budget()
    assert all(budget.spend(5) for _ in range(20))
    assert not budget.spend(1)


def test_a_throttled_operation_has_a_purse_until_it_is_full_again() -> None:
    budget = Budget(10)
    assert budget.purse("/a").spend(3)
    assert (budget.left, budget.purse("/a").left) == (10, 7)
    budget.spend(4)
    for _ in range(2):
        budget.reward("/a")
    assert (budget.left, budget.purses["/a"].left) == (8, 9)
    budget.reward("/b")
    budget.reward("/a")
    assert (budget.left, budget.purses) == (10, {})


def test_operations_without_end_share_what_is_there() -> None:
    budget = Budget()
    for number in range(budget_module.MOST_PURSES):
        budget.purse(f"/{number}")
    assert budget.purse("/one more") is budget
