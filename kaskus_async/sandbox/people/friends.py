"""Friends, requests to become one, and following."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.operation import PUBLIC, Guess, Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere, Refused
from kaskus_async.sandbox.shapes import user_line, user_summary

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _my_friends(state: KaskusState, params: Params) -> Document | Guess:
    """Recorded was an empty list only, so what is in it is that of other lists of users."""
    document = _listed(state, params, state.social.friends_of(params.me.userid))
    return Guess(document) if document["friends"] else document


def _friends_of(state: KaskusState, params: Params) -> Document:
    user = state.user(params.number_in_path("userId"))
    return _listed(state, params, state.social.friends_of(user.userid))


def _mutual_friends(state: KaskusState, params: Params) -> Document:
    user = state.user(params.number_in_path("user_id"))
    theirs = set(state.social.friends_of(user.userid))
    return _listed(state, params, [one for one in state.social.friends_of(params.me.userid) if one in theirs])


def _request(state: KaskusState, params: Params) -> Document:
    """Whoever is asked already, or asks, is not asked again."""
    me, other = params.me.userid, state.user(_named(params)).userid
    if me == other:
        raise Refused("one cannot be one's own friend")
    if state.social.are_friends(me, other):
        raise Refused("you are friends already")
    if state.social.requested(me, other) or state.social.requested(other, me):
        raise Refused("there is a request already")
    state.social.request(me, other, state.now())
    return {"result": True}


def _approve(state: KaskusState, params: Params) -> Document:
    me, other = params.me.userid, state.user(_named(params)).userid
    if not state.social.requested(other, me):
        raise NotThere("there is no request of this user")
    state.social.befriend(me, other)
    return {"result": True}


def _unfriend(state: KaskusState, params: Params) -> Document:
    if not state.social.unfriend(params.me.userid, _named(params)):
        raise NotThere("you are not friends")
    return {"result": True}


def _requests(state: KaskusState, params: Params) -> Document:
    me = params.me.userid
    found = state.social.incoming(me) if _is_incoming(params) else state.social.outgoing(me)
    page = cut(params, list(found.items()), 10)
    return {
        "data": [{**user_line(state, state.users[userid]), "dateline": at} for userid, at in page.items],
        "total": page.total,
        **page.fields(),
    }


def _withdraw(state: KaskusState, params: Params) -> Document:
    """Reject an incoming request, or take back one's own."""
    me, other = params.me.userid, _named(params)
    pair = (other, me) if _is_incoming(params) else (me, other)
    if not state.social.withdraw(*pair):
        raise NotThere("there is no such request")
    return {"result": True}


def _followed(state: KaskusState, params: Params) -> list[Document]:
    return [_as(state, userid, "followed") for userid in state.social.followed_by(params.me.userid)]


def _followers(state: KaskusState, params: Params) -> list[Document]:
    return [_as(state, userid, "follower") for userid in state.social.followers_of(params.me.userid)]


def _follow(state: KaskusState, params: Params) -> Document:
    me, other = params.me.userid, state.user(_named(params)).userid
    if me == other:
        raise Refused("one cannot follow oneself")
    state.social.follow(me, other)
    return {"result": True}


def _unfollow(state: KaskusState, params: Params) -> Document:
    if not state.social.unfollow(params.me.userid, _named(params)):
        raise NotThere("you do not follow this user")
    return {"result": True}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/friend", _my_friends),
    Operation("POST", "/friend/{user_id}", _request, documented=False),
    Operation("DELETE", "/friend/{user_id}", _unfriend, documented=False),
    Operation("GET", "/v1/user/{userId}/friends", _friends_of, PUBLIC, documented=False),
    Operation("POST", "/v1/user/friends/{userId}", _approve, documented=False),
    Operation("DELETE", "/v1/user/friends/{userId}", _unfriend, documented=False),
    Operation("GET", "/v1/user/friend/requests", _requests, documented=False),
    Operation("POST", "/v1/user/friend/requests/{userId}", _request, documented=False),
    Operation("DELETE", "/v1/user/friend/requests/{userId}", _withdraw, documented=False),
    Operation("GET", "/mutualfriend/{user_id}", _mutual_friends, documented=False),
    Operation("GET", "/follower", _followers),
    Operation("GET", "/followed", _followed, documented=False),
    Operation("POST", "/followed/{user_id}", _follow, documented=False),
    Operation("DELETE", "/followed/{user_id}", _unfollow, documented=False),
)


def _named(params: Params) -> int:
    """The user in the path, whose placeholder the reference writes in two ways."""
    return params.number_in_path("user_id" if "user_id" in params.call.params else "userId")


def _is_incoming(params: Params) -> bool:
    kind = params.text("type")
    if kind not in ("incoming", "outgoing"):
        raise Refused("type must be incoming or outgoing", details={"type": "required"})
    return kind == "incoming"


def _listed(state: KaskusState, params: Params, userids: Iterable[int]) -> Document:
    page = cut(params, list(userids), 10)
    return {
        "total_friend": str(page.total),
        **page.fields(),
        "friends": [user_line(state, state.users[userid]) for userid in page.items],
    }


def _as(state: KaskusState, userid: int, role: str) -> Document:
    user = state.users[userid]
    return {**user_summary(state, user), f"{role}_id": userid, f"{role}_name": user.username}
