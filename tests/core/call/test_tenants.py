"""Copies of a client for tenants: kept apart, told apart, closed apart."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import time
import tracemalloc
import warnings
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest
from support.flavours import FLAVOURS, Flavour
from support.raw import RawServer, Received, Script, Wire

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus, Kaskus
from nusantara.errors import ClosedClient, ConfigurationError, InvalidParameter
from nusantara.hooks import CallEvent, Event, Hooks
from nusantara.limits import RateLimit, RateLimits
from nusantara.sandbox import Sandbox
from nusantara.secret import Secret
from nusantara.sync.portal import shared
from qiscus_async import AsyncQiscus, Qiscus

CLIENTS: dict[str, dict[str, Callable[..., Any]]] = {
    "bukalapak": {"async": AsyncBukalapak, "sync": Bukalapak},
    "kaskus": {"async": AsyncKaskus, "sync": Kaskus},
    "qiscus": {"async": AsyncQiscus, "sync": Qiscus},
}
COPIES: dict[str, str] = {"bukalapak": "with_user", "kaskus": "with_token", "qiscus": "with_app"}
ANSWERS: dict[str, Any] = {"bukalapak": {"status": "OK"}, "kaskus": {"a": 1}, "qiscus": {"results": {}}}

Serve = Callable[[Script], Awaitable[RawServer]]
Open = Callable[..., Flavour[Any]]


@pytest.fixture(params=CLIENTS)
def vendor(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    servers: list[RawServer] = []

    async def start(script: Script) -> RawServer:
        servers.append(await RawServer(script).__aenter__())
        return servers[-1]

    yield start
    for server in servers:
        await server.__aexit__(None, None, None)


@pytest.fixture
async def open_client(vendor: str, flavour: str) -> AsyncIterator[Open]:
    opened: list[Flavour[Any]] = []

    def open_one(base_url: str, **settings: Any) -> Flavour[Any]:
        client = CLIENTS[vendor][flavour]("utama", "rahasia-utama-1945", base_url=base_url, **settings)
        opened.append(Flavour(flavour, client))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()


def tenant(client: Any, number: int, **settings: Any) -> Any:
    """A copy for a tenant."""
    return getattr(client, COPIES[client.vendor])(f"toko-{number}", f"rahasia-{number}-1945", **settings)


async def call(client: Flavour[Any], copy: Any, path: str = "/v1/x") -> Any:
    return await Flavour(client.name, copy)(lambda shop: shop.request("GET", path))


def answering(vendor: str, seconds: float = 0.0) -> Script:
    async def script(wire: Wire, request: Received) -> None:
        if seconds:
            await asyncio.sleep(seconds)
        await wire.answer(body=ANSWERS[vendor])

    return script


# --- Credentials and hosts


def tenant_of(vendor: str, request: Received) -> str:
    """The number of the tenant whose credentials came, and there are no others anywhere in the request."""
    head = "\n".join([request.target, *request.headers.values()])
    if vendor == "bukalapak":
        head = b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    found = set(re.findall(r"toko-(\d+)|rahasia-(\d+)-1945", head))
    numbers = {one or other for one, other in found}
    assert len(numbers) == 1, "credentials of several tenants"
    assert "utama" not in head.replace('oauth_consumer_key="utama"', "")
    number: str = numbers.pop()
    return number


async def test_300_tenants_on_one_client(
    open_client: Open, serve: Serve, vendor: str, caplog: pytest.LogCaptureFixture
) -> None:
    """No credential is in another tenant's call, and hooks and log say whose call each one was."""
    events: list[Event | CallEvent] = []
    server = await serve(answering(vendor))
    client = open_client(server.base_url, max_connections=10, hooks=Hooks(after=events.append, call=events.append))
    caplog.set_level(logging.DEBUG, f"nusantara.{vendor}")
    limits = RateLimits(3, per=60)
    copies = [
        tenant(client.core, number, rate_limit=limits[number], tags={"tenant": str(number)}) for number in range(300)
    ]

    async def work() -> None:
        await asyncio.gather(*(copies[n % 300].request("GET", f"/{n % 300}") for n in range(900)))

    if client.name == "sync":
        await asyncio.to_thread(shared().run, work)
    else:
        await work()
    assert len(server.requests) == 900
    assert server.connections <= 10
    assert {request.target.strip("/") for request in server.requests} == {str(number) for number in range(300)}
    for request in server.requests:
        assert tenant_of(vendor, request) == request.target.strip("/")
    assert len(events) == 1800
    for event in events:
        assert event.tags == {"tenant": event.template.strip("/")}
    records = [record.__dict__ for record in caplog.records if record.name == f"nusantara.{vendor}"]
    assert len(records) == 900
    assert all(record["tags"] == {"tenant": record["template"].strip("/")} for record in records)


