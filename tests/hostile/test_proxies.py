"""Proxies that fail, and an environment that would lead calls astray."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import trustme
from hostile.conftest import SECRET
from support.faults import Seen
from support.flavours import FLAVOURS, Flavour
from support.network import Proxy, certificates
from support.raw import Received, Wire

from bukalapak_async import AsyncBukalapak
from nusantara.client import Settings
from nusantara.errors import ConfigurationError, ConnectFailed, InvalidParameter, NoAnswer, Phase, Sent, Timeout
from nusantara.options import Timeouts
from nusantara.secret import Secret

PASSWORD = "sandi-gerbang-1928"
"""Of the proxy. Only the proxy may see it."""

pytestmark = [pytest.mark.filterwarnings("ignore::ResourceWarning"), pytest.mark.usefixtures("short_pauses")]


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Without a variable that tells of proxies or certificates."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "request_method"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


async def answer(wire: Wire, request: Received) -> None:
    await wire.answer()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("fault", "attempts", "text", "hint"),
    [
        ("407", 1, "the proxy refused the connection with status 407", "wants a user name and a password"),
        ("403", 1, "the proxy refused the connection with status 403", "check the proxy setting"),
        ("502", 3, "the proxy refused the connection with status 502", "check the proxy setting"),
        ("hang", 3, "through the proxy", "check the proxy setting"),
        ("reset", 3, "the proxy failed: the connection was reset", "check the proxy setting"),
        ("close", 3, "the proxy failed: the server closed", "check the proxy setting"),
        ("garbage", 3, "the proxy failed: what came is not a valid HTTP answer", "check the proxy setting"),
    ],
)
async def test_g55_the_proxy_fails(
    open_client: Any,
    serve: Any,
    seen: Seen,
    authority: trustme.CA,
    bundle: Path,
    fault: str,
    attempts: int,
    text: str,
    hint: str,
    method: str,
) -> None:
    server = await serve(answer, ssl=certificates(authority))
    proxy = Proxy(status=int(fault)) if fault.isdigit() else Proxy(fault=fault)
    async with proxy.running() as where:
        client: Flavour[Any] = open_client(
            server.base_url,
            ca_bundle=bundle,
            proxy=f"http://kurir:{PASSWORD}@{where}",
            timeout=Timeouts(connect=0.3 if fault == "hang" else 5),
        )
        with pytest.raises(NoAnswer) as caught:
            await client(lambda c: c.request(method, "/"))
    error = caught.value
    if fault == "hang":
        assert isinstance(error, Timeout)
        assert error.phase is Phase.CONNECT
    else:
        assert isinstance(error, ConnectFailed)
    assert text in error.message
    assert hint in str(error.hint)
    assert (error.sent, len(error.attempts), len(proxy.asked)) == (Sent.NO, attempts, attempts)
    assert server.connections == 0
    assert PASSWORD not in str(error) + repr(error)
    assert not any(SECRET.encode() in head or b"\r\nAuthorization" in head for head in proxy.asked)
    seen(error, f"{fault}: {len(proxy.asked)} tries, {server.connections} connections to the API")


async def test_g55_each_credential_goes_to_its_own(
    open_client: Any, serve: Any, seen: Seen, authority: trustme.CA, bundle: Path
) -> None:
    server = await serve(answer, ssl=certificates(authority))
    proxy = Proxy()
    async with proxy.running() as where:
        client: Flavour[Any] = open_client(server.base_url, ca_bundle=bundle, proxy=f"http://kurir:{PASSWORD}@{where}")
        await client(lambda c: c.request("GET", "/"))
        await client(lambda c: c.request("POST", "/"))
        await client.close()
    for asked in proxy.asked:
        assert asked.startswith(b"CONNECT 127.0.0.1:")
        assert b"\r\nAuthorization" not in asked
    at_proxy, at_server = b"".join(proxy.asked), b"".join(request.head for request in server.requests)
    theirs, ours = b64encode(f"kurir:{PASSWORD}".encode()), b64encode(f"toko:{SECRET}".encode())
    assert b"Proxy-Authorization: Basic " + theirs in at_proxy
    assert (theirs in at_proxy, ours in at_proxy) == (True, False)
    assert (theirs in at_server, ours in at_server) == (False, True)
    assert b"proxy-authorization" not in at_server.lower()
    seen(f"{len(server.requests)} requests through {len(proxy.asked)} tunnels, no credential at the wrong end")


# --- The environment


@pytest.mark.parametrize("where", ["environment", "setting"])
@pytest.mark.parametrize(
    "proxy",
    ["::::", "socks5://127.0.0.1:9", "http://[", "http://", f"http://kurir:{PASSWORD}@a b:9", "http://h:x", "h\n"],
)
def test_g56_a_proxy_that_is_none(clean: pytest.MonkeyPatch, seen: Seen, proxy: str, where: str) -> None:
    settings: Settings = {}
    if where == "environment":
        clean.setenv("HTTPS_PROXY", proxy)
    else:
        settings["proxy"] = proxy
    with pytest.raises((ConfigurationError, InvalidParameter)) as caught:
        AsyncBukalapak("toko", Secret(SECRET), **settings)
    error = caught.value
    assert ("HTTPS_PROXY" if where == "environment" else "proxy:") in str(error)
    assert PASSWORD not in str(error)
    seen(error)


def test_g56_a_proxy_for_another_scheme_does_not_matter(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("HTTP_PROXY", "::::")
    AsyncBukalapak("toko", Secret(SECRET))


@pytest.mark.parametrize(
    "no_proxy", ["127.0.0.1", "127.0.0.0/8", "*", "x, ,,::, [::1, 10.0.0.0/99, 127.0.0.1", "..,.,127.0.0.1:{port}"]
)
async def test_g56_an_exception_from_the_proxy_holds(
    clean: pytest.MonkeyPatch, open_client: Any, serve: Any, closed_port: int, seen: Seen, no_proxy: str
) -> None:
    server = await serve(answer)
    clean.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    clean.setenv("ALL_PROXY", f"http://127.0.0.1:{closed_port}")
    clean.setenv("NO_PROXY", no_proxy.format(port=server.port))
    client: Flavour[Any] = open_client(server.base_url, max_attempts=1)
    await client(lambda c: c.request("GET", "/"))
    assert len(server.requests) == 1
    seen(f"{len(server.requests)} request, past the proxy")


@pytest.mark.parametrize("no_proxy", ["127.0.0.10", "1", "0.1", ".1", "127.0.0.1:1", "::1", "[", ","])
async def test_g56_what_is_no_exception_goes_to_the_proxy(
    clean: pytest.MonkeyPatch, open_client: Any, serve: Any, seen: Seen, no_proxy: str
) -> None:
    server = await serve(answer)
    proxy = Proxy()
    async with proxy.running() as where:
        clean.setenv("HTTP_PROXY", where)
        clean.setenv("NO_PROXY", no_proxy)
        client: Flavour[Any] = open_client(server.base_url, max_attempts=1)
        await client(lambda c: c.request("GET", "/"))
    assert (len(proxy.asked), len(server.requests)) == (1, 0)
    seen(f"{len(proxy.asked)} request, by the proxy")


async def test_g56_a_web_servers_request_sets_no_proxy(
    clean: pytest.MonkeyPatch, open_client: Any, serve: Any, seen: Seen
) -> None:
    """A CGI program finds the request's header ``Proxy`` in ``HTTP_PROXY``: anybody could set it."""
    server = await serve(answer)
    proxy = Proxy()
    async with proxy.running() as where:
        clean.setenv("REQUEST_METHOD", "GET")
        clean.setenv("HTTP_PROXY", where)
        client: Flavour[Any] = open_client(server.base_url)
        await client(lambda c: c.request("GET", "/"))
    assert (len(proxy.asked), len(server.requests)) == (0, 1)
    seen(f"{len(proxy.asked)} requests to a proxy named by a request")


