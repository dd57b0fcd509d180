# Written by "python -m nusantara.syncgen" from bukalapak_async/client.py. Do not edit.
"""Synchronous twin of :mod:`bukalapak_async.client`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self, Unpack

from bukalapak_async.client import ApiVersion, AsyncBukalapak
from nusantara.client import Settings
from nusantara.secret import Secret, hide, hide_in
from nusantara.sync.client import SyncClient

if TYPE_CHECKING:
    from bukalapak_async.sync.account import Account
    from bukalapak_async.sync.messages import Messages

__all__ = ["Bukalapak"]


class Bukalapak(SyncClient[AsyncBukalapak]):
    """Messages of one Bukalapak user.

    Args:
        user_id: Numeric id of the user, as text or number.
        token: API token of the user, from :meth:`Account.authenticate <bukalapak_async.account.Account.authenticate>`
            or the "API secret" page of the account. Without both only ``account.authenticate`` can be called.
        api_version: ``"v1"``, which the reference describes, or ``"v2"``, which has more fields and filters.
        base_url: Another place than https://api.bukalapak.com, such as a sandbox.
        settings: See :class:`nusantara.client.Settings`.
    """

    vendor: str = AsyncBukalapak.vendor
    """Name of the vendor in logs and events."""

    def __init__(
        self,
        user_id: str | int | None = None,
        token: Secret | str | None = None,
        *,
        api_version: ApiVersion = "v1",
        base_url: str | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        token = hide(token)
        hide_in(settings, "proxy")
        super().__init__(AsyncBukalapak(user_id, token, api_version=api_version, base_url=base_url, **settings))

    @property
    def api_version(self) -> ApiVersion:
        return self._impl.api_version

    @classmethod
    def from_env(cls, *, api_version: ApiVersion = "v1", **settings: Unpack[Settings]) -> Self:
        """A client from ``BUKALAPAK_USER_ID``, ``BUKALAPAK_TOKEN`` and, if set, ``BUKALAPAK_BASE_URL``."""
        hide_in(settings, "proxy")
        return cls._around(AsyncBukalapak.from_env(api_version=api_version, **settings))

    @cached_property
    def account(self) -> Account:
        """Signing in."""
        from bukalapak_async.sync.account import Account

        return Account(self._portal, self._impl.account)

    @cached_property
    def messages(self) -> Messages:
        """Messages between users."""
        from bukalapak_async.sync.messages import Messages

        return Messages(self._portal, self._impl.messages)
