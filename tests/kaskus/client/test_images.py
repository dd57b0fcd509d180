"""The image operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.ledger import answered, client, documented, prove, read, refused, unnamed
from support.raw import RawServer, Received, Wire

from kaskus_async.images import Images
from kaskus_async.models.images import ImagePurpose
from nusantara.secret import Secret
from nusantara.upload import File

PLAIN = {"image": ("file", b"gambar")}

LEDGER: dict[str, Any] = {
    "POST /v1/image/s3": (lambda k: k.images.upload(b"gambar"), "POST /v1/image/s3", {"files": PLAIN}),
    "POST /v1/image/{action}": (
        lambda k: k.images.upload_for(ImagePurpose.PAYMENT_CONFIRMATION, b"gambar"),
        "POST /v1/image/payment_confirmation",
        {"files": PLAIN},
    ),
    "POST /v1/image/epulsa/{action}": (
        lambda k: k.images.upload_for_epulsa(ImagePurpose.ID_CARD, b"gambar"),
        "POST /v1/image/epulsa/id_card",
        {"files": PLAIN},
    ),
    "POST /v1/fjb_image": (
        lambda k: k.images.upload_for_fjb(File(b"gambar", "kamera.png", "image/png"), title="Kamera \u2013 depan"),
        "POST /v1/fjb_image",
        {"form": {"title": "Kamera \u2013 depan"}, "files": {"image": ("kamera.png", b"gambar")}},
    ),
    "GET /v1/image_upload_status/{md5KeyName}": (
        lambda k: k.images.upload_status("e3a1ad39a080d20e64ae4e6cb7864912"),
        "GET /v1/image_upload_status/e3a1ad39a080d20e64ae4e6cb7864912",
    ),
    "GET /v1/cognito/tokens": (lambda k: k.images.cognito_credentials(), "GET /v1/cognito/tokens"),
    "POST /v1/cognito/images": (
        lambda k: k.images.upload_with_cognito(
            b"gambar",
            key="KUNCI",
            secret=Secret("sangat=rahasia"),
            token="lebih-rahasia",
            image_name="contoh",
            identity_id="ap:1",
        ),
        "POST /v1/cognito/images",
        {
            "form": {
                "key": "KUNCI",
                "secret": "sangat=rahasia",
                "token": "lebih-rahasia",
                "image_name": "contoh",
                "identity_id": "ap:1",
            },
            "files": PLAIN,
        },
    ),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Images)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Images)) == set(map(unnamed, LEDGER))


async def test_a_file_is_sent_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "kamera.jpg"
    path.write_bytes(bytes(range(256)) * 500)

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body={"url": "http://gambar.example/1"})

    async with RawServer(answer) as server, client(server) as kaskus:
        answers = [await kaskus.images.upload(path)]
        with path.open("rb") as stream:
            answers.append(await kaskus.images.upload(stream))
    assert [one.url for one in answers] == ["http://gambar.example/1"] * 2
    assert [read(request).files for request in server.requests] == [
        {"image": ("kamera.jpg", bytes(range(256)) * 500)}
    ] * 2


async def test_credentials_do_not_show() -> None:
    document = {"Credentials": {"SecretKey": "sangat-rahasia"}, "list": [{"SessionToken": "rahasia"}]}
    found = await answered(lambda k: k.images.cognito_credentials(), document)
    assert found.Credentials.SecretKey == "sangat-rahasia"
    assert found["list"][0]["SessionToken"] == "rahasia"
    assert found.to_document() == document
    for shown in (found, found.Credentials, found["list"], dict(found)):
        assert "rahasia" not in repr(shown)


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.images.upload("tidak/ada.png"), "image"),
        (lambda k: k.images.upload(7), "image"),
        (lambda k: k.images.upload_for("", b"x"), "purpose"),
        (lambda k: k.images.upload_with_cognito(b"x", key="", secret="s", token="t"), "key"),
        (lambda k: k.images.upload_with_cognito(b"x", key="k", secret="", token="t"), "secret"),
        (lambda k: k.images.upload_with_cognito(b"x", key="k", secret="s", token=Secret("")), "token"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
