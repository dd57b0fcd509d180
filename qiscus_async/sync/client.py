# Written by "python -m nusantara.syncgen" from qiscus_async/client.py. Do not edit.
"""Synchronous twin of :mod:`qiscus_async.client`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Self, Unpack

from nusantara.client import Settings
from nusantara.secret import Secret, hide, hide_in
from nusantara.sync.client import SyncClient
from qiscus_async.client import SETTLING_TIME, AsyncQiscus, HeaderStyle

if TYPE_CHECKING:
    from nusantara.limits import RateLimit
    from qiscus_async.sync.exports import Exports
    from qiscus_async.sync.imports.group import Imports
    from qiscus_async.sync.messages import Messages
    from qiscus_async.sync.rooms import Rooms
    from qiscus_async.sync.statistics import Statistics
    from qiscus_async.sync.users import Users

__all__ = ["Qiscus"]


class Qiscus(SyncClient[AsyncQiscus]):
    """Qiscus chat for asyncio: the server-side API, which acts with the power of the whole app.

    Args:
        app_id: Id of the app, the first part of its host name.
        secret_key: Secret key of the app, from its dashboard.
        base_url: Another place than the app's host, such as a sandbox. Wins over ``shared_host``.
        shared_host: Use https://api.qiscus.com, which serves all apps, instead of ``https://{app_id}.qiscus.com``.
        settling_time: Seconds after which a comment whose connection was closed can no longer be stored, so that it may
            be sent again. It is looked for in the room all that time.
        post_again: Whether a comment is sent a second time at all. If not, it is looked for, and that is all.
        header_style: How the names of the two credential headers are spelled. The server takes both; the reference has
            underscores, but some proxies silently drop headers with underscores, so hyphens are the default.
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

    vendor: str = AsyncQiscus.vendor
    """Name of the vendor in logs and events."""

    def __init__(
        self,
        app_id: str,
        secret_key: Secret | str,
        *,
        base_url: str | None = None,
        shared_host: bool = False,
        header_style: HeaderStyle = "hyphens",
        settling_time: float = SETTLING_TIME,
        post_again: bool = True,
        **settings: Unpack[Settings],
    ) -> None:
        secret_key = hide(secret_key)
        hide_in(settings, "proxy")
        super().__init__(
            AsyncQiscus(
                app_id,
                secret_key,
                base_url=base_url,
                shared_host=shared_host,
                header_style=header_style,
                settling_time=settling_time,
                post_again=post_again,
                **settings,
            )
        )

    @property
    def app_id(self) -> str:
        return self._impl.app_id

    @classmethod
    def from_env(
        cls,
        *,
        shared_host: bool = False,
        header_style: HeaderStyle = "hyphens",
        settling_time: float = SETTLING_TIME,
        post_again: bool = True,
        **settings: Unpack[Settings],
    ) -> Self:
        """A client from ``QISCUS_APP_ID``, ``QISCUS_SECRET_KEY`` and, if set, ``QISCUS_BASE_URL``.

        Args:
            shared_host: Use https://api.qiscus.com, which serves all apps, instead of ``https://{app_id}.qiscus.com``.
            header_style: How the names of the two credential headers are spelled. The server takes both; the reference
                has underscores, but some proxies silently drop headers with underscores, so hyphens are the default.
            settling_time: Seconds after which a comment whose connection was closed can no longer be stored, so that it
                may be sent again. It is looked for in the room all that time.
            post_again: Whether a comment is sent a second time at all. If not, it is looked for, and that is all.
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
        return cls._around(
            AsyncQiscus.from_env(
                shared_host=shared_host,
                header_style=header_style,
                settling_time=settling_time,
                post_again=post_again,
                **settings,
            )
        )

    def with_app(
        self,
        app_id: str,
        secret_key: Secret | str,
        *,
        rate_limit: RateLimit | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Self:
        """A cheap copy for another app. Closing it ends it alone.

        It calls the app's own host, over connections that no other app's calls use, unless this client was made with
        ``base_url`` or ``shared_host``, which then serve this app too.

        Args:
            app_id: Id of the app, the first part of its host name.
            secret_key: Secret key of the app.
            rate_limit: A limit for this app; that of the client does not count for another.
            tags: Added to those of the client, such as ``{"tenant": "toko-7"}``.
        """
        secret_key = hide(secret_key)
        return self._copy(self._impl.with_app(app_id, secret_key, rate_limit=rate_limit, tags=tags))

    @cached_property
    def users(self) -> Users:
        """Users of the app."""
        from qiscus_async.sync.users import Users

        return Users(self._portal, self._impl.users)

    @cached_property
    def rooms(self) -> Rooms:
        """Rooms and who is in them."""
        from qiscus_async.sync.rooms import Rooms

        return Rooms(self._portal, self._impl.rooms)

    @cached_property
    def messages(self) -> Messages:
        """Comments: posting, reading, searching."""
        from qiscus_async.sync.messages import Messages

        return Messages(self._portal, self._impl.messages)

    @cached_property
    def statistics(self) -> Statistics:
        """Numbers about the app."""
        from qiscus_async.sync.statistics import Statistics

        return Statistics(self._portal, self._impl.statistics)

    @cached_property
    def exports(self) -> Exports:
        """Backups of the app's data."""
        from qiscus_async.sync.exports import Exports

        return Exports(self._portal, self._impl.exports)

    @cached_property
    def imports(self) -> Imports:
        """Bringing data in."""
        from qiscus_async.sync.imports.group import Imports

        return Imports(self._portal, self._impl.imports)
