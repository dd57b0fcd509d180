"""What answers the operations of the reference that have no rules of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.state import KaskusState
from nusantara.sandbox.operation import reference

__all__ = ["bare_operations"]


def bare_operations(ruled: Iterable[tuple[str, str]]) -> Iterator[Operation]:
    """The operations of the reference that are not among those of these verbs and paths. Only a user may call them."""
    # The reference has three operations twice, each time with another constant in the query.
    described = dict.fromkeys((entry["method"], entry["path"]) for entry in reference("kaskus_async.sandbox"))
    for known in ruled:
        described.pop(known, None)
    for method, path in described:
        yield Operation(method, path, _read if method == "GET" else _write, documented=False)


def _read(state: KaskusState, params: Params) -> dict[str, Any]:
    return {"data": []}


def _write(state: KaskusState, params: Params) -> dict[str, Any]:
    return {"result": True}
