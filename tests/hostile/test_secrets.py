"""No credential shows: whatever a program logs, prints, pickles, copies or sends to an error tracker."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from hostile.conftest import Serve
from support.canaries import Watch, chain_of, frames_of
from support.faults import Seen
from support.flavours import Flavour
from support.raw import Received, Wire

from bukalapak_async import AsyncBukalapak, Bukalapak
from bukalapak_async.models import Login
from kaskus_async import AsyncKaskus, Kaskus
from kaskus_async.models.auth import IssuedToken, RequestToken, UserToken
from nusantara import codec
from nusantara.errors import InvalidParameter, NusantaraError
from nusantara.hooks import Event, Hooks
from nusantara.model import Model
from nusantara.oauth2 import Password, Token
from nusantara.request import CallClass, post
from nusantara.secret import HiddenText, Secret
from nusantara.signing import BasicAuth, HeaderAuth, OAuth1
from qiscus_async import AsyncQiscus, Qiscus
from qiscus_async.models.users import User
from qiscus_async.webhooks import Receiver

CANARIES = {name: f"kenari-{name}-7f3a91c2" for name in ("kunci", "token", "sandi", "otp", "kepala", "kode")}


@pytest.fixture
def birds() -> Watch:
    """Looks for the credentials of this test alone."""
    watch = Watch()
    for text in CANARIES.values():
        watch.plant(text)
    for user in ("6", "toko"):
        for text in CANARIES.values():
            watch.plant(str(BasicAuth(user, text)._headers["Authorization"].__str__()))
    return watch


@pytest.fixture
def records(birds: Watch) -> Iterator[list[logging.LogRecord]]:
    """Every record at DEBUG."""
    seen: list[logging.LogRecord] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = seen.append  # type: ignore[assignment,method-assign]
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield seen
    root.removeHandler(handler)
    root.setLevel(before)


def clients(flavour: str, base_url: str, **settings: Any) -> dict[str, Any]:
    """A client of each vendor with a canary for each of its credentials."""
    sync = flavour == "sync"
    settings |= {"base_url": base_url, "headers": {"X-Gateway-Key": Secret(CANARIES["kepala"])}}
    return {
        "bukalapak": (Bukalapak if sync else AsyncBukalapak)("6", CANARIES["kunci"], **settings),
        "qiscus": (Qiscus if sync else AsyncQiscus)("toko", CANARIES["kunci"], **settings),
        "kaskus": (Kaskus if sync else AsyncKaskus)(
            "toko", CANARIES["kunci"], token="pembeli", token_secret=CANARIES["token"], **settings
        ),
    }


CALLS: dict[str, Callable[[Any], Any]] = {
    "bukalapak": lambda shop: shop.account.authenticate("a@toko.example", CANARIES["sandi"]),
    "qiscus": lambda chat: chat.users.login_or_register("a@toko.example", "A", password=CANARIES["sandi"]),
    "kaskus": lambda forum: forum.bank_accounts.add("014", "A", "1", CANARIES["otp"], CANARIES["sandi"]),
}
WRONG: dict[str, Callable[[Any], Any]] = {
    "bukalapak": lambda shop: shop.account.authenticate("a:b", CANARIES["sandi"]),
    "qiscus": lambda chat: chat.users.login_or_register("", "A", password=CANARIES["sandi"]),
    "kaskus": lambda forum: forum.bank_accounts.add("", "", "", CANARIES["otp"], CANARIES["sandi"]),
}


def other_call(client: Any) -> Any:
    """One of what has no method."""
    return client.request("POST", "/x", form={"p": Secret(CANARIES["kode"])})


ANSWERS: dict[str, Callable[[Wire], Any]] = {
    "200": lambda wire: wire.answer(200, {}),
    "401": lambda wire: wire.answer(401, {"message": "no"}, WWW_Authenticate="Basic"),
    "500": lambda wire: wire.answer(500, b"<html><title>sorry</title>"),
    "307": lambda wire: wire.answer(307, b"", Location="https://elsewhere.example/"),
    "garbage": lambda wire: wire.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 64),
    "close": lambda wire: None,
}


def shown_by(error: BaseException) -> Iterator[str]:
    """Every text that can be had from an error, with the local variables of the library and of aiohttp."""
    yield "".join(traceback.format_exception(error))
    for one in chain_of(error):
        yield f"{one!s} {one!r} {one.args!r} {vars(one)!r}"
        for frame, text in frames_of(one.__traceback__):
            yield f"{frame}: {text}"
    if isinstance(error, NusantaraError):
        yield pickle.dumps(error).decode("latin-1")
        for other in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
            assert str(other) == str(error)
            yield f"{other!s} {other!r} {vars(other)!r}"


@pytest.mark.parametrize("answer", list(ANSWERS))
async def test_g67_calls(
    flavour: str,
    serve: Serve,
    short_pauses: None,
    birds: Watch,
    records: list[logging.LogRecord],
    seen: Seen,
    answer: str,
) -> None:
    events: list[Event] = []

    async def script(wire: Wire, request: Received) -> bool:
        done = ANSWERS[answer](wire)
        if done is not None:
            await done
        return answer in ("garbage", "close")

    server = await serve(script)
    hooks = Hooks(before=events.append, after=events.append, error=events.append)
    texts: list[str] = []
    for vendor, client in clients(flavour, server.base_url, hooks=hooks).items():
        one: Flavour[Any] = Flavour(flavour, client)
        for call in (CALLS[vendor], WRONG[vendor], other_call):
            try:
                await one(call)
            except NusantaraError as error:
                texts += shown_by(error)
        texts += [repr(client), repr(vars(client)), repr(client.options)]
        await one.close()
    texts += [f"{record.getMessage()} {vars(record)!r}" for record in records]
    texts += [f"{event!r} {attrs.asdict(event)!r}" for event in events]
    # They were really sent, so what is not found was there to be found.
    sent = b"".join(request.head + request.body for request in server.requests)
    assert birds.seen_in(sent.decode("latin-1")) is not None
    found = [text for text in texts if birds.seen_in(text)]
    assert found == []
    assert {record.name for record in records} >= {f"nusantara.{vendor}" for vendor in CALLS}
    seen(f"{len(found)} credentials shown by errors, records and events")


WRONG_SETTINGS: dict[str, dict[str, Any]] = {
    "base_url": {"base_url": "ftp://toko.example"},
    "timeout": {"timeout": -1},
    "max_connections": {"max_connections": 0},
    "ca_bundle": {"ca_bundle": "/tidak/ada.pem"},
    "headers": {"headers": {"X-Gateway-Key": Secret(CANARIES["kepala"] + "\r\nX: y")}},
}


@pytest.mark.parametrize("setting", list(WRONG_SETTINGS))
def test_g67_clients_that_cannot_be_made(flavour: str, birds: Watch, seen: Seen, setting: str) -> None:
    texts: list[str] = []
    kinds = {"sync": (Bukalapak, Qiscus, Kaskus), "async": (AsyncBukalapak, AsyncQiscus, AsyncKaskus)}[flavour]
    for kind in kinds:
        with pytest.raises(InvalidParameter) as caught:
            kind("toko", CANARIES["kunci"], **WRONG_SETTINGS[setting])
        texts += shown_by(caught.value)
    found = [text for text in texts if birds.seen_in(text)]
    assert found == []
    seen(f"{len(found)} credentials shown by {type(caught.value).__name__} of clients that cannot be made")


MODELS: dict[type[Model], dict[str, Any]] = {
    Login: {"status": "OK", "user_id": 6, "token": CANARIES["token"], "omnikey": CANARIES["kunci"]},
    IssuedToken: {"access_token": CANARIES["token"], "refresh_token": CANARIES["kode"], "expires_in": 3600},
    RequestToken: {"oauth_token": "minta", "oauth_token_secret": CANARIES["token"]},
    UserToken: {"oauth_token": "pembeli", "oauth_token_secret": CANARIES["token"], "userid": 7},
    User: {"id": 1, "email": "a", "username": "A", "token": CANARIES["token"], "rtKey": CANARIES["kunci"]},
}


async def ignore(event: object) -> None:
    """Handles an event of a webhook."""


def objects() -> Iterator[Any]:
    """One of each public thing that holds credentials."""
    for kind, document in MODELS.items():
        yield codec.structure(json.loads(json.dumps(document)), kind)
    yield Token(access_token=CANARIES["token"], refresh_token=CANARIES["kode"])
    yield Password(username="a", password=Secret(CANARIES["sandi"]), scope=None)
    yield BasicAuth("6", CANARIES["kunci"])
    yield HeaderAuth({"X-Key": CANARIES["kunci"]})
    yield OAuth1("toko", CANARIES["kunci"], token="pembeli", token_secret=CANARIES["token"])
    yield Secret(CANARIES["kunci"])
    yield HiddenText(CANARIES["kunci"])
    yield post("/x", form={"password": HiddenText(CANARIES["sandi"])}, call_class=CallClass.SAFE)
    yield post("/x", json={"password": CANARIES["sandi"]}, call_class=CallClass.SAFE)
    yield Receiver(ignore, path_secret=CANARIES["kode"] * 2, signature_key=CANARIES["kunci"] * 2)


def test_g67_objects(birds: Watch, seen: Seen) -> None:
    texts: list[str] = []
    refused = 0
    for one in objects():
        for duplicate in (None, copy.copy, copy.deepcopy):
            try:
                other = duplicate(one) if duplicate else one
            except TypeError as error:  # A key of hashlib cannot be copied.
                texts += shown_by(error)
                continue
            texts += [repr(other), repr([other]), f"{other!r}"]
            if not isinstance(other, str):  # Text has to be there when it is printed on purpose.
                texts += [str(other), f"{other}"]
        if attrs.has(type(one)):
            texts += [repr(attrs.asdict(one)), repr(attrs.astuple(one)), repr(attrs.evolve(one))]
        if isinstance(one, Model):
            texts += [repr(one.raw), repr(dict(one.extra)), repr(dict(one.raw or {}))]
            assert one.to_document() == MODELS[type(one)]
        try:
            pickled = pickle.dumps(one)
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            refused += 1
            texts += shown_by(error)
        else:
            texts.append(pickled.decode("latin-1"))
    found = [text for text in texts if birds.seen_in(text)]
    assert found == []
    seen(f"{len(found)} credentials shown by public objects, {refused} refuse to be pickled", f"{len(texts)} texts")


@pytest.mark.parametrize("vendor", ["bukalapak", "qiscus", "kaskus"])
def test_g67_clients(flavour: str, birds: Watch, seen: Seen, vendor: str) -> None:
    client = clients(flavour, "http://127.0.0.1:9")[vendor]
    texts = [repr(client), str(client), repr(vars(client)), repr(client.options), repr(client.with_options(timeout=1))]
    texts += [repr(value) for name in dir(client) if not name.startswith("__") for value in [getattr(client, name)]]
    for duplicate in (copy.copy, copy.deepcopy, pickle.dumps, pickle._dumps):  # type: ignore[attr-defined]
        try:
            made = duplicate(client)
        except Exception as error:
            texts += shown_by(error)
        else:
            texts += [made.decode("latin-1") if isinstance(made, bytes) else f"{made!r} {vars(made)!r}"]
    found = [text for text in texts if birds.seen_in(text)]
    assert found == []
    seen(f"{len(found)} credentials shown by clients")
