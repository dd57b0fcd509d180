"""What came in, call by call."""

from __future__ import annotations

import base64
import threading
from typing import Any

import attrs

from nusantara.introspection import documented
from nusantara.sandbox.incoming import Pairs, RawHeaders, pairs_of

__all__ = ["Entry", "RecordedRequest", "RequestLog"]


@documented
@attrs.frozen(slots=True, kw_only=True)
class RecordedRequest:
    """One request that reached the sandbox, and what became of it."""

    number: int
    """Counts the requests since the last reset, from 1, in the order in which their headers arrived."""
    method: str
    path: str
    """The request target as sent, query included, not decoded."""
    headers: RawHeaders = attrs.field(repr=False)
    """Names and values as sent, in order; credentials included, which is why they are not in the repr."""
    body: bytes = attrs.field(repr=False)
    """As sent. Empty where the sandbox did not read it."""
    vendor: str | None
    """``None`` for a path that belongs to no vendor."""
    operation: str | None
    """``None`` for a path that the vendor does not have."""
    status: int | None = None
    """HTTP status that went into the answer; ``None`` where none did, or not yet."""
    executed: bool = False
    """Whether the vendor's side carried it out. A refusal counts as carried out, a fault before it does not."""
    fault: str | None = None
    """Kind of the fault that struck, besides latency."""

    @property
    def query(self) -> Pairs:
        """The query, decoded, in order."""
        return pairs_of(self.path.partition("?")[2])

    @property
    def size(self) -> int:
        """Bytes of what was sent."""
        return len(self.path) + len(self.body) + sum(len(name) + len(value) for name, value in self.headers)

    def header(self, name: str) -> str | None:
        """The first header of this name, in whatever case."""
        wanted = name.lower().encode()
        return next((v.decode("utf-8", "surrogateescape") for k, v in self.headers if k.lower() == wanted), None)

    def document(self) -> dict[str, Any]:
        """The record as JSON; a body that is not UTF-8 stands under ``body_base64``."""
        try:
            body = {"body": self.body.decode()}
        except UnicodeDecodeError:
            body = {"body_base64": base64.b64encode(self.body).decode()}
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"),
            "query": [list(pair) for pair in self.query],
            "headers": [[k.decode("latin-1"), v.decode("latin-1")] for k, v in self.headers],
            **body,
            "vendor": self.vendor,
            "operation": self.operation,
            "status": self.status,
            "executed": self.executed,
            "fault": self.fault,
        }


class _Records:
    """The newest records, as many as may be kept; the last one always is."""

    def __init__(self, limit: int, size: int) -> None:
        self._limit, self._size = limit, size
        self._kept: dict[int, RecordedRequest] = {}
        self._bytes = 0

    def add(self, record: RecordedRequest) -> None:
        self._put(record)

    def update(self, record: RecordedRequest) -> None:
        """Put a record in the place of its earlier form, if that is still kept."""
        if record.number in self._kept:
            self._bytes -= self._kept[record.number].size
            self._put(record)

    def all(self) -> list[RecordedRequest]:
        """Oldest first."""
        return list(self._kept.values())

    def _put(self, record: RecordedRequest) -> None:
        self._kept[record.number] = record
        self._bytes += record.size
        while len(self._kept) > 1 and (len(self._kept) > self._limit or self._bytes > self._size):
            self._bytes -= self._kept.pop(next(iter(self._kept))).size


class Entry:
    """The record of one request while more is being learnt about it."""

    def __init__(self, record: RecordedRequest, records: _Records, lock: threading.Lock) -> None:
        self.record = record
        self._records = records
        self._lock = lock

    def update(self, **known: Any) -> None:
        """Note what is now known."""
        self.record = attrs.evolve(self.record, **known)
        with self._lock:
            self._records.update(self.record)


class RequestLog:
    """What came in since the last reset. Beyond ``limit`` records and ``size`` bytes of them, the oldest go."""

    def __init__(self, limit: int = 10_000, size: int = 64 << 20) -> None:
        self._limit, self._size = limit, size
        self._lock = threading.Lock()
        self._records = _Records(limit, size)
        self._requests = 0
        self._connections = 0

    @property
    def connections(self) -> int:
        """Connections accepted."""
        return self._connections

    def add_connection(self) -> None:
        """Count one more."""
        with self._lock:
            self._connections += 1

    def add(self, *, method: str, target: str, headers: RawHeaders, vendor: str | None, operation: str | None) -> Entry:
        """Begin the record of a request whose headers have arrived."""
        with self._lock:
            self._requests += 1
            record = RecordedRequest(
                number=self._requests,
                method=method,
                path=target,
                headers=headers,
                body=b"",
                vendor=vendor,
                operation=operation,
            )
            self._records.add(record)
            return Entry(record, self._records, self._lock)

    def snapshot(self) -> list[RecordedRequest]:
        """A copy that later requests do not change, oldest first."""
        with self._lock:
            return self._records.all()

    def reset(self) -> None:
        """Forget everything. A request that is still on its way leaves no trace."""
        with self._lock:
            self._records = _Records(self._limit, self._size)
            self._requests = self._connections = 0
