"""The result as Markdown, to paste into the README: the machine, the calls of all libraries, the targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks import calls
from benchmarks.figures import Figure, Section
from benchmarks.table import HEADINGS, bar_cells, spread_text, summary
from benchmarks.verdict import Judged

__all__ = ["render_markdown"]

_SHOWN = (
    calls.async_key("hot threads 20 KB"),
    calls.async_key("hot threads 1 KB"),
    calls.async_key("comments 20 KB"),
    calls.sync_key("hot threads 20 KB"),
    calls.sync_key("hot threads 1 KB"),
)


def render_markdown(facts: Mapping[str, str], sections: Sequence[Section], judged: Sequence[Judged]) -> str:
    """What anyone needs to know of a run."""
    by_key = {section.key: section for section in sections}
    shown = [by_key[key] for key in _SHOWN if key in by_key and by_key[key].rows]
    return "\n\n".join(
        [
            "\n".join(f"- {name}: {value}" for name, value in facts.items()),
            *map(_section, shown),
            _rows([["", "what / by what", *HEADINGS], *map(_bar, judged)]),
            f"{summary(judged)}.",
        ]
    )


def _bar(one: Judged) -> list[str]:
    return [one.target.name, one.target.what, *bar_cells(one)]


def _section(section: Section) -> str:
    cells = [[section.title, *section.columns]]
    for name, figures in section.rows.items():
        cells.append([name, *(_cell(section, name, figures.get(column)) for column in section.columns)])
    return "\n\n".join([_rows(cells), *section.notes])


def _cell(section: Section, name: str, figure: Figure | None) -> str:
    if figure is None:
        return ""
    if name == section.reference:
        return "1"
    return f"{figure.ratio.median:.2f} ({spread_text(figure.ratio)})"


def _rows(cells: Iterable[Sequence[str]]) -> str:
    head, *others = cells
    lines = [head, ["---"] * len(head), *others]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
