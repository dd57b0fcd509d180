"""The bot: which handler gets what, replies, and errors."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from support.hook import event_document, post

from nusantara.errors import ClosedClient, InvalidParameter, NusantaraError
from nusantara.sandbox import Fault, Sandbox
from qiscus_async import AsyncQiscus, Bot, Qiscus, payloads
from qiscus_async.bot import BotEvent, BotMessage
from qiscus_async.webhooks import EventDropped, MemoryDedupStore, Receiver

USER = "asisten@toko.example"


def made(**settings: Any) -> Bot:
    """A bot whose handlers do not reply."""
    return Bot(AsyncQiscus("toko", "rahasia", base_url="http://127.0.0.1:1"), USER, **settings)


async def feed(bot: Bot, *documents: dict[str, Any]) -> None:
    async with bot.serving() as url:
        for document in documents:
            assert await post(url, json.dumps(document).encode()) == 200


def said(text: str, **message: Any) -> dict[str, Any]:
    return event_document(1, text=text, **message)


def pressed(label: str, data: Any = None) -> dict[str, Any]:
    action = {"url": "https://bot.toko.example", "method": "post", "payload": data}
    return said(label, type="button_postback_response", payload=action)


class Seen:
    """Handlers that note that they were called."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, BotEvent]] = []

    def __call__(self, name: str) -> Any:
        async def handle(event: BotEvent) -> None:
            self.calls.append((name, event))

        return handle

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.calls]

    @property
    def message(self) -> BotMessage:
        [(_, event)] = self.calls
        assert isinstance(event, BotMessage)
        return event


@pytest.fixture
def seen() -> Seen:
    return Seen()


# --- Commands


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        *[("/help", ""), ("/HELP", ""), (" /help \n", ""), ("/help me  please ", "me  please"), ("/help\nme", "me")],
        ("/bantuan 5", "5"),
    ],
)
async def test_a_command_gets_what_stands_behind_it(seen: Seen, text: str, arguments: str) -> None:
    bot = made()
    bot.command("help", "bantuan")(seen("help"))
    await feed(bot, said(text))
    assert seen.message.command in ("help", "bantuan")
    assert seen.message.arguments == arguments


@pytest.mark.parametrize("text", ["help", "/helpme", "say /help", "//help", "/ help", "/help/me", "/", ""])
async def test_what_only_looks_like_a_command_is_none(seen: Seen, text: str) -> None:
    bot = made()
    bot.command("help")(seen("help"))
    bot.fallback(seen("fallback"))
    await feed(bot, said(text))
    assert seen.names == ["fallback"]


async def test_commands_may_begin_with_something_else(seen: Seen) -> None:
    bot = made(command_prefix="!!")
    bot.command("help")(seen("help"))
    await feed(bot, said("/help"), said("!!help"))
    assert seen.message.text == "!!help"


# --- Texts


async def test_a_text_gets_what_was_found(seen: Seen) -> None:
    bot = made()
    bot.text(r"pesanan (?P<number>\d+)")(seen("order"))
    await feed(bot, said("Halo, PESANAN 2230 di mana?"))
    assert seen.message.match is not None
    assert seen.message.match["number"] == "2230"


async def test_the_first_pattern_that_fits_has_the_text(seen: Seen) -> None:
    bot = made()
    bot.text("kopi")(seen("coffee"))
    bot.text(re.compile("Teh"))(seen("tea"))
    bot.text("teh")(seen("tea in small letters"))
    await feed(bot, said("teh dan kopi"), said("Teh"), said("teh"))
    assert seen.names == ["coffee", "tea", "tea in small letters"]


async def test_of_a_reply_only_the_new_part_counts(seen: Seen) -> None:
    bot = made()
    bot.text("harga")(seen("price"))
    bot.text("terima kasih")(seen("thanks"))
    reply = {"text": "terima kasih", "replied_comment_id": 1}
    await feed(bot, said("harga teh?\nterima kasih", type="reply", payload=reply))
    assert seen.names == ["thanks"]


@pytest.mark.parametrize("comment_type", ["location", "file_attachment", "custom", "carousel", "something_new"])
async def test_what_the_server_composed_is_no_text(seen: Seen, comment_type: str) -> None:
    bot = made()
    bot.text(".*")(seen("text"))
    bot.command("help")(seen("help"))
    bot.fallback(seen("fallback"))
    await feed(bot, said("/help", type=comment_type))
    assert seen.names == ["fallback"]
    assert seen.message.text == ""


# --- Postbacks


