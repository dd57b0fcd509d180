"""Answers that would have credentials, bodies or cookies go where they do not belong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import trustme
from hostile.conftest import SECRET
from support.faults import Seen
from support.flavours import Flavour
from support.network import certificates
from support.raw import RawServer, Received, Wire
from support.tokens import TokenVendor, bearer_client

from nusantara.errors import AuthFailed, NusantaraError, Sent, UnsafeRedirect
from nusantara.oauth2 import Token
from nusantara.upload import File

BODY = "pesan-rahasia-untuk-server-yang-benar"
STATUSES = (301, 302, 303, 307, 308)
PATH = "/v1/barang"

LOCATIONS = {
    "another host": "http://localhost:PORT/ambil",
    "another port": "http://127.0.0.1:PORT/ambil",
    "no scheme": "//localhost:PORT/ambil",
    "user and password": f"http://toko:{SECRET}@localhost:PORT/ambil?kunci={SECRET}",
    "backslashes": "/\\localhost:PORT/ambil",
    "file": "file:///etc/hostname",
    "another scheme": "gopher://localhost:PORT/ambil",
    "script": "javascript:alert(1)",
    "itself": PATH,
    "itself, whole": "http://127.0.0.1:HERE" + PATH,
    "a relative path": "../lain?x=1",
    "a fragment": "#lain",
    "nothing": "",
    "unreadable": "http://[::1",
    "not text": "http://\udcff\udcfe.test/",
    "very long": "http://localhost:PORT/" + "x" * 50_000,
}


@pytest.fixture(params=["direct", "aiohttp"])
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways that a call may travel."""
    monkeypatch.setenv("NUSANTARA_TRANSPORT", request.param)


