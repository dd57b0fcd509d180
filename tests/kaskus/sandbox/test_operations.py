"""Every operation of the reference is answered."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nusantara.sandbox.operation import reference

SIGNING_IN = {("POST", "/authentication"), ("DELETE", "/authentication"), ("POST", "/oauth/access-token")}
OPERATIONS = sorted({(entry["method"], entry["path"]) for entry in reference("kaskus_async.sandbox")} - SIGNING_IN)
VALUES = {
    "user_id": "2210437",
    "userId": "2210437",
    "user_id_1": "1048211",
    "user_id_2": "2210437",
    "forum_id": "21",
    "folderId": "0",
    "categoryId": "1",
    "category": "privacy",
    "last_post": "0",
    "operation": "next",
}


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda value: str(value).strip("/"))
def test_an_operation_is_answered(method: str, path: str, shared: Any) -> None:
    """With 200, or with a refusal of what this call asks for; never for want of the operation."""
    filled = re.sub(r"\{(\w+)\}", lambda match: VALUES.get(match.group(1), "1"), path)
    answer = shared.raw(method, f"{filled}?type=incoming&q=kopi&username=bimo.gowes")
    assert answer.status_code in (200, 400, 403, 404), answer.text
    document = answer.json()
    if answer.status_code != 200:
        assert list(document) == ["error", "errorcode", "errormessage", "errordetails"]
        assert document["errormessage"] != "there is no such operation"


def test_what_has_no_rules_says_that_its_shape_is_not_documented(me: Any) -> None:
    for method, path in (("GET", "/v1/push_notification_receivers"), ("POST", "/v1/push_notification_blaster")):
        answer = me.raw(method, path)
        assert answer.status_code == 200
        assert answer.headers["X-Sandbox-Shape"] == "undocumented"
    assert "X-Sandbox-Shape" not in me.raw("GET", "/v1/hot_threads").headers
    assert me.raw("GET", "/tidak/ada").headers["X-Sandbox-Shape"] == "undocumented"


def test_the_log_and_the_faults_know_operations_by_verb_and_path(me: Any, sandbox: Any) -> None:
    from nusantara.sandbox import Fault

    me.get("//v1/hot_threads/")
    assert sandbox.requests[-1].operation == "GET /v1/hot_threads"
    sandbox.faults.add(Fault.unavailable(), operation="GET /v1/thread/*")
    assert me.raw("GET", "/v1/thread/1").status_code == 503
