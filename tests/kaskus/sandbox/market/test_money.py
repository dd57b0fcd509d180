"""Bank accounts, the wallet, and ways to pay."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

ACCOUNTS = "/v1/user/bank_accounts"
WALLET = "/v1/user/wallet"


@pytest.fixture
def digest(sandbox: Any) -> str:
    """Of the main user's password."""
    return hashlib.md5(sandbox.credentials["kaskus"]["password"].encode()).hexdigest()


@pytest.fixture
def code(buyer: Any, state: Any) -> Any:
    """Has a code sent to the main user's telephone and reads it there."""

    def send() -> str:
        phone = buyer.get("/user")["phone"]
        buyer.post("/v1/otp/user", phone=phone)
        found: str = state.outgoing.last_code(phone)
        return found

    return send


def test_a_bank_account_is_added_changed_and_deleted(buyer: Any, digest: str, code: Any) -> None:
    fields = {"bank_id": "008001", "name": "Arya Wirawan", "account": "8830835661", "password": digest}
    assert buyer.post(f"{ACCOUNTS}/validation", **fields)
    before = buyer.get(ACCOUNTS)["data"]
    made = buyer.post(ACCOUNTS, **fields, otp=code())
    assert buyer.get(ACCOUNTS)["data"] == [*before, made]
    changed = buyer.post(f"{ACCOUNTS}/{made['id']}", **(fields | {"account": "1"}), otp=code())
    assert changed == made | {"account": "1"}
    assert buyer.get(ACCOUNTS)["data"] == [*before, changed]
    buyer.delete(f"{ACCOUNTS}/{made['id']}")
    buyer.refused(404, "DELETE", f"{ACCOUNTS}/{made['id']}")
    assert buyer.get(ACCOUNTS)["data"] == before


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"bank_id": "999"}, 400),
        ({"name": ""}, 400),
        ({"account": "abc"}, 400),
        ({"otp": "00000000x"}, 400),
        ({"otp": ""}, 400),
        ({"password": "0" * 32}, 403),
        ({"password": ""}, 400),
    ],
)
def test_a_bank_account_needs_a_bank_the_code_and_the_password(
    buyer: Any, digest: str, code: Any, changes: dict[str, str], status: int
) -> None:
    before = buyer.get(ACCOUNTS)
    fields = {"bank_id": "014", "name": "Arya", "account": "123", "password": digest, "otp": code()}
    buyer.refused(status, "POST", ACCOUNTS, **(fields | changes))
    if "otp" not in changes:
        buyer.refused(status, "POST", f"{ACCOUNTS}/validation", **(fields | changes))
    assert buyer.get(ACCOUNTS) == before


def test_money_is_redeemed_once_for_each_call(buyer: Any, digest: str) -> None:
    balance = buyer.get(f"{WALLET}/summary")["balance"]
    fields = {
        "amount": 250_000,
        "bank_account_id": buyer.get(ACCOUNTS)["data"][0]["id"],
        "password": digest.upper(),
    }
    buyer.post(f"{WALLET}/redemption/validation", **fields)
    assert buyer.get(f"{WALLET}/summary")["balance"] == balance
    buyer.post(f"{WALLET}/redemption", **fields)
    assert buyer.get(f"{WALLET}/summary")["balance"] == balance - 250_000
    newest = buyer.get(f"{WALLET}/transactions")["data"][0]
    assert (newest["amount"], newest["balance"], newest["type"]) == (-250_000, balance - 250_000, "redemption")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"amount": 0}, 400),
        ({"amount": 10**9}, 400),
        ({"amount": "1.5"}, 400),
        ({"bank_account_id": 1}, 404),
        ({"bank_account_id": ""}, 400),
        ({"password": "salah"}, 403),
    ],
)
def test_money_that_is_not_there_is_not_redeemed(buyer: Any, digest: str, changes: dict[str, Any], status: int) -> None:
    before = buyer.get(f"{WALLET}/transactions")
    account = buyer.get(ACCOUNTS)["data"][0]["id"]
    fields = {"amount": 1_000, "bank_account_id": account, "password": digest} | changes
    for path in ("redemption", "redemption/validation"):
        buyer.refused(status, "POST", f"{WALLET}/{path}", **fields)
    assert buyer.get(f"{WALLET}/transactions") == before


def test_transactions_add_up(buyer: Any) -> None:
    found = buyer.get(f"{WALLET}/transactions")["data"]
    assert found[0]["balance"] == sum(one["amount"] for one in found) == buyer.get(f"{WALLET}/summary")["balance"]
    assert {one["type"] for one in found} == {"refund", "sale"}


def test_the_chart_shows_the_balance_day_by_day(buyer: Any, digest: str) -> None:
    balance = buyer.get(f"{WALLET}/summary")["balance"]
    account = buyer.get(ACCOUNTS)["data"][0]["id"]
    buyer.post(f"{WALLET}/redemption", amount=1_000, bank_account_id=account, password=digest)
    days = buyer.get(f"{WALLET}/balance_chart/7?offset_timezone=7")["data"]
    assert [day["balance"] for day in days] == [balance] * 6 + [balance - 1_000]
    dates = [day["date"] for day in days]
    assert dates == sorted(set(dates))
    for wrong in ("0", "1000", "x", "7?offset_timezone=99", "7?offset_timezone=x"):
        buyer.refused(400, "GET", f"{WALLET}/balance_chart/{wrong}")


def test_banks_and_ways_to_pay_are_listed(app: Any, buyer: Any) -> None:
    banks = {bank["id"] for bank in app.get("/v1/fjb/banks")["data"]}
    assert {bank["id"] for bank in app.get("/v1/fjb/kaskus_banks")["data"]} < banks
    assert {bank["id"][:3] for bank in app.get("/v1/fjb/bi_banks")["data"]} == banks
    methods = app.get("/v1/fjb/payment_methods")["data"]
    assert [app.get(f"/v1/fjb/payment_methods/{method['id']}") for method in methods] == methods
    app.refused(404, "GET", "/v1/fjb/payment_methods/99")
    assert all(isinstance(tip, int) for tip in app.get("/v1/fjb/tips")["data"])
    assert buyer.get("/v1/fjb/get_oneklik_user_token")["token"]
    app.refused(401, "GET", "/v1/fjb/get_oneklik_user_token")
