"""What the benchmark server answers, and what contenders must have read. Nothing of it is anybody's data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.answers.comments import comment_rows, comments
from benchmarks.answers.hot_threads import hot_thread_rows, hot_threads
from benchmarks.answers.inbox import inbox, inbox_rows
from benchmarks.answers.operation import Operation, Row

__all__ = ["HELD", "OPERATIONS", "Operation", "Row", "rows_of"]

OPERATIONS = {
    operation.name: operation
    for operation in (
        hot_threads("hot threads 20 KB", "/large", 30),
        hot_threads("hot threads 1 KB", "/small", 2, cached=True),
        hot_threads("hot threads 20 KB, unsigned", "/large", 30, signed=False),
        hot_threads("hot threads 1 KB, unsigned", "/small", 2, cached=True, signed=False),
        hot_threads("hot threads XML", "/xml", 30, xml=True),
        comments("comments 20 KB", "/large", 20),
        comments("comments 1 KB", "/small", 1),
        inbox("inbox 20 KB", "/large", 98),
        inbox("inbox 1 KB", "/small", 5),
    )
}
"""By the name that the tables show."""

HELD = hot_threads("hot threads, held", "/hold", 2, cached=True)
"""Answered when the server is told to."""

_ROWS: dict[str, Callable[[dict[str, Any]], list[Row]]] = {
    "kaskus": hot_thread_rows,
    "qiscus": comment_rows,
    "bukalapak": inbox_rows,
}


def rows_of(operation: Operation, document: dict[str, Any]) -> list[Row]:
    """What a decoded answer holds."""
    return _ROWS[operation.vendor](document)
