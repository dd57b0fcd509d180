"""Keeps pages in the developer's browser away from the sandbox: which requests are answered, and with which headers.

A page of anybody can send requests to this machine. What gives it away is the host, where it made its own name lead
here (DNS rebinding), and what browsers say of the page that asks: ``Origin``, ``Sec-Fetch-Site``, ``Referer``. A
program that is no browser sends none of the three. No page can send ``application/json`` to another origin without
being allowed to first, which it never is.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import urlsplit

import attrs

from nusantara.errors import InvalidParameter
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming
from nusantara.sandbox.vendor import RouteUse

__all__ = ["CONTROL_BODY_LIMIT", "Guard", "shielded"]

CONTROL_BODY_LIMIT = 24 << 20
"""Bytes; the largest body of a fault, in base64, fits in."""

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_SENT_WITHOUT_ASKING = frozenset({"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
"""Media types that a page may send to another origin without a preflight (Fetch standard, 2.2.2)."""

_TOLD_ONCE = (b"host", b"origin", b"referer", b"sec-fetch-site", b"sec-fetch-dest")
"""What tells a page from a program. Of two, something on the way may have read the other one."""

_HEADERS = (
    # There is no default for form-action, and a consent page's form ends at the application's own address.
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    # With no-referrer, a form of the page itself would come with the origin "null".
    ("Referrer-Policy", "same-origin"),
)
_FILE_HEADERS = (("X-Content-Type-Options", "nosniff"),)


def shielded(answer: Answer, use: RouteUse | None) -> Answer:
    """The same answer; a page and an answer of a control with headers that keep them out of other pages."""
    is_page = any(name.lower() == "content-type" and "html" in value.lower() for name, value in answer.headers)
    more = _HEADERS if is_page or use is RouteUse.CONTROL else _FILE_HEADERS if use is RouteUse.FILE else ()
    for name, value in more:
        answer = answer.with_header(name, value)
    return answer


def _host_of(authority: str) -> str:
    """The host of ``user@host:port`` in lower case, without brackets and a dot at its end; as it is, if it is none."""
    try:
        return (urlsplit(f"//{authority}").hostname or authority).removesuffix(".")
    except ValueError:
        return authority


def _origin_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _host_names(names: Collection[str]) -> frozenset[str]:
    for name in _listed("hosts", names):
        if not isinstance(name, str) or not name or _host_of(name) != name.lower().removesuffix("."):
            raise InvalidParameter("hosts", f"must be names of hosts without a port, such as 'sandbox', not {name!r}")
    return frozenset(name.lower().removesuffix(".") for name in names)


def _origins(origins: Collection[str]) -> frozenset[str]:
    for origin in _listed("origins", origins):
        is_http = isinstance(origin, str) and origin.startswith(("http://", "https://"))
        if not is_http or _origin_of(origin) != origin:
            raise InvalidParameter("origins", f"must be origins such as 'http://localhost:3000', not {origin!r}")
    return frozenset(origins)


def _listed(name: str, values: Collection[str]) -> Collection[str]:
    if isinstance(values, str):
        raise InvalidParameter(name, f"must be a list, not the text {values!r}")
    return values


@attrs.frozen
class Guard:
    """Decides by the head of a request."""

    bound: str
    """The host that the sandbox listens on, as it was asked for."""
    hosts: frozenset[str] = attrs.field(converter=_host_names)
    """Further names under which it may be called."""
    origins: frozenset[str] = attrs.field(converter=_origins)
    """Origins of pages that may call the vendors' operations."""

    def refusal(self, call: Incoming, use: RouteUse | None, vendor_hosts: Sequence[str] = ()) -> Answer | None:
        """The answer to a request that is not to be answered otherwise.

        :param use: of the route; ``None`` where there is no route.
        :param vendor_hosts: the vendor's own hosts, under which its paths may be called.
        """
        is_control = use is RouteUse.CONTROL
        names = [name.lower() for name, _ in call.headers]
        if any(names.count(name) > 1 for name in _TOLD_ONCE):
            return _refused("the request says twice where it comes from or goes to")
        for host in _hosts(call):
            if not self._is_own(host) and (is_control or not _is_beneath(host, vendor_hosts)):
                return _refused(
                    f"the sandbox does not answer under the host {host!r}; "
                    "where that is meant to be it, name it when you start the sandbox (hosts, or --allow-host)"
                )
        if use is not RouteUse.FILE and not self._is_trusted(call, use):
            return _refused(
                "the sandbox answers no page of another origin; where your own page is to call a vendor, "
                "name its origin when you start the sandbox (origins, or --allow-origin)"
            )
        if is_control and call.method not in {*_SAFE_METHODS, "DELETE"}:
            # The length alone cannot tell: a chunked body has none.
            has_body = (call.header("Content-Length") or "0") != "0" or call.header("Transfer-Encoding") is not None
            kind = call.content_type if names.count(b"content-type") < 2 else "*/*"
            if kind != "application/json" and (has_body or (kind and kind in _SENT_WITHOUT_ASKING)):
                return Answer.json({"error": "controls take application/json only"}, status=415)
        return None

    def shared(self, call: Incoming, answer: Answer, use: RouteUse | None) -> Answer:
        """The answer, which a page may read whose origin is allowed, unless it is that of a control."""
        origin = call.header("Origin")
        if origin is None or origin not in self.origins or use is RouteUse.CONTROL:
            return answer
        headers = (*answer.headers, ("Access-Control-Allow-Origin", origin), ("Vary", "Origin"))
        return attrs.evolve(answer, headers=headers)

    def preflight(self, call: Incoming) -> str | None:
        """The method that a browser asks about before it lets a page of an allowed origin use it."""
        asks = call.method == "OPTIONS" and call.header("Origin") in self.origins
        return call.header("Access-Control-Request-Method") if asks else None

    def permission(self, call: Incoming, use: RouteUse) -> Answer:
        """The answer to that: a page may use what is there and no control."""
        method = call.header("Access-Control-Request-Method") or ""
        names = call.header("Access-Control-Request-Headers") or ""
        headers = (("Access-Control-Allow-Methods", method), ("Access-Control-Allow-Headers", names))
        return self.shared(call, Answer(204, headers), use)

    def _is_own(self, host: str) -> bool:
        if host == "localhost" or host.endswith(".localhost") or host in self.hosts or host == self.bound.lower():
            return True
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        # An address cannot be rebound: whoever asks for it means it. On all interfaces, each is the sandbox's own.
        return address.is_loopback or self.bound in ("0.0.0.0", "::", "")  # noqa: S104 - compared, not bound

    def _is_trusted(self, call: Incoming, use: RouteUse | None) -> bool:
        is_control = use is RouteUse.CONTROL
        origin, site = call.header("Origin"), call.header("Sec-Fetch-Site")
        if origin is not None:
            # A browser leaves the port of the scheme out of both.
            return origin == call.origin or (not is_control and origin in self.origins)
        if use is RouteUse.PAGE and call.method in _SAFE_METHODS and call.header("Sec-Fetch-Dest") == "document":
            # A link or a redirect. What a page opens so, it cannot read.
            return True
        if site is not None:
            return site == "same-origin" or (site == "none" and call.method in _SAFE_METHODS)
        referer = call.header("Referer")
        if referer is None or (call.method in _SAFE_METHODS and not is_control):
            return True
        source = _origin_of(referer)
        return source == call.origin or (not is_control and source in self.origins)


def _refused(reason: str) -> Answer:
    return Answer.json({"error": reason}, status=403)


def _hosts(call: Incoming) -> Iterable[str]:
    """Every host that the request names. Without any it comes from no browser."""
    named = [value.decode("latin-1") for name, value in call.headers if name.lower() == b"host"]
    return {_host_of(authority) for authority in (*named, call.origin.partition("://")[2]) if authority}


def _is_beneath(host: str, domains: Collection[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
