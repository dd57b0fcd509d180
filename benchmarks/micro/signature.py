"""OAuth 1.0a signatures (HMAC-SHA1), next to oauthlib's and to the bare HMAC of the same base string."""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from typing import Any
from urllib.parse import quote, unquote

from benchmarks.answers.hot_threads import CONSUMER, FIVE_PARAMETERS, TOKEN
from benchmarks.micro.timing import Cases
from nusantara.request import CallClass, Request, get, post
from nusantara.signing import OAuth1

__all__ = ["get_beside_hmac", "get_beside_oauthlib", "post_beside_hmac", "post_beside_oauthlib"]

BASE_URL = "https://www.kaskus.co.id"
TEN_FIELDS = {
    "thread_id": "5f0000000000000000000046",
    "title": "Sepeda tua dirakit ulang",
    "message": "Halo gan, [b]masih ada[/b]? Kalau ada saya ambil — dua, 100% jadi.",
    "prefix": "wts",
    "condition": "2",
    "price": "1500000",
    "search_tags": "sepeda,tua,onthel",
    "location": "11",
    "meta_images": "http://gambar.example/1.png,http://gambar.example/2.png",
    "note": "",
}


def _signer() -> OAuth1:
    (key, secret), (token, token_secret) = CONSUMER, TOKEN
    return OAuth1(key, secret, token=token, token_secret=token_secret)


def _get() -> Request:
    return get("/api/oauth/v1/hot_threads", params=FIVE_PARAMETERS)


def _post() -> Request:
    return post("/api/oauth/v1/lapak", form=TEN_FIELDS, call_class=CallClass.UNREPEATABLE)


def get_beside_oauthlib() -> Cases:
    """A GET with five query parameters."""
    return _beside_oauthlib(_get())


def post_beside_oauthlib() -> Cases:
    """A POST with ten form fields."""
    return _beside_oauthlib(_post())


def get_beside_hmac() -> Cases:
    """A GET with five query parameters."""
    return _beside_hmac(_get())


def post_beside_hmac() -> Cases:
    """A POST with ten form fields."""
    return _beside_hmac(_post())


def _beside_oauthlib(request: Request) -> Cases:
    from oauthlib.oauth1 import Client

    signer = _signer()
    (key, secret), (token, token_secret) = CONSUMER, TOKEN
    client = Client(key, secret, token, token_secret)
    uri = BASE_URL + request.target
    method: Any = request.method
    body = None if request.body is None else request.body.decode()
    headers = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}

    # What ours says must be what oauthlib says with the same nonce and time.
    ours = _fields(signer.sign(request, BASE_URL)["Authorization"])
    client.nonce, client.timestamp = ours["oauth_nonce"], ours["oauth_timestamp"]
    assert ours == _fields(client.sign(uri, method, body, headers)[1]["Authorization"])
    client.nonce = client.timestamp = None
    return {
        "oauthlib Client.sign": lambda: client.sign(uri, method, body, headers),
        "OAuth1.sign": lambda: signer.sign(request, BASE_URL),
    }


def _beside_hmac(request: Request) -> Cases:
    signer = _signer()
    ours = _fields(signer.sign(request, BASE_URL)["Authorization"])
    base, key = _base_string(request, ours), f"{CONSUMER[1]}&{TOKEN[1]}".encode()
    assert b64encode(hmac.digest(key, base, "sha1")).decode() == ours["oauth_signature"]
    return {
        "hmac.digest + Base64": lambda: b64encode(hmac.digest(key, base, "sha1")),
        "OAuth1.sign": lambda: signer.sign(request, BASE_URL),
    }


def _fields(header: str) -> dict[str, str]:
    return {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', header)}


def _base_string(request: Request, fields: dict[str, str]) -> bytes:
    """RFC 5849 section 3.4.1.1."""
    pairs = [*request.params, *(request.form or ())]
    pairs += [(name, value) for name, value in fields.items() if name != "oauth_signature"]
    parameters = "&".join(sorted(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs))
    return "&".join(quote(part, safe="") for part in (request.method, BASE_URL + request.path, parameters)).encode()
