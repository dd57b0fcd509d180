"""The first data of the sandbox: a tea shop that answers its customers by chat."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator

import attrs

from qiscus_async.sandbox import payloads, system_events
from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.entities import Comment, Room, User
from qiscus_async.sandbox.talks import PAYLOADS, TALKS, Talk

__all__ = ["APP_ID", "APP_NAME", "APP_NUMBER", "MAIN_ROOM", "PEOPLE", "fill"]

APP_ID = "teh-senja"
APP_NAME = "Teh Senja"
APP_NUMBER = 8

PEOPLE = {
    "ratna": ("cs.ratna@tehsenja.example", "Ratna Widyasari"),
    "bayu": ("cs.bayu@tehsenja.example", "Bayu Anggara"),
    "gudang": ("gudang@tehsenja.example", "Gudang Teh Senja"),
    "asisten": ("asisten@tehsenja.example", "Asisten Senja"),
    "sinta": ("sinta.maheswari@pelanggan.example", "Sinta Maheswari"),
    "damar": ("damar.kusuma@pelanggan.example", "Damar Kusuma"),
    "wulan": ("pelanggan-0817", "Wulan Pratiwi"),
    "joko": ("joko.santosa@pelanggan.example", "Joko Santosa"),
}
"""Who is who in the talks. One identifier is no address, as the vendor allows."""

MAIN_ROOM = 1
"""Place in the list of rooms of a conversation between a customer and the shop."""

_OPENED = datetime.datetime(2018, 1, 22, 2, 15, tzinfo=datetime.UTC)


def fill(data: Data) -> None:
    """Put the first data into an empty app."""
    for index, (key, (email, username)) in enumerate(PEOPLE.items()):
        opened = _nanoseconds(_OPENED + datetime.timedelta(hours=7 * index))
        data.add_user(
            email,
            username,
            avatar_url=f"https://cdn.tehsenja.example/avatar/{key}.png" if index % 3 else None,
            password=f"rahasia-{key}",
            at=opened + _fraction(key) * 10_000,
        )
    rooms = [_room(data, talk) for talk in TALKS]
    # Numbers follow time across all rooms, as on a server that has seen it happen.
    written: dict[int, list[Comment]] = {room.id: [] for room in rooms}
    lines = [line for room, talk in zip(rooms, TALKS, strict=True) for line in _lines(room, talk)]
    for line in sorted(lines, key=lambda line: line.at):
        _write(data, line, written[line.room.id])
    for room, talk in zip(rooms, TALKS, strict=True):
        numbers = [0, *(comment.id for comment in data.comments(room))]
        unread = {_email(key): count for key, count in talk.unread.items()}
        for email in _now(data, room).participants:
            data.mark_read(room, email, numbers[-1 - unread.get(email, 0)])


@attrs.frozen(slots=True)
class _Line:
    room: Room
    who: str
    at: datetime.datetime
    text: str


def _room(data: Data, talk: Talk) -> Room:
    emails = [_email(key) for key in talk.people]
    avatar = f"https://cdn.tehsenja.example/ruang/{len(data.rooms)}.png" if talk.type == "group" else None
    return data.add_room(
        talk.name,
        talk.type,
        emails[0],
        emails,
        avatar_url=avatar,
        options="" if talk.type == "group" else None,
        at=_nanoseconds(talk.start - datetime.timedelta(minutes=1)),
    )


def _lines(room: Room, talk: Talk) -> Iterator[_Line]:
    at = talk.start
    for line in talk.script.strip().splitlines():
        who, minutes, text = line.split(" ", 2)
        at += datetime.timedelta(minutes=int(minutes), seconds=1 + _fraction(text) % 50)
        yield _Line(room, who, at, text.replace(" / ", "\n"))


def _write(data: Data, line: _Line, before: list[Comment]) -> None:
    sender = _user(data, line.who)
    first, _, rest = line.text.partition(" ")
    kind, message, payload, parent = "text", line.text, None, None
    match first[0]:
        case "@":
            kind, payload = PAYLOADS[first[1:]]
            message = ""
        case "^":
            parent = before[-int(first[1:])]
            kind, message, payload = "reply", rest, {"text": rest, "replied_comment_id": parent.id}
        case "!":
            kind = "button_postback_response"
            message, payload = _pressed(before, line.text[1:])
        case "*":
            kind = "system_event"
            message, payload = _event(data, line, sender, first[1:], rest)
    if kind != "system_event":
        quoted = (parent, data.sender(parent)) if parent else None
        message, payload = payloads.complete(kind, message, payload, quoted)
    before.append(
        data.add_comment(
            line.room,
            data.system.email if kind == "system_event" else sender.email,
            message,
            kind,
            payload,
            at=_nanoseconds(line.at) + _fraction(line.text) * 1_000_000,
            parent_unique_id=parent.unique_temp_id if parent else "",
        )
    )


def _pressed(before: list[Comment], label: str) -> tuple[str, dict[str, object] | None]:
    for comment in reversed(before):
        for button in (comment.payload or {}).get("buttons", ()):
            if button["label"] == label:
                return button.get("postback_text") or label, button["payload"]
    raise ValueError(f"no button {label!r} before this line")


def _event(data: Data, line: _Line, subject: User, kind: str, rest: str) -> tuple[str, dict[str, object]]:
    other = _user(data, rest) if kind in system_events.ABOUT_OTHERS else None
    if kind == "add_member" and other is not None:
        room = _now(data, line.room)
        data.change_room(attrs.evolve(room, participants=(*room.participants, other.email)))
    return system_events.written(
        kind, line.room, subject, other, rest if kind in system_events.ABOUT_THE_NAME else None
    )


def _now(data: Data, room: Room) -> Room:
    """The room as it has become."""
    return data.room(room.id) or room


def _user(data: Data, key: str) -> User:
    user = data.user(_email(key))
    assert user is not None
    return user


def _email(key: str) -> str:
    return PEOPLE[key][0]


def _fraction(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:2], "big") % 1000


def _nanoseconds(at: datetime.datetime) -> int:
    return int(at.timestamp()) * 1_000_000_000
