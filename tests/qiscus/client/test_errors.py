"""Answers that say no, in all the ways that Qiscus has."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from support.raw import Received, Wire

from nusantara.errors import (
    ApiError,
    AuthFailed,
    BadRequest,
    BadResponse,
    Forbidden,
    NotFound,
    RateLimited,
    ServerError,
)
from qiscus_async import CommentOutcomeUnknown, ValidationFailed

PLAIN = {"status": 400, "error": {"message": "App not found"}}
DETAILED = {
    "status": 400,
    "error": {
        "message": "Validation error",
        "detailed_messages": ["User email can't be blank", "Room is unknown"],
        "errors": {"user_email": ["can't be blank"], "room_id": ["is unknown"]},
    },
}


def answering(status: int, body: Any, **headers: str) -> Any:
    async def script(wire: Wire, request: Received) -> None:
        await wire.answer(status, body, **headers)

    return script


async def test_the_plain_shape(served: Any) -> None:
    _, client = await served(answering(400, PLAIN))
    with pytest.raises(BadRequest) as caught:
        await client.users.reset_token("sari")
    error = caught.value
    assert type(error) is BadRequest
    assert (error.message, error.status, error.code) == ("App not found", 400, None)
    assert error.details == {"message": "App not found"}
    assert str(error) == "POST /api/v2/rest/reset_user_token: App not found"


async def test_the_detailed_shape(served: Any) -> None:
    _, client = await served(answering(400, DETAILED))
    with pytest.raises(ValidationFailed) as caught:
        await client.rooms.update(7, "sari")
    error = caught.value
    assert error.message == "Validation error: User email can't be blank; Room is unknown"
    assert error.details == DETAILED["error"]
    assert error.detailed_messages == ("User email can't be blank", "Room is unknown")
    assert error.errors["room_id"] == ["is unknown"]
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.detailed_messages, str(copy)) == (ValidationFailed, error.detailed_messages, str(error))


@pytest.mark.parametrize(
    ("http", "body", "kind"),
    [
        (200, {"status": 400, "error": {"message": "salah"}}, BadRequest),
        (200, {"status": 404, "error": {"message": "salah"}}, NotFound),
        (200, {"status": 200, "error": {"message": "salah"}}, ApiError),
        (200, {"error": {"message": "salah"}}, ApiError),
        (200, {"error": "salah"}, ApiError),
        (200, {"status": 400, "message": "salah"}, BadRequest),
        (200, {"status": 500, "error": {"message": "salah"}, "results": {}}, ServerError),
        (400, {"status": 200, "message": "salah", "results": {}}, BadRequest),
        (401, {"status": 401, "error": {"message": "salah"}}, AuthFailed),
        (403, {"error": {"message": "salah", "errors": {}}}, Forbidden),
        (404, {"status": 404, "error": {"message": "salah"}}, NotFound),
        (422, {"status": 422, "error": {"message": "salah", "detailed_messages": "salah"}}, ValidationFailed),
        (429, {"status": 429, "error": {"message": "salah"}}, RateLimited),
        (502, {"status": 502, "error": {"message": "salah"}}, ServerError),
    ],
)
async def test_any_of_the_three_signs_is_a_refusal(served: Any, http: int, body: Any, kind: type[ApiError]) -> None:
    _, client = await served(answering(http, body), max_attempts=1)
    with pytest.raises(ApiError, match="salah") as caught:
        await client.users.profile("sari")
    assert type(caught.value) is kind


@pytest.mark.parametrize("error", [None, [], {}, {"message": 5}, {"detailed_messages": {"a": 1}}, 7])
async def test_an_error_of_any_form_is_still_a_refusal(served: Any, error: Any) -> None:
    _, client = await served(answering(400, {"status": 400, "error": error}))
    with pytest.raises(BadRequest, match="the server answered 400"):
        await client.users.profile("sari")


async def test_success_needs_no_status_in_the_body(served: Any) -> None:
    user = {"id": 1, "email": "sari", "username": "Sari"}
    _, client = await served(answering(200, {"error": None, "results": {"user": user}}))
    assert (await client.users.profile("sari")).username == "Sari"


async def test_a_numeric_code_is_kept(served: Any) -> None:
    _, client = await served(answering(401, {"status": 401, "error": {"message": "Unauthorized", "code": 401301}}))
    with pytest.raises(AuthFailed) as caught:
        await client.users.profile("sari")
    assert caught.value.code == 401301


async def test_a_gateways_page_is_told_from_an_answer(served: Any) -> None:
    page = b"<html><head><title>502 Bad Gateway</title></head></html>"
    _, client = await served(answering(502, page, Content_Type="text/html"), max_attempts=1)
    with pytest.raises(ServerError, match="HTML page came: '502 Bad Gateway'"):
        await client.users.profile("sari")
    _, client = await served(answering(200, page, Content_Type="text/html"))
    with pytest.raises(BadResponse, match="HTML page"):
        await client.users.profile("sari")


async def test_a_document_of_another_form_says_where(served: Any) -> None:
    _, client = await served(answering(200, {"status": 200, "results": {"user": {"id": "x"}}}))
    with pytest.raises(BadResponse, match=r"results\.user\.id: expected an integer"):
        await client.users.profile("sari")


async def test_what_has_no_method_is_judged_alike(served: Any) -> None:
    _, client = await served(answering(200, {"status": 400, "error": {"message": "salah"}}))
    with pytest.raises(BadRequest, match="salah"):
        await client.request("GET", "/api/v2.1/rest/get_user_token", params={"user_id": "sari"})
    _, client = await served(answering(204, b""))
    assert (await client.request("POST", "/api/v2.1/rest/x", json={})).status == 204


def test_the_mark_of_a_lost_comment_survives_pickling() -> None:
    error = CommentOutcomeUnknown("hilang")
    error.unique_temp_id = "u"
    assert pickle.loads(pickle.dumps(error)).unique_temp_id == "u"
