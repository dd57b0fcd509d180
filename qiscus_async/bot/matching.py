"""Which handler a message is for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import attrs

from nusantara.errors import InvalidParameter
from qiscus_async.bot.incoming import BotEvent, BotMessage
from qiscus_async.enums import CommentType
from qiscus_async.webhooks import EventType
from qiscus_async.webhooks.callbacks import async_function

__all__ = ["ErrorHandler", "EventHandler", "Handlers", "MessageHandler", "check_postback", "compiled"]

EventHandler: TypeAlias = Callable[[BotEvent], Awaitable[None]]
MessageHandler: TypeAlias = Callable[[BotMessage], Awaitable[None]]
ErrorHandler: TypeAlias = Callable[[BotEvent, Exception], Awaitable[None]]

_LIKENESS = 0.9
"""Of the name of an event to a known one, from which on it is a slip. Those of Qiscus' own are less alike."""
_EVENT_TYPES = 'write @bot.event("post_comment_mobile"), or @bot.event for every kind'
_COMMAND_NAME = re.compile(r"[\w-]+").fullmatch


@attrs.frozen(slots=True)
class _Postback:
    label: str | None
    data: Mapping[str, Any]
    handler: MessageHandler

    def fits(self, message: BotMessage) -> bool:
        if self.label is not None and message.text.casefold() != self.label:
            return False
        given = message.postback_data
        return all(key in given and given[key] == value for key, value in self.data.items())


class Handlers:
    """The handlers of a bot. One that could never be called is refused when it is added.

    Args:
        answers_rest: Whether what is posted through the server-side API is handled.
    """

    def __init__(self, command_prefix: str, *, answers_rest: bool) -> None:
        if not isinstance(command_prefix, str) or not command_prefix or command_prefix.strip() != command_prefix:
            raise InvalidParameter("command_prefix", "must be a text without blanks around it, such as /")
        self._command = re.compile(rf"{re.escape(command_prefix)}([\w-]+)(?:\s+(.*))?", re.DOTALL)
        self._events: list[tuple[str | None, EventHandler]] = []
        self._commands: dict[str, MessageHandler] = {}
        self._postbacks: list[_Postback] = []
        self._texts: list[tuple[re.Pattern[str], MessageHandler]] = []
        self._fallback: MessageHandler | None = None
        self._answers_rest = answers_rest
        self.of_errors: ErrorHandler | None = None

    def check_event_type(self, event_type: object) -> None:
        if not isinstance(event_type, str) or not event_type:
            raise InvalidParameter("event_type", "must be the name of a kind of event", hint=_EVENT_TYPES)
        if event_type == EventType.POST_COMMENT:
            raise InvalidParameter("event_type", "no event is called post_comment any more", hint=_EVENT_TYPES)
        if event_type == EventType.POST_COMMENT_REST and not self._answers_rest:
            raise InvalidParameter(
                "event_type", "the bot passes over post_comment_rest", hint="Bot(..., answer_rest=True) handles it"
            )
        alike = difflib.get_close_matches(event_type.lower(), list(EventType), 1, _LIKENESS)
        if alike and event_type not in list(EventType):
            raise InvalidParameter("event_type", f"{event_type!r} is not spelled {str(alike[0])!r}", hint=_EVENT_TYPES)

    def add_event(self, event_type: str | None, handler: EventHandler) -> None:
        self._events.append((event_type, _handler(handler, "event")))

    def check_commands(self, names: tuple[object, ...]) -> None:
        if not names or callable(names[0]):
            raise InvalidParameter("names", "must hold at least one command", hint='write @bot.command("help")')
        for name in names:
            if not isinstance(name, str) or not _COMMAND_NAME(name):
                raise InvalidParameter("names", f"{name!r} is no command: letters, digits, - and _, without the prefix")
            if name.lower() in self._commands:
                raise InvalidParameter("names", f"{name!r} has a handler already")

    def add_command(self, names: tuple[str, ...], handler: MessageHandler) -> None:
        self.check_commands(names)
        for name in names:
            self._commands[name.lower()] = _handler(handler, "message")

    def add_postback(self, label: str | None, data: Mapping[str, Any] | None, handler: MessageHandler) -> None:
        folded = None if label is None else label.strip().casefold()
        if any((one.label, one.data) == (folded, data or {}) for one in self._postbacks):
            raise InvalidParameter("label", "this button has a handler already")
        self._postbacks.append(_Postback(folded, dict(data or {}), _handler(handler, "message")))

    def add_text(self, pattern: re.Pattern[str], handler: MessageHandler) -> None:
        if any(one == pattern for one, _ in self._texts):
            raise InvalidParameter("pattern", f"{pattern.pattern!r} has a handler already")
        self._texts.append((pattern, _handler(handler, "message")))

    def set_fallback(self, handler: MessageHandler) -> None:
        if self._fallback is not None:
            raise InvalidParameter("handler", "there is a fallback already")
        self._fallback = _handler(handler, "message")

    def set_error(self, handler: ErrorHandler) -> None:
        if self.of_errors is not None:
            raise InvalidParameter("handler", "there is a function for errors already")
        self.of_errors = _handler(handler, "event", "error")

    def of_event(self, event: BotEvent) -> list[EventHandler]:
        """The handlers of events of this type."""
        return [handler for event_type, handler in self._events if event_type is None or event_type == event.type]

    def of_message(self, message: BotMessage) -> MessageHandler | None:
        """The one handler of a message. What was found in its text is put into it."""
        kind = message.message.type
        if kind == CommentType.SYSTEM_EVENT:
            # Nobody says anything there.
            return None
        if kind == CommentType.BUTTON_POSTBACK_RESPONSE:
            for postback in self._postbacks:
                if postback.fits(message):
                    return postback.handler
        text = message.text
        if text:
            return self._of_text(text, message) or self._fallback
        return self._fallback

    def _of_text(self, text: str, message: BotMessage) -> MessageHandler | None:
        found = self._command.fullmatch(text)
        if found and (handler := self._commands.get(found[1].lower())):
            message.command, message.arguments = found[1].lower(), (found[2] or "").strip()
            return handler
        for pattern, handler in self._texts:
            if match := pattern.search(text):
                message.match = match
                return handler
        return None


def check_postback(label: object, data: object) -> None:
    """See that a button can be told by its label and data."""
    if callable(label):
        raise InvalidParameter("label", "must be a text", hint="write @bot.postback() for any button")
    if label is not None and not isinstance(label, str):
        raise InvalidParameter("label", f"must be a text, not {label!r}")
    if data is not None and not isinstance(data, Mapping):
        raise InvalidParameter("data", f"must be a mapping, not {type(data).__name__}")


def compiled(pattern: object) -> re.Pattern[str]:
    """A regular expression for texts."""
    if isinstance(pattern, str):
        try:
            return re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            raise InvalidParameter("pattern", f"is not a regular expression: {error}") from None
    if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
        return pattern
    raise InvalidParameter("pattern", "must be a regular expression for text", hint='write @bot.text("harga")')


def _handler(handler: Any, *arguments: str) -> Any:
    return async_function("handler", handler, *arguments)
