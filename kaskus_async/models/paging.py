"""What the answers of listings by page number say about their pages."""

from __future__ import annotations

from kaskus_async.models.loose import Number
from nusantara.model import Model, field, model

__all__ = ["PageNumbers"]


@model
class PageNumbers(Model):
    """Base of the answers that count pages. The vendor has several names for the same counts; here each has one."""

    current_page: Number | None = field(default=None, keys=("current_page", "page"))
    """From 1."""
    per_page: Number | None = None
    total_page: Number | None = field(default=None, keys=("total_page", "total_pages"))
    """Number of pages; 0 where there is nothing."""
    total: Number | None = field(default=None, keys=("thread_num", "total_post", "total_friend", "numFound", "total"))
    """Items in the whole listing. Of large forums at most 20000 threads were seen counted and listed."""
