"""The three ways in."""

from __future__ import annotations

import hashlib
import html.parser
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import pytest
import requests

from kaskus_async.sandbox import KaskusState

CALLBACK = "http://127.0.0.1:9/kembali?asal=uji#bawah"


class Page(html.parser.HTMLParser):
    """What a browser sees: a form with its fields and buttons."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.form: dict[str, str | None] = {}
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, tuple[str, str]] = {}
        self.options: list[str] = []
        self._text = ""
        self._pressed: dict[str, str | None] = {}
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._text = ""
        match tag:
            case "form":
                self.form = found
            case "input":
                self.fields[found["name"] or ""] = found["value"] or ""
            case "button":
                self._pressed = found

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            label = self._text.strip()
            self.buttons[label] = (self._pressed["name"] or "", self._pressed["value"] or "")
            assert self._pressed["id"]
        if tag == "option":
            self.options.append(self._text.strip())


class Browser:
    """A person on the consent page."""

    def __init__(self, app: Any) -> None:
        self.app, self.session = app, app.session

    def ask(self, callback: str | None = CALLBACK) -> dict[str, str]:
        answer = self.app.raw("GET", "/token", **({} if callback is None else {"callback_uri": callback}))
        assert answer.status_code == 200, answer.text
        return dict(parse_qsl(answer.text, strict_parsing=True))

    def press(self, label: str, token: str, *, username: str | None = None, name: str = "token") -> requests.Response:
        address = f"{self.app.base_url}/authorize?{name}={token}"
        shown = self.session.get(address)
        assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
        page = Page(shown.text)
        assert page.form["method"] == "post"
        button, value = page.buttons[label]
        form = {**page.fields, "username": username or page.options[0], button: value}
        target = urljoin(address, page.form.get("action") or address)
        answered: requests.Response = self.session.post(target, data=form, allow_redirects=False)
        return answered


@pytest.fixture
def browser(app: Any) -> Browser:
    return Browser(app)


def exchange(make: Callable[..., Any], request: dict[str, str], **oauth: str) -> dict[str, str]:
    answer = make(request["oauth_token"], request["oauth_token_secret"]).raw("GET", "/accesstoken", **oauth)
    assert answer.status_code == 200, answer.text
    return dict(parse_qsl(answer.text, keep_blank_values=True))


def test_a_user_allows_an_application(browser: Browser, stranger: Callable[..., Any]) -> None:
    request = browser.ask()
    assert set(request) == {"oauth_token", "oauth_token_secret"}
    back = browser.press("Izinkan", request["oauth_token"])
    assert back.status_code == 302
    target = urlsplit(back.headers["Location"])
    fields = {name: values[0] for name, values in parse_qs(target.query).items()}
    assert back.headers["Location"].startswith("http://127.0.0.1:9/kembali?asal=uji&")
    assert target.fragment == "bawah"
    assert fields["token"] == fields["oauth_token"] == request["oauth_token"]

    granted = exchange(stranger, request, verifier=fields["oauth_verifier"])
    assert set(granted) == {"access", "oauth_token", "oauth_token_secret", "userid", "username", "expired"}
    assert (granted["access"], granted["username"]) == ("GRANTED", "arya.kopi")
    user = stranger(granted["oauth_token"], granted["oauth_token_secret"]).get("/user")
    assert str(user["userid"]) == granted["userid"]


def test_the_user_is_chosen_on_the_page(browser: Browser, stranger: Callable[..., Any]) -> None:
    request = browser.ask()
    browser.press("Izinkan", request["oauth_token"], username="bimo.gowes", name="oauth_token")
    assert exchange(stranger, request)["username"] == "bimo.gowes"


@pytest.mark.parametrize("verifier", [None, "", "the token"])
def test_the_verifier_may_be_left_out(verifier: str | None, browser: Browser, stranger: Callable[..., Any]) -> None:
    request = browser.ask()
    browser.press("Izinkan", request["oauth_token"])
    sent = {} if verifier is None else {"verifier": request["oauth_token"] if verifier else ""}
    assert exchange(stranger, request, **sent)["access"] == "GRANTED"


def test_a_wrong_verifier_is_denied(browser: Browser, stranger: Callable[..., Any]) -> None:
    request = browser.ask()
    browser.press("Izinkan", request["oauth_token"])
    assert exchange(stranger, request, verifier="salah")["access"] == "DENIED"


def test_no_answer_and_a_no_are_both_denied(browser: Browser, stranger: Callable[..., Any]) -> None:
    request = browser.ask()
    assert exchange(stranger, request)["access"] == "DENIED"
    back = browser.press("Tolak", request["oauth_token"])
    assert back.status_code == 302
    assert "oauth_verifier" not in parse_qs(urlsplit(back.headers["Location"]).query)
    denied = exchange(stranger, request)
    assert denied["access"] == "DENIED"
    assert denied["message"]


def test_without_an_address_the_verifier_is_shown(browser: Browser, stranger: Callable[..., Any]) -> None:
    for callback in (None, "oob"):
        request = browser.ask(callback)
        shown = browser.press("Izinkan", request["oauth_token"])
        assert shown.status_code == 200
        verifier = shown.text.partition('id="verifier">')[2].partition("<")[0]
        assert exchange(stranger, request, verifier=verifier)["access"] == "GRANTED"


def test_a_request_token_is_good_once(
    browser: Browser, stranger: Callable[..., Any], check_refusal: Callable[..., str]
) -> None:
    request = browser.ask()
    browser.press("Izinkan", request["oauth_token"])
    assert exchange(stranger, request)["access"] == "GRANTED"
    again = stranger(request["oauth_token"], request["oauth_token_secret"]).raw("GET", "/accesstoken")
    assert check_refusal(again, 401) == "no such token"
    assert browser.session.get(f"{browser.app.base_url}/authorize?token={request['oauth_token']}").status_code == 404
    assert "no such token" in check_refusal(
        stranger(request["oauth_token"], request["oauth_token_secret"]).raw("GET", "/user"), 401
    )


def test_libraries_may_post_for_tokens(app: Any, stranger: Callable[..., Any], browser: Browser) -> None:
    answer = app.raw("POST", "//token/", callback_uri=CALLBACK)
    request = dict(parse_qsl(answer.text))
    browser.press("Izinkan", request["oauth_token"])
    granted = stranger(request["oauth_token"], request["oauth_token_secret"]).raw("POST", "/accesstoken")
    assert "access=GRANTED" in granted.text


def test_a_token_request_must_be_signed_and_its_callback_an_address(
    app: Any, session: requests.Session, check_refusal: Callable[..., str]
) -> None:
    assert check_refusal(session.get(f"{app.base_url}/token?output=json"), 401)
    assert check_refusal(app.raw("GET", "/token", callback_uri="bukan alamat"), 400)
    assert check_refusal(app.raw("GET", "/token", callback_uri="http://a.example/\r\nX: y"), 400)


def test_what_the_page_shows_is_escaped_and_half_an_answer_is_none(browser: Browser, state: KaskusState) -> None:
    state.users[1048211].username = "<b>aneh</b>"
    request = browser.ask()
    address = f"{browser.app.base_url}/authorize?token={request['oauth_token']}"
    assert "<b>aneh" not in browser.session.get(address).text
    assert browser.session.post(address, data={"token": request["oauth_token"]}).status_code == 400
    assert browser.session.get(f"{browser.app.base_url}/authorize").status_code == 404


def test_name_and_password_give_a_token(
    app: Any, stranger: Callable[..., Any], credentials: dict[str, Any], state: KaskusState
) -> None:
    digest = hashlib.md5(credentials["password"].encode()).hexdigest()
    answer = app.raw("POST", "/authentication", {"user": credentials["username"], "pass": digest})
    assert answer.status_code == 200
    assert answer.headers["X-Sandbox-Shape"] == "undocumented"
    document = answer.json()
    user = stranger(document["oauth_token"], document["oauth_token_secret"])
    assert user.get("/user")["username"] == credentials["username"]

    assert user.raw("DELETE", "/authentication").status_code == 200
    assert user.refused(401, "GET", "/user") == "no such token"
    assert app.refused(401, "DELETE", "/authentication")


@pytest.mark.parametrize("form", [{"user": "arya.kopi", "pass": "0" * 32}, {"user": "tiada", "pass": "0" * 32}])
def test_a_wrong_password_is_refused(form: dict[str, str], app: Any) -> None:
    assert app.refused(401, "POST", "/authentication", **form) == "username or password is wrong"


def test_the_password_itself_is_no_digest(app: Any, credentials: dict[str, Any]) -> None:
    form = {"user": credentials["username"], "pass": credentials["password"]}
    assert app.refused(401, "POST", "/authentication", **form)
    assert app.refused(400, "POST", "/authentication", user="arya.kopi") == "pass is required"


def test_name_and_password_are_signed_by_the_application_alone(
    me: Any, stranger: Callable[..., Any], credentials: dict[str, Any], check_refusal: Callable[..., str]
) -> None:
    form = {"user": credentials["username"], "pass": hashlib.md5(credentials["password"].encode()).hexdigest()}
    assert me.refused(401, "POST", "/authentication", **form) == "sign this with the consumer key alone"
    assert check_refusal(stranger(secret="salah").raw("POST", "/authentication", form), 401)
