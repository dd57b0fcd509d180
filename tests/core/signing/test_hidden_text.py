"""Hidden text shows in no traceback, whatever prints that, and is sent as it is."""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from rich.console import Console
from rich.traceback import Traceback
from support.canaries import frames_of

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus, Kaskus
from nusantara.client import AsyncClient, Settings
from nusantara.errors import ConfigurationError, InvalidParameter
from nusantara.secret import HiddenBytes, HiddenText, Secret
from nusantara.signing import NoAuth
from qiscus_async import AsyncQiscus, Qiscus
from qiscus_async.webhooks import Receiver

TEXT = "rahasia besar, 1%, sekali " * 8
SECRET = "sandi-9d41e0b7c2"
PROXY = f"http://pembeli:{SECRET}@proxy.example:3128"

# --- Pieces

ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "__add__": ("x",),
    "__radd__": ("x",),
    "__getitem__": (slice(80),),
    "__mod__": ((),),
    "__rmod__": ("<%s>",),
    "__mul__": (2,),
    "__rmul__": (2,),
    "center": (300,),
    "format_map": ({},),
    "join": (["a", "b"],),
    "ljust": (300,),
    "partition": (" ",),
    "removeprefix": ("rahasia",),
    "removesuffix": (" ",),
    "replace": ("a", "b"),
    "rjust": (300,),
    "rpartition": (" ",),
    "translate": ({97: "b"},),
    "zfill": (300,),
}
PLAIN = {"__str__", "__format__", "__getnewargs__", "__repr__", "__doc__"}
"""What is plain for the wire, or no piece of the text."""


def shown(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from shown(item)
    else:
        yield value


@pytest.mark.parametrize(
    "name", [name for name in dir(str) if name not in PLAIN and name not in dir(object)] + [*ARGUMENTS]
)
def test_what_is_made_of_hidden_text_is_hidden(name: str) -> None:
    text = TEXT.replace("%", "%%") if name in ("__mod__",) else TEXT
    arguments = ARGUMENTS.get(name, ())
    if name in ("count", "find", "index", "rfind", "rindex", "startswith", "endswith", "__contains__"):
        arguments = ("a",)
    if name == "maketrans":
        return
    made = getattr(HiddenText(text), name)(*arguments)
    if not isinstance(made, (int, bool)):
        assert {type(piece) for piece in shown(list(made) if name == "__iter__" else made)} <= {HiddenText, HiddenBytes}
        plain = text if name != "__radd__" else text.join(["x", ""])
        assert name in ("__radd__", "__iter__") or made == getattr(plain, name)(*arguments)


@pytest.mark.parametrize(
    "name", [name for name in dir(bytes) if name not in PLAIN and name not in dir(object)] + ["__radd__"]
)
def test_what_is_made_of_hidden_bytes_is_hidden(name: str) -> None:
    if name in ("maketrans", "fromhex", "__iter__", "__bytes__", "__buffer__"):
        return
    arguments = tuple(item.encode() if isinstance(item, str) else item for item in ARGUMENTS.get(name, ()))
    if name in ("count", "find", "index", "rfind", "rindex", "startswith", "endswith", "__contains__"):
        arguments = (b"a",)
    if name == "join":
        arguments = ([b"a", b"b"],)
    if name == "translate":
        arguments = (bytes(range(256)),)
    made = getattr(HiddenBytes(TEXT.replace("%", "%%").encode()), name)(*arguments)
    if not isinstance(made, (int, bool)):
        assert {type(piece) for piece in shown(made)} <= {HiddenText, HiddenBytes}


def test_operators_hide_too() -> None:
    hidden = HiddenText(TEXT)
    pieces = ["Basic " + hidden, hidden + "x", "<%s>" % hidden, hidden[3:9], hidden[0], 2 * hidden, *hidden[:3]]  # noqa: UP031
    pieces += [b"Basic " + hidden.encode(), hidden.encode()[:80], hidden.encode().decode()]
    assert {type(piece) for piece in pieces} == {HiddenText, HiddenBytes}
    assert "rahasia" not in repr(pieces) + str(hidden.encode()) + format(hidden.encode())


def test_the_wire_gets_the_text() -> None:
    hidden = HiddenText(TEXT)
    assert f"X-Key: {hidden}\r\n" == "".join(["X-Key: ", hidden, "\r\n"]) == f"X-Key: {TEXT}\r\n"
    assert type(str(hidden)) is str
    assert bytes(hidden.encode()) == TEXT.encode()
    assert b"".join([b"", hidden.encode()]) == TEXT.encode()
    assert hash(hidden) == hash(TEXT)
    assert TEXT in {hidden: 1}


# --- Printers of tracebacks


def by_rich(error: BaseException) -> str:
    made = Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True, locals_max_string=80)
    console = Console(file=io.StringIO(), width=240)
    console.print(made)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def by_python(error: BaseException) -> str:
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def by_a_tracker(error: BaseException) -> str:
    """As error trackers do: what is long is cut, what holds other things is walked through."""

    def serialized(value: Any, depth: int = 4) -> Any:
        if isinstance(value, dict) and depth:
            return {str(name): serialized(item, depth - 1) for name, item in value.items()}
        if isinstance(value, (list, tuple, set)) and depth:
            return [serialized(item, depth - 1) for item in list(value)[:50]]
        if isinstance(value, (str, bytes)) and len(value) > 16:
            return [repr(value), repr(value[:16])]
        return repr(value)

    frames: list[Any] = []
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename != __file__:
            frames.append(serialized(dict(trace.tb_frame.f_locals)))
        trace = trace.tb_next
    return str(frames)


