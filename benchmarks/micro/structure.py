"""From bytes to typed objects, next to ``json.loads`` of the same bytes."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.answers import OPERATIONS
from benchmarks.micro.timing import Cases

__all__ = ["comments", "hot_threads", "inbox"]


def comments() -> Cases:
    """20 comments of Qiscus."""
    from qiscus_async.models.comments import CommentListAnswer

    return _steps("comments 20 KB", CommentListAnswer)


def hot_threads() -> Cases:
    """30 hot threads of KASKUS."""
    from kaskus_async.models.threads import HotThreads

    return _steps("hot threads 20 KB", HotThreads)


def inbox() -> Cases:
    """98 conversations of Bukalapak."""
    from bukalapak_async.models import InboxPage

    return _steps("inbox 20 KB", InboxPage)


def _steps(operation: str, into: Any) -> Cases:
    from nusantara import codec

    body, document = OPERATIONS[operation].body(), OPERATIONS[operation].document
    assert codec.loads(body) == document
    assert codec.structure(document, into).to_document() == document
    return {
        "json.loads": lambda: json.loads(body),
        "codec.loads": lambda: codec.loads(body),
        "codec.structure": lambda: codec.structure(document, into),
        "both": lambda: codec.structure(codec.loads(body), into),
    }
