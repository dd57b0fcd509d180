"""One operation of a vendor's API, as its side of the sandbox declares it."""

from __future__ import annotations

import enum
import importlib.resources
import json
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

import attrs

from nusantara.sandbox.vendor import Route, RouteHandler

__all__ = ["Access", "ServedOperation", "reference"]

RunT = TypeVar("RunT")


class Access(enum.Enum):
    """Whose credentials a call needs."""

    OPEN = "none that are checked before it runs"
    APP = "those of an application, without a user"
    USER = "those of a user who is signed in"


def _verb_and_path(operation: ServedOperation[Any]) -> str:
    return f"{operation.method} {operation.path}"


@attrs.frozen(slots=True)
class ServedOperation(Generic[RunT]):
    """Verb and path, as the vendor's reference writes them, and what answers."""

    method: str
    path: str
    run: RunT = attrs.field(repr=False)
    """Carries a call out; what it takes and gives is between the vendor and its operations."""
    access: Access = Access.USER
    name: str = attrs.field(default=attrs.Factory(_verb_and_path, takes_self=True), kw_only=True)
    """Name in the request log and for faults; by default verb and path."""
    documented: bool = attrs.field(default=True, kw_only=True)
    """Whether the shape of the answer is known. If not, the answer says so in a header."""

    def routes(self, handler: RouteHandler, paths: Iterable[str] = ()) -> Iterator[Route]:
        """The routes to it: at its own path, or at each of these spellings of it."""
        for path in paths or (self.path,):
            yield Route(self.method, path, self.name, handler)


def reference(package: str) -> list[dict[str, Any]]:
    """What a vendor's reference says of each of its operations: ``reference.json`` of its side of the sandbox.

    Each has ``method`` and ``path``, and the names of its parameters by where they stand.
    """
    text = importlib.resources.files(package).joinpath("reference.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found
