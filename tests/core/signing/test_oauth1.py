"""Signatures against oauthlib and published examples, nonces, the clock, and token answers."""

from __future__ import annotations

import itertools
import pickle
import random
import re
import subprocess
import sys
import threading
import traceback
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oauthlib.oauth1 import Client
from oauthlib.oauth1.rfc5849 import signature as oracle
from support.fuzz import examples
from support.raw import RawServer, Received, Wire

from nusantara.client import AsyncClient, Settings
from nusantara.errors import BadResponse, ConfigurationError, InvalidParameter
from nusantara.request import CallClass, Request, build, get, post
from nusantara.response import Response
from nusantara.secret import Secret, credential_problem
from nusantara.signing import OAuth1, oauth1, parse_token_answer, token_answers
from nusantara.signing.clock import Clock
from nusantara.upload import File

FORM = "application/x-www-form-urlencoded"
BASE = "https://www.example.co.id/api/oauth"


def fields(headers: Any) -> dict[str, str]:
    """The parameters of an OAuth header, as they stand in it."""
    scheme, _, rest = headers["Authorization"].partition(" ")
    assert scheme == "OAuth"
    return dict(part.replace('"', "").split("=", 1) for part in rest.split(", "))


def by_oauthlib(request: Request, base_url: str, client: Client) -> str:
    form = request.body is not None and request.form is not None and bool(request.body)
    _, headers, _ = client.sign(
        base_url + request.target,
        http_method=request.method,  # type: ignore[arg-type]
        body=request.body.decode() if form and request.body is not None else None,
        headers={"Content-Type": FORM} if form else {},
    )
    return str(headers["Authorization"])


# --- Published examples


def test_base_string_of_rfc_5849_section_3_4_1_1() -> None:
    request = build(
        "POST",
        "/request",
        (),
        CallClass.SAFE,
        params={"b5": "=%3D", "a3": "a", "c@": "", "a2": "r b"},
        form={"c2": "", "a3": "2 q"},
    )
    assert request.body is not None
    pairs = [
        "oauth_consumer_key\x009djdj82h48djs9d2",
        "oauth_token\x00kkk9d7dh3k39sjv7",
        "oauth_signature_method\0HMAC-SHA1",
        "oauth_timestamp\x00137131201",
        "oauth_nonce\x007d8f3e4a",
        *request.target.partition("?")[2].replace("=", "\0").split("&"),
        *request.body.decode().replace("=", "\0").split("&"),
    ]
    assert oauth1._base_string(oauth1._prefix("POST", "http://EXAMPLE.com:80".lower(), "/request"), pairs) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26"
        "c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26"
        "oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


@pytest.mark.parametrize(
    ("token_secret", "method", "base_url", "path", "pairs", "signature"),
    [
        (
            "hdhd0244k9j7ao03",
            "POST",
            "https://photos.example.net",
            "/token",
            "oauth_consumer_key=dpf43f3p2l4k3l03 oauth_token=hh5s93j4hdidpola oauth_signature_method=HMAC-SHA1 "
            "oauth_timestamp=137131201 oauth_nonce=walatlh oauth_verifier=hfdp7dh39dks9884",
            "gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D",
        ),
        (
            "pfkkdhi9sl3r4s00",
            "GET",
            "http://photos.example.net",
            "/photos",
            "oauth_consumer_key=dpf43f3p2l4k3l03 oauth_token=nnch734d00sl2jdk oauth_signature_method=HMAC-SHA1 "
            "oauth_timestamp=137131202 oauth_nonce=chapoH file=vacation.jpg size=original",
            "MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D",
        ),
    ],
)
def test_signatures_of_rfc_5849_section_1_2(
    token_secret: str, method: str, base_url: str, path: str, pairs: str, signature: str
) -> None:
    base = oauth1._base_string(oauth1._prefix(method, base_url, path), pairs.replace("=", "\0").split())
    assert oauth1._HmacSha1(b"kd94hf93k423kf44&" + token_secret.encode()).sign(base) == signature


def sign_at(monkeypatch: pytest.MonkeyPatch, moment: int, nonce: str) -> None:
    monkeypatch.setattr("nusantara.signing.clock.time.time", lambda: float(moment))
    monkeypatch.setattr("nusantara.signing.oauth1._nonce", lambda: nonce)


