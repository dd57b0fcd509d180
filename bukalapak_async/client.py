"""The Bukalapak client."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack, get_args

from nusantara.call import api_error
from nusantara.checks import base_url_from_environment
from nusantara.client import AsyncClient, Settings, from_environment
from nusantara.errors import ApiError, AuthFailed, ConfigurationError, InvalidParameter
from nusantara.request import Request
from nusantara.response import Response
from nusantara.secret import Secret, hide, hide_in
from nusantara.signing import BasicAuth

if TYPE_CHECKING:
    from bukalapak_async.account import Account
    from bukalapak_async.messages import Messages
    from nusantara.limits import RateLimit

__all__ = ["ApiVersion", "AsyncBukalapak"]

ApiVersion = Literal["v1", "v2"]

BASE_URL = "https://api.bukalapak.com"


class AsyncBukalapak(AsyncClient):
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

    vendor = "bukalapak"

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
        if api_version not in get_args(ApiVersion):
            raise InvalidParameter("api_version", f"must be one of {', '.join(get_args(ApiVersion))}")
        if (user_id is None) != (token is None):
            raise InvalidParameter("token" if token is None else "user_id", "is missing: the two go together")
        signer = _Anonymous() if user_id is None or token is None else _signed(user_id, token)
        super().__init__(BASE_URL if base_url is None else base_url, signer, settings)
        self.api_version: ApiVersion = api_version

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
        return cls(
            from_environment("BUKALAPAK_USER_ID", "user_id"),
            from_environment("BUKALAPAK_TOKEN", "token"),
            api_version=api_version,
            base_url=base_url_from_environment("BUKALAPAK_BASE_URL"),
            **settings,
        )

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
        return self._for_tenant(_signed(user_id, token), rate_limit=rate_limit, tags=tags)

    @cached_property
    def account(self) -> Account:
        """Signing in."""
        from bukalapak_async.account import Account

        return Account(self)

    @cached_property
    def messages(self) -> Messages:
        """Messages between users."""
        from bukalapak_async.messages import Messages

        return Messages(self)

    def _path(self, path: str) -> str:
        """Template of a path below the API version."""
        return f"/{self.api_version}{path}"

    def _judge(self, request: Request, response: Response) -> None:
        """The body's ``status`` decides. Which HTTP status goes with a refusal is not documented."""
        if not 200 <= response.status < 300:
            raise self._refusal(response)
        document = response.json() if response.body else None
        if isinstance(document, dict) and document.get("status") == "ERROR":
            message, _ = self._explain(document)
            # Only authenticate.json has this key, and only a failed login leaves it without a number.
            failed_login = document.get("user_id", 0) in (None, "null")
            raise api_error(response, message, kind=AuthFailed if failed_login else ApiError, details=document)

    def _explain(self, document: Any) -> tuple[str | None, str | int | None]:
        message = document.get("message") if isinstance(document, dict) else None
        return (message if isinstance(message, str) else None), None


def _signed(user_id: str | int, token: Secret) -> BasicAuth:
    if isinstance(user_id, bool) or not isinstance(user_id, (str, int)):
        raise InvalidParameter("user_id", f"must be a number or text, not {type(user_id).__name__}")
    return BasicAuth(str(user_id), token, called=("user_id", "token"))


class _Anonymous:
    """Stands in for credentials that were not given."""

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        if any(name.lower() == "authorization" for name, _ in request.headers):
            return {}
        raise ConfigurationError(
            "this call needs a user id and a token",
            hint="give both to the client, or get them with account.authenticate(login, password)",
        )
