# Written by "python -m nusantara.syncgen" from kaskus_async/client.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.client`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self, Unpack

from kaskus_async.client import AsyncKaskus
from kaskus_async.enums import Output
from nusantara.client import Settings
from nusantara.options import NOT_GIVEN, NotGiven
from nusantara.secret import Secret, hide, hide_in
from nusantara.sync.client import SyncClient

if TYPE_CHECKING:
    from kaskus_async.sync.account import Account
    from kaskus_async.sync.auth import Authentication
    from kaskus_async.sync.badges import Badges
    from kaskus_async.sync.bank_accounts import BankAccounts
    from kaskus_async.sync.content import Content
    from kaskus_async.sync.fjb.groups import Fjb
    from kaskus_async.sync.following import Following
    from kaskus_async.sync.forum_tags import ForumTags
    from kaskus_async.sync.forums import Forums
    from kaskus_async.sync.friend_requests import FriendRequests
    from kaskus_async.sync.friends import Friends
    from kaskus_async.sync.images import Images
    from kaskus_async.sync.posts import Posts
    from kaskus_async.sync.private_messages import PrivateMessages
    from kaskus_async.sync.push_notifications import PushNotifications
    from kaskus_async.sync.registration import Registration
    from kaskus_async.sync.reputation import ReputationPoints
    from kaskus_async.sync.search import Search
    from kaskus_async.sync.smileys import Smileys
    from kaskus_async.sync.sms import Sms
    from kaskus_async.sync.stickers import Stickers
    from kaskus_async.sync.streams import Streams
    from kaskus_async.sync.subscriptions import Subscriptions
    from kaskus_async.sync.threads import Threads
    from kaskus_async.sync.users import Users
    from kaskus_async.sync.visitor_messages import VisitorMessages
    from kaskus_async.sync.wallet import Wallet
    from nusantara.limits import RateLimit
    from nusantara.oauth2 import Token
    from nusantara.token_store import TokenStore

__all__ = ["Kaskus"]


