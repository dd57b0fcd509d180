# Written by "python -m nusantara.syncgen" from bukalapak_async/client.py. Do not edit.
"""Synchronous twin of :mod:`bukalapak_async.client`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, Unpack

from bukalapak_async.client import ApiVersion, AsyncBukalapak
from nusantara.client import Settings
from nusantara.options import NOT_GIVEN, NotGiven, Options, Timeouts
from nusantara.request import CallClass, Params
from nusantara.response import Response
from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncClient

if TYPE_CHECKING:
    from bukalapak_async.sync.account import Account
    from bukalapak_async.sync.messages import Messages
    from nusantara.upload import File

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
        super().__init__(AsyncBukalapak(user_id, token, api_version=api_version, base_url=base_url, **settings))

    @property
    def api_version(self) -> ApiVersion:
        return self._impl.api_version

    @classmethod
    def from_env(cls, *, api_version: ApiVersion = "v1", **settings: Unpack[Settings]) -> Self:
        """A client from ``BUKALAPAK_USER_ID``, ``BUKALAPAK_TOKEN`` and, if set, ``BUKALAPAK_BASE_URL``."""
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

    @property
    def base_url(self) -> str:
        """Where the calls go, without a trailing slash."""
        return self._impl.base_url

    @property
    def options(self) -> Options:
        """The settings of calls made through this object."""
        return self._impl.options

    @property
    def closed(self) -> bool:
        """Whether it was closed, or a copy of it."""
        return self._impl.closed

    def with_options(
        self,
        *,
        timeout: Timeouts | float | NotGiven | None = NOT_GIVEN,
        max_attempts: int | None = None,
        headers: Mapping[str, Secret | str] | None = None,
        max_body: int | None = None,
        max_retry_after: float | None = None,
        strict: bool | None = None,
    ) -> Self:
        """A cheap copy with other settings, on the same connections: ``client.with_options(timeout=5).messages...``.

        Args:
            timeout: Seconds for the whole call, None for no bound, or :class:`~nusantara.options.Timeouts`.
            max_attempts: Tries in all; 1 for exactly one request.
            headers: Added to those of the client.
            max_body: Largest answer accepted, in bytes.
            max_retry_after: Longest wait that is obeyed when the server asks for one, in seconds.
            strict: Whether to refuse answers that can be read in two ways.
        """
        return self._copy(
            self._impl.with_options(
                timeout=timeout,
                max_attempts=max_attempts,
                headers=headers,
                max_body=max_body,
                max_retry_after=max_retry_after,
                strict=strict,
            )
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        form: Params | None = None,
        json: Any = None,
        files: Mapping[str, File] | None = None,
        headers: Mapping[str, Secret | str] | None = None,
        call_class: CallClass | None = None,
    ) -> Response:
        """Call what has no method of its own; signed, bounded and retried like the rest.

        Args:
            method: HTTP verb.
            path: Path below the base URL, already encoded, without a query.
            call_class: Whether it may be repeated: by default GET and HEAD are safe, all else is unrepeatable.

        Raises:
            ApiError: The vendor refused, by HTTP status or in the way it documents.
        """
        return self._portal.run(
            self._impl.request,
            method,
            path,
            params=params,
            form=form,
            json=json,
            files=files,
            headers=headers,
            call_class=call_class,
        )