async def test_300_apps_of_the_sandbox() -> None:
    async with Sandbox() as sandbox:
        apps = [sandbox.qiscus.add_app(f"toko-{number}") for number in range(300)]
        own = sandbox.credentials["qiscus"]
        settings: Any = {"base_url": sandbox.base_url, "max_connections": 10}
        async with AsyncQiscus(own["app_id"], own["secret_key"], **settings) as client:
            copies = [client.with_app(app["app_id"], app["secret_key"]) for app in apps]
            await asyncio.gather(
                *(copy.users.login_or_register(f"{copy.app_id}@x.id", username=copy.app_id) for copy in copies)
            )
            for copy in copies[::30]:
                found = [user.email async for user in copy.users.list_all()]
                assert [each for each in found if each.startswith("toko-")] == [f"{copy.app_id}@x.id"]


async def test_300_users_of_the_sandbox() -> None:
    """Each sees what is his: what he wrote, in KASKUS his profile, in Bukalapak his conversation with another."""
    async with Sandbox() as sandbox:
        own = sandbox.credentials["kaskus"]
        members = [sandbox.kaskus.add_application(own["userid"]) for _ in range(150)]
        members += [sandbox.kaskus.add_application(own["partner"]["userid"]) for _ in range(150)]
        settings: Any = {"base_url": sandbox.base_url, "max_connections": 10}
        applications = [AsyncKaskus(each["consumer_key"], each["consumer_secret"], **settings) for each in members]
        copies = [
            application.with_token(each["token"], each["token_secret"])
            for application, each in zip(applications, members, strict=True)
        ]
        profiles = await asyncio.gather(*(copy.account.profile() for copy in copies))
        assert [profile.userid for profile in profiles] == [each["userid"] for each in members]
        await asyncio.gather(*(application.aclose() for application in applications))

        users = [sandbox.bukalapak.add_user(f"toko{number}") for number in range(300)]
        partner = sandbox.credentials["bukalapak"]["user_id"]
        async with AsyncBukalapak(users[0]["user_id"], users[0]["token"], **settings) as bukalapak:
            shops = [bukalapak.with_user(each["user_id"], each["token"]) for each in users]
            await asyncio.gather(
                *(
                    shop.messages.create(partner, f"dari {each['user_id']}")
                    for shop, each in zip(shops, users, strict=True)
                )
            )
            inboxes = await asyncio.gather(*(shop.messages.inbox().collect() for shop in shops))
            assert [[item.last_message for item in inbox] for inbox in inboxes] == [
                [f"dari {each['user_id']}"] for each in users
            ]


@pytest.mark.parametrize("name", COPIES.values())
async def test_a_copy_is_small(name: str) -> None:
    [vendor] = [vendor for vendor, copier in COPIES.items() if copier == name]
    client = CLIENTS[vendor]["async"]("utama", "rahasia-utama-1945")
    for make in (lambda: tenant(client, 7), client.with_options):
        make()
        gc.collect()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            kept = [make() for _ in range(300)]
            assert (tracemalloc.get_traced_memory()[0] - before) / len(kept) < 2_048
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("with_user", (None, "x"), "user_id: must be a number or text"),
        ("with_user", ("a:b", "x"), "user_id: cannot hold a colon"),
        ("with_user", ("7", "x\n"), "token: ends with a line break"),
        ("with_user", ("7", None), "token: must be text"),
        ("with_token", ("", "x"), "token: must not be empty"),
        ("with_token", (None, "x"), "token: is missing"),
        ("with_token", ("a", None), "token_secret: is missing"),
        ("with_token", ("a", Secret("***")), "token_secret: is what is shown in place of a secret"),
        ("with_app", ("a.b", "x"), "app_id: must be letters, digits and hyphens"),
        ("with_app", ("a", "x y"), "secret_key: must be letters"),
        ("with_app", ("a", None), "secret_key: must be text"),
    ],
)
async def test_a_copy_checks_what_the_constructor_checks(
    name: str, given: tuple[Any, Any], problem: str, flavour: str
) -> None:
    [vendor] = [vendor for vendor, copier in COPIES.items() if copier == name]
    client = CLIENTS[vendor][flavour]("utama", "rahasia-utama-1945")
    with pytest.raises(InvalidParameter, match=problem):
        getattr(client, name)(*given)
    wrong: list[dict[str, Any]] = [{"tags": {"a b": "x"}}, {"rate_limit": 5}]
    for settings, parameter in zip(wrong, ("tags", "rate_limit"), strict=True):
        with pytest.raises(InvalidParameter, match=rf"^{parameter}: "):
            tenant(client, 1, **settings)


