"""What a client gives to each of its calls."""

from __future__ import annotations

import copy
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from nusantara.call.budget import Budget
from nusantara.request import Request
from nusantara.response import Response

if TYPE_CHECKING:
    from nusantara.hooks import Hooks
    from nusantara.limits import RateLimit
    from nusantara.options import Options
    from nusantara.signing import Signer
    from nusantara.transport import Session

__all__ = ["Caller", "Shared"]

Renewal = Callable[[Mapping[str, str], Response], Awaitable[bool]]


class Shared:
    """What a client and its copies made by ``with_options`` have in common."""

    __slots__ = ("budget", "hooks", "log", "prepare", "rate_limit", "renew", "session", "signer")

    def __init__(
        self, vendor: str, session: Session, signer: Signer, hooks: Hooks | None, rate_limit: RateLimit | None
    ) -> None:
        self.session = session
        self.hooks = hooks
        self.rate_limit = rate_limit
        self.budget = Budget()
        self.log = logging.getLogger(f"nusantara.{vendor}")
        self._sign_with(signer)

    def _sign_with(self, signer: Signer) -> None:
        self.signer = signer
        self.prepare: Callable[[], Awaitable[None]] | None = getattr(signer, "prepare", None)
        self.renew: Renewal | None = getattr(signer, "renew", None)

    def signed_by(self, signer: Signer) -> Shared:
        """The same but for the credentials."""
        other = copy.copy(self)
        other._sign_with(signer)
        return other


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