PRINTERS = [by_rich, by_python, by_a_tracker]
CLIENTS: list[Callable[..., Any]] = [
    lambda **settings: AsyncBukalapak("6", "t", **settings),
    lambda **settings: Bukalapak("6", "t", **settings),
    lambda **settings: AsyncQiscus("app", "s", **settings),
    lambda **settings: Qiscus("app", "s", **settings),
    lambda **settings: AsyncKaskus("k", "s", **settings),
    lambda **settings: Kaskus("k", "s", **settings),
    lambda **settings: AsyncKaskus.with_oauth2("i", "s", **settings),
    lambda **settings: Kaskus.with_oauth2("i", "s", **settings),
]
WRONG: list[dict[str, Any]] = [{"max_connections": 0}, {"base_url": "ftp://x"}, {"timeout": -1}, {"max_attempts": 0}]


def frames_that_are_ours(error: BaseException) -> str:
    return "".join(text for _, text in frames_of(error.__traceback__))


@pytest.mark.parametrize("make", CLIENTS)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: next(iter(wrong)))
def test_the_proxys_password_does_not_show_when_a_client_cannot_be_made(make: Any, wrong: dict[str, Any]) -> None:
    for wrap in (str, Secret):
        with pytest.raises(InvalidParameter) as caught:
            make(**wrong, proxy=wrap(PROXY))
        assert SECRET not in frames_that_are_ours(caught.value) + by_a_tracker(caught.value)
    # Wrapped, it shows not even in the frames of who calls.
    for printer in PRINTERS:
        assert SECRET not in printer(caught.value)


FROM_ENV: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "bukalapak": (AsyncBukalapak, Bukalapak, ("BUKALAPAK_USER_ID", "BUKALAPAK_TOKEN")),
    "qiscus": (AsyncQiscus, Qiscus, ("QISCUS_APP_ID", "QISCUS_SECRET_KEY")),
    "kaskus": (AsyncKaskus, Kaskus, ("KASKUS_CONSUMER_KEY", "KASKUS_CONSUMER_SECRET")),
}


@pytest.mark.parametrize("vendor", FROM_ENV)
def test_nor_when_its_credentials_are_missing(monkeypatch: pytest.MonkeyPatch, vendor: str) -> None:
    *clients, variables = FROM_ENV[vendor]
    for variable in variables:
        monkeypatch.delenv(variable, raising=False)
    for client in clients:
        with pytest.raises(ConfigurationError) as caught:
            client.from_env(proxy=PROXY)
        assert SECRET not in frames_that_are_ours(caught.value) + by_a_tracker(caught.value)


