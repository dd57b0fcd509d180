"""Importing made-up rows, in a process of its own."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from benchmarks.answers.comments import APP_ID, SECRET_KEY
from benchmarks.memory.resident import forget_peak, peak, resident
from benchmarks.site import TRANSFERS_BASE
from qiscus_async import AsyncQiscus
from qiscus_async.imports import CommentRow

__all__ = ["hand_in"]

_WHEN = datetime(2020, 1, 2, tzinfo=UTC)


def hand_in(count: int, base_url: str) -> dict[str, Any]:
    """CPU and wall seconds of an import of comments, and by how many MB the process grew at its peak."""
    return asyncio.run(_hand_in(count, base_url))


async def _hand_in(count: int, base_url: str) -> dict[str, Any]:
    async with AsyncQiscus(APP_ID, SECRET_KEY, base_url=base_url + TRANSFERS_BASE) as qiscus:
        await qiscus.imports.run("comments", _rows(10))
        gc.collect()
        forget_peak()
        before, cpu, wall = resident(), time.process_time(), time.perf_counter()
        reports = await qiscus.imports.run("comments", _rows(count))
        assert sum(report.rows for report in reports) == count
        return {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
            "growth": peak() - before,
        }


def _rows(count: int) -> Iterator[CommentRow]:
    for number in range(count):
        yield CommentRow(
            message=f"Pesan nomor {number}",
            unique_id=f"android_{number:032d}",
            creator_email="orang-1@toko.test",
            room_unique_id="4e6c208b-3436-46a0-a6d7-add9b90dfc77",
            created_at=_WHEN,
        )
