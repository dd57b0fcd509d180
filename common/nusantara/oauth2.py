"""OAuth 2.0 (RFC 6749): bearer tokens that are fetched when needed and renewed before they expire.

What asks the token endpoint is the vendor's function; when to ask, for whom, and what a failure means is decided here.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import math
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import attrs

from nusantara import codec
from nusantara.checks import check_seconds
from nusantara.errors import (
    ApiError,
    AuthFailed,
    BadResponse,
    ConfigurationError,
    InvalidParameter,
    NoAnswer,
    NusantaraError,
    Phase,
    Sent,
    StoreUnavailable,
    Timeout,
)
from nusantara.introspection import documented
from nusantara.model import LooseInt, Model, SecretStr, model
from nusantara.request import Request
from nusantara.response import Response
from nusantara.secret import HiddenText, Secret, check_credential, credential, hide
from nusantara.signing import GuardedStore
from nusantara.token_store import MemoryStore, TokenStore

__all__ = ["BearerAuth", "ClientCredentials", "Fetch", "Grant", "Password", "Token", "read_token"]

log = logging.getLogger("nusantara.oauth2")


# --- Tokens


_TOKEN: Final = re.compile(r"[\x21-\x7e]+").fullmatch


def _credential(_: object, field: attrs.Attribute[Any], value: object) -> None:
    check_credential(field.name, value)


def _sendable(_: object, field: attrs.Attribute[Any], value: Secret | None) -> None:
    if value is None and field.default is None:
        return
    if not _TOKEN(credential(field.name, value)):
        raise InvalidParameter(field.name, "is not a token: there is white space or other than ASCII in it")


def _aware(_: object, field: attrs.Attribute[Any], value: datetime | None) -> None:
    if value is not None and value.tzinfo is None:
        raise InvalidParameter(field.name, "must have a time zone")


@documented
@attrs.frozen(kw_only=True, init=False)
class Token:
    """An access token and what goes with it."""

    access_token: Secret = attrs.field(validator=_sendable)
    token_type: str = "Bearer"  # noqa: S105
    expires_at: datetime | None = attrs.field(default=None, validator=_aware)
    """By this machine's clock; ``None`` if it is not known to expire."""
    refresh_token: Secret | None = attrs.field(default=None, validator=_sendable)
    """What gets the next token. Many servers take it once only."""
    scope: str | None = None
    """As the server wrote it."""

    def __init__(
        self,
        *,
        access_token: Secret | str,
        token_type: str = "Bearer",  # noqa: S107
        expires_at: datetime | None = None,
        refresh_token: Secret | str | None = None,
        scope: str | None = None,
    ) -> None:
        access_token, refresh_token = hide(access_token), hide(refresh_token)
        self.__attrs_init__(  # pyright: ignore[reportAttributeAccessIssue]
            access_token=access_token,
            token_type=token_type,
            expires_at=expires_at,
            refresh_token=refresh_token,
            scope=scope,
        )


@model
class _TokenAnswer(Model):
    access_token: SecretStr
    token_type: str = "Bearer"  # noqa: S105
    expires_in: LooseInt | None = None
    refresh_token: SecretStr | None = None
    scope: str | None = None


LONGEST_LIFE: Final = 10 * 365 * 24 * 60 * 60
"""Seconds. What lives longer is taken not to expire."""


def read_token(document: Any) -> Token:
    """A token from the answer of a token endpoint (RFC 6749 section 5.1), a JSON document.

    Raises:
        BadResponse: It is not such an answer, or the token is not a bearer token.
    """
    # Not oauthlib's parse_token_response: that takes fields of any type, and raises errors that hold the token.
    answer = codec.structure(document, _TokenAnswer)
    if answer.token_type.lower() != "bearer":
        raise BadResponse("the token endpoint answered with a token that is not a bearer token")
    expires_at = None
    if answer.expires_in is not None and answer.expires_in <= LONGEST_LIFE:
        expires_at = datetime.fromtimestamp(time.time() + max(answer.expires_in, 0), UTC)
    try:
        return Token(
            access_token=answer.access_token,
            expires_at=expires_at,
            refresh_token=answer.refresh_token,
            scope=answer.scope,
        )
    except InvalidParameter as error:
        problem = error.message
    raise BadResponse(f"the token endpoint answered with a token that cannot be used: {problem}")


