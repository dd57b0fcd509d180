"""A bot: handlers by command, text, pressed button and kind of event, and a way to reply."""

from __future__ import annotations

from qiscus_async.bot.bot import Bot
from qiscus_async.bot.incoming import BotEvent, BotMessage
from qiscus_async.bot.matching import ErrorHandler, EventHandler, MessageHandler

__all__ = ["Bot", "BotEvent", "BotMessage", "ErrorHandler", "EventHandler", "MessageHandler"]
