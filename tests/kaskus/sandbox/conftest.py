"""A running sandbox, and a stranger who talks to it with oauthlib and requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import requests
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_TYPE_AUTH_HEADER, Client

from kaskus_async.sandbox import KaskusState
from nusantara.sandbox import Sandbox

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Stranger:
    """Signs with whatever credentials; ``get``, ``post`` and ``delete`` give the JSON of a success."""

    def __init__(self, session: requests.Session, base_url: str, key: str, secret: str, *token: str) -> None:
        self.session, self.base_url = session, f"{base_url}/api/oauth"
        self.key, self.secret, self.token = key, secret, token or (None, None)

    def signed(
        self,
        method: str,
        path: str,
        form: dict[str, Any] | None = None,
        *,
        nonce: str | None = None,
        timestamp: int | None = None,
        placed: str = SIGNATURE_TYPE_AUTH_HEADER,
        signature_method: str = SIGNATURE_HMAC_SHA1,
        **oauth: str,
    ) -> tuple[str, dict[str, str], Any]:
        """Address, headers and body."""
        client = Client(
            self.key,
            client_secret=self.secret,
            resource_owner_key=self.token[0],
            resource_owner_secret=self.token[1],
            nonce=nonce,
            timestamp=None if timestamp is None else str(timestamp),
            signature_type=placed,
            signature_method=signature_method,
            **oauth,
        )
        fields = None if form is None else {name: str(value) for name, value in form.items()}
        headers = dict(FORM) if form is not None else None
        signed: tuple[str, dict[str, str], Any] = client.sign(self.base_url + path, cast(Any, method), fields, headers)
        return signed

    def send(self, method: str, signed: tuple[str, dict[str, str], Any], **headers: str) -> requests.Response:
        address, own, body = signed
        return self.session.request(method, address, data=body, headers=own | headers, allow_redirects=False)

    def raw(
        self, method: str, path: str, form: dict[str, Any] | None = None, *, json: bool = True, **options: Any
    ) -> requests.Response:
        headers = {"Return-Type": "text/json"} if json else {}
        return self.send(method, self.signed(method, path, form, **options), **headers)

    def call(self, method: str, path: str, form: dict[str, Any] | None = None) -> Any:
        answer = self.raw(method, path, form)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, /, **form: Any) -> Any:
        return self.call("POST", path, form)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)

    def refused(self, status: int, method: str, path: str, /, **form: Any) -> str:
        """The message of a refusal in the four-key shape."""
        answer = self.raw(method, path, form or None)
        return refusal(answer, status)


def refusal(answer: requests.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    document = answer.json()
    assert list(document) == ["error", "errorcode", "errormessage", "errordetails"]
    message = document["errormessage"]
    assert message
    assert isinstance(message, str)
    return message


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(vendors=["kaskus"]).in_thread() as running:
        yield running


@pytest.fixture
def state(sandbox: Sandbox) -> KaskusState:
    found = sandbox.kaskus
    assert isinstance(found, KaskusState)
    return found


@pytest.fixture
def credentials(sandbox: Sandbox) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.credentials["kaskus"]
    return found


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        yield opened


@pytest.fixture
def stranger(session: requests.Session, sandbox: Sandbox, credentials: dict[str, Any]) -> Callable[..., Stranger]:
    """Makes strangers with the application's key and any token."""

    def make(*token: str, key: str = credentials["consumer_key"], secret: str = "") -> Stranger:
        return Stranger(session, sandbox.base_url, key, secret or credentials["consumer_secret"], *token)

    return make


@pytest.fixture
def me(stranger: Callable[..., Stranger], credentials: dict[str, Any]) -> Stranger:
    """The main user."""
    return stranger(credentials["token"], credentials["token_secret"])


@pytest.fixture
def friend(stranger: Callable[..., Stranger], credentials: dict[str, Any]) -> Stranger:
    """The second user, a friend of the main one."""
    return stranger(credentials["partner"]["token"], credentials["partner"]["token_secret"])


@pytest.fixture(scope="module")
def shared() -> Iterator[Stranger]:
    """The main user in a sandbox for all examples of a property."""
    with Sandbox(vendors=["kaskus"]).in_thread() as running, requests.Session() as opened:
        keys = running.credentials["kaskus"]
        yield Stranger(
            opened,
            running.base_url,
            *(keys[name] for name in ("consumer_key", "consumer_secret", "token", "token_secret")),
        )


@pytest.fixture
def app(stranger: Callable[..., Stranger]) -> Stranger:
    """The application, without a user."""
    return stranger()


@pytest.fixture
def check_refusal() -> Callable[[requests.Response, int], str]:
    """The message of a refusal in the four-key shape."""
    return refusal
