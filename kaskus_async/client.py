"""The KASKUS client."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from kaskus_async.enums import Output
from kaskus_async.refusals import has_any_key, may_refuse, message_of, refusal_in, said_instead
from kaskus_async.requests import BASE_PATH
from nusantara.call import api_error
from nusantara.checks import base_url_from_environment, clean_base_url, with_headers
from nusantara.client import AsyncClient, Settings, environment_credential, from_environment
from nusantara.errors import ApiError, AuthFailed, BadResponse, ConfigurationError, DecodeError, InvalidParameter
from nusantara.model import Model
from nusantara.options import NOT_GIVEN, NotGiven
from nusantara.record import Record
from nusantara.request import Request
from nusantara.response import Response
from nusantara.secret import Secret, hide, hide_in
from nusantara.signing import NoAuth, Signer

if TYPE_CHECKING:
    from kaskus_async.account import Account
    from kaskus_async.auth import Authentication
    from kaskus_async.badges import Badges
    from kaskus_async.bank_accounts import BankAccounts
    from kaskus_async.content import Content
    from kaskus_async.fjb.groups import Fjb
    from kaskus_async.following import Following
    from kaskus_async.forum_tags import ForumTags
    from kaskus_async.forums import Forums
    from kaskus_async.friend_requests import FriendRequests
    from kaskus_async.friends import Friends
    from kaskus_async.images import Images
    from kaskus_async.posts import Posts
    from kaskus_async.private_messages import PrivateMessages
    from kaskus_async.push_notifications import PushNotifications
    from kaskus_async.registration import Registration
    from kaskus_async.reputation import ReputationPoints
    from kaskus_async.search import Search
    from kaskus_async.smileys import Smileys
    from kaskus_async.sms import Sms
    from kaskus_async.stickers import Stickers
    from kaskus_async.streams import Streams
    from kaskus_async.subscriptions import Subscriptions
    from kaskus_async.threads import Threads
    from kaskus_async.users import Users
    from kaskus_async.visitor_messages import VisitorMessages
    from kaskus_async.wallet import Wallet
    from nusantara.limits import RateLimit
    from nusantara.oauth2 import Token
    from nusantara.signing import OAuth1
    from nusantara.token_store import TokenStore

__all__ = ["AsyncKaskus"]

T = TypeVar("T")

BASE_URL = "https://www.kaskus.co.id"
RENEWAL_GRACE = 5.0
"""Seconds for a renewal under way when the client is closed."""


class AsyncKaskus(AsyncClient):
    """KASKUS, as an application or as one of its users.

    Args:
        consumer_key: Key of the application.
        consumer_secret: Secret of the application. Without a token, calls are signed for the application alone, which
            public reads accept.
        token: OAuth 1.0a token of a user, from :meth:`auth.log_in <kaskus_async.auth.Authentication.log_in>`.
        token_secret: Secret of that token.
        output: Format to ask for. Results are the same; JSON is cheaper to read.
        base_url: Another site than https://www.kaskus.co.id, such as a sandbox. The path ``/api/oauth`` is added if it
            is not there.
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

    vendor = "kaskus"

    output: Output
    """Format that is asked for."""

    def __init__(
        self,
        consumer_key: str,
        consumer_secret: Secret | str,
        *,
        token: str | None = None,
        token_secret: Secret | str | None = None,
        output: Output | str = Output.JSON,
        base_url: str | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        consumer_secret, token_secret = hide(consumer_secret), hide(token_secret)
        hide_in(settings, "proxy")
        from nusantara.signing import OAuth1

        if (token is None) != (token_secret is None):
            raise InvalidParameter("token" if token is None else "token_secret", "is missing: the two go together")
        consumer = OAuth1(consumer_key, consumer_secret)
        signer = consumer if token is None or token_secret is None else consumer.with_token(token, token_secret)
        self._start(consumer, signer, output, base_url, settings)

    def _start(
        self,
        consumer: OAuth1 | None,
        signer: Signer,
        output: Output | str,
        base_url: str | None,
        settings: Settings,
    ) -> None:
        self._consumer = consumer
        try:
            self.output = Output(output)
        except ValueError:
            raise InvalidParameter("output", f"must be json or xml, not {output!r}") from None
        super().__init__(_site(BASE_URL if base_url is None else base_url), signer, settings)

    @classmethod
    def from_env(cls, *, output: Output | str = Output.JSON, **settings: Unpack[Settings]) -> Self:
        """A client from ``KASKUS_CONSUMER_KEY``, ``KASKUS_CONSUMER_SECRET`` and, if set, ``KASKUS_TOKEN``,
        ``KASKUS_TOKEN_SECRET`` and ``KASKUS_BASE_URL``.

        Args:
            output: Format to ask for. Results are the same; JSON is cheaper to read.
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
            from_environment("KASKUS_CONSUMER_KEY", "consumer_key"),
            from_environment("KASKUS_CONSUMER_SECRET", "consumer_secret"),
            token=environment_credential("KASKUS_TOKEN"),
            token_secret=environment_credential("KASKUS_TOKEN_SECRET"),
            output=output,
            base_url=base_url_from_environment("KASKUS_BASE_URL"),
            **settings,
        )

    @classmethod
    def with_oauth2(
        cls,
        client_id: str,
        client_secret: Secret | str,
        *,
        username: str | None = None,
        password: Secret | str | None = None,
        scope: Sequence[str] | None = None,
        token: Token | None = None,
        store: TokenStore | None = None,
        output: Output | str = Output.JSON,
        base_url: str | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """A client that signs with OAuth 2 bearer tokens, which it gets when it needs one and renews before they end.

        Without ``username`` and ``token`` it speaks for the application, otherwise for the user. However many calls
        need a new token, it is asked for once. A call whose token is refused is made once more with a new one.

        Args:
            client_id: Id of the application, for OAuth 2.
            client_secret: Secret of the application, for OAuth 2.
            username: Name of the user.
            password: The user's. Without it a token is needed, here or in the store, and when that can be renewed no
                more, calls raise :exc:`~nusantara.errors.AuthFailed`.
            scope: What the token is to allow, such as ``["thread.read", "thread.write"]``.
            token: A token to begin with.
            store: Where tokens are kept to outlast this client, such as a :class:`~nusantara.token_store.FileStore`.
                One store is for one user, or for the application.
            output: Format to ask for. Results are the same; JSON is cheaper to read.
            base_url: Another site than https://www.kaskus.co.id, such as a sandbox. The path ``/api/oauth`` is added if
                it is not there.
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
        client_secret, password, token = hide(client_secret), hide(password), hide(token)
        hide_in(settings, "proxy")
        from kaskus_async.oauth.token_endpoint import bearer_auth

        plain = cls.__new__(cls)
        plain._start(None, NoAuth(), output, base_url, settings)

        async def ask(request: Request) -> Any:
            return plain._document(await plain._exchange(request))

        signer = bearer_auth(
            ask,
            client_id,
            client_secret,
            username=username,
            password=password,
            scope=scope,
            token=token,
            store=store,
        )
        return plain._signed_by(signer)

    def with_token(
        self,
        token: str,
        token_secret: Secret | str,
        *,
        rate_limit: RateLimit | NotGiven | None = NOT_GIVEN,
        tags: Mapping[str, str] | None = None,
    ) -> Self:
        """A cheap copy that speaks for the user of an OAuth 1.0a token, on the same connections. Closing it ends it
        alone.

        Args:
            token: Token of the user.
            token_secret: Secret of that token.
            rate_limit: A limit for this user; by default the client's, as that of the application; None for none.
            tags: Added to those of the client, such as ``{"tenant": "toko-7"}``.

        Raises:
            ConfigurationError: The client has no consumer key.
        """
        token_secret = hide(token_secret)
        return self._for_tenant(self._application().with_token(token, token_secret), rate_limit=rate_limit, tags=tags)

    def _as_application(self) -> Self:
        """A copy that speaks for the application alone."""
        return self._signed_by(self._application())

    def _application(self) -> OAuth1:
        if self._consumer is None:
            raise ConfigurationError(
                "this needs a consumer key and its secret, and this client was made with OAuth 2",
                hint="make a client with AsyncKaskus(consumer_key, consumer_secret)",
            )
        return self._consumer

    async def aclose(self) -> None:
        """Close all connections, of this client and of its copies. Running calls get five seconds; calling twice is
        fine."""
        settle = getattr(self._shared.signer, "settle", None)
        if settle is not None:
            # If the answer to a renewal were lost, the user would have to log in again.
            with suppress(TimeoutError):
                async with asyncio.timeout(RENEWAL_GRACE):
                    await settle()
        await super().aclose()

    @cached_property
    def reputation(self) -> ReputationPoints:
        """Reputation, given for posts."""
        from kaskus_async.reputation import ReputationPoints

        return ReputationPoints(self)

    @cached_property
    def forums(self) -> Forums:
        """Forums and what is in them."""
        from kaskus_async.forums import Forums

        return Forums(self)

    @cached_property
    def forum_tags(self) -> ForumTags:
        """Tags that group forums."""
        from kaskus_async.forum_tags import ForumTags

        return ForumTags(self)

    @cached_property
    def threads(self) -> Threads:
        """Threads: reading, starting and rating them, and the hot ones."""
        from kaskus_async.threads import Threads

        return Threads(self)

    @cached_property
    def posts(self) -> Posts:
        """Posts: reading, writing and changing them."""
        from kaskus_async.posts import Posts

        return Posts(self)

    @cached_property
    def search(self) -> Search:
        """Searching for threads, lapak, users and groups."""
        from kaskus_async.search import Search

        return Search(self)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """What the signed-in user subscribed to."""
        from kaskus_async.subscriptions import Subscriptions

        return Subscriptions(self)

    @cached_property
    def streams(self) -> Streams:
        """The stream of what friends write."""
        from kaskus_async.streams import Streams

        return Streams(self)

    @cached_property
    def images(self) -> Images:
        """Uploading images."""
        from kaskus_async.images import Images

        return Images(self)

    @cached_property
    def smileys(self) -> Smileys:
        """Smileys: the pictures that stand for pieces of text."""
        from kaskus_async.smileys import Smileys

        return Smileys(self)

    @cached_property
    def stickers(self) -> Stickers:
        """Stickers."""
        from kaskus_async.stickers import Stickers

        return Stickers(self)

    @cached_property
    def content(self) -> Content:
        """Lists that the site is built of, and previews of videos."""
        from kaskus_async.content import Content

        return Content(self)

    @cached_property
    def fjb(self) -> Fjb:
        """The marketplace, Forum Jual Beli."""
        from kaskus_async.fjb.groups import Fjb

        return Fjb(self)

    @cached_property
    def private_messages(self) -> PrivateMessages:
        """Private messages and their folders."""
        from kaskus_async.private_messages import PrivateMessages

        return PrivateMessages(self)

    @cached_property
    def visitor_messages(self) -> VisitorMessages:
        """Visitor messages, which stand on users' profiles."""
        from kaskus_async.visitor_messages import VisitorMessages

        return VisitorMessages(self)

    @cached_property
    def push_notifications(self) -> PushNotifications:
        """Receivers of push notifications."""
        from kaskus_async.push_notifications import PushNotifications

        return PushNotifications(self)

    @cached_property
    def auth(self) -> Authentication:
        """Signing in."""
        from kaskus_async.auth import Authentication

        return Authentication(self)

    @cached_property
    def account(self) -> Account:
        """The signed-in user's own account."""
        from kaskus_async.account import Account

        return Account(self)

    @cached_property
    def users(self) -> Users:
        """Users: who they are, and who looked at them."""
        from kaskus_async.users import Users

        return Users(self)

    @cached_property
    def following(self) -> Following:
        """Following users."""
        from kaskus_async.following import Following

        return Following(self)

    @cached_property
    def friends(self) -> Friends:
        """Friends."""
        from kaskus_async.friends import Friends

        return Friends(self)

    @cached_property
    def friend_requests(self) -> FriendRequests:
        """Requests to be friends."""
        from kaskus_async.friend_requests import FriendRequests

        return FriendRequests(self)

    @cached_property
    def registration(self) -> Registration:
        """Registration of new users."""
        from kaskus_async.registration import Registration

        return Registration(self)

    @cached_property
    def sms(self) -> Sms:
        """Text messages to mobile phones."""
        from kaskus_async.sms import Sms

        return Sms(self)

    @cached_property
    def wallet(self) -> Wallet:
        """The wallet of the signed-in user."""
        from kaskus_async.wallet import Wallet

        return Wallet(self)

    @cached_property
    def bank_accounts(self) -> BankAccounts:
        """Bank accounts to which the signed-in user has money paid."""
        from kaskus_async.bank_accounts import BankAccounts

        return BankAccounts(self)

    @cached_property
    def badges(self) -> Badges:
        """Badges, given to users."""
        from kaskus_async.badges import Badges

        return Badges(self)

    def _fixed_headers(self) -> dict[str, str]:
        # The reference names text/json only; text/xml is its counterpart, and XML is the default of the vendor anyway.
        return with_headers(
            super()._fixed_headers(), {"Return-Type": "text/json" if self.output is Output.JSON else "text/xml"}
        )

    def _judge(self, request: Request, response: Response) -> None:
        """The HTTP status decides, and what the document says, which may refuse with any status."""
        if not 200 <= response.status < 300:
            raise self._refusal(response)
        document: Any = None
        with suppress(BadResponse):  # Told by whoever reads the answer, if anybody does.
            if response.format != "xml":
                document = response.json()
            elif may_refuse(response.body):
                document = response.xml()
        found = refusal_in(document)
        if found is not None:
            kind = AuthFailed if found.code == "invalid_token" else ApiError
            raise api_error(response, found.message, kind=kind, code=found.code, details=document)

    def _refusal(self, response: Response) -> ApiError:
        error = super()._refusal(response)
        if response.format == "xml":
            with suppress(BadResponse):
                error.details = self._document(response)
                message, error.code = self._explain(error.details)
                error.message = message or error.message
        if error.code == "invalid_token" and not isinstance(error, AuthFailed):
            return api_error(response, error.message, kind=AuthFailed, code=error.code, details=error.details)
        return error

    def _explain(self, document: Any) -> tuple[str | None, str | int | None]:
        found = refusal_in(document)
        return (message_of(document), None) if found is None else (found.message, found.code)

    def _document(self, response: Response) -> Any:
        """The answer as a tree of JSON values, whichever format it came in. What was asked for is no proof."""
        return response.xml() if response.format == "xml" else response.json()

    def _decode(self, response: Response, into: type[T]) -> T:
        if into is Record:
            # Nothing is known of these answers, so that there may also be none.
            return into(self._document(response) if response.body.strip() else None)  # type: ignore[call-arg]
        try:
            result = response.xml(into) if response.format == "xml" else super()._decode(response, into)
        except DecodeError as error:
            error.hint = said_instead(self._document(response))
            raise
        # Hardly any key of an answer is promised, but a document without any of them is no answer.
        if isinstance(result, Model) and not has_any_key(result):
            raise BadResponse(
                "the answer has nothing of what this operation answers", hint=said_instead(self._document(response))
            )
        return result


def _site(url: str) -> str:
    site = clean_base_url(url)
    return site.removesuffix(BASE_PATH)
