"""The headers of an attempt."""

from __future__ import annotations

from collections.abc import Mapping

from nusantara.call.caller import Caller
from nusantara.checks import with_headers
from nusantara.request import Request

__all__ = ["attempt_headers"]


def attempt_headers(caller: Caller, request: Request, signed: Mapping[str, str]) -> dict[str, str]:
    """All of them together. The credentials and the type of a body are ours, whatever a caller gives."""
    ours = signed if request.content_type is None else {**signed, "Content-Type": request.content_type}
    if caller._options.headers or request.headers:
        return with_headers(with_headers(caller._headers, dict(request.headers)), ours)
    return {**caller._headers, **ours}
