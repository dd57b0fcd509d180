"""The contenders' processes of one start, each started when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from benchmarks.answers import OPERATIONS
from benchmarks.contenders import Spec
from benchmarks.peers import find_python
from benchmarks.processes import PATIENCE, Child, ChildFailed

__all__ = ["Absent", "Contender", "Pool"]

_NONE: Mapping[str, str] = {}


class Absent(Exception):
    """A contender cannot take part, because of what is not installed."""


class Contender:
    """A contender's process, which is asked to make calls."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._proven: set[tuple[object, ...]] = set()

    def prove(self, operation: str, variables: Mapping[str, str] = _NONE) -> None:
        """See that it reads the answer right, the first time that it is to make this call."""
        key = (operation, *variables.items())
        if key in self._proven:
            return
        shown = self._child.ask({"show": operation, "variables": variables})["rows"]
        if shown != OPERATIONS[operation].rows:
            raise ChildFailed(f"it does not read {operation} right")
        self._proven.add(key)

    def turn(
        self,
        operation: str,
        concurrency: int,
        seconds: float,
        *,
        inside_loop: bool = False,
        variables: Mapping[str, str] = _NONE,
    ) -> dict[str, float]:
        """Make calls; their ``count``, and the ``cpu`` and ``wall`` seconds that they took.

        Args:
            inside_loop: Whether blocking calls are made in a thread whose own event loop is running.
            variables: Environment variables that are set from before the client is made to the end of the turn.
        """
        question = {
            "operation": operation,
            "concurrency": concurrency,
            "seconds": seconds,
            "inside_loop": inside_loop,
            "variables": variables,
        }
        return self._child.ask(question, seconds + PATIENCE)


class Pool:
    """Processes by contender; the twin of a contender is another process of the same kind."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._stack = ExitStack()
        self._started: dict[tuple[Spec, bool], Contender | Absent] = {}

    def get(self, spec: Spec, *, twin: bool = False) -> Contender:
        """The contender's process.

        Raises:
            Absent: It is not installed.
        """
        found = self._started.get((spec, twin))
        if found is None:
            found = self._started[spec, twin] = self._start(spec)
        if isinstance(found, Absent):
            raise found
        return found

    def _start(self, spec: Spec) -> Contender | Absent:
        python = find_python(spec.environment)
        if python is None:
            return Absent("run python -m benchmarks.peers")
        child = self._stack.enter_context(Child("benchmarks.contenders.worker", python=python))
        missing = child.ask(
            {
                "module": spec.module,
                "needs": spec.needs,
                "install": spec.install.name,
                "base_url": self._base_url,
            }
        ).get("missing")
        return Contender(child) if missing is None else Absent(f"{missing} is not installed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, traceback)
