"""The operations on comments."""

from __future__ import annotations

import datetime
import re
from itertools import islice
from typing import Any

from qiscus_async.sandbox import system_events
from qiscus_async.sandbox.entities import Comment, User
from qiscus_async.sandbox.params import Params
from qiscus_async.sandbox.payloads import TYPES
from qiscus_async.sandbox.refusals import Invalid
from qiscus_async.sandbox.rooms import room_called
from qiscus_async.sandbox.shapes import CommentPlace, comment_document
from qiscus_async.sandbox.state import QiscusState
from qiscus_async.sandbox.users import user_called

__all__ = [
    "broadcast",
    "get_total_comments_by_month",
    "load_comments",
    "post_comment",
    "post_system_event_message",
    "search_messages",
]

Results = dict[str, Any]

_PER_PAGE = 20
_FOUND = 100

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])").fullmatch


def post_comment(state: QiscusState, params: Params) -> Results:
    """Reference: "Post comment"."""
    email, room_id = params.require_all("sender_email", "room_id")
    kind = _type(params)
    sender, room = user_called(state, "sender_email", email), room_called(state, room_id)
    comment = state.write(
        sender,
        room,
        params.text("message") or "",
        kind,
        None if kind == "text" else params.document("payload"),
        extras=params.document("extras"),
        unique_temp_id=params.text("unique_temp_id"),
        disable_link_preview=params.flag("disable_link_preview"),
        event="post_comment_rest",
    )
    return {"comment": comment_document(comment, CommentPlace.POSTED, state.data, state)}


def load_comments(state: QiscusState, params: Params) -> Results:
    """Newest first. Reference: "Load comments"; one edition says POST, the newer one GET."""
    room_id = params.require("room_id")
    comments = state.data.comments(room_called(state, room_id))
    page, limit = params.number("page", 1), params.number("limit", _PER_PAGE)
    end = max(len(comments) - (page - 1) * limit, 0)
    shown = comments[max(end - limit, 0) : end]
    documents = [comment_document(comment, CommentPlace.LOADED, state.data, state) for comment in reversed(shown)]
    return {"comments": documents}


def search_messages(state: QiscusState, params: Params) -> Results:
    """In the rooms of the user, newest first, whatever the case of the letters. Reference: "Search Messages"."""
    email, query = params.require_all("user_email", "query")
    user_called(state, "user_email", email)
    room_id = params.text("room_id")
    rooms = [room_called(state, room_id)] if room_id is not None else state.data.rooms
    comments = [
        comment
        for room in rooms
        if email in room.participants
        for comment in state.data.comments(room)
        if query.lower() in comment.message.lower()
    ]
    newest = islice(sorted(comments, key=lambda comment: comment.id, reverse=True), _FOUND)
    return {"comments": [comment_document(comment, CommentPlace.FOUND, state.data, state) for comment in newest]}


def broadcast(state: QiscusState, params: Params) -> Results:
    """One comment in the single room with each target. Reference: "Broadcast Message"."""
    email, message = params.require_all("sender_email", "message")
    sender = user_called(state, "sender_email", email)
    targets = params.require_texts("emails")
    for target in targets:
        if user_called(state, "emails", target) == sender:
            raise Invalid(emails="must not contain the sender")
    kind, extras = _type(params), params.document("extras")
    payload = None if kind == "text" else params.document("payload")
    documents = []
    for target in targets:
        room = state.data.single_room(email, target)
        comment = state.write(sender, room, message, kind, payload, extras=extras)
        documents.append(comment_document(comment, CommentPlace.BROADCAST, state.data, state, target_email=target))
    return {"comments": documents}


def get_total_comments_by_month(state: QiscusState, params: Params) -> Results:
    """By UTC. Reference: "Get Total Comments By Months"."""
    date = params.require("date")
    match = _MONTH(date)
    if match is None:
        raise Invalid(date="must be a month as yyyy-mm")
    year, month = map(int, match.groups())

    def written_then(comment: Comment) -> bool:
        at = datetime.datetime.fromtimestamp(comment.at // 1_000_000_000, datetime.UTC)
        return (at.year, at.month) == (year, month)

    return {"date": f"{month:02d}-{year:04d}", "total": sum(map(written_then, state.data.all_comments()))}


def post_system_event_message(state: QiscusState, params: Params) -> Results:
    """Only writes lines: nobody is added, nothing renamed. Reference: "Post System Event Message"."""
    kind, room_id = params.require_all("system_event_type", "room_id")
    if kind not in system_events.TYPES:
        raise Invalid(system_event_type=f"must be one of {', '.join(system_events.TYPES)}")
    room = room_called(state, room_id)
    extras = params.document("extras")
    if kind == "custom":
        message, payload = params.text("message") or "", params.document("payload") or {}
        comment = state.data.add_comment(
            room, state.data.system.email, message, "system_event", payload, extras=extras, custom_event=True
        )
        return {"comment": comment_document(comment, CommentPlace.SYSTEM, state.data, state)}

    email = params.require("subject_email")
    subject = user_called(state, "subject_email", email)
    others = params.require_texts("object_email") if kind in system_events.ABOUT_OTHERS else []
    name = params.require("updated_room_name") if kind in system_events.ABOUT_THE_NAME else None
    objects: list[User | None] = [user_called(state, "object_email", other) for other in others]
    added = []
    for other in objects or [None]:
        message, payload = system_events.written(kind, room, subject, other, name)
        sender = state.data.system.email
        added.append(state.data.add_comment(room, sender, message, "system_event", payload, extras=extras))
    return {"comment": comment_document(added[-1], CommentPlace.SYSTEM, state.data, state)}


def _type(params: Params) -> str:
    kind = params.text("type") or "text"
    if kind not in TYPES:
        raise Invalid(type=f"must be one of {', '.join(TYPES)}")
    return kind
