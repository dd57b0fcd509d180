"""Faults to switch on: what can go wrong between a client and a vendor, as real effects on the socket.

    sandbox.faults.add(Fault.drop_after_execute(), operation="create_message", times=1)
    sandbox.faults.add(Fault.latency(0.2), probability=0.1)

Of the faults that fit a call, every latency counts and the first other one strikes.
"""

from __future__ import annotations

import base64
import enum
import random
import re
import threading
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import attrs

from nusantara.errors import InvalidParameter
from nusantara.introspection import documented

__all__ = ["ActiveFault", "Fault", "FaultKind", "Faults", "FaultStage"]


class FaultStage(enum.IntEnum):
    """How far a call gets before its fault strikes."""

    CONNECTED = 0
    """Nothing of the request is read."""
    HEADERS = 1
    """The headers are read, the body is not."""
    READ = 2
    """The request is read and not carried out."""
    EXECUTED = 3
    """The request is carried out, and state has changed."""


class FaultKind(enum.StrEnum):
    """What happens."""

    LATENCY = "latency"
    """The call is carried out after a wait of ``seconds``."""
    RESET_BEFORE_READ = "reset_before_read"
    """The connection is reset at accept (with TLS, after the handshake), or at the first byte of a further request."""
    RESET_AFTER_HEADERS = "reset_after_headers"
    """The connection is reset when the headers and ``keep_bytes`` of the body have been read; not carried out."""
    STOP_READING = "stop_reading"
    """The headers are read, the body never is, and no answer comes."""
    RESET_AFTER_READ = "reset_after_read"
    """The whole request is read, not carried out, and the connection is reset."""
    CLOSE_AFTER_READ = "close_after_read"
    """The whole request is read, not carried out, and the connection is closed in order."""
    DROP_AFTER_EXECUTE = "drop_after_execute"
    """The call is carried out, and the connection is closed in order without an answer."""
    RESET_AFTER_EXECUTE = "reset_after_execute"
    """The call is carried out, and the connection is reset without an answer."""
    STALL_BEFORE_ANSWER = "stall_before_answer"
    """The call is carried out, and no byte of an answer ever comes; the connection stays open."""
    STALL_MID_BODY = "stall_mid_body"
    """The answer stops after its headers and ``keep_bytes`` of its body; the connection stays open."""
    DRIP = "drip"
    """The answer's body comes ``chunk`` bytes at a time, each after ``seconds``."""
    RESET_MID_BODY = "reset_mid_body"
    """The connection is reset after ``keep_bytes`` of the answer's body."""
    CUT_BODY = "cut_body"
    """The connection is closed after ``keep_bytes`` of the body, fewer than Content-Length says."""
    CUT_CHUNKED = "cut_chunked"
    """The answer is chunked, and the connection is closed before its last chunk."""
    CUT_UNSIZED = "cut_unsized"
    """The answer has no length, so that its end is the close, and it is closed after ``keep_bytes``."""
    EXTRA_ANSWER = "extra_answer"
    """The right answer, and behind it a second whole answer (``status``, ``body``) that nobody asked for."""
    CLOSE_AFTER_ANSWER = "close_after_answer"
    """The right answer announces keep-alive, and then the connection is closed."""
    RELABEL = "relabel"
    """The right answer with ``headers`` in place of its own."""
    STATUS = "status"
    """Another answer: ``status``, ``headers``, ``body``; the call is not carried out unless ``execute``."""
    REFUSE_EARLY = "refuse_early"
    """That answer as soon as the headers are read, then close; the body of the request is not read."""
    GARBAGE = "garbage"
    """``body`` is sent as it is instead of an answer, then close; not carried out unless ``execute``."""
    GZIP_BOMB = "gzip_bomb"
    """A small gzip body that unpacks to ``size`` bytes of blanks; not carried out unless ``execute``."""
    ENDLESS_BODY = "endless_body"
    """A chunked body that never ends; not carried out unless ``execute``."""


_STAGES = {
    FaultKind.RESET_BEFORE_READ: FaultStage.CONNECTED,
    FaultKind.RESET_AFTER_HEADERS: FaultStage.HEADERS,
    FaultKind.STOP_READING: FaultStage.HEADERS,
    FaultKind.REFUSE_EARLY: FaultStage.HEADERS,
    FaultKind.RESET_AFTER_READ: FaultStage.READ,
    FaultKind.CLOSE_AFTER_READ: FaultStage.READ,
}
_MAY_EXECUTE = frozenset({FaultKind.STATUS, FaultKind.GARBAGE, FaultKind.GZIP_BOMB, FaultKind.ENDLESS_BODY})

