"""The targets P1 to P20, and which figures of a run say whether they are met.

Each is a ratio of two things that are measured in the same run, the smaller the better, or an amount of memory.
``goal`` is what the finished code is to reach, ``stretch`` what a prototype without the safety of a finished client was
seen to reach, or was reckoned to.
"""

from __future__ import annotations

import attrs

from benchmarks import calls, pairs
from benchmarks.contenders import FACADE, FACADES, SDK, SDKS
from benchmarks.figures import group_of
from benchmarks.memory import download, in_flight
from benchmarks.micro import SIGNATURE, SIGNATURE_LIMIT, STRUCTURE, XML, imports

__all__ = ["TARGETS", "Bar", "Source", "Target", "measurements_of"]


@attrs.frozen(slots=True)
class Source:
    """Where a figure stands: a section, a row and a column of it."""

    section: str
    row: str
    column: str


@attrs.frozen(slots=True, kw_only=True)
class Bar:
    """A figure and how low it is to be."""

    label: str
    """What is special about it: the install, the operation."""
    source: Source
    goal: float | None
    stretch: float | None


@attrs.frozen(slots=True, kw_only=True)
class Target:
    """One of the twenty."""

    number: int
    what: str
    """What is measured, and after the slash what it is measured by."""
    bars: tuple[Bar, ...]
    unit: str = ""
    """Of an amount; ratios have none."""

    @property
    def name(self) -> str:
        return f"P{self.number}"


_BASE, _SPEED, _UVLOOP = SDKS
_FACADE, _FACADE_SPEED, _FACADE_UVLOOP = FACADES


def _bar(label: str, source: Source, goal: float | None, stretch: float | None) -> Bar:
    return Bar(label=label, source=source, goal=goal, stretch=stretch)


def _async(row: str, operation: str) -> Source:
    return Source(calls.async_key(operation), row, calls.in_flight(100))


def _sync(row: str, operation: str, threads: int) -> Source:
    return Source(calls.sync_key(operation), row, calls.in_threads(threads))


