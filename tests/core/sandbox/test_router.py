"""From path to route."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukalapak_async.sandbox import BukalapakSandbox
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.router import Router
from nusantara.sandbox.vendor import Route

ROUTES = (
    "/a",
    "/a/{id}",
    "/a/{id}.json",
    "/a/fixed",
    "/a/{id}/b",
    "/a/fixed/c",
    "/a/{one}-{two}/x",
    "/{any}/fixed/d",
)


class Vendor(BukalapakSandbox):
    name = "any"
    prefixes = ("/a",)

    def __init__(self, *paths: str) -> None:
        self.paths = paths

    def routes(self) -> Any:
        for path in self.paths:
            yield Route("GET", path, path, lambda call: Answer(200, ()))


@pytest.fixture(scope="module")
def router() -> Router:
    return Router([Vendor(*ROUTES)])


@pytest.mark.parametrize(
    ("path", "route", "params"),
    [
        ("/a", "/a", {}),
        ("/a/1", "/a/{id}", {"id": "1"}),
        ("/a/1.json", "/a/{id}.json", {"id": "1"}),
        ("/a/1.json.json", "/a/{id}.json", {"id": "1.json"}),
        ("/a/.json", "/a/{id}", {"id": ".json"}),
        ("/a/fixed", "/a/fixed", {}),
        ("/a/%66ixed", "/a/fixed", {}),
        ("/a/fixed/b", "/a/{id}/b", {"id": "fixed"}),
        ("/a/fixed/c", "/a/fixed/c", {}),
        ("/a/fixed/d", "/{any}/fixed/d", {"any": "a"}),
        ("/a/x%2Fy/b", "/a/{id}/b", {"id": "x/y"}),
        ("/a/1-2/x", "/a/{one}-{two}/x", {"one": "1", "two": "2"}),
        ("/a%2F1", None, None),
        ("/a/", None, None),
        ("/a//b", None, None),
        ("/", None, None),
        ("", None, None),
        ("/b", None, None),
    ],
)
def test_literal_segments_win_and_segments_are_split_before_decoding(
    router: Router, path: str, route: str | None, params: dict[str, str] | None
) -> None:
    match = router.match("GET", path)
    assert (match and match.route.path, match and match.params) == (route, params)
    assert router.match("POST", path) is None


@given(st.text(min_size=1))
def test_any_identifier_comes_through(text: str) -> None:
    try:
        quoted = quote(text, safe="")
    except UnicodeEncodeError:
        return
    match = Router([Vendor("/a/{id}/b")]).match("GET", f"/a/{quoted}/b")
    assert match is not None
    assert match.params == {"id": text}


@given(st.text())
def test_no_path_breaks_it(path: str) -> None:
    Router([Vendor(*ROUTES)]).match("GET", path)


def test_two_routes_for_one_call_are_refused() -> None:
    with pytest.raises(ValueError, match="two routes for GET /a"):
        Router([Vendor("/a"), Vendor("/a")])
