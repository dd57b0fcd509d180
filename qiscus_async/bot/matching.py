"""Which handler a message is for."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import attrs

from nusantara.errors import InvalidParameter
from qiscus_async.bot.incoming import BotEvent, BotMessage
from qiscus_async.enums import CommentType

__all__ = ["ErrorHandler", "EventHandler", "Handlers", "MessageHandler", "coroutine_function"]

EventHandler: TypeAlias = Callable[[BotEvent], Awaitable[None]]
MessageHandler: TypeAlias = Callable[[BotMessage], Awaitable[None]]
ErrorHandler: TypeAlias = Callable[[BotEvent, Exception], Awaitable[None]]

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
    """The handlers of a bot."""

    def __init__(self, command_prefix: str) -> None:
        if not isinstance(command_prefix, str) or not command_prefix or command_prefix.strip() != command_prefix:
            raise InvalidParameter("command_prefix", "must be a text without blanks around it, such as /")
        self._command = re.compile(rf"{re.escape(command_prefix)}([\w-]+)(?:\s+(.*))?", re.DOTALL)
        self._events: list[tuple[str | None, EventHandler]] = []
        self._commands: dict[str, MessageHandler] = {}
        self._postbacks: list[_Postback] = []
        self._texts: list[tuple[re.Pattern[str], MessageHandler]] = []
        self._fallback: MessageHandler | None = None

    def add_event(self, event_type: str | None, handler: EventHandler) -> None:
        self._events.append((event_type, coroutine_function(handler)))

    def add_command(self, names: tuple[str, ...], handler: MessageHandler) -> None:
        if not names:
            raise InvalidParameter("names", "must hold at least one command")
        for name in names:
            if not isinstance(name, str) or not _COMMAND_NAME(name):
                raise InvalidParameter("names", f"{name!r} is no command: letters, digits, - and _, without the prefix")
            if name.lower() in self._commands:
                raise InvalidParameter("names", f"{name!r} has a handler already")
        for name in names:
            self._commands[name.lower()] = coroutine_function(handler)

    def add_postback(self, label: str | None, data: Mapping[str, Any] | None, handler: MessageHandler) -> None:
        folded = None if label is None else label.strip().casefold()
        self._postbacks.append(_Postback(folded, dict(data or {}), coroutine_function(handler)))

    def add_text(self, pattern: str | re.Pattern[str], handler: MessageHandler) -> None:
        if isinstance(pattern, str):
            try:
                pattern = re.compile(pattern, re.IGNORECASE)
            except re.error as error:
                raise InvalidParameter("pattern", f"is not a regular expression: {error}") from None
        self._texts.append((pattern, coroutine_function(handler)))

    def set_fallback(self, handler: MessageHandler) -> None:
        if self._fallback is not None:
            raise InvalidParameter("handler", "there is a fallback already")
        self._fallback = coroutine_function(handler)

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


def coroutine_function(handler: Any) -> Any:
    """The handler, if it is one: what blocks would hold up every room and the acknowledgements."""
    if not inspect.iscoroutinefunction(handler) and not inspect.iscoroutinefunction(getattr(handler, "__call__", None)):  # noqa: B004
        raise InvalidParameter("handler", f"{handler!r} must be an async function")
    return handler