async def test_an_app_has_a_host_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    client = AsyncQiscus("utama", "rahasia")
    assert client.with_app("toko-1", "rahasia-1").base_url == "https://toko-1.qiscus.com"
    assert client.with_app("toko-1", "rahasia-1").with_app("toko-2", "x").base_url == "https://toko-2.qiscus.com"
    assert client.with_app("toko-1", "rahasia-1").app_id == "toko-1"
    assert client.app_id == "utama"
    one_for_all = AsyncQiscus("utama", "rahasia", shared_host=True)
    assert one_for_all.with_app("toko-1", "x").base_url == "https://api.qiscus.com"
    gateway = AsyncQiscus("utama", "rahasia", base_url="https://gerbang.example/q")
    assert gateway.with_app("toko-1", "x").base_url == "https://gerbang.example/q"
    monkeypatch.setenv("HTTPS_PROXY", "http://wakil.example:3128")
    monkeypatch.setenv("NO_PROXY", "utama.qiscus.com")
    client = AsyncQiscus("utama", "rahasia")
    assert client._shared.host.proxy is None
    assert client.with_app("toko-1", "x")._shared.host.proxy == "http://wakil.example:3128"
    assert AsyncQiscus("utama", "rahasia", proxy=None).with_app("toko-1", "x")._shared.host.proxy is None


