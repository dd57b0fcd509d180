"""The server side of OAuth 1.0a as oauthlib has it: a second opinion on signatures."""

from __future__ import annotations

from typing import Any

from oauthlib.oauth1 import RequestValidator

__all__ = ["Credentials"]


class Credentials(RequestValidator):
    """What oauthlib's server asks of the application that uses it."""

    enforce_ssl = False
    nonce_length = client_key_length = access_token_length = (4, 60)
    dummy_client = dummy_access_token = "tidak-ada"

    def __init__(self, known: dict[str, Any]) -> None:
        super().__init__()
        self.known = known
        self.nonces: set[tuple[str, str]] = set()

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return bool(client_key == self.known["consumer_key"])

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:
        return bool(token == self.known["token"])

    def validate_realms(self, client_key: str, token: str, request: Any, uri: Any = None, realms: Any = None) -> bool:
        return True

    def validate_timestamp_and_nonce(
        self,
        client_key: str,
        timestamp: str,
        nonce: str,
        request: Any,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        new = (timestamp, nonce) not in self.nonces
        self.nonces.add((timestamp, nonce))
        return new

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return str(self.known["consumer_secret"])

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        return str(self.known["token_secret"])
