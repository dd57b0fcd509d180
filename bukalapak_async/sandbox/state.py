"""Users and their messages, and the rules that the documentation states.

Three things nobody has documented, and what is done here:

- For whom a delete counts: here, for the caller's side only.
- Whether both sides see a conversation under one identifier: here, they do.
- Whether ``unread`` counts messages or conversations: here, conversations.
"""

from __future__ import annotations

import datetime
import enum
import hashlib
import threading
from collections.abc import Callable

import attrs

from bukalapak_async.sandbox import seed
from nusantara.errors import InvalidParameter

__all__ = ["BukalapakState", "Conversation", "Edition", "Message", "Refused", "User"]


_FIRST_ADDED = 700_000


class Edition(enum.StrEnum):
    """Whose field set and parameters the answers follow."""

    FIRST = "001"
    """The documentation of July 2013: no paging; messages with ``_id``, ``body_bb``, ``category``."""
    SECOND = "002"
    """That of December 2013: paging, ``last_message``, a lean message."""
    SLATE = "slate"
    """The later reference of ``/v2``: filter, search, avatars, ``client_id``."""


class Refused(Exception):
    """The documented answer to a request that is understood and not granted; its text is the vendor's."""


@attrs.frozen(slots=True)
class User:
    """Somebody with an account."""

    id: str
    name: str
    username: str
    email: str
    password: str = attrs.field(repr=False)
    token: str = attrs.field(repr=False)
    omnikey: str = attrs.field(repr=False)

    @property
    def avatar(self) -> str:
        """Address of the picture: https with a query, as the real ones are."""
        return f"https://avatar.bukalapak.example/{self.id}/thumb.jpg?1496620800"


@attrs.frozen(slots=True, kw_only=True)
class Message:
    """One message, as stored."""

    id: str
    number: int
    """Counts the messages of everybody in the order in which they were stored."""
    inbox_id: str
    sender_id: str
    receiver_id: str
    body_bb: str
    category: int
    product_id: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    read: bool
    """By its receiver."""
    hidden_from: frozenset[str] = frozenset()
    """Identifiers of the users who deleted it."""


@attrs.frozen(slots=True, kw_only=True)
class Conversation:
    """A conversation as one of its two users sees it."""

    id: str
    user: User
    partner: User
    messages: tuple[Message, ...]
    """What the user has not deleted, newest first; never empty."""

    @property
    def unread(self) -> bool:
        """Whether a message to the user is not read yet."""
        return any(not message.read and message.receiver_id == self.user.id for message in self.messages)


@attrs.frozen(slots=True)
class _Conversation:
    id: str
    pair: frozenset[str]
    message_ids: list[str] = attrs.field(factory=list)
    """Oldest first."""


