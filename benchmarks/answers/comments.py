"""The comments of a Qiscus room: synthetic documents of the documented fields and of those that live answers add."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from benchmarks.answers.operation import Operation, Row

__all__ = ["APP_ID", "ROOM", "SECRET_KEY", "comment", "comments"]

APP_ID = "toko-contoh"
SECRET_KEY = "rahasia-aplikasi-contoh"
ROOM = 234

_NEWEST = datetime(2019, 6, 22, 2, 10, 29, 512345, tzinfo=UTC)
_PEOPLE = (("sari@toko.example", "Sari Contoh"), ("budi@toko.example", "Budi"), ("62817", "Toko Sepeda 88"))
_MESSAGES = (
    "Halo, pesanan saya sampai mana?",
    "Sudah dikirim kemarin siang, nomor resinya menyusul ya kak.",
    "terima kasih — 5★",
    "Apakah warna hijau masih ada? Kalau ada saya ambil dua, kirim ke alamat yang sama seperti bulan lalu.",
)


def comments(name: str, base_path: str, count: int) -> Operation:
    """The operation with an answer of ``count`` comments, a full page."""
    document = {"results": {"comments": [comment(124_974 - number) for number in range(count)]}, "status": 200}
    return Operation(
        name=name,
        vendor="qiscus",
        base_path=base_path,
        path="/api/v2/rest/load_comments",
        query={"room_id": str(ROOM), "page": "1", "limit": str(count)},
        headers={"QISCUS-SDK-APP-ID": APP_ID, "QISCUS-SDK-SECRET": SECRET_KEY},
        document=document,
        rows=comment_rows(document),
    )


def comment(number: int) -> dict[str, Any]:
    """A comment with this id; every third is a reply, the others texts."""
    moment = _NEWEST - timedelta(seconds=53 * (124_974 - number) % 40_000_000)
    email, username = _PEOPLE[number % len(_PEOPLE)]
    avatar = f"https://cdn.toko.example/{_name('avatar', number % 97)}.jpg"
    message = _MESSAGES[number % len(_MESSAGES)]
    document: dict[str, Any] = {
        "comment_before_id": number - 1,
        "comment_before_id_str": str(number - 1),
        "disable_link_preview": False,
        "email": email,
        "extras": {"channel": "web"},
        "id": number,
        "id_str": str(number),
        "is_deleted": False,
        "is_public_channel": False,
        "message": message,
        "payload": {},
        "room_avatar": "https://cdn.toko.example/room/0000000234.png",
        "room_id": ROOM,
        "room_id_str": str(ROOM),
        "room_name": "sari@toko.example budi@toko.example",
        "room_type": "group",
        "status": "read",
        "timestamp": moment.isoformat(),
        "topic_id": ROOM,
        "topic_id_str": str(ROOM),
        "type": "text",
        "unique_temp_id": _name("comment", number),
        "unix_nano_timestamp": int(moment.timestamp()) * 1_000_000_000 + moment.microsecond * 1000,
        "unix_timestamp": int(moment.timestamp()),
        "user_avatar": {"avatar": {"url": avatar}},
        "user_avatar_url": avatar,
        "user_extras": {},
        "user_id": 5 + number % 3,
        "user_id_str": str(5 + number % 3),
        "username": username,
    }
    if number % 3 == 0:
        document["type"] = "reply"
        document["payload"] = {
            "text": message,
            "replied_comment_id": number - 2,
            "replied_comment_message": _MESSAGES[0],
            "replied_comment_sender_email": _PEOPLE[0][0],
            "replied_comment_sender_username": _PEOPLE[0][1],
            "replied_comment_type": "text",
        }
    return document


def _name(of: str, number: int) -> str:
    """20 characters, as the vendor makes them up."""
    return sha256(f"{of} {number}".encode()).hexdigest()[:20]


def comment_rows(document: dict[str, Any]) -> list[Row]:
    """The comments of a decoded answer."""
    return [
        [
            comment["id"],
            comment["message"],
            comment["email"],
            comment["username"],
            comment["timestamp"],
            comment["type"],
            comment["payload"],
            comment["extras"],
            comment["unique_temp_id"],
            comment["comment_before_id"],
            comment["unix_nano_timestamp"],
            comment["room_name"],
            comment["user_avatar"]["avatar"]["url"],
            comment["is_deleted"],
        ]
        for comment in document["results"]["comments"]
    ]