async def test_a_postback_is_found_by_label_by_data_or_at_all(seen: Seen) -> None:
    bot = made()
    bot.postback("Batalkan")(seen("cancel"))
    bot.postback(data={"action": "buy", "count": 1})(seen("buy one"))
    bot.postback(data={"action": "buy"})(seen("buy"))
    bot.postback()(seen("any"))
    await feed(
        bot,
        pressed("batalkan", {"action": "buy"}),
        pressed("Beli", {"action": "buy", "count": 1, "sku": "MEL-250"}),
        pressed("Beli", '{"action": "buy"}'),
        pressed("Beli", ["action", "buy"]),
    )
    assert seen.names == ["cancel", "buy one", "buy", "any"]
    assert isinstance(seen.calls[1][1], BotMessage)
    assert seen.calls[1][1].postback == payloads.ButtonPostbackResponse(
        url="https://bot.toko.example", method="post", payload={"action": "buy", "count": 1, "sku": "MEL-250"}
    )
    assert seen.calls[2][1].postback_data == {"action": "buy"}  # type: ignore[attr-defined]


async def test_a_pressed_button_may_give_a_command_or_a_text(seen: Seen) -> None:
    bot = made()
    bot.postback("other")(seen("other"))
    bot.command("menu")(seen("menu"))
    bot.text("pesanan")(seen("order"))
    await feed(bot, pressed("/menu"), pressed("Cek pesanan saya"))
    assert seen.names == ["menu", "order"]


async def test_a_typed_text_is_no_postback(seen: Seen) -> None:
    bot = made()
    bot.postback("Beli")(seen("buy"))
    await feed(bot, said("Beli"))
    assert seen.names == []


# --- Events


async def test_every_event_comes_to_handlers_of_events_and_then_to_one_other(seen: Seen) -> None:
    bot = made()
    bot.text("halo")(seen("text"))
    bot.fallback(seen("fallback"))
    bot.event(seen("every"))
    bot.event("post_comment_mobile")(seen("mobile"))
    bot.event("user_online")(seen("online"))
    await feed(bot, said("halo"), {"type": "user_online", "payload": {"user": "sari"}})
    assert seen.names == ["every", "mobile", "text", "every", "online"]
    assert not isinstance(seen.calls[-1][1], BotMessage)
    assert seen.calls[-1][1].event.payload == {"user": "sari"}


async def test_a_line_of_the_system_is_an_event_but_nobody_said_it(seen: Seen) -> None:
    bot = made()
    bot.event(seen("every"))
    bot.text(".*")(seen("text"))
    bot.fallback(seen("fallback"))
    await feed(bot, said("Sari joined", type="system_event", payload={"type": "join_room"}))
    assert seen.names == ["every"]


async def test_what_the_bot_posted_is_passed_over(seen: Seen) -> None:
    own = said("halo")
    own["payload"]["from"]["email"] = USER
    bot = made()
    bot.event(seen("every"))
    bot.fallback(seen("fallback"))
    await feed(bot, said("halo") | {"type": "post_comment_rest"}, own, own | {"type": "post_comment"})
    assert seen.names == []
    assert bot.receiver.counts.handled == 3


async def test_what_others_post_as_servers_do_is_handled_if_that_is_asked_for(seen: Seen) -> None:
    own = said("dari bot") | {"type": "post_comment_rest"}
    own["payload"]["from"]["email"] = USER
    bot = made(answer_rest=True)
    bot.text(".*")(seen("text"))
    await feed(bot, said("dari server lain") | {"type": "post_comment_rest"}, own)
    assert seen.message.text == "dari server lain"


# --- Errors


async def test_an_error_goes_to_the_hook_and_the_others_go_on(seen: Seen) -> None:
    bot = made()
    errors: list[tuple[str, str]] = []

    @bot.event
    async def first(event: BotEvent) -> None:
        raise ValueError("first")

    bot.event(seen("second"))

    @bot.text("pecah")
    async def third(event: BotMessage) -> None:
        raise KeyError("third")

    bot.text("utuh")(seen("fine"))

    @bot.error
    async def note(event: BotEvent, error: Exception) -> None:
        assert isinstance(event, BotMessage)
        errors.append((event.text, str(error)))
        raise RuntimeError("so is the hook")

    await feed(bot, said("pecah"), said("utuh"))
    assert errors == [("pecah", "first"), ("pecah", "'third'"), ("utuh", "first")]
    assert seen.names == ["second", "second", "fine"]
    assert bot.receiver.counts.failed == 2