TARGETS = (
    Target(
        number=1,
        what="structured async call, 20 KB, 100 in flight / aiohttp + json.loads",
        bars=(
            _bar("KASKUS hot threads, signed, base", _async(_BASE.name, "hot threads 20 KB"), 1.50, 1.25),
            _bar("KASKUS hot threads, signed, speed", _async(_SPEED.name, "hot threads 20 KB"), 1.20, 0.86),
            _bar("Qiscus comments, base", _async(_BASE.name, "comments 20 KB"), 1.50, 1.25),
            _bar("Qiscus comments, speed", _async(_SPEED.name, "comments 20 KB"), 1.20, 0.86),
        ),
    ),
    Target(
        number=2,
        what="structured async call, 1 KB, 100 in flight / aiohttp + json.loads",
        bars=(
            _bar("KASKUS hot threads, signed, base", _async(_BASE.name, "hot threads 1 KB"), 1.40, 1.02),
            _bar("KASKUS hot threads, signed, speed", _async(_SPEED.name, "hot threads 1 KB"), 1.30, 0.93),
            _bar("KASKUS hot threads, signed, uvloop", _async(_UVLOOP.name, "hot threads 1 KB"), None, 0.75),
            _bar("Qiscus comments, base", _async(_BASE.name, "comments 1 KB"), 1.40, 1.02),
            _bar("Qiscus comments, speed", _async(_SPEED.name, "comments 1 KB"), 1.30, 0.93),
            _bar("Qiscus comments, uvloop", _async(_UVLOOP.name, "comments 1 KB"), None, 0.75),
        ),
    ),
    Target(
        number=3,
        what="signed async call, 100 in flight / the same unsigned",
        bars=tuple(
            _bar(f"KASKUS hot threads, {answer}", Source(pairs.UNSIGNED, "signed", answer), 1.10, 1.08)
            for answer in ("1 KB", "20 KB")
        ),
    ),
    Target(
        number=4,
        what="CPU per call at 1,000 in flight / at 100",
        bars=tuple(
            _bar(f"KASKUS hot threads, {answer}", Source(pairs.GROWTH, "1,000 in flight", answer), 1.15, 1.05)
            for answer in ("1 KB", "20 KB")
        ),
    ),
    Target(
        number=5,
        what="signed sync call, 20 KB, 1 thread / requests .get().json()",
        bars=(
            _bar("base", _sync(_FACADE.name, "hot threads 20 KB", 1), 0.75, None),
            _bar("speed", _sync(_FACADE_SPEED.name, "hot threads 20 KB", 1), 0.65, None),
            _bar("uvloop", _sync(_FACADE_UVLOOP.name, "hot threads 20 KB", 1), 0.52, 0.40),
        ),
    ),
    Target(
        number=6,
        what="signed sync call, 1 KB, 8 threads on one client / requests .get().json()",
        bars=(
            _bar("base", _sync(_FACADE.name, "hot threads 1 KB", 8), 0.35, None),
            _bar("uvloop", _sync(_FACADE_UVLOOP.name, "hot threads 1 KB", 8), 0.25, 0.16),
        ),
    ),
    Target(
        number=7,
        what="sync call / the same async call, one at a time",
        bars=tuple(
            _bar(f"KASKUS hot threads, {answer}", Source(pairs.FACADE_ALONE, FACADE.name, answer), 1.40, 1.20)
            for answer in ("1 KB", "20 KB")
        ),
    ),
    Target(
        number=8,
        what="sync call in a running loop's thread / in a plain thread",
        bars=tuple(
            _bar(
                f"KASKUS hot threads, {answer}",
                Source(pairs.INSIDE_LOOP, "in a running loop's thread", answer),
                1.05,
                1.00,
            )
            for answer in ("1 KB", "20 KB")
        ),
    ),
    Target(
        number=9,
        what="signature / oauthlib Client.sign",
        bars=(
            _bar("GET, 5 parameters", Source(SIGNATURE, "OAuth1.sign", "GET, 5 parameters"), 0.07, 0.05),
            _bar("POST, 10 fields", Source(SIGNATURE, "OAuth1.sign", "POST, 10 fields"), 0.09, 0.065),
        ),
    ),
    Target(
        number=10,
        what="signature / hmac.digest + Base64 of the same base string",
        bars=(
            _bar("GET, 5 parameters", Source(SIGNATURE_LIMIT, "OAuth1.sign", "GET, 5 parameters"), 6.0, 4.4),
            _bar("POST, 10 fields", Source(SIGNATURE_LIMIT, "OAuth1.sign", "POST, 10 fields"), 8.0, 6.9),
        ),
    ),
    Target(
        number=11,
        what="structure 20 KB, frozen, strict, keys kept / json.loads of the body",
        bars=(
            _bar("20 Qiscus comments", Source(STRUCTURE, "codec.structure", "comments, base"), 0.75, 0.45),
            _bar("30 KASKUS hot threads", Source(STRUCTURE, "codec.structure", "hot threads, base"), 0.75, 0.45),
        ),
    ),
    Target(
        number=12,
        what="decode and structure 20 KB / json.loads of the body",
        bars=(
            _bar("20 Qiscus comments, base", Source(STRUCTURE, "both", "comments, base"), 1.75, 1.45),
            _bar("20 Qiscus comments, speed", Source(STRUCTURE, "both", "comments, speed"), 1.15, 0.85),
            _bar("30 KASKUS hot threads, base", Source(STRUCTURE, "both", "hot threads, base"), 1.75, 1.45),
            _bar("30 KASKUS hot threads, speed", Source(STRUCTURE, "both", "hot threads, speed"), 1.15, 0.85),
        ),
    ),
    Target(
        number=13,
        what="XML to typed objects / json.loads of the 20 KB twin in JSON",
        bars=(
            _bar("20 comments", Source(XML, "structure_xml", "comments"), 4.0, 2.5),
            _bar("30 KASKUS hot threads", Source(XML, "structure_xml", "hot threads"), 4.0, 2.5),
        ),
    ),
    Target(
        number=14,
        what="retry, deadline and limits of a successful call / aiohttp + json.loads, 1 KB, 100 in flight",
        bars=(_bar("base", Source(pairs.LAYERS, "the layers", "1 KB"), 0.08, 0.04),),
    ),
    Target(
        number=15,
        what="import of a vendor's package / import aiohttp",
        bars=tuple(
            _bar(package, Source(imports.KEY, f"import {package}", imports.COLUMN), 0.25, 0.15)
            for package in ("qiscus_async", "kaskus_async", "bukalapak_async")
        ),
    ),
    Target(
        number=16,
        what="import and first client / import aiohttp",
        bars=tuple(
            _bar(vendor, Source(imports.KEY, f"first {vendor} client", imports.COLUMN), 1.20, 1.10)
            for vendor in ("Qiscus", "KASKUS", "Bukalapak")
        ),
    ),
    Target(
        number=17,
        what="memory of a call in flight / aiohttp",
        bars=(_bar("base", Source(in_flight.KEY, SDK.name, in_flight.COLUMN), 1.20, 0.80),),
    ),
    Target(
        number=18,
        what="CPU of a download of 200 MB to a file / aiohttp, iter_chunked(64 KiB), to a file",
        bars=(_bar("base", Source(download.COST, download.SDK, download.COLUMN), 0.55, 0.10),),
    ),
    Target(
        number=19,
        what="growth of the peak memory by a download of 200 MB",
        bars=(_bar("base", Source(download.MEMORY, download.SDK, download.COLUMN), 8.0, 4.0),),
        unit="MB",
    ),
    Target(
        number=20,
        what="async call with proxy variables set / without",
        bars=(_bar("KASKUS hot threads, 1 KB", Source(pairs.PROXY, "with proxy variables", "1 KB"), 1.02, 1.00),),
    ),
)


def measurements_of(target: Target) -> set[str]:
    """Groups of the measurements that the target's figures come from."""
    return {group_of(bar.source.section) for bar in target.bars}
