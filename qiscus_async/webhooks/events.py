"""The events that Qiscus posts to a webhook, from bytes to models.

The reference knows one kind of event, a new comment, in two types; its sample is older than what is sent today. So
events are read leniently: an unknown type is an event like any other, and a value of an unexpected form is left out of
its field, while ``raw`` still has it and :attr:`Event.unread` names it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from nusantara.codec import loads, structure
from nusantara.errors import BadResponse, DecodeError
from nusantara.model import Mismatch, Model, Via, field, model, wire_keys
from qiscus_async.enums import CommentType, RoomType
from qiscus_async.forms import JsonObject, JsonText
from qiscus_async.models.rooms import Participant
from qiscus_async.webhooks.errors import InvalidEvent

if TYPE_CHECKING:
    from qiscus_async.payloads import Payload

__all__ = [
    "CommentParts",
    "CommentPosted",
    "Event",
    "EventMessage",
    "EventRoom",
    "EventSender",
    "EventType",
    "parse_event",
]

T = TypeVar("T")
AnyEnum = TypeVar("AnyEnum", bound=enum.StrEnum)


class EventType(enum.StrEnum):
    """How a comment was posted. Reference: "on post message"."""

    POST_COMMENT_MOBILE = "post_comment_mobile"
    """By somebody in an app."""
    POST_COMMENT_REST = "post_comment_rest"
    """Through the server-side API, as a bot does it."""
    POST_COMMENT = "post_comment"
    """Either, in an old copy of the reference."""


def _read_text(value: Any) -> str:
    if type(value) is str:
        return value
    return str(value) if type(value) is int else ""


def _read_number(value: Any) -> int | None:
    if type(value) is int:
        return value
    return int(value) if type(value) is str and _is_number(value) else None


def _read_id(value: Any) -> int | str:
    number = _read_number(value)
    if number is not None:
        return number
    if type(value) is str and value:
        return value
    raise Mismatch("a number or a text that is not empty", value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20


def _read_flag(value: Any) -> bool | None:
    return value if type(value) is bool else None


def _read_time(value: Any) -> datetime | None:
    # A date alone is no time, and the year 1 is how Qiscus says "never".
    if type(value) is not str or len(value) < 11 or value < "0002":
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _read_enum(kind: type[AnyEnum]) -> Callable[[Any], AnyEnum | str]:
    members = {str(member): member for member in kind}

    def read(value: Any) -> AnyEnum | str:
        text = _read_text(value)
        return members.get(text, text)

    return read


def _read_participants(value: Any) -> list[Participant]:
    found = []
    for item in value if type(value) is list else ():
        try:
            found.append(Participant(email=item) if type(item) is str else structure(item, Participant))
        except DecodeError:
            continue
    return found


def _write_participants(value: list[Participant]) -> list[Any]:
    return [participant.to_document() for participant in value]


def _same(value: T) -> T:
    return value


_Text = Annotated[str, Via(_read_text, _same)]
_Id = Annotated[int | str, Via(_read_id, _same)]
_Number = Annotated[int | None, Via(_read_number, _same)]
_Flag = Annotated[bool | None, Via(_read_flag, _same)]
_Time = Annotated[datetime | None, Via(_read_time, lambda value: value and value.isoformat())]
_CommentType = Annotated[CommentType | str, Via(_read_enum(CommentType), _same)]
_RoomType = Annotated[RoomType | str, Via(_read_enum(RoomType), _same)]
_Participants = Annotated[list[Participant], Via(_read_participants, _write_participants)]


@model
class EventSender(Model):
    """Who posted a comment."""

    email: _Text = ""
    """User id. It need not be an e-mail address."""
    name: _Text = ""
    id: _Number = None
    """May be 0."""
    avatar_url: _Text = ""
    """Undocumented, like what follows."""
    id_str: _Text = ""


@model
class EventRoom(Model):
    """Where a comment was posted."""

    id: _Id
    """A number; a text only if it is none."""
    name: _Text = ""
    type: _RoomType = ""
    topic_id: _Number = None
    """The same number as :attr:`id`."""
    participants: _Participants = field(factory=list)
    """Deprecated by the vendor, and empty for channels."""
    options: JsonText = field(factory=dict)
    """What the app stored with the room. Undocumented, like what follows."""
    room_avatar: _Text = ""
    is_public_channel: _Flag = None
    id_str: _Text = ""
    topic_id_str: _Text = ""


@model
class EventMessage(Model):
    """A comment, under the names that events have for its parts."""

    type: _CommentType = CommentType.TEXT
    text: _Text = ""
    payload_document: Any = field(default=None, key="payload")
    """The payload as it came; :attr:`payload` gives it typed."""
    id: _Number = None
    """Number of the comment. It grows within a room, where events may arrive in another order. Undocumented, like what
    follows."""
    comment_before_id: _Number = None
    """The comment before it in the room; 0 for none."""
    unique_temp_id: _Text = ""
    """The mark that the sender gave it."""
    timestamp: _Time = None
    created_at: _Time = None
    unix_timestamp: _Number = None
    """Seconds since 1970."""
    unix_nano_timestamp: _Number = None
    disable_link_preview: _Flag = None
    extras: JsonObject = field(factory=dict)
    """What the sender stored with the comment."""
    id_str: _Text = ""
    comment_before_id_str: _Text = ""

    @property
    def payload(self) -> Payload:
        """The payload by type, as :attr:`qiscus_async.Comment.payload` gives it."""
        from qiscus_async.payloads import read

        return read(self.type, self.payload_document, message=self.text)

    @property
    def posted_at(self) -> datetime | None:
        """When it was posted, if the event says so."""
        if self.unix_timestamp is not None:
            try:
                return datetime.fromtimestamp(self.unix_timestamp, UTC)
            except (OverflowError, ValueError, OSError):
                return None
        posted = self.timestamp or self.created_at
        return posted if posted is None or posted.tzinfo else posted.replace(tzinfo=UTC)


class _Posted(dict[str, Any]):
    """The document of an event, and what it was read from."""

    __slots__ = ("body", "repaired")

    body: bytes
    repaired: bool


@model
class Event(Model):
    """Anything that was posted to the webhook. One about a new comment is a :class:`CommentPosted`."""

    type: EventType | str
    payload: Any = None
    """What it is about, as it came."""

    @property
    def body(self) -> bytes | None:
        """What was posted, byte for byte; None for an event made by hand."""
        return self.raw.body if isinstance(self.raw, _Posted) else None

    @property
    def repaired(self) -> bool:
        """Whether the body held what is no text, such as half an emoji, which was read as U+FFFD."""
        return isinstance(self.raw, _Posted) and self.raw.repaired

    @property
    def unread(self) -> tuple[str, ...]:
        """Where values stand that are not of their form and were left out, such as ``message.timestamp``."""
        return ()


@model
class CommentParts(Model):
    """The three parts of an event about a comment."""

    sender: EventSender = field(key="from")
    room: EventRoom
    message: EventMessage


@model
class CommentPosted(Event):
    """Somebody posted a comment: an event, of whatever type, with a sender, a room and a message."""

    payload: CommentParts  # pyright: ignore[reportGeneralTypeIssues] - without it there is no such event

    @property
    def unread(self) -> tuple[str, ...]:
        parts: dict[str, Model] = {"from": self.sender, "room": self.room, "message": self.message}
        return tuple(f"{name}.{key}" for name, part in parts.items() for key in _left_out(part))

    @property
    def sender(self) -> EventSender:
        """Who posted it."""
        return self.payload.sender

    @property
    def room(self) -> EventRoom:
        """Where."""
        return self.payload.room

    @property
    def message(self) -> EventMessage:
        """What."""
        return self.payload.message


def parse_event(body: bytes) -> Event:
    """Read what was posted to the webhook.

    Args:
        body: The body as it came.

    Returns:
        A :class:`CommentPosted`, or an :class:`Event` if it is about something else.

    Raises:
        InvalidEvent: It is not JSON, not an object, or has no type.

    Reference: "Webhooks".
    """
    document, repaired = _loaded(body)
    event: Event
    try:
        event = structure(document, CommentPosted)
    except DecodeError:
        try:
            event = structure(document, Event)
        except DecodeError as error:
            raise InvalidEvent(f"not an event: {error.message}") from None
    posted = _Posted(document)
    posted.body, posted.repaired = body, repaired
    # Nobody else has seen it yet.
    object.__setattr__(event, "raw", posted)
    return event


def _loaded(body: bytes) -> tuple[Any, bool]:
    """The document, and whether it held what is no text."""
    try:
        return loads(body, strict=True), False
    except BadResponse:
        pass
    try:
        return loads(body), True
    except BadResponse as error:
        raise InvalidEvent(f"the event is not JSON: {error.message.partition(': ')[2]}") from None


def _left_out(part: Model) -> Iterator[str]:
    """The keys whose values were left out."""
    raw = part.raw or {}
    for name, keys in wire_keys(type(part)).items():
        value, found = raw.get(keys[0]), getattr(part, name)
        if isinstance(found, list) and isinstance(value, list):
            if len(found) < len(value):
                yield keys[0]
        elif found in (None, "", [], {}) and not _is_nothing(value):
            yield keys[0]


def _is_nothing(value: Any) -> bool:
    if isinstance(value, str):
        # An empty object as text, and the year 1, which is how Qiscus says "never".
        return value.strip() in ("", "{}", "[]", "null") or value.startswith("0001-")
    return value is None or value is False or value == [] or value == {}