class BukalapakState:
    """All data of this vendor, and the settings of what its documentation leaves open. Safe to use from any thread."""

    def __init__(self, *, edition: Edition | str, refused_status: int, error_status: int) -> None:
        self._lock = threading.RLock()
        self._defaults = (Edition(edition), refused_status, error_status)
        self._clock: Callable[[], float] = lambda: 0.0
        self._seed = 0
        self.reset()

    def start(self, clock: Callable[[], float], seed_number: int) -> None:
        """Fill with the first data."""
        self._clock, self._seed = clock, seed_number
        self.reset()

    def reset(self) -> None:
        """Back to the first data and settings."""
        with self._lock:
            self.edition, self.refused_status, self.error_status = self._defaults
            self._ids = 0
            self._users = {person.id: self._user(person) for person in seed.PEOPLE}
            self._messages: dict[str, Message] = {}
            self._conversations: dict[str, _Conversation] = {}
            self._by_pair: dict[frozenset[str], _Conversation] = {}
            for talk in seed.TALKS:
                self._play(talk)

    @property
    def edition(self) -> Edition:
        """The edition that the answers of ``/v1`` follow. ``/v2`` always follows the Slate reference."""
        return self._edition

    @edition.setter
    def edition(self, edition: Edition | str) -> None:
        self._edition = Edition(edition)

    @property
    def refused_status(self) -> int:
        """HTTP status for wrong credentials: 401 or 200. Which one the vendor sends is not known."""
        return self._refused_status

    @refused_status.setter
    def refused_status(self, status: int) -> None:
        if status not in (200, 401):
            raise InvalidParameter("refused_status", f"must be 200 or 401, not {status!r}")
        self._refused_status = status

    @property
    def error_status(self) -> int:
        """HTTP status for every other ``ERROR``: 200, as the documentation suggests, or any 4xx."""
        return self._error_status

    @error_status.setter
    def error_status(self, status: int) -> None:
        if status != 200 and not 400 <= status < 500:
            raise InvalidParameter("error_status", f"must be 200 or a 4xx, not {status!r}")
        self._error_status = status

    @property
    def users(self) -> list[User]:
        """All users: a copy."""
        with self._lock:
            return list(self._users.values())

    @property
    def messages(self) -> list[Message]:
        """All messages of everybody, oldest first, deleted ones included: a copy."""
        with self._lock:
            return list(self._messages.values())

    def user(self, user_id: str) -> User:
        """One user. Raises :exc:`KeyError`."""
        return self._users[user_id]

    def has_user(self, user_id: str) -> bool:
        """Whether somebody has this identifier."""
        return user_id in self._users

    def add_user(self, name: str | None = None) -> dict[str, str]:
        """Another user, who has not written with anybody yet; what a client needs.

        :param name: by default a made-up one. Raises :exc:`InvalidParameter`: it is no text.
        """
        with self._lock:
            number = len(self._users) - len(seed.PEOPLE) + 1
            if name is None:
                name = f"Lapak Baru {number}"
            if not isinstance(name, str) or not name.strip():
                raise InvalidParameter("name", f"must be a text, not {name!r}")
            user = self._user(seed.Person(str(_FIRST_ADDED + number), name, f"lapakbaru{number}"))
            self._users[user.id] = user
            return self.credentials_of(user.id)

    @property
    def added_users(self) -> list[User]:
        """Those who were not there from the start: a copy."""
        with self._lock:
            return list(self._users.values())[len(seed.PEOPLE) :]

    def credentials_of(self, user_id: str) -> dict[str, str]:
        """What a client needs to speak for a user."""
        user = self.user(user_id)
        return {
            "user_id": user.id,
            "token": user.token,
            "username": user.username,
            "email": user.email,
            "password": user.password,
        }

    def find_by_token(self, user_id: str, token: str) -> User | None:
        """The user with these API credentials."""
        user = self._users.get(user_id)
        return user if user is not None and user.token == token else None

    def find_by_password(self, login: str, password: str) -> User | None:
        """The user with this user name or e-mail address and this password."""
        for user in self.users:
            if login in (user.username, user.email) and user.password == password:
                return user
        return None

    def inbox(self, user_id: str) -> list[Conversation]:
        """The conversations of a user, that with the newest message first."""
        with self._lock:
            seen = [self._seen_by(user_id, conversation) for conversation in self._conversations.values()]
        found = [conversation for conversation in seen if conversation is not None]
        return sorted(found, key=lambda conversation: conversation.messages[0].number, reverse=True)

    def conversation(self, user_id: str, conversation_id: str, *, keep_unread: bool = False) -> Conversation:
        """One conversation of a user, marked as read unless ``keep_unread``. Raises :exc:`Refused`."""
        with self._lock:
            conversation = self._own(user_id, conversation_id)
            if conversation is None:
                raise Refused(_NOT_YOURS)
            if not keep_unread:
                for message in conversation.messages:
                    self._mark_read(user_id, message)
                conversation = self._own(user_id, conversation_id) or conversation
            return conversation

    def message(self, user_id: str, message_id: str) -> Message:
        """One message of a user, marked as read. Raises :exc:`Refused`."""
        with self._lock:
            message = self._messages.get(message_id)
            if message is None or not _sees(user_id, message):
                raise Refused(_NOT_YOURS)
            return self._mark_read(user_id, message)

    def send(
        self, sender_id: str, receiver_id: str, body_bb: str, *, category: int = 0, product_id: str | None = None
    ) -> Message:
        """Store a new message, as if its sender had sent it. Checks nothing but that both users exist."""
        with self._lock:
            now = datetime.datetime.fromtimestamp(int(self._clock()), seed.JAKARTA)
            return self._store(
                self._users[sender_id].id, self._users[receiver_id].id, body_bb, now, category, product_id
            )

    def delete_conversation(self, user_id: str, conversation_id: str) -> None:
        """Delete a user's side of a conversation; a later message opens it anew. Raises :exc:`Refused`."""
        with self._lock:
            conversation = self._own(user_id, conversation_id)
            if conversation is None:
                raise Refused("Conversation gagal dihapus")
            for message in conversation.messages:
                self._hide(user_id, message)

    def delete_message(self, user_id: str, message_id: str) -> None:
        """Delete a message on a user's side. Raises :exc:`Refused`."""
        with self._lock:
            message = self._messages.get(message_id)
            if message is None or not _sees(user_id, message):
                raise Refused("Pesan gagal dihapus")
            self._hide(user_id, message)

    def conversation_between(self, one_id: str, other_id: str) -> str | None:
        """Identifier of the conversation of two users, if they have ever written."""
        conversation = self._by_pair.get(frozenset((one_id, other_id)))
        return conversation.id if conversation is not None else None

    def has_message(self, message_id: str) -> bool:
        """Whether anybody has a message of this identifier, deleted or not."""
        return message_id in self._messages

    def _own(self, user_id: str, conversation_id: str) -> Conversation | None:
        conversation = self._conversations.get(conversation_id)
        return self._seen_by(user_id, conversation) if conversation is not None else None

    def _seen_by(self, user_id: str, conversation: _Conversation) -> Conversation | None:
        if user_id not in conversation.pair:
            return None
        messages = (self._messages[message_id] for message_id in reversed(conversation.message_ids))
        seen = tuple(message for message in messages if _sees(user_id, message))
        if not seen:
            return None
        (partner_id,) = conversation.pair - {user_id}
        return Conversation(
            id=conversation.id, user=self._users[user_id], partner=self._users[partner_id], messages=seen
        )

    def _mark_read(self, user_id: str, message: Message) -> Message:
        if message.receiver_id == user_id and not message.read:
            now = datetime.datetime.fromtimestamp(int(self._clock()), seed.JAKARTA)
            message = attrs.evolve(message, read=True, updated_at=now)
            self._messages[message.id] = message
        return message

    def _hide(self, user_id: str, message: Message) -> None:
        self._messages[message.id] = attrs.evolve(message, hidden_from=message.hidden_from | {user_id})

    def _store(
        self,
        sender_id: str,
        receiver_id: str,
        body_bb: str,
        at: datetime.datetime,
        category: int,
        product_id: str | None,
        *,
        read: bool = False,
    ) -> Message:
        pair = frozenset((sender_id, receiver_id))
        conversation = self._by_pair.get(pair)
        if conversation is None:
            conversation = self._by_pair[pair] = _Conversation(self._new_id(), pair)
            self._conversations[conversation.id] = conversation
        message = Message(
            id=self._new_id(),
            number=len(self._messages) + 1,
            inbox_id=conversation.id,
            sender_id=sender_id,
            receiver_id=receiver_id,
            body_bb=body_bb,
            category=category,
            product_id=product_id,
            created_at=at,
            updated_at=at,
            read=read,
        )
        self._messages[message.id] = message
        conversation.message_ids.append(message.id)
        return message

    def _play(self, talk: seed.Talk) -> None:
        lines = list(talk.lines())
        to_the_one = sum(line.receiver_id == talk.one for line in lines)
        for index, line in enumerate(lines):
            read = True
            if line.receiver_id == talk.one:
                read = to_the_one > talk.unread
                to_the_one -= 1
            product_id = talk.product_id if index == 0 else None
            self._store(line.sender_id, line.receiver_id, line.body_bb, line.at, 0, product_id, read=read)

    def _user(self, person: seed.Person) -> User:
        return User(
            id=person.id,
            name=person.name,
            username=person.username,
            email=f"{person.username}@pengguna.example",
            password=f"rahasia-{person.username}",
            token=self._digest(f"token:{person.id}")[:20],
            omnikey=self._digest(f"omnikey:{person.id}")[:32],
        )

    def _new_id(self) -> str:
        self._ids += 1
        return self._digest(f"id:{self._ids}")[:24]

    def _digest(self, text: str) -> str:
        return hashlib.sha256(f"{self._seed}:{text}".encode()).hexdigest()


_NOT_YOURS = "Gagal membaca message, hanya bisa membuka inbox milik masing-masing"


def _sees(user_id: str, message: Message) -> bool:
    return user_id in (message.sender_id, message.receiver_id) and user_id not in message.hidden_from