async def test_without_a_hook_errors_are_logged_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    bot = made()

    @bot.fallback
    async def fail(event: BotMessage) -> None:
        raise ValueError("broken")

    with caplog.at_level(logging.DEBUG):
        await feed(bot, said("rahasia pelanggan"))
    assert "ValueError: broken" in caplog.text
    assert "in room 1" in caplog.text
    assert "rahasia pelanggan" not in caplog.text


async def test_what_is_not_handled_at_the_end_comes_to_the_hook() -> None:
    bot = made(grace=0.05)
    errors: list[Exception] = []

    @bot.fallback
    async def hang(event: BotMessage) -> None:
        await asyncio.sleep(60)

    @bot.error
    async def note(event: BotEvent, error: Exception) -> None:
        errors.append(error)

    await feed(bot, said("satu"), said("dua"))
    assert [type(error) for error in errors] == [EventDropped, EventDropped]


# --- What cannot be a handler


def test_unfit_handlers_and_patterns_are_refused_when_they_are_added() -> None:
    bot = made()

    async def fine(event: BotMessage) -> None: ...

    def blocking(event: BotMessage) -> None: ...

    refused: list[Any] = [
        lambda: bot.fallback(blocking),  # type: ignore[type-var]
        lambda: bot.event(blocking),  # type: ignore[type-var]
        lambda: bot.error(blocking),  # type: ignore[type-var]
        lambda: bot.text("x")(blocking),  # type: ignore[type-var]
        lambda: bot.text("(")(fine),
        lambda: bot.command()(fine),
        lambda: bot.command("/help")(fine),
        lambda: bot.command("two words")(fine),
    ]
    for add in refused:
        with pytest.raises(InvalidParameter):
            add()
    bot.command("help")(fine)
    bot.fallback(fine)
    with pytest.raises(InvalidParameter, match="already"):
        bot.command("HELP")(fine)
    with pytest.raises(InvalidParameter, match="already"):
        bot.fallback(fine)


async def fine(event: Any) -> None: ...


async def without(*, event: Any = None) -> None: ...


async def method(self: Any, event: Any) -> None: ...


