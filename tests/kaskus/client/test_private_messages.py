"""The operations on private messages and their folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread

from kaskus_async.models.private_messages import MessageStatus, StandardFolder
from kaskus_async.private_messages import PrivateMessages
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /pm/{folderId}": (lambda k: k.private_messages.in_folder(StandardFolder.OUTBOX), "GET /pm/-1"),
    "GET /pm/{folderId}/{pmIds}": (
        lambda k: k.private_messages.get(StandardFolder.INBOX, [1964, "1967"]),
        "GET /pm/0/1964%2C1967",
    ),
    "POST /pm": (
        lambda k: k.private_messages.send(["tokoh", "tokoh lain"], "Salam & tanya", "Masih ada?"),
        "POST /pm",
        {"form": {"subject": "Salam & tanya", "message": "Masih ada?", "recipient": "tokoh;tokoh lain"}},
    ),
    "POST /pm/{pmIds}": (
        lambda k: k.private_messages.mark([1964, 1967], MessageStatus.UNREAD),
        "POST /pm/1964%2C1967",
        {"form": {"status": "unread"}},
    ),
    "POST /pm/{currentFolderId}/{pmId}": (
        lambda k: k.private_messages.move(4, 1964, StandardFolder.INBOX),
        "POST /pm/4/1964",
        {"form": {"folder_id": "0"}},
    ),
    "DELETE /pm/{folderId}/{pmIds}": (
        lambda k: k.private_messages.delete(StandardFolder.INBOX, [1964, 1967]),
        "DELETE /pm/0/1964%2C1967",
    ),
    "GET /pmfolder": (lambda k: k.private_messages.folders(), "GET /pmfolder"),
    "POST /pmfolder": (
        lambda k: k.private_messages.create_folder("Map contoh"),
        "POST /pmfolder",
        {"form": {"name": "Map contoh"}},
    ),
    "DELETE /pmfolder/{folder_id}": (lambda k: k.private_messages.delete_folder(4), "DELETE /pmfolder/4"),
}

ANSWERS: dict[str, Any] = {"pmfolder": lambda k: k.private_messages.folders()}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(PrivateMessages)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(PrivateMessages)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_the_folders_that_every_user_has_are_known() -> None:
    folders = await answered(lambda k: k.private_messages.folders(), read_document(DOCUMENTS / "pmfolder.json"))
    assert [folder.id for folder in folders] == [*StandardFolder, 4]
    assert [folder.total_message for folder in folders] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.private_messages.get(0, []), "pm_ids"),
        (lambda k: k.private_messages.get("", [1]), "folder_id"),
        (lambda k: k.private_messages.send([], "salam", "isi"), "recipients"),
        (lambda k: k.private_messages.send("tokoh", "salam", "isi"), "recipients"),
        (lambda k: k.private_messages.send(["tokoh;lain"], "salam", "isi"), "recipients"),
        (lambda k: k.private_messages.send(None, "salam", "isi"), "recipients"),
        (lambda k: k.private_messages.send(["tokoh"], "", "isi"), "subject"),
        (lambda k: k.private_messages.send(["tokoh"], "salam", ""), "message"),
        (lambda k: k.private_messages.mark([], "read"), "pm_ids"),
        (lambda k: k.private_messages.mark(None, "read"), "pm_ids"),
        (lambda k: k.private_messages.mark([1], ""), "status"),
        (lambda k: k.private_messages.move(0, "", 4), "pm_id"),
        (lambda k: k.private_messages.delete(0, "1964"), "pm_ids"),
        (lambda k: k.private_messages.delete(0, ["1,2"]), "pm_ids"),
        (lambda k: k.private_messages.create_folder(""), "name"),
        (lambda k: k.private_messages.delete_folder(""), "folder_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
