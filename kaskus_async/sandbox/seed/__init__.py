"""The first data: people, forums, threads and what is for sale. All of it is made up; the door is :func:`fill`."""

from __future__ import annotations

from kaskus_async.sandbox.seed.forums import add_forums
from kaskus_async.sandbox.seed.market import add_market
from kaskus_async.sandbox.seed.people import MAIN_USER_ID, PARTNER_ID, add_people, add_relations
from kaskus_async.sandbox.seed.threads import add_threads
from kaskus_async.sandbox.state import KaskusState

__all__ = ["MAIN_USER_ID", "PARTNER_ID", "fill"]


def fill(state: KaskusState) -> None:
    """Fill an empty state."""
    add_people(state)
    add_forums(state.board)
    add_threads(state)
    add_relations(state)
    add_market(state)
