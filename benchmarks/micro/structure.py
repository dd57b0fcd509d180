"""From bytes to typed objects, next to ``json.loads`` of the same bytes."""

from __future__ import annotations

import json

from benchmarks.answers import INBOXES
from benchmarks.measure import Run, Section, section, tell
from benchmarks.micro.timing import Cases, timed

__all__ = ["cases", "measure"]


def cases() -> Cases:
    """The steps of decoding the large inbox."""
    from bukalapak_async.models import InboxPage
    from nusantara import codec

    inbox = INBOXES["20 KB"]
    body, document = inbox.body(), inbox.document()
    assert codec.loads(body) == document
    assert codec.structure(document, InboxPage).to_dict() == document
    return {
        "json.loads": lambda: json.loads(body),
        "codec.loads": lambda: codec.loads(body),
        "codec.structure": lambda: codec.structure(document, InboxPage),
        "both": lambda: codec.structure(codec.loads(body), InboxPage),
    }


def measure(run: Run) -> list[Section]:
    """Decode and structure 20 KB, without and with orjson."""
    tell("Decoding")
    columns = {"base": timed(run, __name__, hidden=("orjson",)), "with orjson": timed(run, __name__)}
    return [section("Decoding 20 KB: CPU", "us", 1e6, columns)]
