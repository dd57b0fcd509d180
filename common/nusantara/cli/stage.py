"""What a vendor's part of the tour works with."""

from __future__ import annotations

import ast
import functools
import linecache
import sys
import textwrap
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

from nusantara.cli.text import one_line
from nusantara.errors import NusantaraError

if TYPE_CHECKING:
    from nusantara.sandbox import RecordedRequest, Sandbox

__all__ = ["Stage"]

WIDTH = 110
BAR = 40


class Stage:
    """Shows what runs: the code itself, the requests that the sandbox received, and the results.

        with stage.step("Read the inbox"):
            page = await bukalapak.messages.inbox()
            show(page.items[0].partner_name)

    prints the lines of the block, runs them, and prints for each ``show`` first what has been on the wire since.
    No code and no result that is printed is written down beforehand.
    """

    def __init__(self, sandbox: Sandbox, vendor: str, output: TextIO) -> None:
        self.sandbox = sandbox
        self.vendor = vendor
        self.steps = 0
        self._output = output
        self._last_request = 0

    @property
    def base_url(self) -> str:
        """Where the sandbox is."""
        return self.sandbox.base_url

    @property
    def credentials(self) -> dict[str, Any]:
        """What the sandbox hands out for this vendor."""
        credentials: dict[str, Any] = self.sandbox.credentials[self.vendor]
        return credentials

    def step(self, title: str) -> Step:
        """A block of code that is shown and run."""
        self.steps += 1
        return Step(self, title)

    def show(self, *values: object) -> None:
        """Print results; an error with the name of its class."""
        self._show_wire()
        text = one_line(" ".join(_text(value) for value in values))
        self._output.write(
            textwrap.fill(text, WIDTH, initial_indent="   = ", subsequent_indent="     ", break_long_words=False) + "\n"
        )

    def bar(self, done: int, total: int | None) -> None:
        """Draw how far something is; fit to be given as ``progress=``. Where nobody looks only its end is printed."""
        if total is None or not (done == total or self._output.isatty()):
            return
        filled = round(BAR * done / total) if total else BAR
        begin = "\r" if self._output.isatty() else ""
        end = "\n" if done == total else ""
        self._output.write(f"{begin}   [{'#' * filled:<{BAR}}] {done} of {total}{end}")
        self._output.flush()

    def _begin(self, title: str, code: str) -> None:
        self._output.write(f"\n{self.steps}. {title}\n{textwrap.indent(code, '     ')}\n")

    def _show_wire(self) -> None:
        for record in self.sandbox.requests:
            if record.number > self._last_request:
                self._last_request = record.number
                self._output.writelines(_wire_lines(record))


class Step:
    """One ``with`` block of a tour."""

    def __init__(self, stage: Stage, title: str) -> None:
        self._stage = stage
        self._title = title

    def __enter__(self) -> None:
        self._stage._begin(self._title, _code_of_block(sys._getframe(1)))

    def __exit__(self, *details: object) -> None:
        self._stage._show_wire()


def _code_of_block(frame: FrameType) -> str:
    """The lines of the ``with`` block that a frame enters."""
    filename = frame.f_code.co_filename
    # An installation may have no sources; then there is nothing to show.
    first, last = _blocks(filename).get(frame.f_lineno, (1, 0))
    return textwrap.dedent("".join(linecache.getlines(filename)[first - 1 : last])).rstrip()


@functools.cache
def _blocks(filename: str) -> dict[int, tuple[int, int]]:
    """First and last line of each ``with`` block of a file, by the line of its head."""
    tree = ast.parse("".join(linecache.getlines(filename)))
    return {
        node.lineno: (node.body[0].lineno, node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.With)
    }


def _wire_lines(record: RecordedRequest) -> list[str]:
    document = record.document()
    lines = [f"   -> {record.method} {document['path']} <- {_answer(record)}"]
    if body := document.get("body") or document.get("body_base64"):
        lines.append(f"      {one_line(body)}")
    return [f"{line if len(line) <= WIDTH else line[: WIDTH - 3] + '...'}\n" for line in lines]


def _answer(record: RecordedRequest) -> str:
    if record.status is not None and record.fault is None:
        return str(record.status)
    done = "carried out" if record.executed else "not carried out"
    answer = "no answer" if record.status is None else str(record.status)
    return f"{answer} (fault {record.fault}; {done})"


def _text(value: object) -> str:
    return f"{type(value).__name__}: {value}" if isinstance(value, NusantaraError) else str(value)