def test_the_example_of_oauth_core_1_0_appendix_a(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_at(monkeypatch, 1191242096, "kllo9940pd9333jh")
    signer = OAuth1("dpf43f3p2l4k3l03", "kd94hf93k423kf44", token="nnch734d00sl2jdk", token_secret="pfkkdhi9sl3r4s00")
    request = get("/photos", params={"size": "original", "file": "vacation.jpg"})
    assert fields(signer.sign(request, "http://photos.example.net")) == {
        "oauth_nonce": "kllo9940pd9333jh",
        "oauth_timestamp": "1191242096",
        "oauth_version": "1.0",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "oauth_token": "nnch734d00sl2jdk",
        "oauth_signature": "tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D",
    }


def test_the_example_in_the_documentation_of_twitter(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_at(monkeypatch, 1318622958, "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg")
    signer = OAuth1(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        token_secret="LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    request = post(
        "/1.1/statuses/update.json",
        call_class=CallClass.UNREPEATABLE,
        params={"include_entities": "true"},
        form={"status": "Hello Ladies + Gentlemen, a signed OAuth request!"},
    )
    headers = signer.sign(request, "https://api.twitter.com")
    assert fields(headers)["oauth_signature"] == "hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"


# --- Against oauthlib

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    "ab=&%+/?~ -._*'()!é★\0\1", max_size=12
)
names = texts.filter(lambda name: name and not name.startswith("oauth_") and not set(name) & set("\r\n\0"))
params = st.dictionaries(names, texts | st.lists(texts, max_size=3) | st.integers() | st.none(), max_size=6)
secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=90).filter(
    lambda text: credential_problem(text) is None
)
hosts = st.sampled_from(
    [
        "https://h.example",
        "http://h.example:80",
        "https://h.example:443/a%20b",
        "http://127.0.0.1:8080/x",
        "http://[::1]:9",
    ]
)


@st.composite
def signed_requests(draw: st.DrawFn) -> Request:
    method = draw(st.sampled_from(["GET", "POST", "DELETE", "PUT"]))
    form = None if method == "GET" else draw(st.none() | params)
    path, parts = draw(
        st.sampled_from([("/", ()), ("/v1/hot_threads", ()), ("/a;b,c:d@e!$'(*)+/", ()), ("/v1/thread/{id}", ("t",))])
    )
    if parts:
        parts = (draw(texts.filter(lambda part: part not in ("", ".", "..") and not set(part) & set("\r\n\0"))),)
    return build(method, path, parts, CallClass.SAFE, params=draw(params), form=form)


@settings(max_examples=examples(2000), deadline=None)
@given(
    request=signed_requests(),
    base_url=hosts,
    key=secrets,
    secret=secrets,
    token=st.none() | st.tuples(secrets, st.just("") | secrets),
)
def test_headers_equal_those_of_oauthlib(
    request: Request, base_url: str, key: str, secret: str, token: tuple[str, str] | None
) -> None:
    compare(request, base_url, key, secret, token)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://h.example:443",
        "http://h.example:443",
        "https://h.example:80",
        "http://h.example:80/a",
        "http://[::1]:9",
    ],
)
@pytest.mark.parametrize("path", ["/", "/a;b,c:d@e!$'(*)+/", "/a%20b"])
def test_every_part_of_a_url_is_signed_like_that_of_oauthlib(base_url: str, path: str) -> None:
    compare(build("POST", path, (), CallClass.SAFE, form={"a": "é +"}), base_url, "k", "s", ("t", "ts"))


@pytest.mark.parametrize("length", [63, 64, 65, 66])
def test_a_key_about_as_long_as_a_block_is_that_of_oauthlib(length: int) -> None:
    compare(get("/a"), BASE, "k", "s" * (length - len("&")), None)


def compare(request: Request, base_url: str, key: str, secret: str, token: tuple[str, str] | None) -> None:
    token_key, token_secret = token or (None, None)
    made = OAuth1(key, secret, token=token_key, token_secret=token_secret).sign(request, base_url)["Authorization"]
    used = fields({"Authorization": made})
    client = Client(
        key,
        client_secret=secret,
        resource_owner_key=token_key,
        resource_owner_secret=token_secret,
        nonce=used["oauth_nonce"],
        timestamp=used["oauth_timestamp"],
    )
    assert str(made) == by_oauthlib(request, base_url, client)


def test_json_and_files_are_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    signer = OAuth1("k", "s")
    sign_at(monkeypatch, 1_500_000_000, "satu")
    bare = build("POST", "/a", (), CallClass.SAFE)
    document = post("/a", call_class=CallClass.SAFE, json={"a": 1})
    upload = post("/a", call_class=CallClass.SAFE, form={"x": "1"}, files={"f": File(b"x", name="a.png")})
    signed = [str(signer.sign(request, BASE)["Authorization"]) for request in (bare, document, upload)]
    assert len(set(signed)) == 1


