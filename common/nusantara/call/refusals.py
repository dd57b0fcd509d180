"""What an answer that says no becomes: the error of its status, with all that the answer says."""

from __future__ import annotations

import math
from typing import Any

from nusantara.call.retry_after import parse_retry_after
from nusantara.errors import (
    ApiError,
    AuthFailed,
    BadRequest,
    BadResponse,
    Forbidden,
    NotFound,
    RateLimited,
    Sent,
    ServerError,
)
from nusantara.request import Request
from nusantara.response import Response

__all__ = ["api_error", "placed"]

ERROR_BODY = 8 * 1024

_BY_STATUS: dict[int, type[ApiError]] = {401: AuthFailed, 403: Forbidden, 404: NotFound, 429: RateLimited}


def api_error(
    response: Response,
    message: str | None,
    *,
    kind: type[ApiError] | None = None,
    code: str | int | None = None,
    details: Any = None,
) -> ApiError:
    """An :class:`~nusantara.errors.ApiError` of the kind that the status says, unless told otherwise."""
    status = response.status
    if kind is None:
        kind = _BY_STATUS.get(status) or (ServerError if status >= 500 else BadRequest if status >= 400 else ApiError)
    error = kind(message or f"the server answered {status}")
    error.status = status
    error.code = code
    error.details = details
    error.body = response.body[:ERROR_BODY]
    error.request_id = response.request_id
    error.retry_after = parse_retry_after(response.headers.get("Retry-After"), date=response.headers.get("Date"))
    if isinstance(error, RateLimited):
        wait = error.retry_after
        error.hint = f"wait {math.ceil(wait)} s" if wait else "call less often; rate_limit= of the client spreads calls"
    return error


def placed(error: BadResponse, request: Request, response: Response) -> BadResponse:
    """The error with what is known of its call."""
    error.method, error.template, error.sent = request.method, request.template, Sent.YES
    error.status = response.status
    error.request_id = response.request_id
    return error