SLIPS: dict[str, tuple[Any, str]] = {
    "a bare command": (lambda bot: bot.command(fine), r'names: .*write @bot\.command\("help"\)'),
    "a command that is a number": (lambda bot: bot.command(5), "names: 5 is no command"),
    "a bare text": (lambda bot: bot.text(fine), r"pattern: .*write @bot\.text\("),
    "a text that is a number": (lambda bot: bot.text(5), "pattern"),
    "a pattern for bytes": (lambda bot: bot.text(re.compile(b"x")), "pattern"),
    "a bare postback": (lambda bot: bot.postback(fine), r"label: .*write @bot\.postback\(\)"),
    "a label that is a number": (lambda bot: bot.postback(5), "label"),
    "data that is a list": (lambda bot: bot.postback(data=["cancel"]), "data: must be a mapping"),
    "an event of old": (lambda bot: bot.event("post_comment"), r'write @bot\.event\("post_comment_mobile"\)'),
    "a misspelled event": (lambda bot: bot.event("post_coment_mobile"), "not spelled 'post_comment_mobile'"),
    "an event in capitals": (lambda bot: bot.event("POST_COMMENT_MOBILE"), "not spelled 'post_comment_mobile'"),
    "an event that is passed over": (lambda bot: bot.event("post_comment_rest"), "answer_rest=True"),
    "an event without a name": (lambda bot: bot.event(""), "event_type"),
    "an event that is a number": (lambda bot: bot.event(5), "event_type"),
    "a handler without parameters": (lambda bot: bot.fallback(without), "must take message, and nothing else"),
    "a handler with two": (lambda bot: bot.command("x")(method), "must take message, and nothing else"),
    "an event's with two": (lambda bot: bot.event(method), "must take event, and nothing else"),
    "a function for errors with one": (lambda bot: bot.error(fine), "must take event and error, and nothing else"),
    "a coroutine": (lambda bot: bot.fallback("fine"), "handler"),
    "a second function for errors": (lambda bot: (bot.error(method), bot.error(method)), "already"),
    "a pattern twice": (lambda bot: (bot.text("teh")(fine), bot.text("teh")(fine)), "'teh' has a handler already"),
    "a button twice": (lambda bot: (bot.postback("Beli")(fine), bot.postback(" beli")(fine)), "already"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_what_would_never_be_called_is_refused_in_words(slip: str) -> None:
    add, words = SLIPS[slip]
    with pytest.raises(InvalidParameter, match=words):
        add(made())


async def test_bare_and_called_decorators_do_the_same(seen: Seen) -> None:
    bot, other = made(), made()
    for mark, called in ((bot.event, other.event()), (bot.fallback, other.fallback())):
        handle = seen("seen")
        assert mark(handle) is handle
        assert called(handle) is handle
    errors: list[str] = []

    async def note(event: BotEvent, error: Exception) -> None:
        errors.append(str(error))

    async def fail(event: BotEvent) -> None:
        raise ValueError("broken")

    for one, mark_error in ((bot, bot.error), (other, other.error())):
        assert mark_error(note) is note
        one.event(fail)
        await feed(one, said("halo"))
    assert seen.names == ["seen"] * 4
    assert errors == ["broken", "broken"]


@pytest.mark.parametrize("client", [Qiscus, AsyncQiscus, None, "toko"])
async def test_a_bot_wants_an_async_client(client: Any) -> None:
    given: Any = Qiscus("toko", "rahasia") if client is Qiscus else client
    with pytest.raises(InvalidParameter, match="client: must be an AsyncQiscus"):
        Bot(given, USER)


async def test_a_reply_after_the_end_of_the_client_is_refused_in_words() -> None:
    kept: list[BotMessage] = []
    bot = made()

    @bot.fallback
    async def keep(message: BotMessage) -> None:
        kept.append(message)

    await feed(bot, said("halo"))
    await kept[0].client.aclose()
    with pytest.raises(ClosedClient):
        await kept[0].reply("terlambat")


@pytest.mark.parametrize(
    ("handler", "on_error", "words"),
    [
        (lambda event: None, None, "handler: .* must be an async function"),
        (method, None, "handler: .* must take event, and nothing else"),
        (fine, fine, "on_error: .* must take event and error"),
        (fine, 5, "on_error: 5 must be a function"),
    ],
)
def test_a_receiver_says_so_too(handler: Any, on_error: Any, words: str) -> None:
    with pytest.raises(InvalidParameter, match=words):
        Receiver(handler, on_error=on_error)


def test_unfit_settings_are_refused() -> None:
    for settings in ({"command_prefix": ""}, {"command_prefix": "/ "}, {"queue_size": 0}, {"answer_rest": "no"}):
        with pytest.raises(InvalidParameter):
            made(**settings)
    for user_id in ("", " ", 5):
        with pytest.raises(InvalidParameter, match="user_id"):
            Bot(AsyncQiscus("toko", "rahasia"), user_id)  # type: ignore[arg-type]


# --- Against the sandbox


async def answer_help(event: BotMessage) -> None:
    await event.reply("Ketik /pesanan dan nomornya.")


async def test_a_bot_is_tested_in_nine_lines(nusantara_sandbox: Any, sandbox_env: Any) -> None:
    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, "asisten@tehsenja.example")
        bot.command("help")(answer_help)
        async with bot.serving() as url:
            nusantara_sandbox.qiscus.webhook_url = url
            nusantara_sandbox.qiscus.user_writes(41003, "sinta.maheswari@pelanggan.example", "/help")
            await nusantara_sandbox.qiscus.delivered()
    assert nusantara_sandbox.qiscus.comments(41003)[-1].message == "Ketik /pesanan dan nomornya."


BOT = "asisten@tehsenja.example"
SINTA = "sinta.maheswari@pelanggan.example"
ROOM = 41003


@pytest.fixture
def shop(nusantara_sandbox: Sandbox, sandbox_env: dict[str, str]) -> Any:
    return nusantara_sandbox.qiscus


def messages(shop: Any, count: int) -> list[str]:
    return [comment.message for comment in shop.comments(ROOM)[-count:]]


@pytest.mark.parametrize("edition", ["live", "documented"])
async def test_a_talk_with_buttons(shop: Any, edition: str) -> None:
    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, BOT, dedup_store=MemoryDedupStore())

        @bot.command("menu")
        async def menu(event: BotMessage) -> None:
            button = payloads.Button.postback("Batal", "https://bot.example", payload={"action": "cancel"})
            await event.reply(payloads.Buttons(text="Mau apa?", buttons=[button]))

        @bot.postback(data={"action": "cancel"})
        async def cancel(event: BotMessage) -> None:
            await event.reply(f"Dibatalkan, {event.sender.name}.")

        @bot.fallback
        async def shrug(event: BotMessage) -> None:
            await event.reply("Maaf, saya belum mengerti.")

        async with bot.serving() as url:
            shop.edition = edition
            shop.webhook_url = url
            shop.user_writes(ROOM, SINTA, "/menu")
            await shop.delivered()
            await bot.idle()
            shop.user_presses(shop.comments(ROOM)[-1].id, SINTA, "Batal")
            await shop.delivered()
            await bot.idle()
            shop.user_writes(ROOM, SINTA, {"name": "Monas", "address": "", "latitude": -6.17, "longitude": 106.82})
            await shop.delivered()
            await bot.idle()
            # Long enough for the bot to hear of its own messages, too.
            await shop.delivered()
    assert shop.comments(ROOM)[-6].message == "/menu"
    assert messages(shop, 4)[0:2] == ["Batal", "Dibatalkan, Sinta Maheswari."]
    assert messages(shop, 1) == ["Maaf, saya belum mengerti."]
    assert {comment.email for comment in shop.comments(ROOM)[-6::2]} == {SINTA}