class Redirecting:
    """Answers every request with a redirect; numbers it where the address has a place for that."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.status = 302
        self.count = 0

    async def __call__(self, wire: Wire, request: Received) -> bool:
        self.count += 1
        location = self.location.replace("NUMBER", str(self.count)).encode("utf-8", "surrogateescape")
        await wire.send(
            b"HTTP/1.1 %d Moved\r\nLocation: %b\r\nSet-Cookie: jejak=1\r\nContent-Length: 0\r\n\r\n"
            % (self.status, location)
        )
        return False


async def welcome(wire: Wire, request: Received) -> None:
    await wire.answer(body={"data": []})


def operations(client: Flavour[Any]) -> list[Any]:
    """A read, a form and a file, as they would be followed in different ways."""
    return [
        lambda c: c.request("GET", PATH, params={"q": BODY}),
        lambda c: c.request("POST", PATH, form={"isi": BODY}),
        lambda c: c.request("DELETE", PATH, json={"isi": BODY}),
        lambda c: c.request("POST", PATH, files={"f": File(BODY.encode(), name="a.txt")}),
    ]


async def refused(client: Flavour[Any], operation: Any) -> UnsafeRedirect:
    with pytest.raises(UnsafeRedirect) as caught:
        await client(operation)
    error = caught.value
    assert error.sent is Sent.YES
    assert len(error.attempts) == 1
    assert SECRET not in str(error)
    assert BODY not in str(error)
    assert len(str(error)) < 300
    return error


@pytest.mark.parametrize("kind", LOCATIONS)
async def test_g38_a_redirect(transport: None, open_client: Any, serve: Any, kind: str, seen: Seen) -> None:
    other = await serve(welcome)
    script = Redirecting(LOCATIONS[kind].replace("PORT", str(other.port)))
    server = await serve(script)
    script.location = script.location.replace("HERE", str(server.port))
    errors: list[UnsafeRedirect] = []
    for vendor in ("bukalapak", "qiscus", "kaskus"):
        client = open_client(server.base_url, vendor)
        for operation in operations(client):
            script.status = STATUSES[len(errors) % len(STATUSES)]
            errors.append(await refused(client, operation))
            assert errors[-1].status == script.status
    assert len(server.requests) == len(errors), "one request for each call"
    assert (other.connections, other.requests) == (0, [])
    seen(errors[0], f"{other.connections} connections to the other server after {len(errors)} redirects")


@pytest.mark.parametrize("status", STATUSES)
async def test_g38_each_status_names_where_to(open_client: Any, serve: Any, status: int) -> None:
    script = Redirecting("https://lain.example:8443/a?b=c")
    script.status = status
    server = await serve(script)
    error = await refused(open_client(server.base_url), lambda c: c.request("GET", PATH))
    assert f"the server redirects to https://lain.example (status {status})" in str(error)
    assert "/a" not in str(error)


async def test_g38_a_file_is_called_so(open_client: Any, serve: Any, tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text('{"data": "isi berkas"}')
    server = await serve(Redirecting(f"file://{tmp_path}/berkas"))
    error = await refused(open_client(server.base_url), lambda c: c.request("GET", PATH))
    assert "redirects to a file: address" in str(error)


async def test_g38_twenty_hops(transport: None, open_client: Any, serve: Any, seen: Seen) -> None:
    server = await serve(Redirecting("/lompat/NUMBER"))
    error = await refused(open_client(server.base_url), lambda c: c.request("GET", PATH))
    assert [request.target.partition("?")[0] for request in server.requests] == [PATH]
    seen(error, f"a chain of redirects: {len(server.requests)} request")


async def test_g38_from_https_to_http(open_client: Any, serve: Any, tmp_path: Path, seen: Seen) -> None:
    authority = trustme.CA()
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    other = await serve(welcome)
    server = await serve(Redirecting(f"http://127.0.0.1:{other.port}{PATH}"), ssl=certificates(authority))
    client = open_client(server.base_url, ca_bundle=bundle)
    for operation in operations(client):
        error = await refused(client, operation)
    assert "redirects to http://127.0.0.1" in str(error)
    assert other.connections == 0
    seen(error, f"https to http: {other.connections} connections to the other server")


@pytest.mark.parametrize("status", STATUSES)
async def test_g38_of_the_token_endpoint(flavour: str, serve: Any, status: int, seen: Seen) -> None:
    other = await serve(welcome)
    vendor = TokenVendor()
    redirecting = Redirecting(f"http://127.0.0.1:{other.port}/oauth/access-token")
    redirecting.status = status

    async def script(wire: Wire, request: Received) -> bool:
        if request.target == "/oauth/access-token":
            return await redirecting(wire, request)
        return await vendor(wire, request)

    vendor.refused = {"akses-lama"}
    token = Token(access_token="akses-lama", refresh_token="segar-lama-yang-berharga")
    async with bearer_client(flavour, script, token=token) as (_, kaskus):
        with pytest.raises(AuthFailed) as caught:
            await kaskus(lambda k: k.request("GET", "/api/oauth/v1/hot_threads"))
    cause: BaseException | None = caught.value
    while cause is not None and not isinstance(cause, UnsafeRedirect):
        cause = cause.__cause__
    assert isinstance(cause, UnsafeRedirect)
    assert redirecting.count == 1
    assert other.connections == 0
    seen(f"{caught.value.__class__.__name__} from {type(cause).__name__}", f"token endpoint: {other.connections}")


async def test_g38_of_a_sign_in(open_client: Any, serve: Any) -> None:
    other = await serve(welcome)
    server = await serve(Redirecting(f"http://127.0.0.1:{other.port}/api/oauth/token"))
    client = open_client(server.base_url, "kaskus")
    for operation in (
        lambda c: c.auth.request_token("http://127.0.0.1:1/callback"),
        lambda c: c.auth.access_token("minta", SECRET, verifier=BODY),
        lambda c: c.auth.log_in_with_password("tokoh", SECRET),
    ):
        await refused(client, operation)
    assert other.connections == 0


# --- Cookies

COOKIES = (
    "sesi=PENYEWA; Path=/",
    "luas=PENYEWA; Path=/; Max-Age=99999",
    "alamat=PENYEWA; Domain=localhost; Path=/",
    "ketat=PENYEWA; HttpOnly; SameSite=Strict",
)


async def setting_cookies(wire: Wire, request: Received) -> bool:
    """Sets cookies with whatever it answers, redirects and refusals among it."""
    lines = "".join(f"Set-Cookie: {one}\r\n" for one in COOKIES)
    status = int(request.target.partition("?")[0].rpartition("/")[2])
    place = "Location: /200\r\n" if 300 <= status < 400 else ""
    body = b'{"status": "OK", "results": {}}'
    head = f"HTTP/1.1 {status} Status\r\n{lines}{place}Content-Type: application/json\r\nContent-Length: {len(body)}"
    await wire.send(f"{head}\r\n\r\n".encode() + body)
    return False


def cookies(server: RawServer) -> list[str]:
    return [request.headers["cookie"] for request in server.requests if "cookie" in request.headers]


@pytest.mark.parametrize("vendor", ["bukalapak", "qiscus", "kaskus"])
async def test_g40_cookies_are_not_kept(
    transport: None, open_client: Any, serve: Any, vendor: str, short_pauses: None, seen: Seen
) -> None:
    server = await serve(setting_cookies)
    # By name: aiohttp's cookie jar keeps nothing from an address.
    client = open_client(f"http://localhost:{server.port}", vendor)
    tenants = [client.client, client.client.with_options(headers={"X-Penyewa": "2"})]
    if vendor == "kaskus":
        tenants += [client.client.with_token(f"penyewa-{number}", SECRET) for number in range(2)]
    calls = [(method, status) for status in (200, 401, 302, 503, 404) for method in ("GET", "POST")]

    async def call(tenant: Any, method: str, status: int) -> int | None:
        try:
            answer = await Flavour(client.name, tenant)(lambda c: c.request(method, f"/{status}"))
        except NusantaraError as error:
            return error.status
        return int(answer.status)

    for tenant in tenants * 2:
        assert [await call(tenant, *one) for one in calls] == [status for _, status in calls]
    assert len(server.requests) >= 40
    assert server.connections < len(server.requests), "some of them shared a connection"
    assert cookies(server) == []
    seen(f"{len(cookies(server))} cookies sent", f"{len(server.requests)} requests of {vendor}")
