"""``python -m benchmarks [--quick] [--only NAME ...] [--json]``

Measures on this machine, on loopback, and prints tables. Takes up to ten minutes, with ``--quick`` up to one. The
ratios are the result; they mean something on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

import attrs

from benchmarks import calls, machine, table
from benchmarks.measure import Effort, Run, Section, Server
from benchmarks.micro import facade, imports, structure
from benchmarks.processes import Child, ChildFailed

SECTIONS: dict[str, Callable[[Run], list[Section]]] = {
    "async": calls.measure_async,
    "sync": calls.measure_sync,
    "facade": facade.measure,
    "structure": structure.measure,
    "import": imports.measure,
}

FULL = Effort(starts=3, laps=7, seconds=0.2, function_seconds=0.03)
QUICK = Effort(starts=1, laps=3, seconds=0.08, function_seconds=0.01)


def main() -> int:
    """Measure and print; 1 if a contender broke."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n\n")[2])
    parser.add_argument("--quick", action="store_true", help="one start of everything, short turns: a first look only")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, metavar="NAME", help=f"some of: {', '.join(SECTIONS)}")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    facts = machine.facts()
    sections: list[Section] = []
    with Child("benchmarks.server") as process:
        run = Run(effort=QUICK if arguments.quick else FULL, server=Server(process))
        for name in arguments.only or SECTIONS:
            sections += SECTIONS[name](run)
    facts["load after"] = machine.load()
    if arguments.json:
        print(json.dumps({"facts": facts, "sections": [_document(section) for section in sections]}, indent=1))
    else:
        print(table.render(facts, sections))
    return 1 if any(section.failed for section in sections) else 0


def _document(section: Section) -> dict[str, object]:
    return {**attrs.asdict(section), "void": section.void}


def _stop(*_: object) -> NoReturn:
    sys.exit("stopped")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped")
    except ChildFailed as error:
        sys.exit(str(error))
