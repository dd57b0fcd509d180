"""Every documented answer decodes, and comes out of the models as it went in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import by_hand, lost, read_document
from support.flavours import Flavour
from support.raw import RawServer, Received, Wire

from bukalapak_async.models import (
    ConversationPage,
    Deleted,
    InboxPage,
    Login,
    Message,
    MessageAnswer,
    SentMessage,
)
from nusantara.codec import structure
from nusantara.errors import ApiError

DOCUMENTS = Path(__file__).parents[1] / "documents"
KINDS: dict[str, Any] = {
    "inbox": InboxPage,
    "conversation": ConversationPage,
    "message": MessageAnswer,
    "create_message": SentMessage,
    "delete_conversation": Deleted,
    "delete_message": Deleted,
}
ANSWERS = sorted(path for path in DOCUMENTS.glob("*.json") if ".error" not in path.name)
REFUSALS = sorted(path for path in DOCUMENTS.glob("*.json") if ".error" in path.name)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_a_documented_answer_loses_nothing(path: Path) -> None:
    document = read_document(path)
    answer = structure(document, KINDS[path.name.split(".")[0]])
    assert lost(document, by_hand(answer).to_document()) == []
    assert answer.extra == {}


@pytest.mark.parametrize("path", REFUSALS, ids=lambda path: path.stem)
async def test_a_documented_refusal_is_an_error_with_its_text(path: Path, open_bukalapak: Any) -> None:
    document = read_document(path)

    async def refuse(wire: Wire, request: Received) -> None:
        await wire.answer(body=document)

    async with RawServer(refuse) as server:
        bukalapak: Flavour[Any] = open_bukalapak(base_url=server.base_url)
        with pytest.raises(ApiError) as caught:
            await bukalapak(lambda b: b.messages.create("1", "x"))
        await bukalapak.close()
    assert (caught.value.message, caught.value.details) == (document["message"], document)


def test_the_first_edition_spells_the_id_otherwise() -> None:
    document = read_document(DOCUMENTS / "message.a.json")
    message = structure(document, MessageAnswer).instant_message
    assert message.id == document["instant_message"]["_id"]
    assert message.to_document() == document["instant_message"]


def test_fields_of_v2_and_unknown_ones_are_kept() -> None:
    document = read_document(DOCUMENTS / "message.b.json")["instant_message"]
    document |= {"sender_avatar": "https://h/a.png?v=1", "baru": [1, {"x": None}], "receiver_id": 15}
    message = structure(document, Message)
    assert (message.sender_avatar, message.receiver_id) == ("https://h/a.png?v=1", "15")
    assert message.extra == {"baru": [1, {"x": None}]}
    assert message.to_document()["baru"] == [1, {"x": None}]


@pytest.mark.parametrize("user_id", ["7", 7])
def test_a_login_reads_both_spellings_of_the_user_id(user_id: Any) -> None:
    login = structure({"status": "OK", "user_id": user_id, "token": "t", "message": None}, Login)
    assert (login.user_id, login.token.reveal()) == ("7", "t")
