"""Profiles, what their owners keep to themselves, and who may do what."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.entities import User
from kaskus_async.sandbox.operation import PUBLIC, Guess, Operation
from kaskus_async.sandbox.params import Params, to_number
from kaskus_async.sandbox.refusals import Forbidden, NotThere, Refused
from kaskus_async.sandbox.shapes import public_profile, user_line
from kaskus_async.sandbox.times import JAKARTA

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_PRIVATE = ("gender", "email", "address", "country", "province", "phone", "dateofbirth")
_OPTIONS = (
    "push_pm_notification",
    "push_hot_thread_notification",
    "push_quoted_post_notification",
    "push_friend_request_notification",
    "push_thread_replied_notification",
    "push_subscribed_thread_replied_notification",
)
_REMOVE_PICTURE = "-1"


def _me(state: KaskusState, params: Params) -> Document | Guess:
    me = params.me
    document = {**public_profile(state, me, me), **_relation(state, me, me)}
    if "badges" not in params.listed("include"):
        return document
    document["badges"] = _badges(me)
    return Guess(document) if me.badges else document


def _profile(state: KaskusState, params: Params) -> Document:
    """Looking at a profile counts as a visit. A public client asks for the feedback for a seller, too."""
    user = state.user(params.number_in_path("user_id"))
    if params.user not in (None, user):
        user.profilevisits += 1
        state.social.visit(params.me.userid, user.userid, state.now())
    document = public_profile(state, user, params.user)
    if "feedback" in params.listed("include"):
        document["feedback"] = state.market.feedback_counts(user.userid)
    return document


def _change(state: KaskusState, params: Params) -> Document:
    me = params.me
    gender, fullname = params.text("gender"), params.text("fullname")
    if gender not in (None, "0", "1", "2"):
        raise Refused("gender must be 0, 1 or 2", details={"gender": "range"})
    birthday = _birthday(params)
    if fullname is not None:
        me.firstname, _, me.lastname = fullname.strip().partition(" ")
    me.address = _given(params, "address", me.address)
    me.country = params.text("country") or me.country
    me.province = _given(params, "province", me.province)
    me.ktpnumber = _given(params, "ktp", me.ktpnumber)
    me.biography = _given(params, "biography", me.biography)
    me.gender = me.gender if gender is None else int(gender)
    me.dateofbirth = me.dateofbirth if birthday is None else birthday
    if params.text("upload_profile") is not None:
        me.has_picture = params.text("upload_profile") != _REMOVE_PICTURE
    return {"result": True}


def _visitors(state: KaskusState, params: Params) -> list[Document]:
    user = state.user(params.number_in_path("user_id"))
    return [user_line(state, state.users[visitor]) for visitor in state.social.visitors_of(user.userid)]


def _latest_visitors(state: KaskusState, params: Params) -> Document:
    user = state.user(params.number_in_path("user_id"))
    return {"profilevisits": user.profilevisits, "visitors": _visitors(state, params)[:10]}


def _show_badges(state: KaskusState, params: Params) -> Document | Guess:
    user = state.user(params.number_in_path("user_id"))
    document = {"username": user.username, "userid": str(user.userid), "badges": _badges(user)}
    return Guess(document) if user.badges else document


def _give_badge(state: KaskusState, params: Params) -> Document:
    """Who may is not known; here, everybody."""
    badge_id, names = params.require_number("badge_id"), params.listed("user_id")
    users = [state.user(number if (number := to_number(name)) is not None else -1) for name in names]
    if not users:
        raise Refused("user_id is required", details={"user_id": "required"})
    for user in users:
        if badge_id not in user.badges:
            user.badges.append(badge_id)
    return {"result": True}


def _take_badge(state: KaskusState, params: Params) -> Document:
    user, badge_id = state.user(params.number_in_path("user_id")), params.number_in_path("badge_id")
    if badge_id not in user.badges:
        raise NotThere("badge not found")
    user.badges.remove(badge_id)
    return {"result": True}


def _privacy(state: KaskusState, params: Params) -> Document:
    only, hidden = params.text("setting"), params.me.hidden
    return {
        "settings": [
            {"name": name, "value": int(name not in hidden)} for name in _PRIVATE if only is None or only == name
        ]
    }


def _change_privacy(state: KaskusState, params: Params) -> Document:
    given = {name: value for name in _PRIVATE if (value := params.sent(name)) is not None}
    for name, value in given.items():
        if value not in ("0", "1"):
            raise Refused(f"{name} must be 0 or 1", details={name: "range"})
    me = params.me
    me.hidden = (me.hidden - given.keys()) | {name for name, value in given.items() if value == "0"}
    return {"result": True}


def _options(state: KaskusState, params: Params) -> Document:
    return {name: params.me.options.get(name, True) for name in _OPTIONS}


def _change_options(state: KaskusState, params: Params) -> Document:
    for name in _OPTIONS:
        if params.sent(name) is not None:
            params.me.options[name] = params.flag(name)
    return {"result": True}


def _options_of_category(state: KaskusState, params: Params) -> Document:
    match params.in_path("category"):
        case "privacy":
            return {"privacy": {name: name not in params.me.hidden for name in _PRIVATE}}
        case "push_notification":
            return {"push_notification": _options(state, params)}
        case "notification" | "other" as category:
            return {category: {}}
    raise NotThere("category not found")


def _permissions(state: KaskusState, params: Params) -> Document:
    actions = params.listed("action")
    if not actions:
        raise Refused("action is required", details={"action": "required"})
    if "see_balance" in actions and params.require("password").lower() != params.me.password_md5:
        raise Forbidden("password is wrong")
    return {"data": dict.fromkeys(actions, True)}


def _forum_permissions(state: KaskusState, params: Params) -> Document:
    return {
        "can_not_view_category": [],
        "can_not_view_thread": [],
        "can_not_create_thread": [str(forum.forum_id) for forum in state.board.forums.values() if not forum.open],
        "can_not_reply_thread": [],
    }


def _users(state: KaskusState, params: Params) -> Document:
    user = state.user_named(params.require("username"))
    return {"data": [] if user is None else [{"userid": str(user.userid), "username": user.username}]}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/user", _me),
    Operation("POST", "/user", _change, documented=False),
    Operation("GET", "/user/{user_id}", _profile, PUBLIC),
    Operation("GET", "/user/visitor/{user_id}", _visitors, PUBLIC),
    Operation("GET", "/user/latest_visitor/{user_id}", _latest_visitors, PUBLIC, documented=False),
    Operation("GET", "/user/badges/{user_id}", _show_badges, PUBLIC),
    Operation("POST", "/v1/badges", _give_badge, documented=False),
    Operation("DELETE", "/v1/badges/{user_id}/{badge_id}", _take_badge, documented=False),
    Operation("GET", "/user/privacy_setting", _privacy),
    Operation("POST", "/user/privacy_setting", _change_privacy, documented=False),
    Operation("GET", "/user/option", _options, documented=False),
    Operation("POST", "/user/option", _change_options, documented=False),
    Operation("GET", "/v1/user/options/{category}", _options_of_category, documented=False),
    Operation("POST", "/v1/user/permissions", _permissions, documented=False),
    Operation("GET", "/v1/user/forum_permissions", _forum_permissions),
    Operation("GET", "/v1/user/fjb_permissions", _forum_permissions, documented=False),
    Operation("GET", "/v1/users", _users, PUBLIC, documented=False),
)


def _relation(state: KaskusState, me: User, user: User) -> Document:
    return {
        "is_friend": int(state.social.are_friends(me.userid, user.userid)),
        "is_following": int(state.social.follows(me.userid, user.userid)),
        "is_ignored": 0,
    }


def _badges(user: User) -> list[Document]:
    return [{"badge_id": str(badge_id)} for badge_id in user.badges]


def _birthday(params: Params) -> int | None:
    """Unix seconds of ``day``, ``month`` and ``year``, whose two digits mean 1970 to 2069."""
    if not any(params.text(name) for name in ("day", "month", "year")):
        return None
    day, month, year = (params.require_number(name) for name in ("day", "month", "year"))
    if year <= 100:
        year += 2000 if year < 70 else 1900
    try:
        return int(datetime.datetime(year, month, day, tzinfo=JAKARTA).timestamp())
    except (ValueError, OverflowError):
        raise Refused("there is no such day", details={"day": "range"}) from None


def _given(params: Params, name: str, default: str) -> str:
    """What is to stand in a profile from now on; an empty text takes it away."""
    value = params.sent(name)
    return default if value is None else value
