"""The queue's bounds, and how rooms share it."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from qiscus_async.webhooks.shares import Shares


def fill(shares: Shares, owner: str, size: int = 1, most: int = 1000) -> int:
    """Takes what there is room for; gives how many."""
    for number in range(most):
        if not shares.has_room(owner, size):
            return number
        shares.take(owner, size)
    return most


def test_it_is_full_at_its_capacity_and_not_after() -> None:
    shares = Shares(capacity=3, capacity_bytes=1000)
    assert fill(shares, "room") == len(shares) == 3
    shares.give_back("room", 1)
    assert shares.has_room("room", 1)


def test_one_that_fills_the_place_leaves_each_of_the_others_its_share() -> None:
    shares = Shares(capacity=12, capacity_bytes=10_000)
    assert [fill(shares, room) for room in ("slow", "second", "third")] == [12, 6, 4]
    assert not shares.has_room("slow", 1)
    assert all(fill(shares, f"room {number}", most=1) == 1 for number in range(100))


def test_one_that_fills_the_bytes_leaves_half_of_them() -> None:
    shares = Shares(capacity=1000, capacity_bytes=800)
    assert [fill(shares, room, 10) for room in ("slow", "second", "third")] == [40, 20, 10]
    assert not shares.has_room("another", 101)
    assert shares.has_room("another", 100)


def test_one_thing_may_take_all_bytes_while_nothing_else_is_there() -> None:
    shares = Shares(capacity=10, capacity_bytes=800)
    assert shares.has_room("room", 800)
    assert not shares.has_room("room", 801)


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 50), st.booleans()), max_size=80),
    *(st.integers(1, 10), st.integers(1, 300)),
)
def test_bytes_are_never_used_twice_and_all_come_back(
    steps: list[tuple[str, int, bool]], capacity: int, capacity_bytes: int
) -> None:
    shares = Shares(capacity=capacity, capacity_bytes=capacity_bytes)
    held: list[tuple[str, int]] = []
    for owner, size, takes in steps:
        if takes and shares.has_room(owner, size):
            shares.take(owner, size)
            held.append((owner, size))
        elif held and not takes:
            shares.give_back(*held.pop(0))
        assert sum(size for _, size in held) <= capacity_bytes
        assert max(Counter(owner for owner, _ in held).values(), default=0) <= capacity
        assert len(shares) == len(held)
    for one in held:
        shares.give_back(*one)
    assert shares.has_room("anybody", capacity_bytes)
