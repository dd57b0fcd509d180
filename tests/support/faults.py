"""The table of faults: what a hostile network, machine or caller does, and what was seen to come of it.

    python -m pytest tests/hostile -n auto --faults

prints it. A row is met in a flavour if all of its tests passed in that flavour. What the column "seen" says is what the
tests saw in this very run.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import pytest

from nusantara.errors import NusantaraError
from support.flavours import FLAVOURS

__all__ = ["FAULTS", "Seen", "outcome_of", "row_of"]

Seen = Callable[..., None]

FAULTS: dict[int, str] = {}
"""Number of the row and the fault, filled in below."""

_BENCHMARKS = {78: "python -m benchmarks.soak"}
"""Rows that take minutes and are measured by a program apart from the tests."""
_NAME = re.compile(r"test_g(\d\d)_")


def row_of(test: str) -> int | None:
    """The row that a test belongs to, by its name."""
    found = _NAME.search(test)
    return int(found[1]) if found else None


def outcome_of(error: BaseException) -> str:
    """An error as the table shows it."""
    if not isinstance(error, NusantaraError):
        return type(error).__name__
    name = type(error).__name__
    phase = getattr(error, "phase", None)
    parts = [f"{name}({phase})" if phase else name, f"sent {error.sent}"]
    if len(error.attempts) > 1:
        parts.append(f"{len(error.attempts)} attempts")
    return ", ".join(parts)


@attrs.define
class _Row:
    verdicts: dict[str, list[str]] = attrs.field(factory=dict)
    """Outcomes of tests, by flavour."""
    reasons: dict[str, str] = attrs.field(factory=dict)
    """Why a flavour has no test, or a test did not run."""
    seen: dict[str, None] = attrs.field(factory=dict)
    figures: dict[str, None] = attrs.field(factory=dict)

    def cell(self, flavour: str) -> str:
        verdicts = self.verdicts.get(flavour)
        if not verdicts:
            return "n/a" if flavour in self.reasons else "-"
        if "failed" in verdicts:
            return f"FAILED {verdicts.count('failed')}/{len(verdicts)}"
        return "later" if verdicts.count("skipped") == len(verdicts) else "met"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults", action="store_true", help="print the table of faults and what was seen to come of them"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "only(flavour, why): the other flavour cannot have this row of the table of faults, and why"
    )


@pytest.fixture
def seen(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Seen:
    """Writes what came of a fault into the table: ``seen("OutcomeUnknown, 1 request", "0.31 s")``, or an error."""

    def note(outcome: str | BaseException, figure: str | None = None) -> None:
        text = outcome if isinstance(outcome, str) else outcome_of(outcome)
        record_property("fault_seen", text)
        if figure is not None:
            record_property("fault_figure", figure)

    return note


@pytest.fixture(autouse=True)
def _fault_flavours(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """Tells the table which flavour a test is of, also where the test runs in another process."""
    if row_of(request.node.name) is None:
        return
    only = request.node.get_closest_marker("only")
    callspec = getattr(request.node, "callspec", None)
    flavour = only.args[0] if only else (callspec.params.get("flavour") if callspec else None)
    record_property("fault_flavour", flavour or "both")
    if only:
        record_property("fault_why", only.kwargs["why"])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not config.getoption("--faults"):
        return
    rows: dict[int, _Row] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            _count(rows, report, "failed" if outcome == "error" else outcome)
    terminalreporter.section("faults")
    for line in _lines(rows):
        terminalreporter.write_line(line)


def _count(rows: dict[int, _Row], report: Any, outcome: str) -> None:
    number = row_of(report.nodeid)
    if number is None:
        return
    row = rows.setdefault(number, _Row())
    told: dict[str, list[str]] = {}
    for name, value in report.user_properties:
        told.setdefault(name, []).append(str(value))
    if outcome == "skipped":
        _, _, reason = report.longrepr
        row.reasons["both"] = reason.removeprefix("Skipped: ")
    [flavour] = told.get("fault_flavour", ["both"])
    for one in FLAVOURS if flavour == "both" else (flavour,):
        row.verdicts.setdefault(one, []).append(outcome)
    for why in told.get("fault_why", []):
        [other] = {*FLAVOURS} - {flavour}
        row.reasons[other] = why
    row.seen.update(dict.fromkeys(told.get("fault_seen", [])))
    row.figures.update(dict.fromkeys(told.get("fault_figure", [])))


def _lines(rows: dict[int, _Row]) -> Iterable[str]:
    yield f"{'row':<4} {'async':<8} {'sync':<8} fault"
    for number, fault in FAULTS.items():
        row = rows.get(number, _Row())
        if number in _BENCHMARKS:
            yield f"G{number:<3} {'benchmark':<17} {fault}: {_BENCHMARKS[number]}"
            continue
        yield f"G{number:<3} {row.cell('async'):<8} {row.cell('sync'):<8} {fault}"
        for title, texts in (("seen", row.seen), ("figure", row.figures)):
            if texts:
                yield from textwrap.wrap(
                    "; ".join(texts), 116, initial_indent=f"{'':<22} {title}: ", subsequent_indent=f"{'':<24}"
                )
        for flavour, reason in row.reasons.items():
            if flavour == "both" or not row.verdicts.get(flavour):
                yield from textwrap.wrap(
                    f"{flavour}: {reason}", 116, initial_indent=f"{'':<22} why ", subsequent_indent=f"{'':<24}"
                )
    met = sum(row.cell(flavour) in ("met", "n/a") for row in rows.values() for flavour in FLAVOURS)
    tested = len(FAULTS) - len(_BENCHMARKS)
    yield f"{met} of {tested * len(FLAVOURS)} cells met or not applicable, {len(rows)} of {tested} rows run"


FAULTS.update(
    enumerate(
        (
            "the port is closed; the host name does not resolve",
            "the connection is accepted by the system and never by the server",
            "TLS: unknown authority, wrong host, expired, self-signed; the handshake stalls",
            "plain HTTP behind an https address, TLS behind an http one",
            "reset right after the connection is accepted",
            "reset after the headers, or half the body, of the request",
            "the request is read and carried out, then the connection is closed",
            "the same for DELETE and PUT with one attempt",
            "keep-alive is announced and the connection closed at once",
            "keep-alive connections closed at the idle limit, 1,000 calls around it",
            "a status line and then silence; a body that stalls half-way",
            "a body that comes a byte at a time",
            "a body shorter than Content-Length; a chunked body cut",
            "a JSON body whose end is the close, cut in the middle",
            "Content-Length too short; a second answer behind the first",
            "contradictory, repeated, negative or huge lengths; a bad chunk size",
            "a header line of 200 kB; headers without end; 20,000 interim answers",
            "garbage, a TLS record, HTTP/0.9 instead of an answer",
            "a body without end",
            "gzip bombs, nested or cut gzip, encodings not asked for",
            "a body where none may be; no body where one is due",
            "an HTML page with 200; one with 502, 503, 504",
            "JSON called HTML, XML called JSON, XML where JSON was asked for",
            "XML that is cut, has bare ampersands or control characters",
            "entity bombs, external entities, parameter entities, XInclude",
            "XML 100,000 deep, with 200,000 attributes, with 12 MB of text",
            "a charset that does not exist, UTF-16, Latin-1 without a label",
            "NaN, Infinity, numbers of 5,000 digits, JSON 200,000 deep, repeated keys",
            "lone surrogates, NUL, direction and terminal controls in text",
            "null, numbers, booleans and objects where others belong; new enum values and fields",
            "status 200 around a vendor's error",
            "401 once; 401 for ever",
            "a slow token endpoint, 500 callers, some of them cancelled",
            "a token endpoint that fails, sends HTML or the wrong types",
            "the answer to a token renewal is lost",
            "the server's clock 10 minutes off; nonces seen before",
            "the server checks the signature over the raw bytes, 1,000 sets of parameters",
            "redirects to another host, to http, to a file, to itself, 20 in a row",
            "a download address on a foreign host, on a private one, on a name that changes to one",
            "a cookie in one tenant's answer",
            "429 with every spelling of Retry-After",
            "429 for ever on one operation",
            "503 for a while with 1,000 callers; 500 on every third call",
            "cancellation at every await",
            "a deadline shorter than the pause before the next attempt",
            "one connection, 50 callers, a server that hangs",
            "a server that never reads an upload, or refuses it early",
            "an upload cut half-way, from a path or a stream; the file changes meanwhile",
            "an import that is too large, not JSON, or repeats its ids",
            "a download cut ten times, with every wrong way of going on",
            "no space, no permission, a target that exists, a server's file name that leads elsewhere",
            "empty, dotted, slashed, encoded, huge identifiers",
            "line breaks and NUL in headers, file names and field names",
            "paging: a cursor again, pages without end, items that repeat or vanish",
            "a proxy that wants a password, fails, hangs, resets",
            "hostile environment variables for proxies, netrc, TLS",
            "a name that changes its address; one of two addresses dead; IPv6 that goes nowhere",
            "the system's clock jumps by a day",
            "fork when idle, in a call, while starting; multiprocessing",
            "SIGINT in a call, twice; SIGTERM",
            "the facade in a running loop, in its own hook, in 32 threads, at exit, after close",
            "the loop's thread is killed",
            "a client that is dropped without being closed",
            "a limit of 64 descriptors, 500 calls at once",
            "a slow consumer of a download",
            "hooks that raise, hang, or block the loop",
            "secrets in logs, tracebacks, reprs, pickles",
            "webhook: wrong secret, none, two, not ASCII, 10 kB",
            "webhook: too large, wrong type, bad JSON, unknown event, UTF-16",
            "webhook: the same event five times, out of order, a handler that fails or hangs",
            "webhook: slow senders, 1,000 connections",
            "loopback sign-in: wrong state, foreign Host, second callback, port taken, no browser, refusal",
            "a shared store that is down, dies, is slow or read-only",
            "a token file that is corrupt, open to all, locked by the dead, on a full disk; 8 processes at expiry",
            "kill -9 during a token save, a download, an export",
            "dependencies at their lowest and newest versions",
            "any bytes as an answer, any tree as a model",
            "200,000 mixed calls with 2 % faults",
        ),
        start=1,
    )
)
