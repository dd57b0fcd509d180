"""Watches the whole run of the tests for credentials that show.

Every text that the library is told to hide becomes a canary: what is wrapped in ``Secret`` or ``HiddenText``, with its
Base64 and percent-encoded forms. Then every log record at DEBUG, every error, repr and pickle of the library's own
classes, every traceback with the local variables of the library that a test catches, and all that tests write to
standard output and error is searched for all canaries of the run so far. The test in which one shows fails.

At the end a line says how much was searched, over all workers. A run of all tests that searched nothing fails.
"""

from __future__ import annotations

import base64
import functools
import importlib.util
import logging
import pickle
import re
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import attrs
import pytest

from nusantara import secret as secret_module
from nusantara.call import loop as loop_module
from nusantara.errors import NusantaraError

__all__ = ["Finding", "Watch", "frames_of", "watch"]

PACKAGES = ("nusantara", "bukalapak_async", "kaskus_async", "qiscus_async")
SHORTEST = 10
"""Characters of the shortest text that is searched for, 20 without a digit: below, texts meet by chance."""
_TAIL = 8
_CHANCE = re.compile(r"\D{1,19}|(?:https?://)?[0-9.:TZ+-]*/?|(.)\1*").fullmatch
_LARGEST = 16 * 1024
"""Characters of a local variable that are searched."""
_REMEMBERED = 200_000
"""Texts."""
_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


@attrs.frozen
class Finding:
    """A credential that showed."""

    kind: str
    canary: str
    text: str

    def __str__(self) -> str:
        start = max(0, self.text.find(self.canary) - 200)
        return f"{self.kind} shows a credential ({self.canary!r}): ...{self.text[start : start + 600]}..."


@functools.cache
def _source() -> str:
    """The text of the library, from which Hypothesis takes examples too: names and words that may well show.

    Without the sandbox, whose credentials tests use.
    """
    specs = [importlib.util.find_spec(package) for package in PACKAGES]
    files = [file for spec in specs if spec and spec.origin for file in Path(spec.origin).parent.rglob("*.py")]
    return "".join([file.read_text("utf-8") for file in files if "sandbox" not in file.parts])


class Watch:
    """The canaries of this process, what was searched for them, and what was found."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = dict.fromkeys(
            ("canaries", "records", "errors", "tracebacks", "reprs", "pickles", "outputs"), 0
        )
        self.findings: list[Finding] = []
        self._forms: list[str] = []
        """All that is searched for, in the order in which it was planted."""
        self._tails: dict[str, set[str]] = {}
        self._known: set[str] = set()
        self._searched: dict[int, int] = {}
        """By the hash of a text, how many of the forms it was searched for: most texts come again and again."""

    # --- Canaries

    def plant(self, text: str) -> None:
        """Search for a text from now on, if it is long and odd enough not to appear by chance."""
        if text in self._known:
            return
        self._known.add(text)
        scheme, blank, rest = text.partition(" ")
        if rest and scheme in ("Basic", "Bearer"):
            self.plant(rest)
            if scheme == "Basic":
                self._plant_pair(rest)
        elif not blank and len(text) >= SHORTEST and not _CHANCE(text) and text not in _source():
            # With a blank it is a sentence in an answer with tokens, or a signature, which is good once.
            encoded = text.encode("utf-8", "surrogatepass")
            for form in {text, quote(encoded, safe=""), base64.b64encode(encoded).decode()}:
                self._forms.append(form)
                self._tails.setdefault(form[-_TAIL:], set()).add(form)
            self.counts["canaries"] += 1

    def _plant_pair(self, encoded: str) -> None:
        try:
            pair = base64.b64decode(encoded, validate=True).decode()
        except ValueError:
            return
        self.plant(pair.partition(":")[2])

    def seen_in(self, text: str) -> str | None:
        """A canary in a text, if there is one."""
        key, known = hash(text), len(self._forms)
        before = self._searched.get(key, 0)
        if before == known:
            return None
        forms = self._forms[before:known]
        if 2 * len(forms) < len(text):
            found = [form for form in forms if form[-_TAIL:] in text]
        else:
            pieces = {text[start : start + _TAIL] for start in range(len(text) - _TAIL + 1)}
            tails = () if pieces.isdisjoint(self._tails) else pieces.intersection(self._tails)
            found = [form for tail in tails for form in list(self._tails[tail])]
        for canary in found:
            if canary in text:
                return canary
        if len(self._searched) >= _REMEMBERED:
            self._searched.clear()
        self._searched[key] = known
        return None

    # --- Searches

    def search(self, kind: str, text: str) -> None:
        """Search a text and remember what was found."""
        self.counts[kind] += 1
        canary = self.seen_in(text)
        if canary is not None:
            self.findings.append(Finding(kind, canary, text))

    def record(self, record: logging.LogRecord) -> None:
        extra = {name: value for name, value in vars(record).items() if name not in _RECORD}
        text = f"{record.getMessage()} {record.args!r} {extra!r}"
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        self.search("records", text)

    def error(self, error: BaseException) -> None:
        """Everything that an error, and what led to it, says by itself."""
        for one in chain_of(error):
            self.search("errors", f"{one!s} {one!r} {one.args!r} {vars(one)!r}")
        if isinstance(error, NusantaraError):
            # The details of an answer may hold what cannot be pickled; then nothing can show that way.
            try:
                pickled = pickle.dumps(error)
            except Exception:
                return
            self.pickled(pickled)

    def traceback(self, error: BaseException) -> None:
        """The traceback of an error, with the local variables of the library and of all that it called."""
        self.error(error)
        for one in chain_of(error):
            for frame, text in frames_of(one.__traceback__):
                self.search("tracebacks", f"{frame}: {text}")

    def pickled(self, data: bytes) -> None:
        self.search("pickles", data.decode("latin-1"))

    def shown(self, text: str) -> None:
        """The repr of something of the library; one inside another is searched with it."""
        self.search("reprs", text)

    def take_findings(self) -> list[Finding]:
        findings, self.findings = self.findings, []
        return findings


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """An error and all that is printed with it, or sent to an error tracker: its causes and contexts."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__] if one.__cause__ else []
        waiting += [one.__context__] if one.__context__ and not one.__suppress_context__ else []


