"""Reputation: cendol, which is good, and bata, which is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import Refused
from kaskus_async.sandbox.shapes import user_summary
from kaskus_async.sandbox.stores.reputation import Given

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_WORTH = {"pos": 1, "neg": -1}
"""What one is worth depends on who gives it, in a way that is not known; here, 1."""


def _received(state: KaskusState, params: Params) -> Document:
    me = params.me
    return {
        "total_reputation": str(state.reputation_of(me)),
        "list_reputation": [_document(state, given) for given in state.reputations.received_by(me.userid)],
    }


def _of_post(state: KaskusState, params: Params) -> Document:
    given = state.reputations.for_post(state.board.post(params.in_path("post_id")).post_id)
    return {
        "total_reputation": str(sum(one.reputation for one in given)),
        "list_reputation": [_document(state, one) for one in given],
    }


def _give(state: KaskusState, params: Params) -> Document:
    """Once for a post, and not for one's own."""
    me, post = params.me, state.board.post(params.in_path("post_id"))
    worth = _WORTH.get(params.require("reputation"))
    if worth is None:
        raise Refused("reputation must be pos or neg", details={"reputation": "choice"})
    if post.userid == me.userid:
        raise Refused("one cannot give reputation to oneself")
    if any(given.giver == me.userid for given in state.reputations.for_post(post.post_id)):
        raise Refused("you have given reputation for this post already")
    state.reputations.give(post.post_id, me.userid, post.userid, worth, state.now())
    return {"result": True}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/reputation", _received),
    Operation("GET", "/reputation/{post_id}", _of_post, PUBLIC, documented=False),
    Operation("POST", "/reputation/{post_id}", _give, documented=False),
)


def _document(state: KaskusState, given: Given) -> Document:
    post, giver = state.board.posts[given.post_id], state.users[given.giver]
    thread = state.board.threads[post.thread_id]
    return {
        "post_id": given.post_id,
        "user_id": str(given.receiver),
        "reputation": given.reputation,
        "reason": given.reason,
        "dateline": given.dateline,
        "reputationid": str(given.reputationid),
        "post_title": post.title,
        "thread_title": thread.title,
        "thread_id": thread.thread_id,
        "from": {**user_summary(state, giver), "userid": giver.userid, "username": giver.username},
    }
