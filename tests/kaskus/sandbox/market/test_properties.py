"""Whatever is sent and in whatever order people act, the market keeps its books."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaskus_async.sandbox import KaskusState
from kaskus_async.sandbox.market import trade
from kaskus_async.sandbox.market.fields import attributes_field, elements, links_field, numbers_field
from kaskus_async.sandbox.market.listings import after_cursor, cursor_of
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import Refused
from kaskus_async.sandbox.stores.goods import Order
from nusantara.sandbox import Sandbox
from nusantara.sandbox.incoming import Incoming

NAMES = ("payment_mechanism", "extra_attributes", "pictures")
BUYER, SELLER = 1_048_211, 2_210_437


def params_with(text: str) -> Params:
    call = Incoming(method="POST", target="/", headers=(), body=b"", origin="http://127.0.0.1")
    return Params(call, {name: [text] for name in NAMES})


@pytest.fixture(scope="module")
def state() -> KaskusState:
    """A market of its own, without a server."""
    found = Sandbox(vendors=["kaskus"]).kaskus
    assert isinstance(found, KaskusState)
    return found


@given(st.text() | st.from_regex(r"[\[\]{}\",:;0-9a-z ]{1,30}", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    params = params_with(text)
    for read in (
        lambda: attributes_field(params, "extra_attributes"),
        lambda: elements(params, "payment_mechanism"),
        lambda: numbers_field(params, "payment_mechanism"),
        lambda: links_field(params, "pictures", 5),
    ):
        with suppress(Refused):
            read()


@given(st.dictionaries(st.text(min_size=1), st.text()), st.lists(st.integers(0, 10**8), min_size=1))
def test_json_in_a_field_is_read_as_it_was_written(attributes: dict[str, str], numbers: list[int]) -> None:
    assert attributes_field(params_with(json.dumps(attributes)), "extra_attributes") == attributes
    assert numbers_field(params_with(json.dumps(numbers)), "payment_mechanism") == numbers
    assert numbers_field(params_with(",".join(map(str, numbers))), "payment_mechanism") == numbers


@given(st.text() | st.binary().map(lambda data: base64.b64encode(data).decode()))
def test_any_text_is_a_cursor(state: Any, text: str) -> None:
    found = sorted(state.market.goods.values(), key=lambda goods: -goods.thread.dateline)
    rest = after_cursor(found, text)
    assert rest == found[len(found) - len(rest) :]


def test_a_cursor_leads_to_what_comes_next(state: Any) -> None:
    found = sorted(state.market.goods.values(), key=lambda goods: -goods.thread.dateline)
    for number, goods in enumerate(found):
        assert after_cursor(found, cursor_of(goods)) == found[number + 1 :]


@given(st.lists(st.tuples(st.sampled_from(("pay", "approve", "reject", "send", "receive", "say")), st.booleans())))
def test_a_purchase_moves_goods_and_money_once(state: Any, acts: list[tuple[str, bool]]) -> None:
    market = state.market
    goods = next(goods for goods in market.goods.values() if goods.thread.title.startswith("Kopi Toraja"))
    goods.stock, goods.sold = 10, 0
    before = {userid: market.wallets.balance(userid) for userid in (BUYER, SELLER)}
    invoice = trade.buy(
        market, goods, BUYER, Order(quantity=3, shipping_cost=9_000), buyer_name="", buyer_phone="", tips=500, at=1
    )
    statuses = [invoice.status]
    for act, right_one in acts:
        seller, buyer = (SELLER, BUYER) if right_one else (BUYER, SELLER)
        calls: dict[str, Callable[[], Any]] = {
            "pay": partial(trade.pay, market, invoice, buyer, {}, 2),
            "approve": partial(trade.approve, market, invoice, seller, "", mark_as_sold=False, at=2),
            "reject": partial(trade.reject, market, invoice, seller, "", 2),
            "send": partial(trade.send, market, invoice, seller, "X", 2, 2),
            "receive": partial(trade.receive, market, invoice, buyer, 2),
            "say": partial(trade.give_feedback, market, invoice, buyer, "neutral", "", 2),
        }
        try:
            calls[act]()
        except Refused:
            assert invoice.status == statuses[-1]
        statuses.append(invoice.status)

    assert statuses == sorted(statuses)
    rejected, received = statuses[-1] == 7, statuses[-1] in (5, 6)
    assert (goods.stock, goods.sold) == ((10, 0) if rejected else (7, 3))
    moved = {userid: market.wallets.balance(userid) - before[userid] for userid in (BUYER, SELLER)}
    assert moved[BUYER] == (invoice.total if rejected and invoice.paid else 0)
    assert moved[SELLER] == (invoice.total - 500 if received else 0)
