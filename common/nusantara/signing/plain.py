"""How a call proves who is asking. These signers only compute headers; they never see the network.

Credentials belong to the client's base URL: every request is relative to it and redirects are not followed, so there
is no other host that they could reach.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Protocol

from nusantara.errors import InvalidParameter, even_half_made
from nusantara.request import Request
from nusantara.secret import HiddenText, Secret, check_credential, credential, hide, reveal

__all__ = ["BasicAuth", "HeaderAuth", "NoAuth", "Signer"]


class Signer(Protocol):
    """What a client asks for the credentials' headers, anew for every attempt.

    A signer may have two coroutines more. ``prepare()`` is awaited before each attempt. ``renew(signed, refusal)`` is
    awaited when the vendor refuses the credentials, with what :meth:`sign` returned and the answer; whether the call is
    worth one more attempt, signed anew, is what it returns. A call that has no attempt left calls the plain method
    ``refused(signed, refusal)`` in its place, if there is one, for the good of the next call.
    """

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        """Headers to add. ``base_url + request.target`` is, byte for byte, the URL that is sent."""
        ...


class NoAuth:
    """No credentials."""

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        return {}

    def __repr__(self) -> str:
        return "NoAuth()"


class BasicAuth:
    """HTTP Basic (RFC 7617), sent without waiting to be asked. UTF-8."""

    __slots__ = ("_headers",)

    def __init__(self, user: str, password: Secret | str) -> None:
        password = hide(password)
        check_credential("user", user)
        if ":" in reveal(user):
            raise InvalidParameter("user", "a user name for HTTP Basic cannot hold a colon (RFC 7617 section 2)")
        pair = b64encode(f"{reveal(user)}:{credential('password', password)}".encode())
        self._headers = {"Authorization": HiddenText(f"Basic {pair.decode('ascii')}")}

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        return self._headers

    def __repr__(self) -> str:
        return "BasicAuth(***)"


class HeaderAuth:
    """Fixed headers that hold credentials."""

    __slots__ = ("_headers",)

    def __init__(self, headers: Mapping[str, Secret | str]) -> None:
        headers = {name: hide(value) for name, value in headers.items()}
        self._headers = {name: credential(f"headers[{name!r}]", value) for name, value in headers.items()}

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        return self._headers

    @even_half_made
    def __repr__(self) -> str:
        return f"HeaderAuth({', '.join(self._headers)})"
