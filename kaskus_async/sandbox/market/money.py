"""Bank accounts of users, and their wallets."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.market.fields import check_password, price_field, wrong
from kaskus_async.sandbox.market.payments import BANK_IDS
from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere
from kaskus_async.sandbox.stores.goods import BankAccount
from kaskus_async.sandbox.stores.wallets import Transaction

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_MOST_DAYS = 366
_JAKARTA = 7


def _accounts(state: KaskusState, params: Params) -> Document:
    return {"data": [_account_document(account) for account in _own(state, params).values()]}


def _add_account(state: KaskusState, params: Params) -> Document:
    _check_account(params)
    _check_otp(state, params)
    account = _read_account(params, state.market.new_account_id())
    _own(state, params)[account.account_id] = account
    return _account_document(account)


def _change_account(state: KaskusState, params: Params) -> Document:
    old = _account(state, params, params.number_in_path("account_id"))
    _check_account(params)
    _check_otp(state, params)
    account = _read_account(params, old.account_id)
    _own(state, params)[account.account_id] = account
    return _account_document(account)


def _delete_account(state: KaskusState, params: Params) -> Document:
    account = _account(state, params, params.number_in_path("account_id"))
    del _own(state, params)[account.account_id]
    return {"result": True}


def _validate_account(state: KaskusState, params: Params) -> Document:
    _check_account(params)
    return {"result": True}


def _redeem(state: KaskusState, params: Params) -> Document:
    amount, account = _redemption(state, params)
    reference = str(account.account_id)
    moved = state.market.wallets.move(params.me.userid, "redemption", -amount, reference, state.now())
    return _transaction_document(moved)


def _validate_redemption(state: KaskusState, params: Params) -> Document:
    _redemption(state, params)
    return {"result": True}


def _summary(state: KaskusState, params: Params) -> Document:
    return {"balance": state.market.wallets.balance(params.me.userid)}


def _transactions(state: KaskusState, params: Params) -> Document:
    found = state.market.wallets.transactions(params.me.userid)
    return {"data": [_transaction_document(transaction) for transaction in reversed(found)]}


def _chart(state: KaskusState, params: Params) -> Document:
    """The balance at the end of each of the last days, today's included."""
    days = params.number_in_path("last_n_days")
    if not 1 <= days <= _MOST_DAYS:
        raise wrong("last_n_days", f"be 1 to {_MOST_DAYS}")
    zone = _zone(params)
    today = datetime.datetime.fromtimestamp(state.now(), zone).date()
    return {
        "data": [
            _day_document(state, params.me.userid, today - datetime.timedelta(days=back), zone)
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


def _own(state: KaskusState, params: Params) -> dict[int, BankAccount]:
    return state.market.things(params.me.userid).bank_accounts


def _account(state: KaskusState, params: Params, number: int) -> BankAccount:
    accounts = _own(state, params)
    if number not in accounts:
        raise NotThere("bank account not found")
    return accounts[number]


def _check_account(params: Params) -> None:
    if params.require("bank_id") not in BANK_IDS:
        raise wrong("bank_id", "be a bank")
    params.require("name")
    account = params.require("account")
    if not (account.isascii() and account.isdecimal()):
        raise wrong("account", "be digits")
    check_password(params)


def _check_otp(state: KaskusState, params: Params) -> None:
    """The newest code that was sent to the user's telephone."""
    code = params.require("otp")
    if code != state.outgoing.last_code(params.me.phone):
        raise wrong("otp", "be the code that was sent")


def _read_account(params: Params, number: int) -> BankAccount:
    return BankAccount(
        account_id=number,
        bank_id=params.require("bank_id"),
        name=params.require("name"),
        account=params.require("account"),
    )


def _redemption(state: KaskusState, params: Params) -> tuple[int, BankAccount]:
    params.require("amount")
    amount = price_field(params, "amount") or 0
    account = _account(state, params, params.require_number("bank_account_id"))
    check_password(params)
    state.market.wallets.check(params.me.userid, amount)
    return amount, account


def _zone(params: Params) -> datetime.timezone:
    text = params.text("offset_timezone") or str(_JAKARTA)
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
