"""Where the answers of marketplace listings say which page comes next."""

from __future__ import annotations

from typing import Annotated

from kaskus_async.models.fjb.nothing import or_nothing
from nusantara.model import LooseStr, Model, model

__all__ = ["Cursors", "CursorsMeta"]


@model
class Cursors(Model):
    """The cursors of a page and of the next; on the last page they are equal."""

    current: LooseStr | None = None
    next: LooseStr | None = None


@model
class CursorsMeta(Model):
    """What is said about a page."""

    cursor: Annotated[Cursors, or_nothing(Cursors)] | None = None
