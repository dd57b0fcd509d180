"""Webhooks: delivered to a real receiver, signed, repeated until accepted, or often enough."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs
import pytest

from nusantara.errors import InvalidParameter
from nusantara.sandbox import Sandbox
from qiscus_async.sandbox import Edition, QiscusState

SAMPLE = json.loads((Path(__file__).parent / "samples.json").read_text())["webhook"]


@attrs.define
class Receiver:
    """A bot's door: keeps what came, answers with the next status, or 200."""

    url: str = ""
    statuses: list[int] = attrs.field(factory=list)
    bodies: list[bytes] = attrs.field(factory=list)
    headers: list[Any] = attrs.field(factory=list)

    @property
    def events(self) -> list[Any]:
        return [json.loads(body) for body in self.bodies]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                kept.bodies.append(body)
                kept.headers.append(self.headers)
                status = kept.statuses.pop(0) if kept.statuses else 200
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing on standard error."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hooked(state: QiscusState, receiver: Receiver) -> QiscusState:
    state.webhook_url = receiver.url
    state.webhook_retry_delay = 0.02
    return state


async def test_a_comment_by_rest_is_announced(hooked: Any, receiver: Receiver, call: Any, who: Any, where: Any) -> None:
    fields = {"sender_email": who.bot, "room_id": where.with_bot, "message": "Halo", "unique_temp_id": "u-1"}
    comment = (await call("post_comment", json=fields))["comment"]
    await hooked.delivered()
    [event] = receiver.events
    assert event["type"] == "post_comment_rest"
    payload = event["payload"]
    assert (payload["from"]["email"], payload["from"]["name"]) == (who.bot, "Asisten Senja")
    assert (payload["room"]["id"], payload["room"]["type"]) == (where.with_bot, "single")
    assert [one["email"] for one in payload["room"]["participants"]] == [who.damar, who.bot]
    message = payload["message"]
    assert (message["text"], message["type"], message["payload"]) == ("Halo", "text", {})
    assert (message["id"], message["unique_temp_id"]) == (comment["id"], "u-1")
    assert receiver.headers[0]["Content-Type"] == "application/json"
    assert receiver.headers[0]["QISCUS-SDK-SIGNATURE"] is None
    assert receiver.headers[0]["QISCUS_SDK_SECRET"] is None


async def test_a_live_event_has_the_keys_of_a_real_body(hooked: Any, receiver: Receiver, who: Any, where: Any) -> None:
    comment = hooked.user_writes(where.with_bot, who.damar, "menu")
    await hooked.delivered()
    [event] = receiver.events
    room, message = event["payload"]["room"], event["payload"]["message"]
    assert room["name"] == "Damar Kusuma"
    for participant in room["participants"]:
        assert participant.keys() == {
            *("active", "avatar_url", "email", "extras", "id", "id_str", "username"),
            *("last_comment_read_id", "last_comment_read_id_str"),
            *("last_comment_received_id", "last_comment_received_id_str"),
        }
    assert room["participants"][0]["last_comment_read_id"] == comment.id
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", message["created_at"])
    assert message["created_at"].partition(".")[0].removesuffix("Z") == message["timestamp"].removesuffix("Z")


async def test_what_a_user_writes_in_the_app_is_announced_as_mobile(
    hooked: Any, receiver: Receiver, who: Any, where: Any
) -> None:
    hooked.edition = Edition.DOCUMENTED
    pressed = {"url": "https://a.example", "method": "get", "payload": {"menu": 1}}
    hooked.user_writes(where.with_bot, who.damar, "menu")
    await hooked.delivered()
    hooked.user_writes(str(where.with_bot), who.damar, pressed, message="Ya")
    await hooked.delivered()
    text, button = receiver.events
    assert text["type"] == button["type"] == "post_comment_mobile"
    assert button["payload"]["message"] == {"type": "button_postback_response", "text": "Ya", "payload": pressed}
    assert text["payload"] == {
        "from": {"id": 87006, "email": who.damar, "name": "Damar Kusuma"},
        "room": {
            "id": where.with_bot,
            "topic_id": where.with_bot,
            "type": "single",
            "name": f"{who.damar} {who.bot}",
            "participants": [
                {"id": user.id, "email": user.email, "username": user.username, "avatar_url": user.avatar_url}
                for user in (hooked.data.user(who.damar), hooked.data.user(who.bot))
            ],
        },
        "message": {"type": "text", "text": "menu", "payload": {}},
    }
    assert {part: set(text["payload"][part]) for part in text["payload"]} == {
        part: set(keys) for part, keys in SAMPLE["payload"].items()
    }


async def test_a_button_is_pressed(hooked: Any, receiver: Receiver, who: Any, where: Any) -> None:
    buttons = next(one for one in hooked.comments(where.with_bot) if one.type == "buttons")
    comment = hooked.user_presses(buttons.id, who.damar, "Cek pesanan")
    assert comment.message == "Cek pesanan saya"
    carousel = next(one for one in hooked.comments(where.news) if one.type == "carousel")
    hooked.user_presses(carousel.id, who.sinta, "Pesan")
    await hooked.delivered()
    assert sorted(event["payload"]["message"]["text"] for event in receiver.events) == ["Cek pesanan saya", "Pesan"]
    for number, label in ((buttons.id, "Lihat katalog"), (buttons.id, "Tidak ada"), (1, "Ya"), (914003, "Ya")):
        with pytest.raises(InvalidParameter):
            hooked.user_presses(number, who.damar, label)


