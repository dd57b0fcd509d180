"""Vocabulary and answers of signing in. What is a credential shows in no repr."""

from __future__ import annotations

import enum

from nusantara.model import LooseInt, LooseStr, Model, SecretStr, field, model

__all__ = ["GrantType", "IssuedToken", "RequestToken", "UserToken"]


class GrantType(enum.StrEnum):
    """What an OAuth 2 token is issued for."""

    CLIENT_CREDENTIALS = "client_credentials"
    """The application itself."""
    PASSWORD = "password"  # noqa: S105
    """A user by name and password."""
    REFRESH_TOKEN = "refresh_token"  # noqa: S105
    """What came with an earlier token of a user."""


@model
class IssuedToken(Model):
    """An OAuth 2 token."""

    access_token: SecretStr
    token_type: str | None = None
    """``Bearer``."""
    expires_in: LooseInt | None = None
    """Seconds from when it was issued."""
    refresh_token: SecretStr | None = None
    """Gets the next token; none for the application itself."""
    scope: str | None = None


@model
class RequestToken(Model):
    """An OAuth 1.0a request token, good for asking a user for consent."""

    token: str = field(key="oauth_token", repr=False)
    token_secret: SecretStr = field(key="oauth_token_secret")


@model
class UserToken(Model):
    """An OAuth 1.0a token of a user, for ``kaskus.with_token(token.token, token.token_secret)`` and for the arguments
    of the same names of a client."""

    token: str = field(key="oauth_token", repr=False)
    token_secret: SecretStr = field(key="oauth_token_secret")
    userid: LooseInt | None = None
    username: str | None = None
    expired: LooseStr | None = None
    """When it expires, in a format that is not documented."""