async def test_a_connection_serves_one_host_only(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each app's host is a server of its own here, and hears of no other app, on either way."""
    for way in ("direct", "aiohttp"):
        monkeypatch.setenv("NUSANTARA_TRANSPORT", way)
        servers = [await serve(answering("qiscus")) for _ in range(5)]
        hosts = {f"toko-{number}": server.base_url for number, server in enumerate(servers)}
        monkeypatch.setattr(
            "qiscus_async.client._own_host", lambda app, hosts=hosts: hosts.get(app, "https://x.example")
        )
        async with AsyncQiscus("utama", "rahasia-utama-1945", max_connections=3) as client:
            copies = [tenant(client, number) for number in range(5)]
            for _ in range(4):
                await asyncio.gather(*(copy.request("GET", "/x") for copy in copies))
            for number, server in enumerate(servers):
                assert len(server.requests) == 4
                assert {request.headers["qiscus-sdk-secret"] for request in server.requests} == {
                    f"rahasia-{number}-1945"
                }
            opened = client._shared.session._opened
            assert opened is not None
            assert sum(len(connector.idle) for connector in opened._connectors) <= 3


async def test_kaskus_needs_a_consumer(flavour: str) -> None:
    client = CLIENTS["kaskus"][flavour].with_oauth2("id", "rahasia")  # type: ignore[attr-defined]
    with pytest.raises(ConfigurationError, match="consumer key"):
        client.with_token("a", "b")


# --- Limits


async def test_the_limit_of_one_is_not_that_of_another(open_client: Open, serve: Serve, vendor: str) -> None:
    server = await serve(answering(vendor))
    own = RateLimit(1, per=60)
    client = open_client(server.base_url, rate_limit=own, timeout=5)
    await call(client, client.client)
    limits = RateLimits(1, per=60)
    copies = [tenant(client.client, number, rate_limit=limits[f"toko-{number}"]) for number in range(10)]
    await asyncio.gather(*(call(client, copy) for copy in copies))
    without = client.client.with_options(rate_limit=None)
    await call(client, without)
    assert len(server.requests) == 12
    inherited = tenant(client.client, 1)
    found = inherited if client.name == "async" else inherited._impl
    assert (found._shared.rate_limit is own) == (vendor == "kaskus")


@pytest.mark.parametrize("limited", [True, False], ids=["limited", "without a limit"])
async def test_a_quiet_tenant_hardly_waits_for_a_noisy_one(
    open_client: Open, serve: Serve, vendor: str, limited: bool
) -> None:
    """1,000 calls of another queue, and there are two connections."""
    server = await serve(answering(vendor, 0.002))
    client = open_client(server.base_url, max_connections=2)
    limits = RateLimits(200, per=1.0)
    noisy = tenant(client.core, 1, rate_limit=limits["noisy"] if limited else None)
    quiet = tenant(client.core, 2, rate_limit=limits["quiet"] if limited else None)

    async def measure() -> float:
        tasks = [asyncio.create_task(noisy.request("GET", "/noisy")) for _ in range(1_000)]
        try:
            await asyncio.sleep(0.1)
            times = []
            for _ in range(5):
                started = time.perf_counter()
                await quiet.request("GET", "/quiet")
                times.append(time.perf_counter() - started)
                await asyncio.sleep(0.02)
            return min(times)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    if client.name == "sync":
        best = await asyncio.to_thread(shared().run, measure)
    else:
        best = await measure()
    assert best < 0.05
    assert sum(request.target == "/noisy" for request in server.requests) < 900


# --- Tags


async def test_tags_say_whose_call_it_is(
    open_client: Open, serve: Serve, vendor: str, caplog: pytest.LogCaptureFixture
) -> None:
    server = await serve(answering(vendor))
    events: list[Event | CallEvent] = []
    hooks = Hooks(before=events.append, after=events.append, call=events.append)
    client = open_client(server.base_url, hooks=hooks, tags={"service": "toko"})
    caplog.set_level(logging.DEBUG, f"nusantara.{vendor}")
    copy = tenant(client.client, 3, tags={"tenant": "toko-3"}).with_options(tags={"plan": "besar"})
    await call(client, copy)
    expected = {"service": "toko", "tenant": "toko-3", "plan": "besar"}
    assert [event.tags for event in events] == [expected] * 3
    [record] = [record for record in caplog.records if record.name == f"nusantara.{vendor}"]
    assert record.__dict__["tags"] == expected
    assert {record.__dict__["call_id"]} == {event.call_id for event in events}
    await call(client, client.client)
    assert events[-1].tags == {"service": "toko"}


@pytest.mark.parametrize(
    "tags",
    [
        "tenant",
        [("a", "b")],
        {1: "a"},
        {"": "a"},
        {"a b": "x"},
        {"ä": "x"},
        {"a": 1},
        {"a": None},
        {"a": Secret("rahasia")},
        {"a": "x\n"},
        {"a": "x" * 257},
        {"a" * 65: "x"},
        {f"a{number}": "x" for number in range(17)},
    ],
    ids=repr,
)
async def test_tags_are_bounded(tags: Any) -> None:
    with pytest.raises(InvalidParameter, match=r"^tags"):
        AsyncBukalapak(tags=tags)
    client = AsyncBukalapak("6", "rahasia")
    with pytest.raises(InvalidParameter, match=r"^tags"):
        client.with_options(tags=tags)


async def test_tags_are_taken_as_they_are_now() -> None:
    given: dict[str, str] = {"tenant": "a"}
    client = AsyncBukalapak("6", "rahasia", tags=given)
    given["tenant"] = "b"
    tags: Mapping[str, str] = client._shared.tags
    assert tags == {"tenant": "a"}
    assert client.with_options(tags={"x": "y"})._shared.tags == {"tenant": "a", "x": "y"}
    with pytest.raises(InvalidParameter, match="there may be 16"):
        client.with_options(tags={f"a{number}": "x" for number in range(16)})


@pytest.mark.parametrize(
    ("setting", "value"),
    [("hooks", 5), ("hooks", [Hooks(), 5]), ("rate_limit", 5), ("rate_limit", RateLimits(5)), ("hooks", print)],
)
async def test_what_is_no_such_setting_is_refused(setting: Any, value: Any) -> None:
    with pytest.raises(InvalidParameter, match=rf"^{setting}: must be "):
        AsyncBukalapak("6", "rahasia", **{setting: value})
    with pytest.raises(InvalidParameter, match=rf"^{setting}: must be "):
        AsyncBukalapak("6", "rahasia").with_options(**{setting: value})


# --- Closing


async def test_closing_a_tenants_copy_ends_it_alone(open_client: Open, serve: Serve, vendor: str) -> None:
    server = await serve(answering(vendor))
    client = open_client(server.base_url)
    one, two = tenant(client.client, 1), tenant(client.client, 2)
    copy = one.with_options(timeout=5, tags={"a": "b"})
    await call(client, one)
    await Flavour(client.name, one).close()
    assert (one.closed, copy.closed, two.closed, client.client.closed) == (True, True, False, False)
    for ended in (one, copy):
        with pytest.raises(ClosedClient):
            await call(client, ended)
    await call(client, two)
    await call(client, client.client)
    assert server.connections == 1
    await client.close()
    assert two.closed
    with pytest.raises(ClosedClient):
        await call(client, two)


async def test_a_copy_of_a_copy_with_other_settings_belongs_to_the_first(
    open_client: Open, serve: Serve, vendor: str
) -> None:
    server = await serve(answering(vendor))
    client = open_client(server.base_url)
    one = tenant(client.client.with_options(timeout=5), 1)
    gc.collect()
    await call(client, one)
    await Flavour(client.name, one).close()
    await call(client, client.client)


async def test_the_last_copy_closes_the_connections_of_a_client_that_is_gone(
    serve: Serve, vendor: str, flavour: str
) -> None:
    server = await serve(answering(vendor))
    client = CLIENTS[vendor][flavour]("utama", "rahasia-utama-1945", base_url=server.base_url)
    one: Flavour[Any] = Flavour(flavour, tenant(client, 1))
    await one(lambda shop: shop.request("GET", "/x"))
    del client
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gc.collect()
        await one.close()
        del one
        gc.collect()
