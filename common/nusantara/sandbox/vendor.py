"""How a vendor plugs into the sandbox.

A vendor package has a module ``sandbox`` with the name ``VENDOR``: a class that can be made without arguments and that
fits :class:`Vendor`. The core knows these modules by name only and loads them when a sandbox is made.
"""

from __future__ import annotations

import enum
import importlib
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol

import attrs

from nusantara.catalogue.vendors import VENDORS
from nusantara.errors import ConfigurationError
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming
from nusantara.sandbox.outbox import Outbox

__all__ = ["Route", "RouteHandler", "RouteUse", "Site", "Vendor", "load_vendors"]

RouteHandler = Callable[[Incoming], Answer | Awaitable[Answer]]


class RouteUse(enum.Enum):
    """What a route is there for, which decides who in a browser may call it."""

    OPERATION = "an operation of the vendor"
    PAGE = "a page that a person is sent to"
    FILE = "a picture or a download, which any page may show"
    CONTROL = "the sandbox's own, for whoever runs it"


@attrs.frozen(slots=True)
class Route:
    """One operation: where it is and what answers it."""

    method: str
    path: str
    """Path with placeholders: ``/v1/messages/{id}.json``. A placeholder never spans a slash."""
    operation: str
    """Name in the request log and for faults."""
    handler: RouteHandler = attrs.field(repr=False)
    use: RouteUse = RouteUse.OPERATION


@attrs.frozen(slots=True, kw_only=True)
class Site:
    """What the sandbox lends to its vendors."""

    clock: Callable[[], float]
    """Seconds since the epoch."""
    seed: int
    base_url: Callable[[], str]
    """Address of the running sandbox, without a slash at the end."""
    outbox: Outbox
    """Sends webhooks."""

    def random(self, name: str) -> random.Random:
        """A generator of its own for each purpose, the same one in every run of the same seed."""
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 - repeatable on purpose


class Vendor(Protocol):
    """One vendor's side of the sandbox.

    It may have ``hosts``, too: its own domains. Its operations may be called under these and every host beneath them.
    """

    @property
    def name(self) -> str:
        """``bukalapak``: the key of its credentials and the attribute of the sandbox."""
        ...

    @property
    def prefixes(self) -> Sequence[str]:
        """Starts of all its paths, so that an unknown path beneath is answered in its style."""
        ...

    @property
    def state(self) -> Any:
        """What ``sandbox.<name>`` gives: its data and settings. Safe to use from any thread."""

    def attach(self, site: Site) -> None:
        """Called once, before anything else."""

    def routes(self) -> Iterable[Route]: ...

    def credentials(self) -> dict[str, Any]:
        """What a client needs, JSON-able, flat where possible."""
        ...

    def examples(self) -> Sequence[tuple[str, str]]:
        """Title and command line, ready to paste, for a person who has just started the sandbox."""
        ...

    def not_found(self, call: Incoming) -> Answer:
        """The answer to a path or verb that it does not have."""
        ...

    def reset(self) -> None:
        """Back to the first data and settings."""


def load_vendors(chosen: Sequence[str | Vendor] | None) -> dict[str, Vendor]:
    """The chosen vendors by name; of ``None``, every one that is installed."""
    found: dict[str, Vendor] = {}
    for choice in VENDORS if chosen is None else chosen:
        if not isinstance(choice, str):
            found[choice.name] = choice
        elif choice not in VENDORS:
            raise ConfigurationError(f"the sandbox knows no vendor {choice!r}", hint=f"it knows {', '.join(VENDORS)}")
        elif (vendor := _load(f"{VENDORS[choice].name}.sandbox")) is not None:
            found[choice] = vendor
        elif chosen is not None:
            raise ConfigurationError(f"the sandbox of {choice!r} is not installed")
    return found


def _load(module: str) -> Vendor | None:
    try:
        loaded = importlib.import_module(module)
    except ModuleNotFoundError as error:
        # A module that the vendor's own code misses is a fault of the installation and must be seen.
        if error.name is None or not (module == error.name or module.startswith(f"{error.name}.")):
            raise
        return None
    vendor: Vendor = loaded.VENDOR()
    return vendor
