"""Whether a figure meets its bar."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

import attrs

from benchmarks.figures import VOID_FROM, Section, Spread
from benchmarks.targets import TARGETS, Bar, Source, Target

__all__ = ["MARGIN", "Judged", "Verdict", "judge", "judge_all"]

MARGIN = 1.10
"""How far above its goal a figure may be: as far as fresh starts were seen to differ."""


class Verdict(enum.StrEnum):
    """What is said of a figure."""

    STRETCH = "stretch"
    """At or under the stretch goal."""
    PASS = "pass"
    """At or under the goal."""
    WITHIN_MARGIN = "pass within margin"
    SHORT = "short"
    NOT_STRETCH = "above stretch"
    """There is no goal, and the stretch goal is not reached."""
    VOID = "void"
    """The reference was too far from its own twin: the figure says nothing."""
    NOT_MEASURED = "not measured"


@attrs.frozen(slots=True, kw_only=True)
class Judged:
    """A bar, what was measured, and the verdict."""

    target: Target
    bar: Bar
    verdict: Verdict
    measured: Spread | None = None
    noise: float | None = None
    why: str = ""
    """Why it was not measured."""


def judge(measured: float, noise: float | None, goal: float | None, stretch: float | None) -> Verdict:
    """Say it of a figure whose reference differed from its twin by ``noise``, a share."""
    if noise is not None and noise > VOID_FROM:
        return Verdict.VOID
    if stretch is not None and measured <= stretch:
        return Verdict.STRETCH
    if goal is None:
        return Verdict.NOT_STRETCH
    if measured <= goal:
        return Verdict.PASS
    return Verdict.WITHIN_MARGIN if measured <= goal * MARGIN else Verdict.SHORT


def judge_all(sections: Sequence[Section], left_out: str) -> list[Judged]:
    """All targets.

    Args:
        left_out: Why something may be missing although nobody was and nothing broke.
    """
    by_key = {section.key: section for section in sections}
    return [_judge_bar(target, bar, by_key, left_out) for target in TARGETS for bar in target.bars]


def _judge_bar(target: Target, bar: Bar, sections: Mapping[str, Section], left_out: str) -> Judged:
    source = bar.source
    section = sections.get(source.section)
    figure = section.rows.get(source.row, {}).get(source.column) if section is not None else None
    if section is None or figure is None:
        why = _problem(section, source) or left_out
        return Judged(target=target, bar=bar, verdict=Verdict.NOT_MEASURED, why=why)
    measured = figure.value if target.unit else figure.ratio
    noise = section.noise.get(source.column)
    verdict = judge(measured.median, noise, bar.goal, bar.stretch)
    return Judged(target=target, bar=bar, verdict=verdict, measured=measured, noise=noise)


def _problem(section: Section | None, source: Source) -> str:
    """What kept the figure out of the section, if it is known."""
    if section is None:
        return ""
    subjects = {source.row, source.column, section.reference}
    reasons = [
        problem.partition(": ")[2]
        for problem in (*section.missing, *section.failed)
        if not subjects.isdisjoint(_subjects(problem))
    ]
    return "; ".join(dict.fromkeys(reasons))


def _subjects(problem: str) -> list[str]:
    """Whom or what a problem is about, which is what it begins with."""
    return problem.partition(": ")[0].partition(" at ")[0].split("; ")
