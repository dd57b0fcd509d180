"""Signing in on the sandbox, both flavours: by the consent of a user, by password, and by OAuth 2."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from support.consent import answer_consent, parameters, visit
from support.flavours import Flavour

from kaskus_async import AsyncKaskus, Kaskus
from nusantara.errors import AuthFailed, ConfigurationError, InvalidParameter, Timeout
from nusantara.sandbox import Sandbox

OpenKaskus = Callable[..., Flavour[Any]]
CALLBACK = "http://127.0.0.1:9/kembali?dari=kaskus"


def as_user(name: str, client: Any, token: Any) -> Flavour[Any]:
    return Flavour(name, client.with_token(token.token, token.token_secret))


async def test_a_user_allows_the_application(application: Flavour[Any]) -> None:
    request = await application(lambda k: k.auth.request_token(CALLBACK))
    address = await asyncio.to_thread(
        answer_consent, application.client.auth.authorize_url(request.token), "laras_senja"
    )
    assert address.startswith(f"{CALLBACK}&")
    back = parameters(address)
    assert (back["oauth_token"], back["dari"]) == (request.token, "kaskus")
    token = await application(
        lambda k: k.auth.access_token(request.token, request.token_secret, verifier=back["oauth_verifier"])
    )
    assert (token.username, token.userid) == ("laras_senja", 2_210_437)
    assert token.token_secret.reveal() not in repr(token)
    profile = await as_user(application.name, application.client, token)(lambda k: k.account.profile())
    assert profile.username == "laras_senja"


async def test_the_verifier_may_be_left_out_and_a_request_token_is_good_once(application: Flavour[Any]) -> None:
    request = await application(lambda k: k.auth.request_token(CALLBACK))
    await asyncio.to_thread(answer_consent, application.client.auth.authorize_url(request.token), "bimo.gowes")
    token = await application(lambda k: k.auth.access_token(request.token, request.token_secret))
    assert token.username == "bimo.gowes"
    with pytest.raises(AuthFailed):
        await application(lambda k: k.auth.access_token(request.token, request.token_secret))


async def test_a_user_says_no(application: Flavour[Any]) -> None:
    request = await application(lambda k: k.auth.request_token(CALLBACK))
    address = await asyncio.to_thread(
        answer_consent, application.client.auth.authorize_url(request.token), "arya.kopi", "deny"
    )
    assert "oauth_verifier" not in parameters(address)
    with pytest.raises(AuthFailed, match="the user has not allowed it") as refusal:
        await application(lambda k: k.auth.access_token(request.token, request.token_secret))
    assert refusal.value.status == 200


async def test_a_token_that_nobody_allowed_is_not_good(application: Flavour[Any]) -> None:
    request = await application(lambda k: k.auth.request_token(CALLBACK))
    with pytest.raises(AuthFailed):
        await application(lambda k: k.auth.access_token(request.token, request.token_secret))
    stranger = as_user(application.name, application.client, request)
    with pytest.raises(AuthFailed, match="no such token"):
        await stranger(lambda k: k.account.profile())


async def test_all_steps_in_one_call(application: Flavour[Any]) -> None:
    def browse(url: str) -> bool:
        return visit(answer_consent(url, "nindya.teh"))

    token = await application(lambda k: k.auth.log_in(open_browser=browse, timeout=10))
    profile = await as_user(application.name, application.client, token)(lambda k: k.account.profile())
    assert (token.username, profile.username) == ("nindya.teh", "nindya.teh")


async def test_an_address_can_be_pasted_instead(application: Flavour[Any]) -> None:
    def paste(prompt: str) -> str:
        [url] = [line for line in prompt.splitlines() if line.startswith("http://")]
        return answer_consent(url, "tari_lensa")

    token = await application(lambda k: k.auth.log_in(open_browser=False, paste=paste, timeout=10))
    assert token.username == "tari_lensa"


async def test_nobody_comes_back(application: Flavour[Any]) -> None:
    with pytest.raises(Timeout):
        await application(lambda k: k.auth.log_in(open_browser=lambda url: True, timeout=0.3))


async def test_a_user_signs_in_by_password_and_out_again(application: Flavour[Any], nusantara_sandbox: Sandbox) -> None:
    mine = nusantara_sandbox.credentials["kaskus"]
    found = await application(lambda k: k.auth.log_in_with_password(mine["username"], mine["password"]))
    assert mine["password"].encode() not in nusantara_sandbox.requests[-1].body
    assert found.oauth_token_secret not in repr(found)
    user = Flavour[Any](application.name, application.client.with_token(found.oauth_token, found.oauth_token_secret))
    assert (await user(lambda k: k.account.profile())).userid == mine["userid"]
    await user(lambda k: k.auth.log_out())
    with pytest.raises(AuthFailed, match="no such token"):
        await user(lambda k: k.account.profile())


async def test_a_wrong_password_is_refused(application: Flavour[Any]) -> None:
    with pytest.raises(AuthFailed, match="username or password is wrong"):
        await application(lambda k: k.auth.log_in_with_password("arya.kopi", "salah"))


async def test_the_application_alone_reads_what_is_public(application: Flavour[Any]) -> None:
    assert (await application(lambda k: k.threads.hot())).data
    with pytest.raises(AuthFailed, match="a user has to sign in for this"):
        await application(lambda k: k.account.profile())


@pytest.mark.parametrize("wrong", ["token", "token_secret"])
async def test_wrong_credentials_are_refused(wrong: str, open_kaskus: OpenKaskus, nusantara_sandbox: Sandbox) -> None:
    mine = nusantara_sandbox.credentials["kaskus"]
    kaskus = open_kaskus({**mine, wrong: "salah"})
    with pytest.raises(AuthFailed) as refusal:
        await kaskus(lambda k: k.account.profile())
    assert (refusal.value.status, refusal.value.code) == (401, 401)
    for secret in (mine["consumer_secret"], mine["token_secret"]):
        assert secret not in f"{refusal.value!r} {refusal.value}"


async def test_a_signature_of_another_time_is_refused(kaskus: Flavour[Any], nusantara_sandbox: Sandbox) -> None:
    nusantara_sandbox.kaskus.clock_skew = -7_200
    with pytest.raises(AuthFailed, match="oauth_timestamp"):
        await kaskus(lambda k: k.account.profile())


@pytest.fixture(params=["async", "sync"])
def open_bearer(request: pytest.FixtureRequest, nusantara_sandbox: Sandbox) -> Callable[..., Flavour[Any]]:
    """Makes clients that sign with OAuth 2."""
    mine = nusantara_sandbox.credentials["kaskus"]

    def open_one(**user: str) -> Flavour[Any]:
        kind: Any = AsyncKaskus if request.param == "async" else Kaskus
        keys = (mine["client_id"], mine["client_secret"])
        return Flavour(request.param, kind.with_oauth2(*keys, base_url=nusantara_sandbox.base_url, **user))

    return open_one


async def test_bearer_tokens_are_got_and_renewed(open_bearer: Any, nusantara_sandbox: Sandbox) -> None:
    mine = nusantara_sandbox.credentials["kaskus"]
    kaskus = open_bearer(username=mine["username"], password=mine["password"])
    profiles = await asyncio.gather(*(kaskus(lambda k: k.account.profile()) for _ in range(10)))
    nusantara_sandbox.kaskus.sessions.expire_bearers()
    profiles += await asyncio.gather(*(kaskus(lambda k: k.account.profile()) for _ in range(10)))
    assert {profile.userid for profile in profiles} == {mine["userid"]}
    tokens = [one for one in nusantara_sandbox.requests if one.path == "/oauth/access-token"]
    assert [b"grant_type=password" in one.body for one in tokens] == [True, False]
    await kaskus.close()


async def test_the_application_gets_a_bearer_token(open_bearer: Any) -> None:
    kaskus = open_bearer()
    assert (await kaskus(lambda k: k.threads.hot())).data
    with pytest.raises(AuthFailed, match="a user has to sign in for this"):
        await kaskus(lambda k: k.account.profile())
    with pytest.raises(ConfigurationError):
        await kaskus(lambda k: k.auth.request_token(CALLBACK))
    await kaskus.close()


async def test_a_wrong_password_gets_no_bearer_token(open_bearer: Any) -> None:
    kaskus = open_bearer(username="arya.kopi", password="salah")
    with pytest.raises(AuthFailed, match="username or password is wrong"):
        await kaskus(lambda k: k.account.profile())
    await kaskus.close()


async def test_an_empty_callback_is_refused(application: Flavour[Any], nusantara_sandbox: Sandbox) -> None:
    with pytest.raises(InvalidParameter, match="callback"):
        await application(lambda k: k.auth.request_token(""))
    assert nusantara_sandbox.requests == []
