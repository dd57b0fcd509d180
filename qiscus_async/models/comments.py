"""Comments, which is what Qiscus calls messages."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from nusantara.model import LooseBool, LooseInt, Model, field, model
from qiscus_async.enums import CommentType, RoomType
from qiscus_async.forms import AvatarUrl, JsonObject

if TYPE_CHECKING:
    from qiscus_async.payloads import Payload

__all__ = ["Comment"]


@model
class Comment(Model):
    """A comment in a room. Which of the optional fields are there depends on the operation."""

    id: LooseInt
    message: str
    """What is shown. For most types the server composes it; see :attr:`payload` for the parts."""
    email: str
    """User id of the sender. It need not be an e-mail address; system events come from a user of the system."""
    username: str
    """Name of the sender."""
    timestamp: datetime
    """When it was posted, to the second."""
    type: CommentType | str = CommentType.TEXT
    payload_document: Any = field(default=None, key="payload")
    """The payload as it came; :attr:`payload` gives it typed."""
    unique_temp_id: str = ""
    """The mark given when it was posted, or one of 20 characters made by the server."""
    room_id: LooseInt | None = None
    topic_id: LooseInt | None = None
    """The same number as :attr:`room_id`."""
    comment_before_id: LooseInt | None = None
    """The comment before it in the room; 0 for none."""
    unix_timestamp: LooseInt | None = None
    """Seconds since 1970."""
    unix_nano_timestamp: LooseInt | None = None
    """Nanoseconds since 1970."""
    disable_link_preview: LooseBool = False
    extras: JsonObject = field(factory=dict)
    """What the sender stored with the comment."""
    user_id: LooseInt | None = None
    """Number of the sender."""
    user_avatar_url: str | None = None
    user_avatar: AvatarUrl | None = None
    """The URL of the sender's avatar; see also :attr:`user_avatar_url`."""
    room_name: str | None = None
    chat_type: RoomType | str | None = None
    """Kind of the room, in search results."""
    target_email: str | None = None
    """User id of the receiver, in the answer to a broadcast."""
    id_str: str | None = field(default=None, repr=False)
    """:attr:`id` for languages without large integers, as with the other names in ``_str``."""
    room_id_str: str | None = field(default=None, repr=False)
    topic_id_str: str | None = field(default=None, repr=False)
    user_id_str: str | None = field(default=None, repr=False)
    comment_before_id_str: str | None = field(default=None, repr=False)
    status: str | None = None
    """``sent``, ``delivered`` or ``read``. Undocumented, like what follows."""
    is_deleted: LooseBool | None = None
    is_public_channel: LooseBool | None = None
    room_avatar: str | None = None
    room_type: RoomType | str | None = None
    user_extras: JsonObject = field(factory=dict)

    @property
    def payload(self) -> Payload:
        """The payload, by type: made for ``match``.

        A text is a :class:`~qiscus_async.payloads.Text`; a type that is not known yet, or a document that does not fit
        its type, is an :class:`~qiscus_async.payloads.Other`.
        """
        from qiscus_async.payloads import read

        return read(self.type, self.payload_document, message=self.message)


@model
class CommentResult(Model):
    """What holds a comment in an answer."""

    comment: Comment


@model
class CommentList(Model):
    """What holds comments in an answer."""

    comments: list[Comment] | None


@model
class CommentAnswer(Model):
    """The envelope of a comment."""

    results: CommentResult


@model
class CommentListAnswer(Model):
    """The envelope of comments."""

    results: CommentList
