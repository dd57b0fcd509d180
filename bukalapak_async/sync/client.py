# Written by "python -m nusantara.syncgen" from bukalapak_async/client.py. Do not edit.
"""Synchronous twin of :mod:`bukalapak_async.client`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Self, Unpack

from bukalapak_async.client import ApiVersion, AsyncBukalapak
from nusantara.client import Settings
from nusantara.secret import Secret, hide, hide_in
from nusantara.sync.client import SyncClient

if TYPE_CHECKING:
    from bukalapak_async.sync.account import Account
    from bukalapak_async.sync.messages import Messages
    from nusantara.limits import RateLimit

__all__ = ["Bukalapak"]


class Bukalapak(SyncClient[AsyncBukalapak]):
    """Messages of one Bukalapak user.

    Args:
        user_id: Numeric id of the user, as text or number.
        token: API token of the user, from :meth:`Account.authenticate <bukalapak_async.account.Account.authenticate>`
            or the "API secret" page of the account. Without both only ``account.authenticate`` can be called.
        api_version: ``"v1"``, which the reference describes, or ``"v2"``, which has more fields and filters.
        base_url: Another place than https://api.bukalapak.com, such as a sandbox.
        timeout: Seconds for a whole call (60, or ``NUSANTARA_TIMEOUT`` of the environment), None for no bound on the
            whole, or :class:`~nusantara.options.Timeouts`.
        max_attempts: Tries of a call in all (3, or ``NUSANTARA_MAX_ATTEMPTS`` of the environment). What could do harm
            twice is never repeated.
        headers: Extra headers for every call, such as ``User-Agent`` or ``Accept``. A :class:`~nusantara.secret.Secret`
            is shown nowhere, whatever goes wrong. Names are compared without case. What frames a message or belongs to
            a connection (``Host``, ``Content-Length``, ``Transfer-Encoding``, ``Connection``, ``Proxy-*`` and others)
            is refused; headers of the credentials, and the ``Content-Type`` of a body, are set by the client whatever
            is given here.
        max_body: Largest answer accepted, in bytes after decompression (16 MiB).
        max_retry_after: Longest wait that is obeyed when the server asks for one, in seconds (60); beyond it the call
            fails at once and says the wait.
        strict: Refuse answers that can be read in two ways, or not whole (BadResponse): a key is repeated in an object,
            nothing says what charset they are in, or a text is none, as one with half an emoji. By default the last of
            the keys counts, the charset is guessed, and U+FFFD is read.
        max_connections: Calls in flight at once (100, at most half of the files that the process may open); more of
            them queue.
        max_connection_age: Seconds after which a kept connection is replaced (300), so that a server's new address is
            found; None for never.
        proxy: Proxy URL, which is shown nowhere, because it may hold a password; by default what ``HTTPS_PROXY``,
            ``HTTP_PROXY`` and ``NO_PROXY`` say now; None for none.
        ca_bundle: File of trusted certificates (PEM), or a context of your own; by default what the system trusts.
        session: Your own aiohttp session: used as it is, never closed. By default the client has its own. Async clients
            only.
        hooks: Functions to call around each call and each of its attempts, by default none; of several, those of the
            first one first.
        rate_limit: A limit, to share among the clients of one credential; by default none.
        tags: Words that hooks, log records and spans show with each call, such as ``{"tenant": "toko-7"}``; by default
            none. At most 16, with names of 64 and values of 256 characters, and no secrets. Calls with the same
            credentials and tags queue in one line, so that what differs from call to call does not belong here.
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
        """A client from ``BUKALAPAK_USER_ID``, ``BUKALAPAK_TOKEN`` and, if set, ``BUKALAPAK_BASE_URL``.

        Args:
            api_version: ``"v1"``, which the reference describes, or ``"v2"``, which has more fields and filters.
            timeout: Seconds for a whole call (60, or ``NUSANTARA_TIMEOUT`` of the environment), None for no bound on
                the whole, or :class:`~nusantara.options.Timeouts`.
            max_attempts: Tries of a call in all (3, or ``NUSANTARA_MAX_ATTEMPTS`` of the environment). What could do
                harm twice is never repeated.
            headers: Extra headers for every call, such as ``User-Agent`` or ``Accept``. A
                :class:`~nusantara.secret.Secret` is shown nowhere, whatever goes wrong. Names are compared without
                case. What frames a message or belongs to a connection (``Host``, ``Content-Length``,
                ``Transfer-Encoding``, ``Connection``, ``Proxy-*`` and others) is refused; headers of the credentials,
                and the ``Content-Type`` of a body, are set by the client whatever is given here.
            max_body: Largest answer accepted, in bytes after decompression (16 MiB).
            max_retry_after: Longest wait that is obeyed when the server asks for one, in seconds (60); beyond it the
                call fails at once and says the wait.
            strict: Refuse answers that can be read in two ways, or not whole (BadResponse): a key is repeated in an
                object, nothing says what charset they are in, or a text is none, as one with half an emoji. By default
                the last of the keys counts, the charset is guessed, and U+FFFD is read.
            max_connections: Calls in flight at once (100, at most half of the files that the process may open); more of
                them queue.
            max_connection_age: Seconds after which a kept connection is replaced (300), so that a server's new address
                is found; None for never.
            proxy: Proxy URL, which is shown nowhere, because it may hold a password; by default what ``HTTPS_PROXY``,
                ``HTTP_PROXY`` and ``NO_PROXY`` say now; None for none.
            ca_bundle: File of trusted certificates (PEM), or a context of your own; by default what the system trusts.
            session: Your own aiohttp session: used as it is, never closed. By default the client has its own. Async
                clients only.
            hooks: Functions to call around each call and each of its attempts, by default none; of several, those of
                the first one first.
            rate_limit: A limit, to share among the clients of one credential; by default none.
            tags: Words that hooks, log records and spans show with each call, such as ``{"tenant": "toko-7"}``; by
                default none. At most 16, with names of 64 and values of 256 characters, and no secrets. Calls with the
                same credentials and tags queue in one line, so that what differs from call to call does not belong
                here.
        """
        hide_in(settings, "proxy")
        return cls._around(AsyncBukalapak.from_env(api_version=api_version, **settings))

    def with_user(
        self,
        user_id: str | int,
        token: Secret | str,
        *,
        rate_limit: RateLimit | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Self:
        """A cheap copy that speaks for another user, on the same connections. Closing it ends it alone.

        Args:
            user_id: Numeric id of the user, as text or number.
            token: API token of the user.
            rate_limit: A limit for this user; that of the client does not count for another.
            tags: Added to those of the client, such as ``{"tenant": "toko-7"}``.
        """
        token = hide(token)
        return self._copy(self._impl.with_user(user_id, token, rate_limit=rate_limit, tags=tags))

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
