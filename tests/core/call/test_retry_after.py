"""How long a server asks to wait, however it says so."""

from __future__ import annotations

import email.utils
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.call.retry_after import parse_retry_after


@given(st.text() | st.none(), st.text() | st.none())
def test_no_retry_after_header_does_harm(value: str | None, date: str | None) -> None:
    seconds = parse_retry_after(value, date=date)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1", 1.0),
        ("1.5", 1.5),
        (" 30 ", 30.0),
        ("-5", None),
        ("30,120", None),
        ("1" + "0" * 400, None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 -0000", 0.0),
    ],
)
def test_retry_after_spellings(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value) == seconds


def test_a_date_is_judged_by_the_servers_clock() -> None:
    theirs = time.time() + 86_400
    date = email.utils.formatdate(theirs, usegmt=True)
    until = email.utils.formatdate(theirs + 20, usegmt=True)
    assert parse_retry_after(until, date=date) == 20.0


@pytest.mark.parametrize(
    "until", ["Thu, 01 Jan 2026 00:00:20 -0000", "Thu, 01 Jan 2026 07:00:20 +0700", "Wed, 31 Dec 2025 20:00:20 -0400"]
)
def test_a_date_is_taken_in_its_own_zone(until: str) -> None:
    assert parse_retry_after(until, date="Thu, 01 Jan 2026 00:00:00 GMT") == 20.0
