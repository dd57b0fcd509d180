"""What ``sandbox.kaskus`` gives: the data and the settings."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any

import attrs

from kaskus_async.sandbox.entities import User
from kaskus_async.sandbox.refusals import NotThere
from kaskus_async.sandbox.settings import Settings
from kaskus_async.sandbox.stores import (
    App,
    Board,
    Mail,
    Market,
    Outgoing,
    Picture,
    ReputationBook,
    Sessions,
    Social,
    SubscriptionBook,
)
from nusantara.errors import InvalidParameter

__all__ = ["KaskusState"]


class KaskusState(Settings):
    """All data of this vendor and its settings. Safe to use from any thread.

    ``lock`` is held during each call that the sandbox answers; hold it yourself to read the parts piece by piece.
    """

    users: dict[int, User]
    main_user_id: int
    """Whose credentials are given where nobody is named."""
    added_applications: list[dict[str, Any]]
    """What :meth:`add_application` has given."""
    sessions: Sessions
    board: Board
    social: Social
    mail: Mail
    reputations: ReputationBook
    outgoing: Outgoing
    subscriptions: SubscriptionBook
    pictures: dict[str, Picture]
    """What was uploaded, by the digest of its key."""
    market: Market
    """What is for sale, and who bought it."""

    def __init__(self, settings: Settings, fill: Callable[[KaskusState], None]) -> None:
        super().__init__()
        self._first_settings, self._fill = settings, fill
        self.lock = threading.RLock()
        self._clock: Callable[[], float] = lambda: 0.0
        self._seed = 0

    def start(self, clock: Callable[[], float], seed_number: int) -> None:
        """Fill with the first data."""
        self._clock, self._seed = clock, seed_number
        self.reset()

    def reset(self) -> None:
        """Back to the first data and settings."""
        with self.lock:
            for field in attrs.fields(Settings):
                setattr(self, field.name, getattr(self._first_settings, field.name))
            self._ids = 0
            self.added_applications = []
            self.sessions = Sessions(self, self.now, self.digest)
            self.board = Board(self.now, self.new_id)
            self.social = Social()
            self.mail = Mail()
            self.reputations = ReputationBook()
            self.outgoing = Outgoing()
            self.subscriptions = SubscriptionBook()
            self.pictures = {}
            self.market = Market(self.new_id, self.digest)
            self.users = {}
            self._fill(self)

    @property
    def app(self) -> App:
        """The application that is registered from the start."""
        return self.sessions.app

    def add_application(self, userid: int | None = None) -> dict[str, Any]:
        """Register another application, which a user has allowed already; what its clients need.

        Applications share the site and its users. Tokens, signatures and nonces of one are no good for another.

        :param userid: who has allowed it; by default the main user. Raises :exc:`InvalidParameter`: nobody has it.
        """
        with self.lock:
            if userid is None:
                userid = self.main_user_id
            if userid not in self.users:
                raise InvalidParameter("userid", f"{userid!r} is no user")
            app = self.sessions.add_app()
            self.sessions.add_standing(app, userid)
            self.added_applications.append(self.credentials_of(userid, app))
            return dict(self.added_applications[-1])

    def now(self) -> int:
        """Seconds since the epoch, by the sandbox's clock."""
        return int(self._clock())

    def digest(self, text: str) -> str:
        """64 hexadecimal digits, the same for a text in every run of the same seed."""
        return hashlib.sha256(f"{self._seed}:{text}".encode()).hexdigest()

    def new_id(self) -> str:
        """24 hexadecimal digits, as threads and posts have; nothing else has them."""
        self._ids += 1
        return self.digest(f"id:{self._ids}")[:24]

    def new_code(self, digits: int) -> str:
        """Digits, as one-time passwords have them."""
        self._ids += 1
        return str(int(self.digest(f"code:{self._ids}"), 16) % 10**digits).zfill(digits)

    def user(self, userid: int) -> User:
        """One user. Raises :exc:`NotThere`."""
        if userid not in self.users:
            raise NotThere("user not found")
        return self.users[userid]

    def user_named(self, username: str) -> User | None:
        """The user of a name, in whatever case."""
        wanted = username.casefold()
        return next((user for user in self.users.values() if user.username.casefold() == wanted), None)

    def reputation_of(self, user: User) -> int:
        """All reputation of a user."""
        return user.earlier_reputation + self.reputations.sum_of(user.userid)

    def credentials_of(self, userid: int, app: App | None = None) -> dict[str, Any]:
        """What clients of an application, by default the first, need to speak for a user."""
        app = app or self.app
        user, token = self.user(userid), self.sessions.standing_token(app, userid)
        return {
            "consumer_key": app.consumer_key,
            "consumer_secret": app.consumer_secret,
            "token": token.token,
            "token_secret": token.secret,
            "userid": userid,
            "username": user.username,
            "password": user.password,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "bearer_token": self.sessions.standing_bearer(app, userid),
        }