async def test_a_server_accepts_what_is_on_the_wire() -> None:
    """1,000 random sets of parameters, verified by oauthlib over the raw bytes that came."""
    seed = random.Random(1945)
    letters = "abcABC019 -._~%&=+/?#[]@!$'()*,;:\"<>\\^`{|}é★\U0001f600\n"

    def word() -> str:
        return "".join(seed.choice(letters) for _ in range(seed.randrange(1, 9)))

    class Shop(AsyncClient):
        vendor = "toko"

    checked: Any = oracle

    async def verify(wire: Wire, request: Received) -> None:
        sent = request.headers["authorization"]
        collected = checked.collect_parameters(
            uri_query=request.target.partition("?")[2],
            headers={"Authorization": sent},
            body=request.body.decode() if request.headers.get("content-type") == FORM else None,
        )
        base = checked.signature_base_string(
            request.method,
            checked.base_string_uri(f"http://{request.headers['host']}{request.target}"),
            checked.normalize_parameters(collected),
        )
        expected = checked.sign_hmac_sha1_with_client(base, Client("k é", client_secret="s&", resource_owner_secret=""))
        good = dict(parse_qsl("oauth_signature=" + fields({"Authorization": sent})["oauth_signature"]))
        await wire.answer(200 if good["oauth_signature"] == expected else 401)

    async with RawServer(verify) as server, Shop(server.base_url + "/api", OAuth1("k é", "s&"), Settings()) as client:
        for number in range(1000):
            # Names of form fields hold no line breaks.
            sets = [{word().replace("\n", "n"): word() for _ in range(seed.randrange(5))} for _ in range(2)]
            if number % 2:
                await client.request("GET", "/a/b", params=sets[0])
            else:
                await client.request("POST", "/a/b", params=sets[0], form=sets[1], call_class=CallClass.SAFE)
    assert len(server.requests) == 1000


# --- Nonces


def test_a_nonce_is_128_bits_in_hexadecimal() -> None:
    made = [fields(OAuth1("k", "s").sign(get("/a"), BASE))["oauth_nonce"] for _ in range(100)]
    assert all(re.fullmatch("[0-9a-f]{32}", nonce) for nonce in made)
    assert max(made) > "8"


async def test_every_attempt_has_its_own_nonce(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)
    answers = itertools.chain([503, 503], itertools.repeat(200))

    async def script(wire: Wire, request: Received) -> None:
        await wire.answer(next(answers))

    async with RawServer(script) as server, AsyncClient(server.base_url, OAuth1("k", "s"), Settings()) as client:
        await client.request("GET", "/a")
    assert len({fields({"Authorization": one.headers["authorization"]})["oauth_nonce"] for one in server.requests}) == 3


def test_no_nonce_repeats_in_threads() -> None:
    signer, request = OAuth1("k", "s"), get("/a")
    made: list[str] = []

    def run() -> None:
        own = [signer.sign(request, BASE)["Authorization"] for _ in range(25_000)]
        made.extend(header[19:51] for header in own)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(set(made)) == 200_000


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="there is no fork here")
def test_no_nonce_repeats_after_a_fork() -> None:
    program = """
import os
from nusantara.signing.oauth1 import _nonce
_nonce()
reader, writer = os.pipe()
child = os.fork()
mine = [_nonce() for _ in range(500)]
if not child:
    os.write(writer, " ".join(mine).encode())
    os._exit(0)
os.close(writer)
with open(reader) as file:
    theirs = file.read().split()
os.waitpid(child, 0)
assert len(theirs) == 500 and not set(mine) & set(theirs)
print("disjoint")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "disjoint\n", done.stderr


# --- The clock


class FakeTime:
    """Stands in for the module ``time``: the wall can be set, the monotonic clock only runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, wall: float) -> None:
        self.wall = wall
        self.since_start = 5000.0
        monkeypatch.setattr("nusantara.signing.clock.time", self)

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.since_start

    def run(self, seconds: float) -> None:
        self.wall += seconds
        self.since_start += seconds


TRUE_TIME = 1_600_000_000


def stamp(headers: Any) -> int:
    return int(fields(headers)["oauth_timestamp"])


