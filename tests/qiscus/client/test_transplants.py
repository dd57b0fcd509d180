"""A value form that was seen for a field is taken wherever that field stands."""

from __future__ import annotations

import json
from pathlib import Path

from support.transplants import refused, subclasses

from qiscus_async import payloads
from qiscus_async.models import comments, rooms, statistics, transfers, users
from qiscus_async.webhooks import events

MODULES = (comments, rooms, statistics, transfers, users, events, payloads)
FOLDERS = [Path(__file__).parents[1] / "documents", Path(__file__).parents[1] / "transfer_documents"]
DOCUMENTS = [
    json.loads(file.read_text(encoding="utf-8")) for folder in FOLDERS for file in sorted(folder.glob("*.json"))
]
OTHER_THINGS = {
    # The number of an answer; what became of an export, an import or a comment.
    *[("Comment", "status"), ("Export", "status"), ("Import", "status"), ("ImportAnswer", "status")],
    *[("ExportAnswer", "status"), ("ExportCreated", "status"), ("ExportListAnswer", "status")],
    ("ImportListAnswer", "status"),
    # The text of a comment, and the payload of one: in an event they hold it.
    *[("CommentParts", "message"), ("CommentPosted", "payload")],
    # Exports and imports.
    ("ExportList", "backup_histories"),
    # A day of a row, and a month.
    ("MonthlyComments", "date"),
}


def test_what_was_seen_for_a_field_is_taken_by_every_model_that_has_it() -> None:
    found = subclasses("qiscus_async")
    assert {module.__name__ for module in MODULES} <= {cls.__module__ for cls in found} | {payloads.__name__}
    problems, without = refused(found, DOCUMENTS, OTHER_THINGS)
    assert problems == []
    assert without == set()
