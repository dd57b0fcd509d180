"""What costs money or speaks for somebody, each operation under every fault that hides an answer: 0 repeats."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import attrs
import pytest
from support.faults import Seen, outcome_of
from support.flavours import Flavour
from support.market import open_lapak, save_address
from support.raw import Received, Wire

from bukalapak_async import AsyncBukalapak, Bukalapak
from bukalapak_async.sandbox.seed import MAIN_USER_ID, PARTNER_ID
from bukalapak_async.sandbox.state import Message
from kaskus_async import AsyncKaskus, Kaskus
from kaskus_async.sandbox.stores.mail import INBOX
from nusantara.errors import ApiError, BadResponse, ClosedClient, NusantaraError, OutcomeUnknown, ServerError
from nusantara.options import Timeouts
from nusantara.sandbox import Fault, Sandbox
from nusantara.sandbox.faults import FaultStage
from qiscus_async import AsyncQiscus, Qiscus
from qiscus_async.payloads import CustomEvent
from qiscus_async.sandbox.settings import Duplicates

Client = Flavour[Any]
Open = Callable[..., Client]

QUICK = Timeouts(first_byte=0.15, idle_read=0.15, total=0.6)

LOST = {
    "a reset after the headers": Fault.reset_after_headers(),
    "a reset after the request is read": Fault.reset_after_read(),
    "a close after the request is read": Fault.close_after_read(),
    "a close after it is done": Fault.drop_after_execute(),
    "a reset after it is done": Fault.reset_after_execute(),
    "silence after it is done": Fault.stall_before_answer(),
    "silence in the answer's body": Fault.stall_mid_body(),
    "a reset in the answer's body": Fault.reset_mid_body(5),
    "an answer cut short": Fault.cut_body(5),
    "a chunked answer cut short": Fault.cut_chunked(5),
    "garbage after it is done": Fault.garbage(b"\x00\x01tidak jelas\r\n\r\n", execute=True),
    "the caller's deadline": Fault.drip(0.1),
}
"""No usable answer comes, and the client cannot know whether it was done."""
ANSWERED = {
    "503 after it is done": Fault.html(503, execute=True),
    "500 after it is done": Fault.answer(500, b"{}", execute=True),
    "a redirect after it is done": Fault.answer(302, headers={"Location": "/"}, execute=True),
    "an answer in no encoding": Fault.wrong_encoding(),
    "an answer too large": Fault.endless_body(execute=True),
}
"""An answer comes that does not say that it was done."""


@attrs.frozen
class Risky:
    """One operation on its way through all faults."""

    path: str
    """Ends the path of its requests."""
    act: Callable[[int], Awaitable[Any]]
    """Does it, marked with a number."""
    made: Callable[[int], Awaitable[int]]
    """How often what has this number is there."""


Prepare = Callable[[Open, Sandbox], Awaitable[Risky]]


@pytest.fixture
async def open_vendor(flavour: str, nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Makes clients of the test's flavour for the sandbox: ``open_vendor("kaskus", "partner", timeout=...)``."""
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)
    opened: list[Client] = []
    all_keys = nusantara_sandbox.credentials

    def open_one(vendor: str, who: str | None = None, **settings: Any) -> Client:
        keys = all_keys[vendor]
        user = keys[who] if who else keys
        settings["base_url"] = nusantara_sandbox.base_url
        sync = flavour == "sync"
        client: Any
        if vendor == "kaskus":
            settings |= {name: user[name] for name in ("token", "token_secret")}
            client = (Kaskus if sync else AsyncKaskus)(keys["consumer_key"], keys["consumer_secret"], **settings)
        elif vendor == "bukalapak":
            client = (Bukalapak if sync else AsyncBukalapak)(user["user_id"], user["token"], **settings)
        else:
            settings["settling_time"] = 0.02
            client = (Qiscus if sync else AsyncQiscus)(user["app_id"], user["secret_key"], **settings)
        opened.append(Flavour(flavour, client))
        return opened[-1]

    yield open_one
    nusantara_sandbox.faults.clear()
    for one in opened:
        await one.close()


def counted(count: Callable[[int], int]) -> Callable[[int], Awaitable[int]]:
    async def made(number: int) -> int:
        return count(number)

    return made


# --- KASKUS: buying, paying out, posting