async def test_g56_netrc_is_not_read(
    clean: pytest.MonkeyPatch, open_client: Any, serve: Any, seen: Seen, tmp_path: Path
) -> None:
    server = await serve(answer)
    netrc = "machine 127.0.0.1 login jahat password jahat\ndefault login jahat password jahat\n"
    for place in (tmp_path / ".netrc", tmp_path / "netrc"):
        place.write_text(netrc, encoding="utf-8")
    clean.setenv("NETRC", str(tmp_path / "netrc"))
    clean.setenv("HOME", str(tmp_path))
    client: Flavour[Any] = open_client(server.base_url)
    await client(lambda c: c.request("GET", "/"))
    bare: Flavour[Any] = open_client(server.base_url, "qiscus")  # Which has no Authorization that would be in the way.
    await bare(lambda c: c.request("GET", "/"))
    request, another = server.requests
    assert "authorization" not in another.headers
    assert request.headers["authorization"] == "Basic " + b64encode(f"toko:{SECRET}".encode()).decode()
    seen("our own credential only" if b"jahat" not in request.head + another.head else "netrc leaked")


async def test_g56_certificates_named_by_the_environment(
    clean: pytest.MonkeyPatch, open_client: Any, serve: Any, seen: Seen, authority: trustme.CA, bundle: Path
) -> None:
    """As it is when a client is made, though aiohttp was imported long before."""
    server = await serve(answer, ssl=certificates(authority))
    clean.setenv("SSL_CERT_FILE", str(bundle))
    client: Flavour[Any] = open_client(server.base_url)
    await client(lambda c: c.request("GET", "/"))
    clean.delenv("SSL_CERT_FILE")
    without: Flavour[Any] = open_client(server.base_url)
    with pytest.raises(ConnectFailed, match="TLS failed") as caught:
        await without(lambda c: c.request("GET", "/"))
    assert len(server.requests) == 1
    seen(caught.value, f"{len(server.requests)} request with SSL_CERT_FILE, none without")


