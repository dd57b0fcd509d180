"""Answers that carry tokens of OAuth 1.0a: urlencoded forms, whatever format was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nusantara.call import api_error
from nusantara.codec import structure
from nusantara.errors import AuthFailed, BadResponse, NusantaraError, Sent
from nusantara.model import Model
from nusantara.request import Request
from nusantara.response import Response, excerpt_of
from nusantara.signing import parse_token_answer

__all__ = ["read_any", "read_token"]

M = TypeVar("M", bound=Model)


def read_token(request: Request, response: Response, into: type[M]) -> M:
    """The token in an answer.

    Raises:
        AuthFailed: ``access`` says no. Such a refusal comes with status 200.
        BadResponse: There is no token.
    """
    try:
        fields = _form(response)
        _check_access(fields, response)
        if not fields.get("oauth_token"):
            raise BadResponse("the answer to a token request holds no token")
        return structure(fields, into)
    except NusantaraError as error:
        raise _located(error, request, response) from None


def read_any(request: Request, response: Response, document_of: Callable[[Response], Any]) -> Any:
    """What an answer says whose format is not known: JSON, XML or a form. Raises like :func:`read_token`."""
    try:
        try:
            document = document_of(response)
        except BadResponse:
            document = _form(response)
        if isinstance(document, dict):
            _check_access(document, response)
        return document
    except NusantaraError as error:
        raise _located(error, request, response) from None


def _form(response: Response) -> dict[str, str]:
    return {name: str(value) for name, value in parse_token_answer(response.body).items()}


def _check_access(fields: dict[str, Any], response: Response) -> None:
    access = fields.get("access", "GRANTED")
    if not isinstance(access, str) or access.upper() != "GRANTED":
        message = fields.get("message")
        text = message if isinstance(message, str) and message else f"access is {access}"
        error = api_error(response, excerpt_of(text), kind=AuthFailed)
        error.body = b""  # It may hold tokens.
        raise error


def _located(error: NusantaraError, request: Request, response: Response) -> NusantaraError:
    error.method, error.template = request.method, request.template
    error.status, error.sent = response.status, Sent.YES
    return error
