"""A bar for operations that tell how far they are."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from typing import Any

from nusantara.catalogue.operations import Operation
from nusantara.cli.streams import width

__all__ = ["showing_progress"]


@contextlib.contextmanager
def showing_progress(operation: Operation) -> Generator[dict[str, Any]]:
    """Keywords that make the operation draw a bar on standard error: none where nobody looks, or without rich."""
    if not sys.stderr.isatty() or all(each.name != "progress" for each in operation.parameters()):
        yield {}
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        yield {}
        return
    percent = TextColumn("{task.percentage:>3.0f} %")
    columns = TextColumn("{task.description}"), BarColumn(), percent, TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True, width=width())) as bar:
        task = bar.add_task(operation.name, total=None)
        yield {"progress": lambda done, total: bar.update(task, completed=done, total=total)}
