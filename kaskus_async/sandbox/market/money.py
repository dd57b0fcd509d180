"""Bank accounts of users, and their wallets."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.asked import Asked
from kaskus_async.sandbox.market_entities import BankAccount
from kaskus_async.sandbox.market_fields import check_password, price_field, wrong
from kaskus_async.sandbox.market_payments import BANK_IDS
from kaskus_async.sandbox.market_wallets import Transaction
from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.refusals import NotThere

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_MOST_DAYS = 366
_JAKARTA = 7


def _accounts(state: KaskusState, asked: Asked) -> Document:
    return {"data": [_account_document(account) for account in _own(state, asked).values()]}


def _add_account(state: KaskusState, asked: Asked) -> Document:
    _check_account(asked)
    _check_otp(state, asked)
    account = _read_account(asked, state.market.new_account_id())
    _own(state, asked)[account.account_id] = account
    return _account_document(account)


def _change_account(state: KaskusState, asked: Asked) -> Document:
    old = _account(state, asked, asked.number_in_path("account_id"))
    _check_account(asked)
    _check_otp(state, asked)
    account = _read_account(asked, old.account_id)
    _own(state, asked)[account.account_id] = account
    return _account_document(account)


def _delete_account(state: KaskusState, asked: Asked) -> Document:
    account = _account(state, asked, asked.number_in_path("account_id"))
    del _own(state, asked)[account.account_id]
    return {"result": True}


def _validate_account(state: KaskusState, asked: Asked) -> Document:
    _check_account(asked)
    return {"result": True}


def _redeem(state: KaskusState, asked: Asked) -> Document:
    amount, account = _redemption(state, asked)
    reference = str(account.account_id)
    moved = state.market.wallets.move(asked.me.userid, "redemption", -amount, reference, state.now())
    return _transaction_document(moved)


def _validate_redemption(state: KaskusState, asked: Asked) -> Document:
    _redemption(state, asked)
    return {"result": True}


def _summary(state: KaskusState, asked: Asked) -> Document:
    return {"balance": state.market.wallets.balance(asked.me.userid)}


def _transactions(state: KaskusState, asked: Asked) -> Document:
    found = state.market.wallets.transactions(asked.me.userid)
    return {"data": [_transaction_document(transaction) for transaction in reversed(found)]}


def _chart(state: KaskusState, asked: Asked) -> Document:
    """The balance at the end of each of the last days, today's included."""
    days = asked.number_in_path("last_n_days")
    if not 1 <= days <= _MOST_DAYS:
        raise wrong("last_n_days", f"be 1 to {_MOST_DAYS}")
    zone = _zone(asked)
    today = datetime.datetime.fromtimestamp(state.now(), zone).date()
    return {
        "data": [
            _day_document(state, asked.me.userid, today - datetime.timedelta(days=back), zone)
            for back in reversed(range(days))
        ]
    }


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/user/bank_accounts", _accounts, documented=False),
    Operation("POST", "/v1/user/bank_accounts", _add_account, documented=False),
    Operation("POST", "/v1/user/bank_accounts/validation", _validate_account, documented=False),
    Operation("POST", "/v1/user/bank_accounts/{account_id}", _change_account, documented=False),
    Operation("DELETE", "/v1/user/bank_accounts/{account_id}", _delete_account, documented=False),
    Operation("POST", "/v1/user/wallet/redemption", _redeem, documented=False),
    Operation("POST", "/v1/user/wallet/redemption/validation", _validate_redemption, documented=False),
    Operation("GET", "/v1/user/wallet/summary", _summary, documented=False),
    Operation("GET", "/v1/user/wallet/transactions", _transactions, documented=False),
    Operation("GET", "/v1/user/wallet/balance_chart/{last_n_days}", _chart, documented=False),
)


def _own(state: KaskusState, asked: Asked) -> dict[int, BankAccount]:
    return state.market.things(asked.me.userid).bank_accounts


def _account(state: KaskusState, asked: Asked, number: int) -> BankAccount:
    accounts = _own(state, asked)
    if number not in accounts:
        raise NotThere("bank account not found")
    return accounts[number]


def _check_account(asked: Asked) -> None:
    if asked.require("bank_id") not in BANK_IDS:
        raise wrong("bank_id", "be a bank")
    asked.require("name")
    account = asked.require("account")
    if not (account.isascii() and account.isdecimal()):
        raise wrong("account", "be digits")
    check_password(asked)


def _check_otp(state: KaskusState, asked: Asked) -> None:
    """The newest code that was sent to the user's telephone."""
    code = asked.require("otp")
    if code != state.outgoing.last_code(asked.me.phone):
        raise wrong("otp", "be the code that was sent")


def _read_account(asked: Asked, number: int) -> BankAccount:
    return BankAccount(
        account_id=number,
        bank_id=asked.require("bank_id"),
        name=asked.require("name"),
        account=asked.require("account"),
    )


def _redemption(state: KaskusState, asked: Asked) -> tuple[int, BankAccount]:
    asked.require("amount")
    amount = price_field(asked, "amount") or 0
    account = _account(state, asked, asked.require_number("bank_account_id"))
    check_password(asked)
    state.market.wallets.check(asked.me.userid, amount)
    return amount, account


def _zone(asked: Asked) -> datetime.timezone:
    text = asked.text("offset_timezone") or str(_JAKARTA)
    try:
        return datetime.timezone(datetime.timedelta(hours=int(text)))
    except (ValueError, OverflowError):
        raise wrong("offset_timezone", "be hours") from None


def _day_document(state: KaskusState, userid: int, day: datetime.date, zone: datetime.timezone) -> Document:
    end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), zone)
    return {
        "date": day.isoformat(),
        "balance": state.market.wallets.balance_at(userid, int(end.timestamp()) - 1),
    }


def _account_document(account: BankAccount) -> Document:
    return {
        "id": account.account_id,
        "bank_id": account.bank_id,
        "name": account.name,
        "account": account.account,
    }


def _transaction_document(transaction: Transaction) -> Document:
    return {
        "id": transaction.transaction_id,
        "type": transaction.kind,
        "amount": transaction.amount,
        "balance": transaction.balance,
        "reference": transaction.reference,
        "dateline": transaction.dateline,
    }
