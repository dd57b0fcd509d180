"""Vocabulary and answers of the operations on private messages. Folder names are untrusted text of users."""

from __future__ import annotations

import enum

from kaskus_async.models.loose import Number
from nusantara.model import LooseInt, Model, field, model

__all__ = ["MessageFolder", "MessageStatus", "StandardFolder"]


class StandardFolder(enum.IntEnum):
    """Ids of the folders that every user has."""

    INBOX = 0
    OUTBOX = -1
    NOTICES = -9


class MessageStatus(enum.StrEnum):
    """Whether a message counts as read."""

    READ = "read"
    UNREAD = "unread"


@model
class MessageFolder(Model):
    """A folder of private messages."""

    id: LooseInt = field(key="folder_id")
    """One of :class:`StandardFolder`, or above 0 for a folder that the user created."""
    name: str | None = field(default=None, key="folder_name")
    total_message: Number | None = None
    total_message_unread: Number | None = None
    total_message_sticky: Number | None = None
    total_message_sticky_unread: Number | None = None
