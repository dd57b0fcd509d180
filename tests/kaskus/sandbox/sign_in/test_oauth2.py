"""Tokens of OAuth 2: for a client, for a user, refreshed, expired."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from kaskus_async.sandbox import KaskusState
from nusantara.sandbox import Sandbox


class Client:
    """Asks for tokens and uses them."""

    def __init__(self, session: requests.Session, base_url: str, credentials: dict[str, Any]) -> None:
        self.session, self.base_url = session, base_url
        self.own = {name: credentials[name] for name in ("client_id", "client_secret")}
        self.user = {name: credentials[name] for name in ("username", "password")}

    def ask(self, grant_type: str, *, path: str = "/oauth/access-token", **form: str) -> requests.Response:
        fields = {**self.own, "grant_type": grant_type, **form}
        return self.session.post(self.base_url + path, data=fields)

    def token(self, grant_type: str, **form: str) -> dict[str, Any]:
        answer = self.ask(grant_type, **form)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("application/json")
        document: dict[str, Any] = answer.json()
        assert (document["token_type"], document["expires_in"]) == ("Bearer", 3600)
        return document

    def use(self, token: str, path: str, method: str = "GET", **form: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", "Return-Type": "text/json"}
        return self.session.request(method, f"{self.base_url}/api/oauth{path}", headers=headers, data=form)


@pytest.fixture
def client(session: requests.Session, sandbox: Sandbox, credentials: dict[str, Any]) -> Client:
    return Client(session, sandbox.base_url, credentials)


def test_a_client_reads_what_is_public_for_itself(client: Client) -> None:
    document = client.token("client_credentials", scope="thread.read,thread.write")
    assert set(document) == {"access_token", "token_type", "expires_in"}
    assert client.use(document["access_token"], "/v1/hot_threads").json()["data"]
    refused = client.use(document["access_token"], "/user")
    assert refused.status_code == 401
    assert refused.json()["error_description"] == refused.json()["errormessage"]


def test_a_password_gives_a_token_of_the_user(client: Client) -> None:
    document = client.token("password", **client.user)
    assert set(document) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert client.use(document["access_token"], "/user").json()["username"] == client.user["username"]
    written = client.use(document["access_token"], "/pmfolder", "POST", name="Dari OAuth 2")
    assert written.status_code == 200


def test_refreshing_gives_new_tokens_and_ends_the_old(client: Client) -> None:
    first = client.token("password", **client.user)
    second = client.token("refresh_token", refresh_token=first["refresh_token"])
    assert len({first["access_token"], second["access_token"]}) == 2
    assert len({first["refresh_token"], second["refresh_token"]}) == 2
    assert client.use(second["access_token"], "/user").status_code == 200
    assert client.use(first["access_token"], "/user").status_code == 401
    again = client.ask("refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_an_ended_token_is_refused_in_words_of_oauth2(client: Client, state: KaskusState) -> None:
    document = client.token("password", **client.user)
    state.sessions.expire_bearers()
    refused = client.use(document["access_token"], "/user")
    assert refused.status_code == 401
    assert refused.json()["error"] == "invalid_token"
    assert refused.json()["error_description"]
    renewed = client.token("refresh_token", refresh_token=document["refresh_token"])
    assert client.use(renewed["access_token"], "/user").status_code == 200


def test_a_token_ends_after_its_time(session: requests.Session) -> None:
    now = [1_716_300_000.0]
    with Sandbox(vendors=["kaskus"], clock=lambda: now[0]).in_thread() as sandbox:
        client = Client(session, sandbox.base_url, sandbox.credentials["kaskus"])
        token = client.token("client_credentials")["access_token"]
        now[0] += 3599
        assert client.use(token, "/forumlist").status_code == 200
        now[0] += 1
        assert client.use(token, "/forumlist").status_code == 401
        assert client.use(sandbox.credentials["kaskus"]["bearer_token"], "/user").status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password", "username": "arya.kopi", "password": "salah"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token"}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials", "client_secret": "salah"}, 401, "invalid_client"),
    ],
)
def test_a_refused_request_for_a_token(form: dict[str, str], status: int, error: str, client: Client) -> None:
    answer = client.ask(**form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"}


def test_a_slash_at_the_end_and_basic_credentials_will_do(client: Client) -> None:
    assert client.ask("client_credentials", path="/oauth/access-token/").status_code == 200
    answer = client.session.post(
        f"{client.base_url}/oauth/access-token",
        data={"grant_type": "client_credentials"},
        auth=(client.own["client_id"], client.own["client_secret"]),
    )
    assert answer.status_code == 200
