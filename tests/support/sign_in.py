"""Signing in to KASKUS through the browser, without one: the vendor's part and the user's."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request

from support.consent import NO_PROXY
from support.raw import Received, Wire

__all__ = ["GOOD", "Browser", "SignInVendor"]

GOOD = {"token": "tok-minta", "oauth_token": "tok-minta", "oauth_verifier": "v123"}
"""The callback of a user who has allowed it."""


class SignInVendor:
    """Gives tokens, remembers callbacks, and denies those who have not come with the right verifier."""

    def __init__(self) -> None:
        self.callback = ""
        self.verifiers: list[str | None] = []
        self.status = 200

    async def __call__(self, wire: Wire, request: Received) -> None:
        parts = urlsplit(request.target)
        query = dict(parse_qsl(parts.query))
        if parts.path == "/api/oauth/token":
            self.callback = query["oauth_callback"]
            body = {"oauth_token": "tok-minta", "oauth_token_secret": "rhs-minta"}
        else:
            assert parts.path == "/api/oauth/accesstoken"
            assert 'oauth_token="tok-minta"' in request.headers["authorization"]
            self.verifiers.append(query.get("oauth_verifier"))
            granted = query.get("oauth_verifier") in ("v123", None)
            body = {"access": "DENIED", "message": "Tidak diizinkan"}
            if granted:
                body = {"access": "GRANTED", "oauth_token": "tok-baru", "oauth_token_secret": "rhs-baru"}
        await wire.answer(self.status, urlencode(body).encode())


class Browser:
    """Opens the page, has the user decide, and comes back to the callback, with other requests before and after.

    Args:
        come_back: The parameters of each request, with a ``Host`` of its own where it is not that of the callback.
            ``PORT`` in it stands for the right port.
    """

    def __init__(self, vendor: SignInVendor, come_back: Sequence[Mapping[str, str] | tuple[Mapping[str, str], str]]):
        self.opened = ""
        self.statuses: list[int] = []
        self._vendor = vendor
        self._come_back = come_back
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __call__(self, url: str) -> bool:
        self.opened = url
        self._thread.start()
        return True

    def finish(self) -> list[int]:
        """Wait for the last answer; the statuses of all."""
        self._thread.join(10)
        return self.statuses

    def _run(self) -> None:
        for one in self._come_back:
            fields, host = one if isinstance(one, tuple) else (one, None)
            if host is not None:
                host = host.replace("PORT", str(urlsplit(self._vendor.callback).port))
            with contextlib.suppress(OSError):
                self.statuses.append(_fetch(f"{self._vendor.callback}?{urlencode(fields)}", host))


def _fetch(url: str, host: str | None) -> int:
    try:
        with NO_PROXY.open(Request(url, headers={} if host is None else {"Host": host}), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code
