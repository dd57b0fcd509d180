# Written by "python -m nusantara.syncgen" from kaskus_async/bank_accounts.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.bank_accounts`."""

from __future__ import annotations

from kaskus_async.bank_accounts import BankAccounts as AsyncBankAccounts
from nusantara.record import Record
from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncResource

__all__ = ["BankAccounts"]


class BankAccounts(SyncResource[AsyncBankAccounts]):
    """Bank accounts of the signed-in user. Reference: "Bank accounts".

    The shapes of the answers are not documented. Passwords are the user's own and are sent as MD5.
    """

    def mine(self) -> Record:
        """List one's bank accounts.

        ``GET /v1/user/bank_accounts`` - safe

        The shape of the answer is not documented.

        Reference: "Bank accounts", "Get Bank Accounts".
        """
        return self._portal.run(self._impl.mine)

    def add(self, bank_id: str | int, name: str, account: str, otp: Secret | str, password: Secret | str) -> Record:
        """Add a bank account.

        ``POST /v1/user/bank_accounts`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            bank_id: Code of the bank.
            name: Of the account's holder.
            account: Number of the account.
            otp: One-time password.

        Reference: "Bank accounts", "Create new Bank Accounts".
        """
        otp = hide(otp)
        password = hide(password)
        return self._portal.run(self._impl.add, bank_id, name, account, otp, password)

    def update(
        self, account_id: str, bank_id: str | int, name: str, account: str, otp: Secret | str, password: Secret | str
    ) -> Record:
        """Change a bank account.

        ``POST /v1/user/bank_accounts/{account_id}`` - repeatable

        The shape of the answer is not documented.

        Args:
            bank_id: Code of the bank.
            name: Of the account's holder.
            account: Number of the account.
            otp: One-time password.

        Reference: "Bank accounts", "Update selected Bank Account".
        """
        otp = hide(otp)
        password = hide(password)
        return self._portal.run(self._impl.update, account_id, bank_id, name, account, otp, password)

    def delete(self, account_id: str) -> Record:
        """Remove a bank account.

        ``DELETE /v1/user/bank_accounts/{account_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Bank accounts", "DELETE selected Bank Account".
        """
        return self._portal.run(self._impl.delete, account_id)

    def check(self, bank_id: str | int, name: str, account: str, password: Secret | str) -> Record:
        """Check whether a bank account could be added.

        ``POST /v1/user/bank_accounts/validation`` - safe

        The shape of the answer is not documented.

        Args:
            bank_id: Code of the bank.
            name: Of the account's holder.
            account: Number of the account.

        Reference: "Bank accounts", "Validate new Bank Accounts".
        """
        password = hide(password)
        return self._portal.run(self._impl.check, bank_id, name, account, password)
