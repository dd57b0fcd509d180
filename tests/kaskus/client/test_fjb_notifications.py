"""The notification operations of the marketplace."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledger import documented, prove, refused, unnamed

from kaskus_async.fjb.notifications import FjbNotifications

LEDGER: dict[str, Any] = {
    "GET /v1/fjb/notifications": (
        lambda k: k.fjb.notifications.received(cursor="eyJv", limit=2, action_ids=[2]),
        "GET /v1/fjb/notifications?cursor=eyJv&limit=2&action_ids=2",
    ),
    "GET /v1/fjb/notifications/count": (
        lambda k: k.fjb.notifications.unread_count(action_ids=[2, "3"]),
        "GET /v1/fjb/notifications/count?action_ids=2%2C3",
    ),
    "GET /v1/fjb/notification/summaries": (
        lambda k: k.fjb.notifications.unread_summary(action_ids=[2, 3]),
        "GET /v1/fjb/notification/summaries?action_ids=2%2C3",
    ),
    "POST /v1/fjb/notifications/{notification_id}": (
        lambda k: k.fjb.notifications.mark_read("5f01"),
        "POST /v1/fjb/notifications/5f01",
    ),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(FjbNotifications)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(FjbNotifications)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.fjb.notifications.received(limit=0), "limit"),
        (lambda k: k.fjb.notifications.received(action_ids=[]), "action_ids"),
        (lambda k: k.fjb.notifications.unread_count(action_ids="2,3"), "action_ids"),
        (lambda k: k.fjb.notifications.unread_summary(action_ids=["2,3"]), "action_ids"),
        (lambda k: k.fjb.notifications.mark_read(""), "notification_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