async def test_what_the_sandbox_signs_is_accepted(shop: Any) -> None:
    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, BOT, signature_key="kunci", max_age=300)
        bot.text("halo")(answer_help)
        async with bot.serving() as url:
            shop.webhook_url, shop.webhook_secret, shop.webhook_attempts = url, "kunci", 1
            shop.user_writes(ROOM, SINTA, "halo")
            await shop.delivered()
            await bot.idle()
            shop.webhook_secret = "kunci lain"
            shop.user_writes(ROOM, SINTA, "halo")
            await shop.delivered()
    assert messages(shop, 3) == ["halo", "Ketik /pesanan dan nomornya.", "halo"]
    assert bot.receiver.counts.refused == {401: 1}


async def test_a_reply_whose_answer_is_lost_is_there_once(shop: Any, nusantara_sandbox: Sandbox) -> None:
    nusantara_sandbox.faults.add(Fault.drop_after_execute(), operation="post_comment")
    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, BOT)
        bot.command("help")(answer_help)
        async with bot.serving() as url:
            shop.webhook_url = url
            shop.user_writes(ROOM, SINTA, "/help")
            await shop.delivered()
    assert messages(shop, 2) == ["/help", "Ketik /pesanan dan nomornya."]
    assert bot.receiver.counts.failed == 0


async def test_a_refused_reply_is_an_error_of_the_handler(shop: Any) -> None:
    errors: list[Exception] = []
    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, "nobody@toko.example")
        bot.command("help")(answer_help)

        @bot.error
        async def note(event: BotEvent, error: Exception) -> None:
            errors.append(error)

        async with bot.serving() as url:
            shop.webhook_url = url
            shop.user_writes(ROOM, SINTA, "/help")
            await shop.delivered()
    [error] = errors
    assert isinstance(error, NusantaraError)
    assert "post_comment" in str(error)


async def test_the_sandbox_tries_again_when_the_queue_is_full(shop: Any) -> None:
    gate, texts = asyncio.Event(), []
    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, BOT, queue_size=1, dedup_store=MemoryDedupStore())

        @bot.fallback
        async def slow(event: BotMessage) -> None:
            await gate.wait()
            texts.append(event.text)

        async with bot.serving() as url:
            shop.webhook_url, shop.webhook_attempts, shop.webhook_retry_delay = url, 10, 0.02
            shop.user_writes(ROOM, SINTA, "satu")
            await shop.delivered()
            shop.user_writes(ROOM, SINTA, "dua")
            asyncio.get_running_loop().call_later(0.1, gate.set)
            await shop.delivered()
    assert texts == ["satu", "dua"]
    assert bot.receiver.counts.refused[503] >= 1


async def test_a_bot_lives_in_an_application(shop: Any) -> None:
    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, BOT)
        bot.command("help")(answer_help)
        app = web.Application()
        bot.attach(app)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        shop.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}{bot.receiver.path}"
        shop.user_writes(ROOM, SINTA, "/help")
        await shop.delivered()
        await runner.cleanup()
        assert not qiscus.closed
    assert messages(shop, 1) == ["Ketik /pesanan dan nomornya."]


async def test_a_bot_may_serve_again(shop: Any) -> None:
    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, BOT)
        bot.command("help")(answer_help)
        for _ in range(2):
            async with bot.serving() as url:
                shop.webhook_url = url
                shop.user_writes(ROOM, SINTA, "/help")
                await shop.delivered()
            with pytest.raises(aiohttp.ClientConnectorError):
                async with aiohttp.ClientSession() as session:
                    await session.post(url)
    assert bot.receiver.counts.handled >= 2
    assert messages(shop, 4) == ["/help", "Ketik /pesanan dan nomornya."] * 2


def test_the_repr_of_a_bot_shows_no_secret() -> None:
    bot = made()
    assert bot.receiver.path.rpartition("/")[2] not in repr(bot)
    assert "rahasia" not in repr(bot)
