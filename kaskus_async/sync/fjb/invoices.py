# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/invoices.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.invoices`."""

from __future__ import annotations

from datetime import datetime

from kaskus_async.fjb.invoices import Invoices as AsyncInvoices
from kaskus_async.models.fjb.invoices import FeedbackResponse
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Invoices"]


class Invoices(SyncResource[AsyncInvoices]):
    """Invoices of the marketplace. Reference: "Fjb"."""

    def get(self, invoice_id: str) -> Record:
        """Show an invoice.

        ``GET /v1/fjb/invoices/{invoice_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "GET fjb/invoices".
        """
        return self._portal.run(self._impl.get, invoice_id)

    def selling(self, *, cursor: str | None = None, status: int | None = None, invoice_id: str | None = None) -> Record:
        """List the invoices of what the signed-in user sells.

        ``GET /v1/fjb/selling_invoices`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            status: Only invoices in the state of this id, see :meth:`statuses`.
            invoice_id: Only this invoice.

        Reference: "Fjb", "GET fjb/selling_invoices".
        """
        return self._portal.run(self._impl.selling, cursor=cursor, status=status, invoice_id=invoice_id)

    def buying(self, *, cursor: str | None = None, status: int | None = None, invoice_id: str | None = None) -> Record:
        """List the invoices of what the signed-in user buys.

        ``GET /v1/fjb/buying_invoices`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            status: Only invoices in the state of this id, see :meth:`statuses`.
            invoice_id: Only this invoice.

        Reference: "Fjb", "GET fjb/buying_invoices".
        """
        return self._portal.run(self._impl.buying, cursor=cursor, status=status, invoice_id=invoice_id)

    def confirm_transfer(
        self,
        invoice_id: str,
        *,
        name: str | None = None,
        origin_bank: str | None = None,
        account_number: str | None = None,
        destination_bank: str | None = None,
        date: datetime | None = None,
        image: str | None = None,
    ) -> Record:
        """Report that an invoice was paid by bank transfer.

        ``POST /v1/fjb/invoices/{invoice_id}/transfer_confirmation`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            name: Holder of the account that was paid from.
            origin_bank: Id of the bank that was paid from, such as ``"014"``.
            account_number: The account that was paid from.
            destination_bank: Id of the bank that was paid to.
            date: When it was paid.
            image: URL of a picture of the receipt that was uploaded to KASKUS before.

        Reference: "Fjb", "POST fjb/invoices/transfer_confirmation".
        """
        return self._portal.run(
            self._impl.confirm_transfer,
            invoice_id,
            name=name,
            origin_bank=origin_bank,
            account_number=account_number,
            destination_bank=destination_bank,
            date=date,
            image=image,
        )

    def set_shipping(
        self, invoice_id: str, *, shipping_date: datetime | None = None, tracking_number: str | None = None
    ) -> Record:
        """Tell, as the seller, how the goods were sent.

        ``POST /v1/fjb/invoices/{invoice_id}/shipping_information`` - repeatable

        The shape of the answer is not documented.

        Args:
            tracking_number: That of the shipping agent.

        Reference: "Fjb", "POST fjb/invoices/shipping_information".
        """
        return self._portal.run(
            self._impl.set_shipping, invoice_id, shipping_date=shipping_date, tracking_number=tracking_number
        )

    def confirm_delivery(self, invoice_id: str) -> Record:
        """Confirm that the goods were delivered.

        ``POST /v1/fjb/invoices/{invoice_id}/product_confirmation`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "POST fjb/invoices/product_confirmation".
        """
        return self._portal.run(self._impl.confirm_delivery, invoice_id)

    def feedback(self, invoice_id: str) -> Record:
        """Show the feedback that was given for an invoice.

        ``GET /v1/fjb/invoices/{invoice_id}/feedbacks`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "GET fjb/invoices/feedbacks".
        """
        return self._portal.run(self._impl.feedback, invoice_id)

    def give_feedback(self, invoice_id: str, response: FeedbackResponse | str, *, message: str | None = None) -> Record:
        """Give feedback for an invoice.

        ``POST /v1/fjb/invoices/{invoice_id}/feedbacks`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "POST fjb/invoices/feedbacks".
        """
        return self._portal.run(self._impl.give_feedback, invoice_id, response, message=message)

    def statuses(self) -> Record:
        """List the states that an invoice can be in.

        ``GET /v1/fjb/invoice_status`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Invoice Status List".
        """
        return self._portal.run(self._impl.statuses)

    def status(self, status_id: int) -> Record:
        """Show one of the states that an invoice can be in.

        ``GET /v1/fjb/invoice_status/{status_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Invoice Status".
        """
        return self._portal.run(self._impl.status, status_id)
