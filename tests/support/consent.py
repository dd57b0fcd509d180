"""The user's part of signing in to KASKUS on the sandbox, without a browser."""

from __future__ import annotations

import urllib.request
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None


_NO_REDIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


def answer_consent(authorize_url: str, username: str, decision: str = "allow") -> str:
    """Answer the consent page as a user does; the address that the browser is sent to."""
    [token] = parse_qs(urlsplit(authorize_url).query)["token"]
    form = urlencode({"token": token, "username": username, "decision": decision}).encode()
    with pytest.raises(HTTPError) as caught:
        _NO_REDIRECT.open(authorize_url.partition("?")[0], form, timeout=10)
    with caught.value as answer:
        assert answer.code == 302
        return str(answer.headers["Location"])


def parameters(address: str) -> dict[str, str]:
    """The query of an address."""
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


def visit(address: str) -> bool:
    """Open an address, as a browser that follows a redirect."""
    with NO_PROXY.open(address, timeout=10) as answer:
        return bool(answer.status == 200)
