"""Uploading pictures. What is uploaded can be fetched again. None of the answers is documented."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere, Refused
from kaskus_async.sandbox.stores.pictures import Picture
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["IMAGE_PATH", "ROUTES", "send_image"]

Document = dict[str, Any]

IMAGE_PATH = "/_kaskus/images/{name}"

_KINDS = {
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
    b"\x89PNG\r\n\x1a\n": ("png", "image/png"),
    b"BM": ("bmp", "image/bmp"),
    b"GIF8": ("gif", "image/gif"),
}
_ACTIONS = ("payment_confirmation", "id_card", "other_id_card")
_EPULSA_ACTIONS = ("id_card",)


def send_image(state: KaskusState, call: Incoming) -> Answer:
    """The picture itself, which anybody may see."""
    picture = next((one for one in state.pictures.values() if one.name == call.params["name"]), None)
    if picture is None:
        return Answer.text("no such picture", content_type="text/plain", status=404)
    return Answer.download(call, picture.data, content_type=picture.content_type)


def _upload(state: KaskusState, params: Params) -> Document:
    part = params.file("image")
    if part is None or not part.data:
        raise Refused("image is required, as a file", details={"image": "required"})
    kind = next((kind for start, kind in _KINDS.items() if part.data.startswith(start)), None)
    if kind is None:
        raise Refused("image must be a picture", details={"image": "format"})
    digest = hashlib.sha256(part.data).hexdigest()[:16]
    picture = Picture(f"{params.me.userid}-{digest}.{kind[0]}", kind[1], part.data)
    state.pictures[picture.key_digest] = picture
    return {
        "url": f"{params.call.origin}{IMAGE_PATH.format(name=picture.name)}",
        "key": picture.key,
        "md5": picture.key_digest,
    }


def _upload_for(state: KaskusState, params: Params) -> Document:
    return _upload_named(state, params, _ACTIONS)


def _upload_for_epulsa(state: KaskusState, params: Params) -> Document:
    return _upload_named(state, params, _EPULSA_ACTIONS)


def _upload_named(state: KaskusState, params: Params, actions: tuple[str, ...]) -> Document:
    if params.in_path("action") not in actions:
        raise NotThere("there is no such action")
    return _upload(state, params)


def _status(state: KaskusState, params: Params) -> Document:
    picture = state.pictures.get(params.in_path("md5KeyName").lower())
    if picture is None:
        raise NotThere("upload not found")
    return {"status": "success", "url": f"{params.call.origin}{IMAGE_PATH.format(name=picture.name)}"}


ROUTES: tuple[Operation, ...] = (
    Operation("POST", "/v1/image/s3", _upload, documented=False),
    Operation("POST", "/v1/image/{action}", _upload_for, documented=False),
    Operation("POST", "/v1/image/epulsa/{action}", _upload_for_epulsa, documented=False),
    Operation("POST", "/v1/fjb_image", _upload, documented=False),
    Operation("POST", "/v1/cognito/images", _upload, documented=False),
    Operation("GET", "/v1/image_upload_status/{md5KeyName}", _status, documented=False),
)
