"""Spans and metrics of OpenTelemetry, by its conventions for HTTP clients. Needs the extra ``otel``.

    from nusantara.otel import OpenTelemetry

    client = AsyncKaskus(..., hooks=OpenTelemetry())

Each call is a span of the kind INTERNAL, below whatever span is current where it is made, and each request that leaves
a CLIENT span below that. The conventions: https://opentelemetry.io/docs/specs/semconv/http/
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import queue
import re
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from nusantara import __version__
from nusantara.errors import InvalidParameter, MissingExtra
from nusantara.hooks import CallEvent, Event, Hooks, Occasion

try:
    from opentelemetry import context, metrics, propagate, trace
except ImportError:
    raise MissingExtra(
        "nusantara.otel needs the package opentelemetry-api", hint='install it: pip install "nusantara[otel]"'
    ) from None

__all__ = ["OpenTelemetry"]

log = logging.getLogger("nusantara.otel")

METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
"""Others are called ``_OTHER`` by the conventions, so that nobody can make up any number of time series."""
SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
"""Bounds of the buckets, as the conventions have them."""
PATIENCE = 0.1
"""Seconds that a call waits for its spans to be taken."""
MOST_WAITING = 2_048


class OpenTelemetry(Hooks):
    """Makes a span of each call and of each of its attempts, and counts them.

    A span of a call has ``nusantara.vendor``, ``nusantara.operation``, ``nusantara.call.id``, ``nusantara.tag.*`` and
    ``nusantara.attempts``. One of an attempt has what the conventions name, ``url.full`` without its query. Neither
    holds a credential, a parameter, a header or a body. The metrics are ``http.client.request.duration`` of each
    attempt, and ``nusantara.call.duration``, ``nusantara.call.attempts`` and ``nusantara.call.queue.duration`` of each
    call.

    An exporter or provider that fails or takes its time harms no call: spans are ended in a thread of their own, for
    which a call waits 0.1 s at most, and the next ones not at all until it has caught up. When 2,048 ends wait there,
    more are dropped, which is logged.

    Args:
        tracer_provider: Makes the spans; by default the global one.
        meter_provider: Counts; by default the global one.
        propagate_to: Names of the hosts, such as ``["gerbang.example"]``, that are sent the headers of the global
            propagator: ``traceparent`` and ``tracestate`` (W3C Trace Context), and ``baggage``, which may hold whatever
            your program has put there. By default nobody is.
    """

    def __init__(
        self,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
        propagate_to: Iterable[str] = (),
    ) -> None:
        hosts = () if isinstance(propagate_to, str) else tuple(propagate_to)
        if isinstance(propagate_to, str) or not all(_is_host(host) for host in hosts):
            raise InvalidParameter("propagate_to", "must be a list of names of hosts, without scheme and port")
        recorder = _Recorder(
            trace.get_tracer("nusantara", __version__, tracer_provider),
            metrics.get_meter("nusantara", __version__, meter_provider),
            frozenset(host.lower() for host in hosts),
        )
        super().__init__(
            after=recorder.attempt_over, error=recorder.attempt_over, call=recorder.call_over, watchers=(recorder,)
        )


class _Span:
    """A span under way, and what its metrics say."""

    __slots__ = ("attributes", "begun", "span", "token")

    def __init__(self, span: trace.Span, attributes: dict[str, Any], token: Any = None) -> None:
        self.span = span
        self.attributes = attributes
        self.token = token
        self.begun = time.perf_counter()


class _Recorder:
    """Follows the calls of any number of clients."""

    def __init__(self, tracer: trace.Tracer, meter: metrics.Meter, propagate_to: frozenset[str]) -> None:
        self._tracer = tracer
        self._propagate_to = propagate_to
        self._calls: dict[str, _Span] = {}
        self._attempts: dict[str, _Span] = {}
        """Both by the id of the call."""
        self._ends = _Ends()
        self._request_duration = _seconds(meter, "http.client.request.duration", "Duration of HTTP client requests.")
        self._call_duration = _seconds(meter, "nusantara.call.duration", "Duration of calls, with all attempts.")
        self._queue_duration = _seconds(
            meter, "nusantara.call.queue.duration", "Wait of calls for the rate limit and a free connection."
        )
        self._call_attempts = meter.create_histogram(
            "nusantara.call.attempts",
            unit="{attempt}",
            description="Attempts of calls.",
            explicit_bucket_boundaries_advisory=[1, 2, 3, 4, 5, 10],
        )

    def begin(self, call: Occasion) -> None:
        facts = {"nusantara.vendor": call.vendor}
        if call.operation is not None:
            facts["nusantara.operation"] = call.operation
        span = self._tracer.start_span(
            f"{call.vendor} {call.operation or _name(call)}",
            attributes={
                **facts,
                "nusantara.call.id": call.call_id,
                **{f"nusantara.tag.{name}": value for name, value in call.tags.items()},
            },
        )
        token = context.attach(trace.set_span_in_context(span))
        self._calls[call.call_id] = _Span(span, facts, token)

    def sending(self, attempt: Event, base_url: str, path: str) -> Mapping[str, str]:
        place = urlsplit(base_url)
        host = place.hostname or ""
        facts: dict[str, Any] = {
            "http.request.method": _method(attempt),
            "server.address": host,
            "server.port": place.port or (443 if place.scheme == "https" else 80),
            "url.template": attempt.template,
        }
        more: dict[str, Any] = {"url.full": base_url + path}
        if facts["http.request.method"] != attempt.method:
            more["http.request.method_original"] = attempt.method
        if attempt.attempt > 1:
            more["http.request.resend_count"] = attempt.attempt - 1
        span = self._tracer.start_span(_name(attempt), kind=trace.SpanKind.CLIENT, attributes={**facts, **more})
        self._attempts[attempt.call_id] = _Span(span, facts)
        headers: dict[str, str] = {}
        if host in self._propagate_to:
            propagate.inject(headers, trace.set_span_in_context(span))
        return headers

    def attempt_over(self, event: Occasion) -> None:
        attempt = self._attempts.pop(event.call_id, None)
        if attempt is None:
            return
        facts = _end_facts(event)
        seconds, moment = time.perf_counter() - attempt.begun, time.time_ns()

        def end() -> None:
            self._request_duration.record(seconds, attempt.attributes | facts)
            _end(attempt.span, facts, event, moment)

        self._ends.add(end)

    def call_over(self, event: CallEvent) -> Awaitable[None] | None:
        self.attempt_over(event)  # One that was cut off.
        call = self._calls.pop(event.call_id, None)
        if call is None:
            return None
        context.detach(call.token)
        facts = _end_facts(event)
        facts.pop("http.response.status_code", None)
        moment = time.time_ns()

        def end() -> None:
            about = call.attributes | facts
            self._call_duration.record(event.elapsed or 0.0, about)
            self._queue_duration.record(event.queued, about)
            self._call_attempts.record(event.attempts, about)
            _end(call.span, {**facts, "nusantara.attempts": event.attempts}, event, moment)

        return self._ends.wait_for(end)


def _seconds(meter: metrics.Meter, name: str, description: str) -> metrics.Histogram:
    return meter.create_histogram(name, unit="s", description=description, explicit_bucket_boundaries_advisory=SECONDS)


def _method(event: Occasion) -> str:
    return event.method if event.method in METHODS else "_OTHER"


def _name(event: Occasion) -> str:
    return f"{event.method if event.method in METHODS else 'HTTP'} {event.template}"


def _end_facts(event: Occasion) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if event.status is not None:
        facts["http.response.status_code"] = event.status
    if event.status is not None and event.status >= 400:
        facts["error.type"] = str(event.status)
    elif event.error is not None:
        facts["error.type"] = f"{type(event.error).__module__}.{type(event.error).__qualname__}"
    elif isinstance(event, CallEvent) and event.outcome != "answered":
        facts["error.type"] = "cancelled" if event.outcome == "cancelled" else "_OTHER"
    return facts


def _end(span: trace.Span, facts: Mapping[str, Any], event: Occasion, moment: int) -> None:
    span.set_attributes(facts)
    if "error.type" in facts:
        # What a status says is not said again; an answer's own words may be about a person.
        told = event.error is None or event.status is not None
        span.set_status(trace.StatusCode.ERROR, None if told or event.error is None else event.error.reason)
    span.end(moment)


_HOST = re.compile(r"[^\s/@?#\[\]]+").fullmatch


def _is_host(host: object) -> bool:
    return isinstance(host, str) and _HOST(host) is not None and host.count(":") != 1


class _Ends:
    """A thread in which spans are ended, because exporters may be called at the end of one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._pid: int | None = None
        """Of the process that has the thread."""
        self._dropped = 0
        self._behind = False
        """Whether the last one who waited has done so in vain, and nobody need try before all is done."""

    def add(self, job: Callable[[], None]) -> bool:
        if self._pid != os.getpid():
            self._start()
        if self._jobs.qsize() >= MOST_WAITING:
            self._dropped += 1
            if self._dropped % MOST_WAITING == 1:
                log.warning("spans are ended too slowly: %d have been dropped", self._dropped)
            return False
        self._jobs.put(job)
        return True

    async def wait_for(self, job: Callable[[], None]) -> None:
        """Do it, and wait a moment until it is done."""
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def tell() -> None:
            if not done.done():
                done.set_result(None)

        def do() -> None:
            try:
                job()
            finally:
                with contextlib.suppress(RuntimeError):  # The loop may have ended meanwhile.
                    loop.call_soon_threadsafe(tell)

        if self.add(do) and not self._behind:
            await asyncio.wait([done], timeout=PATIENCE)
            self._behind = not done.done()

    def _start(self) -> None:
        with self._lock:
            if self._pid == os.getpid():
                return
            self._jobs, self._pid = queue.SimpleQueue(), os.getpid()
            threading.Thread(target=self._work, args=(self._jobs,), name="nusantara-otel", daemon=True).start()

    def _work(self, jobs: queue.SimpleQueue[Callable[[], None]]) -> None:
        while True:
            job = jobs.get()
            try:
                job()
            except Exception as error:
                log.warning("a span could not be ended: %r", error)
            if jobs.empty():
                self._behind = False
