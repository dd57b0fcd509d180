"""Logging in through the user's browser, which ends by calling back a listener on this machine (RFC 8252 section 7.3).

Where there is no browser, as on a server, the user opens the address elsewhere and pastes what comes of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import inspect
import os
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from nusantara.checks import check_seconds, check_whole
from nusantara.errors import AuthFailed, ConfigurationError, InvalidParameter, Phase, Sent, Timeout
from nusantara.secret import HiddenText

if TYPE_CHECKING:
    from aiohttp import web

__all__ = ["Expect", "Paste", "receive_callback"]

Expect = Mapping[str, str] | Callable[[], Mapping[str, str]]
"""Parameters that the callback must have, with values that only the vendor knows; or a function that gives them, asked
once the address has been made, because an OAuth 1.0 request token is not known before."""
Paste = Callable[[str], str | Awaitable[str]]
"""Shows a text, which has the address in it, and gives back the line that the user entered. ``input`` is one; a plain
function runs in a thread of its own. :exc:`EOFError` means that there will be none."""

HOST: Final = "127.0.0.1"
PATH: Final = "/callback"
LINGER: Final = 0.25
"""Seconds for the browser to read the page before the listener is gone."""


async def receive_callback(
    make_url: Callable[[str], Awaitable[str] | str],
    *,
    expect: Expect,
    port: int = 0,
    timeout: float = 300.0,
    open_browser: bool | Callable[[str], bool] = True,
    paste: Paste | None = None,
    code: str = "code",
) -> dict[str, str]:
    """Send the user to a log-in page and wait for the parameters with which the vendor sends them back.

    Args:
        make_url: Gets the callback's address, ``http://127.0.0.1:PORT/callback``, and gives that of the log-in page.
        expect: What tells the true callback from any other request. Compared in constant time.
        port: Where to listen; 0 for any free port. One that is taken is replaced by a free one.
        timeout: Seconds for everything.
        open_browser: Whether to open the page in a browser; or a function that does it and says whether it could.
        paste: Asks the user where no browser can be opened, or none should. What they paste may be the code alone or
            the whole address that the browser ended up at.
        code: Name of the parameter that a code alone stands for.

    Returns:
        The parameters of the callback, which do not show in a repr.

    Raises:
        AuthFailed: The user said no, or nothing was pasted.
        Timeout: Nobody came back in time.
        ConfigurationError: There is no browser, and no ``paste``.
    """
    _check(port, timeout, open_browser, paste)
    if not callable(expect):
        expect = {name: HiddenText(value) for name, value in expect.items()}
    listener = _Listener()
    scope = asyncio.timeout(timeout)
    try:
        async with scope:
            await listener.open(port)
            url = make_url(listener.url)
            if not isinstance(url, str):
                url = await url
            url = HiddenText(url)
            expected = expect() if callable(expect) else expect
            if not expected or not all(expected.values()):
                raise InvalidParameter("expect", "must name what only the true callback has")
            expected = listener.expected = {name: HiddenText(value) for name, value in expected.items()}
            return await _first_of(listener, url, open_browser, paste, code)
    except TimeoutError:
        if not scope.expired():
            raise  # It is from asking the vendor for the address.
        late = Timeout(Phase.TOTAL, f"nobody came back from the log-in page within {timeout:g} s")
        late.sent = Sent.NO
    finally:
        await listener.close()
    raise late


def _check(port: object, timeout: object, open_browser: object, paste: object) -> None:
    check_whole("port", port, least=0, most=65535)
    check_seconds("timeout", timeout)
    if not isinstance(open_browser, bool) and not callable(open_browser):
        raise InvalidParameter("open_browser", f"must be true, false or a function, not {open_browser!r}")
    if paste is not None and not callable(paste):
        raise InvalidParameter("paste", f"must be a function, not {paste!r}")


async def _first_of(
    listener: _Listener, url: str, open_browser: bool | Callable[[str], bool], paste: Paste | None, code: str
) -> dict[str, str]:
    """What comes first: the callback, or what the user pastes."""
    opened = False
    if open_browser:
        opening = _in_thread(_open_browser if open_browser is True else open_browser, url)
        # A browser in a terminal keeps the opener waiting until the user is done with it.
        await asyncio.wait([opening, listener.answer], return_when=asyncio.FIRST_COMPLETED)
        opened = not opening.done() or bool(opening.result())
    if opened or listener.answer.done() or (paste is None and not open_browser):
        return await listener.answer
    if paste is None:
        raise ConfigurationError("no browser could be opened", hint="give paste, or show the address to the user")
    pasting = asyncio.ensure_future(_pasted(paste, url, listener.expected, code))
    try:
        await asyncio.wait([pasting, listener.answer], return_when=asyncio.FIRST_COMPLETED)
        return await (listener.answer if listener.answer.done() else pasting)
    finally:
        pasting.cancel()


# --- The listener


class _Listener:
    """Answers requests on 127.0.0.1 until one is the true callback."""

    def __init__(self) -> None:
        self.expected: dict[str, str] = {}
        self.answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        self.url = ""
        self._hosts: frozenset[str] = frozenset()
        self._runner: web.ServerRunner | None = None

    async def open(self, port: int) -> None:
        from aiohttp import web

        listening = _bound(port)
        port = listening.getsockname()[1]
        self.url = f"http://{HOST}:{port}{PATH}"
        self._hosts = frozenset({f"{HOST}:{port}", HOST} if port == 80 else {f"{HOST}:{port}"})
        # Without a log of requests, which would have the codes in it.
        server = web.Server(self._respond, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=LINGER)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()

    async def close(self) -> None:
        if self._runner is not None:
            if self.answer.done() and not self.answer.cancelled():
                self.answer.exception()
                await asyncio.sleep(LINGER)
            await self._runner.cleanup()
        self.answer.cancel()

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        status, text = self._judge(request)
        return _page(status, text)

    def _judge(self, request: web.BaseRequest) -> tuple[int, str]:
        # A page of another origin can make the browser come here under a name of its own (DNS rebinding).
        # All of them: not every version of aiohttp refuses a second Host by itself.
        if not self._hosts.issuperset(request.headers.getall("Host", [""])):
            return 400, "This address is not for you."
        if request.path != PATH:
            return 404, "There is nothing here."
        if request.method != "GET":
            return 405, "Only GET will do."
        if self.answer.done():
            return 410, "This log-in is over."
        params = _query(request.rel_url.raw_query_string)
        if params is None or not _is_expected(params, self.expected):
            return 400, "This is not the log-in that is waited for. Please go back and finish that one."
        refusal = _refusal(params)
        if refusal is not None:
            self.answer.set_exception(refusal)
            return 200, "You have not logged in. You can close this window."
        self.answer.set_result(params)
        return 200, "You are logged in. You can close this window."


def _bound(port: int) -> socket.socket:
    """A socket at the port, or at any other if that is taken."""
    problem = ""
    for attempt in dict.fromkeys((port, 0)):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name == "posix":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((HOST, attempt))
            listening.listen(16)
        except (OSError, OverflowError) as error:
            listening.close()
            problem = str(error)
        else:
            listening.setblocking(False)
            return listening
    raise ConfigurationError(f"no port could be opened on {HOST}: {problem}")


def _page(status: int, text: str) -> web.Response:
    from aiohttp import web

    response = web.Response(
        status=status,
        text=f'<!DOCTYPE html><html lang="en"><head><title>Log-in</title></head><body><p>{text}</p></body></html>',
        content_type="text/html",
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )
    response.force_close()
    return response


# --- What a callback says


def _query(text: str) -> dict[str, str] | None:
    """Parameters by name, or None if there is no telling what they are."""
    try:
        text.encode()  # Fails for what a terminal passes on that is not text.
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        return None
    params = {name: HiddenText(value) for name, value in pairs}
    return dict(params) if len(params) == len(pairs) else None


def _is_expected(params: Mapping[str, str], expected: Mapping[str, str]) -> bool:
    same = [hmac.compare_digest(params.get(name, "").encode(), value.encode()) for name, value in expected.items()]
    return bool(same) and all(same)


def _refusal(params: Mapping[str, str]) -> AuthFailed | None:
    """The error for a callback that says no, in the words of OAuth 2.0 (RFC 6749 section 4.1.2.1)."""
    if "error" not in params:
        return None
    said = params.get("error_description") or params["error"]
    shown = "".join(char if char.isprintable() else " " for char in said[:200])
    error = AuthFailed(f"the log-in was refused: {shown}")
    error.sent = Sent.NO
    error.code = str(params["error"])
    return error


# --- Browser and keyboard


def _open_browser(url: str) -> bool:
    import webbrowser

    graphic = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
    if sys.platform.startswith(("linux", "freebsd")) and graphic.isdisjoint(os.environ):
        return False  # Only a browser in the terminal would be found, and there may be no terminal either.
    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False


async def _pasted(paste: Paste, url: str, expected: Mapping[str, str], code: str) -> dict[str, str]:
    """Ask until what is pasted can be used."""
    prompt: str = HiddenText(
        f"Open this address in a browser and log in:\n\n{url}\n\nPaste the code, or the address you end up at: "
    )
    while True:
        try:
            line = await (paste(prompt) if inspect.iscoroutinefunction(paste) else _in_thread(paste, prompt))
            if inspect.isawaitable(line):
                line = await line
        except EOFError:
            error = AuthFailed("the log-in was not finished: nothing was pasted")
            error.sent = Sent.NO
            raise error from None
        line = HiddenText(line.strip())
        params = _of_line(line, expected, code)
        if params is not None:
            refusal = _refusal(params)
            if refusal is not None:
                raise refusal
            return params
        prompt = "That is not from this log-in. Paste the code, or the whole address: "


def _of_line(line: str, expected: Mapping[str, str], code: str) -> dict[str, str] | None:
    if line.startswith(("http://", "https://")):
        params = _query(line.partition("#")[0].partition("?")[2])
        return params if params is not None and _is_expected(params, expected) else None
    if not line or any(char.isspace() for char in line):
        return None
    # Nobody but the user can have entered it, so that it needs no proof of where it comes from.
    return {**{name: HiddenText(value) for name, value in expected.items()}, code: HiddenText(line)}


def _in_thread(function: Callable[[str], Any], argument: str) -> asyncio.Future[Any]:
    """Run a function that may never return. Unlike those of an executor, the thread keeps no program from ending."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def settle(result: Any, error: Exception | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = function(argument)
        except Exception as problem:
            error = problem
        with contextlib.suppress(RuntimeError):  # The loop may be closed by now.
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="nusantara log-in", daemon=True).start()
    return future
