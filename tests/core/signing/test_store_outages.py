"""A token store that fails in its own library's words: calls go on with a good token, and say once what is wrong."""

from __future__ import annotations

import asyncio
import gc
import logging
import traceback
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.canaries import frames_of

from nusantara.errors import AuthFailed, ConfigurationError, NusantaraError, Sent, StoreUnavailable
from nusantara.oauth2 import BearerAuth, ClientCredentials, Token
from nusantara.request import get
from nusantara.response import Response

APP = ClientCredentials()


class RedisError(Exception):
    """What the library of somebody's store raises; it knows nothing of ours."""


class OwnStore:
    """A store of one's own, of which some methods fail for a while."""

    def __init__(self, document: dict[str, Any] | None = None) -> None:
        self.document = document
        self.broken: set[str] = set()
        self.error: type[BaseException] = RedisError
        self.asked: list[str] = []

    def _ask(self, name: str, detail: object = "") -> None:
        self.asked.append(name)
        if name in self.broken:
            raise self.error(f"{name} went wrong {detail}")

    async def load(self) -> dict[str, Any] | None:
        self._ask("load")
        return None if self.document is None else dict(self.document)

    async def save(self, document: Mapping[str, Any]) -> None:
        self._ask("save", document)
        self.document = dict(document)

    async def delete(self) -> None:
        self._ask("delete")
        self.document = None

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        self._ask("lock")
        yield
        self._ask("unlock")


