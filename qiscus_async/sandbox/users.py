"""The operations on users."""

from __future__ import annotations

from typing import Any

from qiscus_async.sandbox.entities import User
from qiscus_async.sandbox.params import Params
from qiscus_async.sandbox.refusals import Invalid, Refused
from qiscus_async.sandbox.shapes import UserPlace, listed_user_document, user_document
from qiscus_async.sandbox.state import QiscusState

__all__ = ["get_user_list", "login_or_register", "reset_user_token", "update_profile", "user_called", "user_profile"]

Results = dict[str, Any]

_PER_PAGE = 20
_SORTABLE = frozenset({"created_at", "updated_at", "username", "email", "id"})


def user_called(state: QiscusState, parameter: str, email: str) -> User:
    """A user whom a parameter names. Raises :exc:`Invalid`."""
    user = state.data.user(email)
    if user is None:
        raise Invalid(**{parameter: "is not registered"})
    return user


def login_or_register(state: QiscusState, params: Params) -> Results:
    """Reference: "Login or Register"."""
    email, username = params.require_all("email", "username")
    avatar_url, password, extras = params.text("avatar_url"), params.text("password"), params.document("extras")
    user = state.data.user(email)
    if user is None:
        user = state.data.add_user(email, username, avatar_url=avatar_url, password=password, extras=extras)
    elif password is None:
        # The reference forbids it; what the vendor answers is not known.
        raise Invalid(password="can't be blank for a user that exists")  # noqa: S106 - a message
    else:
        user = state.data.change_user(user, username=username, avatar_url=avatar_url, password=password, extras=extras)
    return {"user": user_document(user, UserPlace.LOGIN, state.data, state)}


def reset_user_token(state: QiscusState, params: Params) -> Results:
    """Reference: "Reset User Authentication Token"."""
    email = params.require("user_email")
    user = state.data.reset_token(user_called(state, "user_email", email))
    return {"user": user_document(user, UserPlace.TOKEN_RESET, state.data, state)}


def user_profile(state: QiscusState, params: Params) -> Results:
    """The only operation that says 404 of a user. Reference: "Get User Profile"."""
    email = params.require("user_email")
    user = state.data.user(email)
    if user is None:
        raise Refused("User not found", 404)
    return {"user": user_document(user, UserPlace.PROFILE, state.data, state)}


def update_profile(state: QiscusState, params: Params) -> Results:
    """Reference: "Update User Profile"."""
    email = params.require("email")
    user = state.data.change_user(
        user_called(state, "email", email),
        username=params.text("name"),
        avatar_url=params.text("avatar_url"),
        password=params.text("password"),
        extras=params.document("extras"),
    )
    return {"user": user_document(user, UserPlace.PROFILE_UPDATE, state.data, state)}


def get_user_list(state: QiscusState, params: Params) -> Results:
    """Reference: "Get User List". The reference says POST, every client GET; ``order_query`` is known from clients."""
    page, limit = params.number("page", 1), params.number("limit", _PER_PAGE)
    field, _, direction = (params.text("order_query") or "").lower().partition(" ")
    descending = not direction.startswith("asc")
    if field not in _SORTABLE:
        field, descending = "created_at", True
    users = sorted(state.data.users, key=lambda user: (getattr(user, field), user.id), reverse=descending)
    return {
        "meta": {"total_data": len(users), "total_page": -(-len(users) // limit)},
        "users": [listed_user_document(user, state) for user in users[(page - 1) * limit : page * limit]],
    }
