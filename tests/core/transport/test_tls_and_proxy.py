"""Private authorities, wrong certificates, proxies, and what the environment may change."""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path
from typing import Any, cast

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from support.network import Proxy
from support.raw import RawServer, Received, Wire

from nusantara.client import AsyncClient, Settings
from nusantara.errors import ConnectFailed
from nusantara.signing import BasicAuth
from nusantara.transport.proxy import environment_proxy


async def answer(wire: Wire, request: Received) -> None:
    await wire.answer(body={"ok": True})


def client(base_url: str, **settings: Any) -> AsyncClient:
    return AsyncClient(base_url, BasicAuth("u", "rahasia"), cast(Settings, settings))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


async def test_a_context_of_the_callers_own_is_used(server_context: ssl.SSLContext, bundle: Path) -> None:
    context = ssl.create_default_context(cafile=str(bundle))
    async with RawServer(answer, ssl=server_context) as server, client(server.base_url, ca_bundle=context) as mine:
        assert (await mine.request("GET", "/")).status == 200


# --- Proxies


async def test_a_proxy_that_is_not_there_is_named(closed_port: int) -> None:
    async with client("https://h.test", proxy=f"http://k:sandi@127.0.0.1:{closed_port}", max_attempts=1) as mine:
        with pytest.raises(ConnectFailed, match="the proxy cannot be reached") as caught:
            await mine.request("GET", "/")
    assert "sandi" not in str(caught.value)
    assert "sandi" not in repr(mine) + repr(vars(mine)) + repr(mine._shared.session.connections)


async def test_the_environment_is_read_when_the_client_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    async with proxy.running() as where:
        monkeypatch.setenv("http_proxy", f"http://{where}")
        async with client("http://h.test") as mine, client("http://h.test", proxy=None, max_attempts=1) as direct:
            monkeypatch.delenv("http_proxy")
            await mine.request("GET", "/v1/a")
            with pytest.raises(ConnectFailed):
                await direct.request("GET", "/v1/a")
    assert proxy.asked[0].startswith(b"GET http://h.test/v1/a HTTP/1.1")


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "proxy.test:3128")
    return monkeypatch


@pytest.mark.parametrize(
    ("no_proxy", "url", "used"),
    [
        ("", "https://api.h.test", True),
        ("", "http://api.h.test", False),
        ("h.test", "https://api.h.test", False),
        (".h.test", "https://api.h.test", False),
        ("*.h.test", "https://api.h.test", False),
        ("h.test", "https://nath.test", True),
        ("api.h.test:444", "https://api.h.test:443", True),
        ("api.h.test:443", "https://api.h.test:443", False),
        ("*", "https://api.h.test", False),
        ("10.0.0.0/8", "https://10.1.2.3", False),
        ("10.0.0.0/8", "https://11.1.2.3", True),
        ("nonsense/99, 10.1.2.3", "https://10.1.2.3", False),
        ("::1", "https://[::1]", False),
        ("[::1]", "https://[::1]", False),
        ("[::1]:8080", "https://[::1]:8080", False),
        ("[::1]:8080", "https://[::1]", True),
        ("[::1]:443", "https://[::1]", False),
        ("0:0::0:1", "https://[::1]", False),
        ("[2001:DB8::]/32", "https://[2001:db8:1::1]", False),
        ("2001:db8::/32", "https://[2001:db9::1]", True),
        ("::/0", "https://10.1.2.3", True),
        ("fe80::/10", "https://[fe80::1%25eth0]", False),
        ("::ffff:10.1.2.3", "https://10.1.2.3", False),
        ("10.1.2.3", "https://[::ffff:10.1.2.3]", False),
        ("::ffff:10.0.0.0/104", "https://10.1.2.3", False),
        ("10.0.0.0/255.0.0.0", "https://10.1.2.3", False),
        ("10.1.2.3:443", "https://10.1.2.3", False),
        ("api.h.test.", "https://api.h.test", False),
        ("H.TEST", "https://api.h.test.", False),
        ("h.test:443", "https://api.h.test", False),
        (".h.test", "https://h.test", True),
        ("b\u00fccher.test", "https://xn--bcher-kva.test", False),
        ("1.2.3", "https://10.1.2.3", True),
    ],
)
def test_exceptions_from_the_proxy(proxies: pytest.MonkeyPatch, no_proxy: str, url: str, used: bool) -> None:
    proxies.setenv("NO_PROXY", no_proxy)
    assert environment_proxy(url) == ("http://proxy.test:3128" if used else None)


def spellings(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[str]:
    mapped = [f"::ffff:{address}"] if address.version == 4 else []
    sixes = [str(address), address.exploded, address.exploded.upper()] if address.version == 6 else mapped
    return [str(address), *sixes, *(f"[{six}]" for six in sixes), *(f"[{six}]:443" for six in sixes)]


@given(st.ip_addresses(), st.ip_addresses(), st.data())
def test_addresses_are_compared_as_what_they_are(one: Any, other: Any, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTPS_PROXY", "proxy.test:3128")
        host = data.draw(st.sampled_from(spellings(one)))
        url = f"https://{f'[{host}]' if host.count(':') > 1 and '[' not in host else host}"
        for named in spellings(one):
            patch.setenv("NO_PROXY", f"lain.test {named}")
            assert environment_proxy(url) is None, named
        same = getattr(one, "ipv4_mapped", None) or one
        for named in spellings(other):
            patch.setenv("NO_PROXY", named)
            different = same != (getattr(other, "ipv4_mapped", None) or other)
            assert (environment_proxy(url) is not None) == different, named
        around = ipaddress.ip_network(
            (one, data.draw(st.integers(97, 128) if one.version == 6 else st.integers(1, 32))), strict=False
        )
        patch.setenv("NO_PROXY", f"{around}, x")
        assert environment_proxy(url) is None


@given(st.text(max_size=20))
def test_nothing_in_the_list_can_fail(entries: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTPS_PROXY", "proxy.test:3128")
        patch.setenv("NO_PROXY", entries.encode("utf-8", "ignore").decode().replace("\0", ""))
        for url in ("https://h.test", "https://[::1]", "https://10.1.2.3:444"):
            environment_proxy(url)
