"""Lapak and threads of the old marketplace, with their posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread, whole
from support.raw import RawServer, Received, Wire

from kaskus_async.fjb.goods import lapak_fields
from kaskus_async.fjb.lapak import Lapak
from kaskus_async.fjb.lapak_posts import LapakPosts
from kaskus_async.fjb.posts import FjbPosts
from kaskus_async.fjb.threads import FjbThreads
from kaskus_async.models.fjb.lapak import PaymentMechanism
from kaskus_async.models.fjb.threads import FjbInclude
from kaskus_async.models.posts import GoodsCondition, PostPrefix
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

GOODS: dict[str, Any] = {
    "prefix": PostPrefix.SELLING,
    "condition": GoodsCondition.SECOND,
    "price": 500_000,
    "search_tags": ["kamera", "lensa kit"],
    "location": 11,
}
GOODS_SENT = {
    "title": "Kamera & lensa",
    "message": "[B]Mulus[/B]",
    "prefix": "wts",
    "condition": "2",
    "price": "500000",
    "search_tags": "kamera,lensa kit",
    "location": "11",
}
LAPAK: dict[str, Any] = {
    "extra_attributes": {"warna": "biru", "ukuran": "besar, kecil"},
    "discount": 10,
    "pictures": ["http://gambar.example/a.png", "http://gambar.example/b.png"],
    "payment_mechanism": [PaymentMechanism.COD, 3],
    "shipping_method": [1, "2"],
    "address_id": 1452262652,
    "weight": 140,
    "insurance": True,
    "free_shipping": False,
    "custom_shipping_method": ["ojek", "kurir «cepat»"],
}
LAPAK_SENT = {
    "extra_attributes": '{"warna":"biru","ukuran":"besar, kecil"}',
    "discount": "10",
    "pictures": "http://gambar.example/a.png,http://gambar.example/b.png",
    "payment_mechanism": "[1,3]",
    "shipping_method": '[1,"2"]',
    "address_id": "1452262652",
    "weight": "140",
    "insurance": "true",
    "free_shipping": "false",
    "custom_shipping_method": '["ojek","kurir «cepat»"]',
}

LEDGER: dict[str, Any] = {
    "GET /v1/lapak/{id}": (
        lambda k: k.fjb.lapak.read("5f79", fields=["pagetext", "text"], include=FjbInclude.SIMILAR, limit=20),
        "GET /v1/lapak/5f79?page=1&limit=20&field=pagetext%2Ctext&include=similar",
    ),
    "POST /v1/lapak": (
        lambda k: k.fjb.lapak.create(221, "Kamera & lensa", "[B]Mulus[/B]", **GOODS, **LAPAK),
        "POST /v1/lapak",
        {"form": {"forum_id": "221", **GOODS_SENT, **LAPAK_SENT}},
    ),
    "POST /v1/lapak/{id}/prefix": (
        lambda k: k.fjb.lapak.set_prefix("5f79", PostPrefix.SOLD),
        "POST /v1/lapak/5f79/prefix",
        {"form": {"prefix_id": "sold"}},
    ),
    "POST /v1/lapak/{id}/sundul": (lambda k: k.fjb.lapak.sundul("5f79"), "POST /v1/lapak/5f79/sundul"),
    "GET /v1/lapak_post/{id}": (
        lambda k: k.fjb.lapak_posts.get("5f0b", fields=["text"]),
        "GET /v1/lapak_post/5f0b?field=text",
    ),
    "POST /v1/lapak_post": (
        lambda k: k.fjb.lapak_posts.create("5f79", "Masih ada?", title="Tanya"),
        "POST /v1/lapak_post",
        {"form": {"thread_id": "5f79", "title": "Tanya", "message": "Masih ada?"}},
    ),
    "POST /v1/lapak_post/{id}/edit": (
        lambda k: k.fjb.lapak_posts.edit("5f0b", title="Kamera & lensa", message="[B]Mulus[/B]", **GOODS, **LAPAK),
        "POST /v1/lapak_post/5f0b/edit",
        {"form": {**GOODS_SENT, **LAPAK_SENT}},
    ),
    "GET /v1/fjb_thread/{id}": (
        lambda k: k.fjb.threads.read("5f7b", fields=["pagetext", "text"], include="similar", limit=20),
        "GET /v1/fjb_thread/5f7b?page=1&limit=20&field=pagetext%2Ctext&include=similar",
    ),
    "POST /v1/fjb_thread/{id}/sundul": (lambda k: k.fjb.threads.sundul("5f7b"), "POST /v1/fjb_thread/5f7b/sundul"),
    "GET /v1/fjb_post/{id}": (
        lambda k: k.fjb.posts.get("5f0b", fields=["pagetext", "text"]),
        "GET /v1/fjb_post/5f0b?field=pagetext%2Ctext",
    ),
    "POST /v1/fjb_post": (
        lambda k: k.fjb.posts.create("5f7b", "Masih ada?", title="Tanya"),
        "POST /v1/fjb_post",
        {"form": {"thread_id": "5f7b", "title": "Tanya", "message": "Masih ada?"}},
    ),
    "POST /v1/fjb_post/{id}/edit": (
        lambda k: k.fjb.posts.edit("5f0b", title="Kamera & lensa", message="[B]Mulus[/B]", **GOODS),
        "POST /v1/fjb_post/5f0b/edit",
        {"form": GOODS_SENT},
    ),
}

ANSWERS: dict[str, Any] = {
    "fjb_lapak": lambda k: whole(k.fjb.lapak.read("5f79", include="similar")),
    "fjb_thread": lambda k: whole(k.fjb.threads.read("5f7b", fields=["pagetext", "text"])),
    "fjb_post": lambda k: k.fjb.posts.get("5f0b", fields=["text"]),
}

DOCUMENTED = documented(Lapak, LapakPosts, FjbThreads, FjbPosts)


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, DOCUMENTED[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(DOCUMENTED) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_a_lapak_comes_with_what_is_sold() -> None:
    page = await answered(lambda k: k.fjb.lapak.read("5f79").first(), read_document(DOCUMENTS / "fjb_lapak.json"))
    lapak = page.answer.thread
    assert (lapak.item_price, lapak.discount, lapak.discounted_price, lapak.item_condition) == (
        500_000,
        5.0,
        475_000,
        1,
    )
    assert (lapak.shipping.weight, lapak.payment_mechanism, lapak.sundul_enabled) == (900, ["1", "2"], True)
    assert [thread.discounted_price for thread in page.answer.similar] == [900]
    assert [post.post_userid for post in page.items] == [70]


@pytest.mark.parametrize("name", ["lapak", "threads"])
async def test_reading_can_begin_at_a_post_and_goes_on_from_its_page(name: str) -> None:
    document = read_document(DOCUMENTS / "fjb_thread.json")

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=dict(document, current_page=8 if "page=8" in request.target else 7, total_page=8))

    async with RawServer(answer) as server, client(server) as kaskus:
        posts = await getattr(kaskus.fjb, name).read("5f7b", post_id="5f0b", limit=2).collect()
    assert len(posts) == 4
    assert [request.target.partition("?")[2] for request in server.requests] == ["post=5f0b&limit=2", "page=8&limit=2"]


@pytest.mark.parametrize(
    "operation", ["POST /v1/lapak", "POST /v1/lapak/{id}/sundul", "GET /v1/lapak_post/{id}", "POST /v1/fjb_post"]
)
async def test_an_answer_of_unknown_shape_is_given_as_it_comes(operation: str) -> None:
    assert await answered(LEDGER[operation][0], {"hasil": ["1", None]}) == {"hasil": ["1", None]}


async def test_what_is_not_given_is_not_sent() -> None:
    for path, call in {
        "/v1/lapak_post/5f0b/edit": lambda k: k.fjb.lapak_posts.edit("5f0b", custom_shipping_method=[]),
        "/v1/fjb_post/5f0b/edit": lambda k: k.fjb.posts.edit("5f0b"),
    }.items():
        form = {"custom_shipping_method": "[]"} if "lapak" in path else {}
        await prove(f"POST {path.replace('5f0b', '{id}')}", call, f"POST {path}", "repeatable", form=form)


@given(attributes=st.dictionaries(st.text(), st.text()), methods=st.lists(st.text() | st.integers()))
def test_attributes_and_methods_survive_their_json(attributes: dict[str, str], methods: list[int | str]) -> None:
    lapak: dict[str, Any] = {**LAPAK, "extra_attributes": attributes, "shipping_method": methods}
    fields = lapak_fields(**lapak)
    assert json.loads(str(fields["extra_attributes"])) == attributes
    assert json.loads(str(fields["shipping_method"])) == methods


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("title", ""),
        ("message", None),
        ("price", -1),
        ("price", 10.5),
        ("price", "10000"),
        ("price", True),
        ("search_tags", "kamera"),
        ("search_tags", ["a,b"]),
        ("extra_attributes", "warna:biru"),
        ("extra_attributes", {"warna": object()}),
        ("discount", 101),
        ("discount", -1),
        ("pictures", ["http://gambar.example/a.png"] * 6),
        ("pictures", "http://gambar.example/a.png"),
        ("pictures", ["http://gambar.example/a.png?ukuran=1,2"]),
        ("payment_mechanism", "[1,2]"),
        ("payment_mechanism", 1),
        ("shipping_method", [object()]),
        ("shipping_method", [True]),
        ("custom_shipping_method", "ojek"),
        ("weight", -140),
    ],
)
async def test_a_lapak_that_cannot_be_sent_is_refused(parameter: str, value: Any) -> None:
    goods = {"title": "Kamera", "message": "isi", parameter: value}
    await refused(lambda k: k.fjb.lapak.create(221, **goods), parameter)
    if parameter not in ("title", "message"):
        await refused(lambda k: k.fjb.lapak_posts.edit("5f0b", **goods), parameter)


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.fjb.lapak.read("").first(), "lapak_id"),
        (lambda k: k.fjb.lapak.read("5f79", limit=0).first(), "limit"),
        (lambda k: k.fjb.lapak.read("5f79", fields="text").first(), "fields"),
        (lambda k: k.fjb.lapak.set_prefix("5f79", ""), "prefix"),
        (lambda k: k.fjb.lapak.sundul(".."), "lapak_id"),
        (lambda k: k.fjb.lapak_posts.create("", "isi"), "lapak_id"),
        (lambda k: k.fjb.lapak_posts.create("5f79", ""), "message"),
        (lambda k: k.fjb.threads.read("5f7b", limit=True).first(), "limit"),
        (lambda k: k.fjb.threads.sundul(""), "thread_id"),
        (lambda k: k.fjb.posts.create("", "isi"), "thread_id"),
        (lambda k: k.fjb.posts.create("5f7b", ""), "message"),
        (lambda k: k.fjb.posts.edit("5f0b", price=-1), "price"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
