"""Which proxy the environment asks for, looked up once when a client is made.

aiohttp's ``trust_env`` would look it up in a thread for every request, and read netrc along the way.
"""

from __future__ import annotations

import ipaddress
import urllib.request
from urllib.parse import unquote, urlsplit

from nusantara.errors import ConfigurationError
from nusantara.secret import HiddenText, Secret, credential_problem, reveal

__all__ = ["environment_proxy", "proxy_problem"]


def environment_proxy(url: str) -> str | None:
    """``HTTPS_PROXY`` or ``HTTP_PROXY`` (either case) for this URL, unless ``NO_PROXY`` names its host.

    ``NO_PROXY`` is a comma-separated list of hosts, domains (with or without a leading dot), ``host:port`` pairs,
    addresses, CIDR ranges, or ``*``.

    Raises:
        ConfigurationError: What the variable holds is not the URL of a proxy.
    """
    parts = urlsplit(url)
    proxies = {name: HiddenText(value) for name, value in urllib.request.getproxies_environment().items()}
    variable = parts.scheme if proxies.get(parts.scheme) else "all"
    proxy = proxies.get(variable)
    if not proxy or _excluded(parts.hostname or "", parts.port, proxies.get("no", "")):
        return None
    proxy = proxy if "://" in proxy else HiddenText(f"http://{proxy}")
    problem = proxy_problem(proxy)
    if problem:
        raise ConfigurationError(
            f"the environment variable {variable.upper()}_PROXY {problem}",
            hint="correct it, or give proxy= to the client",
        )
    return proxy


def proxy_problem(proxy: object) -> str | None:
    """Why this cannot be the URL of a proxy. Does not repeat it, since it may hold a password."""
    text = reveal(proxy) if isinstance(proxy, Secret) else proxy
    if not isinstance(text, str):
        return f"must be text, not {type(text).__name__}"
    text = HiddenText(text)
    problem = credential_problem(text)
    if text and problem is not None:
        return problem
    try:
        parts = urlsplit(text)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete or any(char.isspace() or not char.isprintable() for char in str(text)):
        return "is not a URL like http://host:port"
    if parts.scheme not in ("http", "https"):
        return f"asks for a proxy of kind {str(parts.scheme)!r}, but only http and https proxies can be used"
    for name, part in (("user name", parts.username), ("password", parts.password)):
        problem = credential_problem(unquote(part)) if part else None
        if problem is not None:
            return f"holds a {name} that {problem}"
    return None


def _excluded(host: str, port: int | None, no_proxy: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    for entry in no_proxy.lower().replace(",", " ").split():
        if entry == "*" or entry in (host, f"{host}:{port}"):
            return True
        domain = entry.lstrip("*").lstrip(".")
        if address is None and domain and host.endswith(f".{domain}"):
            return True
        if address is not None and "/" in entry:
            try:
                if address in ipaddress.ip_network(entry, strict=False):
                    return True
            except ValueError:
                continue
    return False
