"""OAuth 1.0a signatures as others see them: oauthlib's server over the raw bytes, and Authlib as a client."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth1Session  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from oauthlib.oauth1 import ResourceEndpoint
from support.consent import answer_consent
from support.oauth1_server import Credentials

from kaskus_async import Kaskus
from nusantara.errors import ApiError
from nusantara.request import percent_encode
from nusantara.sandbox import RecordedRequest, Sandbox
from nusantara.upload import File

FORM = "application/x-www-form-urlencoded"


class Stage:
    """A sandbox, a client of it, and oauthlib's server that looks at what the sandbox received."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.credentials = sandbox.credentials["kaskus"]
        names = ("consumer_key", "consumer_secret")
        self.client = Kaskus(
            *(self.credentials[name] for name in names),
            token=self.credentials["token"],
            token_secret=self.credentials["token_secret"],
            base_url=sandbox.base_url,
            max_attempts=1,
        )
        self.server = self.new_server()

    def new_server(self) -> ResourceEndpoint:
        """One that has seen no request."""
        return ResourceEndpoint(Credentials(self.credentials))

    def accepts(self, record: RecordedRequest, server: ResourceEndpoint | None = None, **changed: Any) -> bool:
        """Whether oauthlib's server lets a request in, of which some may be changed."""
        given = {
            "uri": f"{self.sandbox.base_url}{record.path}",
            "http_method": record.method,
            "body": record.body.decode("ascii") if record.header("Content-Type") == FORM else None,
            "headers": {name.decode(): value.decode() for name, value in record.headers},
        }
        valid, _ = (server or self.server).validate_protected_resource_request(**{**given, **changed})
        return bool(valid)

    def call(self, method: str, path: str, **sent: Any) -> RecordedRequest:
        """Make a call that the sandbox may refuse for anything but its credentials."""
        with contextlib.suppress(ApiError):
            self.client.request(method, path, **sent)
        record = self.sandbox.requests[-1]
        assert record.status != 401
        return record


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Sandbox(vendors=["kaskus"]).in_thread() as sandbox:
        made = Stage(sandbox)
        yield made
        made.client.close()


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(st.sampled_from("[]{}()&=+%~*!'\"#?/:;@,$|\\ .-_\t\né\u20ac\U0001f40d"), max_size=8),
    st.sampled_from(["", "%20", "%2B", "a+b", "a%", "[1,2]", '{"a": "b"}', "0", "\u202e"]),
)
NAMES = TEXTS.filter(lambda text: text != "" and not text.startswith("oauth_") and not set(text) & set("\r\n\0"))
PARAMETERS = st.dictionaries(NAMES, st.one_of(TEXTS, st.lists(TEXTS, max_size=3)), max_size=5)
SEGMENTS = TEXTS.filter(lambda text: text not in ("", ".", "..") and not set(text) & set("\r\n\0"))


@settings(max_examples=1_000)
@given(form=st.none() | PARAMETERS, params=PARAMETERS, segment=SEGMENTS)
def test_what_is_sent_is_what_is_signed(stage: Stage, form: Any, params: Any, segment: str) -> None:
    # The sandbox has both; what it answers does not matter, but that it lets the call in.
    path = "/api/oauth/pmfolder" if form is not None else f"/api/oauth/post/{percent_encode(segment)}"
    record = stage.call("GET" if form is None else "POST", path, params=params, form=form)
    assert record.executed
    assert stage.accepts(record)


def test_the_second_opinion_is_one(stage: Stage) -> None:
    record = stage.call("POST", "/api/oauth/pmfolder", params={"a": "1"}, form={"name": "Arsip"})
    headers = {name.decode(): value.decode() for name, value in record.headers}
    signature = headers["Authorization"].partition('oauth_signature="')[2].partition('"')[0]
    changes: list[dict[str, Any]] = [
        {"http_method": "PUT"},
        {"uri": f"{stage.sandbox.base_url}{record.path}&b=2"},
        {"uri": f"{stage.sandbox.base_url}{record.path}".replace("a=1", "a=2")},
        {"body": "name=Lain"},
        {"headers": {**headers, "Authorization": headers["Authorization"].replace(signature, "AAAA%3D")}},
    ]
    assert [stage.accepts(record, stage.new_server(), **change) for change in changes] == [False] * 5
    assert [stage.accepts(record), stage.accepts(record)] == [True, False], "a nonce is good once"


def test_of_files_nothing_is_signed(stage: Stage) -> None:
    picture = File(b"\x89PNG\r\n\x1a\n", "gambar.png", "image/png")
    record = stage.call("POST", "/api/oauth/v1/fjb_image", files={"image": picture}, form={"title": "a&b"})
    assert (record.header("Content-Type") or "").startswith("multipart/form-data")
    assert stage.accepts(record)


# --- Another client


@pytest.fixture(scope="module")
def authlib(stage: Stage) -> Iterator[Any]:
    """A session of Authlib, which signs with code of its own."""
    names = ("consumer_key", "consumer_secret", "token", "token_secret")
    with OAuth1Session(*(stage.credentials[name] for name in names)) as session:
        session.trust_env = False
        session.headers["Return-Type"] = "text/json"
        yield session


def test_another_client_signs_a_user_in(stage: Stage) -> None:
    base = f"{stage.sandbox.base_url}/api/oauth"
    keys = (stage.credentials["consumer_key"], stage.credentials["consumer_secret"])
    with OAuth1Session(*keys, redirect_uri="http://127.0.0.1:9/kembali") as session:
        session.trust_env = False
        request = session.fetch_request_token(f"{base}/token")
        address = answer_consent(f"{base}/authorize?token={request['oauth_token']}", "galihngoding")
        session.parse_authorization_response(address)
        token = session.fetch_access_token(f"{base}/accesstoken")
        assert (token["access"], token["username"]) == ("GRANTED", "galihngoding")
        assert session.get(f"{base}/user", params={"output": "json"}).json()["username"] == "galihngoding"


@given(
    form=st.none() | st.dictionaries(NAMES, TEXTS.filter(bool), min_size=1, max_size=4),
    params=st.dictionaries(NAMES, TEXTS, max_size=4),
)
def test_another_client_is_let_in(stage: Stage, authlib: Any, form: Any, params: Any) -> None:
    url = f"{stage.sandbox.base_url}/api/oauth/pmfolder"
    verb = "GET" if form is None else "POST"
    answer = authlib.request(verb, url, params=params, data=form)
    assert answer.status_code != 401, answer.text


def test_another_client_and_this_one_see_the_same(stage: Stage, authlib: Any) -> None:
    url = f"{stage.sandbox.base_url}/api/oauth"
    name = "Arsip é & [2] = 100%"
    made = authlib.post(f"{url}/pmfolder", data={"name": name}).json()
    assert name in {folder.name for folder in stage.client.private_messages.folders()}
    stage.client.private_messages.delete_folder(made["folder_id"])
    assert name not in {folder["folder_name"] for folder in authlib.get(f"{url}/pmfolder").json()}
