"""A value form that was seen for a field is taken wherever that field stands."""

from __future__ import annotations

from pathlib import Path

from support.documents import read_document
from support.transplants import refused, subclasses

from bukalapak_async import models

FOLDER = Path(__file__).parents[1] / "documents"
DOCUMENTS = [read_document(file) for file in sorted(FOLDER.glob("*.json")) if ".error" not in file.name]


def test_what_was_seen_for_a_field_is_taken_by_every_model_that_has_it() -> None:
    found = subclasses(models.__name__.partition(".")[0])
    assert models.Message in found
    problems, without = refused(found, DOCUMENTS, set())
    assert problems == []
    # No answer to a login is recorded.
    assert without == {"Login"}
