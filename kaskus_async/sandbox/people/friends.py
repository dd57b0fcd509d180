"""Friends, requests to become one, and following."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.asked import Asked
from kaskus_async.sandbox.operation import PUBLIC, Guess, Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.refusals import NotThere, Refused
from kaskus_async.sandbox.shapes import user_line, user_summary

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _my_friends(state: KaskusState, asked: Asked) -> Document | Guess:
    """Recorded was an empty list only, so what is in it is that of other lists of users."""
    document = _listed(state, asked, state.social.friends_of(asked.me.userid))
    return Guess(document) if document["friends"] else document


def _friends_of(state: KaskusState, asked: Asked) -> Document:
    user = state.user(asked.number_in_path("userId"))
    return _listed(state, asked, state.social.friends_of(user.userid))


def _mutual_friends(state: KaskusState, asked: Asked) -> Document:
    user = state.user(asked.number_in_path("user_id"))
    theirs = set(state.social.friends_of(user.userid))
    return _listed(state, asked, [one for one in state.social.friends_of(asked.me.userid) if one in theirs])


def _request(state: KaskusState, asked: Asked) -> Document:
    """Whoever is asked already, or asks, is not asked again."""
    me, other = asked.me.userid, state.user(_named(asked)).userid
    if me == other:
        raise Refused("one cannot be one's own friend")
    if state.social.are_friends(me, other):
        raise Refused("you are friends already")
    if state.social.requested(me, other) or state.social.requested(other, me):
        raise Refused("there is a request already")
    state.social.request(me, other, state.now())
    return {"result": True}


def _approve(state: KaskusState, asked: Asked) -> Document:
    me, other = asked.me.userid, state.user(_named(asked)).userid
    if not state.social.requested(other, me):
        raise NotThere("there is no request of this user")
    state.social.befriend(me, other)
    return {"result": True}


def _unfriend(state: KaskusState, asked: Asked) -> Document:
    if not state.social.unfriend(asked.me.userid, _named(asked)):
        raise NotThere("you are not friends")
    return {"result": True}


def _requests(state: KaskusState, asked: Asked) -> Document:
    me = asked.me.userid
    found = state.social.incoming(me) if _is_incoming(asked) else state.social.outgoing(me)
    page = cut(asked, list(found.items()), 10)
    return {
        "data": [{**user_line(state, state.users[userid]), "dateline": at} for userid, at in page.items],
        "total": page.total,
        **page.fields(),
    }


def _withdraw(state: KaskusState, asked: Asked) -> Document:
    """Reject an incoming request, or take back one's own."""
    me, other = asked.me.userid, _named(asked)
    pair = (other, me) if _is_incoming(asked) else (me, other)
    if not state.social.withdraw(*pair):
        raise NotThere("there is no such request")
    return {"result": True}


def _followed(state: KaskusState, asked: Asked) -> list[Document]:
    return [_as(state, userid, "followed") for userid in state.social.followed_by(asked.me.userid)]


def _followers(state: KaskusState, asked: Asked) -> list[Document]:
    return [_as(state, userid, "follower") for userid in state.social.followers_of(asked.me.userid)]


def _follow(state: KaskusState, asked: Asked) -> Document:
    me, other = asked.me.userid, state.user(_named(asked)).userid
    if me == other:
        raise Refused("one cannot follow oneself")
    state.social.follow(me, other)
    return {"result": True}


def _unfollow(state: KaskusState, asked: Asked) -> Document:
    if not state.social.unfollow(asked.me.userid, _named(asked)):
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


def _named(asked: Asked) -> int:
    """The user in the path, whose placeholder the reference writes in two ways."""
    return asked.number_in_path("user_id" if "user_id" in asked.call.params else "userId")


def _is_incoming(asked: Asked) -> bool:
    kind = asked.text("type")
    if kind not in ("incoming", "outgoing"):
        raise Refused("type must be incoming or outgoing", details={"type": "required"})
    return kind == "incoming"


def _listed(state: KaskusState, asked: Asked, userids: Iterable[int]) -> Document:
    page = cut(asked, list(userids), 10)
    return {
        "total_friend": str(page.total),
        **page.fields(),
        "friends": [user_line(state, state.users[userid]) for userid in page.items],
    }


def _as(state: KaskusState, userid: int, role: str) -> Document:
    user = state.users[userid]
    return {**user_summary(state, user), f"{role}_id": userid, f"{role}_name": user.username}
