"""The operations on receivers of push notifications."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledger import documented, prove, unnamed

from kaskus_async.models.push_notifications import ApplicationType, DeviceType
from kaskus_async.push_notifications import PushNotifications

LEDGER: dict[str, Any] = {
    "GET /v1/push_notification_receivers": (
        lambda k: k.push_notifications.receivers(user_id=1, application_type=ApplicationType.FORUM),
        "GET /v1/push_notification_receivers?user_id=1&application_type=forum",
    ),
    "GET /v1/temporary_push_notification_receivers": (
        lambda k: k.push_notifications.temporary_receivers(user_id=1, application_type=ApplicationType.JB),
        "GET /v1/temporary_push_notification_receivers?user_id=1&application_type=jb",
    ),
    "POST /v1/push_notification_blaster": (
        lambda k: k.push_notifications.blaster_receivers(
            device_type=DeviceType.APPLE, worker=3, application_type="lain"
        ),
        "POST /v1/push_notification_blaster?device_type=apple&worker=3&application_type=lain",
    ),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(PushNotifications)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(PushNotifications)) == set(map(unnamed, LEDGER))
