"""Numbers about the app."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from nusantara.model import LooseInt, Mismatch, Model, Via, field, model

__all__ = ["MonthlyComments"]

_MONTH = re.compile(r"([0-9]{2})-([0-9]{4})").fullmatch


def _read_month(value: Any) -> date:
    found = _MONTH(value) if type(value) is str else None
    if found is None:
        raise Mismatch("a month such as 04-2017", value)
    return date(int(found[2]), int(found[1]), 1)


def _write_month(value: date) -> str:
    return f"{value:%m}-{value.year:04}"


@model
class MonthlyComments(Model):
    """How many comments were posted in a month."""

    month: Annotated[date, Via(_read_month, _write_month, "a month such as 04-2017")] = field(key="date")
    """The first day of the month."""
    total: LooseInt


@model
class MonthlyCommentsAnswer(Model):
    """The envelope of the number of comments."""

    results: MonthlyComments
