"""The shipping operations of the marketplace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread
from support.raw import RawServer, Received, Wire

from kaskus_async.fjb.shipping import ShippingServices
from kaskus_async.models.fjb.shipping import AgentCosts
from nusantara.codec import structure, unstructure
from nusantara.errors import DecodeError

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /v1/fjb/shipping_methods": (
        lambda k: k.fjb.shipping.methods(method_id=2),
        "GET /v1/fjb/shipping_methods?method_id=2",
    ),
    "GET /v1/fjb/shipping_agents/{method_id}": (lambda k: k.fjb.shipping.agents(2), "GET /v1/fjb/shipping_agents/2"),
    "GET /v1/fjb/lapak/{thread_id}/shipping_costs": (
        lambda k: k.fjb.shipping.costs("5f01", 3862, quantity=17),
        "GET /v1/fjb/lapak/5f01/shipping_costs?dest_id=3862&quantity=17",
    ),
    "GET /v1/fjb/insurance_cost/{price}/{shipping_method_id}": (
        lambda k: k.fjb.shipping.insurance_cost(100_000, 2),
        "GET /v1/fjb/insurance_cost/100000/2",
    ),
    "GET /v1/user/shipping_agent_methods": (
        lambda k: k.fjb.shipping.agent_methods(),
        "GET /v1/user/shipping_agent_methods",
    ),
    "POST /v1/user/shipping_agent_methods": (
        lambda k: k.fjb.shipping.add_agent_methods((1, 2, 3)),
        "POST /v1/user/shipping_agent_methods",
        {"form": {"shipping_ids": "[1,2,3]"}},
    ),
    "DELETE /v1/user/shipping_agent_methods/{id}": (
        lambda k: k.fjb.shipping.remove_agent_methods([1, 2, 3]),
        "DELETE /v1/user/shipping_agent_methods/1%2C2%2C3",
    ),
}

ANSWERS: dict[str, Any] = {"fjb_shipping_costs": lambda k: k.fjb.shipping.costs("5f01", 3862)}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(ShippingServices)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(ShippingServices)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_costs_are_a_list_in_either_form() -> None:
    document = read_document(DOCUMENTS / "fjb_shipping_costs.json")
    courier, post, others = (await answered(lambda k: k.fjb.shipping.costs("5f01", 3862), document)).data
    assert [(cost.id, cost.cost, cost.estimation_time) for cost in courier.methods] == [
        ("2", 18000, "1-2 hari"),
        ("3", 9000, ""),
    ]
    assert [(cost.id, cost.cost) for cost in post.methods] == [("7", 8000)]
    assert (others.type, others.methods) == ("others", [])


@given(st.dictionaries(st.integers(0, 99).map(str), st.integers(0, 10**7), max_size=5))
def test_a_list_and_an_object_by_id_say_the_same(costs: dict[str, int]) -> None:
    rows = {number: {"id": number, "cost": cost} for number, cost in costs.items()}
    by_id = structure({"methods": rows}, AgentCosts)
    assert by_id == structure({"methods": list(rows.values())}, AgentCosts)
    assert unstructure(by_id) == {"methods": rows}


@pytest.mark.parametrize("odd", [7, "7", [7], {"7": 7}, [{"name": "tanpa id"}], {"7": {"id": "7", "cost": "mahal"}}])
def test_costs_of_another_form_are_refused(odd: Any) -> None:
    with pytest.raises(DecodeError):
        structure({"methods": odd}, AgentCosts)


async def test_xml_gives_the_same_costs() -> None:
    async def answer(wire: Wire, request: Received) -> None:
        rows = "<item><id>2</id><cost>18000</cost></item><item><id>3</id><cost>9000</cost></item>"
        body = f"<return><data><item><type>kurir</type><methods>{rows}</methods></item></data></return>"
        await wire.answer(body=body.encode(), Content_Type="text/xml")

    async with RawServer(answer) as server, client(server, output="xml") as kaskus:
        [agent] = (await kaskus.fjb.shipping.costs("5f01", 3862)).data
    assert [(cost.id, cost.cost) for cost in agent.methods] == [("2", 18000), ("3", 9000)]


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.fjb.shipping.agents(""), "method_id"),
        (lambda k: k.fjb.shipping.costs("", 3862), "thread_id"),
        (lambda k: k.fjb.shipping.costs("5f01", 3862, quantity=0), "quantity"),
        (lambda k: k.fjb.shipping.insurance_cost(-1, 2), "price"),
        (lambda k: k.fjb.shipping.insurance_cost(99.5, 2), "price"),
        (lambda k: k.fjb.shipping.insurance_cost(None, 2), "price"),
        (lambda k: k.fjb.shipping.insurance_cost(100_000, ""), "shipping_method_id"),
        (lambda k: k.fjb.shipping.add_agent_methods([]), "shipping_ids"),
        (lambda k: k.fjb.shipping.add_agent_methods("12"), "shipping_ids"),
        (lambda k: k.fjb.shipping.remove_agent_methods([]), "shipping_ids"),
        (lambda k: k.fjb.shipping.remove_agent_methods("12"), "shipping_ids"),
        (lambda k: k.fjb.shipping.remove_agent_methods(None), "shipping_ids"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
