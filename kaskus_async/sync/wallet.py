# Written by "python -m nusantara.syncgen" from kaskus_async/wallet.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.wallet`."""

from __future__ import annotations

from kaskus_async.wallet import Wallet as AsyncWallet
from nusantara.record import Record
from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncResource

__all__ = ["Wallet"]


class Wallet(SyncResource[AsyncWallet]):
    """Money that KASKUS holds for the signed-in user. Reference: "User", "Wallet"."""

    def summary(self) -> Record:
        """Show the balance.

        ``GET /v1/user/wallet/summary`` - safe

        The shape of the answer is not documented.

        Reference: "User", "Wallet Summary".
        """
        return self._portal.run(self._impl.summary)

    def transactions(self) -> Record:
        """List what was paid in and out.

        ``GET /v1/user/wallet/transactions`` - safe

        The shape of the answer is not documented.

        Reference: "User", "Transactions History".
        """
        return self._portal.run(self._impl.transactions)

    def balance_chart(self, last_n_days: int = 7, *, offset_timezone: int | None = None) -> Record:
        """Show the balance day by day.

        ``GET /v1/user/wallet/balance_chart/{last_n_days}`` - safe

        The shape of the answer is not documented.

        Args:
            offset_timezone: Where days begin, in hours from UTC; 7 for Jakarta.

        Reference: "Wallet", "Get balance history based on last n days".
        """
        return self._portal.run(self._impl.balance_chart, last_n_days, offset_timezone=offset_timezone)

    def redeem(self, amount: int, bank_account_id: str, password: Secret | str) -> Record:
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
        return self._portal.run(self._impl.redeem, amount, bank_account_id, password)

    def check_redemption(self, amount: int, bank_account_id: str, password: Secret | str) -> Record:
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
        return self._portal.run(self._impl.check_redemption, amount, bank_account_id, password)
