"""Which proxy the environment asks for, looked up once when a client is made.

aiohttp's ``trust_env`` would look it up in a thread for every request, and read netrc along the way.
"""

from __future__ import annotations

import ipaddress
import urllib.request
from urllib.parse import urlsplit

__all__ = ["environment_proxy"]


def environment_proxy(url: str) -> str | None:
    """``HTTPS_PROXY`` or ``HTTP_PROXY`` (either case) for this URL, unless ``NO_PROXY`` names its host.

    ``NO_PROXY`` is a comma-separated list of hosts, domains (with or without a leading dot), ``host:port`` pairs,
    addresses, CIDR ranges, or ``*``.
    """
    parts = urlsplit(url)
    proxies = urllib.request.getproxies_environment()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or _excluded(parts.hostname or "", parts.port, proxies.get("no", "")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _excluded(host: str, port: int | None, no_proxy: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    for entry in no_proxy.lower().replace(",", " ").split():
        if entry == "*" or entry in (host, f"{host}:{port}"):
            return True
        domain = entry.lstrip("*").lstrip(".")
        if domain and host.endswith(f".{domain}"):
            return True
        if address is not None and "/" in entry:
            try:
                if address in ipaddress.ip_network(entry, strict=False):
                    return True
            except ValueError:
                continue
    return False
