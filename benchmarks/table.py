"""The result as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.figures import VOID_FROM, Figure, Section, Spread
from benchmarks.verdict import Judged, Verdict

__all__ = ["aligned", "bar_cells", "render", "render_targets", "spread_text"]

_NOISE = "A/A noise"


def render(facts: Mapping[str, str], sections: Iterable[Section]) -> str:
    """All tables, below what is known of the machine."""
    width = max(map(len, facts))
    head = "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items())
    return "\n\n".join([head, *map(_section, sections)])


def _section(section: Section) -> str:
    title = f"{section.title}, as a ratio to {section.reference}" if section.rows else section.title
    lines = [title, "-" * len(title)]
    if section.rows:
        lines += aligned(_cells(section))
    if section.void:
        lines.append(f"VOID, A/A differs by more than {VOID_FROM:.0%}: {'; '.join(section.void)}")
    lines += section.notes
    lines += [f"MISSING {reason}" for reason in section.missing]
    lines += [f"FAILED {reason}" for reason in section.failed]
    return "\n".join(lines)


def _cells(section: Section) -> list[list[str]]:
    columns = section.columns
    cells = [["", *columns]]
    for name, figures in section.rows.items():
        cells.append([name, *(_cell(section, name, figures.get(column)) for column in columns)])
    noise = [section.noise.get(column) for column in columns]
    cells.append([_NOISE, *("-" if share is None else f"{share:.1%}" for share in noise)])
    return cells


def _cell(section: Section, name: str, figure: Figure | None) -> str:
    if figure is None:
        return "-"
    if name == section.reference:
        return f"1 = {_number(figure.value.median)} {section.unit}"
    return f"{_number(figure.ratio.median)} ({spread_text(figure.ratio)})"


def spread_text(spread: Spread) -> str:
    """The lowest and the highest."""
    return f"{_number(spread.low)} to {_number(spread.high)}"


def _number(value: float) -> str:
    """Two decimals for what is near 1, as many as make a difference for what is far from it."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"


HEADINGS = ("of", "goal", "stretch", "measured", "starts", "A/A", "verdict")


def render_targets(judged: Sequence[Judged]) -> str:
    """P1 to P20."""
    title = "Targets: ratios, the smaller the better"
    head, *bars = aligned([HEADINGS, *map(bar_cells, judged)])
    lines = [title, "-" * len(title), f"     {head}"]
    last = None
    for one, bar in zip(judged, bars, strict=True):
        if one.target is not last:
            lines.append(f"{one.target.name:<4} {one.target.what}")
        last = one.target
        lines.append(f"     {bar}")
    return "\n".join([*lines, summary(judged)])


def bar_cells(one: Judged) -> list[str]:
    """What stands below :data:`HEADINGS`."""
    measured = one.measured
    return [
        one.bar.label,
        "-" if one.bar.goal is None else f"{one.bar.goal:g}",
        "-" if one.bar.stretch is None else f"{one.bar.stretch:g}",
        "-" if measured is None else _with_unit(one.target.unit, _number(measured.median)),
        "-" if measured is None else spread_text(measured),
        "-" if one.noise is None else f"{one.noise:.1%}",
        f"{one.verdict}: {one.why}" if one.why else str(one.verdict),
    ]


def _with_unit(unit: str, text: str) -> str:
    return f"{text} {unit}".rstrip()


def summary(judged: Sequence[Judged]) -> str:
    """How many figures got which verdict."""
    counts = {verdict: sum(one.verdict is verdict for one in judged) for verdict in Verdict}
    return f"{len(judged)} figures: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines whose cells stand below each other."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
