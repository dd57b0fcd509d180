"""KASKUS' hot threads: synthetic documents in the documented shape of the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from benchmarks.answers.operation import Operation, Row

__all__ = ["CONSUMER", "FIVE_PARAMETERS", "TOKEN", "hot_threads"]

CONSUMER = ("kunci-aplikasi-contoh", "rahasia-aplikasi-contoh")
TOKEN = ("token-pengguna-contoh", "rahasia-pengguna-contoh")

FIVE_PARAMETERS = {"include": "preview", "page": "1", "limit": "30", "sort": "newest", "lang": "id-ID"}
"""``threads.hot`` knows only the first. The others are there so that the signature covers five."""

_HEADERS = {
    "Authorization": (
        'OAuth oauth_nonce="0123456789abcdef0123456789abcdef", oauth_timestamp="1450000000", oauth_version="1.0", '
        'oauth_signature_method="HMAC-SHA1", oauth_consumer_key="kunci-aplikasi-contoh", '
        'oauth_token="token-pengguna-contoh", oauth_signature="AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D"'
    ),
    "Return-Type": "text/json",
}
_BEGIN = datetime(2015, 12, 1, 3, 0, tzinfo=UTC)
_TITLES = (
    "Jalan-jalan murah ke pantai",
    "Resep sambal yang bikin nagih — tanpa terasi",
    "Sepeda tua dirakit ulang, hasilnya…",
    "Tanya dokter gigi",
    "Foto langit malam dari atap rumah",
    "Daftar warung 24 jam ★ kota kecil",
)


_ONLY_FRESH = {
    "display_name",
    "first_post_id",
    "last_post_id",
    "short_url",
    "image_compact",
    "views",
    "reply_count",
    "shared_count",
    "is_subscribed",
}
"""Fields that an answer from the vendor's cache lacks."""


def hot_threads(
    name: str, base_path: str, count: int, *, cached: bool = False, xml: bool = False, signed: bool = True
) -> Operation:
    """The operation with an answer of ``count`` threads, fresh or from the vendor's cache."""
    document: dict[str, Any] = {"data": [_thread(number) for number in range(count)]}
    if cached:
        document["data"] = [
            {name: value for name, value in thread.items() if name not in _ONLY_FRESH} for thread in document["data"]
        ]
        document["meta"] = {"cache_key": "hot_threads_id", "cached": True, "cached_from": 1_449_000_000}
    return Operation(
        name=name,
        vendor="kaskus",
        base_path=base_path,
        path="/api/oauth/v1/hot_threads",
        query=FIVE_PARAMETERS,
        headers=_HEADERS,
        document=document,
        rows=hot_thread_rows(document),
        xml=xml,
        signed=signed,
    )


def _thread(number: int) -> dict[str, Any]:
    moment = _BEGIN + timedelta(hours=7 * number)
    votes = 3 + number % 5
    return {
        "thread_id": _id("thread", number),
        "title": _TITLES[number % len(_TITLES)],
        "forum_name": "Ruang Contoh",
        "forum_id": 21 + number % 4,
        "username": f"tokoh{70 + number}",
        "display_name": f"Tokoh {70 + number}",
        "user_id": 70 + number,
        "thread_type": 10 if number % 3 else 22,
        "first_post_id": _id("first", number),
        "last_post_id": _id("last", number),
        "short_url": f"http://pendek.example/{7000 + number}",
        "hot_thread_start_timestamp": int(moment.timestamp()),
        "hot_thread_start_date": moment.strftime("%Y%m%d"),
        "hot_thread_end_date": (moment + timedelta(days=1)).strftime("%Y%m%d"),
        "hot_thread_flag": 1,
        "vote_num": votes,
        "vote_total": 4 * votes + 2,
        "rating": round((4 * votes + 2) / votes, 2),
        "image": f"http://gambar.example/{7000 + number}.png",
        "image_compact": f"http://gambar.example/{7000 + number}-c.png",
        "views": 1200 + 37 * number,
        "reply_count": 40 + number,
        "shared_count": number,
        "is_subscribed": number % 2 == 0,
    }


def _id(of: str, number: int) -> str:
    """24 hexadecimal digits that are not in any order, as the vendor's are."""
    return sha256(f"{of} {number}".encode()).hexdigest()[:24]


def hot_thread_rows(document: dict[str, Any]) -> list[Row]:
    """The threads of a decoded answer."""
    return [
        [
            thread["thread_id"],
            thread["title"],
            thread["forum_id"],
            thread["username"],
            thread["user_id"],
            thread["thread_type"],
            thread["hot_thread_start_timestamp"],
            thread["hot_thread_start_date"],
            thread["rating"],
            thread["image"],
            thread.get("views"),
            thread.get("is_subscribed"),
        ]
        for thread in document["data"]
    ]
