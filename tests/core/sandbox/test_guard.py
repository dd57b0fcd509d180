"""A page in the developer's browser gets nowhere: its requests are refused, and programs are served as before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.errors import InvalidParameter
from nusantara.sandbox import Fault, Sandbox
from nusantara.sandbox.guard import CONTROL_BODY_LIMIT, Guard
from nusantara.sandbox.incoming import Incoming
from nusantara.sandbox.vendor import RouteUse

LATENCY = {"kind": "latency", "seconds": 0}
HOOKS = {"webhook_urls": ["http://evil.example/"]}
CONTROLS = [
    ("GET", "/_sandbox/credentials", None),
    ("GET", "/_sandbox/requests", None),
    ("GET", "/_sandbox/deliveries", None),
    ("GET", "/_sandbox/faults", None),
    ("POST", "/_sandbox/faults", LATENCY),
    ("DELETE", "/_sandbox/faults", None),
    ("POST", "/_sandbox/reset", {}),
    ("GET", "/_qiscus/settings", None),
    ("POST", "/_qiscus/settings", HOOKS),
    ("POST", "/_qiscus/apps", {}),
    ("GET", "/_kaskus/outgoing", None),
    ("GET", "/_kaskus/settings", None),
    ("POST", "/_kaskus/settings", {"timestamp_window": 5}),
    ("GET", "/%5fqiscus/settings", None),
]
STRANGERS = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "tokoku.qiscus.com"]
LOAD = "/api/v2/rest/load_comments?room_id=41002"
RATNA = "cs.ratna@tehsenja.example"
OPERATIONS = [
    ("GET", LOAD, None),
    ("POST", "/api/v2/rest/create_room", {"name": "x", "creator": RATNA, "participants": [RATNA]}),
]


@attrs.frozen
class Heard:
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


async def ask(sandbox: Sandbox, method: str, path: str, document: Any = None, **headers: str) -> Heard:
    host, _, port = sandbox.base_url.partition("//")[2].rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = b"" if document is None else document if isinstance(document, bytes) else json.dumps(document).encode()
    lines = {"Host": f"127.0.0.1:{port}", "Connection": "close"} | ({"Content-Length": str(len(body))} if body else {})
    if document is not None:
        lines["Content-Type"] = "application/json"
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value != "-")
    try:
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.transport.abort()
    top, _, rest = answer.partition(b"\r\n\r\n")
    first, *pairs = top.decode().split("\r\n")
    named = {name.lower(): value for name, _, value in (pair.partition(": ") for pair in pairs)}
    return Heard(int(first.split(" ")[1]), named, rest)


def secret(sandbox: Sandbox) -> dict[str, str]:
    return {"QISCUS_SDK_SECRET".replace("_", "-"): sandbox.qiscus.secret_key}


def untouched(sandbox: Sandbox) -> bool:
    return (
        sandbox.faults.active == []
        and sandbox.qiscus.webhook_urls == ()
        and len(sandbox.qiscus.apps) == 1
        and sandbox.kaskus.timestamp_window == 300
    )


@pytest.mark.parametrize(("method", "path", "document"), CONTROLS)
@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evillocalhost", "tokoku.qiscus.com"],
)
async def test_no_control_answers_under_a_name_of_a_stranger(
    sandbox: Sandbox, method: str, path: str, document: Any, host: str
) -> None:
    port = sandbox.base_url.rpartition(":")[2]
    heard = await ask(sandbox, method, path, document, Host=f"{host}:{port}")
    assert heard.status == 403
    assert untouched(sandbox)
    assert sandbox.qiscus.secret_key.encode() not in heard.body


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("Host", "127.0.0.1", "evil.example"),
        ("Origin", "own", "http://evil.example"),
        ("Sec-Fetch-Site", "same-origin", "cross-site"),
        ("Referer", "own", "http://evil.example/"),
        ("Content-Type", "application/json", "text/plain"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
async def test_what_is_said_twice_is_not_believed(
    sandbox: Sandbox, name: str, good: str, bad: str, turned: bool
) -> None:
    values = [sandbox.base_url if good == "own" else good, bad]
    for first, second in [values[::-1] if turned else values, [values[0]] * 2]:
        heard = await ask(sandbox, "POST", "/_sandbox/faults", LATENCY, **{name: first, name.upper(): second})
        assert heard.status in (400, 403, 415), (first, second)
    assert sandbox.faults.active == []


@pytest.mark.parametrize(("method", "path", "document"), CONTROLS)
@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "https://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "document"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "iframe"},
        {"Referer": "http://evil.example/page"},
    ],
    ids=str,
)
async def test_no_control_answers_a_page_of_a_stranger(
    sandbox: Sandbox, method: str, path: str, document: Any, said: dict[str, str]
) -> None:
    heard = await ask(sandbox, method, path, document, **said)
    assert (heard.status, untouched(sandbox)) == (403, True)
    assert "access-control-allow-origin" not in heard.headers


@pytest.mark.parametrize("path", [path for method, path, _ in CONTROLS if method == "POST"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "text/plain; charset=application/json", "application/x-www-form-urlencoded", "-", "text/xml"]
)
async def test_a_control_takes_json_only(sandbox: Sandbox, path: str, kind: str) -> None:
    heard = await ask(sandbox, "POST", path, LATENCY, Content_Type=kind)
    assert (heard.status, untouched(sandbox)) == (415, True)


@pytest.mark.parametrize("kind", ["-", "text/xml"])
async def test_a_control_takes_no_chunked_body_that_is_not_said_to_be_json(sandbox: Sandbox, kind: str) -> None:
    body = json.dumps(LATENCY).encode()
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    said = {"Content_Type": kind, "Content_Length": "-", "Transfer_Encoding": "chunked"}
    heard = await ask(sandbox, "POST", "/_sandbox/faults", chunked, **said)
    assert (heard.status, untouched(sandbox)) == (415, True)


@pytest.mark.parametrize(("method", "path", "document"), CONTROLS)
@pytest.mark.parametrize(
    "said", [{}, {"Origin": "own"}, {"Sec_Fetch_Site": "same-origin"}, {"Host": "localhost"}, {"Host": "a.localhost:9"}]
)
async def test_programs_and_own_pages_go_on_working(
    sandbox: Sandbox, method: str, path: str, document: Any, said: dict[str, str]
) -> None:
    if said.get("Origin") == "own":
        said = {"Origin": sandbox.base_url}
    assert (await ask(sandbox, method, path, document, **said)).status in (200, 201)


async def test_a_reset_needs_no_body(sandbox: Sandbox) -> None:
    assert (await ask(sandbox, "POST", "/_sandbox/reset")).status == 200
    assert (await ask(sandbox, "POST", "/_sandbox/reset", Content_Type="application/octet-stream")).status == 200
    assert (await ask(sandbox, "POST", "/_sandbox/reset", Content_Type="text/plain")).status == 415


@pytest.mark.parametrize(("method", "path", "document"), OPERATIONS)
async def test_an_operation_answers_programs_and_no_page(
    sandbox: Sandbox, method: str, path: str, document: Any
) -> None:
    async def status(**headers: str) -> int:
        return (await ask(sandbox, method, path, document, **secret(sandbox), **headers)).status

    assert await status() == 200
    for host in (
        "teh-senja.qiscus.com",
        "api.qiscus.com",
        "teh-senja.localhost",
        "[::1]:80",
        "LOCALHOST.",
        "127.8.8.8",
    ):
        assert await status(Host=host, QISCUS_SDK_APP_ID="teh-senja") == 200, host
    for host in ("evil.example", "qiscus.com.evil.example", "evilqiscus.com", "10.0.0.1", "[::1"):
        assert await status(Host=host) == 403, host
    for page in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
        assert await status(**page) == 403, page
    assert await status(Origin=sandbox.base_url) == 200
    assert await status(Sec_Fetch_Site="same-origin") == 200


async def test_what_is_refused_is_not_carried_out_and_not_logged(sandbox: Sandbox) -> None:
    before = len(sandbox.qiscus.rooms)
    _, operation = OPERATIONS
    heard = await ask(sandbox, *operation, **secret(sandbox), Origin="http://evil.example")
    assert (heard.status, heard.headers["connection"]) == (403, "close")
    assert (len(sandbox.qiscus.rooms), sandbox.requests) == (before, [])


async def test_a_page_may_link_to_the_consent_page_and_not_frame_it(sandbox: Sandbox) -> None:
    path = "/api/oauth/authorize?token=x"
    linked = await ask(sandbox, "GET", path, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")
    assert linked.status == 404
    assert "frame-ancestors 'none'" in linked.headers["content-security-policy"]
    assert "default-src 'none'" in linked.headers["content-security-policy"]
    assert linked.headers["x-frame-options"] == "DENY"
    for dest in ("iframe", "frame", "embed", "object", "script", "image", "empty"):
        assert (await ask(sandbox, "GET", path, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest=dest)).status == 403
    for other in ("/api/oauth/v1/hot_threads", "/v1/messages.json", "/api/v2/rest/user_profile", "/nothing"):
        assert (await ask(sandbox, "GET", other, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")).status == 403
    posted = await ask(sandbox, "POST", path, b"", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")
    assert posted.status == 403


@pytest.mark.parametrize(("method", "path", "document"), [one for one in CONTROLS if one[0] == "GET"])
async def test_the_answers_of_controls_stay_out_of_pages(
    sandbox: Sandbox, method: str, path: str, document: Any
) -> None:
    headers = (await ask(sandbox, method, path, document)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("fault", [Fault.html(200), Fault.html(502), Fault.wrong_content_type()])
async def test_a_page_that_a_fault_makes_is_shielded_too(sandbox: Sandbox, fault: Fault) -> None:
    sandbox.faults.add(fault)
    heard = await ask(sandbox, "GET", LOAD, **secret(sandbox))
    assert "frame-ancestors 'none'" in heard.headers["content-security-policy"]


async def test_an_origin_can_be_allowed_to_call_operations_and_nothing_else() -> None:
    shop = "http://localhost:3000"
    async with Sandbox(origins=[shop], hosts=["sandbox", "Other.Example"]) as sandbox:
        heard = await ask(sandbox, "GET", LOAD, **secret(sandbox), Origin=shop, Sec_Fetch_Site="same-site")
        assert (heard.status, heard.headers["access-control-allow-origin"]) == (200, shop)
        asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "content-type"}
        allowed = await ask(sandbox, "OPTIONS", "/api/v2/rest/post_comment", Origin=shop, **asked)
        assert (allowed.status, allowed.headers["access-control-allow-headers"]) == (204, "content-type")
        for path in ("/_sandbox/reset", "/_qiscus/settings"):
            refused = await ask(sandbox, "OPTIONS", path, Origin=shop, **asked)
            assert "access-control-allow-origin" not in refused.headers
        for origin in ("http://localhost:3001", "https://localhost:3000"):
            assert (await ask(sandbox, "GET", LOAD, **secret(sandbox), Origin=origin)).status == 403
        for method, path, document in CONTROLS:
            assert (await ask(sandbox, method, path, document, Origin=shop)).status in (403, 404)
        for host in ("sandbox", "sandbox:8080", "SANDBOX", "other.example"):
            assert (await ask(sandbox, "GET", "/_sandbox/requests", Host=host)).status == 200


async def test_on_all_interfaces_every_address_is_its_own() -> None:
    async with Sandbox(host="0.0.0.0") as sandbox:
        assert (await ask(sandbox, "GET", "/_sandbox/requests", Host="172.17.0.2:8080")).status == 200
        assert (await ask(sandbox, "GET", "/_sandbox/requests", Host="evil.example")).status == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hosts", "sandbox"),
        ("hosts", ["sandbox:80"]),
        ("hosts", [""]),
        ("hosts", [None]),
        ("origins", "http://localhost:3000"),
        ("origins", ["localhost:3000"]),
        ("origins", ["http://localhost:3000/"]),
        ("origins", ["null"]),
        ("origins", ["*"]),
        ("max_connections", 0),
        ("max_connections", True),
    ],
)
def test_options_that_make_no_sense_are_named(name: str, value: Any) -> None:
    with pytest.raises(InvalidParameter) as caught:
        Sandbox(**{name: value})
    assert caught.value.parameter == name


async def test_the_body_of_a_control_is_bounded(sandbox: Sandbox) -> None:
    body = b'{"kind": "status", "body": "' + b"x" * CONTROL_BODY_LIMIT + b'"}'
    assert (await ask(sandbox, "POST", "/_sandbox/faults", body)).status == 413
    assert (await ask(sandbox, "POST", "/_qiscus/settings", body)).status == 413
    assert untouched(sandbox)


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)


@given(WORDS, WORDS.map(lambda word: f"{word}.example"), st.sampled_from(list(RouteUse)))
def test_a_name_that_ends_beneath_somebody_else_is_never_ours(word: str, name: str, use: RouteUse) -> None:
    call = Incoming(method="GET", target="/", headers=((b"Host", name.encode()),), body=b"", origin=f"http://{name}")
    assert Guard("127.0.0.1", (), ()).refusal(call, use, ("qiscus.com",)) is not None
    assert Guard("127.0.0.1", (), ()).refusal(attrs.evolve(call, headers=(), origin=f"http://{word}"), use) is None or (
        word not in ("localhost", "127.0.0.1", "[::1]")
    )
