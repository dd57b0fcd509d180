"""The Bukalapak inbox: synthetic documents in the documented shape of the answer."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta, timezone
from typing import Any

from benchmarks.answers.operation import Operation, Row

__all__ = ["PASSWORD", "USER", "inbox"]

USER = "62817"
PASSWORD = "not-a-real-token"

_WESTERN_INDONESIA = timezone(timedelta(hours=7))
_NEWEST = datetime(2013, 12, 3, 8, 54, 49, tzinfo=_WESTERN_INDONESIA)
_NAMES = ("Zakka F. Contoh", "Cecep", "Khairul Contoh ", "Siti Rahmawati Contoh", "Toko Sepeda 88")
_MESSAGES = ("sip diterima gan...", "ok", "apakah masih ada...", "barang sudah saya...", "terima kasih — 5★...")


def inbox(name: str, base_path: str, count: int) -> Operation:
    """The operation with an answer of ``count`` conversations, a full page."""
    document = {"status": "OK", "unread": 2, "inbox": [_conversation(number) for number in range(count)]}
    return Operation(
        name=name,
        vendor="bukalapak",
        base_path=base_path,
        path="/v1/messages.json",
        query={"page": "1", "per_page": str(count)},
        headers={"Authorization": f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"},
        document=document,
        rows=inbox_rows(document),
    )


def _conversation(number: int) -> dict[str, Any]:
    return {
        "id": f"{0x520E0474E42B5658AB000000 + 7919 * number:024x}",
        "updated_at": (_NEWEST - timedelta(seconds=86_437 * number)).isoformat(),
        "partner_id": str(155_905 - 311 * number),
        "partner_name": _NAMES[number % len(_NAMES)],
        "user_id": USER,
        "user_name": "Sayur Contoh",
        "last_message": _MESSAGES[number % len(_MESSAGES)],
    }


def inbox_rows(document: dict[str, Any]) -> list[Row]:
    """The conversations of a decoded answer."""
    return [list(conversation.values()) for conversation in document["inbox"]]
