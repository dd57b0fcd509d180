"""From verb and path to the route that answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

import attrs

from nusantara.sandbox.vendor import Route, Vendor

__all__ = ["Match", "Router"]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@attrs.frozen(slots=True)
class Match:
    """A route and what its placeholders stand for."""

    vendor: Vendor
    route: Route
    params: dict[str, str]


@attrs.define(slots=True)
class _Node:
    literal: dict[str, _Node] = attrs.field(factory=dict)
    patterns: list[tuple[re.Pattern[str], _Node]] = attrs.field(factory=list)
    routes: dict[str, tuple[Vendor, Route]] = attrs.field(factory=dict)


class Router:
    """All routes of all vendors, as a tree of path segments; a literal segment wins over a placeholder."""

    def __init__(self, vendors: Iterable[Vendor]) -> None:
        self._root = _Node()
        self._vendors = tuple(vendors)
        for vendor in self._vendors:
            for route in vendor.routes():
                node = self._root
                for segment in route.path.lstrip("/").split("/"):
                    node = _child(node, segment)
                if route.method in node.routes:
                    raise ValueError(f"two routes for {route.method} {route.path}")
                node.routes[route.method] = (vendor, route)

    def match(self, method: str, path: str) -> Match | None:
        """The route of an undecoded path. Segments are split before they are decoded, so ``%2F`` separates nothing."""
        segments = [unquote(segment) for segment in path.lstrip("/").split("/")]
        return _find(self._root, method, segments, {})

    def owner(self, path: str) -> Vendor | None:
        """The vendor beneath whose prefix a path lies."""
        for vendor in self._vendors:
            if any(path.startswith(prefix) for prefix in vendor.prefixes):
                return vendor
        return None

    def served(self) -> dict[str, list[str]]:
        """The prefixes of each vendor."""
        return {vendor.name: list(vendor.prefixes) for vendor in self._vendors}


def _child(node: _Node, segment: str) -> _Node:
    if "{" not in segment:
        return node.literal.setdefault(segment, _Node())
    pieces = _PLACEHOLDER.split(segment)
    expression = "".join(f"(?P<{piece}>.+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    for pattern, child in node.patterns:
        if pattern.pattern == expression:
            return child
    child = _Node()
    node.patterns.append((re.compile(expression, re.DOTALL), child))
    # "{id}.json" before "{id}": the more a pattern says, the earlier it is tried.
    node.patterns.sort(key=lambda entry: -len(entry[0].pattern))
    return child


def _find(node: _Node, method: str, segments: list[str], params: dict[str, str]) -> Match | None:
    if not segments:
        entry = node.routes.get(method)
        return Match(*entry, params) if entry else None
    head, rest = segments[0], segments[1:]
    literal = node.literal.get(head)
    if literal is not None and (match := _find(literal, method, rest, params)) is not None:
        return match
    for pattern, child in node.patterns:
        found = pattern.fullmatch(head)
        if found is not None and (match := _find(child, method, rest, params | found.groupdict())) is not None:
            return match
    return None
