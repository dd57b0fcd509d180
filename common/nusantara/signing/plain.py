"""How a call proves who is asking. These signers only compute headers; they never see the network.

Credentials belong to the client's base URL: every request is relative to it and redirects are not followed, so there
is no other host that they could reach.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Protocol, Self

from nusantara.errors import InvalidParameter, even_half_made
from nusantara.request import Request
from nusantara.secret import HiddenText, Secret, check_credential, credential, hide, reveal

__all__ = ["BasicAuth", "HeaderAuth", "NoAuth", "Signer"]


class Signer(Protocol):
    """What a client asks for the credentials' headers, anew for every attempt.

    Signers that compare equal speak for one tenant, whose calls queue in one line.

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


class _FixedHeaders:
    """The same headers with every call."""

    __slots__ = ("_headers",)

    _headers: dict[str, HiddenText]

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        return self._headers

    def __eq__(self, other: object) -> bool:
        return self._headers == other._headers if isinstance(other, _FixedHeaders) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._headers.items()))


class BasicAuth(_FixedHeaders):
    """HTTP Basic (RFC 7617), sent without waiting to be asked. UTF-8.

    Args:
        called: What a vendor calls the two, for errors.
    """

    __slots__ = ()

    def __init__(self, user: str, password: Secret | str, *, called: tuple[str, str] = ("user", "password")) -> None:
        password = hide(password)
        check_credential(called[0], user)
        if ":" in reveal(user):
            raise InvalidParameter(called[0], "cannot hold a colon (RFC 7617 section 2)")
        pair = b64encode(f"{reveal(user)}:{credential(called[1], password)}".encode())
        self._headers = {"Authorization": HiddenText(f"Basic {pair.decode('ascii')}")}

    def __repr__(self) -> str:
        return "BasicAuth(***)"


class HeaderAuth(_FixedHeaders):
    """Fixed headers that hold credentials."""

    __slots__ = ()

    def __init__(self, headers: Mapping[str, Secret | str]) -> None:
        headers = {name: hide(value) for name, value in headers.items()}
        self._headers = {name: credential(f"headers[{name!r}]", value) for name, value in headers.items()}

    @classmethod
    def of(cls, headers: dict[str, HiddenText]) -> Self:
        """The same of values that :func:`~nusantara.secret.credential` has given."""
        self = object.__new__(cls)
        self._headers = headers
        return self

    @even_half_made
    def __repr__(self) -> str:
        return f"HeaderAuth({', '.join(self._headers)})"
