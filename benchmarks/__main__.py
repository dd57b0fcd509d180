"""``python -m benchmarks [--quick] [--only NAME ...] [--json | --markdown]``

Measures on this machine, on loopback, and prints tables, the targets P1 to P20 last. Takes up to ten minutes, with
``--quick`` up to one. The ratios are the result; they mean something on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

import attrs

from benchmarks import calls, machine, memory, micro, pairs
from benchmarks.figures import Section, group_of
from benchmarks.markdown import render_markdown
from benchmarks.pool import Pool
from benchmarks.processes import Child, ChildFailed
from benchmarks.run import FULL, QUICK, Effort, Measurement, Run, Server, tell
from benchmarks.table import render, render_targets
from benchmarks.targets import TARGETS, measurements_of
from benchmarks.verdict import Judged, judge_all


def main() -> int:
    """Measure and print; 1 if a contender broke."""
    measurements: list[Measurement] = [
        *calls.contests(),
        *pairs.contests(),
        *micro.measurements(),
        *memory.measurements(),
    ]
    groups = list(dict.fromkeys(group_of(one.key) for one in measurements))
    names = {**{group: {group} for group in groups}, **{target.name: measurements_of(target) for target in TARGETS}}
    arguments = _parser(groups).parse_args()
    unknown = set(arguments.only or ()) - names.keys()
    if unknown:
        sys.exit(f"there is nothing called {', '.join(sorted(unknown))}")
    effort = QUICK if arguments.quick else FULL
    wanted = {group for name in arguments.only or groups for group in names[name]}
    measurements = [
        one for one in measurements if group_of(one.key) in wanted and (one.quick or not effort.quick or arguments.only)
    ]
    signal.signal(signal.SIGTERM, _stop)
    begun = time.monotonic()
    facts = machine.facts()
    facts["server"] = _measure(measurements, effort)
    facts["load after"] = machine.load()
    facts["took"] = (
        f"{time.monotonic() - begun:.0f} s, {effort.starts} fresh start{'s'[: effort.starts > 1]} of everything"
    )
    sections = [section for one in measurements for section in one.sections() if section.says_something]
    judged = [
        one
        for one in judge_all(sections, "left out of a quick run" if effort.quick else "left out of this run")
        if measurements_of(one.target) & wanted
    ]
    if arguments.json:
        print(json.dumps(_document(facts, sections, judged), indent=1))
    elif arguments.markdown:
        print(render_markdown(facts, sections, judged))
    else:
        print(render(facts, sections), render_targets(judged), sep="\n\n")
    return 1 if any(section.failed for section in sections) else 0


def _parser(groups: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n\n")[2])
    parser.add_argument("--quick", action="store_true", help="one start of everything, short turns: a first look only")
    parser.add_argument("--only", nargs="+", metavar="NAME", help=f"some of: {', '.join(groups)}; or targets, as in P9")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    form.add_argument("--markdown", action="store_true", help="what goes into the README")
    return parser


def _measure(measurements: Sequence[Measurement], effort: Effort) -> str:
    """Make every measurement in every start; says what served it."""
    with Child("benchmarks.server") as process:
        server = Server(process)
        for number in range(effort.starts):
            with Pool(server.base_url) as pool:
                run = Run(effort=effort, server=server, pool=pool)
                for one in measurements:
                    if number and one.once:
                        continue
                    tell(f"[{number + 1}/{effort.starts}] {one.title}")
                    one.start(run)
        return f"asyncio.Protocol on {server.loop}"


def _document(facts: dict[str, str], sections: Sequence[Section], judged: Sequence[Judged]) -> dict[str, object]:
    return {
        "facts": facts,
        "targets": [
            {
                "target": one.target.name,
                "what": one.target.what,
                "of": one.bar.label,
                "goal": one.bar.goal,
                "stretch": one.bar.stretch,
                "measured": None if one.measured is None else attrs.asdict(one.measured),
                "unit": one.target.unit,
                "noise": one.noise,
                "verdict": one.verdict,
                "why": one.why,
            }
            for one in judged
        ],
        "sections": [{**attrs.asdict(section), "void": section.void} for section in sections],
    }


def _stop(*_: object) -> NoReturn:
    sys.exit("stopped")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped")
    except ChildFailed as error:
        sys.exit(str(error))
