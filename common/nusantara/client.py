"""The base of the vendors' clients: their settings, and what they and their groups of operations have in common."""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Never, NoReturn, Self, TypedDict, TypeVar
from weakref import ref

from nusantara import __version__, codec
from nusantara.call import Lookup, Shared, api_error, carry_out, placed
from nusantara.checks import NO_TAGS, check_headers, check_whole, checked_tags, clean_base_url, with_headers
from nusantara.errors import ApiError, BadResponse, ConfigurationError, InvalidParameter, even_half_made
from nusantara.introspection import check_keywords, documented, show_keywords, unknown_keyword
from nusantara.options import NOT_GIVEN, NotGiven, Options, Timeouts
from nusantara.request import CallClass, Params, Request, build, check_path
from nusantara.response import Response, excerpt_of, html_title
from nusantara.secret import HiddenText, Secret, credential_problem, hide_in, reveal

if TYPE_CHECKING:
    import ssl

    import aiohttp

    from nusantara.download import Download, Source
    from nusantara.hooks import Hooks
    from nusantara.limits import RateLimit
    from nusantara.progress import Progress
    from nusantara.signing import Signer
    from nusantara.upload import File

__all__ = ["AsyncClient", "Resource", "Settings"]

T = TypeVar("T")


class Settings(TypedDict, total=False):
    """Keyword settings that every client takes, all of them optional."""

    timeout: Timeouts | float | None
    """Seconds for a whole call (60, or ``NUSANTARA_TIMEOUT`` of the environment), None for no bound on the whole, or
    :class:`~nusantara.options.Timeouts`."""
    max_attempts: int
    """Tries of a call in all (3, or ``NUSANTARA_MAX_ATTEMPTS`` of the environment). What could do harm twice is never
    repeated."""
    headers: Mapping[str, Secret | str]
    """Extra headers for every call, such as ``User-Agent`` or ``Accept``. A :class:`~nusantara.secret.Secret` is shown
    nowhere, whatever goes wrong. Names are compared without case. What frames a message or belongs to a connection
    (``Host``, ``Content-Length``, ``Transfer-Encoding``, ``Connection``, ``Proxy-*`` and others) is refused; headers of
    the credentials, and the ``Content-Type`` of a body, are set by the client whatever is given here."""
    max_body: int
    """Largest answer accepted, in bytes after decompression (16 MiB)."""
    max_retry_after: float
    """Longest wait that is obeyed when the server asks for one, in seconds (60); beyond it the call fails at once and
    says the wait."""
    strict: bool
    """Refuse answers that can be read in two ways, or not whole (BadResponse): a key is repeated in an object, nothing
    says what charset they are in, or a text is none, as one with half an emoji. By default the last of the keys counts,
    the charset is guessed, and U+FFFD is read."""
    max_connections: int
    """Calls in flight at once (100, at most half of the files that the process may open); more of them queue."""
    max_connection_age: float | None
    """Seconds after which a kept connection is replaced (300), so that a server's new address is found; None for
    never."""
    proxy: Secret | str | None
    """Proxy URL, which is shown nowhere, because it may hold a password; by default what ``HTTPS_PROXY``,
    ``HTTP_PROXY`` and ``NO_PROXY`` say now; None for none."""
    ca_bundle: str | os.PathLike[str] | ssl.SSLContext | None
    """File of trusted certificates (PEM), or a context of your own; by default what the system trusts."""
    session: aiohttp.ClientSession | None
    """Your own aiohttp session: used as it is, never closed. By default the client has its own. Async clients only."""
    hooks: Hooks | Sequence[Hooks] | None
    """Functions to call around each call and each of its attempts, by default none; of several, those of the first one
    first."""
    rate_limit: RateLimit | None
    """A limit, to share among the clients of one credential; by default none."""
    tags: Mapping[str, str]
    """Words that hooks, log records and spans show with each call, such as ``{"tenant": "toko-7"}``; by default none.
    At most 16, with names of 64 and values of 256 characters, and no secrets. Calls with the same credentials and tags
    queue in one line, so that what differs from call to call does not belong here."""


documented(Settings)

DEFAULTS: Final[Mapping[str, Any]] = {
    "timeout": 60.0,
    "max_attempts": 3,
    "headers": None,
    "max_body": 16 * 1024 * 1024,
    "max_retry_after": 60.0,
    "strict": False,
    "max_connections": 100,
    "max_connection_age": 300.0,
    "proxy": NOT_GIVEN,
    "ca_bundle": None,
    "session": None,
    "hooks": None,
    "rate_limit": None,
    "tags": None,
}
"""What a setting is when it is left out, as signatures show it. The environment may have others for some."""


class Owner:
    """Is there as long as a client that closes its connections when it is closed: the first one, or a copy of it that
    is no tenant's."""

    __slots__ = ("__weakref__",)


class AsyncClient:
    """Base of the vendors' async clients.

    Making one opens nothing and needs no event loop; the first call opens the connections, in the loop of that call.

    Args:
        base_url: Where the vendor is, or a sandbox or gateway in its place.
        signer: Puts the credentials on each attempt.
        settings: See :class:`Settings`.
    """

    vendor: str = ""
    """Name of the vendor in logs and events."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        show_keywords(cls, Settings, DEFAULTS)

    def __init__(self, base_url: str, signer: Signer, settings: Settings) -> None:
        hide_in(settings, "proxy")
        check_keywords(type(self), settings, Settings)
        max_connections = settings.get("max_connections", DEFAULTS["max_connections"])
        proxy = settings.get("proxy", NOT_GIVEN)
        self._base_url = clean_base_url(base_url)
        self._options = Options.from_environment().merged(
            timeout=settings.get("timeout", NOT_GIVEN),
            max_attempts=settings.get("max_attempts"),
            headers=settings.get("headers"),
            max_body=settings.get("max_body"),
            max_retry_after=settings.get("max_retry_after"),
            strict=settings.get("strict"),
        )
        check_whole("max_connections", max_connections)
        of_environment = isinstance(proxy, NotGiven)
        if isinstance(proxy, NotGiven):
            from nusantara.transport import environment_proxy

            proxy = environment_proxy(self._base_url)
        elif proxy is not None:
            from nusantara.transport import proxy_problem

            problem = proxy_problem(proxy)
            if problem:
                raise InvalidParameter("proxy", problem)
            proxy = HiddenText(reveal(proxy))
        from nusantara.transport import Connections, Host, Session, ssl_context

        connections = Connections(
            max_connections=max_connections,
            max_connection_age=settings.get("max_connection_age", DEFAULTS["max_connection_age"]),
            proxy=proxy,
            ssl=ssl_context(settings.get("ca_bundle"), self._base_url),
            session=settings.get("session"),
        )
        named = next(cls for cls in type(self).__mro__ if "vendor" in vars(cls))
        package = named.__module__.partition(".")[0]
        session = Session(connections, owner=type(self).__name__, package=package)
        self._shared = Shared(
            logging.getLogger(f"nusantara.{self.vendor}"),
            Host(session, self._base_url, proxy, of_environment=of_environment),
            signer,
            _checked_hooks(settings.get("hooks")),
            _checked_limit(settings.get("rate_limit")),
            NO_TAGS if settings.get("tags") is None else checked_tags(settings["tags"]),
        )
        self._headers = self._fixed_headers()
        self._owner: Owner | None = Owner()
        self._owner_of_connections = ref(self._owner)

    def _fixed_headers(self) -> dict[str, str]:
        """Headers of every call; a vendor adds its own. The caller's may hold credentials."""
        ours = {"User-Agent": f"nusantara/{__version__}", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        return with_headers(ours, self._options.headers)

    @property
    def base_url(self) -> str:
        """Where the calls go, without a trailing slash."""
        return self._base_url

    @property
    def options(self) -> Options:
        """The settings of calls made through this object."""
        return self._options

    @property
    def closed(self) -> bool:
        """Whether it was closed, or a copy that :meth:`with_options` has made of it, or what it is a copy of."""
        return self._shared.session.closed

    def with_options(
        self,
        *,
        timeout: Timeouts | float | NotGiven | None = NOT_GIVEN,
        max_attempts: int | None = None,
        headers: Mapping[str, Secret | str] | None = None,
        max_body: int | None = None,
        max_retry_after: float | None = None,
        strict: bool | None = None,
        rate_limit: RateLimit | NotGiven | None = NOT_GIVEN,
        hooks: Hooks | Sequence[Hooks] | NotGiven | None = NOT_GIVEN,
        tags: Mapping[str, str] | None = None,
        **unknown: Never,
    ) -> Self:
        """A cheap copy with other settings, on the same connections: ``client.with_options(timeout=5).messages...``.

        Args:
            timeout: Seconds for the whole call, None for no bound, or :class:`~nusantara.options.Timeouts`.
            max_attempts: Tries in all; 1 for exactly one request.
            headers: Added to those of the client.
            max_body: Largest answer accepted, in bytes.
            max_retry_after: Longest wait that is obeyed when the server asks for one, in seconds.
            strict: Whether to refuse answers that can be read in two ways, or not whole.
            rate_limit: A limit in the place of the client's; None for none.
            hooks: Functions in the place of the client's; None for none.
            tags: Added to those of the client. See :class:`Settings`.
        """
        if unknown:
            raise _no_option(unknown)
        copy = self._copied()
        options = self._options.merged(
            timeout=timeout,
            max_attempts=max_attempts,
            headers=headers,
            max_body=max_body,
            max_retry_after=max_retry_after,
            strict=strict,
        )
        if options is not self._options:
            copy._options = options
            copy._headers = copy._fixed_headers()
        if rate_limit is not NOT_GIVEN or hooks is not NOT_GIVEN or tags is not None:
            copy._shared = self._shared.copied(
                rate_limit=_checked_limit(rate_limit),
                hooks=hooks if hooks is NOT_GIVEN else _checked_hooks(hooks),
                tags=None if tags is None else checked_tags(tags, self._shared.tags),
            )
        return copy

    def _copied(self) -> Self:
        copy = object.__new__(type(self))
        # Resource groups are cached in the instance and hold their client, so that they must not be copied.
        copy.__dict__ = {name: value for name, value in self.__dict__.items() if not isinstance(value, Resource)}
        return copy

    async def request(
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
            headers: Added to those of the client, with the same rules.
            call_class: Whether it may be repeated: by default GET and HEAD are safe, all else is unrepeatable.

        Raises:
            ApiError: The vendor refused, by HTTP status or in the way it documents.
        """
        check_path(path)
        if not isinstance(method, str) or not method.isalpha() or not method.isascii():
            raise InvalidParameter("method", f"{method!r} is not an HTTP verb")
        method = method.upper()
        if call_class is None:
            call_class = CallClass.SAFE if method in ("GET", "HEAD") else CallClass.UNREPEATABLE
        checked = () if headers is None else tuple(check_headers(headers).items())
        request = build(
            method,
            path,
            (),
            call_class,
            params=params,
            form=form,
            json=json,
            files=files,
            headers=checked,
        )
        del params, form, json, files, headers, checked  # Not for a traceback that shows local variables.
        response = await self._exchange(request)
        if self._options.strict:
            try:
                response.refuse_ambiguity()
            except BadResponse as error:
                raise placed(error, request, response) from None
        return response

    async def download(
        self,
        url: str,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        resume: bool = True,
        progress: Progress | None = None,
    ) -> Download:
        """Fetch a file that an answer names, such as an attachment or a picture. It appears when it is whole.

        Its address is somebody else's: it gets no credential, no cookie and no header of the client, and is followed to
        https only, and not into the local network unless the vendor is a sandbox there. A cut is taken up where it was,
        and so is what a killed program has left, if the server says that the file is still the same.

        Args:
            url: Whole address.
            target: File name, in a folder that exists.
            overwrite: Replace a file that is there. It stays as it is until the new one is whole.
            resume: Whether to go on with what a killed download of the same address has left there.
            progress: Called with the bytes here and the bytes in all, see :mod:`nusantara.progress`.

        Raises:
            InvalidParameter: The address or the target cannot be used, or the target exists.
            UnsafeRedirect: The address leads to another that is not https, or into the local network.
            ApiError: The file's server refuses.
            WriteFailed: The disk is full or refuses.
            NoAnswer: It could not be fetched whole.
        """
        from nusantara.download import check_source, download, path_of

        source = self._file_at(url)
        check_source(source)
        return await download(source, path_of(target), overwrite=overwrite, resume=resume, progress=progress)

    async def aclose(self) -> None:
        """Close all connections, of this client and of its copies. Running calls get five seconds; calling twice is
        fine.

        A copy for another tenant, with credentials of its own, ends alone: the client that it was made of, and the
        other copies, go on, and so do the connections. Where that client is there no more, its connections are closed.
        """
        if self._owner is None and self._owner_of_connections() is not None:
            self._shared.host.end()
        else:
            await self._shared.session.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *details: object) -> None:
        await self.aclose()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds connections and credentials: make another, or a copy by with_options()"
        )

    @even_half_made
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._base_url}{' closed' if self.closed else ''}>"

    # --- For the vendors

    def _signed_by(self, signer: Signer) -> Self:
        """A copy with other credentials, on the same connections."""
        other = self._copied()
        other._shared = self._shared.copied(signer=signer)
        return other

    def _file_at(self, url: str, size: int | None = None) -> Source:
        """A file that an answer names, to be asked for as this client asks its vendor."""
        from nusantara.download import Source, is_local

        host = self._shared.host
        host.session.refuse_if_closed()
        ssl = host.session.connections.ssl
        return Source(url=url, size=size, local=is_local(self._base_url), proxy=host.proxy, ssl=ssl)

    def _for_tenant(
        self,
        signer: Signer,
        *,
        rate_limit: RateLimit | NotGiven | None,
        tags: Mapping[str, str] | None,
        base_url: str | None = None,
    ) -> Self:
        """A copy with other credentials, and perhaps at another base URL, which is in its normal form. It can be closed
        by itself."""
        shared = self._shared
        other = self._copied()
        if base_url is not None:
            other._base_url = base_url
        other._shared = shared.copied(
            signer=signer,
            host=shared.host.beside(other._base_url),
            rate_limit=_checked_limit(rate_limit),
            tags=None if tags is None else checked_tags(tags, shared.tags),
        )
        other._owner = None
        return other

    async def _send(self, request: Request, into: type[T]) -> T:
        """Make a call and turn its JSON answer into ``into``."""
        listing = codec.claim_listing()
        return self._structure(request, await self._exchange(request), into, listing)

    def _structure(
        self, request: Request, response: Response, into: type[T], listing: codec.Listing | None = None
    ) -> T:
        try:
            if self._options.strict:
                response.refuse_ambiguity()
            if listing is not None:
                listing.to_be_read = True
            result = self._decode(response, into)
        except BadResponse as error:
            raise placed(error, request, response) from None
        finally:
            if listing is not None:
                listing.to_be_read = False
        if listing is not None and listing.error is not None:
            placed(listing.error, request, response)
        return result

    def _decode(self, response: Response, into: type[T]) -> T:
        """The result in an answer; JSON unless a vendor overrides it."""
        return codec.structure(response.json(), into)

    async def _send_keyed(
        self,
        request: Request,
        into: type[T],
        find: Callable[[], Awaitable[T | None]],
        *,
        settling_time: float,
        may_send_again: bool = True,
    ) -> T:
        """Make a call that creates something under a key of ours, once, whatever the server does with a repeated key.

        Where its outcome is in doubt, ``find`` says whether the thing is there, several times over ``settling_time``
        seconds. It is sent again only if it is not, and if nothing is known that may hold the first request still.

        Raises:
            OutcomeUnknown: It cannot be told whether it was created.
        """
        lookup = Lookup(
            read=lambda answer: self._structure(request, answer, into),
            find=find,
            settling_time=settling_time,
            may_send_again=may_send_again,
        )
        return await self._exchange(request, lookup)

    def _judge(self, request: Request, response: Response) -> None:
        """Raise if the answer says no. A vendor that answers 200 to failures looks into the body here."""
        if not 200 <= response.status < 300:
            raise self._refusal(response)

    def _refusal(self, response: Response) -> ApiError:
        """The error for an answer with a status that is not 2xx."""
        message: str | None = None
        code: str | int | None = None
        details: Any = None
        title = html_title(response.body)
        if title is not None:
            message = f"an HTML page came: {title!r}" if title else "an HTML page came"
        else:
            try:
                details = response.json()
            except BadResponse:
                message = excerpt_of(response.body) or None
            else:
                message, code = self._explain(details)
        return api_error(response, message, code=code, details=details)

    def _explain(self, document: Any) -> tuple[str | None, str | int | None]:
        """The vendor's message and error code in an error document."""
        return None, None

    _exchange = carry_out
    """Make a call. With a lookup it is a keyed one, and its result comes in place of the answer."""


show_keywords(AsyncClient, Settings, DEFAULTS)


def _no_option(unknown: Iterable[str]) -> TypeError:
    """The error for keywords that :meth:`AsyncClient.with_options` does not take."""
    shared = sorted(Settings.__annotations__.keys() & unknown)
    if shared:
        return TypeError(f"copies share connections, and so {', '.join(shared)}: give that to the constructor")
    known = inspect.signature(AsyncClient.with_options).parameters
    return unknown_keyword("with_options has no setting", unknown, known)


def _checked_hooks(value: object) -> Hooks | None:
    if value is None:
        return None
    from nusantara.hooks import combined

    return combined(value)


def _checked_limit(value: Any) -> Any:
    if value is not None and value is not NOT_GIVEN:
        from nusantara.limits import RateLimit

        if not isinstance(value, RateLimit):
            raise InvalidParameter(
                "rate_limit",
                f"must be a RateLimit, not {type(value).__name__}",
                hint="give limits[key]" if type(value).__name__ == "RateLimits" else None,
            )
    return value


class Resource:
    """Base of a group of operations, as in ``client.messages``."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @even_half_made
    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


def environment_credential(variable: str) -> str | None:
    """The credential in an environment variable, if that is set.

    Raises:
        ConfigurationError: What is there cannot be one.
    """
    problem = credential_problem(os.environ[variable]) if os.environ.get(variable) else None
    if problem is not None:
        raise ConfigurationError(f"the environment variable {variable} {problem}")
    return os.environ.get(variable) or None


def from_environment(variable: str, parameter: str) -> str:
    """The credential in an environment variable that has to be set."""
    value = environment_credential(variable)
    if value is None:
        raise ConfigurationError(
            f"the environment variable {variable} is not set", hint=f"set it, or give {parameter} to the client"
        )
    return value