async def kaskus_buy(open_vendor: Open, sandbox: Sandbox) -> Risky:
    seller, buyer = open_vendor("kaskus"), open_vendor("kaskus", "partner", timeout=QUICK)
    lapak, address_id = await open_lapak(seller), await save_address(buyer)
    market = sandbox.kaskus.market
    return Risky(
        "/buy_now",
        lambda n: buyer(
            lambda k: k.fjb.purchases.buy_now(lapak, 1, message=f"tanda {n}", address_id=address_id, shipping_agent=2)
        ),
        counted(lambda n: sum(invoice.order.message == f"tanda {n}" for invoice in market.invoices.values())),
    )


async def kaskus_pay_out(open_vendor: Open, sandbox: Sandbox) -> Risky:
    owner = open_vendor("kaskus", "partner", timeout=QUICK)
    keys = sandbox.credentials["kaskus"]["partner"]
    account = (await owner(lambda k: k.bank_accounts.mine()))["data"][0]["id"]
    wallets = sandbox.kaskus.market.wallets
    return Risky(
        "/redemption",
        lambda n: owner(lambda k: k.wallet.redeem(1_000 + n, str(account), keys["password"])),
        counted(lambda n: [one.amount for one in wallets.transactions(keys["userid"])].count(-1_000 - n)),
    )


async def kaskus_post(open_vendor: Open, sandbox: Sandbox) -> Risky:
    writer = open_vendor("kaskus", timeout=QUICK)
    thread_id = (await open_vendor("kaskus")(lambda k: k.threads.create(21, "Uji coba", "Mulai"))).thread_id
    board = sandbox.kaskus.board
    return Risky(
        "/forum_post",
        lambda n: writer(lambda k: k.posts.create(thread_id, f"tanda {n}")),
        counted(lambda n: [post.pagetext for post in board.posts_of(board.threads[thread_id])].count(f"tanda {n}")),
    )


async def kaskus_open_thread(open_vendor: Open, sandbox: Sandbox) -> Risky:
    writer = open_vendor("kaskus", timeout=QUICK)
    board = sandbox.kaskus.board
    return Risky(
        "/forum_thread",
        lambda n: writer(lambda k: k.threads.create(21, f"tanda {n}", "Mulai")),
        counted(lambda n: [thread.title for thread in board.threads.values()].count(f"tanda {n}")),
    )


async def kaskus_write_to_somebody(open_vendor: Open, sandbox: Sandbox) -> Risky:
    writer = open_vendor("kaskus", timeout=QUICK)
    reader = sandbox.credentials["kaskus"]["partner"]
    mail = sandbox.kaskus.mail
    return Risky(
        "/pm",
        lambda n: writer(lambda k: k.private_messages.send([reader["username"]], f"tanda {n}", "Halo")),
        counted(lambda n: [one.subject for one in mail.folder(reader["userid"], INBOX)].count(f"tanda {n}")),
    )


# --- Bukalapak: creating and deleting


async def bukalapak_create(open_vendor: Open, sandbox: Sandbox) -> Risky:
    writer = open_vendor("bukalapak", timeout=QUICK)
    state = sandbox.bukalapak
    return Risky(
        "/messages.json",
        lambda n: writer(lambda b: b.messages.create(PARTNER_ID, f"tanda {n}")),
        counted(lambda n: [message.body_bb for message in state.messages].count(f"tanda {n}")),
    )


# --- Qiscus: posting, broadcasting, importing


def commented(sandbox: Sandbox, number: int) -> int:
    return [comment.message for comment in sandbox.qiscus.data.all_comments()].count(f"tanda {number}")


async def qiscus_post(open_vendor: Open, sandbox: Sandbox) -> Risky:
    writer = open_vendor("qiscus", timeout=QUICK)
    room = next(room for room in sandbox.qiscus.data.rooms if room.participants)
    return Risky(
        "/post_comment",
        lambda n: writer(lambda q: q.messages.post(room.id, room.participants[0], f"tanda {n}")),
        counted(lambda n: commented(sandbox, n)),
    )


async def qiscus_system_event(open_vendor: Open, sandbox: Sandbox) -> Risky:
    writer = open_vendor("qiscus", timeout=QUICK)
    room = next(room for room in sandbox.qiscus.data.rooms if room.participants)
    return Risky(
        "/post_system_event_message",
        lambda n: writer(lambda q: q.messages.post_system_event(room.id, CustomEvent(message=f"tanda {n}"))),
        counted(lambda n: commented(sandbox, n)),
    )


