"""From what turns took to what the tables say.

In a lap everybody has a turn, A B C, then comes the next lap, A B C. A ratio is taken within a lap, where the machine
was in the same mood for both; the median over the laps stands for a start, the median over the starts for the run. The
reference takes part twice: how far it is from its own twin is the noise, and where that is more than
:data:`VOID_FROM`, the run says nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

import attrs

__all__ = ["AGAIN", "VOID_FROM", "Figure", "Lap", "Section", "Spread", "group_of", "section"]

VOID_FROM = 0.05
AGAIN = "the reference, again"

Lap = Mapping[str, float]
"""What a turn of each contender came to, in seconds, or MB, or whatever is measured."""


@attrs.frozen(slots=True, kw_only=True)
class Spread:
    """A median and what it is the median of."""

    median: float
    low: float
    """The lowest of the starts; with one start, of its laps."""
    high: float

    @classmethod
    def of(cls, starts: Sequence[Sequence[float]]) -> Spread:
        """Of values by start and lap."""
        medians = [statistics.median(start) for start in starts]
        among = medians if len(medians) > 1 else starts[0]
        return cls(median=statistics.median(medians), low=min(among), high=max(among))


@attrs.frozen(slots=True, kw_only=True)
class Figure:
    """What a contender came to in a column."""

    ratio: Spread
    """To the reference."""
    value: Spread
    """The quantity itself, in the section's unit. It belongs to the machine of the run."""


@attrs.frozen(slots=True, kw_only=True)
class Section:
    """One table."""

    key: str
    """Begins with the group of measurements that it belongs to, see :func:`group_of`."""
    title: str
    reference: str
    unit: str
    rows: dict[str, dict[str, Figure]]
    """Figures by contender and column; the reference is the first."""
    noise: dict[str, float]
    """By column, how far the reference was from its own twin, as a share."""
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Who could not take part, a colon, and why."""
    failed: tuple[str, ...] = ()
    """Who took part and broke, perhaps ``at`` where, a colon, and how."""

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(column for figures in self.rows.values() for column in figures))

    @property
    def says_something(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.rows or self.notes or self.missing or self.failed)

    @property
    def void(self) -> list[str]:
        """Columns that say nothing."""
        return [column for column, noise in self.noise.items() if noise > VOID_FROM]


def group_of(key: str) -> str:
    """The name on the command line of what a key, of a measurement or a section, belongs to."""
    return key.partition(" ")[0]


def section(key: str, title: str, unit: str, scale: float, columns: Mapping[str, Sequence[Sequence[Lap]]]) -> Section:
    """Compare laps.

    Args:
        unit: Of the values that are shown.
        scale: What a lap's value is multiplied by to get them.
        columns: Starts, and in them the laps, by column. The first name of a lap is the reference; :data:`AGAIN` is
            its twin. A contender that was not in every lap is compared in those that it was in.
    """
    rows: dict[str, dict[str, Figure]] = {}
    noise: dict[str, float] = {}
    reference = ""
    for column, starts in columns.items():
        reference, *_ = starts[0][0]
        for name in dict.fromkeys(name for start in starts for lap in start for name in lap):
            taking_part = [[lap for lap in start if name in lap] for start in starts]
            figure = _figure([start for start in taking_part if start], name, reference, scale)
            if name == AGAIN:
                noise[column] = abs(figure.ratio.median - 1)
            else:
                rows.setdefault(name, {})[column] = figure
    return Section(key=key, title=title, reference=reference, unit=unit, rows=rows, noise=noise)


def _figure(starts: Sequence[Sequence[Lap]], name: str, reference: str, scale: float) -> Figure:
    return Figure(
        ratio=Spread.of([[lap[name] / lap[reference] for lap in start] for start in starts]),
        value=Spread.of([[scale * lap[name] for lap in start] for start in starts]),
    )
