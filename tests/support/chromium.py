"""A headless Chromium, driven over the WebDriver protocol by the chromedriver that Debian has for it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
MISSING = "" if BROWSER and DRIVER else "Chromium is missing: the Debian packages are chromium and chromium-driver"
"""Why there can be no browser; empty if there can."""

_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name that the protocol gives to references to elements."""

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Chromium:
    """One browser with one window.

    Args:
        profile: An empty folder.
        options: Further arguments of the browser.
    """

    def __init__(self, profile: Path, *options: str) -> None:
        self._profile = profile
        self._options = options
        self._session = ""

    def __enter__(self) -> Self:
        assert DRIVER is not None
        # A group of its own, so that no part of it outlives the test.
        self._driver = subprocess.Popen(
            [DRIVER, "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "HOME": str(self._profile)},
        )
        try:
            self._url = f"http://127.0.0.1:{self._port()}"
            options = {
                "binary": BROWSER,
                "args": [*_OPTIONS, *self._options, f"--user-data-dir={self._profile / 'profile'}"],
            }
            # A click comes back before the page that it leads to, so what is looked for may have to be waited for.
            wanted = {"browserName": "chrome", "goog:chromeOptions": options, "timeouts": {"implicit": 20_000}}
            made = self._command("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        except BaseException:
            self._kill()
            raise
        self._session = f"/session/{made['sessionId']}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._command("DELETE", self._session)
        finally:
            self._kill()

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._command("POST", f"{self._session}/url", {"url": url})

    def click(self, xpath: str) -> None:
        """Click on the first element that fits, once there is one."""
        self._command("POST", f"{self._session}/element/{self._find(xpath)}/click", {})

    def text(self, xpath: str) -> str:
        """What is to be seen of the first element that fits, once there is one."""
        return str(self._command("GET", f"{self._session}/element/{self._find(xpath)}/text"))

    @property
    def address(self) -> str:
        """Where the browser is."""
        return str(self._command("GET", f"{self._session}/url"))

    def _find(self, xpath: str) -> str:
        found = self._command("POST", f"{self._session}/element", {"using": "xpath", "value": xpath})
        return str(found[_ELEMENT])

    def _port(self) -> int:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            started = re.search(r"started successfully on port (\d+)", line)
            if started is not None:
                return int(started[1])
        raise AssertionError("chromedriver did not start")

    def _command(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        with _OPENER.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._driver.pid, signal.SIGKILL)
        self._driver.wait()
        assert self._driver.stdout is not None
        self._driver.stdout.close()
