"""What the benchmark server answers: synthetic documents in the documented shape of the Bukalapak inbox."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from typing import Any

import attrs

__all__ = ["AUTHORIZATION", "INBOXES", "PASSWORD", "USER", "Inbox", "Row", "rows_of"]

USER = "62817"
PASSWORD = "not-a-real-token"
AUTHORIZATION = f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"

_WESTERN_INDONESIA = timezone(timedelta(hours=7))
_NEWEST = datetime(2013, 12, 3, 8, 54, 49, tzinfo=_WESTERN_INDONESIA)
_NAMES = ("Zakka F. Contoh", "Cecep", "Khairul Contoh ", "Siti Rahmawati Contoh", "Toko Sepeda 88")
_MESSAGES = ("sip diterima gan...", "ok", "apakah masih ada...", "barang sudah saya...", "terima kasih — 5★...")

Row = list[str]
"""A conversation as every contender must have read it: id, time, partner id and name, user id and name, text."""


@attrs.frozen(slots=True)
class Inbox:
    """One size of answer."""

    name: str
    base_path: str
    """Put before the path of the operation, so that the query does not choose the size."""
    conversations: int

    @property
    def path(self) -> str:
        """Path of the operation on the server."""
        return f"{self.base_path}/v1/messages.json"

    @property
    def target(self) -> str:
        """What is requested: a full page, which may have a successor."""
        return f"{self.path}?page=1&per_page={self.conversations}"

    def document(self) -> dict[str, Any]:
        """The answer's JSON document."""
        conversations = [
            {
                "id": f"{0x520E0474E42B5658AB000000 + 7919 * number:024x}",
                "updated_at": (_NEWEST - timedelta(seconds=86_437 * number)).isoformat(),
                "partner_id": str(155_905 - 311 * number),
                "partner_name": _NAMES[number % len(_NAMES)],
                "user_id": USER,
                "user_name": "Sayur Contoh",
                "last_message": _MESSAGES[number % len(_MESSAGES)],
            }
            for number in range(self.conversations)
        ]
        return {"status": "OK", "unread": 2, "inbox": conversations}

    def body(self) -> bytes:
        """The answer's bytes."""
        return json.dumps(self.document(), ensure_ascii=False, separators=(",", ":")).encode()

    def rows(self) -> list[Row]:
        """What a contender must have read."""
        return rows_of(self.document())


def rows_of(document: dict[str, Any]) -> list[Row]:
    """The conversations of a decoded answer."""
    return [list(conversation.values()) for conversation in document["inbox"]]


INBOXES = {inbox.name: inbox for inbox in (Inbox("1 KB", "/small", 5), Inbox("20 KB", "/large", 98))}
"""By the name that the tables show."""
