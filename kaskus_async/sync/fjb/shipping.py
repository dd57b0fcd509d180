# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/shipping.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.shipping`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.fjb.shipping import ShippingServices as AsyncShippingServices
from kaskus_async.models.fjb.shipping import ShippingCosts
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["ShippingServices"]


class ShippingServices(SyncResource[AsyncShippingServices]):
    """Shipping methods, agents, costs and insurance. Reference: "Fjb", "Shipping agent method"."""

    def methods(self, *, method_id: int | str | None = None) -> Record:
        """List the shipping methods.

        ``GET /v1/fjb/shipping_methods`` - safe

        The shape of the answer is not documented.

        Args:
            method_id: Only this one.

        Reference: "Fjb", "Get Shipping Methods List".
        """
        return self._portal.run(self._impl.methods, method_id=method_id)

    def agents(self, method_id: int | str) -> Record:
        """Show the agents of a shipping method.

        ``GET /v1/fjb/shipping_agents/{method_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Shipping Methods Detail".
        """
        return self._portal.run(self._impl.agents, method_id)

    def costs(self, thread_id: str, dest_id: int | str, *, quantity: int | None = None) -> ShippingCosts:
        """List what it costs to send the goods of a lapak somewhere, agent by agent.

        ``GET /v1/fjb/lapak/{thread_id}/shipping_costs`` - safe

        Args:
            dest_id: Area (kecamatan) to send them to.
            quantity: Pieces to send.

        Reference: "Fjb", "Get Shipping Cost".
        """
        return self._portal.run(self._impl.costs, thread_id, dest_id, quantity=quantity)

    def insurance_cost(self, price: int, shipping_method_id: int | str) -> Record:
        """Show what it costs to insure goods.

        ``GET /v1/fjb/insurance_cost/{price}/{shipping_method_id}`` - safe

        The shape of the answer is not documented.

        Args:
            price: That of the goods, in rupiah.

        Reference: "Fjb", "Get Insurance Cost".
        """
        return self._portal.run(self._impl.insurance_cost, price, shipping_method_id)

    def agent_methods(self) -> Record:
        """List the methods of shipping agents that the signed-in user offers.

        ``GET /v1/user/shipping_agent_methods`` - safe

        The shape of the answer is not documented.

        Reference: "Shipping agent method".
        """
        return self._portal.run(self._impl.agent_methods)

    def add_agent_methods(self, shipping_ids: Sequence[int]) -> Record:
        """Offer more methods of shipping agents.

        ``POST /v1/user/shipping_agent_methods`` - repeatable

        The shape of the answer is not documented.

        Reference: "Shipping agent method".
        """
        return self._portal.run(self._impl.add_agent_methods, shipping_ids)

    def remove_agent_methods(self, shipping_ids: Sequence[int]) -> Record:
        """Offer some methods of shipping agents no longer.

        ``DELETE /v1/user/shipping_agent_methods/{shipping_ids}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Shipping agent method".
        """
        return self._portal.run(self._impl.remove_agent_methods, shipping_ids)
