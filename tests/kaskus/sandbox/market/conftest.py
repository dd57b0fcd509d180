"""A running sandbox, and strangers who trade in it with nothing but oauthlib and urllib."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from typing import Any, cast
from urllib.parse import quote, urlencode

import attrs
import pytest
from oauthlib.oauth1 import Client

from kaskus_async.sandbox import KaskusState
from nusantara.sandbox import Sandbox

KEYS = ["error", "errorcode", "errormessage", "errordetails"]


@attrs.frozen
class Heard:
    """An answer."""

    status: int
    headers: Message
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def is_guess(self) -> bool:
        return self.headers["X-Sandbox-Shape"] == "undocumented"


class Trader:
    """Somebody who signs calls. ``get``, ``post`` and ``delete`` give the JSON of a success."""

    def __init__(self, base_url: str, credentials: dict[str, Any], *, with_token: bool = True) -> None:
        self.base_url, self.userid = f"{base_url}/api/oauth", credentials["userid"]
        names = ("consumer_key", "consumer_secret", *(("token", "token_secret") if with_token else ()))
        self._keys = [credentials[name] for name in names]

    def raw(self, method: str, path: str, form: dict[str, Any] | None = None, *, output: str = "json") -> Heard:
        separator = "&" if "?" in path else "?"
        fields = None if form is None else urlencode(form)
        headers = {} if form is None else {"Content-Type": "application/x-www-form-urlencoded"}
        url, headers, body = Client(*self._keys).sign(
            f"{self.base_url}{quote(path, safe='/?=&,%')}{separator}output={output}", cast(Any, method), fields, headers
        )
        request = urllib.request.Request(url, None if body is None else body.encode(), headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Heard(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Heard(error.code, error.headers, error.read())

    def call(self, method: str, path: str, form: dict[str, Any] | None = None) -> Any:
        heard = self.raw(method, path, form)
        assert heard.status == 200, heard.body
        return heard.document

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, **form: Any) -> Any:
        return self.call("POST", path, form)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)

    def refused(self, status: int, method: str, path: str, **form: Any) -> str:
        """The message of a refusal in the vendor's shape."""
        heard = self.raw(method, path, form if method == "POST" else None)
        assert heard.status == status, heard.body
        assert list(heard.document) == KEYS
        message: str = heard.document["errormessage"]
        assert message
        return message

    def all_by_cursor(self, path: str, limit: int) -> list[Any]:
        """Every element of a listing with ``meta.cursor``, and a check that it ends as such listings do."""
        found: list[Any] = []
        cursor = "0"
        for _ in range(100):
            separator = "&" if "?" in path else "?"
            answer = self.get(f"{path}{separator}cursor={cursor}&limit={limit}")
            assert len(answer["data"]) <= limit
            found += answer["data"]
            cursors = answer["meta"]["cursor"]
            assert cursors["current"] == cursor
            if cursors["next"] == cursor:
                return found
            cursor = cursors["next"]
        raise AssertionError("the listing does not end")


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
def trader(sandbox: Sandbox, state: KaskusState) -> Callable[[int], Trader]:
    """Makes traders of users with credentials."""
    return lambda userid: Trader(sandbox.base_url, state.credentials_of(userid))


@pytest.fixture
def buyer(sandbox: Sandbox) -> Trader:
    """The main user."""
    return Trader(sandbox.base_url, sandbox.credentials["kaskus"])


@pytest.fixture
def seller(sandbox: Sandbox) -> Trader:
    """The second user with credentials."""
    return Trader(sandbox.base_url, sandbox.credentials["kaskus"]["partner"])


@pytest.fixture
def other_seller(trader: Callable[[int], Trader]) -> Trader:
    """Another seller of the first data."""
    return trader(5_230_118)


@pytest.fixture
def app(sandbox: Sandbox) -> Trader:
    """The application, without a user."""
    return Trader(sandbox.base_url, sandbox.credentials["kaskus"], with_token=False)


@pytest.fixture
def lapak_id(app: Trader, seller: Trader) -> Callable[[str], str]:
    """Finds what somebody sells by the start of its title."""

    def find(title: str, owner: Trader = seller) -> str:
        found: list[str] = [
            thread["thread_id"]
            for thread in app.get(f"/mywts/{owner.userid}?limit=100")["thread"]
            if thread["title"].startswith(title)
        ]
        assert len(found) == 1
        return found[0]

    return find


@pytest.fixture
def delivery(buyer: Trader) -> dict[str, Any]:
    """Fields of an order to the buyer's default address."""
    [home] = [address for address in buyer.get("/v1/fjb/location/addresses")["data"] if address["default"]]
    return {"address_id": home["id"], "shipping_agent": 2}


@pytest.fixture
def newest_invoice(buyer: Trader) -> Callable[[], dict[str, Any]]:
    """What the buyer bought last."""

    def find() -> dict[str, Any]:
        found: dict[str, Any] = buyer.get("/v1/fjb/buying_invoices")["data"][0]
        return found

    return find