def frames_of(trace: TracebackType | None) -> Iterator[tuple[str, str]]:
    """Each frame of a traceback from the first of the library on, and its local variables as a tracker shows them.

    Left out is what belongs to the test, and the sandbox: it is the vendor there, and its credentials are no secret.
    """
    inside = False
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        package = module.partition(".")[0]
        code = trace.tb_frame.f_code
        inside = inside or package in PACKAGES
        if inside and (package in PACKAGES or "site-packages" in code.co_filename) and ".sandbox" not in module:
            for name, value in list(trace.tb_frame.f_locals.items()):
                yield f"{module}.{code.co_name}, {name}", _shown(value)
        trace = trace.tb_next


def _shown(value: Any) -> str:
    if isinstance(value, (bytes, bytearray, str)) and len(value) > _LARGEST and type(value) in (bytes, bytearray, str):
        value = value[:_LARGEST]
    elif isinstance(value, (list, tuple, set, dict)) and len(value) > 1000:
        value = list(value)[:1000]
    try:
        return repr(value)
    except Exception:
        return ""


watch = Watch()
"""That of this process."""


# --- Where the library is watched


_OF_SERVERS = frozenset({"aiohttp.access", "aiohttp.server"})


class _Handler(logging.Handler):
    """Sees every record but those of the servers of tests, which know what they were sent."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name in _OF_SERVERS or (record.name.startswith("oauthlib") and not _is_signing()):
            return
        watch.record(record)


def _is_signing() -> bool:
    """Whether oauthlib works for a client, not for a server or a test."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        if str(frame.f_globals.get("__name__")).startswith("nusantara.signing"):
            return True
        frame = frame.f_back
    return False


