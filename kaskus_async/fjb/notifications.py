"""Notifications of the marketplace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async.requests import get, post
from kaskus_async.values import joined, positive
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["FjbNotifications"]


class FjbNotifications(Resource):
    """What the marketplace tells the signed-in user. Reference: "Fjb"."""

    _client: AsyncKaskus

    async def received(
        self, *, cursor: str | None = None, limit: int | None = None, action_ids: Sequence[int | str] | None = None
    ) -> Record:
        """List one's notifications, page by page.

        ``GET /v1/fjb/notifications`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            limit: Notifications in a page.
            action_ids: Only notifications of these actions.

        Reference: "Fjb", "Get Notification List".
        """
        params = {
            "cursor": cursor,
            "limit": positive("limit", limit),
            "action_ids": joined("action_ids", action_ids),
        }
        return await self._client._send(get("/v1/fjb/notifications", params=params), Record)

    async def unread_count(self, *, action_ids: Sequence[int | str] | None = None) -> Record:
        """Count one's unread notifications.

        ``GET /v1/fjb/notifications/count`` - safe

        The shape of the answer is not documented.

        Args:
            action_ids: Only notifications of these actions.

        Reference: "Fjb", "Get Unread Notification Count".
        """
        params = {"action_ids": joined("action_ids", action_ids)}
        return await self._client._send(get("/v1/fjb/notifications/count", params=params), Record)

    async def unread_summary(self, *, action_ids: Sequence[int | str] | None = None) -> Record:
        """Sum up one's unread notifications.

        ``GET /v1/fjb/notification/summaries`` - safe

        The shape of the answer is not documented.

        Args:
            action_ids: Only notifications of these actions.

        Reference: "Fjb", "Get Unread Notification Summary".
        """
        params = {"action_ids": joined("action_ids", action_ids)}
        return await self._client._send(get("/v1/fjb/notification/summaries", params=params), Record)

    async def mark_read(self, notification_id: str) -> Record:
        """Mark a notification as read.

        ``POST /v1/fjb/notifications/{notification_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Mark Notification as Read".
        """
        return await self._client._send(
            post("/v1/fjb/notifications/{notification_id}", notification_id, call_class=CallClass.REPEATABLE), Record
        )
