"""Bank accounts to which the signed-in user has money paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.requests import delete, get, post
from kaskus_async.values import given, md5_of, required
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass, Params
from nusantara.secret import Secret, credential, hide

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["BankAccounts"]


class BankAccounts(Resource):
    """Bank accounts of the signed-in user. Reference: "Bank accounts".

    The shapes of the answers are not documented. Passwords are the user's own and are sent as MD5.
    """

    _client: AsyncKaskus

    async def mine(self) -> Record:
        """List one's bank accounts.

        ``GET /v1/user/bank_accounts`` - safe

        The shape of the answer is not documented.

        Reference: "Bank accounts", "Get Bank Accounts".
        """
        return await self._client._send(get("/v1/user/bank_accounts"), Record)

    async def add(
        self, bank_id: str | int, name: str, account: str, otp: Secret | str, password: Secret | str
    ) -> Record:
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
        otp, password = hide(otp), hide(password)
        form = {
            **_account(bank_id, name, account),
            "otp": credential("otp", otp),
            "password": md5_of("password", password),
        }
        return await self._client._send(
            post("/v1/user/bank_accounts", form=form, call_class=CallClass.UNREPEATABLE), Record
        )

    async def update(
        self,
        account_id: str,
        bank_id: str | int,
        name: str,
        account: str,
        otp: Secret | str,
        password: Secret | str,
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
        otp, password = hide(otp), hide(password)
        form = {
            **_account(bank_id, name, account),
            "otp": credential("otp", otp),
            "password": md5_of("password", password),
        }
        return await self._client._send(
            post("/v1/user/bank_accounts/{account_id}", account_id, form=form, call_class=CallClass.REPEATABLE),
            Record,
        )

    async def delete(self, account_id: str) -> Record:
        """Remove a bank account.

        ``DELETE /v1/user/bank_accounts/{account_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Bank accounts", "DELETE selected Bank Account".
        """
        return await self._client._send(
            delete("/v1/user/bank_accounts/{account_id}", account_id, call_class=CallClass.REPEATABLE), Record
        )

    async def check(self, bank_id: str | int, name: str, account: str, password: Secret | str) -> Record:
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
        form = {**_account(bank_id, name, account), "password": md5_of("password", password)}
        return await self._client._send(
            post("/v1/user/bank_accounts/validation", form=form, call_class=CallClass.SAFE), Record
        )


def _account(bank_id: str | int, name: str, account: str) -> Params:
    return {
        "bank_id": given("bank_id", bank_id),
        "name": required("name", name),
        "account": required("account", account),
    }
