"""How goods are sent, what that costs, and with which methods users do it.

The agents are those of the reference; their methods, numbers and prices are made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from kaskus_async.sandbox.market.fields import MOST_RUPIAH, numbers_field, wrong
from kaskus_async.sandbox.market.places import AREAS, CITIES, place
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere
from kaskus_async.sandbox.stores.goods import Goods

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState
    from kaskus_async.sandbox.stores.market import Market

__all__ = [
    "METHODS",
    "ROUTES",
    "Method",
    "cost",
    "custom_methods",
    "insurance_cost",
    "method_document",
    "method_named",
    "methods_for",
]

Document = dict[str, Any]

_FIRST_CUSTOM = 101
_PER_KILOGRAM = {"area": 8_000, "city": 9_000, "province": 14_000, "country": 32_000}


@attrs.frozen
class Method:
    """One service of an agent."""

    number: int
    agent: str
    name: str
    percent: int = 0
    """Of the usual price; 0 where the seller tells it."""
    estimation_time: str = ""

    @property
    def image(self) -> str:
        """Address of the agent's sign."""
        return f"http://s.kaskus.example/img/shipping/{self.agent}.png"


METHODS = {
    method.number: method
    for method in (
        Method(1, "jne", "JNE OKE", 85, "3-5 hari"),
        Method(2, "jne", "JNE REG", 100, "2-3 hari"),
        Method(3, "jne", "JNE YES", 180, "1 hari"),
        Method(4, "pos", "Pos Kilat Khusus", 90, "3-4 hari"),
        Method(5, "pos", "Pos Express", 150, ""),
    )
}


def methods_for(market: Market, goods: Goods) -> list[Method]:
    """Those of the lapak; else those of its seller; else all."""
    numbers = goods.shipping_methods or market.things(goods.thread.userid).shipping_methods or METHODS
    return [METHODS[number] for number in numbers]


def custom_methods(goods: Goods) -> list[Method]:
    """The seller's own ways of sending, for which only he knows the price."""
    return [Method(number, "others", name) for number, name in enumerate(goods.custom_shipping, start=_FIRST_CUSTOM)]


def method_named(goods: Goods, number: int | None) -> Method | None:
    """A method by its number, which those of the seller's own have only with his lapak."""
    if number is None or number in METHODS:
        return METHODS.get(number or 0)
    return next((method for method in custom_methods(goods) if method.number == number), None)


def cost(market: Market, method: Method, goods: Goods, area_id: int, quantity: int) -> int:
    """Rupiah, by weight and distance."""
    if goods.free_shipping:
        return 0
    kilograms = max(1, -(-goods.weight * quantity // 1_000))
    return _PER_KILOGRAM[_distance(market, goods, area_id)] * kilograms * method.percent // 100


def insurance_cost(price: int) -> int:
    """Rupiah."""
    return 5_000 + price * 2 // 1_000


def method_document(method: Method) -> Document:
    """A method within an offer."""
    return {"name": method.name, "image": method.image, "estimation_time": method.estimation_time}


def _costs(state: KaskusState, params: Params) -> Document:
    market = state.market
    goods = market.lapak(params.in_path("thread_id"))
    area = place(AREAS, params.require_number("dest_id"), "area")
    quantity = params.number("quantity", 1)
    agents: dict[str, Document] = {}
    for method in (*methods_for(market, goods), *custom_methods(goods)):
        agent = agents.setdefault(method.agent, {"type": method.agent, "image": method.image, "methods": []})
        agent["methods"].append(
            {
                "id": method.number,
                "name": method.name,
                "cost": cost(market, method, goods, area.number, quantity),
                "estimation_time": method.estimation_time,
            }
        )
    return {"data": list(agents.values())}


def _methods(state: KaskusState, params: Params) -> Document:
    wanted = params.text("method_id")
    return {"data": [_listed(method) for method in METHODS.values() if wanted in (None, str(method.number))]}


def _agents(state: KaskusState, params: Params) -> Document:
    number = params.number_in_path("method_id")
    if number not in METHODS:
        raise NotThere("shipping method not found")
    agent = METHODS[number].agent
    return {"data": [_listed(method) for method in METHODS.values() if method.agent == agent]}


def _insurance(state: KaskusState, params: Params) -> Document:
    price, number = params.number_in_path("price"), params.number_in_path("shipping_method_id")
    if not 0 <= price <= MOST_RUPIAH:
        raise wrong("price", "be whole rupiah")
    if number not in METHODS:
        raise NotThere("shipping method not found")
    return {"insurance_cost": insurance_cost(price)}


def _mine(state: KaskusState, params: Params) -> Document:
    mine = state.market.things(params.me.userid).shipping_methods
    return {"data": [_listed(METHODS[number]) for number in mine]}


def _add_mine(state: KaskusState, params: Params) -> Document:
    params.require("shipping_ids")
    numbers = numbers_field(params, "shipping_ids") or []
    if not numbers or not set(numbers) <= set(METHODS):
        raise wrong("shipping_ids", "be shipping methods")
    things = state.market.things(params.me.userid)
    things.shipping_methods = sorted({*things.shipping_methods, *numbers})
    return _mine(state, params)


def _remove_mine(state: KaskusState, params: Params) -> Document:
    # The reference has one identifier in the path and describes a list of them.
    gone = {*(piece.strip() for piece in params.in_path("id").split(",")), *params.listed("ids")}
    if not gone <= {str(number) for number in METHODS}:
        raise NotThere("shipping method not found")
    things = state.market.things(params.me.userid)
    things.shipping_methods = [number for number in things.shipping_methods if str(number) not in gone]
    return _mine(state, params)


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/fjb/lapak/{thread_id}/shipping_costs", _costs, PUBLIC),
    Operation("GET", "/v1/fjb/shipping_methods", _methods, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/shipping_agents/{method_id}", _agents, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/insurance_cost/{price}/{shipping_method_id}", _insurance, PUBLIC, documented=False),
    Operation("GET", "/v1/user/shipping_agent_methods", _mine, documented=False),
    Operation("POST", "/v1/user/shipping_agent_methods", _add_mine, documented=False),
    Operation("DELETE", "/v1/user/shipping_agent_methods/{id}", _remove_mine, documented=False),
)


def _distance(market: Market, goods: Goods, area_id: int) -> str:
    origin, area = market.origin_of(goods), AREAS[area_id]
    if origin is None:
        return "country"
    if origin.area_id == area_id:
        return "area"
    if origin.city_id == area.parent:
        return "city"
    return "province" if origin.province_id == CITIES[area.parent].parent else "country"


def _listed(method: Method) -> Document:
    return {"id": method.number, "name": method.name, "type": method.agent, "image": method.image}
