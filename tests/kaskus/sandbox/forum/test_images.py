"""Uploads can be fetched again."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import requests

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def upload(me: Any, path: str, data: bytes, name: str = "image", **fields: str) -> requests.Response:
    address, headers, _ = me.signed("POST", f"{path}?output=json")
    answer: requests.Response = me.session.post(
        address, headers=headers, files={name: ("foto.png", data, "image/png")}, data=fields
    )
    return answer


@pytest.mark.parametrize(
    "path", ["/v1/image/s3", "/v1/image/id_card", "/v1/image/epulsa/id_card", "/v1/fjb_image", "/v1/cognito/images"]
)
def test_a_picture_comes_back_as_it_went(path: str, me: Any, session: requests.Session) -> None:
    answer = upload(me, path, PNG, title="Foto")
    assert answer.status_code == 200, answer.text
    document = answer.json()
    picture = session.get(document["url"])
    assert (picture.content, picture.headers["Content-Type"]) == (PNG, "image/png")
    digest = hashlib.md5(document["key"].encode()).hexdigest()
    assert me.get(f"/v1/image_upload_status/{digest}")["url"] == document["url"]


def test_what_is_no_picture_is_refused(me: Any, check_refusal: Any, session: requests.Session, sandbox: Any) -> None:
    assert check_refusal(upload(me, "/v1/image/s3", b"teks biasa"), 400) == "image must be a picture"
    assert "image is required" in check_refusal(upload(me, "/v1/image/s3", PNG, name="lain"), 400)
    assert check_refusal(upload(me, "/v1/image/liburan", PNG), 404) == "there is no such action"
    assert me.refused(404, "GET", "/v1/image_upload_status/tiada") == "upload not found"
    assert session.get(f"{sandbox.base_url}/_kaskus/images/tiada.png").status_code == 404
    broken = me.session.post(
        f"{me.base_url}/v1/image/s3?output=json",
        headers=me.signed("POST", "/v1/image/s3?output=json")[1] | {"Content-Type": "multipart/form-data; boundary=x"},
        data=b"bukan multipart",
    )
    assert broken.status_code == 400, broken.text