@pytest.mark.parametrize("proxy", [f"socks5://u:{SECRET}@h:1", f"http://u:{SECRET}@h:0", f"http://u:{SECRET} @h:1", ""])
def test_nor_when_it_is_wrong_itself(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    for given in (proxy, Secret(proxy)):
        with pytest.raises(InvalidParameter, match="proxy") as caught:
            AsyncClient("https://h.example", NoAuth(), Settings(proxy=given))
        assert SECRET not in str(caught.value) + frames_that_are_ours(caught.value) + by_a_tracker(caught.value)
    if proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(ConfigurationError, match="HTTPS_PROXY") as missing:
            AsyncClient("https://h.example", NoAuth(), Settings())
        assert SECRET not in str(missing.value) + frames_that_are_ours(missing.value) + by_a_tracker(missing.value)


def test_nor_do_the_secrets_of_a_receiver_that_cannot_be_made() -> None:
    async def handle(event: object) -> None:
        """Handles an event."""

    with pytest.raises(InvalidParameter) as caught:
        Receiver(handle, path_secret=SECRET * 3, signature_key=SECRET, max_body=-1)
    assert SECRET not in frames_that_are_ours(caught.value) + by_a_tracker(caught.value)


@pytest.mark.parametrize("printer", PRINTERS)
def test_a_long_hidden_text_is_cut_without_showing(printer: Callable[[BaseException], str]) -> None:
    namespace = {"HiddenText": HiddenText}
    code = "def fail(made):\n    header = made()\n    body = header.encode()\n    pieces = header.split()\n    1 / 0\n"
    exec(compile(code, "elsewhere.py", "exec"), namespace)
    with pytest.raises(ZeroDivisionError) as caught:
        namespace["fail"](lambda: HiddenText(TEXT))
    text = printer(caught.value)
    assert TEXT[8:13] not in text
    assert "***" in text


def test_pytest_shows_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "from bukalapak_async import Bukalapak\nfrom nusantara.secret import Secret\nimport os\n"
        "def test_it():\n    proxy = Secret(os.environ['P'])\n    Bukalapak('6', 't', proxy=proxy, max_connections=0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--showlocals", "-vv", "--tb=long", "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "P": PROXY, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "InvalidParameter" in done.stdout
    assert "settings" in done.stdout
    assert SECRET not in done.stdout + done.stderr


# --- What was not made to its end


def classes() -> Iterator[type]:
    """Those of the packages with a ``__repr__`` of their own."""
    for package in ("nusantara", "bukalapak_async", "kaskus_async", "qiscus_async"):
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if "__" in found.name:  # A program of its own, or a part of PyInstaller's.
                continue
            for value in vars(importlib.import_module(found.name)).values():
                if isinstance(value, type) and value.__module__ == found.name:
                    written = vars(value).get("__repr__")
                    code = getattr(getattr(written, "__wrapped__", written), "__code__", None)
                    if code is not None and "attrs generated" not in code.co_filename:
                        yield value


def test_the_repr_of_what_was_not_made_to_its_end_does_not_fail() -> None:
    seen = 0
    for cls in set(classes()):
        try:
            made: object = object.__new__(cls)
        except TypeError:  # It has to be given a value, so that it is made whole or not at all.
            continue
        assert isinstance(repr(made), str), cls
        seen += 1
    assert seen > 20


@pytest.mark.parametrize("make", CLIENTS)
def test_the_repr_of_a_client_whose_making_failed_does_not_fail(make: Any) -> None:
    with pytest.raises(InvalidParameter) as caught:
        make(max_connections=0)
    trace, seen = caught.value.__traceback__, 0
    while trace is not None:
        if "self" in trace.tb_frame.f_locals:
            assert "not made" in repr(trace.tb_frame.f_locals["self"])
            seen += 1
        trace = trace.tb_next
    assert seen