@pytest.mark.parametrize("off", [-60, 60, -600, 600, -86_460, 86_460])
async def test_a_wrong_clock_is_learnt_from_one_refusal(monkeypatch: pytest.MonkeyPatch, off: int) -> None:
    clock = FakeTime(monkeypatch, TRUE_TIME + off)
    signer, request = OAuth1("k", "s"), get("/a")
    signed = signer.sign(request, BASE)
    assert stamp(signed) == TRUE_TIME + off
    refusal = Response(401, {"Date": formatdate(TRUE_TIME, usegmt=True)}, b"")
    assert await signer.renew(signed, refusal)
    assert stamp(signer.sign(request, BASE)) == TRUE_TIME
    clock.run(100)
    clock.wall = TRUE_TIME + 100  # Somebody sets it right.
    later = signer.sign(request, BASE)
    assert stamp(later) == TRUE_TIME + 100
    refusal = Response(401, {"Date": formatdate(TRUE_TIME + 100, usegmt=True)}, b"")
    assert not await signer.renew(later, refusal), "the clock is no excuse any more"


async def test_of_many_calls_in_flight_each_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeTime(monkeypatch, TRUE_TIME - 600)
    signer, request = OAuth1("k", "s"), get("/a")
    in_flight = [signer.sign(request, BASE) for _ in range(5)]
    refusal = Response(401, {"Date": formatdate(TRUE_TIME, usegmt=True)}, b"")
    assert [await signer.renew(signed, refusal) for signed in in_flight] == [True] * 5


@pytest.mark.parametrize("off", [60, 600])
def test_what_one_refusal_taught_another_of_the_same_time_does_not_unteach(
    monkeypatch: pytest.MonkeyPatch, off: int
) -> None:
    FakeTime(monkeypatch, TRUE_TIME - off)
    signer, request = OAuth1("k", "s"), get("/a")
    one, other = signer.sign(request, BASE), signer.sign(request, BASE)
    assert signer.learn_skew(formatdate(TRUE_TIME, usegmt=True), one)
    assert signer.learn_skew(formatdate(TRUE_TIME - off, usegmt=True), other)
    assert stamp(signer.sign(request, BASE)) == TRUE_TIME


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (20_000 * 86_400, "20000.0 days ahead of the server's"),
        (86_461, "1.0 days ahead of the server's"),
        (-86_461, "1.0 days behind the server's"),
    ],
)
async def test_a_clock_that_is_too_wrong_is_told(monkeypatch: pytest.MonkeyPatch, off: int, words: str) -> None:
    FakeTime(monkeypatch, TRUE_TIME + off)
    signer = OAuth1("k", "s")
    signed = signer.sign(get("/a"), BASE)
    with pytest.raises(ConfigurationError, match=words):
        await signer.renew(signed, Response(401, {"Date": formatdate(TRUE_TIME, usegmt=True)}, b""))


def test_a_clock_that_may_be_right_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeTime(monkeypatch, TRUE_TIME)
    for date in (None, "kemarin", *(formatdate(TRUE_TIME + off, usegmt=True) for off in (-86_460, 86_460))):
        Clock().check(date)


@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "kemarin",
        "Sun, 13 Sep 2020 13:26:40 -0000",
        "Sun, 99 Sep 2020 99:26:40 GMT",
        "Sun, 13 Sep 99999999999999 12:26:40 GMT",
        formatdate(TRUE_TIME - 59, usegmt=True),
        formatdate(TRUE_TIME + 59, usegmt=True),
        formatdate(TRUE_TIME + 86_461, usegmt=True),
        formatdate(0, usegmt=True),
    ],
)
def test_a_date_that_explains_nothing_is_not_believed(monkeypatch: pytest.MonkeyPatch, date: str | None) -> None:
    FakeTime(monkeypatch, TRUE_TIME)
    signer, request = OAuth1("k", "s"), get("/a")
    assert not signer.learn_skew(date, signer.sign(request, BASE))
    assert stamp(signer.sign(request, BASE)) == TRUE_TIME


def test_headers_of_another_signer_teach_nothing() -> None:
    assert not OAuth1("k", "s").learn_skew(formatdate(0, usegmt=True), {})
    assert not OAuth1("k", "s").learn_skew(formatdate(0, usegmt=True), {"Authorization": "Bearer x"})


def test_a_signer_with_another_token_shares_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeTime(monkeypatch, TRUE_TIME - 600)
    consumer, request = OAuth1("k", "s"), get("/a")
    user = consumer.with_token("t", Secret("ts"))
    assert consumer.learn_skew(formatdate(TRUE_TIME, usegmt=True), consumer.sign(request, BASE))
    signed = user.sign(request, BASE)
    assert stamp(signed) == TRUE_TIME
    assert fields(signed)["oauth_token"] == "t"
    assert "oauth_token" not in fields(consumer.sign(request, BASE))


