"""The operations on visitor messages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread, whole
from support.raw import RawServer, Received, Wire

from kaskus_async.visitor_messages import VisitorMessages
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /vm/{user_id}": (lambda k: k.visitor_messages.of_user(11, limit=10), "GET /vm/11?limit=10"),
    "GET /vm/{user_id_1}/{user_id_2}": (lambda k: k.visitor_messages.conversation(11, 25), "GET /vm/11/25"),
    "POST /vm/{user_id}": (
        lambda k: k.visitor_messages.send(11, "Halo, apa kabar?"),
        "POST /vm/11",
        {"form": {"message": "Halo, apa kabar?"}},
    ),
    "DELETE /vm/{vm_id}": (lambda k: k.visitor_messages.delete(901), "DELETE /vm/901"),
}

ANSWERS: dict[str, Any] = {"vm": lambda k: whole(k.visitor_messages.of_user(11))}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(VisitorMessages)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(VisitorMessages)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_a_message_has_its_writer_and_time() -> None:
    page = await answered(lambda k: k.visitor_messages.of_user(11).first(), read_document(DOCUMENTS / "vm.json"))
    first, second = page.items
    assert (first.id, first.postusername, first.reputation, page.total) == (901, "tokoh71", 40, 2)
    assert first.dateline == datetime(2015, 12, 13, 9, 46, 41, tzinfo=UTC)
    assert (first.messageread, second.messageread) == (False, True)


async def test_further_pages_are_asked_for_by_number() -> None:
    document = read_document(DOCUMENTS / "vm.json")

    async def answer(wire: Wire, request: Received) -> None:
        second = "page=2" in request.target
        messages = [dict(message, vmid=message["vmid"] + 10 * second) for message in document["vm"]]
        await wire.answer(body=dict(document, vm=messages, page=1 + second, total_page=2, total="4"))

    async with RawServer(answer) as server, client(server) as kaskus:
        messages = await kaskus.visitor_messages.of_user(11, limit=2).collect()
    assert [message.id for message in messages] == [901, 902, 911, 912]
    assert [request.target.partition("?")[2] for request in server.requests] == ["limit=2", "page=2&limit=2"]


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.visitor_messages.of_user("").first(), "user_id"),
        (lambda k: k.visitor_messages.of_user(11, limit=0).first(), "limit"),
        (lambda k: k.visitor_messages.conversation(11, ""), "user_id_2"),
        (lambda k: k.visitor_messages.send(11, ""), "message"),
        (lambda k: k.visitor_messages.delete(""), "vm_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
