"""Signatures, times and nonces are checked for real."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA256,
    SIGNATURE_PLAINTEXT,
    SIGNATURE_TYPE_BODY,
    SIGNATURE_TYPE_QUERY,
)

from kaskus_async.sandbox import KaskusState
from nusantara.errors import InvalidParameter
from nusantara.sandbox import Sandbox

Check = Callable[[requests.Response, int], str]


def test_a_signed_call_is_answered(me: Any, credentials: dict[str, Any]) -> None:
    assert me.get("/user")["userid"] == credentials["userid"]


def test_urllib_can_call_it_too(me: Any) -> None:
    address, headers, _ = me.signed("GET", "/user?output=json")
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        assert b'"arya.kopi"' in answer.read()


def test_an_unsigned_call_is_refused(me: Any, session: requests.Session, check_refusal: Check) -> None:
    answer = session.get(f"{me.base_url}/v1/hot_threads?output=json")
    assert check_refusal(answer, 401) == "the call is not signed"


def test_the_application_alone_may_read_what_is_public(app: Any) -> None:
    assert app.get("/v1/hot_threads")["data"]
    assert app.get("/forumlist")
    assert app.get("/search/forum?q=kopi")["item"]


def test_the_application_alone_may_not_speak_for_a_user(app: Any) -> None:
    message = "a user has to sign in for this"
    for path in ("/user", "/v1/user/forum_permissions", "/v1/push_notification_receivers"):
        assert app.refused(401, "GET", path) == message
    assert app.refused(401, "POST", "/v1/forum_thread", forum_id=21, title="Halo", message="isi") == message


@pytest.mark.parametrize("part", ["consumer secret", "token secret", "token", "consumer key"])
def test_wrong_credentials_are_refused(
    part: str, stranger: Callable[..., Any], credentials: dict[str, Any], check_refusal: Check
) -> None:
    token, secret = credentials["token"], credentials["token_secret"]
    wrong = {
        "consumer secret": lambda: stranger(token, secret, secret="salah"),
        "token secret": lambda: stranger(token, "salah"),
        "token": lambda: stranger("salah", secret),
        "consumer key": lambda: stranger(token, secret, key="salah"),
    }
    message = check_refusal(wrong[part]().raw("GET", "/user"), 401)
    expected = {"token": "no such token", "consumer key": "no such consumer key"}
    assert message == expected.get(part, "the signature is wrong")


def test_the_query_and_the_form_are_covered(me: Any, check_refusal: Check) -> None:
    address, headers, body = me.signed("GET", "/v1/forum/21/threads?page=1&output=json")
    tampered = (address.replace("page=1", "page=2"), headers, body)
    assert check_refusal(me.send("GET", tampered), 401) == "the signature is wrong"

    address, headers, body = me.signed("POST", "/pmfolder?output=json", {"name": "Arsip"})
    tampered = (address, headers, "name=Lain")
    assert check_refusal(me.send("POST", tampered), 401) == "the signature is wrong"
    assert check_refusal(me.send("PUT", (address, headers, body)), 404)
    assert all(folder["folder_name"] != "Lain" for folder in me.get("/pmfolder"))


def test_the_verb_is_covered(me: Any, credentials: dict[str, Any], check_refusal: Check) -> None:
    signed = me.signed("GET", f"/vm/{credentials['userid']}?output=json")
    assert check_refusal(me.send("POST", signed), 401) == "the signature is wrong"


def test_a_replayed_nonce_is_refused(me: Any, friend: Any, check_refusal: Check) -> None:
    signed = me.signed("GET", "/user?output=json")
    assert me.send("GET", signed).status_code == 200
    assert check_refusal(me.send("GET", signed), 401) == "oauth_nonce was used before"
    now = int(time.time())
    assert me.raw("GET", "/forumlist", nonce="sama", timestamp=now).status_code == 200
    assert check_refusal(me.raw("GET", "/user", nonce="sama", timestamp=now), 401) == "oauth_nonce was used before"
    # It is the pair of time and nonce that counts, for each token of its own.
    assert me.raw("GET", "/user", nonce="sama", timestamp=now - 1).status_code == 200
    assert friend.raw("GET", "/user", nonce="sama", timestamp=now).status_code == 200


def test_nonces_are_remembered_however_many_there_are(state: KaskusState) -> None:
    now = int(time.time())
    with state.lock:
        assert all(state.sessions.use_nonce(now - number % 500, str(number), "k", "t") for number in range(25_000))
        recent = [number for number in range(25_000) if number % 500 < 290]
        assert not any(state.sessions.use_nonce(now - number % 500, str(number), "k", "t") for number in recent)


def test_a_nonce_of_a_wrong_signature_is_not_used_up(
    me: Any, stranger: Callable[..., Any], credentials: dict[str, Any]
) -> None:
    now = int(time.time())
    forger = stranger(credentials["token"], "salah")
    assert forger.raw("GET", "/user", nonce="x", timestamp=now).status_code == 401
    assert me.raw("GET", "/user", nonce="x", timestamp=now).status_code == 200


@pytest.mark.parametrize(("off", "where"), [(-400, "past"), (400, "future")])
def test_an_old_or_early_timestamp_is_refused(off: int, where: str, me: Any, check_refusal: Check) -> None:
    message = check_refusal(me.raw("GET", "/user", timestamp=int(time.time()) + off), 401)
    assert message.endswith(f"seconds in the {where}")
    assert message.startswith("oauth_timestamp")


def test_the_window_and_the_clock_can_be_set(me: Any, state: KaskusState) -> None:
    now = int(time.time())
    assert me.raw("GET", "/user", timestamp=now - 200).status_code == 200
    state.timestamp_window = 100
    assert me.raw("GET", "/user", timestamp=now - 200).status_code == 401
    state.clock_skew = -200
    assert me.raw("GET", "/user", timestamp=now - 200).status_code == 200
    assert me.raw("GET", "/user", timestamp=now).status_code == 401


def test_a_refusal_carries_the_date_from_which_a_client_can_learn(me: Any, session: requests.Session) -> None:
    with Sandbox(vendors=["kaskus"], clock=lambda: time.time() + 7200).in_thread() as ahead:
        me.base_url = f"{ahead.base_url}/api/oauth"
        refused = me.raw("GET", "/user")
        assert refused.status_code == 401
        told = parsedate_to_datetime(refused.headers["Date"]).timestamp()
        assert told == pytest.approx(time.time() + 7200, abs=5)
        assert me.raw("GET", "/user", timestamp=int(told)).status_code == 200


def test_oauth_parameters_may_be_in_the_query_or_the_form(me: Any) -> None:
    assert me.raw("GET", "/user?output=json", placed=SIGNATURE_TYPE_QUERY).status_code == 200
    answer = me.raw("POST", "/pmfolder", {"name": "Lewat formulir"}, placed=SIGNATURE_TYPE_BODY)
    assert answer.status_code == 200


def test_only_hmac_sha1_is_taken_unless_others_are_let_in(me: Any, state: KaskusState, check_refusal: Check) -> None:
    answer = me.raw("GET", "/user", signature_method=SIGNATURE_HMAC_SHA256)
    assert check_refusal(answer, 401) == "oauth_signature_method must be HMAC-SHA1"
    state.signature_methods = ("HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT")
    for method in (SIGNATURE_HMAC_SHA256, SIGNATURE_PLAINTEXT):
        assert me.raw("GET", "/user", signature_method=method).status_code == 200
    with pytest.raises(InvalidParameter):
        state.signature_methods = ("RSA-SHA1",)


def test_separators_and_realm_of_the_header_do_not_matter(me: Any) -> None:
    for old, new in ((", ", ","), ("OAuth ", 'oauth realm="kaskus", ')):
        address, headers, body = me.signed("GET", "/user?output=json")
        changed = {"Authorization": headers["Authorization"].replace(old, new)}
        assert me.send("GET", (address, changed, body)).status_code == 200


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("OAuth oauth_signature=tanpa-kutip", "the Authorization header cannot be read"),
        ('OAuth oauth_signature="x"', "the signature is not complete"),
        ('OAuth oauth_signature="x", oauth_signature="y"', "an oauth parameter is there twice"),
        ("Basic YTpi", "the call is not signed"),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(
    header: str, message: str, me: Any, session: requests.Session, check_refusal: Check
) -> None:
    answer = session.get(f"{me.base_url}/user?output=json", headers={"Authorization": header})
    assert message in check_refusal(answer, 401)


def test_fields_of_a_multipart_form_are_not_signed(me: Any) -> None:
    address, headers, _ = me.signed("POST", "/pmfolder?output=json")
    answer = me.session.post(address, headers=headers, files={"name": (None, "Dari multipart")})
    assert answer.status_code == 200, answer.text
    assert "Dari multipart" in [folder["folder_name"] for folder in me.get("/pmfolder")]


def test_a_double_slash_and_a_slash_at_the_end_are_signed_as_sent(me: Any) -> None:
    for path in ("//user", "/user/", "//user/"):
        assert me.raw("GET", path).status_code == 200


@settings(max_examples=40)
@given(
    form=st.dictionaries(
        st.text(min_size=1, max_size=8).filter(lambda name: not name.startswith("oauth_")),
        st.text(max_size=20),
        max_size=5,
    ),
    query=st.lists(st.tuples(st.sampled_from("abcq"), st.text(max_size=12)), max_size=4),
)
def test_whatever_is_signed_right_is_accepted(shared: Any, form: dict[str, str], query: list[tuple[str, str]]) -> None:
    path = f"/v1/user/permissions?{urllib.parse.urlencode([*query, ('output', 'json')])}"
    answer = shared.raw("POST", path, {**form, "action": "create_lapak", "output": "json"})
    assert answer.status_code == 200, answer.text