class Endpoint:
    """Counts what it is asked for, and gives tokens."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, str]] = []
        self.life = 3600.0
        self.failure: Exception | None = None

    async def __call__(self, fields: Mapping[str, str]) -> Token:
        self.asked.append(dict(fields))
        if self.failure is not None:
            raise self.failure
        number = len(self.asked)
        refresh = None if fields["grant_type"] == "client_credentials" else f"segar-{number}"
        return Token(access_token=f"akses-{number}", expires_at=after(self.life), refresh_token=refresh)


def after(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def document(number: int = 0, *, life: float = 3600, spent: bool = False, refresh: bool = True) -> dict[str, Any]:
    return {
        "access_token": f"akses-{number}",
        "expires_at": after(life).isoformat(),
        "refresh_token": f"segar-{number}" if refresh else None,
        "scope": None,
        "spent": spent,
    }


def signed_with(auth: BearerAuth) -> str:
    return str(auth.sign(get("/"), "https://h.example")["Authorization"]).removeprefix("Bearer ")


async def call(auth: BearerAuth) -> str:
    await auth.prepare()
    return signed_with(auth)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.oauth2.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("nusantara.oauth2.LONGEST_PAUSE", 0.02)


ERRORS = [RedisError, OSError, ConnectionError, TimeoutError, asyncio.TimeoutError, RuntimeError, KeyError, Exception]


async def renewing(store: OwnStore, fetch: Endpoint, *, left: float, **settings: Any) -> BearerAuth:
    """What signs with a token that is good for a while, but due to be renewed."""
    store.document = document(life=left)
    auth = BearerAuth(fetch, store=store, early=0.0, **settings)
    assert await call(auth) == "akses-0"
    auth._renew_at = 0.0
    store.asked.clear()
    return auth


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("broken", ["lock", "load", "save"])
async def test_calls_go_on_with_a_good_token(
    broken: str, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    store, fetch = OwnStore(), Endpoint()
    auth = await renewing(store, fetch, left=600)
    store.broken, store.error = {broken}, error
    with caplog.at_level(logging.INFO, "nusantara"):
        for _ in range(20):
            assert await call(auth) == "akses-0"
            await asyncio.sleep(0.003)
    assert fetch.asked == [], "the refresh token is not sent before that is noted"
    assert store.asked.count("lock") > 1
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert error.__name__ in record.getMessage()
    # When it is there again, the token is renewed; the next outage is told again.
    store.broken = set()
    await asyncio.sleep(0.03)
    assert await call(auth) == "akses-1"
    assert store.document is not None
    assert store.document["access_token"] == "akses-1"
    auth._renew_at, store.broken = 0.0, {broken}
    assert await call(auth) == "akses-1"
    assert len(caplog.records) == 2


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("broken", ["lock", "load", "save"])
@pytest.mark.parametrize("expired", [True, False])
async def test_without_a_good_token_the_error_is_ours(broken: str, error: type[Exception], expired: bool) -> None:
    if broken == "save" and not expired:
        pytest.skip("the first token of a grant is in use before it is stored")
    store, fetch = OwnStore(document(life=-60) if expired else None), Endpoint()
    auth = BearerAuth(fetch, store=store, grant=APP)
    store.broken, store.error = {broken}, error
    with pytest.raises(StoreUnavailable) as caught:
        await call(auth)
    assert isinstance(caught.value, ConfigurationError)
    assert isinstance(caught.value.__cause__, error) or broken == "save"
    assert caught.value.sent is Sent.NO
    assert error.__name__ in str(caught.value)
    assert fetch.asked == []
    store.broken = set()
    assert await call(auth) == "akses-1"


async def test_calls_that_wait_together_all_get_it() -> None:
    store = OwnStore()
    store.broken = {"lock"}
    auth = BearerAuth(Endpoint(), store=store, grant=APP)
    failures = await asyncio.gather(*(call(auth) for _ in range(20)), return_exceptions=True)
    assert {type(failure) for failure in failures} == {StoreUnavailable}
    assert store.asked == ["lock"]


async def test_a_refused_token_says_that_the_store_is_why_there_is_no_other() -> None:
    store, fetch = OwnStore(), Endpoint()
    auth = await renewing(store, fetch, left=600)
    signed = auth.sign(get("/"), "https://h.example")
    store.broken = {"lock"}
    with pytest.raises(StoreUnavailable):
        await auth.renew(signed, Response(401, {}, b""))
    store.broken = set()
    assert await auth.renew(signed, Response(401, {}, b""))
    assert signed_with(auth) == "akses-1"


@pytest.mark.parametrize("error", ERRORS)
async def test_a_new_token_that_cannot_be_stored_is_used_and_stored_later(
    error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    store, fetch = OwnStore(document(life=-60)), Endpoint()
    auth = BearerAuth(fetch, store=store)
    store.error = error
    saved = store.save

    async def save(document: Mapping[str, Any]) -> None:
        if not document["spent"]:
            store.broken = {"save"}
        await saved(document)

    store.save = save  # type: ignore[method-assign]
    for _ in range(10):
        assert await call(auth) == "akses-1"
        await asyncio.sleep(0.004)
    assert len(fetch.asked) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert store.document is not None
    assert (store.document["access_token"], store.document["spent"]) == ("akses-0", True)
    store.save, store.broken = saved, set()  # type: ignore[method-assign]
    await asyncio.sleep(0.03)
    assert await call(auth) == "akses-1"
    assert store.document["access_token"] == "akses-1"
    assert store.document["refresh_token"] == "segar-1"
    assert not store.document["spent"]
    asked = len(store.asked)
    assert await call(auth) == "akses-1"
    assert (len(store.asked), len(fetch.asked)) == (asked, 1)


async def test_an_unsaved_token_gives_way_to_one_that_another_process_has_stored() -> None:
    store, fetch = OwnStore(document(life=-60, refresh=False)), Endpoint()
    auth = BearerAuth(fetch, store=store, grant=APP)
    store.broken = {"save"}
    assert await call(auth) == "akses-1"
    store.broken = set()
    store.document = document(77)  # Somebody has logged in anew.
    await asyncio.sleep(0.03)
    assert await call(auth) == "akses-77"
    assert store.document["access_token"] == "akses-77"


async def test_an_unsaved_token_is_renewed_with_its_own_refresh_token() -> None:
    store, fetch = OwnStore(document(life=-60)), Endpoint()
    auth = BearerAuth(fetch, store=store, early=0.0)
    fetch.life = 0.3
    saved = store.save

    async def only_marks(document: Mapping[str, Any]) -> None:
        store.broken = set() if document["spent"] else {"save"}
        await saved(document)

    store.save = only_marks  # type: ignore[method-assign]
    assert await call(auth) == "akses-1"
    await asyncio.sleep(0.35)
    assert await call(auth) == "akses-2"
    assert [fields["refresh_token"] for fields in fetch.asked] == ["segar-0", "segar-1"]


async def test_a_refresh_token_that_was_not_sent_is_not_lost_to_an_outage() -> None:
    store, fetch = OwnStore(document(life=-60)), Endpoint()
    auth = BearerAuth(fetch, store=store)
    unsent = NusantaraError("no route")
    fetch.failure = unsent
    saved = store.save

    async def only_marks(document: Mapping[str, Any]) -> None:
        store.broken = set() if document["spent"] else {"save"}
        await saved(document)

    store.save = only_marks  # type: ignore[method-assign]
    with pytest.raises(NusantaraError, match="no route"):
        await call(auth)
    store.save, store.broken, fetch.failure = saved, set(), None  # type: ignore[method-assign]
    await asyncio.sleep(0.03)
    assert await call(auth) == "akses-2"
    assert [fields["refresh_token"] for fields in fetch.asked] == ["segar-0", "segar-0"]


async def test_a_lock_that_cannot_be_released_ends_no_call(caplog: pytest.LogCaptureFixture) -> None:
    store = OwnStore()
    store.broken = {"unlock"}
    auth = BearerAuth(Endpoint(), store=store, grant=APP)
    assert await call(auth) == "akses-1"
    assert "RedisError" in caplog.text
    failing = Endpoint()
    failing.failure = AuthFailed("no")
    with pytest.raises(AuthFailed, match="refused: no"):
        await call(BearerAuth(failing, store=OwnStore(), grant=APP))


async def test_logging_in_says_that_it_was_not_stored() -> None:
    store = OwnStore()
    store.broken = {"save"}
    auth = BearerAuth(Endpoint(), store=store)
    with pytest.raises(StoreUnavailable, match="could not be saved"):
        await auth.adopt(Token(access_token="akses-9"))


async def test_after_logging_out_no_token_is_used_even_if_the_store_keeps_it() -> None:
    for broken in ("delete", "lock"):
        store = OwnStore(document())
        auth = BearerAuth(Endpoint(), store=store)
        assert await call(auth) == "akses-0"
        store.broken = {broken}
        with pytest.raises(StoreUnavailable):
            await auth.forget()
        assert auth.token is None
        with pytest.raises(ConfigurationError):
            signed_with(auth)


@pytest.mark.parametrize("broken", ["lock", "load", "save"])
async def test_a_cancellation_passes(broken: str) -> None:
    store = OwnStore()
    auth = await renewing(store, Endpoint(), left=600)
    store.broken, store.error = {broken}, asyncio.CancelledError
    with pytest.raises(asyncio.CancelledError):
        await call(auth)


async def test_what_the_library_shows_of_a_token_does_not_come_through(caplog: pytest.LogCaptureFixture) -> None:
    """Some libraries put what they were to store into their errors, and all have it in their frames."""
    store, token = OwnStore(), "akses-9f3c1d7e-55"
    store.broken = {"save"}
    auth = BearerAuth(Endpoint(), store=store)
    with pytest.raises(StoreUnavailable) as caught:
        await auth.adopt(Token(access_token=token))
    assert token not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is None
    assert [text for _, text in frames_of(caught.value.__traceback__) if token in text] == []
    assert token not in caplog.text
    store.broken = {"lock"}
    with pytest.raises(StoreUnavailable) as other:
        await auth.adopt(Token(access_token=token))
    assert isinstance(other.value.__cause__, RedisError)
    assert other.value.__cause__.__traceback__ is None


class SilentStore(OwnStore):
    """A store of one's own, of which some methods never return while they are broken."""

    async def _reach(self, name: str) -> None:
        self.asked.append(name)
        if name in self.broken:
            await asyncio.Event().wait()

    async def load(self) -> dict[str, Any] | None:
        await self._reach("load")
        return None if self.document is None else dict(self.document)

    async def save(self, document: Mapping[str, Any]) -> None:
        await self._reach("save")
        self.document = dict(document)

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        await self._reach("lock")
        yield
        await self._reach("unlock")


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.oauth2.PATIENCE", 0.05)
    monkeypatch.setattr("nusantara.signing.store.PATIENCE", 0.3)
    monkeypatch.setattr("nusantara.signing.store.LOCK_PATIENCE", 0.3)


