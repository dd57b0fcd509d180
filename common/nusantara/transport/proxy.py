"""Which proxy the environment asks for, looked up once when a client is made.

aiohttp's ``trust_env`` would look it up in a thread for every request, and read netrc along the way.
"""

from __future__ import annotations

import ipaddress
import re
import urllib.request
from urllib.parse import unquote, urlsplit

from nusantara.checks import normal_host
from nusantara.errors import ConfigurationError
from nusantara.secret import HiddenText, Secret, credential_problem, reveal

__all__ = ["environment_proxy", "proxy_problem"]

_PORTS = {"http": 80, "https": 443}


def environment_proxy(url: str) -> str | None:
    """``HTTPS_PROXY`` or ``HTTP_PROXY`` (either case) for this URL, unless ``NO_PROXY`` names its host.

    ``NO_PROXY`` is a comma-separated list of hosts and domains (with a leading dot: only what is below), addresses,
    CIDR ranges, each of them with or without a port, or ``*``. They are compared as what they name: in any case, with
    or without brackets and a dot at the end, an IPv6 address in any spelling.

    Raises:
        ConfigurationError: What the variable holds is not the URL of a proxy.
    """
    parts = urlsplit(url)
    proxies = {name: HiddenText(value) for name, value in urllib.request.getproxies_environment().items()}
    variable = parts.scheme if proxies.get(parts.scheme) else "all"
    proxy = proxies.get(variable)
    if not proxy or _excluded(parts.hostname or "", parts.port or _PORTS[parts.scheme], proxies.get("no", "")):
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
        parts, complete = None, False
    if parts is None or not complete or any(char.isspace() or not char.isprintable() for char in str(text)):
        return "is not a URL like http://host:port"
    if parts.scheme not in ("http", "https"):
        return f"asks for a proxy of kind {str(parts.scheme)!r}, but only http and https proxies can be used"
    for name, part in (("user name", parts.username), ("password", parts.password)):
        problem = credential_problem(unquote(part)) if part else None
        if problem is not None:
            return f"holds a {name} that {problem}"
    return None


def _excluded(host: str, port: int, no_proxy: str) -> bool:
    network, domain = _network(host), _domain(host)
    for entry in no_proxy.replace(",", " ").split():
        if entry == "*":
            return True
        named, only_port = _split(entry)
        if only_port not in ("", str(port)):
            continue
        if network is None:
            if _is_below(domain, named.lstrip("*")):
                return True
        elif (around := _network(named)) is not None and network.network_address in around:
            return True
    return False


def _split(entry: str) -> tuple[str, str]:
    """What an entry names, without brackets, and its port, if there is one."""
    if entry.startswith("["):
        address, _, rest = entry[1:].partition("]")
        bits, _, port = rest.partition(":")
        return address + bits, port
    if entry.count(":") == 1:
        host, _, port = entry.partition(":")
        return host, port
    return entry, ""


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The addresses that this means; None for a domain. An IPv4 address in the clothes of IPv6 is that address."""
    try:
        network = ipaddress.ip_network(_ZONE.sub("", text), strict=False)
    except ValueError:
        return None
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen >= 96:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return ipaddress.IPv4Network((mapped, network.prefixlen - 96))
    return network


_ZONE = re.compile("%[^/]*")


def _domain(text: str) -> str:
    try:
        text = normal_host(text)
    except ValueError:
        text = text.lower()
    return text.removesuffix(".")


def _is_below(domain: str, entry: str) -> bool:
    """Whether a domain is what an entry names, or below it; only below it where the entry begins with a dot."""
    wanted = _domain(entry.lstrip("."))
    return bool(wanted) and (domain.endswith(f".{wanted}") or (domain == wanted and not entry.startswith(".")))
