"""What a client gives to each of its calls."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Protocol

from nusantara.call.budget import Budget
from nusantara.options import NOT_GIVEN, NotGiven
from nusantara.request import Request
from nusantara.response import Response

if TYPE_CHECKING:
    from nusantara.hooks import Hooks
    from nusantara.limits import RateLimit
    from nusantara.options import Options
    from nusantara.signing import Signer
    from nusantara.transport import Host, Session

__all__ = ["Caller", "Shared"]

Renewal = Callable[[Mapping[str, str], Response], Awaitable[bool]]


class Shared:
    """What a client and its copies have in common, but for what tells one tenant of a process from another."""

    __slots__ = ("budget", "hooks", "host", "log", "prepare", "rate_limit", "renew", "signer", "tags")

    host: Host
    hooks: Hooks | None
    rate_limit: RateLimit | None
    tags: Mapping[str, str]
    budget: Budget
    log: logging.Logger
    prepare: Callable[[], Awaitable[None]] | None
    renew: Renewal | None

    def __init__(
        self,
        log: logging.Logger,
        host: Host,
        signer: Signer,
        hooks: Hooks | None,
        rate_limit: RateLimit | None,
        tags: Mapping[str, str],
        budget: Budget | None = None,
    ) -> None:
        self.log = log
        self.host = host
        self.signer = signer
        self.prepare = getattr(signer, "prepare", None)
        self.renew = getattr(signer, "renew", None)
        self.hooks = hooks
        self.rate_limit = rate_limit
        self.tags = tags
        self.budget = Budget() if budget is None else budget

    @property
    def session(self) -> Session:
        return self.host.session

    @property
    def tenant(self) -> Hashable:
        """Whose calls these are, among those that wait for a connection: told by credentials and tags."""
        return self.signer, *self.tags.items()

    def copied(
        self,
        *,
        signer: Signer | None = None,
        host: Host | None = None,
        hooks: Hooks | NotGiven | None = NOT_GIVEN,
        rate_limit: RateLimit | NotGiven | None = NOT_GIVEN,
        tags: Mapping[str, str] | None = None,
    ) -> Shared:
        """The same but for what is given. Another host has a budget of its own."""
        return Shared(
            self.log,
            self.host if host is None else host,
            self.signer if signer is None else signer,
            self.hooks if hooks is NOT_GIVEN else hooks,
            self.rate_limit if rate_limit is NOT_GIVEN else rate_limit,
            self.tags if tags is None else tags,
            self.budget if host is None or host.base_url == self.host.base_url else None,
        )


class Caller(Protocol):
    """A client, as far as its calls know it."""

    vendor: str
    _base_url: str
    _headers: dict[str, str]
    """Headers of every call, without the credentials."""
    _options: Options
    _shared: Shared

    def _judge(self, request: Request, response: Response) -> None:
        """Raise if the answer says no."""
