"""Reads every message of an inbox into a file, a line of JSON each, and goes on where it was after a kill.

    python crawler.py inbox.jsonl

Reads ``BUKALAPAK_USER_ID`` and ``BUKALAPAK_TOKEN``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from bukalapak_async import Bukalapak


def crawl(bukalapak: Bukalapak, target: Path) -> int:
    """Write the conversations that are not there yet; how many those were."""
    place = target.with_suffix(".place")
    state: dict[str, Any] = json.loads(place.read_text()) if place.exists() else {"token": None, "size": 0}
    written = 0
    with target.open("ab") as file:
        file.truncate(state["size"])  # What was written after the last checkpoint would come twice.
        for page in bukalapak.messages.inbox(per_page=5).skipping_malformed().starting_at(state["token"]).pages():
            for conversation in page:
                file.write(json.dumps(conversation.to_document(), ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            written += len(page)
            if page.next is not None:
                half = place.with_suffix(".half")
                half.write_text(json.dumps({"token": page.next, "size": file.tell()}))
                half.replace(place)
    place.unlink(missing_ok=True)
    return written


if __name__ == "__main__":
    with Bukalapak.from_env() as client:
        print(crawl(client, Path(sys.argv[1])), "conversations")
