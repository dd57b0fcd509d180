"""The operations on the wallet and on bank accounts."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledger import documented, prove, refused, unnamed

from kaskus_async.bank_accounts import BankAccounts
from kaskus_async.wallet import Wallet
from nusantara.secret import Secret

LEDGER: dict[str, Any] = {
    "GET /v1/user/wallet/summary": (lambda k: k.wallet.summary(), "GET /v1/user/wallet/summary"),
    "GET /v1/user/wallet/transactions": (lambda k: k.wallet.transactions(), "GET /v1/user/wallet/transactions"),
    "GET /v1/user/wallet/balance_chart/{last_n_days}": (
        lambda k: k.wallet.balance_chart(30, offset_timezone=7),
        "GET /v1/user/wallet/balance_chart/30?offset_timezone=7",
    ),
    "POST /v1/user/wallet/redemption": (
        lambda k: k.wallet.redeem(250000, "1457323795", Secret("secret")),
        "POST /v1/user/wallet/redemption",
        {"form": {"amount": "250000", "bank_account_id": "1457323795", "password": "5ebe2294ecd0e0f08eab7690d2a6ee69"}},
    ),
    "POST /v1/user/wallet/redemption/validation": (
        lambda k: k.wallet.check_redemption(250000, "1457323795", "secret"),
        "POST /v1/user/wallet/redemption/validation",
        {"form": {"amount": "250000", "bank_account_id": "1457323795", "password": "5ebe2294ecd0e0f08eab7690d2a6ee69"}},
    ),
    "GET /v1/user/bank_accounts": (lambda k: k.bank_accounts.mine(), "GET /v1/user/bank_accounts"),
    "POST /v1/user/bank_accounts": (
        lambda k: k.bank_accounts.add(111111, "Tokoh Contoh", "0000000070", Secret("456123"), Secret("secret")),
        "POST /v1/user/bank_accounts",
        {
            "form": {
                "bank_id": "111111",
                "name": "Tokoh Contoh",
                "account": "0000000070",
                "otp": "456123",
                "password": "5ebe2294ecd0e0f08eab7690d2a6ee69",
            }
        },
    ),
    "POST /v1/user/bank_accounts/{account_id}": (
        lambda k: k.bank_accounts.update("534b", "111111", "Tokoh Contoh", "0000000070", "456123", "secret"),
        "POST /v1/user/bank_accounts/534b",
        {
            "form": {
                "bank_id": "111111",
                "name": "Tokoh Contoh",
                "account": "0000000070",
                "otp": "456123",
                "password": "5ebe2294ecd0e0f08eab7690d2a6ee69",
            }
        },
    ),
    "DELETE /v1/user/bank_accounts/{account_id}": (
        lambda k: k.bank_accounts.delete("534b"),
        "DELETE /v1/user/bank_accounts/534b",
    ),
    "POST /v1/user/bank_accounts/validation": (
        lambda k: k.bank_accounts.check("111111", "Tokoh Contoh", "0000000070", "secret"),
        "POST /v1/user/bank_accounts/validation",
        {
            "form": {
                "bank_id": "111111",
                "name": "Tokoh Contoh",
                "account": "0000000070",
                "password": "5ebe2294ecd0e0f08eab7690d2a6ee69",
            }
        },
    ),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(
        operation, call, line, documented(BankAccounts, Wallet)[unnamed(operation)], **(rest[0] if rest else {})
    )


def test_every_operation_is_proven() -> None:
    assert set(documented(BankAccounts, Wallet)) == set(map(unnamed, LEDGER))


async def test_a_week_is_charted_by_default() -> None:
    await prove(
        "GET /v1/user/wallet/balance_chart/{last_n_days}",
        lambda k: k.wallet.balance_chart(),
        "GET /v1/user/wallet/balance_chart/7",
        "safe",
    )


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.wallet.redeem(0, "1", "x"), "amount"),
        (lambda k: k.wallet.redeem(None, "1", "x"), "amount"),
        (lambda k: k.wallet.redeem(2.5, "1", "x"), "amount"),
        (lambda k: k.wallet.redeem(True, "1", "x"), "amount"),
        (lambda k: k.wallet.redeem(1, "", "x"), "bank_account_id"),
        (lambda k: k.wallet.redeem(1, "1", ""), "password"),
        (lambda k: k.wallet.check_redemption(-1, "1", "x"), "amount"),
        (lambda k: k.wallet.balance_chart(0), "last_n_days"),
        (lambda k: k.bank_accounts.add("", "n", "a", "o", "p"), "bank_id"),
        (lambda k: k.bank_accounts.add("1", "", "a", "o", "p"), "name"),
        (lambda k: k.bank_accounts.add("1", "n", "", "o", "p"), "account"),
        (lambda k: k.bank_accounts.add("1", "n", "a", "", "p"), "otp"),
        (lambda k: k.bank_accounts.update("", "1", "n", "a", "o", "p"), "account_id"),
        (lambda k: k.bank_accounts.check("1", "n", "a", ""), "password"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
