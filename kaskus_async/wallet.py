"""The wallet ("celengan") of the signed-in user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.requests import get, post
from kaskus_async.values import md5_of, positive, required
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.record import Record
from nusantara.request import CallClass, Params
from nusantara.secret import Secret, hide

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Wallet"]


class Wallet(Resource):
    """Money that KASKUS holds for the signed-in user. Reference: "User", "Wallet"."""

    _client: AsyncKaskus

    async def summary(self) -> Record:
        """Show the balance.

        ``GET /v1/user/wallet/summary`` - safe

        The shape of the answer is not documented.

        Reference: "User", "Wallet Summary".
        """
        return await self._client._send(get("/v1/user/wallet/summary"), Record)

    async def transactions(self) -> Record:
        """List what was paid in and out.

        ``GET /v1/user/wallet/transactions`` - safe

        The shape of the answer is not documented.

        Reference: "User", "Transactions History".
        """
        return await self._client._send(get("/v1/user/wallet/transactions"), Record)

    async def balance_chart(self, last_n_days: int = 7, *, offset_timezone: int | None = None) -> Record:
        """Show the balance day by day.

        ``GET /v1/user/wallet/balance_chart/{last_n_days}`` - safe

        The shape of the answer is not documented.

        Args:
            offset_timezone: Where days begin, in hours from UTC; 7 for Jakarta.

        Reference: "Wallet", "Get balance history based on last n days".
        """
        return await self._client._send(
            get(
                "/v1/user/wallet/balance_chart/{last_n_days}",
                positive("last_n_days", last_n_days) or "",
                params={"offset_timezone": offset_timezone},
            ),
            Record,
        )

    async def redeem(self, amount: int, bank_account_id: str, password: Secret | str) -> Record:
        """Have money paid out to a bank account.

        ``POST /v1/user/wallet/redemption`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            amount: Rupiah.
            bank_account_id: One of ``bank_accounts.mine``.
            password: One's password. Sent as MD5.

        Reference: "User", "POST user/wallet".
        """
        password = hide(password)
        return await self._client._send(
            post(
                "/v1/user/wallet/redemption",
                form=_redemption(amount, bank_account_id, password),
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def check_redemption(self, amount: int, bank_account_id: str, password: Secret | str) -> Record:
        """Check whether :meth:`redeem` would work.

        ``POST /v1/user/wallet/redemption/validation`` - safe

        The shape of the answer is not documented.

        Args:
            amount: Rupiah.
            bank_account_id: One of ``bank_accounts.mine``.
            password: One's password. Sent as MD5.

        Reference: "User", "POST user/wallet".
        """
        password = hide(password)
        return await self._client._send(
            post(
                "/v1/user/wallet/redemption/validation",
                form=_redemption(amount, bank_account_id, password),
                call_class=CallClass.SAFE,
            ),
            Record,
        )


def _redemption(amount: int, bank_account_id: str, password: Secret) -> Params:
    if positive("amount", amount) is None:
        raise InvalidParameter("amount", "must be given")
    return {
        "amount": amount,
        "bank_account_id": required("bank_account_id", bank_account_id),
        "password": md5_of("password", password),
    }