# --- Grants


class Grant(Protocol):
    """A way to get a token from nothing but what the program holds."""

    def params(self) -> dict[str, str]:
        """Fields for the token endpoint, beside those that name the client."""
        ...


@attrs.frozen(kw_only=True)
class ClientCredentials:
    """The program itself (RFC 6749 section 4.4)."""

    scope: str | None = None

    def params(self) -> dict[str, str]:
        return _fields(grant_type="client_credentials", scope=self.scope)


@attrs.frozen(kw_only=True, init=False)
class Password:
    """A user by name and password (RFC 6749 section 4.3)."""

    username: str = attrs.field(validator=_credential)
    password: Secret = attrs.field(validator=_credential)
    scope: str | None = None

    def __init__(self, *, username: str, password: Secret | str, scope: str | None = None) -> None:
        password = hide(password)
        self.__attrs_init__(  # pyright: ignore[reportAttributeAccessIssue]
            username=username, password=password, scope=scope
        )

    def params(self) -> dict[str, str]:
        return _fields(
            grant_type="password", username=self.username, password=HiddenText(self.password.reveal()), scope=self.scope
        )


def _fields(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


Fetch = Callable[[Mapping[str, str]], Awaitable[Token]]
"""Asks the token endpoint. It gets the fields of the grant, adds what names the client, sends them, and reads the
answer with :func:`read_token`. A refusal is an :exc:`~nusantara.errors.ApiError` whose ``code`` is the ``error`` of RFC
6749 section 5.2. It must not repeat a request of the grant type ``refresh_token`` that may have arrived, and must not
itself go through a client that uses the same :class:`BearerAuth`."""


# --- The signer


def _check_token(token: object, *, or_none: bool = False) -> None:
    if not isinstance(token, Token) and not (or_none and token is None):
        raise InvalidParameter("token", f"must be a Token, not {type(token).__name__}")


EARLY: Final = 30.0
TIMEOUT: Final = 30.0
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
LONGEST_ASKED_PAUSE: Final = 60.0
PATIENCE: Final = 5.0
"""Seconds for which calls whose token is good wait for the next one, if the store or the token endpoint is silent."""
LOG_IN_AGAIN: Final = "log in again"


class BearerAuth:
    """Signs with a bearer token, and gets a new one when it expires or is refused.

    However many calls need a new token, it is asked for once; the calls wait for it together, and cancelling one of
    them changes nothing for the others. If it cannot be had, they all get the same error, and calls that come later ask
    again, after a pause that grows from half a second to eight.

    Use one object for one credential. It belongs to one event loop at a time.

    Args:
        fetch: Asks the token endpoint; see :data:`Fetch`.
        grant: How to get a token from nothing: :class:`ClientCredentials`, or :class:`Password`. Without it somebody
            has to log in when the refresh token is used up.
        token: The token to start with, if it does not come from a store.
        store: Where the token is kept, to outlast this object, and shared with other processes, of which one at a time
            renews it; :meth:`adopt` puts the first one there. By default it is kept in memory.
        early: Seconds before its end at which a token is renewed, but not before half of what it had left when it came.
        timeout: Seconds for one request to the token endpoint. The lease of a store's lock should be twice as long.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        grant: Grant | None = None,
        token: Token | None = None,
        store: TokenStore | None = None,
        early: float = EARLY,
        timeout: float = TIMEOUT,
    ) -> None:
        token = hide(token)
        if token is not None and store is not None:
            raise InvalidParameter("token", "comes from the store, if there is one; adopt() puts it there")
        _check_token(token, or_none=True)
        check_seconds("early", early, zero=True)
        check_seconds("timeout", timeout)
        self._fetch = fetch
        self._grant = grant
        self._store = GuardedStore(MemoryStore() if store is None else store)
        self._shared = store is not None
        self._early = early
        self._timeout = timeout
        self._token: Token | None = None
        self._headers: Mapping[str, str] | None = None
        self._renew_at = -math.inf
        """By the clock of the wall, as the token's own end is."""
        self._unsaved = False
        """Whether the token in use is newer than the one in the store, because that could not be written."""
        self._replaced: Secret | None = None
        """The access token that is then in the store."""
        self._warned: type[NusantaraError] | None = None
        """What the last warning was about: of each trouble there is one, however long it lasts."""
        self._renewal: asyncio.Task[None] | None = None
        self._patient_until = 0.0
        """When calls with a good token no longer wait for the renewal under way."""
        self._failures = 0
        self._not_before = -math.inf
        if token is not None:
            self._use(token)

    @property
    def token(self) -> Token | None:
        """The token in use."""
        return self._token

    async def adopt(self, token: Token) -> None:
        """Use and store a token that was got in another way, as when a user has logged in."""
        token = hide(token)
        _check_token(token)
        async with self._store.lock():
            await self._store.save(_document(token, spent=False))
        self._use(token)
        self._unsaved = False
        self._failures, self._not_before = 0, -math.inf

    async def forget(self) -> None:
        """Use no token any more and remove it from the store, as when a user has logged out.

        Raises:
            StoreUnavailable: It is not in use any more, but still in the store.
        """
        self._token = self._headers = None
        self._renew_at = -math.inf
        self._unsaved = False
        async with self._store.lock():
            await self._store.delete()

    async def settle(self) -> None:
        """Wait for a renewal under way, before its connections are closed: an answer that is lost may cost a log-in."""
        task = self._renewal
        if task is not None and not task.done() and task.get_loop() is asyncio.get_running_loop():
            await asyncio.wait([task])

    # --- What a client calls

    async def prepare(self) -> None:
        """Make sure that there is a token to sign with, before an attempt."""
        if time.time() < self._renew_at:
            return
        if self._usable and time.monotonic() < self._not_before:
            return  # It was tried just now, and there is still time.
        await self._renew_together()

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        """The ``Authorization`` header (RFC 6750 section 2.1)."""
        if self._headers is None:
            raise ConfigurationError("there is no access token yet")
        return self._headers

    async def renew(self, signed: Mapping[str, str], refusal: Response) -> bool:
        """Whether an attempt that was refused for its token should be made once more, with another one.

        Args:
            signed: What :meth:`sign` returned for that attempt.
            refusal: The answer.

        Raises:
            AuthFailed: There is no other token to be had.
        """
        refused = self._token
        if not self._signed_otherwise(signed) and self._renewable:
            await self._renew_together(refused)
        return self._signed_otherwise(signed)

    def refused(self, signed: Mapping[str, str], refusal: Response) -> None:
        """Have the next call get another token, because this one was refused and its call makes no further attempt."""
        if not self._signed_otherwise(signed) and self._renewable:
            self._renew_at = -math.inf

    def _signed_otherwise(self, signed: Mapping[str, str]) -> bool:
        """Whether :meth:`sign` now returns another header, to which another call may have seen."""
        return self._headers is not None and self._headers["Authorization"] != signed.get("Authorization")

    def __repr__(self) -> str:
        return "BearerAuth(***)"

    # --- Renewing

    @property
    def _usable(self) -> bool:
        """Whether there is a token that has not expired."""
        token = self._token
        return token is not None and (token.expires_at is None or token.expires_at.timestamp() > time.time())

    @property
    def _renewable(self) -> bool:
        token = self._token
        return self._grant is not None or self._shared or token is None or token.refresh_token is not None

    def _use(self, token: Token) -> None:
        self._token = token
        self._headers = {"Authorization": HiddenText(f"Bearer {token.access_token.reveal()}")}
        self._renew_at = self._due(token)

    def _due(self, token: Token) -> float:
        """When a token is to be renewed that is good from now on."""
        if token.expires_at is None or not self._renewable:
            return math.inf
        end, now = token.expires_at.timestamp(), time.time()
        return end - min(self._early, max(end - now, 0.0) / 2)

    async def _renew_together(self, refused: Token | None = None) -> None:
        """Wait for the renewal under way, or start one."""
        task = self._renewal
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._renewal = asyncio.create_task(self._renew(refused), name="nusantara token renewal")
            self._patient_until = time.monotonic() + PATIENCE
            # All who wait may go on with a good token before it fails.
            task.add_done_callback(lambda task: task.cancelled() or task.exception())
        if refused is None and self._usable:
            await asyncio.wait([task], timeout=max(self._patient_until - time.monotonic(), 0.0))
            if not task.done() and self._usable:
                return
        try:
            return await asyncio.shield(task)
        except NusantaraError as error:
            failure = error
        # A copy for each: the client writes the history of a call into its error. The one that they share would
        # otherwise collect the frames of all who wait.
        failure.__traceback__ = None
        raise copy.copy(failure) from failure.__cause__

    async def _renew(self, refused: Token | None) -> None:
        await asyncio.sleep(max(self._not_before - time.monotonic(), 0.0))
        try:
            async with self._store.lock():
                await self._renew_alone(refused)
        except NusantaraError as error:
            if isinstance(error, StoreUnavailable):
                self._back_off()
            if refused is not None or not self._usable:
                raise
            self._not_before = max(self._not_before, time.monotonic() + FIRST_PAUSE)
            self._warn("the access token could not be renewed yet: %s", error)
        else:
            if not self._unsaved:
                self._warned = None

    def _warn(self, text: str, error: NusantaraError) -> None:
        """Say once that there is trouble, which calls do not notice as long as the token in use is good."""
        if type(error) is not self._warned:
            self._warned = type(error)
            log.warning(text, error)

    def _back_off(self, asked: float = 0.0) -> None:
        """Let a pause pass before the next try, twice as long as the one before."""
        pause = max(min(FIRST_PAUSE * 2**self._failures, LONGEST_PAUSE), asked)
        self._failures = min(self._failures + 1, 10)
        self._not_before = time.monotonic() + pause

    async def _renew_alone(self, refused: Token | None) -> None:
        """With the store's lock held: take what another process has got, or else get a token."""
        stored, spent = await self._stored()
        if self._unsaved and self._token is not None:
            if stored is None or stored.access_token == self._replaced:
                stored, spent = None, False
                await self._save(self._token, self._replaced)
                if refused is None and time.time() < (due := self._due(self._token)):
                    self._renew_at = due if not self._unsaved else self._renew_at
                    return
            else:
                self._unsaved = False  # Somebody has stored another one since.
        current = self._token if stored is None else stored
        known = [token.access_token for token in (self._token, refused) if token is not None]
        if stored is not None and stored.access_token not in known:
            self._use(stored)
            if self._usable and time.time() < self._renew_at:
                return
        if current is not None and current.refresh_token is not None and not spent:
            token = await self._refresh(current, current.refresh_token)
        elif self._grant is None:
            problem = "there is no access token" if current is None else "the access token cannot be renewed any more"
            raise _failed(problem, LOG_IN_AGAIN)
        else:
            token = None
        if token is None:
            assert self._grant is not None
            token = await self._ask(self._grant.params())
        self._use(token)
        await self._save(token, None if current is None else current.access_token)

    async def _save(self, token: Token, replaced: Secret | None) -> None:
        """Store the token in use. If that fails it stays in use, and is stored as soon as that can be done.

        Args:
            replaced: The access token that is in the store.
        """
        try:
            await self._store.save(_document(token, spent=False))
        except NusantaraError as error:
            if not self._unsaved:
                self._unsaved, self._replaced = True, replaced
            self._back_off()
            self._renew_at = -math.inf
            self._warn("the new access token works but could not be stored: %s", error)
        else:
            self._unsaved = False

    async def _refresh(self, current: Token, refresh_token: Secret) -> Token | None:
        """The next token, or None if the refresh token is used up and the grant has to be asked instead.

        That the refresh token is on its way is stored first. So it is not sent twice, not even by the next process if
        this one dies: a server that has seen it before may take that for theft and close everything.
        """
        await self._store.save(_document(current, spent=True))
        fields = _fields(grant_type="refresh_token", refresh_token=HiddenText(refresh_token.reveal()))
        try:
            token = await self._ask(fields)
        except AuthFailed as error:
            if error.code == "invalid_grant" or isinstance(error.__cause__, NoAnswer):
                if self._grant is not None:
                    return None
                error.hint = LOG_IN_AGAIN
            else:
                await self._save(current, current.access_token)
            raise
        except NusantaraError as error:
            if error.sent is Sent.NO:
                await self._save(current, current.access_token)
            raise
        return attrs.evolve(
            token, refresh_token=token.refresh_token or refresh_token, scope=token.scope or current.scope
        )

    async def _ask(self, fields: Mapping[str, str]) -> Token:
        """Ask the token endpoint. Its failures are named from the view of the call that needs the token."""
        failure: ApiError | NoAnswer
        try:
            async with asyncio.timeout(self._timeout):
                token = await self._fetch(fields)
            self._failures, self._not_before = 0, -math.inf
            return token
        except (ApiError, NoAnswer) as error:
            failure = error
        except TimeoutError:
            failure = Timeout(Phase.TOTAL, f"no answer within {self._timeout:g} s")
            failure.sent = Sent.MAYBE
        self._back_off(min(getattr(failure, "retry_after", None) or 0.0, LONGEST_ASKED_PAUSE))
        if failure.sent is Sent.NO and not isinstance(failure, BadResponse):
            raise failure
        if isinstance(failure, ApiError):
            made = _failed(f"the token endpoint refused: {failure.message}", failure.hint)
            made.status, made.code, made.retry_after = failure.status, failure.code, failure.retry_after
        else:
            made = _failed(f"the token endpoint gave no usable answer: {failure.message}", failure.hint)
        raise made from failure

    async def _stored(self) -> tuple[Token | None, bool]:
        """The token in the store, and whether its refresh token has been sent off before."""
        document = await self._store.load()
        if document is None:
            return None, False
        try:
            stored = codec.structure(document, _Stored)
            token = Token(
                access_token=stored.access_token,
                expires_at=stored.expires_at,
                refresh_token=stored.refresh_token,
                scope=stored.scope,
            )
        except (BadResponse, InvalidParameter) as error:
            problem = error.message
        else:
            return token, stored.spent
        del document  # It holds the token, and this frame may be seen in a traceback.
        raise ConfigurationError(f"the stored token cannot be used: {problem}", hint=LOG_IN_AGAIN)


@model
class _Stored(Model):
    access_token: SecretStr
    expires_at: datetime | None
    refresh_token: SecretStr | None
    scope: str | None
    spent: bool


def _document(token: Token, *, spent: bool) -> dict[str, Any]:
    return {
        "access_token": token.access_token.reveal(),
        "expires_at": None if token.expires_at is None else token.expires_at.isoformat(),
        "refresh_token": None if token.refresh_token is None else token.refresh_token.reveal(),
        "scope": token.scope,
        "spent": spent,
    }


def _failed(message: str, hint: str | None) -> AuthFailed:
    error = AuthFailed(message, hint=hint)
    # Of the call that needs the token nothing has left.
    error.sent = Sent.NO
    return error