Headers = tuple[tuple[str, str], ...]

MOST_FAULTS = 1_000
MOST_BYTES = 16 << 20
"""Of the bodies, headers and globs of all faults together."""

_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_TLS_ALERT = bytes.fromhex("15030100020246")


_UNSENDABLE = re.compile(r"[\0\r\n\ud800-\udc7f\udd00-\udfff]").search
"""What would end a header, and what has no bytes."""


def _pairs(value: Any) -> Headers:
    pairs = value.items() if isinstance(value, Mapping) else value
    try:
        return tuple((str(name), str(text)) for name, text in pairs)
    except (TypeError, ValueError):
        raise InvalidParameter("headers", f"must be pairs of names and values, not {value!r}") from None


def _bytes(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _glob(_: Any, field: attrs.Attribute[str | None], value: Any) -> None:
    if value is not None and not isinstance(value, str):
        raise InvalidParameter(field.name, f"must be text, not {value!r}")


def _headers(_: Any, field: attrs.Attribute[Headers], value: Headers) -> None:
    for pair in value:
        if any(map(_UNSENDABLE, pair)):
            raise InvalidParameter(field.name, f"cannot be sent: {pair!r}")


def _body(_: Any, field: attrs.Attribute[bytes], value: Any) -> None:
    if not isinstance(value, bytes):
        raise InvalidParameter(field.name, f"must be text or bytes, not {value!r}")


def _switch(_: Any, field: attrs.Attribute[bool], value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidParameter(field.name, f"must be true or false, not {value!r}")


def _number(
    name: str, value: Any, *, least: float, most: float = float("inf"), whole: bool = False, optional: bool = False
) -> None:
    if value is None and optional:
        return
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not least <= value <= most:
        upper = "" if most == float("inf") else f" and at most {most:g}"
        kind = "a whole number" if whole else "a number"
        raise InvalidParameter(name, f"must be {kind} of at least {least:g}{upper}, not {value!r}")


@documented
@attrs.frozen(slots=True, kw_only=True)
class Fault:
    """One fault: what happens, to which calls, and how often.

    Without ``operation``, ``path`` and ``method`` it fits every call of every vendor.
    """

    kind: FaultKind = attrs.field(converter=FaultKind)

    operation: str | None = attrs.field(default=None, validator=_glob)
    """Glob over the operation's name, with or without the vendor: ``create_*``, ``bukalapak.*``."""
    path: str | None = attrs.field(default=None, validator=_glob)
    """Glob over the path without its query: ``/v1/messages/*``."""
    method: str | None = attrs.field(default=None, converter=_upper, validator=_glob)
    times: int | None = None
    """Strikes this often, then never again; ``None``: as long as it is switched on."""
    after: int = 0
    """Lets this many fitting calls pass first."""
    probability: float = 1.0
    """Chance to strike, drawn from the sandbox's seeded generator."""

    seconds: float = 0.0
    keep_bytes: int | None = None
    """``None``: half of what there is."""
    chunk: int = 1
    status: int = 200
    headers: Headers = attrs.field(default=(), converter=_pairs, validator=_headers)
    body: bytes = attrs.field(default=b"", converter=_bytes, validator=_body)
    size: int = 0
    execute: bool = attrs.field(default=False, validator=_switch)

    def __attrs_post_init__(self) -> None:
        _number("times", self.times, least=1, whole=True, optional=True)
        _number("after", self.after, least=0, whole=True)
        _number("probability", self.probability, least=0, most=1)
        _number("seconds", self.seconds, least=0, most=86_400)
        _number("keep_bytes", self.keep_bytes, least=0, whole=True, optional=True)
        _number("chunk", self.chunk, least=1, whole=True)
        _number("status", self.status, least=100, most=999, whole=True)
        _number("size", self.size, least=0, most=1 << 30, whole=True)
        if self.execute and self.kind not in _MAY_EXECUTE:
            raise InvalidParameter("execute", f"{self.kind} already says whether the call is carried out")
        if self.stage is FaultStage.CONNECTED and (self.operation or self.path or self.method):
            raise InvalidParameter("kind", f"{self.kind} strikes before the call is known, so it cannot be matched")

    @property
    def length(self) -> int:
        """Bytes that it takes, about."""
        texts = (self.operation, self.path, self.method, *(text for pair in self.headers for text in pair))
        return len(self.body) + sum(len(text) for text in texts if text is not None)

    @property
    def stage(self) -> FaultStage:
        """How far the call gets before the fault strikes."""
        if self.kind in _MAY_EXECUTE and not self.execute:
            return FaultStage.READ
        return _STAGES.get(self.kind, FaultStage.EXECUTED)

    @classmethod
    def latency(cls, seconds: float) -> Fault:
        """The call is carried out after a wait of this many seconds."""
        return cls(kind=FaultKind.LATENCY, seconds=seconds)

    @classmethod
    def reset_before_read(cls) -> Fault:
        """A reset at accept, or at the first byte on a kept connection; fits all calls and cannot be matched."""
        return cls(kind=FaultKind.RESET_BEFORE_READ)

    @classmethod
    def reset_after_headers(cls, keep_bytes: int = 0) -> Fault:
        """A reset once the headers and this many bytes of the body have been read."""
        return cls(kind=FaultKind.RESET_AFTER_HEADERS, keep_bytes=keep_bytes)

    @classmethod
    def stop_reading(cls) -> Fault:
        """The body of the request is never read, and no answer comes."""
        return cls(kind=FaultKind.STOP_READING)

    @classmethod
    def reset_after_read(cls) -> Fault:
        """The request is read, not carried out, and the connection reset."""
        return cls(kind=FaultKind.RESET_AFTER_READ)

    @classmethod
    def close_after_read(cls) -> Fault:
        """The request is read, not carried out, and the connection closed."""
        return cls(kind=FaultKind.CLOSE_AFTER_READ)

    @classmethod
    def drop_after_execute(cls) -> Fault:
        """The call is carried out and its answer lost by a close."""
        return cls(kind=FaultKind.DROP_AFTER_EXECUTE)

    @classmethod
    def reset_after_execute(cls) -> Fault:
        """The call is carried out and its answer lost by a reset."""
        return cls(kind=FaultKind.RESET_AFTER_EXECUTE)

    @classmethod
    def stall_before_answer(cls) -> Fault:
        """The call is carried out and then there is silence."""
        return cls(kind=FaultKind.STALL_BEFORE_ANSWER)

    @classmethod
    def stall_mid_body(cls, keep_bytes: int = 0) -> Fault:
        """The answer's headers, this many bytes of its body, then silence."""
        return cls(kind=FaultKind.STALL_MID_BODY, keep_bytes=keep_bytes)

    @classmethod
    def drip(cls, seconds: float = 0.3, chunk: int = 1) -> Fault:
        """The answer's body comes in pieces of ``chunk`` bytes, each after ``seconds``."""
        return cls(kind=FaultKind.DRIP, seconds=seconds, chunk=chunk)

    @classmethod
    def reset_mid_body(cls, keep_bytes: int | None = None) -> Fault:
        """A reset after this many bytes of the answer's body."""
        return cls(kind=FaultKind.RESET_MID_BODY, keep_bytes=keep_bytes)

    @classmethod
    def cut_body(cls, keep_bytes: int | None = None) -> Fault:
        """A body shorter than its Content-Length."""
        return cls(kind=FaultKind.CUT_BODY, keep_bytes=keep_bytes)

    @classmethod
    def cut_chunked(cls, keep_bytes: int | None = None) -> Fault:
        """A chunked body without its end."""
        return cls(kind=FaultKind.CUT_CHUNKED, keep_bytes=keep_bytes)

    @classmethod
    def cut_unsized(cls, keep_bytes: int | None = None) -> Fault:
        """A body of unknown length, cut where nothing shows it."""
        return cls(kind=FaultKind.CUT_UNSIZED, keep_bytes=keep_bytes)

    @classmethod
    def extra_answer(cls, body: bytes | str = b"{}", status: int = 200) -> Fault:
        """A second answer behind the right one, on the same connection."""
        return cls(kind=FaultKind.EXTRA_ANSWER, body=body, status=status)

    @classmethod
    def close_after_answer(cls) -> Fault:
        """Keep-alive announced, connection closed."""
        return cls(kind=FaultKind.CLOSE_AFTER_ANSWER)

    @classmethod
    def wrong_content_type(cls, content_type: str = "text/html; charset=utf-8") -> Fault:
        """The right body under a wrong media type."""
        return cls(kind=FaultKind.RELABEL, headers=(("Content-Type", content_type),))

    @classmethod
    def wrong_encoding(cls, encoding: str = "gzip") -> Fault:
        """The right, plain body under a content encoding that it does not have."""
        return cls(kind=FaultKind.RELABEL, headers=(("Content-Encoding", encoding),))

    @classmethod
    def answer(
        cls, status: int, body: bytes | str = b"", *, headers: Headers | Mapping[str, str] = (), execute: bool = False
    ) -> Fault:
        """Any other answer instead of the right one."""
        return cls(kind=FaultKind.STATUS, status=status, body=body, headers=headers, execute=execute)

    @classmethod
    def html(cls, status: int, title: str = "Bad Gateway", *, execute: bool = False) -> Fault:
        """A web page with any status, as gateways and login walls send it."""
        page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        return cls(kind=FaultKind.STATUS, status=status, body=page, headers=_HTML, execute=execute)

    @classmethod
    def too_many_requests(cls, retry_after: str | None = None) -> Fault:
        """429, with this text as its Retry-After."""
        return cls._retry_later(429, retry_after)

    @classmethod
    def unavailable(cls, retry_after: str | None = None) -> Fault:
        """503, with this text as its Retry-After."""
        return cls._retry_later(503, retry_after)

    @classmethod
    def _retry_later(cls, status: int, retry_after: str | None) -> Fault:
        headers = () if retry_after is None else (("Retry-After", retry_after),)
        return cls(kind=FaultKind.STATUS, status=status, headers=headers)

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> Fault:
        """A redirect to anywhere."""
        return cls(kind=FaultKind.STATUS, status=status, headers=(("Location", location),))

    @classmethod
    def refuse_early(cls, status: int = 413, body: bytes | str = b"") -> Fault:
        """An answer before the body of the request is read, then close."""
        return cls(kind=FaultKind.REFUSE_EARLY, status=status, body=body)

    @classmethod
    def garbage(cls, data: bytes | str = _TLS_ALERT, *, execute: bool = False) -> Fault:
        """These bytes instead of an answer, then close; without any, the start of a TLS alert."""
        return cls(kind=FaultKind.GARBAGE, body=data, execute=execute)

    @classmethod
    def gzip_bomb(cls, size: int = 32 << 20, *, execute: bool = False) -> Fault:
        """A body a thousand times larger when unpacked."""
        return cls(kind=FaultKind.GZIP_BOMB, size=size, execute=execute)

    @classmethod
    def endless_body(cls, *, execute: bool = False) -> Fault:
        """A body that never ends."""
        return cls(kind=FaultKind.ENDLESS_BODY, execute=execute)

    @classmethod
    def parse(cls, document: Any) -> Fault:
        """A fault from its JSON form. Raises :exc:`~nusantara.errors.InvalidParameter`."""
        if not isinstance(document, Mapping) or "kind" not in document:
            raise InvalidParameter("fault", "must be a JSON object with a kind")
        given = dict(document)
        try:
            if "body_base64" in given:
                given["body"] = base64.b64decode(given.pop("body_base64"), validate=True)
            for name in given:
                if name not in attrs.fields_dict(cls):
                    raise InvalidParameter("fault", f"has no {name!r}")
            return cls(**given)
        except InvalidParameter:
            raise
        except (TypeError, ValueError, AttributeError) as error:
            raise InvalidParameter("fault", str(error)) from None

    def document(self) -> dict[str, Any]:
        """The fault as JSON: its kind and what is not left at its default."""
        found: dict[str, Any] = {"kind": self.kind.value}
        for field in attrs.fields(Fault):
            value = getattr(self, field.name)
            if field.name == "kind" or value == field.default:
                continue
            if field.name == "body":
                found["body_base64"] = base64.b64encode(self.body).decode()
            else:
                found[field.name] = [list(pair) for pair in value] if field.name == "headers" else value
        return found

    def _fits(self, method: str, path: str, vendor: str | None, operation: str | None) -> bool:
        if self.method is not None and self.method != method:
            return False
        if self.path is not None and not fnmatchcase(path, self.path):
            return False
        if self.operation is None:
            return True
        return operation is not None and any(
            fnmatchcase(name, self.operation) for name in (operation, f"{vendor}.{operation}")
        )


class ActiveFault:
    """A fault that is switched on. As a context manager it is switched off at the end of the block."""

    def __init__(self, faults: Faults, number: int, fault: Fault) -> None:
        self._faults = faults
        self.number = number
        self.fault = fault
        self.seen = 0
        """Calls that it fitted, struck by an earlier fault or not."""
        self.fired = 0
        """Calls that it struck."""

    def remove(self) -> None:
        """Switch it off."""
        self._faults.remove(self.number)

    def __enter__(self) -> ActiveFault:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.remove()

    def document(self) -> dict[str, Any]:
        """The fault as JSON, with its number and what it has done."""
        return {"number": self.number, "seen": self.seen, "fired": self.fired, **self.fault.document()}


class Faults:
    """The faults of a sandbox. Safe to use from any thread."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._active: dict[int, ActiveFault] = {}
        self._last = 0
        self._random = self._generator()

    def add(
        self,
        fault: Fault,
        *,
        operation: str | None = None,
        path: str | None = None,
        method: str | None = None,
        times: int | None = None,
        after: int | None = None,
        probability: float | None = None,
    ) -> ActiveFault:
        """Switch a fault on. The keywords beat what the fault itself says; see :class:`Fault` for their meaning.

        Raises :exc:`~nusantara.errors.InvalidParameter` where there are 1,000, or 16 MiB of them, already.
        """
        said: dict[str, Any] = {
            "operation": operation,
            "path": path,
            "method": method,
            "times": times,
            "after": after,
            "probability": probability,
        }
        fault = attrs.evolve(fault, **{name: value for name, value in said.items() if value is not None})
        with self._lock:
            if len(self._active) >= MOST_FAULTS:
                raise InvalidParameter("fault", f"{MOST_FAULTS} are switched on already")
            if fault.length + sum(active.fault.length for active in self._active.values()) > MOST_BYTES:
                raise InvalidParameter("fault", f"all of them may have {MOST_BYTES} bytes together")
            self._last += 1
            active = self._active[self._last] = ActiveFault(self, self._last, fault)
        return active

    def remove(self, number: int) -> bool:
        """Switch one off; whether it was on."""
        with self._lock:
            return self._active.pop(number, None) is not None

    def clear(self) -> None:
        """Switch all off."""
        with self._lock:
            self._active.clear()

    def reset(self) -> None:
        """Switch all off and start the generator anew."""
        with self._lock:
            self._active.clear()
            self._random = self._generator()

    @property
    def active(self) -> list[ActiveFault]:
        """The faults that are switched on, oldest first; one that has struck all its times stays in the list."""
        with self._lock:
            return list(self._active.values())

    def strike_connection(self) -> Fault | None:
        """The fault for a connection of which nothing is read yet."""
        with self._lock:
            for active in self._active.values():
                if active.fault.stage is FaultStage.CONNECTED:
                    active.seen += 1
                    if self._draws(active):
                        return active.fault
        return None

    def strike_call(
        self, method: str, path: str, vendor: str | None, operation: str | None
    ) -> tuple[float, Fault | None]:
        """Seconds to wait, and the fault to apply."""
        if not self._active:
            return 0.0, None
        seconds, struck = 0.0, None
        with self._lock:
            for active in self._active.values():
                fault = active.fault
                if fault.stage is FaultStage.CONNECTED or not fault._fits(method, path, vendor, operation):
                    continue
                active.seen += 1
                if fault.kind is FaultKind.LATENCY:
                    seconds += fault.seconds if self._draws(active) else 0.0
                elif struck is None and self._draws(active):
                    struck = fault
        return seconds, struck

    def _draws(self, active: ActiveFault) -> bool:
        fault = active.fault
        if active.seen <= fault.after or (fault.times is not None and active.fired >= fault.times):
            return False
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return False
        active.fired += 1
        return True

    def _generator(self) -> random.Random:
        return random.Random(f"{self._seed}:faults")  # noqa: S311 - repeatable on purpose