@pytest.mark.parametrize("content", [None, b"", b"bukan sertifikat"])
def test_g56_certificates_that_are_none(
    clean: pytest.MonkeyPatch, seen: Seen, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "tidak.pem"
    if content is not None:
        path.write_bytes(content)
    clean.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE") as caught:
        AsyncBukalapak("toko", Secret(SECRET))
    AsyncBukalapak("toko", Secret(SECRET), base_url="http://127.0.0.1:1")
    seen(caught.value)


_UNVERIFIED = """
import json, sys
flavour, base_url = sys.argv[1:]
import asyncio
from bukalapak_async import AsyncBukalapak, Bukalapak
from nusantara.errors import ConnectFailed

async def in_a_loop():
    async with AsyncBukalapak("toko", "rahasia", base_url=base_url) as client:
        await client.request("POST", "/")

try:
    if flavour == "async":
        asyncio.run(in_a_loop())
    else:
        with Bukalapak("toko", "rahasia", base_url=base_url) as client:
            client.request("POST", "/")
except ConnectFailed as error:
    print(json.dumps({"message": error.message, "sent": error.sent, "attempts": len(error.attempts)}))
"""


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_g56_verification_cannot_be_switched_off(
    clean: pytest.MonkeyPatch, serve: Any, seen: Seen, authority: trustme.CA, flavour: str, tmp_path: Path
) -> None:
    server = await serve(answer, ssl=certificates(authority))
    script = tmp_path / "panggil.py"
    script.write_text(_UNVERIFIED, encoding="utf-8")
    for name in ("PYTHONHTTPSVERIFY", "CURL_SSL_NO_VERIFY", "NODE_TLS_REJECT_UNAUTHORIZED"):
        clean.setenv(name, "0")
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), flavour, server.base_url, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, errors.decode()
    result = json.loads(output)
    assert "TLS failed" in result["message"]
    assert (result["sent"], result["attempts"], server.requests) == ("no", 1, [])
    seen(f"ConnectFailed, sent {result['sent']}, {len(server.requests)} requests")