# --- Credentials


def test_secrets_do_not_show() -> None:
    signer = OAuth1("kunci", "rahasia-1", token="tok", token_secret="rahasia-2")
    headers = signer.sign(get("/a"), BASE)
    assert repr(signer) == "OAuth1(***)"
    shown = str(signer) + repr(headers)
    assert "rahasia" not in shown
    assert "oauth_signature" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(signer)


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ({"consumer_key": ""}, "consumer_key"),
        ({"consumer_secret": ""}, "consumer_secret"),
        ({"consumer_key": 5}, "consumer_key"),
        ({"consumer_secret": b"s"}, "consumer_secret"),
        ({"consumer_key": "\ud800"}, "consumer_key"),
        ({"token": "t"}, "token_secret"),
        ({"token_secret": "t"}, "token"),
        ({"token": "", "token_secret": ""}, "token"),
        ({"token": "t", "token_secret": "\udfff"}, "token_secret"),
    ],
)
def test_bad_credentials_are_refused_by_name(arguments: dict[str, Any], parameter: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        OAuth1(**{"consumer_key": "k", "consumer_secret": "s", **arguments})
    assert caught.value.parameter == parameter


def test_signing_loads_nothing_heavy() -> None:
    program = (
        "import sys, nusantara.signing.oauth1 as o; from nusantara.request import get;"
        "o.OAuth1('k', 's').sign(get('/a'), 'http://h');"
        "print(*sorted({'oauthlib', 'aiohttp', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


# --- Token answers


def test_a_token_answer_is_read() -> None:
    body = b"access=GRANTED&oauth_token=a%2Fb&oauth_token_secret=c%20d+e&userid=1&username=contoh%C3%A9&expired=\n"
    answer = parse_token_answer(body)
    assert answer == {
        "access": "GRANTED",
        "oauth_token": "a/b",
        "oauth_token_secret": "c d e",
        "userid": "1",
        "username": "contohé",
        "expired": "",
    }
    assert "a/b" not in repr(answer)
    assert "c d e" not in repr(answer)


def test_a_refusal_is_an_answer_like_any_other() -> None:
    assert parse_token_answer(b"access=DENIED&message=Invalid+token") == {
        "access": "DENIED",
        "message": "Invalid token",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"oauth_token",
        b"oauth_token=a&oauth_token_secret",
        b"oauth_token=a&oauth_token=b",
        b"=a",
        b"&",
        b"a=b&",
        b"a=%zz",
        b"a=%f",
        b"a=%ff",
        b"a=\xff",
        b"a b=c",
        b"%00=c",
        b"oauth_token=a%0d%0ab&oauth_token_secret=c",
        b"<!DOCTYPE html><html><title>502</title></html>",
        b'{"oauth_token": "a"}',
        b'{"a=b": "c"}',
        b"a=" + b"x" * 9000,
    ],
)
def test_anything_else_is_a_bad_response(body: bytes) -> None:
    with pytest.raises(BadResponse) as caught:
        parse_token_answer(body)
    assert "oauth_token" not in str(caught.value)
    assert caught.value.__context__ is None


@given(st.binary(max_size=60) | st.text("a=&%+ 0f\né", max_size=30).map(str.encode))
def test_no_body_breaks_the_reading_of_token_answers(body: bytes) -> None:
    try:
        answer = parse_token_answer(body)
    except BadResponse:
        return
    assert answer
    assert all(isinstance(value, str) and value.encode() is not None for value in answer.values())


@given(
    st.dictionaries(st.text("abc_é", min_size=1), st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1)
)
def test_a_form_is_read_back(pairs: dict[str, str]) -> None:
    body = urlencode(pairs).encode()
    if len(body) <= token_answers.MAX_TOKEN_ANSWER:
        assert parse_token_answer(body) == pairs


def test_a_token_answer_has_its_bound() -> None:
    whole = b"oauth_token=" + b"x" * (8192 - len(b"oauth_token="))
    assert parse_token_answer(b"\n" + whole + b"\n").keys() == {"oauth_token"}
    with pytest.raises(BadResponse, match="longer than 8192 bytes"):
        parse_token_answer(whole + b"x")


def test_a_token_does_not_show_in_a_traceback() -> None:
    body = b"&".join([b"oauth_token=a" + b"b" * 9] * 2)
    try:
        parse_token_answer(body)
    except BadResponse:
        assert "abbb" not in traceback.format_exc()
