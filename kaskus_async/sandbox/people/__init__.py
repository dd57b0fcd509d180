"""Users and what is between them: profiles, friends, messages, reputation, subscriptions. The door is ``ROUTES``."""

from __future__ import annotations

from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.people import (
    friends,
    private_messages,
    profiles,
    registration,
    reputation,
    subscriptions,
    visitor_messages,
)

__all__ = ["ROUTES"]

ROUTES: tuple[Operation, ...] = (
    *subscriptions.ROUTES,
    *reputation.ROUTES,
    *profiles.ROUTES,
    *friends.ROUTES,
    *private_messages.ROUTES,
    *visitor_messages.ROUTES,
    *registration.ROUTES,
)
