"""Users, rooms and comments, and what follows from them. Not locked: :class:`QiscusState` does that."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any

import attrs

from qiscus_async.sandbox.entities import Comment, Room, User

__all__ = ["DEFAULT_AVATAR", "Data"]

DEFAULT_AVATAR = "https://cdn.qiscus.example/avatar/default.png"

_FIRST_USER, _FIRST_ROOM, _FIRST_COMMENT = 87_001, 41_001, 914_001


class Data:
    """One app.

    :param now: nanoseconds since the epoch.
    :param seed: decides tokens and identifiers that are not counted.
    :param offset: added to those that are.
    """

    def __init__(self, app_id: str, now: Callable[[], int], seed: int | str, offset: int = 0) -> None:
        self.app_id = app_id
        self._now = now
        self._seed = seed
        self._first_user, self._first_room = _FIRST_USER + offset, _FIRST_ROOM + offset
        self._first_comment = _FIRST_COMMENT + offset
        self._made = 0
        self._users: dict[str, User] = {}
        self._rooms: dict[int, Room] = {}
        self._rooms_by_unique_id: dict[str, int] = {}
        self._singles: dict[frozenset[str], int] = {}
        self._comments: dict[int, list[Comment]] = {}
        self._comments_by_id: dict[int, Comment] = {}
        self._comments_by_unique_id: dict[str, Comment] = {}
        self._comments_by_room_and_unique_id: dict[tuple[int, str], Comment] = {}
        self._read: dict[tuple[int, str], int] = {}
        self.system = User(
            id=self._first_user - 1,
            email=f"system@{app_id}.qiscus.com",
            username="System",
            avatar_url=DEFAULT_AVATAR,
            password="",
            token="",
            created_at=0,
            updated_at=0,
        )

    def fresh(self, length: int = 20) -> str:
        """A text of letters and digits that was not given before; the same one in every run of the same seed."""
        self._made += 1
        return hashlib.sha256(f"{self._seed}:{length}:{self._made}".encode()).hexdigest()[:length]

    def fresh_uuid(self) -> str:
        """The same as a UUID."""
        return str(uuid.UUID(hex=self.fresh(32), version=4))

    @property
    def users(self) -> list[User]:
        """All users, in the order in which they were made."""
        return list(self._users.values())

    def user(self, email: str) -> User | None:
        """One user."""
        return self._users.get(email)

    def sender(self, comment: Comment) -> User:
        """Who wrote a comment."""
        return self._users.get(comment.email, self.system)

    def add_user(
        self,
        email: str,
        username: str,
        *,
        avatar_url: str | None = None,
        password: str | None = None,
        token: str | None = None,
        extras: dict[str, Any] | None = None,
        at: int | None = None,
    ) -> User:
        """A new user, with what the server makes up where nothing is given."""
        at = self._now() if at is None else at
        user = User(
            id=self._first_user + len(self._users),
            email=email,
            username=username,
            avatar_url=avatar_url or DEFAULT_AVATAR,
            password=password or self.fresh(16),
            token=token or self.fresh(),
            extras=extras or {},
            created_at=at,
            updated_at=at,
        )
        self._users[email] = user
        return user

    def change_user(
        self,
        user: User,
        *,
        username: str | None = None,
        avatar_url: str | None = None,
        password: str | None = None,
        extras: dict[str, Any] | None = None,
    ) -> User:
        """Change what is given."""
        changed = attrs.evolve(
            user,
            username=username or user.username,
            avatar_url=avatar_url or user.avatar_url,
            password=password or user.password,
            extras=user.extras if extras is None else extras,
            updated_at=self._now(),
        )
        self._users[user.email] = changed
        return changed

    def reset_token(self, user: User) -> User:
        """Give a user another token."""
        changed = attrs.evolve(user, token=self.fresh(), updated_at=self._now())
        self._users[user.email] = changed
        return changed

    @property
    def rooms(self) -> list[Room]:
        """All rooms, in the order in which they were made."""
        return list(self._rooms.values())

    def room(self, name: str | int) -> Room | None:
        """A room by its number, as such or as text, or by its unique identifier."""
        text = str(name)
        if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) in self._rooms:
            return self._rooms[int(text)]
        number = self._rooms_by_unique_id.get(text)
        return None if number is None else self._rooms[number]

    def add_room(
        self,
        name: str,
        kind: str,
        creator_email: str,
        participants: Iterable[str],
        *,
        avatar_url: str | None = None,
        options: str | None = None,
        unique_id: str | None = None,
        at: int | None = None,
    ) -> Room:
        """A new room. A single one is named for its two participants."""
        members = tuple(participants)
        room = Room(
            id=self._first_room + len(self._rooms),
            unique_id=unique_id or self.fresh(32),
            name=" ".join(members) if kind == "single" else name,
            type=kind,
            avatar_url=avatar_url or "",
            options=options,
            creator_email=creator_email,
            participants=members,
            created_at=self._now() if at is None else at,
        )
        self._rooms[room.id] = room
        self._rooms_by_unique_id[room.unique_id] = room.id
        self._comments[room.id] = []
        if kind == "single":
            self._singles.setdefault(frozenset(members), room.id)
        return room

    def change_room(self, room: Room) -> None:
        """Put a changed room in the place of the old one."""
        self._rooms[room.id] = room

    def single_room(self, one: str, other: str, options: str | None = None, avatar_url: str | None = None) -> Room:
        """The room of these two, made if they have none."""
        number = self._singles.get(frozenset((one, other)))
        if number is not None:
            return self._rooms[number]
        return self.add_room("", "single", one, (one, other), options=options, avatar_url=avatar_url)

    def rooms_of(self, email: str) -> list[Room]:
        """The rooms of a user, that with the newest comment first, those without one at the end."""
        own = [room for room in self._rooms.values() if email in room.participants]
        return sorted(own, key=lambda room: (self.last_id(room), room.id), reverse=True)

    def comments(self, room: Room) -> list[Comment]:
        """The comments of a room, oldest first: its own list, not a copy."""
        return self._comments[room.id]

    def all_comments(self) -> Iterable[Comment]:
        """The comments of all rooms in the order in which they were stored."""
        return self._comments_by_id.values()

    def last(self, room: Room) -> Comment | None:
        """The newest comment of a room."""
        comments = self._comments[room.id]
        return comments[-1] if comments else None

    def last_id(self, room: Room) -> int:
        """Number of the newest comment of a room; 0 without any."""
        comments = self._comments[room.id]
        return comments[-1].id if comments else 0

    def last_id_of_user(self, email: str) -> int:
        """Number of the newest comment in the rooms of a user; 0 without any."""
        return max((self.last_id(room) for room in self._rooms.values() if email in room.participants), default=0)

    def comment(self, number: object) -> Comment | None:
        """One comment."""
        return self._comments_by_id.get(number) if isinstance(number, int) else None

    def comment_by_unique_id(self, unique_id: str, room: Room | None = None) -> Comment | None:
        """The first comment with this ``unique_temp_id``, in a room or anywhere."""
        if room is None:
            return self._comments_by_unique_id.get(unique_id)
        return self._comments_by_room_and_unique_id.get((room.id, unique_id))

    def add_comment(
        self,
        room: Room,
        email: str,
        message: str,
        kind: str = "text",
        payload: Any = None,
        *,
        extras: dict[str, Any] | None = None,
        unique_temp_id: str | None = None,
        disable_link_preview: bool = False,
        at: int | None = None,
        parent_unique_id: str = "",
        custom_event: bool = False,
    ) -> Comment:
        """A new comment."""
        comment = Comment(
            id=self._first_comment + len(self._comments_by_id),
            before_id=self.last_id(room),
            room_id=room.id,
            email=email,
            message=message,
            type=kind,
            payload=payload,
            extras=extras or {},
            at=self._now() if at is None else at,
            unique_temp_id=unique_temp_id or self.fresh(),
            disable_link_preview=disable_link_preview,
            parent_unique_id=parent_unique_id,
            custom_event=custom_event,
        )
        self._comments[room.id].append(comment)
        self._comments_by_id[comment.id] = comment
        self._comments_by_unique_id.setdefault(comment.unique_temp_id, comment)
        self._comments_by_room_and_unique_id.setdefault((room.id, comment.unique_temp_id), comment)
        return comment

    def read_id(self, room: Room, email: str) -> int:
        """The last comment that a user has read."""
        return self._read.get((room.id, email), 0)

    def mark_read(self, room: Room, email: str, number: int) -> None:
        """A user has read up to this comment."""
        self._read[room.id, email] = number

    def unread(self, room: Room, email: str) -> int:
        """How many comments of others a user has not read."""
        read = self.read_id(room, email)
        unread = takewhile(lambda comment: comment.id > read, reversed(self._comments[room.id]))
        return sum(comment.email != email for comment in unread)
