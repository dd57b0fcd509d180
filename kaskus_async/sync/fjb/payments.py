# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/payments.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.payments`."""

from __future__ import annotations

from kaskus_async.fjb.payments import Payments as AsyncPayments
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Payments"]


class Payments(SyncResource[AsyncPayments]):
    """What a buyer can pay with. Reference: "Fjb"."""

    def methods(self) -> Record:
        """List the payment methods.

        ``GET /v1/fjb/payment_methods`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Payment Method List".
        """
        return self._portal.run(self._impl.methods)

    def method(self, payment_method_id: int | str) -> Record:
        """Show a payment method.

        ``GET /v1/fjb/payment_methods/{payment_method_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Payment Method Detail".
        """
        return self._portal.run(self._impl.method, payment_method_id)

    def banks(self) -> Record:
        """List the banks.

        ``GET /v1/fjb/banks`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Banks List".
        """
        return self._portal.run(self._impl.banks)

    def kaskus_banks(self) -> Record:
        """List the banks of KASKUS itself.

        ``GET /v1/fjb/kaskus_banks`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Kaskus Banks".
        """
        return self._portal.run(self._impl.kaskus_banks)

    def bi_banks(self) -> Record:
        """List the banks in the repository of BI (Bank Indonesia, the central bank).

        ``GET /v1/fjb/bi_banks`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Banks BI List".
        """
        return self._portal.run(self._impl.bi_banks)

    def tips(self) -> Record:
        """List the tips that a buyer can give for the escrow service (Brankas).

        ``GET /v1/fjb/tips`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Tips".
        """
        return self._portal.run(self._impl.tips)

    def oneklik_token(self, *, reference_no: str | None = None) -> Record:
        """Get the user's token for BCA OneKlik.

        ``GET /v1/fjb/get_oneklik_user_token`` - safe

        The shape of the answer is not documented. It holds a credential: keep it out of logs.

        Args:
            reference_no: Sent as a last part of the path, as the heading in the reference has it; the request line
                there does not.

        Reference: "Fjb", "GET fjb/get_oneklik_user_token/{reference_no}".
        """
        return self._portal.run(self._impl.oneklik_token, reference_no=reference_no)
