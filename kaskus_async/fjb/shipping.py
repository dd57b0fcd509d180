"""Sending goods: methods, agents and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async.fjb.amounts import rupiah
from kaskus_async.models.fjb.shipping import ShippingCosts
from kaskus_async.requests import delete, get, post
from kaskus_async.values import given, joined, json_list, positive
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["ShippingServices"]


class ShippingServices(Resource):
    """Shipping methods, agents, costs and insurance. Reference: "Fjb", "Shipping agent method"."""

    _client: AsyncKaskus

    async def methods(self, *, method_id: int | str | None = None) -> Record:
        """List the shipping methods.

        ``GET /v1/fjb/shipping_methods`` - safe

        The shape of the answer is not documented.

        Args:
            method_id: Only this one.

        Reference: "Fjb", "Get Shipping Methods List".
        """
        return await self._client._send(get("/v1/fjb/shipping_methods", params={"method_id": method_id}), Record)

    async def agents(self, method_id: int | str) -> Record:
        """Show the agents of a shipping method.

        ``GET /v1/fjb/shipping_agents/{method_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Shipping Methods Detail".
        """
        return await self._client._send(get("/v1/fjb/shipping_agents/{method_id}", method_id), Record)

    async def costs(self, thread_id: str, dest_id: int | str, *, quantity: int | None = None) -> ShippingCosts:
        """List what it costs to send the goods of a lapak somewhere, agent by agent.

        ``GET /v1/fjb/lapak/{thread_id}/shipping_costs`` - safe

        Args:
            dest_id: Area (kecamatan) to send them to.
            quantity: Pieces to send.

        Reference: "Fjb", "Get Shipping Cost".
        """
        params = {"dest_id": given("dest_id", dest_id), "quantity": positive("quantity", quantity)}
        return await self._client._send(
            get("/v1/fjb/lapak/{thread_id}/shipping_costs", thread_id, params=params), ShippingCosts
        )

    async def insurance_cost(self, price: int, shipping_method_id: int | str) -> Record:
        """Show what it costs to insure goods.

        ``GET /v1/fjb/insurance_cost/{price}/{shipping_method_id}`` - safe

        The shape of the answer is not documented.

        Args:
            price: That of the goods, in rupiah.

        Reference: "Fjb", "Get Insurance Cost".
        """
        rupiah("price", price)
        return await self._client._send(
            get("/v1/fjb/insurance_cost/{price}/{shipping_method_id}", price, shipping_method_id), Record
        )

    async def agent_methods(self) -> Record:
        """List the methods of shipping agents that the signed-in user offers.

        ``GET /v1/user/shipping_agent_methods`` - safe

        The shape of the answer is not documented.

        Reference: "Shipping agent method".
        """
        return await self._client._send(get("/v1/user/shipping_agent_methods"), Record)

    async def add_agent_methods(self, shipping_ids: Sequence[int]) -> Record:
        """Offer more methods of shipping agents.

        ``POST /v1/user/shipping_agent_methods`` - repeatable

        The shape of the answer is not documented.

        Reference: "Shipping agent method".
        """
        if not shipping_ids:
            raise InvalidParameter("shipping_ids", "must be a list with an id in it")
        return await self._client._send(
            post(
                "/v1/user/shipping_agent_methods",
                form={"shipping_ids": json_list("shipping_ids", shipping_ids)},
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )

    async def remove_agent_methods(self, shipping_ids: Sequence[int]) -> Record:
        """Offer some methods of shipping agents no longer.

        ``DELETE /v1/user/shipping_agent_methods/{shipping_ids}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Shipping agent method".
        """
        return await self._client._send(
            delete(
                "/v1/user/shipping_agent_methods/{shipping_ids}",
                joined("shipping_ids", shipping_ids) or "",
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )
