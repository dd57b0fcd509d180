"""The way of a call, the same for every vendor.

In this order: the loop and the client are checked, the rate limit is waited for, a connection slot is taken, the
request is signed, sent and read, the answer is judged, and only then turned into a result. An attempt that fails goes
to :mod:`nusantara.call.steps`, which pays from the budget and comes back for another one, signed anew. One whose
credentials are refused is made again once, as one of the attempts, if the signer has got others meanwhile. One timeout
spans it all.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import logging
import math
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypedDict, TypeVar, overload
from urllib.parse import urlsplit

from nusantara import __version__, codec
from nusantara.call.steps import Budget, least_time, may_repeat, parse_retry_after, retry
from nusantara.errors import (
    ApiError,
    Attempt,
    AuthFailed,
    BadRequest,
    BadResponse,
    ConfigurationError,
    ConnectionLost,
    Forbidden,
    InvalidParameter,
    NoAnswer,
    NotFound,
    NusantaraError,
    OutcomeUnknown,
    Phase,
    RateLimited,
    Sent,
    ServerError,
    Timeout,
)
from nusantara.options import NOT_GIVEN, NotGiven, Options, Timeouts
from nusantara.request import CallClass, Params, Request, build, check_path
from nusantara.response import Response, excerpt_of, html_title
from nusantara.secret import Secret

if TYPE_CHECKING:
    import ssl

    import aiohttp

    from nusantara.hooks import Hooks
    from nusantara.limits import RateLimit
    from nusantara.signing.plain import Signer
    from nusantara.transport.session import Session
    from nusantara.transport.timers import Deadlines
    from nusantara.upload import File

__all__ = ["AsyncClient", "Resource", "Settings"]

T = TypeVar("T")

Renew = Callable[[Mapping[str, str], Response], Awaitable[bool]]
Lookup = Callable[[], Awaitable[T | None]]
"""Looks for what a keyed call may have created."""

ERROR_BODY = 8 * 1024


class _Shared:
    """What a client and its copies made by ``with_options`` have in common."""

    __slots__ = ("budget", "hooks", "log", "prepare", "rate_limit", "renew", "session", "signer")

    def __init__(
        self, vendor: str, session: Session, signer: Signer, hooks: Hooks | None, rate_limit: RateLimit | None
    ) -> None:
        self.session = session
        self.hooks = hooks
        self.rate_limit = rate_limit
        self.budget = Budget()
        self.log = logging.getLogger(f"nusantara.{vendor}")
        self._sign_with(signer)

    def _sign_with(self, signer: Signer) -> None:
        self.signer = signer
        self.prepare: Callable[[], Awaitable[None]] | None = getattr(signer, "prepare", None)
        self.renew: Renew | None = getattr(signer, "renew", None)

    def signed_by(self, signer: Signer) -> _Shared:
        """The same but for the credentials."""
        other = copy.copy(self)
        other._sign_with(signer)
        return other


class Settings(TypedDict, total=False):
    """Keyword settings that every client takes, all of them optional."""

    timeout: Timeouts | float | None
    """Seconds for a whole call (60), None for no bound on the whole, or :class:`~nusantara.options.Timeouts`."""
    max_attempts: int
    """Tries of a call in all (3). What could do harm twice is never repeated."""
    headers: Mapping[str, Secret | str]
    """Extra headers for every call. A :class:`~nusantara.secret.Secret` is shown nowhere, whatever goes wrong."""
    strict: bool
    """Refuse answers that can be read in two ways (BadResponse): a key is repeated in an object, or nothing says what
    charset they are in. By default the last of the keys counts, and the charset is guessed."""
    max_connections: int
    """Calls in flight at once (100, at most half of the files that the process may open); more of them queue."""
    max_connection_age: float | None
    """Seconds after which a kept connection is replaced (300), so that a server's new address is found; None for
    never."""
    proxy: str | None
    """Proxy URL; by default what ``HTTPS_PROXY``, ``HTTP_PROXY`` and ``NO_PROXY`` say now; None for none."""
    ca_bundle: str | os.PathLike[str] | ssl.SSLContext | None
    """File of trusted certificates (PEM), or a context of your own."""
    session: aiohttp.ClientSession | None
    """Your own aiohttp session: used as it is, never closed."""
    hooks: Hooks | None
    """Functions to call around each attempt."""
    rate_limit: RateLimit | None
    """A limit, to share among the clients of one credential."""


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

    def __init__(self, base_url: str, signer: Signer, settings: Settings) -> None:
        unknown = settings.keys() - Settings.__annotations__.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no setting {', '.join(sorted(unknown))}")
        max_connections = settings.get("max_connections", 100)
        proxy = settings.get("proxy", NOT_GIVEN)
        self._base_url = clean_base_url(base_url)
        self._options = Options.from_environment().merged(
            timeout=settings.get("timeout", NOT_GIVEN),
            max_attempts=settings.get("max_attempts"),
            headers=settings.get("headers"),
            strict=settings.get("strict"),
        )
        if isinstance(max_connections, bool) or not isinstance(max_connections, int) or max_connections < 1:
            raise InvalidParameter("max_connections", f"must be a whole number from 1, not {max_connections!r}")
        if isinstance(proxy, NotGiven):
            from nusantara.transport.proxy import environment_proxy

            proxy = environment_proxy(self._base_url)
        elif proxy is not None:
            from nusantara.transport.proxy import proxy_problem

            problem = proxy_problem(proxy)
            if problem:
                raise InvalidParameter("proxy", problem)
        from nusantara.transport.session import Connections, Session

        connections = Connections(
            max_connections=max_connections,
            max_connection_age=settings.get("max_connection_age", 300.0),
            proxy=proxy,
            ssl=_ssl_context(settings.get("ca_bundle"), self._base_url),
            session=settings.get("session"),
        )
        opener = Session(self._base_url, connections, owner=type(self).__name__)
        self._shared = _Shared(self.vendor, opener, signer, settings.get("hooks"), settings.get("rate_limit"))
        self._headers = self._fixed_headers()

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
        """Whether it was closed, or a copy of it."""
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
        copy = object.__new__(type(self))
        # Resource groups are cached in the instance and hold their client, so that they must not be copied.
        copy.__dict__.update({name: value for name, value in vars(self).items() if not isinstance(value, Resource)})
        copy._options = self._options.merged(
            timeout=timeout,
            max_attempts=max_attempts,
            headers=headers,
            max_body=max_body,
            max_retry_after=max_retry_after,
            strict=strict,
        )
        copy._headers = copy._fixed_headers()
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
            call_class: Whether it may be repeated: by default GET and HEAD are safe, all else is unrepeatable.

        Raises:
            ApiError: The vendor refused, by HTTP status or in the way it documents.
        """
        check_path(path)
        method = method.upper()
        if not method.isalpha() or not method.isascii():
            raise InvalidParameter("method", f"{method!r} is not an HTTP verb")
        if call_class is None:
            call_class = CallClass.SAFE if method in ("GET", "HEAD") else CallClass.UNREPEATABLE
        checked = Options(headers=headers or {}).headers
        request = build(
            method,
            path,
            (),
            call_class,
            params=params,
            form=form,
            json=json,
            files=files,
            headers=tuple(checked.items()),
        )
        del params, form, json, files, headers, checked  # Not for a traceback that shows local variables.
        response = await self._exchange(request)
        if self._options.strict:
            try:
                response.refuse_ambiguity()
            except BadResponse as error:
                raise _placed(error, request, response) from None
        return response

    async def aclose(self) -> None:
        """Close all connections, of this client and of its copies. Running calls get five seconds; calling twice is
        fine."""
        await self._shared.session.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *details: object) -> None:
        await self.aclose()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds connections and credentials: make another, or a copy by with_options()"
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._base_url}{' closed' if self.closed else ''}>"

    # --- For the vendors

    def _signed_by(self, signer: Signer) -> Self:
        """A copy with other credentials, on the same connections."""
        other = self.with_options()
        other._shared = self._shared.signed_by(signer)
        return other

    async def _send(self, request: Request, into: type[T]) -> T:
        """Make a call and turn its JSON answer into ``into``."""
        return self._structure(request, await self._exchange(request), into)

    def _structure(self, request: Request, response: Response, into: type[T]) -> T:
        try:
            if self._options.strict:
                response.refuse_ambiguity()
            return self._decode(response, into)
        except BadResponse as error:
            raise _placed(error, request, response) from None

    def _decode(self, response: Response, into: type[T]) -> T:
        """The result in an answer; JSON unless a vendor overrides it."""
        return codec.structure(response.json(), into)

    async def _send_keyed(self, request: Request, into: type[T], lookup: Lookup[T]) -> T:
        """Make a call that creates something under a key of ours.

        After a lost answer ``lookup`` says whether the thing is there already; only if not, it is sent again. So it is
        created once, whatever the server does with a repeated key.
        """
        answer = await self._exchange(request, lookup)
        return self._structure(request, answer, into) if isinstance(answer, Response) else answer

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

    # --- The way of a call

    @overload
    async def _exchange(self, request: Request) -> Response: ...
    @overload
    async def _exchange(self, request: Request, lookup: Lookup[T]) -> Response | T: ...
    async def _exchange(self, request: Request, lookup: Lookup[Any] | None = None) -> Any:
        call = _Call(self, request)
        try:
            try:
                response = await call.attempt()
            except NusantaraError as error:
                await call.failed(error)
                response = await call.recover(error, lookup)
            else:
                budget = self._shared.budget
                budget.pay(1)
                if budget.purses:
                    budget.calmed(request.template)
            return response
        except NusantaraError as error:
            failure = error
        except asyncio.CancelledError:
            if not call.ran_out():
                raise
            failure = Timeout(Phase.TOTAL, f"not done within {self._options.timeout.total:g} s")
            failure.sent = call.sent_now
            await call.failed(failure)
        finally:
            call.end()
        failure = call.decisive(failure)
        # How it came here, through retries and aiohttp, tells a user nothing that the error's attempts do not.
        failure.__traceback__ = None
        final = call.final(failure)
        raise final from (failure.__cause__ if final is failure else failure)


class _Call:
    """One call through all of its attempts."""

    __slots__ = (
        "_cancelled_before",
        "_client",
        "_deadline",
        "_deadlines",
        "_exchange",
        "_failures",
        "_is_over",
        "_last",
        "_number",
        "_refused",
        "_renewed",
        "_request",
        "_started",
        "_task",
    )

    def __init__(self, client: AsyncClient, request: Request) -> None:
        self._client = client
        self._request = request
        self._number = 0
        self._failures: list[Attempt] = []
        self._last: NusantaraError | None = None
        self._exchange: Any = None
        self._refused: tuple[Mapping[str, str], Response] | None = None
        self._renewed = False
        self._started = 0.0
        self._deadlines: Deadlines | None = None
        self._deadline = math.inf
        self._is_over = False

    # The total timeout, to the letter of asyncio.timeout() but for what it costs.

    def _begin(self, deadlines: Deadlines, seconds: float) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task: asyncio.Task[Any] | None = task
        self._cancelled_before = task.cancelling()
        self._deadlines = deadlines
        self._deadline = deadlines.begin(seconds, self)

    def expire(self) -> None:
        self._is_over = True
        assert self._task is not None
        self._task.cancel()

    def ran_out(self) -> bool:
        """Whether the cancellation that has come here was the timeout's, and nobody else's."""
        if not self._is_over:
            return False
        task, self._task = self._task, None
        assert task is not None
        return task.uncancel() <= self._cancelled_before

    def end(self) -> None:
        """The call is over, in whatever way."""
        if self._deadlines is not None:
            total = self._client._options.timeout.total
            assert total is not None
            self._deadlines.end(total, self)
        if self._is_over and self._task is not None:
            self._task.uncancel()

    @property
    def sent_now(self) -> Sent:
        """Whether the attempt under way has reached the network."""
        return Sent.NO if self._exchange is None else self._exchange.sent

    async def attempt(self) -> Response:
        """One try, from the rate limit to the judgement."""
        client, request = self._client, self._request
        shared, options = client._shared, client._options
        self._number += 1
        self._exchange = None
        self._started = time.perf_counter()
        opened = shared.session.open()
        if self._deadlines is None and options.timeout.total is not None:
            self._begin(opened.deadlines, options.timeout.total)
        if shared.rate_limit is not None:
            await shared.rate_limit.wait(request.template)
        if shared.prepare is not None:
            await shared.prepare()  # Not in a slot: it may need one itself.
        if shared.hooks is not None and shared.hooks.before:
            await self._tell(shared.hooks.before)  # Not in a slot: however long it takes, it holds up no other call.
        slots = opened.slots
        if not slots.take_now():
            await slots.take(options.timeout.pool)
        try:
            signed = shared.signer.sign(request, client._base_url)
            headers = {**client._headers, **signed}
            if request.content_type is not None:
                headers["Content-Type"] = request.content_type
            if request.headers:
                headers = with_headers(headers, dict(request.headers))
            self._exchange = shared.session.begin(request)
            response = await shared.session.exchange(opened, self._exchange, headers, options)
        finally:
            slots.release()
        try:
            client._judge(request, response)
        except AuthFailed:
            self._refused = signed, response
            raise
        if shared.hooks is not None and shared.hooks.after:
            await self._tell(shared.hooks.after, response)
        if shared.log.isEnabledFor(logging.DEBUG):
            self._log(logging.DEBUG, f"answered {response.status}", status=response.status, size=len(response.body))
        return response

    async def failed(self, error: NusantaraError) -> None:
        """Write an attempt down and tell who wants to know."""
        self._failures.append(
            Attempt(
                number=self._number,
                reason=error.reason,
                sent=error.sent,
                elapsed=time.perf_counter() - self._started,
                status=error.status,
            )
        )
        if not isinstance(error, InvalidParameter):
            self._last = error
        self._log(logging.INFO, f"failed: {type(error).__name__}: {error.reason}", status=error.status)
        shared = self._client._shared
        if (
            shared.rate_limit is not None
            and isinstance(error, RateLimited)
            and error.retry_after
            # A longer wait is the caller's to hear of, call by call, and not to be sat out.
            and error.retry_after <= self._client._options.max_retry_after
        ):
            shared.rate_limit.pause(self._request.template, error.retry_after)
        if shared.hooks is not None and shared.hooks.error:
            await self._tell(shared.hooks.error, error=error)

    async def recover(self, first: NusantaraError, lookup: Lookup[Any] | None) -> Any:
        """Try again as far as the rule, the number of attempts, the time and the budget allow.

        Gives the response, or what ``lookup`` found.
        """
        client, request = self._client, self._request
        options, shared = client._options, client._shared

        async def again() -> Any:
            if lookup is not None and self._may_be_done:
                found = await self._look(lookup)
                if found is not None:
                    return found
            try:
                return await self.attempt()
            except NusantaraError as error:
                await self.failed(error)
                raise

        if (
            isinstance(first, ConnectionLost)
            and first.kept
            and self._number < options.max_attempts
            and may_repeat(request.call_class, first, options.max_retry_after)
        ):
            # The server closed a connection that was idle, which says nothing of its health: no pause, at no cost.
            try:
                return await again()
            except NusantaraError as error:
                first = error
        while True:
            if await self._renew(first):
                try:
                    return await again()
                except NusantaraError as error:
                    first = error
            if self._number >= options.max_attempts or not may_repeat(
                request.call_class, first, options.max_retry_after
            ):
                if lookup is not None and options.max_attempts > 1 and isinstance(first, BadResponse):
                    found = await self._look(lookup)
                    if found is not None:
                        return found
                raise first
            try:
                return await retry(
                    first,
                    again,
                    call_class=request.call_class,
                    max_attempts=options.max_attempts - self._number + 1,
                    max_retry_after=options.max_retry_after,
                    seconds_left=self._deadline - asyncio.get_running_loop().time() - least_time(options.timeout),
                    budget=shared.budget,
                    operation=request.template,
                    travelled=lambda: self.sent_now is not Sent.NO,
                )
            except AuthFailed as error:
                if self._renewed:
                    raise
                first = error
            except NoAnswer as error:
                if lookup is not None and error.sent is not Sent.NO and not isinstance(error, OutcomeUnknown):
                    found = await self._look(lookup)
                    if found is not None:
                        return found
                raise

    async def _renew(self, error: NusantaraError) -> bool:
        """Whether the credentials were refused, for the first time in this call, and others can be tried now."""
        refused, self._refused = self._refused, None
        shared = self._client._shared
        if refused is None or self._renewed or self._is_over:
            return False
        try:
            if self._number >= self._client._options.max_attempts:
                note = getattr(shared.signer, "refused", None)
                if note is not None:
                    note(*refused)
            elif shared.renew is not None:
                self._renewed = True
                return await shared.renew(*refused)
        except NusantaraError as problem:
            error.__cause__ = problem
            error.hint = error.hint or problem.hint
        return False

    @property
    def _may_be_done(self) -> bool:
        """Whether some attempt may have been carried out. 401 and 429 are refusals."""
        return any(attempt.sent is not Sent.NO and attempt.status not in (401, 429) for attempt in self._failures)

    async def _look(self, lookup: Lookup[T]) -> T | None:
        """What was created, if it was. While that cannot be told, nothing may be sent again."""
        try:
            return await lookup()
        except ApiError as error:
            raise OutcomeUnknown(
                f"it may or may not have been carried out, and looking for it failed: {error}"
            ) from error

    def decisive(self, error: NusantaraError) -> NusantaraError:
        """The error that the call ends with. If its body could not be made again, that is the one before."""
        last = self._last
        if last is None or last.sent is Sent.NO or not isinstance(error, InvalidParameter):
            return error
        last.hint = f"not tried again: {error.message}"
        return last

    def final(self, error: NusantaraError) -> NusantaraError:
        """The error as the caller sees it: with the history, and named for what it means for this call."""
        sent = Sent.furthest(attempt.sent for attempt in self._failures) if self._failures else error.sent
        if (
            isinstance(error, NoAnswer)
            and not isinstance(error, OutcomeUnknown)
            and sent is not Sent.NO
            and self._request.call_class is not CallClass.SAFE
            and not (isinstance(error, BadResponse) and not error.incomplete)
        ):
            unknown = OutcomeUnknown(
                f"it may or may not have been carried out: {error.message}",
                hint="look before trying again: a repeat could do it twice"
                if self._request.call_class is CallClass.UNREPEATABLE
                else error.hint,
            )
            unknown.status, unknown.request_id = error.status, error.request_id
            self._describe(error, sent)
            error = unknown
        self._describe(error, sent)
        return error

    def _describe(self, error: NusantaraError, sent: Sent) -> None:
        error.method, error.template = self._request.method, self._request.template
        error.attempts = tuple(self._failures)
        error.sent = sent

    async def _tell(
        self, hooks: tuple[Any, ...], response: Response | None = None, error: NusantaraError | None = None
    ) -> None:
        from nusantara.hooks import Event, run_hooks

        over = response is not None or error is not None
        event = Event(
            vendor=self._client.vendor,
            method=self._request.method,
            template=self._request.template,
            call_class=self._request.call_class,
            attempt=self._number,
            status=response.status if response is not None else error.status if error is not None else None,
            elapsed=time.perf_counter() - self._started if over else None,
            size=len(response.body) if response is not None else None,
            error=error,
        )
        task = asyncio.current_task()
        assert task is not None
        late, cancelled = self._is_over, task.cancelling()
        try:
            await run_hooks(hooks, event, late=late)
        except asyncio.CancelledError:
            # A timeout that ends the wait for a hook does not take away the answer that is here.
            if late or not over or not self._is_over or task.cancelling() > cancelled + 1:
                raise

    def _log(self, level: int, what: str, *, status: int | None, size: int | None = None) -> None:
        log = self._client._shared.log
        if not log.isEnabledFor(level):
            return
        elapsed = time.perf_counter() - self._started
        request = self._request
        log.log(
            level,
            "%s %s %s (attempt %d, %.0f ms)",
            request.method,
            request.template,
            what,
            self._number,
            elapsed * 1000,
            extra={
                "vendor": self._client.vendor,
                "method": request.method,
                "template": request.template,
                "call_class": str(request.call_class),
                "attempt": self._number,
                "status": status,
                "size": size,
                "elapsed": elapsed,
            },
        )


class Resource:
    """Base of a group of operations, as in ``client.messages``."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


_BY_STATUS: dict[int, type[ApiError]] = {401: AuthFailed, 403: Forbidden, 404: NotFound, 429: RateLimited}


def api_error(
    response: Response,
    message: str | None,
    *,
    kind: type[ApiError] | None = None,
    code: str | int | None = None,
    details: Any = None,
) -> ApiError:
    """An :class:`~nusantara.errors.ApiError` of the kind that the status says, unless told otherwise."""
    status = response.status
    if kind is None:
        kind = _BY_STATUS.get(status) or (ServerError if status >= 500 else BadRequest if status >= 400 else ApiError)
    error = kind(message or f"the server answered {status}")
    error.status = status
    error.code = code
    error.details = details
    error.body = response.body[:ERROR_BODY]
    error.request_id = _request_id(response)
    error.retry_after = parse_retry_after(response.headers.get("Retry-After"), date=response.headers.get("Date"))
    if isinstance(error, RateLimited):
        wait = error.retry_after
        error.hint = f"wait {math.ceil(wait)} s" if wait else "call less often; rate_limit= of the client spreads calls"
    return error


def _placed(error: BadResponse, request: Request, response: Response) -> BadResponse:
    """The error with what is known of its call."""
    error.method, error.template, error.sent = request.method, request.template, Sent.YES
    error.status = response.status
    error.request_id = _request_id(response)
    return error


def _request_id(response: Response) -> str | None:
    value = response.headers.get("X-Request-Id")
    return None if value is None else excerpt_of(value, 100)


def clean_base_url(url: str) -> str:
    """Check a base URL and drop its trailing slashes, so that every spelling gives the same paths."""
    if not isinstance(url, str):
        raise InvalidParameter("base_url", f"must be text, not {type(url).__name__}")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise InvalidParameter("base_url", f"is not a URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidParameter("base_url", "must look like https://host or https://host/prefix")
    if parts.username or parts.password:
        raise InvalidParameter("base_url", "must not hold credentials; give them to the client")
    if parts.query or parts.fragment or any(char in url for char in "\r\n\0"):
        raise InvalidParameter("base_url", "must not hold a query, a fragment or control characters")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    authority = host if port is None else f"{host}:{port}"
    return f"{parts.scheme}://{authority}{parts.path.rstrip('/')}"


def with_headers(headers: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Headers with others added, or put in the place of those of the same name in another case."""
    replaced = {name.lower() for name in more}
    return {**{name: value for name, value in headers.items() if name.lower() not in replaced}, **more}


def from_environment(variable: str, parameter: str) -> str:
    """The value of a required environment variable."""
    value = os.environ.get(variable)
    if not value:
        raise ConfigurationError(
            f"the environment variable {variable} is not set", hint=f"set it, or give {parameter} to the client"
        )
    return value


def _ssl_context(ca_bundle: str | os.PathLike[str] | ssl.SSLContext | None, base_url: str) -> ssl.SSLContext | None:
    if ca_bundle is None:
        # Without these variables aiohttp's context will do; with them it would show what they were at its import.
        variables = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
        return _environment_context(*variables) if any(variables) and base_url.startswith("https:") else None
    import ssl

    if isinstance(ca_bundle, ssl.SSLContext):
        return ca_bundle
    try:
        return ssl.create_default_context(cafile=os.fspath(ca_bundle))
    except (OSError, ssl.SSLError) as error:
        raise InvalidParameter("ca_bundle", f"cannot be read as certificates: {error.strerror or error}") from None


@functools.lru_cache(maxsize=8)
def _environment_context(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The context that ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` ask for. OpenSSL itself would pass over a wrong file."""
    import ssl

    try:
        if file:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"the environment variable SSL_CERT_FILE names a file that cannot be read as certificates: "
            f"{error.strerror or error}",
            hint="correct it or unset it, or give ca_bundle= to the client",
        ) from None
    return ssl.create_default_context()