@pytest.mark.parametrize("silent", ["lock", "load", "save"])
async def test_a_silent_store_holds_up_calls_with_a_good_token_once_and_shortly(
    silent: str, short_patience: None, caplog: pytest.LogCaptureFixture
) -> None:
    store, fetch = SilentStore(), Endpoint()
    auth = await renewing(store, fetch, left=600)
    store.broken = {silent}
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert await asyncio.gather(*(call(auth) for _ in range(5))) == ["akses-0"] * 5
    assert 0.03 < loop.time() - begun < 0.25
    begun = loop.time()
    for _ in range(20):
        assert await call(auth) == "akses-0"
    assert loop.time() - begun < 0.04, "the renewal that hangs is waited for once"
    await auth.settle()
    [record] = caplog.records
    assert "did not within 0.3 s" in record.getMessage()
    assert fetch.asked == []
    store.broken = set()
    await asyncio.sleep(0.03)
    assert await call(auth) == "akses-1"


@pytest.mark.parametrize("silent", ["lock", "load"])
async def test_without_a_good_token_a_silent_store_is_unavailable_and_asked_again_later(
    silent: str, short_patience: None
) -> None:
    store, fetch = SilentStore(), Endpoint()
    store.document = document(life=-1)
    store.broken = {silent}
    auth = BearerAuth(fetch, store=store, early=0.0)
    with pytest.raises(StoreUnavailable, match=r"did not within 0\.3 s"):
        await call(auth)
    store.broken = set()
    assert await call(auth) == "akses-1"


async def test_unlocking_a_silent_store_keeps_no_call(short_patience: None, caplog: pytest.LogCaptureFixture) -> None:
    store, fetch = SilentStore(), Endpoint()
    store.document = document(life=-1)
    store.broken = {"unlock"}
    auth = BearerAuth(fetch, store=store, early=0.0)
    async with asyncio.timeout(2):
        assert await call(auth) == "akses-1"
    assert "left to its end" in caplog.text


async def test_a_renewal_that_nobody_waits_for_any_more_fails_in_silence(
    short_patience: None, caplog: pytest.LogCaptureFixture
) -> None:
    store, fetch = SilentStore(), Endpoint()
    auth = await renewing(store, fetch, left=0.2)
    store.broken = {"load"}
    assert await call(auth) == "akses-0"
    await auth.settle()
    del auth
    gc.collect()
    assert "never retrieved" not in caplog.text
