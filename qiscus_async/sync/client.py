# Written by "python -m nusantara.syncgen" from qiscus_async/client.py. Do not edit.
"""Synchronous twin of :mod:`qiscus_async.client`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, Unpack

from nusantara.client import Settings
from nusantara.options import NOT_GIVEN, NotGiven, Options, Timeouts
from nusantara.request import CallClass, Params
from nusantara.response import Response
from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncClient
from qiscus_async.client import AsyncQiscus, HeaderStyle

if TYPE_CHECKING:
    from nusantara.upload import File
    from qiscus_async.sync.exports import Exports
    from qiscus_async.sync.imports import Imports
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
        header_style: How the names of the two credential headers are spelled. The server takes both; the reference has
            underscores, but some proxies silently drop headers with underscores, so hyphens are the default.
        settings: See :class:`nusantara.client.Settings`.
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
        **settings: Unpack[Settings],
    ) -> None:
        secret_key = hide(secret_key)
        super().__init__(
            AsyncQiscus(
                app_id, secret_key, base_url=base_url, shared_host=shared_host, header_style=header_style, **settings
            )
        )

    @property
    def app_id(self) -> str:
        return self._impl.app_id

    @classmethod
    def from_env(
        cls, *, shared_host: bool = False, header_style: HeaderStyle = "hyphens", **settings: Unpack[Settings]
    ) -> Self:
        """A client from ``QISCUS_APP_ID``, ``QISCUS_SECRET_KEY`` and, if set, ``QISCUS_BASE_URL``."""
        return cls._around(AsyncQiscus.from_env(shared_host=shared_host, header_style=header_style, **settings))

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
        from qiscus_async.sync.imports import Imports

        return Imports(self._portal, self._impl.imports)

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
