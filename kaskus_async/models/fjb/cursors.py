"""Where the answers of marketplace listings say which page comes next."""

from __future__ import annotations

from typing import Annotated, Any

from nusantara.codec import structure, unstructure
from nusantara.model import LooseStr, Model, Via, model

__all__ = ["Cursors", "CursorsMeta"]


@model
class Cursors(Model):
    """The cursors of a page and of the next; on the last page they are equal."""

    current: LooseStr | None = None
    next: LooseStr | None = None


def _load_cursors(value: Any) -> Cursors | None:
    if value in ([], ""):
        return None
    return structure(value if isinstance(value, dict) else {"next": value}, Cursors)


@model
class CursorsMeta(Model):
    """What is said about a page."""

    cursor: Annotated[Cursors, Via(_load_cursors, unstructure)] | None = None
    """Other listings were seen to send that of the next page alone, as text."""