async def qiscus_broadcast(open_vendor: Open, sandbox: Sandbox) -> Risky:
    writer = open_vendor("qiscus", timeout=QUICK)
    sender, *receivers = [user.email for user in sandbox.qiscus.data.users][:4]

    def made(number: int) -> int:
        to_all, more = divmod(commented(sandbox, number), len(receivers))
        assert more == 0
        return to_all

    return Risky(
        "/broadcast", lambda n: writer(lambda q: q.messages.broadcast(sender, receivers, f"tanda {n}")), counted(made)
    )


async def qiscus_import(open_vendor: Open, sandbox: Sandbox) -> Risky:
    writer, reader = open_vendor("qiscus", timeout=QUICK), open_vendor("qiscus")
    before = 0

    def file(number: int) -> bytes:
        name = f"tanda-{number}"
        when = "2024-01-01T00:00:00Z"
        row = {"email": name, "name": name, "authentication_token": name, "password": name, "created_at": when}
        return json.dumps([{**row, "avatar_url": ""}]).encode()

    async def made(number: int) -> int:
        nonlocal before
        count = len(await reader.items(lambda q: q.imports.history()))
        before, new = count, count - before
        return new

    await made(0)
    return Risky("/imports", lambda n: writer(lambda q: q.imports.create("users", file(n))), made)


RISKY: dict[str, Prepare] = {
    "KASKUS, buying": kaskus_buy,
    "KASKUS, paying out": kaskus_pay_out,
    "KASKUS, posting": kaskus_post,
    "KASKUS, opening a thread": kaskus_open_thread,
    "KASKUS, writing to somebody": kaskus_write_to_somebody,
    "Bukalapak, creating": bukalapak_create,
    "Qiscus, a line of the system": qiscus_system_event,
    "Qiscus, broadcasting": qiscus_broadcast,
    "Qiscus, importing": qiscus_import,
}


async def through_all(risky: Risky, sandbox: Sandbox) -> AsyncIterator[tuple[str, Fault, int, int, Any]]:
    """For each fault: its name, itself, requests, how often it was made, and the error if there was one."""
    for number, (name, fault) in enumerate((LOST | ANSWERED).items(), start=1):
        before = len(sandbox.requests)
        with sandbox.faults.add(fault, path=f"*{risky.path}", method="POST", times=1) as active:
            error: NusantaraError | None = None
            try:
                await risky.act(number)
            except NusantaraError as caught:
                error = caught
            requests = sum(one.path.endswith(risky.path) and one.method == "POST" for one in sandbox.requests[before:])
            assert active.fired == 1, name
        yield name, fault, requests, await risky.made(number), error


@pytest.mark.parametrize("name", list(RISKY))
async def test_g07_never_twice(open_vendor: Open, nusantara_sandbox: Sandbox, seen: Seen, name: str) -> None:
    """An unrepeatable operation is one request whatever becomes of it, and an unknown outcome is called so."""
    risky = await RISKY[name](open_vendor, nusantara_sandbox)
    repeats = unsaid = 0
    outcomes: dict[str, None] = {}
    async for what, fault, requests, made, error in through_all(risky, nusantara_sandbox):
        assert requests == 1, what
        assert made == (fault.stage is FaultStage.EXECUTED), what
        repeats += max(made - 1, 0) + requests - 1
        expected = OutcomeUnknown if what in LOST else (ServerError, BadResponse, OutcomeUnknown, ApiError)
        assert isinstance(error, expected), (what, error)
        assert error.sent != "no", what
        unsaid += error is None
        outcomes[outcome_of(error)] = None
    assert (repeats, unsaid) == (0, 0)
    await risky.act(99)
    assert await risky.made(99) == 1
    seen(f"{repeats} repeats at the sandbox; " + "; ".join(outcomes), f"{len(LOST | ANSWERED)} faults, {name}")


@pytest.mark.only("async", why="a thread that waits cannot be cancelled; Ctrl-C is a row of its own")
@pytest.mark.parametrize("flavour", ["async"])
@pytest.mark.parametrize("name", list(RISKY))
async def test_g07_never_again_after_a_cancellation(
    open_vendor: Open, nusantara_sandbox: Sandbox, seen: Seen, name: str
) -> None:
    risky = await RISKY[name](open_vendor, nusantara_sandbox)
    before = len(nusantara_sandbox.requests)
    with nusantara_sandbox.faults.add(Fault.latency(0.1), path=f"*{risky.path}", method="POST"):
        call = asyncio.ensure_future(risky.act(1))
        while not any(one.path.endswith(risky.path) for one in nusantara_sandbox.requests[before:]):
            await asyncio.sleep(0.005)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.sleep(0.15)
    requests = sum(one.path.endswith(risky.path) for one in nusantara_sandbox.requests[before:])
    assert requests == 1
    assert await risky.made(1) <= 1
    seen(f"{requests} request, then cancelled, {requests - 1} repeats")


