"""The first data of the marketplace: two sellers, a buyer, and what happened between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.sandbox.market import trade
from kaskus_async.sandbox.market.documents import publish
from kaskus_async.sandbox.market.orders import make_order
from kaskus_async.sandbox.seed.goods import GOODS, OLD_THREADS, Row, rows
from kaskus_async.sandbox.seed.people import MAIN_USER_ID, PARTNER_ID
from kaskus_async.sandbox.stores.goods import LAPAK, Address, BankAccount, CartItem, Goods, Invoice, Order
from kaskus_async.sandbox.times import NEWEST

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["BUYER_ID", "SECOND_SELLER_ID", "SELLER_ID", "add_market"]

BUYER_ID, SELLER_ID = MAIN_USER_ID, PARTNER_ID
SECOND_SELLER_ID = 5_230_118
"""Another of the first users, who gets credentials as well."""

_HOUR, _DAY = 3_600, 86_400
_OWNERS = {"shop": SELLER_ID, "smith": SECOND_SELLER_ID, "me": BUYER_ID}
_PLACES = {SELLER_ID: (5, 36, 601), SECOND_SELLER_ID: (6, 42, 662), BUYER_ID: (9, 88, 1291)}
_LOCATIONS = {SELLER_ID: 14, SECOND_SELLER_ID: 11, BUYER_ID: 12}
"""The same provinces, in the numbering of the old marketplace."""
_BOUGHT = 10 * _DAY
"""How long ago the first purchase of the first data was."""


def add_market(state: KaskusState) -> None:
    """Fill an empty market."""
    state.sessions.add_standing(state.app, SECOND_SELLER_ID)
    for userid in _PLACES:
        _add_home(state, userid)
    _add_office(state)
    table = [*((row, LAPAK) for row in rows(GOODS)), *((row, 20) for row in rows(OLD_THREADS))]
    for number, (row, thread_type) in enumerate(table):
        _add_goods(state, row, thread_type, NEWEST - (60 * _DAY - number * 31 * _HOUR))
    _add_purchases(state)
    _add_offers(state)
    _add_cart(state)
    for userid in _PLACES:
        _settle_notices(state, userid)
    for title in ("Grinder", "Sepeda lipat", "Komik"):
        state.subscriptions.add_thread(BUYER_ID, _goods(state, title).thread.thread_id)
    for goods in state.market.goods.values():
        publish(state, goods)


def _add_home(state: KaskusState, userid: int) -> None:
    user, things = state.users[userid], state.market.things(userid)
    province_id, city_id, area_id = _PLACES[userid]
    address = Address(
        address_id=state.market.new_address_id(),
        title="Rumah",
        address="Jl. Contoh No. 1",
        owner_name=f"{user.firstname} {user.lastname}",
        owner_phone=user.phone,
        province_id=province_id,
        city_id=city_id,
        area_id=area_id,
    )
    things.addresses[address.address_id] = address
    things.default_address = address.address_id
    account = BankAccount(
        account_id=state.market.new_account_id(),
        bank_id="014",
        name=address.owner_name,
        account=f"{userid:010}",
    )
    things.bank_accounts[account.account_id] = account


def _add_office(state: KaskusState) -> None:
    user = state.users[BUYER_ID]
    address = Address(
        address_id=state.market.new_address_id(),
        title="Kantor",
        address="Jl. Contoh No. 20, lantai 3",
        owner_name=f"{user.firstname} {user.lastname}",
        owner_phone=user.phone,
        province_id=6,
        city_id=41,
        area_id=655,
    )
    state.market.things(BUYER_ID).addresses[address.address_id] = address


def _add_goods(state: KaskusState, row: Row, thread_type: int, at: int) -> None:
    owner = state.users[_OWNERS[row.owner]]
    thread = state.board.add_thread(
        owner,
        state.board.forum(row.forum_id),
        row.title,
        row.text,
        at=at,
        thread_type=thread_type,
        prefix_id="WTS" if row.prefix == "SOLD" else row.prefix,
        tags=[word for word in row.title.lower().split() if word.isalpha() and len(word) > 3][:3],
    )
    thread.prefix_id = row.prefix
    thread.views = 15 + at // _HOUR % 400
    instant = "Voucher" in row.title
    is_lapak = thread_type == LAPAK
    picture = f"http://gambar.example/{thread.thread_id[:8]}"
    state.market.add_goods(
        Goods(
            thread=thread,
            price=row.price,
            discount=row.discount,
            condition=row.condition,
            location=_LOCATIONS[owner.userid],
            pictures=[f"{picture}-{side}.jpg" for side in (1, 2)] if row.prefix == "WTS" and is_lapak else [],
            extra_attributes={"Berat": f"{row.weight} gram"} if row.weight >= 1_000 else {},
            payment_mechanism=list(row.mechanisms) if is_lapak else [],
            shipping_methods=[] if instant or not is_lapak else [1, 2] if row.price < 100_000 else [1, 2, 3, 4],
            custom_shipping=["Kurir toko"] if row.weight >= 2_000 else [],
            weight=row.weight,
            instant=instant,
            stock=1 if row.condition == 2 else 25,
        )
    )


def _goods(state: KaskusState, title: str) -> Goods:
    return next(goods for goods in state.market.goods.values() if goods.thread.title.startswith(title))


def _order(state: KaskusState, goods: Goods, quantity: int, buyer_id: int = BUYER_ID) -> Order:
    if goods.instant:
        return Order(quantity=quantity)
    things = state.market.things(buyer_id)
    address = next(iter(things.addresses.values()))
    return make_order(state.market, goods, quantity, address, 2, "Tolong dibungkus rapi ya.", insured=False)


def _buy(state: KaskusState, title: str, quantity: int, at: int, buyer_id: int = BUYER_ID) -> Invoice:
    goods, buyer = _goods(state, title), state.users[buyer_id]
    return trade.buy(
        state.market,
        goods,
        buyer_id,
        _order(state, goods, quantity, buyer_id),
        buyer_name=f"{buyer.firstname} {buyer.lastname}",
        buyer_phone=buyer.phone,
        tips=2_000,
        at=at,
    )


def _pay(state: KaskusState, invoice: Invoice, at: int) -> None:
    name = invoice.buyer_name
    transfer = {"name": name, "origin_bank": "014", "account_number": "0000000001", "destination_bank": "014"}
    trade.pay(state.market, invoice, invoice.buyer_id, transfer, at)


def _add_purchases(state: KaskusState) -> None:
    """One in each status, and one of which the main user is the seller."""
    market, start = state.market, NEWEST - _BOUGHT
    approve, send, receive = trade.approve, trade.send, trade.receive

    done = _buy(state, "Kopi Gayo", 2, start)
    received = _buy(state, "Powerbank", 1, start + _DAY)
    sent = _buy(state, "Set rem", 1, start + 2 * _DAY)
    to_be_sent = _buy(state, "Dripper", 1, start + 3 * _DAY)
    rejected = _buy(state, "Kopi Kintamani", 20, start + 4 * _DAY)
    waiting = _buy(state, "Ban luar", 1, start + 5 * _DAY)
    _buy(state, "Buku resep", 1, start + 6 * _DAY)
    own = _buy(state, "Buku Belajar Python", 1, start + 7 * _DAY, SELLER_ID)

    for invoice in (done, received, sent, to_be_sent, rejected, waiting, own):
        _pay(state, invoice, invoice.dateline + _HOUR)
    for invoice in (done, received, sent, to_be_sent, own):
        at = invoice.dateline + 5 * _HOUR
        approve(market, invoice, invoice.seller_id, "Siap, segera dikirim.", mark_as_sold=invoice is own, at=at)
    trade.reject(market, rejected, rejected.seller_id, "Maaf, stok tinggal sedikit.", rejected.dateline + _DAY)
    for number, invoice in enumerate((done, received, sent, own)):
        at = invoice.dateline + 20 * _HOUR
        send(market, invoice, invoice.seller_id, f"SBX{number:010}", at, at)
    for invoice in (done, received, own):
        receive(market, invoice, invoice.buyer_id, invoice.dateline + 3 * _DAY - _HOUR)
    for invoice, response, text in ((done, "positive", "Mantap gan, kopinya segar."), (own, "neutral", "Lumayan.")):
        at = invoice.dateline + 3 * _DAY
        trade.give_feedback(market, invoice, invoice.buyer_id, response, text, at)


def _add_offers(state: KaskusState) -> None:
    """One that is accepted, one that is not, and one on each side that waits."""
    market, start = state.market, NEWEST - 3 * _DAY
    made = (
        ("Grinder", BUYER_ID, 480_000),
        ("Laptop", BUYER_ID, 2_000_000),
        ("Teko", BUYER_ID, 290_000),
        ("French press", SELLER_ID, 200_000),
    )
    offers = []
    for number, (title, buyer_id, price) in enumerate(made):
        goods = _goods(state, title)
        order = _order(state, goods, 1, buyer_id)
        offers.append(trade.make_offer(market, goods, buyer_id, price, order, start + number * _HOUR))
    accepted, rejected, *_ = offers
    at = start + _DAY
    trade.answer_offer(market, accepted, accepted.seller_id, accepted.order, "Boleh, silakan.", at)
    trade.answer_offer(market, rejected, rejected.seller_id, None, "Terlalu rendah, gan.", at)


def _add_cart(state: KaskusState) -> None:
    cart = state.market.things(BUYER_ID).cart
    for number, title in enumerate(("Teh melati", "Sadel kulit")):
        item = CartItem(
            item_id=state.market.new_id(),
            goods=_goods(state, title),
            quantity=2 - number,
            dateline=NEWEST - (2 - number) * _HOUR,
        )
        cart[item.item_id] = item


def _settle_notices(state: KaskusState, userid: int) -> None:
    """Bring them into the order of their times; those of the last days are unread."""
    things = state.market.things(userid)
    for notice in sorted(things.notices.values(), key=lambda notice: notice.dateline):
        notice.read = notice.dateline < NEWEST - 4 * _DAY
        things.notices[notice.notice_id] = things.notices.pop(notice.notice_id)
