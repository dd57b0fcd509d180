"""Banks, ways to pay, and tips. The banks and their numbers are real, the accounts are made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["BANKS", "BANK_IDS", "KASKUS_BANKS", "PAYMENT_METHODS", "ROUTES"]

Document = dict[str, Any]

BANKS = {
    "002": "Bank Rakyat Indonesia",
    "008": "Bank Mandiri",
    "009": "Bank Negara Indonesia",
    "011": "Bank Danamon",
    "013": "Bank Permata",
    "014": "Bank Central Asia",
    "022": "Bank CIMB Niaga",
}
KASKUS_BANKS = {"008": "0000000008", "009": "0000000009", "014": "0000000014"}
"""Accounts to pay to."""
_BI_BANKS = {
    f"{number}{branch}": f"{name} {city}"
    for number, name in BANKS.items()
    for branch, city in (
        ("001", "Jakarta"),
        ("002", "Bandung"),
    )
}
BANK_IDS = frozenset({*BANKS, *_BI_BANKS})
"""The reference gives banks numbers of three digits and, for accounts of users, of six."""
PAYMENT_METHODS = {
    "1": "Transfer Bank",
    "2": "KlikBCA",
    "3": "BCA OneKlik",
    "4": "Mandiri Clickpay",
    "5": "Kartu Kredit",
}
_TIPS = (0, 2_000, 5_000, 10_000)


def _banks(state: KaskusState, params: Params) -> Document:
    return {"data": _named(BANKS)}


def _kaskus_banks(state: KaskusState, params: Params) -> Document:
    return {
        "data": [
            {"id": number, "name": BANKS[number], "account": account, "account_name": "PT Contoh Sandbox"}
            for number, account in KASKUS_BANKS.items()
        ]
    }


def _bi_banks(state: KaskusState, params: Params) -> Document:
    return {"data": _named(_BI_BANKS)}


def _methods(state: KaskusState, params: Params) -> Document:
    return {"data": _named(PAYMENT_METHODS)}


def _method(state: KaskusState, params: Params) -> Document:
    number = params.in_path("payment_method_id")
    if number not in PAYMENT_METHODS:
        raise NotThere("payment method not found")
    return {"id": number, "name": PAYMENT_METHODS[number]}


def _tips(state: KaskusState, params: Params) -> Document:
    return {"data": list(_TIPS)}


def _oneklik_token(state: KaskusState, params: Params) -> Document:
    return {"token": state.digest(f"oneklik:{params.me.userid}")[:32]}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/fjb/banks", _banks, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/kaskus_banks", _kaskus_banks, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/bi_banks", _bi_banks, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/payment_methods", _methods, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/payment_methods/{payment_method_id}", _method, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/tips", _tips, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/get_oneklik_user_token", _oneklik_token, documented=False),
)


def _named(names: dict[str, str]) -> list[Document]:
    return [{"id": number, "name": name} for number, name in names.items()]
