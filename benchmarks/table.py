"""The result as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.measure import VOID_FROM, Figure, Section

__all__ = ["render"]

_NOISE = "A/A noise"


def render(facts: Mapping[str, str], sections: Iterable[Section]) -> str:
    """All tables, below what is known of the machine."""
    width = max(map(len, facts))
    head = "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items())
    return "\n\n".join([head, *map(_section, sections)])


def _section(section: Section) -> str:
    title = f"{section.title}, as a ratio to {section.reference} (lowest to highest lap)"
    lines = [title, "-" * len(title)]
    if section.rows:
        lines += _aligned(_cells(section))
    if section.void:
        lines.append(f"VOID, A/A differs by more than {VOID_FROM:.0%}: {'; '.join(section.void)}")
    lines += section.notes
    lines += [f"MISSING {reason}" for reason in section.missing]
    lines += [f"FAILED {reason}" for reason in section.failed]
    return "\n".join(lines)


def _cells(section: Section) -> list[list[str]]:
    cells = [["", *section.columns]]
    for name, figures in section.rows.items():
        cells.append([name, *(_cell(section, name, figures.get(column)) for column in section.columns)])
    cells.append([_NOISE, *(f"{noise:.1%}" for noise in section.noise.values())])
    return cells


def _cell(section: Section, name: str, figure: Figure | None) -> str:
    if figure is None:
        return "-"
    if name == section.reference:
        return (
            f"1 = {figure.value:.3g} {section.unit}"
            if figure.value < 1000
            else f"1 = {figure.value:.0f} {section.unit}"
        )
    if figure.low == figure.high:
        return f"{figure.ratio:.2f}"
    return f"{figure.ratio:.2f} ({figure.low:.2f} to {figure.high:.2f})"


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
