"""What the handlers of a bot get."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nusantara.errors import escaped, even_half_made
from qiscus_async.enums import CommentType
from qiscus_async.forms import read_object
from qiscus_async.payloads import ButtonPostbackResponse, Reply
from qiscus_async.webhooks import CommentPosted, Event

if TYPE_CHECKING:
    from qiscus_async.client import AsyncQiscus
    from qiscus_async.models.comments import Comment
    from qiscus_async.payloads import Content
    from qiscus_async.webhooks import EventMessage, EventRoom, EventSender

__all__ = ["BotEvent", "BotMessage"]


class BotEvent:
    """An event, and the client to act with. One about a new comment is a :class:`BotMessage`."""

    def __init__(self, event: Event, client: AsyncQiscus) -> None:
        self.event = event
        self.client = client

    @property
    def type(self) -> str:
        """Kind of the event."""
        return self.event.type

    @even_half_made
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {escaped(self.event.type)}>"


class BotMessage(BotEvent):
    """A comment by somebody else, to which the bot can reply."""

    event: CommentPosted

    def __init__(self, event: CommentPosted, client: AsyncQiscus, user_id: str) -> None:
        super().__init__(event, client)
        self._user_id = user_id
        self.command: str | None = None
        """The command, in lower case and without its slash, for a handler of commands."""
        self.arguments: str = ""
        """What stands behind the command."""
        self.match: re.Match[str] | None = None
        """What was found, for a handler of a text pattern."""

    @property
    def sender(self) -> EventSender:
        """Who wrote it."""
        return self.event.sender

    @property
    def room(self) -> EventRoom:
        """Where."""
        return self.event.room

    @property
    def message(self) -> EventMessage:
        """What."""
        return self.event.message

    @property
    def text(self) -> str:
        """What the sender typed, or what the pressed button says. Empty for other types of comments.

        The message of a reply repeats the comment replied to; here it is left out.
        """
        match self.message.type:
            case CommentType.TEXT | CommentType.BUTTON_POSTBACK_RESPONSE:
                return self.message.text.strip()
            case CommentType.REPLY:
                payload = self.message.payload
                return payload.text.strip() if isinstance(payload, Reply) else ""
        return ""

    @property
    def postback(self) -> ButtonPostbackResponse | None:
        """The pressed button, if that is what it is."""
        payload = self.message.payload if self.message.type == CommentType.BUTTON_POSTBACK_RESPONSE else None
        return payload if isinstance(payload, ButtonPostbackResponse) else None

    @property
    def postback_data(self) -> Mapping[str, Any]:
        """The data that the pressed button carries, if it is an object or the JSON text of one."""
        postback = self.postback
        return {} if postback is None else read_object(postback.payload)

    async def reply(
        self,
        content: str | Content,
        *,
        message: str | None = None,
        unique_temp_id: str | None = None,
        disable_link_preview: bool = False,
        extras: Mapping[str, Any] | None = None,
    ) -> Comment:
        """Post a comment into the room as the bot's user, once; see ``messages.post`` for all but the obvious.

        Args:
            content: A text, or one of :mod:`qiscus_async.payloads`.
        """
        return await self.client.messages.post(
            self.room.id,
            self._user_id,
            content,
            message=message,
            unique_temp_id=unique_temp_id,
            disable_link_preview=disable_link_preview,
            extras=extras,
        )

    @even_half_made
    def __repr__(self) -> str:
        # Neither what was said nor who said it, since this ends up in logs.
        return f"<{type(self).__name__} {escaped(self.event.type)} in room {self.room.id!r}>"
