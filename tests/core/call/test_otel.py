"""Spans and metrics, as OpenTelemetry's own SDK gets them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from opentelemetry import baggage, context, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from support.flavours import FLAVOURS, Flavour
from support.raw import RawServer, Received, Script, Wire

from kaskus_async import AsyncKaskus, Kaskus
from nusantara.errors import BadResponse, InvalidParameter, ServerError, Timeout
from nusantara.hooks import CallEvent, Hooks
from nusantara.otel import OpenTelemetry

SECRET = "rahasia-jejak-1945"


class Telemetry:
    """Both of the SDK's ends, in memory."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader])

    def hooks(self, **settings: Any) -> OpenTelemetry:
        return OpenTelemetry(self.tracers, self.meters, **settings)

    def spans(self, count: int) -> list[ReadableSpan]:
        """So many that have ended. On a busy machine, that may be a moment after their call."""
        patience = time.monotonic() + 5
        while len(self.exporter.get_finished_spans()) < count and time.monotonic() < patience:
            time.sleep(0.005)
        spans = list(self.exporter.get_finished_spans())
        assert len(spans) == count
        return spans

    def points(self) -> dict[str, list[Any]]:
        data = self.reader.get_metrics_data()
        return {
            metric.name: list(metric.data.data_points)
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture(params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=["direct", "aiohttp"])
async def served(flavour: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """Starts a server with a script and gives it with a client for it, on either transport."""
    monkeypatch.setenv("NUSANTARA_TRANSPORT", request.param)
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)
    opened: list[Any] = []

    async def start(script: Script, **settings: Any) -> tuple[RawServer, Flavour[Any]]:
        server = await RawServer(script).__aenter__()
        kind: Callable[..., Any] = {"async": AsyncKaskus, "sync": Kaskus}[flavour]
        client: Flavour[Any] = Flavour(flavour, kind("toko", SECRET, base_url=server.base_url, **settings))
        opened.append((server, client))
        return server, client

    yield start
    for server, client in opened:
        await client.close()
        await server.__aexit__(None, None, None)


def failing_first(status: int, times: int = 1) -> Script:
    seen: list[str] = []

    async def script(wire: Wire, request: Received) -> None:
        seen.append(request.target)
        await wire.answer(status if len(seen) <= times else 200, {"a": 1})

    return script


async def test_a_call_and_its_attempts(served: Any, telemetry: Telemetry) -> None:
    server, client = await served(failing_first(503), hooks=telemetry.hooks(), tags={"tenant": "toko-7"})
    with trace.use_span(telemetry.tracers.get_tracer("handler").start_span("handler"), end_on_exit=True) as parent:
        await client(lambda kaskus: kaskus.request("GET", "/v1/a b".replace(" ", "%20"), params={"token": SECRET}))
    first, second, call, handler = sorted(telemetry.spans(4), key=lambda span: (span.name == "handler", span.end_time))
    assert handler.name == "handler"
    assert call.parent is not None
    assert call.parent.span_id == parent.get_span_context().span_id
    assert (call.name, call.kind) == ("kaskus GET /v1/a%20b", trace.SpanKind.INTERNAL)
    assert call.attributes is not None
    assert call.attributes["nusantara.tag.tenant"] == "toko-7"
    assert call.attributes["nusantara.attempts"] == 2
    assert call.status.status_code is trace.StatusCode.UNSET
    for attempt in (first, second):
        assert attempt.kind is trace.SpanKind.CLIENT
        assert attempt.parent is not None
        assert attempt.parent.span_id == call.context.span_id
        assert attempt.name == "GET /v1/a%20b"
    common = {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": server.port,
        "url.full": f"{server.base_url}/v1/a%20b",
        "url.template": "/v1/a%20b",
    }
    assert dict(first.attributes or {}) == {**common, "http.response.status_code": 503, "error.type": "503"}
    assert first.status.status_code is trace.StatusCode.ERROR
    assert dict(second.attributes or {}) == {
        **common,
        "http.response.status_code": 200,
        "http.request.resend_count": 1,
    }
    assert SECRET not in "".join(span.to_json() for span in telemetry.spans(4))
    points = telemetry.points()
    assert [point.count for point in points["http.client.request.duration"]] == [1, 1]
    [attempts] = points["nusantara.call.attempts"]
    assert (attempts.sum, attempts.count) == (2, 1)
    [duration] = points["nusantara.call.duration"]
    assert tuple(duration.explicit_bounds) == (
        0.005,
        0.01,
        0.025,
        0.05,
        0.075,
        0.1,
        0.25,
        0.5,
        0.75,
        1,
        2.5,
        5,
        7.5,
        10,
    )
    assert len(points["nusantara.call.queue.duration"]) == 1
    assert "traceparent" not in server.requests[0].headers


async def test_a_method_that_is_not_known_makes_no_names_of_its_own(served: Any, telemetry: Telemetry) -> None:
    _, client = await served(failing_first(503, times=0), hooks=telemetry.hooks())
    await client(lambda kaskus: kaskus.request("PURGE", "/x"))
    attempt, call = telemetry.spans(2)
    assert (attempt.name, call.name) == ("HTTP /x", "kaskus HTTP /x")
    assert (attempt.attributes or {})["http.request.method"] == "_OTHER"
    assert (attempt.attributes or {})["http.request.method_original"] == "PURGE"


async def test_the_attributes_of_an_attempt_are_those_of_the_conventions(served: Any, telemetry: Telemetry) -> None:
    from opentelemetry.semconv._incubating.attributes import url_attributes as new_url_attributes
    from opentelemetry.semconv.attributes import error_attributes, http_attributes, server_attributes, url_attributes
    from opentelemetry.semconv.metrics import http_metrics

    modules = error_attributes, http_attributes, new_url_attributes, server_attributes, url_attributes
    known = {value for module in modules for value in vars(module).values() if isinstance(value, str)}
    _, client = await served(failing_first(503), hooks=telemetry.hooks())
    await client(lambda kaskus: kaskus.request("PURGE", "/x", call_class="safe"))
    first, second, _ = telemetry.spans(3)
    assert {*(first.attributes or {}), *(second.attributes or {})} - known == set()
    assert {name for name in telemetry.points() if name.startswith("http.")} == {
        http_metrics.HTTP_CLIENT_REQUEST_DURATION
    }


async def test_an_operation_gives_the_span_its_name(served: Any, telemetry: Telemetry) -> None:
    async def hot(wire: Wire, request: Received) -> None:
        await wire.answer(body={"threads": []})

    _, client = await served(hot, hooks=[telemetry.hooks(), Hooks()])
    with pytest.raises(BadResponse):
        await client(lambda kaskus: kaskus.threads.hot())
    assert telemetry.spans(2)[-1].name == "kaskus threads.hot"


async def test_a_failure_is_told(served: Any, telemetry: Telemetry) -> None:
    _, client = await served(failing_first(500, times=9), hooks=telemetry.hooks(), max_attempts=1)
    with pytest.raises(ServerError):
        await client(lambda kaskus: kaskus.request("GET", "/x"))
    attempt, call = telemetry.spans(2)
    assert (attempt.attributes or {})["error.type"] == (call.attributes or {})["error.type"] == "500"
    assert attempt.status.description is call.status.description is None

    async def silent(wire: Wire, request: Received) -> None:
        await asyncio.sleep(5)

    _, client = await served(silent, hooks=telemetry.hooks(), timeout=0.1)
    with pytest.raises(Timeout):
        await client(lambda kaskus: kaskus.request("GET", "/x"))
    *_, attempt, call = telemetry.spans(4)
    assert (attempt.attributes or {})["error.type"] == "nusantara.errors.Timeout"
    assert call.status.status_code is trace.StatusCode.ERROR


async def test_only_named_hosts_hear_of_the_trace(served: Any, telemetry: Telemetry) -> None:
    server, client = await served(failing_first(500), hooks=telemetry.hooks(propagate_to=["127.0.0.1"]))
    token = context.attach(baggage.set_baggage("tamu", "x"))
    try:
        await client(lambda kaskus: kaskus.request("GET", "/x"))
    finally:
        context.detach(token)
    first, second, _ = telemetry.spans(3)
    for request, span in zip(server.requests, (first, second), strict=True):
        assert request.headers["traceparent"].split("-")[2] == f"{span.context.span_id:016x}"
        assert request.headers["baggage"] == "tamu=x"


async def test_a_cancelled_call_ends_its_spans(telemetry: Telemetry) -> None:
    async def silent(wire: Wire, request: Received) -> None:
        await asyncio.sleep(5)

    events: list[CallEvent] = []
    async with RawServer(silent) as server:
        hooks = [telemetry.hooks(), Hooks(call=events.append)]
        async with AsyncKaskus("toko", SECRET, base_url=server.base_url, hooks=hooks) as client:
            task = asyncio.create_task(client.request("GET", "/x"))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert [(span.attributes or {})["error.type"] for span in telemetry.spans(2)] == ["cancelled", "cancelled"]
    [event] = events
    assert (event.outcome, event.attempts, event.sent) == ("cancelled", 1, "maybe")


class Slow(SpanExporter):
    def __init__(self) -> None:
        self.go_on = threading.Event()

    def export(self, spans: Any) -> SpanExportResult:
        self.go_on.wait(10)
        return SpanExportResult.SUCCESS


class Broken(trace.Tracer):
    def start_span(self, *args: Any, **settings: Any) -> Any:
        raise RuntimeError("no span today")

    def start_as_current_span(self, *args: Any, **settings: Any) -> Any:
        raise RuntimeError("no span today")


class BrokenProvider(trace.TracerProvider):
    def get_tracer(self, *args: Any, **settings: Any) -> Broken:
        return Broken()


async def test_a_slow_exporter_holds_up_nothing(served: Any) -> None:
    slow, provider = Slow(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(slow))
    _, client = await served(failing_first(200), hooks=OpenTelemetry(provider))
    started = time.monotonic()
    for _ in range(20):
        await client(lambda kaskus: kaskus.request("GET", "/x"))
    assert time.monotonic() - started < 1.0
    slow.go_on.set()


async def test_a_broken_provider_breaks_no_call(served: Any, caplog: pytest.LogCaptureFixture) -> None:
    _, client = await served(failing_first(200), hooks=OpenTelemetry(BrokenProvider()))
    await client(lambda kaskus: kaskus.request("GET", "/x"))
    assert "no span today" in caplog.text


@pytest.mark.parametrize("hosts", ["gerbang.example", ["https://gerbang.example"], ["a:80"], [5], [""]], ids=repr)
def test_hosts_are_checked(hosts: Any) -> None:
    with pytest.raises(InvalidParameter, match="propagate_to"):
        OpenTelemetry(propagate_to=hosts)


def test_without_the_package_nothing_but_this_module_is_missed() -> None:
    program = """
import sys
sys.modules["opentelemetry"] = None
import kaskus_async, nusantara.hooks
kaskus_async.AsyncKaskus("a", "b")
try:
    import nusantara.otel
except ImportError as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert "MissingExtra" in done.stdout
    assert "nusantara[otel]" in done.stdout
    import kaskus_async.client  # Without telemetry nothing of it is loaded.

    program = "import sys, kaskus_async; kaskus_async.AsyncKaskus('a', 'b'); print('opentelemetry' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
    assert kaskus_async.client.AsyncKaskus is AsyncKaskus
