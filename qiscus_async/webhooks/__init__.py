"""Receiving what happens in the app: Qiscus posts an event to a URL of yours for every new comment.

:class:`Receiver` is the URL; :class:`qiscus_async.Bot` answers. In a synchronous program use the two
functions that need no server::

    if not webhooks.verify(body, headers.get(webhooks.SIGNATURE_HEADER), key):  # if signatures are switched on
        return 401
    event = webhooks.parse_event(body)
    if isinstance(event, webhooks.CommentPosted):
        print(event.sender.name, "in", event.room.name, "said", event.message.text)

Nothing documented proves that an event comes from Qiscus, so its URL must hold a secret: :func:`make_path_secret`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy
from qiscus_async.webhooks.dedup import DedupStore, EventKey, MemoryDedupStore, event_key
from qiscus_async.webhooks.errors import EventDropped, InvalidEvent
from qiscus_async.webhooks.events import (
    CommentPosted,
    Event,
    EventMessage,
    EventRoom,
    EventSender,
    EventType,
    parse_event,
)
from qiscus_async.webhooks.requests import Reply
from qiscus_async.webhooks.secret_path import make_path_secret
from qiscus_async.webhooks.settings import Counts, ReceiverSettings
from qiscus_async.webhooks.signature import SIGNATURE_HEADER, sign, verify

if TYPE_CHECKING:
    from qiscus_async.webhooks.receiver import Receiver as Receiver

# What handles events is loaded when it is first used. Written by "python -m nusantara.syncgen" from the import above.
_WHERE = {
    "Receiver": "qiscus_async.webhooks.receiver",
}

__all__ = [
    "CommentPosted",
    "Counts",
    "DedupStore",
    "Event",
    "EventDropped",
    "EventKey",
    "EventMessage",
    "EventRoom",
    "EventSender",
    "EventType",
    "InvalidEvent",
    "MemoryDedupStore",
    "Receiver",
    "ReceiverSettings",
    "Reply",
    "SIGNATURE_HEADER",
    "event_key",
    "make_path_secret",
    "parse_event",
    "sign",
    "verify",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(__name__, _WHERE)
