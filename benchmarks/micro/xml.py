"""From XML to typed objects, next to ``json.loads`` of the same document in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.answers import OPERATIONS
from benchmarks.micro.timing import Cases

__all__ = ["comments", "hot_threads"]


def hot_threads() -> Cases:
    """30 hot threads of KASKUS."""
    from kaskus_async.models.threads import HotThreads

    return _ways("hot threads 20 KB", HotThreads, lambda answer: answer)


def comments() -> Cases:
    """20 comments as in Qiscus' JSON, which that vendor never sends as XML: many fields, nested objects."""
    from qiscus_async.models.comments import CommentListAnswer

    # Not compared as a whole: in XML, what no type says anything about stays text.
    return _ways(
        "comments 20 KB",
        CommentListAnswer,
        lambda answer: [
            (one.id, one.message, one.email, one.timestamp, one.type, one.unix_nano_timestamp, one.user_avatar)
            for one in answer.results.comments
        ],
    )


def _ways(operation: str, into: Any, known: Callable[[Any], Any]) -> Cases:
    """``known`` is what of a result can be compared with that of the twin."""
    from lxml import etree

    from benchmarks.answers.xmltext import to_xml
    from nusantara import codec
    from nusantara.codec.xml import loads_xml, structure_xml

    twin, xml = OPERATIONS[operation].body(), to_xml(OPERATIONS[operation].document)
    assert known(structure_xml(xml, into)) == known(codec.structure(json.loads(twin), into))
    return {
        "json.loads of the twin": lambda: json.loads(twin),
        "lxml.etree.fromstring": lambda: etree.fromstring(xml),
        "loads_xml": lambda: loads_xml(xml),
        "structure_xml": lambda: structure_xml(xml, into),
    }
