"""Where a download may lead: not into the local network, unless the vendor itself is there."""

from __future__ import annotations

import ipaddress
import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from nusantara.errors import UnsafeRedirect
from nusantara.response import excerpt_of

__all__ = ["Resolver", "checked_address", "is_local"]


def checked_address(url: URL, local: bool) -> URL:
    """An address that a download may lead to, as far as its text tells.

    Args:
        local: Whether it may be in the local network.

    Raises:
        UnsafeRedirect: It may not.
    """
    if url.scheme != "https" and not (local and url.scheme == "http"):
        raise UnsafeRedirect("the file's address is not https")
    if url.user or url.password:
        raise UnsafeRedirect("the file's address holds credentials")
    host = url.host or ""
    if not host:
        raise UnsafeRedirect("the file's address names no host")
    if not local:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            # "127.1" and "2130706433" are addresses, too, which aiohttp passes on without asking the resolver.
            if ":" in host or host.replace(".", "").isdigit():
                raise UnsafeRedirect(f"{excerpt_of(host, 80)} is no usual spelling of an address") from None
        else:
            _refuse_private(host, address)
    return url


def _refuse_private(host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        raise UnsafeRedirect(f"{excerpt_of(host, 80)} is an address of the local network")


class Resolver(AbstractResolver):
    """Refuses names that resolve into the local network, at the very look-up that the connection uses."""

    def __init__(self, local: bool, proxy: str | None) -> None:
        self._resolver = aiohttp.ThreadedResolver()
        self._local = local
        self._proxy = None if proxy is None else URL(proxy).host
        """The caller's own choice, wherever it is."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not self._local and host != self._proxy:
            for one in found:
                _refuse_private(host, ipaddress.ip_address(one["host"].partition("%")[0]))
        return found

    async def close(self) -> None:
        await self._resolver.close()


def is_local(base_url: str) -> bool:
    """Whether a vendor's base URL is itself in the local network, as a sandbox is."""
    host = URL(base_url).host or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