def _after(owner: Any, name: str, look: Callable[..., None]) -> None:
    """Have ``look(result, *args)`` called after a function."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def watched(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        look(result, *args)
        return result

    setattr(owner, name, watched)


_ONE_OF_A_PAIR = frozenset({"nusantara.signing.browser", "nusantara.signing.token_answers"})


def _watch_secrets() -> None:
    original = str.__new__

    def make(cls: type[str], *args: Any, **kwargs: Any) -> Any:
        text = original(cls, *args, **kwargs)
        # An OAuth 1.0 token travels through address lines and is nothing without its secret, which is a Secret.
        if sys._getframe(1).f_globals.get("__name__") not in _ONE_OF_A_PAIR:
            watch.plant(str.__str__(text))
        return text

    secret_module.HiddenText.__new__ = make  # type: ignore[method-assign]
    _after(secret_module.Secret, "__init__", lambda _, self, *rest: watch.plant(self._text))


def _watch_errors() -> None:
    _after(NusantaraError, "__init__", lambda _, self, *rest: watch.search("errors", f"{self.args} {self.hint}"))
    _after(loop_module, "told", lambda error, *rest: watch.error(error))
    _after(pickle, "dumps", lambda data, *rest: watch.pickled(data))
    _after(subprocess.Popen, "communicate", lambda outputs, *rest: _watch_outputs(outputs))
    caught = type(pytest.raises(NusantaraError))
    leave = caught.__exit__

    def watched(self: Any, kind: Any, error: BaseException | None, trace: Any) -> Any:
        if isinstance(error, Exception) and any(frames_of(error.__traceback__)):
            watch.traceback(error)
        return leave(self, kind, error, trace)

    caught.__exit__ = watched  # type: ignore[method-assign]


def _watch_outputs(outputs: Iterable[Any]) -> None:
    for output in outputs:
        if output:
            watch.search("outputs", output if isinstance(output, str) else bytes(output).decode("latin-1"))


class _Reprs:
    """Wraps the ``__repr__`` of every class of the library, also of modules that are loaded later."""

    def __init__(self) -> None:
        self._modules: set[str] = set()
        self._loaded = 0
        self._depth = threading.local()

    def sweep(self) -> None:
        if len(sys.modules) == self._loaded:
            return
        self._loaded = len(sys.modules)
        for name in [name for name in list(sys.modules) if name.partition(".")[0] in PACKAGES]:
            if name not in self._modules:
                self._modules.add(name)
                for value in list(vars(sys.modules[name]).values()):
                    if isinstance(value, type) and value.__module__ == name and "__repr__" in vars(value):
                        self._wrap(value)

    def _wrap(self, cls: Any) -> None:
        original = cls.__repr__
        depth = self._depth

        @functools.wraps(original)
        def watched(self: Any) -> str:
            if getattr(depth, "inside", False):
                return str(original(self))
            depth.inside = True
            try:
                text = str(original(self))
            finally:
                depth.inside = False
            watch.shown(text)
            return text

        cls.__repr__ = watched


_reprs = _Reprs()


# --- The plugin


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shows_secrets(why): this test makes the library show one on purpose, and why")
    if config.option.log_level is None:
        # Every record is made for the watch; reports of failures and ``caplog`` keep to those that are usually made.
        config.option.log_level = "WARNING"
    if not config.pluginmanager.has_plugin("canaries"):
        config.pluginmanager.register(_Plugin(config), "canaries")


class _Plugin:
    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._handler = _Handler(logging.DEBUG)
        self._merged: dict[str, int] = dict.fromkeys(watch.counts, 0)
        self._problem = ""
        logging.getLogger().addHandler(self._handler)
        logging.getLogger().setLevel(logging.DEBUG)

    # What is searched is searched within the phase of the test, so that a finding fails that test.

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        _reprs.sweep()
        result = yield
        self._judge(item)
        return result

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        try:
            result = yield
        except Exception as error:
            watch.traceback(error)
            raise
        self._judge(item)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        result = yield
        for _, stream, text in item._report_sections:
            if stream in ("stdout", "stderr"):
                watch.search("outputs", text)
        self._judge(item)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        value = yield
        if fixturedef.argname in ("capsys", "capfd", "capsysbinary", "capfdbinary"):
            _after(value, "readouterr", lambda outputs, *rest: _watch_outputs(outputs))
        return value

    def _judge(self, item: pytest.Item) -> None:
        findings = watch.take_findings()
        if findings and item.get_closest_marker("shows_secrets") is None:
            pytest.fail("\n".join(map(str, dict.fromkeys(findings))), pytrace=False)

    # --- All workers together

    def pytest_testnodedown(self, node: Any, error: object) -> None:
        for name, count in getattr(node, "workeroutput", {}).get("canaries", {}).items():
            self._merged[name] += count

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["canaries"] = watch.counts
            return (yield)
        result = yield
        for name, count in watch.counts.items():
            self._merged[name] += count
        nothing = [name for name, count in self._merged.items() if not count]
        if nothing and _is_whole_run(self._config):
            self._problem = f"no {', no '.join(nothing)}: the watch for credentials does not work"
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return result

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        searched = ", ".join(f"{count} {name}" for name, count in self._merged.items() if name != "canaries")
        terminalreporter.write_line(f"{self._merged['canaries']} canary secrets searched for in {searched}")
        if self._problem:
            terminalreporter.write_line(self._problem, red=True)


def _is_whole_run(config: pytest.Config) -> bool:
    option = config.option
    narrowed = (option.keyword, option.markexpr, option.deselect, option.collectonly, getattr(option, "lf", False))
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not any(narrowed)


_watch_secrets()
_watch_errors()
