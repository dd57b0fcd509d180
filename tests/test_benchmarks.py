"""The benchmarks' arithmetic, and that they compare what they say. Nothing here depends on how fast anything is."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from benchmarks import calls, memory, micro, pairs
from benchmarks.answers import OPERATIONS
from benchmarks.contenders import AIOHTTP, BARE, FACADE, REQUESTS, SDK
from benchmarks.contest import Contest
from benchmarks.figures import AGAIN, VOID_FROM, Lap, Section, Spread, section
from benchmarks.markdown import render_markdown
from benchmarks.memory import download, in_flight
from benchmarks.micro import imports
from benchmarks.micro.timing import Timing
from benchmarks.pool import Pool
from benchmarks.processes import Child
from benchmarks.run import Server
from benchmarks.table import render, render_targets
from benchmarks.targets import TARGETS, Source
from benchmarks.verdict import Verdict, judge, judge_all

ROOT = Path(__file__).parents[1]


def laps(*ours: float, reference: float = 1.0, again: float = 1.0) -> list[Lap]:
    return [{"them": reference, "us": value, AGAIN: again} for value in ours]


# --- Medians


def test_the_median_of_the_starts_is_that_of_their_medians() -> None:
    compared = section("x", "X", "us", 1e6, {"c": [laps(1, 2, 90), laps(3, 4, 5), laps(7, 8, 9)]})
    assert compared.rows["us"]["c"].ratio == Spread(median=4, low=2, high=8)
    assert compared.rows["them"]["c"].value == Spread(median=1e6, low=1e6, high=1e6)
    assert compared.reference == "them"
    assert AGAIN not in compared.rows


def test_the_spread_of_one_start_is_that_of_its_laps() -> None:
    assert Spread.of([[3, 1, 2]]) == Spread(median=2, low=1, high=3)


def test_a_ratio_is_taken_within_a_lap() -> None:
    slow_and_fast = [*laps(2, reference=1, again=1), *laps(20, reference=10, again=10), *laps(2, reference=1, again=1)]
    compared = section("x", "X", "s", 1, {"c": [slow_and_fast]})
    assert compared.rows["us"]["c"].ratio == Spread(median=2, low=2, high=2)
    assert compared.noise == {"c": 0}


def test_who_is_not_in_every_lap_is_compared_in_those_it_is_in() -> None:
    missing_once: list[Lap] = [{"them": 1, AGAIN: 1}, {"them": 2, "us": 6, AGAIN: 2}]
    only_in_one_start = section("x", "X", "s", 1, {"c": [missing_once, [{"them": 1, AGAIN: 1}]]})
    assert only_in_one_start.rows["us"]["c"].ratio.median == 3


def test_the_noise_is_how_far_the_reference_is_from_its_twin() -> None:
    compared = section("x", "X", "s", 1, {"quiet": [laps(1, again=0.96)], "loud": [laps(1, again=1.06)]})
    assert compared.noise == pytest.approx({"quiet": 0.04, "loud": 0.06})
    assert compared.void == ["loud"]


# --- Verdicts


@pytest.mark.parametrize(
    ("measured", "goal", "stretch", "expected"),
    [
        (0.80, 1.0, 0.8, Verdict.STRETCH),
        (0.81, 1.0, 0.8, Verdict.PASS),
        (1.0, 1.0, 0.8, Verdict.PASS),
        (1.01, 1.0, 0.8, Verdict.WITHIN_MARGIN),
        (1.1, 1.0, 0.8, Verdict.WITHIN_MARGIN),
        (1.11, 1.0, 0.8, Verdict.SHORT),
        (0.5, 1.0, None, Verdict.PASS),
        (0.8, None, 0.8, Verdict.STRETCH),
        (0.81, None, 0.8, Verdict.NOT_STRETCH),
    ],
)
def test_verdicts(measured: float, goal: float | None, stretch: float | None, expected: Verdict) -> None:
    assert judge(measured, 0.01, goal, stretch) is expected
    assert judge(measured, None, goal, stretch) is expected
    assert judge(measured, VOID_FROM, goal, stretch) is expected
    assert judge(measured, VOID_FROM + 0.001, goal, stretch) is Verdict.VOID


def test_what_was_not_measured_says_why() -> None:
    layers = next(target for target in TARGETS if target.number == 14).bars[0].source
    missing = Section(
        key=layers.section, title="", reference="aiohttp + json", unit="us", rows={}, noise={}, missing=("x: y",)
    )
    broken = Section(
        key=layers.section, title="", reference="aiohttp + json", unit="us", rows={}, noise={},
        failed=("aiohttp + json at 1 KB: it ended",),
    )  # fmt: skip
    for sections, why in (([], "left out"), ([missing], "left out"), ([broken], "it ended")):
        (judged,) = (one for one in judge_all(sections, "left out") if one.target.number == 14)
        assert (judged.verdict, judged.why, judged.measured) == (Verdict.NOT_MEASURED, why, None)


def test_every_judged_figure_is_shown() -> None:
    layers = next(target for target in TARGETS if target.number == 14).bars[0].source
    found = section(layers.section, "Layers", "us", 1e6, {layers.column: [[{"a": 1, layers.row: 0.05, AGAIN: 1}]]})
    judged = judge_all([found], "left out")
    text = "\n".join([render({"machine": "here"}, [found]), render_targets(judged)])
    assert all(f"\n{target.name} " in text for target in TARGETS)
    assert "0.050" in text
    assert "1 pass, " in text
    markdown = render_markdown({"machine": "here"}, [found], judged)
    assert markdown.count("\n| P") == sum(len(target.bars) for target in TARGETS)
    widths = {line.count("|") for line in markdown.splitlines() if line.startswith("|")}
    assert len(widths) == 1


# --- What is measured


def places() -> Iterator[Source]:
    """Every figure that a full run can come to."""
    for one in [*calls.contests(), *pairs.contests(), *micro.measurements(), *memory.measurements()]:
        if isinstance(one, Contest):
            for column in one.columns:
                for row in (*(turn.name for turn in column.turns), *column.differences):
                    yield Source(one.key, row, column.name)
        elif isinstance(one, Timing):
            for group in one.groups:
                for row in ("OAuth1.sign", "codec.structure", "both", "structure_xml"):
                    yield Source(one.key, row, group.column)
    for program in imports.PROGRAMS:
        yield Source(imports.KEY, program, imports.COLUMN)
    yield Source(in_flight.KEY, SDK.name, in_flight.COLUMN)
    for key in (download.COST, download.MEMORY):
        yield Source(key, download.SDK, download.COLUMN)


def test_every_target_is_tied_to_figures_that_are_measured() -> None:
    assert [target.number for target in TARGETS] == list(range(1, 21))
    measured = set(places())
    assert [bar for target in TARGETS for bar in target.bars if bar.source not in measured] == []


def test_a_quick_run_has_figures_for_every_target() -> None:
    columns = {
        Source(one.key, row, column.name)
        for one in [*calls.contests(), *pairs.contests()]
        if one.quick
        for column in one.columns
        if column.quick
        for row in (*(turn.name for turn in column.turns if turn.quick), *column.differences)
    }
    contests = {source.section for source in places() if source.section.partition(" ")[0] in CONTESTS}
    for target in TARGETS:
        assert any(bar.source in columns or bar.source.section not in contests for bar in target.bars), target.name


CONTESTS = {one.key.partition(" ")[0] for one in [*calls.contests(), *pairs.contests()]}


def test_answers_have_the_size_that_their_names_say() -> None:
    for name, operation in OPERATIONS.items():
        if "KB" in name:
            expected = int(name.partition(" KB")[0].rpartition(" ")[2])
            assert round(len(operation.body()) / 1000) == expected, name


def test_contenders_read_the_answers_right() -> None:
    with Child("benchmarks.server") as process, Pool(Server(process).base_url) as pool:
        for spec in (SDK, FACADE, AIOHTTP, REQUESTS, BARE):
            contender = pool.get(spec)
            for operation in OPERATIONS.values():
                if not operation.xml or spec is SDK:
                    contender.prove(operation.name)
            assert contender.turn("hot threads 1 KB", 2, 0.01)["count"] >= 2
        assert pool.get(FACADE).turn("hot threads 1 KB", 1, 0.01, inside_loop=True)["count"] >= 1


# --- Ending


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_process_behind(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", "unsigned"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stderr is not None
        run.stderr.readline()
        children = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(number)
        said = run.stderr.read()
        status = run.wait(30)
    assert children
    assert psutil.wait_procs(children, 30)[1] == []
    if number is not signal.SIGKILL:
        assert (status, said.splitlines()[-1]) == (1, "stopped")