@pytest.mark.parametrize("duplicates", list(Duplicates))
async def test_g07_a_comment_is_posted_exactly_once(
    open_vendor: Open, nusantara_sandbox: Sandbox, seen: Seen, duplicates: Duplicates
) -> None:
    """Its mark is looked for, so that each loss ends in a comment that is there, once, or in words that it may be.

    So it is whatever the server does with a second comment of the same mark.
    """
    nusantara_sandbox.qiscus.duplicates = duplicates
    risky = await qiscus_post(open_vendor, nusantara_sandbox)
    repeats = posted = 0
    async for what, _, _, made, error in through_all(risky, nusantara_sandbox):
        assert made <= 1, what
        assert made == 1 or error is not None, what
        if error is not None:
            assert isinstance(error, OutcomeUnknown | ServerError | BadResponse), (what, error)
        repeats += max(made - 1, 0)
        posted += error is None
    assert posted >= len(LOST) - 1
    seen(f"{repeats} repeats at the sandbox; {posted} of {len(LOST | ANSWERED)} posted in the end, once")


@pytest.mark.parametrize("read", [True, False], ids=["read", "write"])
async def test_g07_a_client_closed_while_a_call_is_under_way(
    open_client: Any, serve: Any, seen: Seen, monkeypatch: pytest.MonkeyPatch, read: bool
) -> None:
    monkeypatch.setattr("nusantara.transport.session.CLOSING_GRACE", 0.05)

    async def hang(wire: Wire, request: Received) -> None:
        await asyncio.sleep(30)

    server = await serve(hang)
    client: Client = open_client(server.base_url)
    call = asyncio.ensure_future(client(lambda c: c.request("GET" if read else "POST", "/")))
    while not server.requests:
        await asyncio.sleep(0.005)
    await client.close()
    with pytest.raises(ClosedClient if read else OutcomeUnknown) as caught:
        await call
    assert caught.value.sent == "maybe"
    assert len(server.requests) == 1
    seen(caught.value, "closed while under way")


@pytest.mark.parametrize("what", ["a message", "a conversation"])
async def test_g07_bukalapak_deletes_once(open_vendor: Open, nusantara_sandbox: Sandbox, seen: Seen, what: str) -> None:
    """A deletion may be tried again, since only the same thing could be deleted by it; nothing else ever is."""
    cleaner = open_vendor("bukalapak", timeout=QUICK)
    state = nusantara_sandbox.bukalapak
    users = [user.id for user in state.users if user.id != MAIN_USER_ID]
    more_deleted = requests = unsaid = 0

    async def delete(sent: Message) -> Any:
        if what == "a conversation":
            return await cleaner(lambda b: b.messages.delete_conversation(sent.inbox_id))
        return await cleaner(lambda b: b.messages.delete(sent.id))

    for number, (name, fault) in enumerate(LOST.items()):
        sent = state.send(users[number % len(users)], MAIN_USER_ID, f"tanda {number}")
        gone = {sent.id}
        if what == "a conversation":
            gone = {one.id for one in state.conversation(MAIN_USER_ID, sent.inbox_id).messages}
        there = _visible(state)
        before = len(nusantara_sandbox.requests)
        with nusantara_sandbox.faults.add(fault, method="DELETE", times=1):
            try:
                await delete(sent)
            except (ApiError, OutcomeUnknown) as error:
                # The second try finds nothing to delete, which the error's attempts tell.
                unsaid += error.sent == "no"
        requests = max(requests, len(nusantara_sandbox.requests) - before)
        assert there - _visible(state) == gone, name
        more_deleted += len(there - _visible(state) - gone)
    assert (requests, unsaid) == (2, 0)
    seen(f"{more_deleted} other messages deleted, at most {requests} requests for {what}", f"{len(LOST)} faults")


def _visible(state: Any) -> set[str]:
    return {one.id for one in state.messages if MAIN_USER_ID not in one.hidden_from}
