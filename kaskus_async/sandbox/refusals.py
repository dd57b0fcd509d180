"""Saying no in the vendor's shape: ``error``, ``errorcode``, ``errormessage`` and ``errordetails``.

Clients pass on exactly these four keys. Which codes there are, and what stands in the others, nobody has documented;
here the code is the HTTP status.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import attrs

__all__ = ["Forbidden", "NotThere", "Refused", "Unauthorized"]


@attrs.define
class Refused(Exception):
    """A request that is understood and not granted."""

    message: str
    status: int = 400
    details: Any = ""
    oauth2: str = ""
    """What OAuth 2 calls the problem, such as ``invalid_token``."""

    def document(self, *, bearer: bool) -> dict[str, Any]:
        """The body. Clients of OAuth 2 read ``error_description`` instead of ``errormessage``, so they get both."""
        document = {
            "error": self.oauth2 or HTTPStatus(self.status).phrase,
            "errorcode": self.status,
            "errormessage": self.message,
            "errordetails": self.details,
        }
        return document | {"error_description": self.message} if bearer else document


@attrs.define
class Unauthorized(Refused):
    """The credentials are not good, or not enough."""

    status: int = 401


@attrs.define
class Forbidden(Refused):
    """The user may not do that."""

    status: int = 403


@attrs.define
class NotThere(Refused):
    """There is no such thing."""

    status: int = 404
