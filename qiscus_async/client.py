"""The Qiscus client."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack, get_args

from nusantara.call import api_error
from nusantara.checks import base_url_from_environment, check_flag, check_seconds
from nusantara.client import AsyncClient, Settings, from_environment
from nusantara.errors import ApiError, BadRequest, InvalidParameter
from nusantara.request import Request
from nusantara.response import Response
from nusantara.secret import HiddenText, Secret, check_credential, credential, hide, hide_in
from nusantara.signing import HeaderAuth
from qiscus_async.errors import ValidationFailed, describe

if TYPE_CHECKING:
    from nusantara.limits import RateLimit
    from qiscus_async.exports import Exports
    from qiscus_async.imports import Imports
    from qiscus_async.messages import Messages
    from qiscus_async.rooms import Rooms
    from qiscus_async.statistics import Statistics
    from qiscus_async.users import Users

__all__ = ["AsyncQiscus", "HeaderStyle"]

HeaderStyle = Literal["hyphens", "underscores"]

SHARED_HOST = "https://api.qiscus.com"
SETTLING_TIME = 5.0

_HEADERS: dict[str, tuple[str, str]] = {
    "hyphens": ("QISCUS-SDK-APP-ID", "QISCUS-SDK-SECRET"),
    "underscores": ("QISCUS_SDK_APP_ID", "QISCUS_SDK_SECRET"),
}
_HOST_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?").fullmatch
_VISIBLE = re.compile(r"[\x21-\x7e]+").fullmatch


class AsyncQiscus(AsyncClient):
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

    vendor = "qiscus"

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
        if header_style not in get_args(HeaderStyle):
            raise InvalidParameter("header_style", f"must be one of {', '.join(get_args(HeaderStyle))}")
        signer = _signed(app_id, secret_key, header_style)
        check_seconds("settling_time", settling_time, zero=True)
        check_flag("post_again", post_again)
        host = SHARED_HOST if shared_host else _own_host(app_id)
        super().__init__(host if base_url is None else base_url, signer, settings)
        self.app_id: str = app_id
        self._header_style: HeaderStyle = header_style
        self._has_own_host = base_url is None and not shared_host
        self._settling_time = settling_time
        self._post_again = post_again

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
        return cls(
            from_environment("QISCUS_APP_ID", "app_id"),
            from_environment("QISCUS_SECRET_KEY", "secret_key"),
            base_url=base_url_from_environment("QISCUS_BASE_URL"),
            shared_host=shared_host,
            header_style=header_style,
            settling_time=settling_time,
            post_again=post_again,
            **settings,
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
        other = self._for_tenant(
            _signed(app_id, secret_key, self._header_style),
            base_url=_own_host(app_id) if self._has_own_host else None,
            rate_limit=rate_limit,
            tags=tags,
        )
        other.app_id = app_id
        return other

    @cached_property
    def users(self) -> Users:
        """Users of the app."""
        from qiscus_async.users import Users

        return Users(self)

    @cached_property
    def rooms(self) -> Rooms:
        """Rooms and who is in them."""
        from qiscus_async.rooms import Rooms

        return Rooms(self)

    @cached_property
    def messages(self) -> Messages:
        """Comments: posting, reading, searching."""
        from qiscus_async.messages import Messages

        return Messages(self)

    @cached_property
    def statistics(self) -> Statistics:
        """Numbers about the app."""
        from qiscus_async.statistics import Statistics

        return Statistics(self)

    @cached_property
    def exports(self) -> Exports:
        """Backups of the app's data."""
        from qiscus_async.exports import Exports

        return Exports(self)

    @cached_property
    def imports(self) -> Imports:
        """Bringing data in."""
        from qiscus_async.imports import Imports

        return Imports(self)

    def _judge(self, request: Request, response: Response) -> None:
        """The HTTP status, the body's ``status`` and the presence of ``error`` decide together.

        Public clients go by any one of the three, so an answer that says no in one of them is a refusal.
        """
        if 200 <= response.status < 300:
            document = response.json() if response.body else None
            if not isinstance(document, dict):
                return
            status = document.get("status")
            if isinstance(status, int) and status >= 400:
                response = Response(status, response.headers, response.body)
            elif document.get("error") is None:
                return
        raise self._refusal(response)

    def _refusal(self, response: Response) -> ApiError:
        error = super()._refusal(response)
        found = error.details.get("error") if isinstance(error.details, dict) else None
        if not isinstance(found, dict):
            return error
        kind = type(error)
        if kind is BadRequest and ("detailed_messages" in found or "errors" in found):
            kind = ValidationFailed
        return api_error(response, error.message, kind=kind, code=error.code, details=found)

    def _explain(self, document: Any) -> tuple[str | None, str | int | None]:
        error = document.get("error", document) if isinstance(document, dict) else None
        code = error.get("code") if isinstance(error, dict) else None
        return describe(error), code if type(code) in (str, int) else None


def _signed(app_id: str, secret_key: Secret, header_style: HeaderStyle) -> HeaderAuth:
    check_credential("app_id", app_id)
    # It becomes part of the host that the secret is sent to.
    if not _HOST_LABEL(app_id):
        raise InvalidParameter("app_id", "must be letters, digits and hyphens, as in the host name of the app")
    secret = credential("secret_key", secret_key)
    if not _VISIBLE(secret):
        raise InvalidParameter("secret_key", "must be letters, digits and signs of ASCII, without blanks")
    id_header, secret_header = _HEADERS[header_style]
    # The app's own host needs no id header and does not mind it; the shared host and a gateway need it.
    return HeaderAuth.of({id_header: HiddenText(app_id), secret_header: secret})


def _own_host(app_id: str) -> str:
    return f"https://{app_id.lower()}.qiscus.com"
