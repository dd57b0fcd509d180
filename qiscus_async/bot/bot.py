"""The bot itself."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

from nusantara.checks import check_flag
from nusantara.errors import InvalidParameter, even_half_made
from nusantara.introspection import check_keywords, show_keywords
from nusantara.secret import HiddenText, check_credential, hide_in
from qiscus_async.bot.incoming import BotEvent, BotMessage
from qiscus_async.bot.matching import ErrorHandler, EventHandler, Handlers, MessageHandler, check_postback, compiled
from qiscus_async.client import AsyncQiscus
from qiscus_async.webhooks import CommentPosted, Event, EventType
from qiscus_async.webhooks.receiver import Receiver
from qiscus_async.webhooks.settings import DEFAULTS, ReceiverSettings

if TYPE_CHECKING:
    import ssl

    from aiohttp import web

    from qiscus_async.webhooks.asgi import ASGIApp

__all__ = ["Bot"]

log = logging.getLogger("nusantara.qiscus.bot")

OnEvent = TypeVar("OnEvent", bound=EventHandler)
OnMessage = TypeVar("OnMessage", bound=MessageHandler)
OnError = TypeVar("OnError", bound=ErrorHandler)


class Bot:
    """Answers what people write. Async only::

        bot = Bot(AsyncQiscus.from_env(), "asisten@toko.example", path_secret=os.environ["WEBHOOK_SECRET"])

        @bot.command("help")
        async def help(event: BotMessage) -> None:
            await event.reply("Ketik /pesanan dan nomornya.")

        @bot.text(r"pesanan (?P<number>\\d+)")
        async def order(event: BotMessage) -> None:
            await event.reply(payloads.Buttons(text="Batalkan?", buttons=[...]))

        @bot.postback(data={"action": "cancel"})
        async def cancel(event: BotMessage) -> None: ...

        bot.run(port=8080)

    Against the sandbox, which posts the event when a user writes, a whole test with pytest is::

        async def test_help(nusantara_sandbox, sandbox_env):
            async with AsyncQiscus.from_env() as qiscus:
                bot = Bot(qiscus, "asisten@tehsenja.example")
                bot.command("help")(help)
                async with bot.serving() as url:
                    nusantara_sandbox.qiscus.webhook_url = url
                    nusantara_sandbox.qiscus.user_writes(41003, "sinta.maheswari@pelanggan.example", "/help")
                    await nusantara_sandbox.qiscus.delivered()
            assert nusantara_sandbox.qiscus.comments(41003)[-1].message == "Ketik /pesanan dan nomornya."

    Of one message, first the handlers of its event run, each of them; then one more, the first that fits of those for
    postbacks, commands and texts, in this order and within each in the order they were added, or else the fallback.

    The bot passes over its own messages, which Qiscus announces to it like all others, or it would answer itself for
    ever: everything posted through the server-side API, by whomever, and everything by its user.

    A handler that fails does not harm the others: the error goes to the function marked with :meth:`error`, by default
    into the log. The messages of a room are handled one after the other, rooms side by side.

    Args:
        client: Replies are posted with it.
        user_id: The bot's user. It has to be in the rooms it replies to.
        answer_rest: Also handle what other users post through the server-side API. Two bots that do so can answer each
            other for ever.
        command_prefix: What a command begins with.
        path_secret: The end of the path, which only Qiscus is told; see :func:`make_path_secret`. By default a new one
            each time.
        prefix: What stands before it (``/qiscus``).
        signature_key: Refuse events that are not signed with this token. By default none is expected: the references
            know no signature, so that the secret path alone tells Qiscus from strangers.
        max_age: Refuse signed events that say they are older, in seconds, or from more than a minute ahead, or that do
            not say it. For a sender that signs; it also refuses what such a sender delivers late. By default they may
            be of any age.
        dedup_store: Handle an event that comes again once. One whose handling failed may come again. By default each
            one that comes is handled. Receivers at one path know each other's events there; those at others, as two
            bots, have their own.
        dedup_ttl: Seconds for which an event is remembered (3600), from when it came.
        dedup_window: The same for an event without an id, that is recognised by its body (20): two people, or one, may
            well say the same twice.
        dedup_lease: Seconds after which a receiver whose process died no longer has a claim on the events it had
            accepted (30): when they come again, they are handled. A living one renews its claims.
        queue_size: Events accepted and not handled yet that one room alone may have (1000). Several share the number
            equally, each with room for one at least; one that has its share gets 503, which holds up no other.
        queue_bytes: Bytes of all these events (64 MiB), with 2 KiB for each beside its body: the bound for all rooms
            together. A room may have as many as it leaves to the others, so that half of them is the most for one
            alone.
        concurrency: Events being handled at once (50).
        handler_timeout: Seconds that the handling of one event may take (300), None for no bound. It holds up its room
            that long.
        grace: Seconds for what is accepted to be handled when the program ends (5).
        max_body: Largest body, in bytes (1 MiB).
        read_timeout: Seconds for a body to arrive (10). On the server of its own, the head before it has as long.
        max_connections: Connections to the server of its own (2000), or as many as the system lets a process have. One
            more closes the oldest that has no request under way.
        max_connections_per_address: The same for one address; one more is refused. By default half of all for an
            address on the internet, and no bound for one in the local network, where a proxy is.
        clock: Seconds since 1970, for ``max_age`` (``time.time``); for events that waited elsewhere.
    """

    def __init__(
        self,
        client: AsyncQiscus,
        user_id: str,
        *,
        answer_rest: bool = False,
        command_prefix: str = "/",
        **settings: Unpack[ReceiverSettings],
    ) -> None:
        hide_in(settings, "path_secret", "signature_key")
        check_keywords(type(self), settings, ReceiverSettings)
        if not isinstance(client, AsyncQiscus):
            raise InvalidParameter("client", "must be an AsyncQiscus: a bot is async only")
        check_credential("user_id", user_id)
        check_flag("answer_rest", answer_rest)
        self._client = client
        self._user_id = user_id
        self._answer_rest = answer_rest
        self._handlers = Handlers(command_prefix, answers_rest=answer_rest)
        self._receiver = Receiver(self._handle, on_error=self._failed, **settings)
        self._stop: asyncio.Event | None = None

    @property
    def receiver(self) -> Receiver:
        """What the events come through: its path, its counts."""
        return self._receiver

    # --- Handlers

    @overload
    def event(self, event_type: OnEvent) -> OnEvent: ...
    @overload
    def event(self, event_type: str | None = None) -> Callable[[OnEvent], OnEvent]: ...
    def event(self, event_type: str | OnEvent | None = None) -> OnEvent | Callable[[OnEvent], OnEvent]:
        """Mark a function for every event, ``@bot.event``, or for a kind, ``@bot.event("post_comment_mobile")``.

        It gets a :class:`BotEvent`, and a :class:`BotMessage` where that is what happened. Types that are not known yet
        come here, too.

        Raises:
            InvalidParameter: No event of this type would come: it is misspelled, or the bot passes over it.
        """
        if callable(event_type):
            self._handlers.add_event(None, event_type)
            return event_type
        if event_type is not None:
            self._handlers.check_event_type(event_type)

        def mark(function: OnEvent) -> OnEvent:
            self._handlers.add_event(event_type, function)
            return function

        return mark

    def command(self, *names: str) -> Callable[[OnMessage], OnMessage]:
        """Mark a function for a command, such as ``help`` for messages like "/help" and "/HELP me".

        The message has it in ``command``, and the rest in ``arguments``.
        """
        self._handlers.check_commands(names)

        def mark(function: OnMessage) -> OnMessage:
            self._handlers.add_command(names, function)
            return function

        return mark

    def text(self, pattern: str | re.Pattern[str]) -> Callable[[OnMessage], OnMessage]:
        """Mark a function for texts in which a pattern is found, anywhere; the message has it in ``match``.

        Args:
            pattern: A regular expression. One given as text ignores case.
        """
        expression = compiled(pattern)

        def mark(function: OnMessage) -> OnMessage:
            self._handlers.add_text(expression, function)
            return function

        return mark

    def postback(
        self, label: str | None = None, *, data: Mapping[str, Any] | None = None
    ) -> Callable[[OnMessage], OnMessage]:
        """Mark a function for pressed buttons; the message has the button in ``postback``.

        Args:
            label: Only those that post this text, in upper or lower case.
            data: Only those whose payload has these values, beside others.
        """
        check_postback(label, data)

        def mark(function: OnMessage) -> OnMessage:
            self._handlers.add_postback(label, data, function)
            return function

        return mark

    @overload
    def fallback(self, handler: OnMessage) -> OnMessage: ...
    @overload
    def fallback(self) -> Callable[[OnMessage], OnMessage]: ...
    def fallback(self, handler: Any = None) -> Any:
        """Mark the function for messages that no command, pattern or postback fits."""
        if handler is None:
            return self.fallback
        self._handlers.set_fallback(handler)
        return handler

    @overload
    def error(self, handler: OnError) -> OnError: ...
    @overload
    def error(self) -> Callable[[OnError], OnError]: ...
    def error(self, handler: Any = None) -> Any:
        """Mark the function that gets the errors of the others, and :exc:`~qiscus_async.webhooks.EventDropped` for what
        was not handled when the bot ended."""
        if handler is None:
            return self.error
        self._handlers.set_error(handler)
        return handler

    # --- Life

    def run(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 8080,
        ssl_context: ssl.SSLContext | None = None,
        ready: Callable[[str], object] | None = None,
    ) -> None:
        """Listen until SIGTERM, Ctrl-C or :meth:`stop`; then handle what is waiting, close the client and return.

        A second signal ends it at once. Call it in the main thread of a program that does nothing else.

        Args:
            host: Address to listen at; ``0.0.0.0`` in a container.
            port: 0 takes a free one.
            ssl_context: Serve https with it. Qiscus calls https only; usually a proxy in front has the certificate.
            ready: Called with the URL, its secret included, once it listens.
        """
        asyncio.run(self._run(host, port, ssl_context, ready))

    def stop(self) -> None:
        """Have :meth:`run` return. Only for use in its event loop, as in a handler."""
        if self._stop is not None:
            self._stop.set()

    @asynccontextmanager
    async def serving(
        self, *, host: str = "127.0.0.1", port: int = 0, ssl_context: ssl.SSLContext | None = None
    ) -> AsyncGenerator[HiddenText]:
        """Listen until the block ends, then handle what is waiting. Gives the URL with its secret.

        The client stays open.
        """
        async with self._receiver.serving(host=host, port=port, ssl_context=ssl_context) as url:
            yield url

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Answer until the block ends, then handle what is waiting; for the life span of the program that the bot is
        mounted in, see :meth:`Receiver.running`. The client stays open."""
        async with self._receiver.running():
            yield

    def asgi(self) -> ASGIApp:
        """The bot as an ASGI application, see :meth:`Receiver.asgi`: for FastAPI and Starlette,
        ``app.mount("/qiscus", bot.asgi())``."""
        return self._receiver.asgi()

    def attach(self, app: web.Application) -> None:
        """Add the bot to an aiohttp application, at ``bot.receiver.path``; see :meth:`Receiver.attach`.

        The client stays open when that ends.
        """
        self._receiver.attach(app)

    async def idle(self) -> None:
        """Wait until every event accepted so far is handled."""
        await self._receiver.idle()

    @even_half_made
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._user_id!r} {self._receiver!r}>"

    async def _run(
        self, host: str, port: int, ssl_context: ssl.SSLContext | None, ready: Callable[[str], object] | None
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._stop = stop = asyncio.Event()
        hurried = False

        def end() -> None:
            nonlocal hurried
            if stop.is_set() and not hurried:
                hurried = True
                task.cancel()
            stop.set()

        try:
            with _signals(end):
                async with self._client, self.serving(host=host, port=port, ssl_context=ssl_context) as url:
                    if ready is not None:
                        ready(url)
                    await stop.wait()
                    log.info("ending; %d events are waiting", self._receiver.waiting)
        except asyncio.CancelledError:
            if not hurried:
                raise
        finally:
            self._stop = None

    # --- Events

    async def _handle(self, event: Event) -> None:
        if self._is_own(event):
            return
        incoming = self._incoming(event)
        handlers: list[Any] = self._handlers.of_event(incoming)
        if isinstance(incoming, BotMessage):
            handlers.append(self._handlers.of_message(incoming))
        last: Exception | None = None
        for handler in filter(None, handlers):
            try:
                await handler(incoming)
            except Exception as error:
                if last is not None:
                    await self._failed(event, last)
                last = error
        if last is not None:
            raise last

    def _is_own(self, event: Event) -> bool:
        if event.type == EventType.POST_COMMENT_REST and not self._answer_rest:
            return True
        return isinstance(event, CommentPosted) and event.sender.email == self._user_id

    def _incoming(self, event: Event) -> BotEvent:
        if isinstance(event, CommentPosted):
            return BotMessage(event, self._client, self._user_id)
        return BotEvent(event, self._client)

    async def _failed(self, event: Event, error: Exception) -> None:
        incoming = self._incoming(event)
        if self._handlers.of_errors is None:
            log.error("handling %r failed", incoming, exc_info=error)
            return
        try:
            await self._handlers.of_errors(incoming, error)
        except Exception:
            log.exception("the handler of errors failed on %r", incoming)


show_keywords(Bot, ReceiverSettings, DEFAULTS)


@contextmanager
def _signals(end: Callable[[], None]) -> Generator[None]:
    """Call ``end`` on SIGTERM and SIGINT, where that can be had: not on Windows and not beside the main thread."""
    loop = asyncio.get_running_loop()
    taken = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, end)
            taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            loop.remove_signal_handler(number)
