"""What is known of a call while it is under way."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nusantara.call.deadline import Deadline
from nusantara.errors import Attempt, InvalidParameter, NusantaraError, Sent

if TYPE_CHECKING:
    from nusantara.call.budget import Budget
    from nusantara.call.caller import Caller
    from nusantara.call.lookup import Lookup
    from nusantara.call.trail import Trail
    from nusantara.request import Request
    from nusantara.response import Response
    from nusantara.transport import Exchange

__all__ = ["State"]


class State(Deadline):
    """One call through all of its attempts."""

    __slots__ = (
        "caller",
        "exchange",
        "failures",
        "has_others",
        "last",
        "looks",
        "lookup",
        "may_be_done",
        "number",
        "refused",
        "renewed",
        "request",
        "spent",
        "started",
        "trail",
    )

    def __init__(self, caller: Caller, request: Request, lookup: Lookup[Any] | None = None) -> None:
        # Here, because a call of the base's __init__ would cost more than all of this together.
        self._deadlines, self.is_over = None, False
        self.caller = caller
        self.request = request
        self.lookup = lookup
        self.trail: Trail | None = None
        """What who watches it wants to know beside; None before anybody does."""
        self.number = 0
        """Of the latest attempt, from 1."""
        self.started = 0.0
        """When it began."""
        self.exchange: Exchange | None = None
        """What it did on the network; None before that."""
        self.failures: list[Attempt] = []
        self.last: NusantaraError | None = None
        """The latest error that was not about a value of the caller's."""
        self.may_be_done = False
        """Whether one of the failed attempts may have been carried out."""
        self.looks = 0
        """How often the result has been looked for since the latest attempt."""
        self.refused: tuple[Mapping[str, str], Response] | None = None
        """The credentials that the vendor has refused, and its answer, until the signer has heard of them."""
        self.renewed = False
        """Whether the signer was asked for others."""
        self.has_others = False
        """Whether it has got others, and they are untried."""
        self.spent: list[tuple[Budget, int]] = []
        """What the repeats have cost, and from which purse."""

    @property
    def sent_now(self) -> Sent:
        """Whether the latest attempt has reached the network."""
        return Sent.NO if self.exchange is None else self.exchange.sent

    @property
    def furthest(self) -> Sent:
        """Whether any of its attempts has."""
        return Sent.furthest([*(attempt.sent for attempt in self.failures), self.sent_now])

    @property
    def is_trying(self) -> bool:
        """Whether an attempt is under way, and not a pause or a look."""
        return len(self.failures) < self.number

    def write_down(self, error: NusantaraError, *, may_be_done: bool) -> None:
        """Note how the latest attempt has failed."""
        self.failures.append(
            Attempt(
                number=self.number,
                reason=error.reason,
                sent=error.sent,
                elapsed=time.perf_counter() - self.started,
                status=error.status,
            )
        )
        if not isinstance(error, InvalidParameter):
            self.last = error
        self.may_be_done = self.may_be_done or may_be_done
        self.looks = 0
        self.has_others = False
