"""Ways to pay: payment methods, banks and tips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.requests import get
from nusantara.client import Resource
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Payments"]


class Payments(Resource):
    """What a buyer can pay with. Reference: "Fjb"."""

    _client: AsyncKaskus

    async def methods(self) -> Record:
        """List the payment methods.

        ``GET /v1/fjb/payment_methods`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Payment Method List".
        """
        return await self._client._send(get("/v1/fjb/payment_methods"), Record)

    async def method(self, payment_method_id: int | str) -> Record:
        """Show a payment method.

        ``GET /v1/fjb/payment_methods/{payment_method_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Payment Method Detail".
        """
        return await self._client._send(get("/v1/fjb/payment_methods/{payment_method_id}", payment_method_id), Record)

    async def banks(self) -> Record:
        """List the banks.

        ``GET /v1/fjb/banks`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Banks List".
        """
        return await self._client._send(get("/v1/fjb/banks"), Record)

    async def kaskus_banks(self) -> Record:
        """List the banks of KASKUS itself.

        ``GET /v1/fjb/kaskus_banks`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Kaskus Banks".
        """
        return await self._client._send(get("/v1/fjb/kaskus_banks"), Record)

    async def bi_banks(self) -> Record:
        """List the banks in the repository of BI (Bank Indonesia, the central bank).

        ``GET /v1/fjb/bi_banks`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Banks BI List".
        """
        return await self._client._send(get("/v1/fjb/bi_banks"), Record)

    async def tips(self) -> Record:
        """List the tips that a buyer can give for the escrow service (Brankas).

        ``GET /v1/fjb/tips`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Tips".
        """
        return await self._client._send(get("/v1/fjb/tips"), Record)

    async def oneklik_token(self, *, reference_no: str | None = None) -> Record:
        """Get the user's token for BCA OneKlik.

        ``GET /v1/fjb/get_oneklik_user_token`` - safe

        The shape of the answer is not documented. It holds a credential: keep it out of logs.

        Args:
            reference_no: Sent as a last part of the path, as the heading in the reference has it; the request line
                there does not.

        Reference: "Fjb", "GET fjb/get_oneklik_user_token/{reference_no}".
        """
        if reference_no is None:
            request = get("/v1/fjb/get_oneklik_user_token")
        else:
            request = get("/v1/fjb/get_oneklik_user_token/{reference_no}", reference_no)
        return await self._client._send(request, Record)
