"""One rule for every credential, wherever it is given: text that can be sent, and not what stands in its place."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.canaries import frames_of

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus, Kaskus
from nusantara.client import AsyncClient, Settings
from nusantara.errors import ConfigurationError, InvalidParameter
from nusantara.oauth2 import Password, Token
from nusantara.options import Options
from nusantara.secret import HiddenText, Secret, check_credential, credential, credential_problem
from nusantara.signing import BasicAuth, HeaderAuth, NoAuth, OAuth1
from nusantara.token_store import FileStore, MemoryStore
from qiscus_async import AsyncQiscus, Bot, Qiscus
from qiscus_async.imports import UserRow
from qiscus_async.imports.encoding import encode_rows
from qiscus_async.webhooks import Receiver, sign, verify

GOOD = "rahasia-7f3a91c2-0b4d"


async def ignore(event: object) -> None:
    """Handles an event."""


def run(call: Any) -> Any:
    return asyncio.run(call)


def with_proxy(value: Any) -> Any:
    return AsyncClient("https://h.example", NoAuth(), Settings(proxy=f"http://u:{value}@proxy.example:3128"))


PLACES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "OAuth1 consumer_key": ("consumer_key", lambda x: OAuth1(x, "s")),
    "OAuth1 consumer_secret": ("consumer_secret", lambda x: OAuth1("k", x)),
    "OAuth1 token": ("token", lambda x: OAuth1("k", "s", token=x, token_secret="t")),
    "OAuth1 token_secret": ("token_secret", lambda x: OAuth1("k", "s", token="t", token_secret=x)),
    "OAuth1.with_token": ("token_secret", lambda x: OAuth1("k", "s").with_token("t", x)),
    "BasicAuth user": ("user", lambda x: BasicAuth(x, "p")),
    "BasicAuth password": ("password", lambda x: BasicAuth("u", x)),
    "HeaderAuth": ("headers['X-Key']", lambda x: HeaderAuth({"X-Key": x})),
    "Options headers": (
        "headers['X-Key']",
        lambda x: Options(headers={"X-Key": x if type(x) is Secret else Secret(x)}),
    ),
    "Token access": ("access_token", lambda x: Token(access_token=x)),
    "Token refresh": ("refresh_token", lambda x: Token(access_token="a", refresh_token=x)),
    "Password username": ("username", lambda x: Password(username=x, password=Secret("p"))),
    "Password password": ("password", lambda x: Password(username="u", password=x)),
    "Bukalapak user_id": ("user_id", lambda x: AsyncBukalapak(x, "t")),
    "Bukalapak token": ("token", lambda x: AsyncBukalapak("6", x)),
    "Bukalapak token, sync": ("token", lambda x: Bukalapak("6", x)),
    "Bukalapak login": ("login", lambda x: run(AsyncBukalapak().account.authenticate(x, "p"))),
    "Bukalapak password": ("password", lambda x: run(AsyncBukalapak().account.authenticate("a", x))),
    "Qiscus app_id": ("app_id", lambda x: AsyncQiscus(x, "s")),
    "Qiscus secret_key": ("secret_key", lambda x: AsyncQiscus("app", x)),
    "Qiscus secret_key, sync": ("secret_key", lambda x: Qiscus("app", x)),
    "Qiscus password": ("password", lambda x: run(AsyncQiscus("a", "s").users.login_or_register("a", "A", password=x))),
    "Kaskus consumer_key": ("consumer_key", lambda x: AsyncKaskus(x, "s")),
    "Kaskus consumer_secret": ("consumer_secret", lambda x: AsyncKaskus("k", x)),
    "Kaskus consumer_secret, sync": ("consumer_secret", lambda x: Kaskus("k", x)),
    "Kaskus token": ("token", lambda x: AsyncKaskus("k", "s", token=x, token_secret="t")),
    "Kaskus token_secret": ("token_secret", lambda x: AsyncKaskus("k", "s", token="t", token_secret=x)),
    "Kaskus with_token": ("token_secret", lambda x: AsyncKaskus("k", "s").with_token("t", x)),
    "Kaskus client_id": ("client_id", lambda x: AsyncKaskus.with_oauth2(x, "s")),
    "Kaskus client_secret": ("client_secret", lambda x: AsyncKaskus.with_oauth2("i", x)),
    "Kaskus username": ("username", lambda x: AsyncKaskus.with_oauth2("i", "s", username=x, password="p")),
    "Kaskus password": ("password", lambda x: AsyncKaskus.with_oauth2("i", "s", username="u", password=x)),
    "Kaskus xAuth": ("password", lambda x: run(AsyncKaskus("k", "s").auth.log_in_with_password("u", x))),
    "Kaskus otp": ("otp", lambda x: run(AsyncKaskus("k", "s").bank_accounts.add("014", "A", "1", x, "p"))),
    "Bukalapak user_id, sync": ("user_id", lambda x: Bukalapak(x, "t")),
    "Qiscus app_id, sync": ("app_id", lambda x: Qiscus(x, "s")),
    "Kaskus consumer_key, sync": ("consumer_key", lambda x: Kaskus(x, "s")),
    "Kaskus token, sync": ("token", lambda x: Kaskus("k", "s", token=x, token_secret="t")),
    "Kaskus token_secret, sync": ("token_secret", lambda x: Kaskus("k", "s", token="t", token_secret=x)),
    "Kaskus with_token, sync": ("token_secret", lambda x: Kaskus("k", "s").with_token("t", x)),
    "Kaskus with_token's token": ("token", lambda x: AsyncKaskus("k", "s").with_token(x, "t")),
    "Kaskus client_id, sync": ("client_id", lambda x: Kaskus.with_oauth2(x, "s")),
    "Kaskus client_secret, sync": ("client_secret", lambda x: Kaskus.with_oauth2("i", x)),
    "Kaskus username, sync": ("username", lambda x: Kaskus.with_oauth2("i", "s", username=x, password="p")),
    "Kaskus password, sync": ("password", lambda x: Kaskus.with_oauth2("i", "s", username="u", password=x)),
    "bot user_id": ("user_id", lambda x: Bot(AsyncQiscus("a", "s"), x)),
    "bot path_secret": ("path_secret", lambda x: Bot(AsyncQiscus("a", "s"), "bot", path_secret=x)),
    "bot signature_key": ("signature_key", lambda x: Bot(AsyncQiscus("a", "s"), "bot", signature_key=x)),
    "webhook verify": ("key", lambda x: verify(b"", "00", x)),
    "webhook path_secret": ("path_secret", lambda x: Receiver(ignore, path_secret=x)),
    "webhook signature_key": ("signature_key", lambda x: Receiver(ignore, signature_key=x)),
    "webhook sign": ("key", lambda x: sign(b"", x)),
}


def user_row(x: Any) -> Any:
    row = UserRow(email="a", name="A", authentication_token=x, password="p", created_at=datetime.now(UTC))
    return list(encode_rows([row], "users"))


def problem_at(place: str, value: Any) -> str:
    """What is said about a value there, and that it does not show."""
    parameter, give = PLACES[place]
    with pytest.raises(InvalidParameter) as caught:
        give(value)
    assert caught.value.parameter == parameter
    assert GOOD not in "".join(traceback.format_exception(caught.value))
    assert [shown for _, shown in frames_of(caught.value.__traceback__) if GOOD in shown] == []
    return str(caught.value)


PUBLIC = ("consumer_key", "token", "user", "user_id", "username", "login", "app_id", "client_id")
"""Parameters that name somebody. The others are secret."""


def texts(place: str, pattern: str) -> list[str | Secret]:
    """A text with a good one in it, and for what is secret wrapped as well."""
    if PLACES[place][0] in PUBLIC and place != "Bukalapak token" and place != "Bukalapak token, sync":
        return [pattern.replace("GOOD", "pengenal")]
    return [pattern.replace("GOOD", GOOD), Secret(pattern.replace("GOOD", GOOD))]


UNFIT = {
    "GOOD\n": "ends with a line break: was it read from a file?",
    "GOOD\r\n": "ends with a line break: was it read from a file?",
    "\nGOOD": "begins with a line break: was it read from a file?",
    "\ufeffGOOD": "begins with a byte order mark: was it read from a file?",
    "GOOD ": "ends with white space",
    "\xa0GOOD": "begins with white space",
    "GOOD\x1bGOOD": "control character",
    "GOOD\u2028GOOD": "control character",
    "GOOD\udfff": "lone surrogate",
}


@pytest.mark.parametrize("place", PLACES)
def test_what_cannot_be_sent_is_refused_by_name(place: str) -> None:
    for pattern, words in UNFIT.items():
        for value in texts(place, pattern):
            assert words in problem_at(place, value)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_shown_in_place_of_a_secret_is_no_credential(place: str) -> None:
    secret = Secret(GOOD)
    for shown in (str(secret), repr(secret), repr(HiddenText(GOOD)), f"Bearer {secret}"):
        for value in texts(place, shown):
            assert "reveal()" in problem_at(place, value)


@pytest.mark.parametrize("place", [place for place in PLACES if not place.startswith(("Bukalapak user_id", "Options"))])
def test_what_is_not_text_is_refused_by_name(place: str) -> None:
    for value in (b"rahasia", 5, ["rahasia"]):
        assert "text" in problem_at(place, value)


@pytest.mark.parametrize("place", [place for place in PLACES if PLACES[place][0] != "token_secret"])
def test_nothing_is_no_credential(place: str) -> None:
    problem_at(place, "")


LEFT_OUT = {"signature_key", "path_secret", "refresh_token", "Options headers", "Qiscus password"}
"""What None leaves out, and values that cannot be None."""
IN_A_PAIR = ("token", "token_secret", "username", "password", "user_id")
"""Alone they are missed: which of the two is named differs."""


@pytest.mark.parametrize("place", [place for place in PLACES if not LEFT_OUT & {place, PLACES[place][0]}])
def test_none_is_no_credential(place: str) -> None:
    parameter, give = PLACES[place]
    with pytest.raises(InvalidParameter) as caught:
        give(None)
    assert caught.value.parameter in (IN_A_PAIR if parameter in IN_A_PAIR else (parameter,))


@pytest.mark.parametrize("client", [AsyncKaskus, Kaskus])
@pytest.mark.parametrize("value", ["", "***", GOOD, Secret(GOOD), 5])
def test_a_token_is_a_token(client: Any, value: Any) -> None:
    with pytest.raises(InvalidParameter, match="token: must be a Token, not") as caught:
        client.with_oauth2("i", "s", token=value)
    assert GOOD not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("client", [AsyncKaskus, Kaskus])
@pytest.mark.parametrize("value", ["", "***", "token.json", 5, FileStore])
def test_a_store_is_a_store(client: Any, value: Any) -> None:
    with pytest.raises(InvalidParameter, match="store: must have the methods load, save, delete, lock"):
        client.with_oauth2("i", "s", store=value)


@pytest.mark.parametrize("path", ["", "***", "Secret('***')", "folder/***", None, b"x", 5])
def test_a_store_is_at_a_path(path: Any) -> None:
    with pytest.raises(InvalidParameter, match=r"^path: "):
        FileStore(path)


@pytest.mark.parametrize("user_id", [True, 1.5, b"6", "6:7"])
def test_a_user_id_is_a_number_or_text(user_id: Any) -> None:
    with pytest.raises(InvalidParameter, match="user_id"):
        AsyncBukalapak(user_id, "t")
    assert AsyncBukalapak(6, "t")._shared.signer.sign(None, "") == BasicAuth("6", "t").sign(None, "")  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "words"), [("a%0A", "line break"), ("***", "reveal"), ("%20a", "white space")])
def test_the_password_of_a_proxy_is_a_credential(monkeypatch: pytest.MonkeyPatch, value: str, words: str) -> None:
    with pytest.raises(InvalidParameter, match=f"proxy: holds a password that .*{words}"):
        with_proxy(value)
    monkeypatch.setenv("HTTPS_PROXY", f"http://u:{value}@proxy.example:3128")
    with pytest.raises(ConfigurationError, match=f"HTTPS_PROXY holds a password that .*{words}"):
        AsyncClient("https://h.example", NoAuth(), Settings())


def test_a_row_of_an_import_is_checked_alike() -> None:
    with pytest.raises(InvalidParameter, match=r"authentication_token.* line break"):
        user_row(f"{GOOD}\n")


@pytest.mark.parametrize("value", ["***", "Bearer ***", "Secret('***')"])
def test_a_mask_in_a_bare_header_is_refused(value: str) -> None:
    with pytest.raises(InvalidParameter, match=r"headers\['Authorization'\].*reveal"):
        AsyncBukalapak("6", "t", headers={"Authorization": value})
    assert Options(headers={"X-Stars": "5 *** of 10", "X-Empty": ""}).headers["X-Stars"] == "5 *** of 10"


# --- From the environment

VARIABLES: dict[str, tuple[Any, dict[str, str]]] = {
    "BUKALAPAK_USER_ID": (AsyncBukalapak, {"BUKALAPAK_TOKEN": "t"}),
    "BUKALAPAK_TOKEN": (Bukalapak, {"BUKALAPAK_USER_ID": "6"}),
    "QISCUS_APP_ID": (AsyncQiscus, {"QISCUS_SECRET_KEY": "s"}),
    "QISCUS_SECRET_KEY": (Qiscus, {"QISCUS_APP_ID": "a"}),
    "KASKUS_CONSUMER_KEY": (AsyncKaskus, {"KASKUS_CONSUMER_SECRET": "s"}),
    "KASKUS_CONSUMER_SECRET": (Kaskus, {"KASKUS_CONSUMER_KEY": "k"}),
    "KASKUS_TOKEN": (
        AsyncKaskus,
        {"KASKUS_CONSUMER_KEY": "k", "KASKUS_CONSUMER_SECRET": "s", "KASKUS_TOKEN_SECRET": "t"},
    ),
    "KASKUS_TOKEN_SECRET": (
        AsyncKaskus,
        {"KASKUS_CONSUMER_KEY": "k", "KASKUS_CONSUMER_SECRET": "s", "KASKUS_TOKEN": "t"},
    ),
}


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize(("value", "words"), [(f"{GOOD}\n", "ends with a line break"), ("***", "reveal()")])
def test_a_variable_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str) -> None:
    client, others = VARIABLES[variable]
    for name, other in {**others, variable: value}.items():
        monkeypatch.setenv(name, other)
    with pytest.raises(ConfigurationError) as caught:
        client.from_env()
    assert f"the environment variable {variable} " in str(caught.value)
    assert words in str(caught.value)
    assert [shown for _, shown in frames_of(caught.value.__traceback__) if GOOD in shown] == []


# --- In a store


@pytest.mark.parametrize("value", ["***", "Secret('***')", Secret(GOOD)])
async def test_a_store_keeps_no_mask(tmp_path: Path, value: Any) -> None:
    for store in (MemoryStore(), FileStore(tmp_path / "token.json")):
        with pytest.raises(InvalidParameter, match=r"document\['refresh_token'\].*reveal"):
            await store.save({"access_token": "a", "refresh_token": value})
        assert await store.load() is None


@pytest.mark.parametrize("value", [object(), float("nan"), "\ud800"])
async def test_a_file_keeps_json_only(tmp_path: Path, value: Any) -> None:
    store = FileStore(tmp_path / "token.json")
    with pytest.raises(InvalidParameter, match="document") as caught:
        await store.save({"access_token": GOOD, "extra": value})
    assert [shown for _, shown in frames_of(caught.value.__traceback__) if GOOD in shown] == []
    assert await store.load() is None


async def test_a_damaged_file_does_not_show_in_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "token.json"
    path.write_text(f'{{"token": "{GOOD}"}}')
    with pytest.raises(ConfigurationError, match="damaged") as caught:
        await FileStore(path).load()
    assert [shown for _, shown in frames_of(caught.value.__traceback__) if GOOD in shown] == []


# --- The rule itself


@given(st.text(max_size=20))
def test_what_passes_can_be_sent_everywhere(text: str) -> None:
    problem = credential_problem(text)
    if problem is None:
        assert text == text.strip()
        assert text
        assert not set(text) & set(map(chr, range(32)))
        assert str(credential("x", text)) == text.encode().decode()
    else:
        with pytest.raises(InvalidParameter, match="x: "):
            check_credential("x", Secret(text))


@pytest.mark.parametrize("text", ["a", "a b", "kata sandi é", "5***", "** *", "😀", "a\u200db", "zażółć", "=;&%20"])
def test_other_signs_are_the_vendors_affair(text: str) -> None:
    assert credential_problem(text) is None
    assert credential("x", Secret(text)) == text
