"""Signing in, step by step."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from oauthlib.oauth1.rfc5849 import signature
from support.ledger import prove, refused
from support.raw import RawServer, Received, Wire

from kaskus_async.client import AsyncKaskus
from kaskus_async.models.auth import GrantType
from nusantara.errors import ApiError, AuthFailed, BadRequest, BadResponse, ConfigurationError, OutcomeUnknown, Sent
from nusantara.secret import Secret

MD5 = "5ebe2294ecd0e0f08eab7690d2a6ee69"
ISSUED = {"access_token": "tok-akses", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "tok-segar"}

LEDGER: dict[str, Any] = {
    "POST /authentication": (
        lambda k: k.auth.log_in_with_password("tokoh", Secret("secret")),
        "POST /authentication",
        {"form": {"user": "tokoh", "pass": MD5}},
    ),
    "DELETE /authentication": (lambda k: k.auth.log_out(), "DELETE /authentication"),
    "POST /oauth/access-token": (
        lambda k: k.auth.issue_token(
            GrantType.PASSWORD,
            "aplikasi",
            Secret("rahasia"),
            scope=["thread.read", "thread.write"],
            username="tokoh",
            password=Secret("secret"),
            refresh_token=Secret("tok-segar"),
        ),
        "POST /oauth/access-token",
    ),
}


def answers(body: bytes | Any, status: int = 200) -> Callable[[Wire, Received], Any]:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(status, body)

    return answer


def fields(request: Received) -> dict[str, str]:
    """The parameters of the Authorization header."""
    parts = request.headers["authorization"].removeprefix("OAuth ").split(", ")
    return {name: value.strip('"') for name, _, value in (part.partition("=") for part in parts)}


def user_client(server: RawServer, **settings: Any) -> AsyncKaskus:
    return AsyncKaskus(
        "kunci", "rahasia", token="tok-tokoh", token_secret=Secret("rhs"), base_url=server.base_url, **settings
    )


# --- The documented operations


@pytest.mark.parametrize("operation", ["POST /authentication", "DELETE /authentication"])
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, "repeatable", **(rest[0] if rest else {}))


async def test_a_password_log_in_is_signed_for_the_application_alone() -> None:
    async with RawServer(answers({"oauth_token": "t", "lain": 1})) as server, user_client(server) as kaskus:
        found = await kaskus.auth.log_in_with_password("tokoh", "secret")
        await kaskus.auth.log_out()
    assert found == {"oauth_token": "t", "lain": 1}
    logged_in, logged_out = server.requests
    assert "oauth_token" not in fields(logged_in)
    assert fields(logged_out)["oauth_token"] == "tok-tokoh"


@pytest.mark.parametrize(
    "body",
    [
        b'{"oauth_token": "t", "userid": "70"}',
        b"<return><oauth_token>t</oauth_token><userid>70</userid></return>",
        b"oauth_token=t&userid=70",
    ],
)
async def test_whatever_format_a_password_log_in_is_answered_in(body: bytes) -> None:
    async with RawServer(answers(body)) as server, user_client(server) as kaskus:
        found = await kaskus.auth.log_in_with_password("tokoh", "secret")
    assert found == {"oauth_token": "t", "userid": "70"}


async def test_a_password_log_in_may_be_denied_in_an_ordinary_answer() -> None:
    for body in (b"access=DENIED&message=Salah", b'{"access": "DENIED", "message": "Salah"}'):
        async with RawServer(answers(body)) as server, user_client(server) as kaskus:
            with pytest.raises(AuthFailed, match="POST /api/oauth/authentication: Salah"):
                await kaskus.auth.log_in_with_password("tokoh", "secret")


async def test_no_secret_shows_in_the_traceback_of_a_failed_log_in() -> None:
    async with RawServer(answers({"errormessage": "salah"}, 401)) as server, user_client(server) as kaskus:
        with pytest.raises(AuthFailed) as caught:
            await kaskus.auth.log_in_with_password("tokoh", Secret("secret"))
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "rahasia" not in shown
    assert MD5 not in shown


async def test_a_token_is_issued_outside_the_base_path_and_without_other_credentials() -> None:
    async with RawServer(answers(ISSUED)) as server, user_client(server) as kaskus:
        issued = await LEDGER["POST /oauth/access-token"][0](kaskus)
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/oauth/access-token")
    assert "authorization" not in request.headers
    assert request.headers["return-type"] == "text/json"
    assert dict(parse_qsl(request.body.decode(), strict_parsing=True)) == {
        "grant_type": "password",
        "client_id": "aplikasi",
        "client_secret": "rahasia",
        "scope": "thread.read,thread.write",
        "username": "tokoh",
        "password": "secret",
        "refresh_token": "tok-segar",
    }
    assert (issued.access_token.reveal(), issued.expires_in) == ("tok-akses", 3600)
    assert issued.refresh_token.reveal() == "tok-segar"
    assert "tok-" not in repr(issued)
    assert issued.to_document() == ISSUED


async def test_a_refused_token_says_why_in_the_words_of_oauth() -> None:
    refusal = {"error": "invalid_grant", "error_description": "the refresh token is used up"}
    async with RawServer(answers(refusal, 400)) as server, user_client(server) as kaskus:
        with pytest.raises(BadRequest, match="the refresh token is used up") as caught:
            await kaskus.auth.issue_token("refresh_token", "aplikasi", "rahasia", refresh_token="tok-lama")
    assert caught.value.code == "invalid_grant"


async def test_a_lost_token_is_not_asked_for_twice() -> None:
    async def drop(wire: Wire, request: Received) -> bool:
        return True

    async with RawServer(drop) as server, user_client(server) as kaskus:
        with pytest.raises(OutcomeUnknown):
            await kaskus.auth.issue_token("client_credentials", "aplikasi", "rahasia")
    assert len(server.requests) == 1


# --- The three steps of OAuth 1.0a


async def test_a_request_token_is_asked_for_by_the_application() -> None:
    body = b"oauth_token=tok%2Fminta&oauth_token_secret=rhs%26minta&oauth_callback_confirmed=true"
    async with RawServer(answers(body)) as server, user_client(server) as kaskus:
        token = await kaskus.auth.request_token("https://aplikasi.example/kembali?a=1")
    [request] = server.requests
    assert request.method == "GET"
    assert request.target == "/api/oauth/token?oauth_callback=https%3A%2F%2Faplikasi.example%2Fkembali%3Fa%3D1"
    assert "oauth_token" not in fields(request)
    assert (token.token, token.token_secret.reveal()) == ("tok/minta", "rhs&minta")
    assert "minta" not in repr(token)


def test_the_page_for_consent_has_the_token_under_the_name_that_the_vendor_uses() -> None:
    kaskus = AsyncKaskus("kunci", "rahasia", base_url="https://situs.example/awalan/")
    assert kaskus.auth.authorize_url("a/b&c") == "https://situs.example/awalan/api/oauth/authorize?token=a%2Fb%26c"


async def test_an_access_token_is_asked_for_with_the_request_token() -> None:
    names = "userid=70&username=tokoh+70&expired=1600000000"
    body = f"access=GRANTED&oauth_token=tok-baru&oauth_token_secret=rhs-baru&{names}".encode()
    async with RawServer(answers(body)) as server, user_client(server) as kaskus:
        token = await kaskus.auth.access_token("tok-minta", Secret("rhs-minta"), verifier="v123")
        await kaskus.auth.access_token("tok-minta", "rhs-minta")
        await kaskus.with_token(token.token, token.token_secret).request("GET", "/")
        await kaskus.request("GET", "/")
    first, second, *_ = server.requests
    assert first.target == "/api/oauth/accesstoken?oauth_verifier=v123"
    assert second.target == "/api/oauth/accesstoken"
    signed_by = [fields(one)["oauth_token"] for one in server.requests]
    assert signed_by == ["tok-minta", "tok-minta", "tok-baru", "tok-tokoh"]
    assert (token.token, token.userid, token.username, token.expired) == ("tok-baru", 70, "tokoh 70", "1600000000")
    assert "baru" not in repr(token)
    # The signature is made with the secret of the request token, and covers the verifier.
    signed = fields(first)
    given = signed.pop("oauth_signature").replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
    covered: Any = [*signed.items(), ("oauth_verifier", "v123")]
    base = signature.signature_base_string(
        "GET", f"{server.base_url}/api/oauth/accesstoken", signature.normalize_parameters(covered)
    )
    assert given == signature.sign_hmac_sha1_with_client(base, _Client("rahasia", "rhs-minta"))


class _Client:
    def __init__(self, client_secret: str, resource_owner_secret: str) -> None:
        self.client_secret, self.resource_owner_secret = client_secret, resource_owner_secret


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"access=DENIED&message=Invalid+token", "GET /api/oauth/accesstoken: Invalid token"),
        (b"access=denied", "access is denied"),
        (b"access=DENIED&message=&oauth_token=t&oauth_token_secret=s", "access is DENIED"),
        (b"access=&oauth_token=t&oauth_token_secret=s", "access is "),
    ],
)
async def test_a_denial_in_an_ordinary_answer_is_a_failed_log_in(body: bytes, message: str) -> None:
    async with RawServer(answers(body)) as server, user_client(server) as kaskus:
        with pytest.raises(AuthFailed, match=message) as caught:
            await kaskus.auth.access_token("tok-minta", "rhs-minta")
    assert (caught.value.status, caught.value.sent, caught.value.body) == (200, Sent.YES, b"")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"oauth_token=t",
        b"oauth_token_secret=s",
        b"access=GRANTED",
        b"oauth_token=&oauth_token_secret=s",
        b"oauth_token=t&oauth_token=u&oauth_token_secret=s",
        b'{"oauth_token": "t", "oauth_token_secret": "s"}',
        b"<!DOCTYPE html><title>Perawatan</title>",
        b"\xff\xfe",
    ],
)
async def test_an_answer_without_a_token_is_a_bad_one(body: bytes) -> None:
    async with RawServer(answers(body)) as server, user_client(server) as kaskus:
        with pytest.raises(BadResponse) as caught:
            await kaskus.auth.request_token("https://aplikasi.example/")
    assert (caught.value.method, caught.value.template, caught.value.status) == ("GET", "/api/oauth/token", 200)


async def test_a_refused_key_is_a_failed_log_in() -> None:
    async with RawServer(answers({"errormessage": "no such consumer"}, 401)) as server, user_client(server) as kaskus:
        with pytest.raises(AuthFailed, match="no such consumer"):
            await kaskus.auth.request_token("https://aplikasi.example/")


async def test_a_lost_access_token_is_not_asked_for_twice_but_a_lost_request_token_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.001)

    async def drop(wire: Wire, request: Received) -> bool:
        return True

    async with RawServer(drop) as server, user_client(server, max_attempts=2) as kaskus:
        with pytest.raises(OutcomeUnknown):
            await kaskus.auth.access_token("tok-minta", "rhs-minta")
        assert len(server.requests) == 1
        with pytest.raises(OutcomeUnknown):
            await kaskus.auth.request_token("https://aplikasi.example/")
        assert len(server.requests) == 3


async def test_a_client_of_oauth_2_has_no_consumer_key_for_these() -> None:
    kaskus = AsyncKaskus.with_oauth2("aplikasi", "rahasia", base_url="http://127.0.0.1:9")
    for call in (kaskus.auth.request_token("https://a.example/"), kaskus.auth.log_in_with_password("tokoh", "x")):
        with pytest.raises(ConfigurationError, match="consumer key"):
            await call
    with pytest.raises(ConfigurationError, match="consumer key"):
        kaskus.with_token("t", "s")


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.auth.log_in_with_password("", "x"), "username"),
        (lambda k: k.auth.log_in_with_password("tokoh", ""), "password"),
        (lambda k: k.auth.request_token(""), "callback"),
        (lambda k: k.auth.access_token("", "s"), "request_token"),
        (lambda k: k.auth.issue_token("", "a", "b"), "grant_type"),
        (lambda k: k.auth.issue_token("client_credentials", "", "b"), "client_id"),
        (lambda k: k.auth.issue_token("client_credentials", "a", Secret("")), "client_secret"),
        (lambda k: k.auth.issue_token("client_credentials", "a", "b", scope="thread.read"), "scope"),
        (lambda k: k.auth.issue_token("client_credentials", "a", "b", scope=["a,b"]), "scope"),
        (lambda k: k.auth.issue_token("password", "a", "b", username="tokoh"), "password"),
        (lambda k: k.auth.issue_token("password", "a", "b", password="x"), "username"),
        (lambda k: k.auth.issue_token("refresh_token", "a", "b"), "refresh_token"),
        (lambda k: k.auth.issue_token("refresh_token", "a", "b", refresh_token=""), "refresh_token"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)


# --- The clock, and refusals of tokens


async def test_an_invalid_token_is_a_failed_authentication_whatever_the_status() -> None:
    refusal = {"error": "invalid_token", "error_description": "expired"}
    async with RawServer(answers(refusal, 400)) as server, user_client(server) as kaskus:
        with pytest.raises(AuthFailed, match="expired") as caught:
            await kaskus.account.profile()
    assert (caught.value.code, caught.value.status) == ("invalid_token", 400)


async def test_an_xml_refusal_that_cannot_be_read_is_still_a_refusal() -> None:
    async with (
        RawServer(answers(b"<return><errormessage>rusak</return>", 404)) as server,
        user_client(server) as kaskus,
    ):
        with pytest.raises(ApiError) as caught:
            await kaskus.account.profile()
    assert caught.value.status == 404
