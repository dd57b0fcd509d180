"""The operations on ways to pay."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledger import client, documented, prove, refused, unnamed
from support.raw import RawServer, Received, Wire

from kaskus_async.fjb.payments import Payments

LEDGER: dict[str, Any] = {
    "GET /v1/fjb/payment_methods": (lambda k: k.fjb.payments.methods(), "GET /v1/fjb/payment_methods"),
    "GET /v1/fjb/payment_methods/{payment_method_id}": (
        lambda k: k.fjb.payments.method(2),
        "GET /v1/fjb/payment_methods/2",
    ),
    "GET /v1/fjb/banks": (lambda k: k.fjb.payments.banks(), "GET /v1/fjb/banks"),
    "GET /v1/fjb/kaskus_banks": (lambda k: k.fjb.payments.kaskus_banks(), "GET /v1/fjb/kaskus_banks"),
    "GET /v1/fjb/bi_banks": (lambda k: k.fjb.payments.bi_banks(), "GET /v1/fjb/bi_banks"),
    "GET /v1/fjb/tips": (lambda k: k.fjb.payments.tips(), "GET /v1/fjb/tips"),
    "GET /v1/fjb/get_oneklik_user_token": (
        lambda k: k.fjb.payments.oneklik_token(),
        "GET /v1/fjb/get_oneklik_user_token",
    ),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Payments)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Payments)) == set(map(unnamed, LEDGER))


async def test_a_reference_number_is_the_last_part_of_the_path() -> None:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body={"apa": "saja"})

    async with RawServer(answer) as server, client(server) as kaskus:
        token = await kaskus.fjb.payments.oneklik_token(reference_no="BF/6F")
    assert token.apa == "saja"
    assert [request.target for request in server.requests] == ["/api/oauth/v1/fjb/get_oneklik_user_token/BF%2F6F"]


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.fjb.payments.method(""), "payment_method_id"),
        (lambda k: k.fjb.payments.oneklik_token(reference_no=""), "reference_no"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
