"""Every fault, seen from a bare socket."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from nusantara.errors import InvalidParameter
from nusantara.sandbox import Fault, FaultKind, Sandbox

INBOX = "/v1/messages.json"

Dial = Callable[[], Awaitable[Any]]
Spell = Callable[..., bytes]


@pytest.fixture
def call(dial: Dial, request_bytes: Spell) -> Callable[..., Awaitable[Any]]:
    """Sends one request on a new connection and hears it out."""

    async def send(method: str = "GET", target: str = INBOX, body: Any = None, *, patience: float = 5.0) -> Any:
        line = await dial()
        line.send(request_bytes(method, target, body))
        return await line.hear(patience)

    return send


def stored(sandbox: Sandbox) -> int:
    return sum(message.body_bb == "Halo" for message in sandbox.bukalapak.messages)


async def test_latency_delays_and_adds_up(sandbox: Sandbox, dial: Dial, request_bytes: Spell) -> None:
    sandbox.faults.add(Fault.latency(0.1))
    sandbox.faults.add(Fault.latency(0.15))
    line = await dial()
    started = time.monotonic()
    line.send(request_bytes("GET", INBOX))
    assert (await line.answer()).status == 200
    assert 0.24 <= time.monotonic() - started < 2


async def test_reset_before_read_ends_a_new_connection_unread(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.reset_before_read(), times=1)
    heard = await call()
    assert (heard.data, heard.end) == (b"", "reset")
    assert sandbox.requests == []
    assert sandbox.connection_count == 1


async def test_reset_before_read_ends_a_kept_connection_at_its_next_request(
    sandbox: Sandbox, dial: Dial, request_bytes: Spell
) -> None:
    line = await dial()
    line.send(request_bytes("GET", INBOX))
    assert (await line.answer()).status == 200
    sandbox.faults.add(Fault.reset_before_read(), times=1)
    line.send(request_bytes("GET", INBOX))
    assert (await line.hear()).end == "reset"
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("keep", [0, 10])
async def test_reset_after_headers_reads_no_more_of_the_body_than_asked(
    sandbox: Sandbox, dial: Dial, request_bytes: Spell, keep: int
) -> None:
    sandbox.faults.add(Fault.reset_after_headers(keep))
    line = await dial()
    line.send(request_bytes("POST", INBOX, b"x" * 1000)[:-900])
    heard = await line.hear()
    assert (heard.data, heard.end) == (b"", "reset")
    (record,) = sandbox.requests
    assert len(record.body) == (100 if keep else 0)
    assert not record.executed


async def test_stop_reading_lets_a_large_upload_block(sandbox: Sandbox, dial: Dial, request_bytes: Spell) -> None:
    sandbox.faults.add(Fault.stop_reading())
    line = await dial()
    assert not await line.send_all(request_bytes("POST", INBOX, b"x" * (16 << 20)), patience=0.5)


@pytest.mark.parametrize(
    ("fault", "end", "executed"),
    [
        (Fault.reset_after_read(), "reset", False),
        (Fault.close_after_read(), "closed", False),
        (Fault.drop_after_execute(), "closed", True),
        (Fault.reset_after_execute(), "reset", True),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else None,
)
async def test_a_lost_answer_is_carried_out_or_not(
    sandbox: Sandbox, call: Any, a_message: dict[str, Any], fault: Fault, end: str, executed: bool
) -> None:
    sandbox.faults.add(fault)
    heard = await call("POST", INBOX, a_message)
    assert (heard.data, heard.end) == (b"", end)
    assert stored(sandbox) == executed
    (record,) = sandbox.requests
    assert (record.executed, record.status, record.fault) == (executed, None, fault.kind)
    assert json.loads(record.body) == a_message


async def test_stall_before_answer_carries_out_and_is_silent_until_reset(
    sandbox: Sandbox, dial: Dial, request_bytes: Spell, a_message: dict[str, Any]
) -> None:
    sandbox.faults.add(Fault.stall_before_answer())
    line = await dial()
    line.send(request_bytes("POST", INBOX, a_message))
    heard = await line.hear(patience=0.2)
    assert (heard.data, heard.end) == (b"", "silent")
    assert stored(sandbox) == 1
    sandbox.reset()
    assert (await line.hear()).end == "closed"


@pytest.mark.parametrize("keep", [0, 20])
async def test_stall_mid_body_sends_the_headers_and_some_bytes(sandbox: Sandbox, call: Any, keep: int) -> None:
    sandbox.faults.add(Fault.stall_mid_body(keep))
    heard = await call(patience=0.2)
    assert heard.end == "silent"
    assert heard.status == 200
    assert len(heard.body) == keep
    assert declared_length(heard.head) > keep


async def test_drip_sends_the_right_answer_slowly(sandbox: Sandbox, call: Any) -> None:
    right = (await call(target=f"{INBOX}?per_page=1", patience=0.2)).body
    sandbox.faults.add(Fault.drip(0.02, chunk=len(right) // 5 + 1))
    started = time.monotonic()
    heard = await call(target=f"{INBOX}?per_page=1")
    assert heard.body == right
    assert time.monotonic() - started >= 0.1


async def test_reset_mid_body_sends_half_and_resets(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.reset_mid_body())
    heard = await call()
    assert heard.end == "reset"
    assert len(heard.body) == declared_length(heard.head) // 2


async def test_cut_body_closes_before_the_declared_length(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.cut_body(7))
    heard = await call()
    assert (len(heard.body), heard.end) == (7, "closed")
    assert declared_length(heard.head) > 7


async def test_cut_chunked_has_no_last_chunk(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.cut_chunked(7))
    heard = await call()
    assert b"transfer-encoding: chunked" in heard.head.lower()
    assert heard.body == b'7\r\n{"statu\r\n'
    assert heard.end == "closed"


async def test_cut_unsized_has_neither_length_nor_chunks(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.cut_unsized(7))
    heard = await call()
    assert b"content-length" not in heard.head.lower()
    assert b"transfer-encoding" not in heard.head.lower()
    assert (heard.body, heard.end) == (b'{"statu', "closed")


async def test_extra_answer_follows_the_right_one(sandbox: Sandbox, dial: Dial, request_bytes: Spell) -> None:
    sandbox.faults.add(Fault.extra_answer(b'{"smuggled":true}'))
    line = await dial()
    line.send(request_bytes("GET", INBOX))
    assert (await line.answer()).document["status"] == "OK"
    assert (await line.answer()).document == {"smuggled": True}


async def test_close_after_answer_announces_keep_alive(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.close_after_answer())
    heard = await call()
    assert b"connection: keep-alive" in heard.head.lower()
    assert heard.document["status"] == "OK"
    assert heard.end == "closed"


async def test_relabelled_answers_keep_their_body(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.wrong_content_type("text/html"), times=1)
    sandbox.faults.add(Fault.wrong_encoding("gzip"), times=1, after=1)
    first, second = await call(patience=0.2), await call(patience=0.2)
    assert b"content-type: text/html\r\n" in first.head.lower() + b"\r\n"
    assert b"application/json" not in first.head
    assert b"content-encoding: gzip" in second.head.lower()
    assert first.document == second.document


@pytest.mark.parametrize(
    ("fault", "status", "header", "body"),
    [
        (Fault.html(502), 502, b"content-type: text/html; charset=utf-8", b"<title>Bad Gateway</title>"),
        (Fault.html(200, "Masuk"), 200, b"content-type: text/html; charset=utf-8", b"<h1>Masuk</h1>"),
        (Fault.too_many_requests("30,120"), 429, b"retry-after: 30,120", b""),
        (Fault.unavailable("1.5"), 503, b"retry-after: 1.5", b""),
        (Fault.redirect("https://other.example/"), 302, b"location: https://other.example/", b""),
        (Fault.answer(418, "{}", headers={"X-One": "1"}), 418, b"x-one: 1", b"{}"),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else None,
)
async def test_other_answers_are_given_without_carrying_out(
    sandbox: Sandbox,
    dial: Dial,
    request_bytes: Spell,
    a_message: dict[str, Any],
    fault: Fault,
    status: int,
    header: bytes,
    body: bytes,
) -> None:
    sandbox.faults.add(fault, times=1)
    line = await dial()
    line.send(request_bytes("POST", INBOX, a_message))
    heard = await line.answer()
    assert heard.status == status
    assert header in heard.head.lower().split(b"\r\n")
    assert body in heard.body
    assert stored(sandbox) == 0
    assert sandbox.requests[0].status == status
    line.send(request_bytes("GET", INBOX))
    assert (await line.answer()).status == 200, "such an answer keeps the connection"


async def test_a_gateway_error_can_hide_a_call_that_was_carried_out(
    sandbox: Sandbox, call: Any, a_message: dict[str, Any]
) -> None:
    sandbox.faults.add(Fault.html(504, execute=True))
    assert (await call("POST", INBOX, a_message, patience=0.2)).status == 504
    assert stored(sandbox) == 1


async def test_refuse_early_answers_before_the_body_and_closes(
    sandbox: Sandbox, dial: Dial, request_bytes: Spell
) -> None:
    sandbox.faults.add(Fault.refuse_early(413, "{}"))
    line = await dial()
    line.send(request_bytes("POST", INBOX, b"x" * 100_000)[:2_000])
    heard = await line.hear()
    assert (heard.status, heard.body) == (413, b"{}")
    assert heard.end in ("closed", "reset")
    assert sandbox.requests[0].body == b""


@pytest.mark.parametrize("data", [b"\x00\xff nonsense", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b"<html>"])
async def test_garbage_is_sent_as_it_is(sandbox: Sandbox, call: Any, data: bytes) -> None:
    sandbox.faults.add(Fault.garbage(data))
    heard = await call()
    assert (heard.data, heard.end) == (data, "closed")


async def test_gzip_bomb_is_small_on_the_wire(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.gzip_bomb((3 << 20) + 5))
    heard = await call()
    assert len(heard.body) < 10_000
    assert gzip.decompress(heard.body) == b" " * ((3 << 20) + 5)


async def test_endless_body_ends_with_the_client_only(sandbox: Sandbox, dial: Dial, request_bytes: Spell) -> None:
    sandbox.faults.add(Fault.endless_body())
    line = await dial()
    line.send(request_bytes("GET", INBOX))
    read = 0
    while read < 4 << 20:
        piece = await line._reader.read(1 << 20)
        assert piece
        read += len(piece)


def test_every_kind_has_a_constructor() -> None:
    made = {
        _made(name).kind
        for name, value in vars(Fault).items()
        if isinstance(value, classmethod) and not name.startswith("_") and name != "parse"
    }
    assert made == set(FaultKind)


def _made(name: str) -> Fault:
    given: dict[str, tuple[Any, ...]] = {"latency": (1,), "answer": (500,), "html": (502,), "redirect": ("/x",)}
    made = getattr(Fault, name)(*given.get(name, ()))
    assert isinstance(made, Fault)
    return made


async def test_matching_by_operation_path_and_method(sandbox: Sandbox, call: Any) -> None:
    by_name = sandbox.faults.add(Fault.answer(500), operation="get_conv*")
    by_vendor = sandbox.faults.add(Fault.answer(501), operation="bukalapak.delete_*")
    by_path = sandbox.faults.add(Fault.answer(502), path="/v2/*")
    by_method = sandbox.faults.add(Fault.answer(503), method="put")
    calls = [
        ("GET", "/v1/messages/aa.json", 500),
        ("DELETE", "/v1/messages/aa.json", 501),
        ("GET", "/v2/messages.json?x=1", 502),
        ("PUT", "/v1/messages.json", 503),
        ("GET", "/v1/messages.json", 200),
    ]
    for method, target, status in calls:
        assert (await call(method, target, patience=0.1)).status == status
    assert [fault.fired for fault in (by_name, by_vendor, by_path, by_method)] == [1, 1, 1, 1]


async def test_times_and_after(sandbox: Sandbox, call: Any) -> None:
    active = sandbox.faults.add(Fault.answer(500), after=1, times=2)
    statuses = [(await call(patience=0.05)).status for _ in range(5)]
    assert statuses == [200, 500, 500, 200, 200]
    assert (active.seen, active.fired) == (5, 2)


async def test_the_first_fitting_fault_strikes_and_the_next_takes_over(sandbox: Sandbox, call: Any) -> None:
    sandbox.faults.add(Fault.answer(500), times=1)
    sandbox.faults.add(Fault.answer(501), times=1)
    assert [(await call(patience=0.05)).status for _ in range(3)] == [500, 501, 200]


def test_probability_follows_the_seed() -> None:
    def struck(seed: int) -> list[bool]:
        sandbox = Sandbox(seed=seed)
        sandbox.faults.add(Fault.answer(500), probability=0.3)
        return [sandbox.faults.strike_call("GET", "/", None, None)[1] is not None for _ in range(200)]

    assert struck(1) == struck(1) != struck(2)
    assert 35 <= sum(struck(1)) <= 85


async def test_a_fault_ends_with_its_block(sandbox: Sandbox, call: Any) -> None:
    with sandbox.faults.add(Fault.answer(500)) as active:
        assert (await call(patience=0.05)).status == 500
    assert (await call(patience=0.05)).status == 200
    assert active.fired == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"kind": "latency", "seconds": -1}, "seconds"),
        ({"kind": "latency", "seconds": "1"}, "seconds"),
        ({"kind": "status", "status": 99}, "status"),
        ({"kind": "status", "times": 0}, "times"),
        ({"kind": "status", "probability": 1.5}, "probability"),
        ({"kind": "cut_body", "execute": True}, "execute"),
        ({"kind": "reset_before_read", "path": "/x"}, "before the call is known"),
        ({"kind": "nonsense"}, "nonsense"),
        ({"kind": "status", "headers": 5}, "headers"),
        ({"kind": "status", "headers": ["abc"]}, "headers"),
        ({"kind": "status", "headers": {"X": "a\r\nSet-Cookie: b"}}, "headers"),
        ({"kind": "relabel", "headers": {"X\n": "a"}}, "headers"),
        ({"kind": "cut_body", "headers": {"X": "\ud800"}}, "headers"),
        ({"kind": "status", "operation": 5}, "operation"),
        ({"kind": "status", "path": ["/v1/*"]}, "path"),
        ({"kind": "status", "method": 5}, "method"),
        ({"kind": "status", "body": 5}, "body"),
        ({"kind": "status", "body": {"a": 1}}, "body"),
        ({"kind": "status", "execute": "no"}, "execute"),
        ({"kind": "status", "body_base64": "%"}, "fault"),
        ({"kind": "status", "colour": "red"}, "colour"),
        ({"seconds": 1}, "kind"),
        ([], "kind"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(given: Any, problem: str) -> None:
    with pytest.raises(InvalidParameter, match=problem):
        Fault.parse(given)


@pytest.mark.parametrize("name", ["operation", "path", "method"])
def test_a_glob_that_is_no_text_is_refused_before_a_call_meets_it(sandbox: Sandbox, name: str) -> None:
    given: dict[str, Any] = {name: 5}
    with pytest.raises(InvalidParameter, match=name):
        sandbox.faults.add(Fault.answer(500), **given)
    assert sandbox.faults.active == []


@pytest.mark.parametrize(
    "fault",
    [Fault.latency(0.5), Fault.html(502), Fault.garbage(b"\xff"), Fault.too_many_requests("1"), Fault.endless_body()],
    ids=lambda fault: fault.kind.value,
)
def test_a_fault_survives_its_json_form(fault: Fault) -> None:
    assert Fault.parse(json.loads(json.dumps(fault.document()))) == fault


def declared_length(head: bytes) -> int:
    (line,) = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(line.split(b":")[1])