class Kaskus(SyncClient[AsyncKaskus]):
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

    vendor: str = AsyncKaskus.vendor
    """Name of the vendor in logs and events."""

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
        consumer_secret = hide(consumer_secret)
        token_secret = hide(token_secret)
        hide_in(settings, "proxy")
        super().__init__(
            AsyncKaskus(
                consumer_key,
                consumer_secret,
                token=token,
                token_secret=token_secret,
                output=output,
                base_url=base_url,
                **settings,
            )
        )

    @property
    def output(self) -> Output:
        """Format that is asked for."""
        return self._impl.output

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
        return cls._around(AsyncKaskus.from_env(output=output, **settings))

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
        client_secret = hide(client_secret)
        password = hide(password)
        token = hide(token)
        hide_in(settings, "proxy")
        return cls._around(
            AsyncKaskus.with_oauth2(
                client_id,
                client_secret,
                username=username,
                password=password,
                scope=scope,
                token=token,
                store=store,
                output=output,
                base_url=base_url,
                **settings,
            )
        )

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
        return self._copy(self._impl.with_token(token, token_secret, rate_limit=rate_limit, tags=tags))

    @cached_property
    def reputation(self) -> ReputationPoints:
        """Reputation, given for posts."""
        from kaskus_async.sync.reputation import ReputationPoints

        return ReputationPoints(self._portal, self._impl.reputation)

    @cached_property
    def forums(self) -> Forums:
        """Forums and what is in them."""
        from kaskus_async.sync.forums import Forums

        return Forums(self._portal, self._impl.forums)

    @cached_property
    def forum_tags(self) -> ForumTags:
        """Tags that group forums."""
        from kaskus_async.sync.forum_tags import ForumTags

        return ForumTags(self._portal, self._impl.forum_tags)

    @cached_property
    def threads(self) -> Threads:
        """Threads: reading, starting and rating them, and the hot ones."""
        from kaskus_async.sync.threads import Threads

        return Threads(self._portal, self._impl.threads)

    @cached_property
    def posts(self) -> Posts:
        """Posts: reading, writing and changing them."""
        from kaskus_async.sync.posts import Posts

        return Posts(self._portal, self._impl.posts)

    @cached_property
    def search(self) -> Search:
        """Searching for threads, lapak, users and groups."""
        from kaskus_async.sync.search import Search

        return Search(self._portal, self._impl.search)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """What the signed-in user subscribed to."""
        from kaskus_async.sync.subscriptions import Subscriptions

        return Subscriptions(self._portal, self._impl.subscriptions)

    @cached_property
    def streams(self) -> Streams:
        """The stream of what friends write."""
        from kaskus_async.sync.streams import Streams

        return Streams(self._portal, self._impl.streams)

    @cached_property
    def images(self) -> Images:
        """Uploading images."""
        from kaskus_async.sync.images import Images

        return Images(self._portal, self._impl.images)

    @cached_property
    def smileys(self) -> Smileys:
        """Smileys: the pictures that stand for pieces of text."""
        from kaskus_async.sync.smileys import Smileys

        return Smileys(self._portal, self._impl.smileys)

    @cached_property
    def stickers(self) -> Stickers:
        """Stickers."""
        from kaskus_async.sync.stickers import Stickers

        return Stickers(self._portal, self._impl.stickers)

    @cached_property
    def content(self) -> Content:
        """Lists that the site is built of, and previews of videos."""
        from kaskus_async.sync.content import Content

        return Content(self._portal, self._impl.content)

    @cached_property
    def fjb(self) -> Fjb:
        """The marketplace, Forum Jual Beli."""
        from kaskus_async.sync.fjb.groups import Fjb

        return Fjb(self._portal, self._impl.fjb)

    @cached_property
    def private_messages(self) -> PrivateMessages:
        """Private messages and their folders."""
        from kaskus_async.sync.private_messages import PrivateMessages

        return PrivateMessages(self._portal, self._impl.private_messages)

    @cached_property
    def visitor_messages(self) -> VisitorMessages:
        """Visitor messages, which stand on users' profiles."""
        from kaskus_async.sync.visitor_messages import VisitorMessages

        return VisitorMessages(self._portal, self._impl.visitor_messages)

    @cached_property
    def push_notifications(self) -> PushNotifications:
        """Receivers of push notifications."""
        from kaskus_async.sync.push_notifications import PushNotifications

        return PushNotifications(self._portal, self._impl.push_notifications)

    @cached_property
    def auth(self) -> Authentication:
        """Signing in."""
        from kaskus_async.sync.auth import Authentication

        return Authentication(self._portal, self._impl.auth)

    @cached_property
    def account(self) -> Account:
        """The signed-in user's own account."""
        from kaskus_async.sync.account import Account

        return Account(self._portal, self._impl.account)

    @cached_property
    def users(self) -> Users:
        """Users: who they are, and who looked at them."""
        from kaskus_async.sync.users import Users

        return Users(self._portal, self._impl.users)

    @cached_property
    def following(self) -> Following:
        """Following users."""
        from kaskus_async.sync.following import Following

        return Following(self._portal, self._impl.following)

    @cached_property
    def friends(self) -> Friends:
        """Friends."""
        from kaskus_async.sync.friends import Friends

        return Friends(self._portal, self._impl.friends)

    @cached_property
    def friend_requests(self) -> FriendRequests:
        """Requests to be friends."""
        from kaskus_async.sync.friend_requests import FriendRequests

        return FriendRequests(self._portal, self._impl.friend_requests)

    @cached_property
    def registration(self) -> Registration:
        """Registration of new users."""
        from kaskus_async.sync.registration import Registration

        return Registration(self._portal, self._impl.registration)

    @cached_property
    def sms(self) -> Sms:
        """Text messages to mobile phones."""
        from kaskus_async.sync.sms import Sms

        return Sms(self._portal, self._impl.sms)

    @cached_property
    def wallet(self) -> Wallet:
        """The wallet of the signed-in user."""
        from kaskus_async.sync.wallet import Wallet

        return Wallet(self._portal, self._impl.wallet)

    @cached_property
    def bank_accounts(self) -> BankAccounts:
        """Bank accounts to which the signed-in user has money paid."""
        from kaskus_async.sync.bank_accounts import BankAccounts

        return BankAccounts(self._portal, self._impl.bank_accounts)

    @cached_property
    def badges(self) -> Badges:
        """Badges, given to users."""
        from kaskus_async.sync.badges import Badges

        return Badges(self._portal, self._impl.badges)