async def test_only_new_comments_are_announced(
    hooked: Any, receiver: Receiver, call: Any, who: Any, where: Any
) -> None:
    fields = {"sender_email": who.bot, "room_id": where.team, "message": "x", "unique_temp_id": "u"}
    await call("post_comment", json=fields)
    await call("post_comment", json=fields)
    await call("broadcast", json={"sender_email": who.bot, "emails": [who.joko], "message": "x"})
    await call(
        "post_system_event_message",
        json={"system_event_type": "join_room", "room_id": where.team, "subject_email": who.joko},
    )
    await call.invalid("post_comment", json=fields | {"room_id": "404"})
    await hooked.delivered()
    assert len(receiver.events) == 1


async def test_a_signature_covers_the_raw_body(hooked: Any, receiver: Receiver, who: Any, where: Any) -> None:
    hooked.webhook_secret = "kunci-é"
    hooked.user_writes(where.with_bot, who.damar, "Halo \U0001f44b")
    await hooked.delivered()
    expected = hmac.new("kunci-é".encode(), receiver.bodies[0], hashlib.sha256).hexdigest()
    assert receiver.headers[0]["QISCUS-SDK-SIGNATURE"] == expected


async def test_a_refused_webhook_is_repeated_until_it_is_accepted(
    hooked: Any, receiver: Receiver, sandbox: Sandbox, who: Any, where: Any
) -> None:
    receiver.statuses = [500, 302]
    hooked.user_writes(where.with_bot, who.damar, "sekali saja")
    await hooked.delivered()
    assert len(receiver.bodies) == 3
    assert len(set(receiver.bodies)) == 1
    assert [one["X-Sandbox-Delivery"].split("-")[1] for one in receiver.headers] == ["1", "2", "3"]
    assert [one.status for one in sandbox.deliveries] == [500, 302, 200]


async def test_a_webhook_is_given_up_after_some_attempts(hooked: Any, receiver: Receiver, who: Any, where: Any) -> None:
    receiver.statuses = [503] * 9
    hooked.webhook_attempts = 2
    hooked.user_writes(where.with_bot, who.damar, "percuma")
    await hooked.delivered()
    assert len(receiver.bodies) == 2
    hooked.webhook_attempts = 1
    hooked.user_writes(where.with_bot, who.damar, "percuma")
    await hooked.delivered()
    assert len(receiver.bodies) == 3


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "not an address", "http://", ""])
async def test_a_receiver_that_is_not_there_harms_nobody(
    hooked: Any, sandbox: Sandbox, call: Any, who: Any, where: Any, url: str
) -> None:
    hooked.webhook_url = url
    await call("post_comment", json={"sender_email": who.bot, "room_id": where.team, "message": "x"})
    await hooked.delivered()
    assert len(sandbox.deliveries) == (3 if url else 0)
    assert all(one.status is None for one in sandbox.deliveries)


async def test_every_receiver_gets_every_event(hooked: Any, receiver: Receiver, who: Any, where: Any) -> None:
    hooked.webhook_urls = [receiver.url + "/a", receiver.url + "/b"]
    for number in range(30):
        hooked.user_writes(where.with_bot, who.damar, str(number))
    await hooked.delivered()
    assert len(receiver.bodies) == 60
    assert {event["payload"]["message"]["text"] for event in receiver.events} == {str(n) for n in range(30)}


async def test_the_sandbox_waits_for_first_attempts(
    hooked: Any, receiver: Receiver, sandbox: Sandbox, who: Any, where: Any
) -> None:
    hooked.user_writes(where.with_bot, who.damar, "halo")
    await asyncio.sleep(0)
    await sandbox.delivered()
    assert len(receiver.bodies) == 1


async def test_a_reset_forgets_what_is_on_its_way(
    hooked: Any, receiver: Receiver, sandbox: Sandbox, who: Any, where: Any
) -> None:
    receiver.statuses = [500] * 5
    hooked.webhook_retry_delay = 0.2
    hooked.user_writes(where.with_bot, who.damar, "lupakan")
    await sandbox.delivered()
    sandbox.reset()
    await hooked.delivered(0.1)
    await asyncio.sleep(0.3)
    assert len(receiver.bodies) <= 1


def test_sync_code_waits_too(receiver: Receiver, who: Any, where: Any) -> None:
    with Sandbox(vendors=["qiscus"]).in_thread() as sandbox:
        state = sandbox.qiscus
        state.webhook_url, state.webhook_retry_delay = receiver.url, 0.3
        receiver.statuses = [500]
        state.user_writes(where.with_bot, who.damar, "halo")
        with pytest.raises(TimeoutError):
            state.wait_delivered(0.1)
        state.wait_delivered()
    assert len(receiver.bodies) == 2


def test_what_users_cannot_do_is_said(state: QiscusState, who: Any, where: Any) -> None:
    attempts: list[tuple[str, Callable[[], Any]]] = [
        ("room_id", lambda: state.user_writes(404, who.damar, "x")),
        ("email", lambda: state.user_writes(where.team, "nobody", "x")),
        ("message", lambda: state.user_writes(where.team, who.bayu, "")),
        ("payload", lambda: state.user_writes(where.team, who.bayu, {"content": 1})),
        ("type", lambda: state.user_writes(where.team, who.bayu, {}, type="system_event")),
        ("room_id", lambda: state.user_reads(404, who.damar)),
        ("email", lambda: state.user_reads(where.team, "nobody")),
        ("room_id", lambda: state.comments("404")),
        ("webhook_urls", lambda: setattr(state, "webhook_urls", [1])),
        ("webhook_attempts", lambda: setattr(state, "webhook_attempts", 0)),
        ("webhook_secret", lambda: setattr(state, "webhook_secret", b"x")),
        ("exports_rows", lambda: setattr(state, "exports_rows", 1.5)),
        ("download_redirect", lambda: setattr(state, "download_redirect", "yes")),
    ]
    for name, attempt in attempts:
        with pytest.raises(InvalidParameter, match=name):
            attempt()
