"""What happens once is stored once, whatever becomes of the answer; and each run begins the same."""

from __future__ import annotations

import http.client
import urllib.error
from typing import Any

import pytest

from nusantara.sandbox import Fault, Sandbox


@pytest.fixture
def lose_answer(sandbox: Any, buyer: Any) -> Any:
    """Carries a call out and loses the answer."""

    def call(method: str, path: str, form: dict[str, Any] | None = None) -> None:
        sandbox.faults.add(Fault.drop_after_execute(), times=1)
        with pytest.raises((http.client.RemoteDisconnected, urllib.error.URLError, ConnectionError)):
            buyer.raw(method, path, form)

    return call


def test_a_purchase_whose_answer_is_lost_is_stored_once(
    buyer: Any, lapak_id: Any, delivery: Any, lose_answer: Any, newest_invoice: Any, state: Any
) -> None:
    lapak = lapak_id("Kopi Toraja")
    before, stock = len(buyer.all_by_cursor("/v1/fjb/buying_invoices", 10)), state.market.lapak(lapak).stock
    lose_answer("POST", f"/v1/fjb/lapak/{lapak}/buy_now", {"quantity": 2, **delivery})
    assert len(buyer.all_by_cursor("/v1/fjb/buying_invoices", 10)) == before + 1
    assert state.market.lapak(lapak).stock == stock - 2
    invoice = newest_invoice()
    lose_answer("POST", f"/v1/fjb/invoices/{invoice['id']}/transfer_confirmation", {})
    assert newest_invoice()["status_id"] == 2


def test_an_offer_is_checked_out_once_even_if_asked_twice(buyer: Any, lose_answer: Any, newest_invoice: Any) -> None:
    [offer] = [one for one in buyer.get("/v1/fjb/offers/buyer")["data"] if one["status"] == "Diterima"]
    lose_answer("POST", f"/v1/fjb/checkouts/{offer['id']}", {})
    bought = newest_invoice()
    assert bought["offer_id"] == offer["id"]
    buyer.refused(400, "POST", f"/v1/fjb/checkouts/{offer['id']}")
    assert newest_invoice() == bought


def test_money_leaves_the_wallet_once(buyer: Any, lose_answer: Any, state: Any) -> None:
    digest = state.user(buyer.userid).password_md5
    account = buyer.get("/v1/user/bank_accounts")["data"][0]["id"]
    before = buyer.get("/v1/user/wallet/summary")["balance"]
    fields = {"amount": 1_000, "bank_account_id": account, "password": digest}
    lose_answer("POST", "/v1/user/wallet/redemption", fields)
    assert buyer.get("/v1/user/wallet/summary")["balance"] == before - 1_000


def test_what_is_not_carried_out_changes_nothing(
    buyer: Any, sandbox: Any, lapak_id: Any, delivery: Any, newest_invoice: Any
) -> None:
    before = newest_invoice()
    path = f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}/buy_now"
    sandbox.faults.add(Fault.unavailable(), operation="POST /v1/fjb/lapak/{lapak_id}/buy_now", times=1)
    assert buyer.raw("POST", path, {"quantity": 1, **delivery}).status == 503
    assert newest_invoice() == before


def test_a_reset_brings_the_first_data_back(
    buyer: Any, sandbox: Any, lapak_id: Any, delivery: Any, newest_invoice: Any
) -> None:
    first, lapak = newest_invoice(), lapak_id("Kopi Toraja")
    buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, **delivery)
    bought = newest_invoice()
    assert bought != first
    sandbox.reset()
    assert newest_invoice() == first
    assert lapak_id("Kopi Toraja") == lapak
    buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, **delivery)
    assert newest_invoice()["id"] == bought["id"]


def test_identifiers_are_those_of_the_seed() -> None:
    def identifiers(seed: int) -> list[list[str]]:
        market = Sandbox(vendors=["kaskus"], seed=seed).kaskus.market
        return [list(market.goods), list(market.offers), list(market.invoices)]

    assert identifiers(1) == identifiers(1)
    assert not {one for kind in identifiers(1) for one in kind} & {one for kind in identifiers(2) for one in kind}
    goods, offers, _ = identifiers(3)
    assert all(len(one) == 24 and int(one, 16) >= 0 for one in (*goods, *offers))
