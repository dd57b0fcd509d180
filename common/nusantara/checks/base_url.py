"""Where a vendor is: one spelling of each address, so that what is signed is byte for byte what is sent."""

from __future__ import annotations

import os
import re
from urllib.parse import quote, urlsplit

from nusantara.errors import ConfigurationError, InvalidParameter

__all__ = ["base_url_from_environment", "clean_base_url", "normal_host"]

_KEPT_IN_PATHS = "/%!$&'()*+,;=:@~"
"""Beside letters, digits and ``_.-``: what a path may hold as it is (RFC 3986, section 3.3), and what is escaped."""
_CONTROL = re.compile(r"[\0-\x1f\x7f]").search
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]").fullmatch


def clean_base_url(url: str) -> str:
    """Check a base URL and give its normal form (RFC 3986, section 6.2.2), without a slash at its end.

    Scheme and host are in lower case, a host beyond ASCII is IDNA, the path is percent-encoded where it has to be and
    nowhere else, and has no segments of dots.
    """
    if not isinstance(url, str):
        raise InvalidParameter("base_url", f"must be text, not {type(url).__name__}")
    if not url.strip():
        raise InvalidParameter("base_url", "must not be empty", hint="leave it out for the vendor's own address")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise InvalidParameter("base_url", f"is not a URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidParameter("base_url", "must look like https://host or https://host/prefix")
    if parts.username is not None or parts.password is not None:
        raise InvalidParameter("base_url", "must not hold credentials; give them to the client")
    if parts.query or parts.fragment or _CONTROL(url):
        raise InvalidParameter("base_url", "must not hold a query, a fragment or control characters")
    try:
        host, path = normal_host(parts.hostname), _normal_path(parts.path)
    except ValueError:  # Not shown, since what urlsplit takes for a host may be anything.
        raise InvalidParameter("base_url", "has a host name or a path that cannot be sent") from None
    host = f"[{host}]" if ":" in host else host
    authority = host if port is None else f"{host}:{port}"
    return f"{parts.scheme}://{authority}{path.rstrip('/')}"


def base_url_from_environment(variable: str) -> str | None:
    """What an environment variable says of where a vendor is; None if it is not set.

    Raises:
        ConfigurationError: It is set and empty: the call would go to the vendor's own address.
    """
    url = os.environ.get(variable)
    if url is not None and not url.strip():
        raise ConfigurationError(f"the environment variable {variable} is empty", hint="unset it, or give an address")
    return url


def normal_host(host: str) -> str:
    """A host name or an address, without brackets, as it is sent: lower case, IDNA, IPv6 at its shortest.

    Raises:
        ValueError: It is neither.
    """
    from yarl import URL

    return URL.build(scheme="http", host=host).raw_host or ""


def _normal_path(path: str) -> str:
    path = _STRAY_PERCENT.sub("%25", quote(path, safe=_KEPT_IN_PATHS))
    path = _ESCAPE.sub(lambda escape: char if _UNRESERVED(char := chr(int(escape[1], 16))) else escape[0].upper(), path)
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "".join(f"/{segment}" for segment in kept)
