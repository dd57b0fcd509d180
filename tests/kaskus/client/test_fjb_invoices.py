"""The invoice operations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from support.ledger import answered, documented, prove, refused, unnamed

from kaskus_async.fjb.invoices import Invoices
from kaskus_async.models.fjb.invoices import FeedbackResponse

LEDGER: dict[str, Any] = {
    "GET /v1/fjb/invoices/{invoice_id}": (lambda k: k.fjb.invoices.get("BF6F"), "GET /v1/fjb/invoices/BF6F"),
    "GET /v1/fjb/selling_invoices": (
        lambda k: k.fjb.invoices.selling(cursor="eyJv", status=2, invoice_id="BF6F"),
        "GET /v1/fjb/selling_invoices?cursor=eyJv&status=2&invoice_id=BF6F",
    ),
    "GET /v1/fjb/buying_invoices": (
        lambda k: k.fjb.invoices.buying(cursor="eyJv", status=2, invoice_id="BF6F"),
        "GET /v1/fjb/buying_invoices?cursor=eyJv&status=2&invoice_id=BF6F",
    ),
    "POST /v1/fjb/invoices/{invoice_id}/transfer_confirmation": (
        lambda k: k.fjb.invoices.confirm_transfer(
            "BF6F",
            name="Tokoh Contoh",
            origin_bank="014",
            account_number="0012",
            destination_bank="008",
            date=datetime(2016, 1, 28, 6, 44, 45, tzinfo=UTC),
            image="http://gambar.example/bukti.jpg",
        ),
        "POST /v1/fjb/invoices/BF6F/transfer_confirmation",
        {
            "form": {
                "name": "Tokoh Contoh",
                "origin_bank": "014",
                "account_number": "0012",
                "destination_bank": "008",
                "date": "1453963485",
                "image": "http://gambar.example/bukti.jpg",
            }
        },
    ),
    "POST /v1/fjb/invoices/{invoice_id}/shipping_information": (
        lambda k: k.fjb.invoices.set_shipping(
            "BF6F", shipping_date=datetime(2016, 1, 28, 6, 44, 45, tzinfo=UTC), tracking_number="CGK0001"
        ),
        "POST /v1/fjb/invoices/BF6F/shipping_information",
        {"form": {"shipping_date": "1453963485", "tracking_number": "CGK0001"}},
    ),
    "POST /v1/fjb/invoices/{invoice_id}/product_confirmation": (
        lambda k: k.fjb.invoices.confirm_delivery("BF6F"),
        "POST /v1/fjb/invoices/BF6F/product_confirmation",
    ),
    "GET /v1/fjb/invoices/{invoice_id}/feedbacks": (
        lambda k: k.fjb.invoices.feedback("BF6F"),
        "GET /v1/fjb/invoices/BF6F/feedbacks",
    ),
    "POST /v1/fjb/invoices/{invoice_id}/feedbacks": (
        lambda k: k.fjb.invoices.give_feedback("BF6F", FeedbackResponse.NEUTRAL, message="mantap"),
        "POST /v1/fjb/invoices/BF6F/feedbacks",
        {"form": {"response": "neutral", "message": "mantap"}},
    ),
    "GET /v1/fjb/invoice_status": (lambda k: k.fjb.invoices.statuses(), "GET /v1/fjb/invoice_status"),
    "GET /v1/fjb/invoice_status/{status_id}": (
        lambda k: k.fjb.invoices.status(2),
        "GET /v1/fjb/invoice_status/2",
    ),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Invoices)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Invoices)) == set(map(unnamed, LEDGER))


def test_of_the_changes_only_that_of_the_shipping_may_be_sent_twice() -> None:
    changes = {operation: documented(Invoices)[unnamed(operation)] for operation in LEDGER if operation[0] == "P"}
    assert [operation.rpartition("/")[2] for operation, kind in changes.items() if kind != "unrepeatable"] == [
        "shipping_information"
    ]


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_answer_of_unknown_shape_is_given_as_it_comes(operation: str) -> None:
    assert await answered(LEDGER[operation][0], {"data": [{"nilai": "1"}]}) == {"data": [{"nilai": "1"}]}


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.fjb.invoices.get(""), "invoice_id"),
        (lambda k: k.fjb.invoices.confirm_transfer(""), "invoice_id"),
        (lambda k: k.fjb.invoices.confirm_transfer("BF6F", date=datetime(2016, 1, 28)), "date"),
        (lambda k: k.fjb.invoices.set_shipping("BF6F", shipping_date=datetime(2016, 1, 28)), "shipping_date"),
        (lambda k: k.fjb.invoices.confirm_delivery(".."), "invoice_id"),
        (lambda k: k.fjb.invoices.feedback(""), "invoice_id"),
        (lambda k: k.fjb.invoices.give_feedback("BF6F", ""), "response"),
        (lambda k: k.fjb.invoices.status(""), "status_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
