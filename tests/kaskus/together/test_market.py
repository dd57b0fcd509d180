"""The marketplace on the sandbox, both flavours: a purchase through its states, offers, the cart, and refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from support.flavours import Flavour

from kaskus_async.models.fjb.invoices import FeedbackResponse
from nusantara.errors import AuthFailed, BadRequest, Forbidden, NotFound
from nusantara.sandbox import Sandbox

Client = Flavour[Any]

SELLER, CATEGORY = 1_048_211, 221


def status_of(invoice: Any) -> str:
    return str(invoice.status)


async def bought(partner: Client, lapak: str, address_id: int, **more: Any) -> str:
    """The number of an invoice."""
    checkout = await partner(
        lambda k: k.fjb.purchases.buy_now(lapak, 2, address_id=address_id, shipping_agent=2, **more)
    )
    return str(checkout.checkout_url).rpartition("/")[2]


async def test_a_lapak_is_opened_read_and_listed(kaskus: Client, application: Client, lapak: str) -> None:
    page = await application(lambda k: k.fjb.lapak.read(lapak).first())
    thread = page.answer.thread
    assert (thread.item_price, thread.discount, thread.discounted_price) == (50_000, 20, 40_000)
    assert (thread.payment_mechanism, thread.can_buynow, page.items[0].text) == (
        ["2"],
        True,
        "Masih bagus, jarang dipakai.",
    )
    listed = await application.items(lambda k: k.fjb.listings.threads(CATEGORY))
    assert lapak in {one.thread_id for one in listed}
    mine = await kaskus.items(lambda k: k.fjb.user_threads.wts(SELLER))
    assert mine[0].thread_id == lapak
    await kaskus(lambda k: k.fjb.lapak.sundul(lapak))
    mine = await kaskus.items(lambda k: k.fjb.user_threads.wts(SELLER))
    assert mine[0].sundul_count == 1


async def test_places_and_costs_lead_to_an_address(partner: Client, lapak: str) -> None:
    provinces = await partner(lambda k: k.fjb.locations.provinces())
    [west_java] = [place for place in provinces.data if place.name == "Jawa Barat"]
    cities = await partner(lambda k: k.fjb.locations.cities_of_province(west_java.id))
    [bandung] = [place for place in cities.data if place.name == "Kota Bandung"]
    areas = await partner(lambda k: k.fjb.locations.areas_of_city(bandung.id))
    area = areas.data[0]
    await partner(
        lambda k: k.fjb.addresses.create(
            west_java.id, bandung.id, area.id, "Kos", "Jl. Anggrek 2", "Pembeli Contoh", "08000002", default=True
        )
    )
    saved = await partner(lambda k: k.fjb.addresses.saved())
    assert [(one.name, one.default) for one in saved.data if one.name == "Kos"] == [("Kos", True)]
    costs = await partner(lambda k: k.fjb.shipping.costs(lapak, area.id, quantity=2))
    [agent] = costs.data
    assert [method.cost for method in agent.methods] == [54_400, 64_000]


async def test_a_purchase_goes_through_its_states(
    kaskus: Client, partner: Client, lapak: str, address_id: int, nusantara_sandbox: Sandbox
) -> None:
    number = await bought(partner, lapak, address_id, message="Segera ya", tips=1_000, insurance=True)
    seen = [await partner(lambda k: k.fjb.invoices.get(number))]
    assert (seen[0].price, seen[0].quantity, seen[0].tips) == (80_000, 2, 1_000)
    assert seen[0].total == 80_000 + seen[0].shipping.cost + seen[0].shipping.insurance_cost + 1_000

    when = datetime(2024, 5, 21, 10, 0, tzinfo=UTC)
    await partner(
        lambda k: k.fjb.invoices.confirm_transfer(
            number, name="Pembeli Contoh", origin_bank="014", account_number="0000001", date=when
        )
    )
    seen.append(await kaskus(lambda k: k.fjb.invoices.get(number)))
    await kaskus(lambda k: k.fjb.purchases.approve(number, message="Siap"))
    seen.append(await partner(lambda k: k.fjb.invoices.get(number)))
    await kaskus(lambda k: k.fjb.invoices.set_shipping(number, shipping_date=when, tracking_number="JP-0001"))
    seen.append(await partner(lambda k: k.fjb.invoices.get(number)))
    await partner(lambda k: k.fjb.invoices.confirm_delivery(number))
    seen.append(await partner(lambda k: k.fjb.invoices.get(number)))
    await partner(lambda k: k.fjb.invoices.give_feedback(number, FeedbackResponse.POSITIVE, message="Mantap"))
    seen.append(await partner(lambda k: k.fjb.invoices.get(number)))

    assert list(map(status_of, seen)) == [
        "Menunggu Pembayaran",
        "Menunggu Persetujuan Penjual",
        "Siap Dikirim",
        "Dalam Pengiriman",
        "Barang Diterima",
        "Selesai",
    ]
    assert (seen[-1].reply, seen[-1].shipping.tracking_number) == ("Siap", "JP-0001")
    known = await partner(lambda k: k.fjb.invoices.statuses())
    assert {status.name for status in known.data} >= set(map(status_of, seen))
    given = (await partner(lambda k: k.users.feedbacks(SELLER))).data[0]
    assert (given.response, given.message) == ("positive", "Mantap")
    stored = nusantara_sandbox.kaskus.market.invoices[number]
    assert (stored.received > 0, stored.goods.sold) == (True, 2)


async def test_a_seller_says_no_and_the_money_comes_back(
    kaskus: Client, partner: Client, lapak: str, address_id: int
) -> None:
    number = await bought(partner, lapak, address_id)
    await partner(lambda k: k.fjb.invoices.confirm_transfer(number))
    await kaskus(lambda k: k.fjb.purchases.reject(number, message="Habis"))
    invoice = await partner(lambda k: k.fjb.invoices.get(number))
    assert (invoice.status, invoice.reply) == ("Ditolak Penjual", "Habis")
    with pytest.raises(BadRequest, match="the purchase is answered already"):
        await kaskus(lambda k: k.fjb.purchases.approve(number))
    transactions = await partner(lambda k: k.wallet.transactions())
    assert number in str(transactions.to_document())


async def test_an_offer_is_accepted_and_bought(kaskus: Client, partner: Client, lapak: str, address_id: int) -> None:
    made = await partner(
        lambda k: k.fjb.offers.create(lapak, 70_000, 2, message="Boleh?", address_id=address_id, shipping_agent=2)
    )
    received = await kaskus(lambda k: k.fjb.offers.received())
    assert made.id in {offer.id for offer in received.data}
    with pytest.raises(BadRequest, match="the offer is not accepted"):
        await partner(lambda k: k.fjb.purchases.checkout(made.id))
    await kaskus(lambda k: k.fjb.offers.approve(made.id, shipping_cost=15_000, message="Boleh"))
    offer = await partner(lambda k: k.fjb.offers.get(made.id))
    assert (offer.price, offer.quantity, offer.reply.status, offer.shipping.cost) == (70_000, 2, 1, 15_000)
    listed = await partner.items(lambda k: k.fjb.offers.made(limit=1))
    assert made.id in {one.id for one in listed}

    checkout = await partner(lambda k: k.fjb.purchases.checkout(made.id, buyer_name="Pembeli Contoh", tips=500))
    number = checkout.checkout_url.rpartition("/")[2]
    invoice = await partner(lambda k: k.fjb.invoices.get(number))
    assert (invoice.price, invoice.total, invoice.buyer_name) == (70_000, 85_500, "Pembeli Contoh")
    with pytest.raises(BadRequest, match="the offer led to a purchase already"):
        await partner(lambda k: k.fjb.purchases.checkout(made.id))


async def test_an_offer_is_rejected(kaskus: Client, partner: Client, lapak: str, address_id: int) -> None:
    made = await partner(lambda k: k.fjb.offers.create(lapak, 1_000, 1, address_id=address_id, shipping_agent=1))
    with pytest.raises(Forbidden, match="only the seller may do that"):
        await partner(lambda k: k.fjb.offers.approve(made.id))
    await kaskus(lambda k: k.fjb.offers.reject(made.id, message="Belum bisa"))
    offer = await partner(lambda k: k.fjb.offers.get(made.id))
    assert (offer.reply.message, offer.reply.status) == ("Belum bisa", 2)


async def test_the_cart(partner: Client, lapak: str) -> None:
    await partner(lambda k: k.fjb.cart.add(lapak, 1))
    [item] = [one for one in await partner.items(lambda k: k.fjb.cart.items()) if one.item.id == lapak]
    await partner(lambda k: k.fjb.cart.set_quantity(item.id, 3))
    await partner(lambda k: k.fjb.cart.remove(item.id))
    assert lapak not in {one.item.id for one in await partner.items(lambda k: k.fjb.cart.items())}
    await partner(lambda k: k.fjb.cart.add(lapak, 1))
    await partner(lambda k: k.fjb.cart.clear())
    assert await partner.items(lambda k: k.fjb.cart.items()) == []


async def test_notifications_are_marked_as_read(kaskus: Client, partner: Client, lapak: str, address_id: int) -> None:
    number = await bought(partner, lapak, address_id)
    before = await kaskus(lambda k: k.fjb.notifications.unread_count())
    notice = (await kaskus(lambda k: k.fjb.notifications.received(limit=1))).data[0]
    assert notice.object_id == number
    await kaskus(lambda k: k.fjb.notifications.mark_read(notice.id))
    after = await kaskus(lambda k: k.fjb.notifications.unread_count())
    assert before["count"] - after["count"] == 1


async def test_what_cannot_be_bought_is_refused(
    kaskus: Client, partner: Client, application: Client, lapak: str, address_id: int
) -> None:
    with pytest.raises(BadRequest, match="nobody buys from himself"):
        await kaskus(lambda k: k.fjb.purchases.buy_now(lapak, 1))
    with pytest.raises(BadRequest, match="are left") as short:
        await partner(lambda k: k.fjb.purchases.buy_now(lapak, 10_000, address_id=address_id, shipping_agent=1))
    assert short.value.details["errordetails"] == {"quantity": "at most 100"}
    with pytest.raises(NotFound, match="not found"):
        await partner(lambda k: k.fjb.purchases.buy_now("5f0000000000000000000000", 1))
    with pytest.raises(AuthFailed):
        await application(lambda k: k.fjb.purchases.buy_now(lapak, 1))
    number = await bought(partner, lapak, address_id)
    with pytest.raises(Forbidden, match="only the seller may do that"):
        await partner(lambda k: k.fjb.purchases.approve(number))
    with pytest.raises(BadRequest, match="cannot be done with a purchase in status"):
        await kaskus(lambda k: k.fjb.invoices.set_shipping(number, tracking_number="JP-0001"))
    with pytest.raises(NotFound):
        await partner(lambda k: k.fjb.invoices.get("TIDAKADA"))
