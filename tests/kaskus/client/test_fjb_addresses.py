"""The address operations of the marketplace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread

from kaskus_async.fjb.addresses import Addresses
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

FIELDS: dict[str, Any] = {
    "province_id": "15",
    "city_id": "185",
    "area_id": "2235",
    "title": "Rumah contoh",
    "address": "Jl. Contoh no. 1 & 2",
    "owner_name": "Tokoh Contoh",
    "owner_phone": "080000000001",
}

LEDGER: dict[str, Any] = {
    "GET /v1/fjb/location/addresses": (lambda k: k.fjb.addresses.saved(), "GET /v1/fjb/location/addresses"),
    "POST /v1/fjb/location/addresses": (
        lambda k: k.fjb.addresses.create(*FIELDS.values(), default=True),
        "POST /v1/fjb/location/addresses",
        {"form": {**FIELDS, "default": "true"}},
    ),
    "POST /v1/fjb/location/addresses/{address_id}": (
        lambda k: k.fjb.addresses.update(1450000001, **FIELDS, default=False),
        "POST /v1/fjb/location/addresses/1450000001",
        {"form": {**FIELDS, "default": "false"}},
    ),
}

ANSWERS: dict[str, Any] = {"fjb_addresses": lambda k: k.fjb.addresses.saved()}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Addresses)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Addresses)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_addresses_have_their_id_under_either_name() -> None:
    answer = await answered(lambda k: k.fjb.addresses.saved(), read_document(DOCUMENTS / "fjb_addresses.json"))
    assert [(address.id, address.default) for address in answer.data] == [("1450000001", True), ("1450000002", False)]
    assert [address.area_id for address in answer.data] == ["2235", "2235"]


@pytest.mark.parametrize("parameter", ["title", "address", "owner_name", "owner_phone"])
async def test_an_address_is_not_saved_without_its_text(parameter: str) -> None:
    await refused(lambda k: k.fjb.addresses.create(**{**FIELDS, parameter: ""}), parameter)


async def test_an_address_is_not_changed_without_its_id() -> None:
    await refused(lambda k: k.fjb.addresses.update("", title="Rumah"), "address_id")
