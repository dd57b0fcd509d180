"""For programs that are not in the sandbox's process: its settings, and what end users do. Not the vendor's.

====  =======================  ====================================================================================
GET   ``/_qiscus/settings``     the settings
POST  ``/_qiscus/settings``     change some: ``{"webhook_urls": ["http://127.0.0.1:9000/hook"], "webhook_attempts": 1}``
POST  ``/_qiscus/writes``       a user writes: ``{"room_id": 41002, "email": "...", "content": "halo"}``
POST  ``/_qiscus/reads``        a user opens a room: ``{"room_id": 41002, "email": "..."}``
POST  ``/_qiscus/apps``         add an app: ``{}`` or ``{"app_id": "kopi-pagi"}``; answers with its credentials
====  =======================  ====================================================================================

``?app_id=`` names the app of the other calls; without it, it is the first one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from nusantara.errors import InvalidParameter
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming
from qiscus_async.sandbox.settings import Settings
from qiscus_async.sandbox.shapes import CommentPlace, comment_document
from qiscus_async.sandbox.state import QiscusState

__all__ = ["CONTROLS"]

Document = dict[str, Any]


def _show_settings(state: QiscusState, _: Document) -> Document:
    return {
        field.name: getattr(state, field.name) for field in attrs.fields(Settings) if field.name != "webhook_secret"
    }


def _change_settings(state: QiscusState, wanted: Document) -> Document:
    known = {field.name for field in attrs.fields(Settings)}
    before = {name: getattr(state, name) for name in known}
    try:
        for name, value in wanted.items():
            if name not in known:
                raise InvalidParameter(name, "is not a setting")
            setattr(state, name, value)
    except (ValueError, TypeError):
        for name, value in before.items():
            setattr(state, name, value)
        raise
    return _show_settings(state, {})


def _user_writes(state: QiscusState, wanted: Document) -> Document:
    room_id, email, content = _needed(wanted, "room_id", "email", "content")
    if not isinstance(content, str | dict):
        raise InvalidParameter("content", "must be a text or a payload")
    comment = state.user_writes(
        room_id,
        email,
        content,
        type=wanted.get("type"),
        message=wanted.get("message") or "",
        unique_temp_id=wanted.get("unique_temp_id"),
    )
    return {"comment": comment_document(comment, CommentPlace.POSTED, state.data, state)}


def _user_reads(state: QiscusState, wanted: Document) -> Document:
    room_id, email = _needed(wanted, "room_id", "email")
    state.user_reads(room_id, email)
    return {"done": True}


def _add_app(state: QiscusState, wanted: Document) -> Document:
    return state.add_app(wanted.get("app_id"))


def _needed(wanted: Document, *names: str) -> list[Any]:
    for name in names:
        if not wanted.get(name):
            raise InvalidParameter(name, "is missing")
    return [wanted[name] for name in names]


def _named(state: QiscusState, app_id: str | None) -> QiscusState:
    try:
        return state if app_id is None else state.app(app_id)
    except KeyError:
        raise InvalidParameter("app_id", f"{app_id!r} is no app") from None


def _control(run: Callable[[QiscusState, Document], Document]) -> Callable[[QiscusState, Incoming], Answer]:
    def answer(state: QiscusState, call: Incoming) -> Answer:
        try:
            wanted = call.json() if call.body else {}
            if not isinstance(wanted, dict):
                raise InvalidParameter("body", "must be a JSON object")
            app = _named(state, dict(call.query).get("app_id"))
            with app.lock:
                return Answer.json(run(app, wanted))
        except (ValueError, TypeError) as error:
            return Answer.json({"error": str(error)}, status=400)

    return answer


CONTROLS: tuple[tuple[str, str, str, Callable[[QiscusState, Incoming], Answer]], ...] = (
    ("GET", "/_qiscus/settings", "sandbox_settings", _control(_show_settings)),
    ("POST", "/_qiscus/settings", "sandbox_settings", _control(_change_settings)),
    ("POST", "/_qiscus/writes", "sandbox_user_writes", _control(_user_writes)),
    ("POST", "/_qiscus/reads", "sandbox_user_reads", _control(_user_reads)),
    ("POST", "/_qiscus/apps", "sandbox_add_app", _control(_add_app)),
)
