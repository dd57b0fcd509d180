# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/notifications.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.notifications`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.fjb.notifications import FjbNotifications as AsyncFjbNotifications
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["FjbNotifications"]


class FjbNotifications(SyncResource[AsyncFjbNotifications]):
    """What the marketplace tells the signed-in user. Reference: "Fjb"."""

    def received(
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
        return self._portal.run(self._impl.received, cursor=cursor, limit=limit, action_ids=action_ids)

    def unread_count(self, *, action_ids: Sequence[int | str] | None = None) -> Record:
        """Count one's unread notifications.

        ``GET /v1/fjb/notifications/count`` - safe

        The shape of the answer is not documented.

        Args:
            action_ids: Only notifications of these actions.

        Reference: "Fjb", "Get Unread Notification Count".
        """
        return self._portal.run(self._impl.unread_count, action_ids=action_ids)

    def unread_summary(self, *, action_ids: Sequence[int | str] | None = None) -> Record:
        """Sum up one's unread notifications.

        ``GET /v1/fjb/notification/summaries`` - safe

        The shape of the answer is not documented.

        Args:
            action_ids: Only notifications of these actions.

        Reference: "Fjb", "Get Unread Notification Summary".
        """
        return self._portal.run(self._impl.unread_summary, action_ids=action_ids)

    def mark_read(self, notification_id: str) -> Record:
        """Mark a notification as read.

        ``POST /v1/fjb/notifications/{notification_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Mark Notification as Read".
        """
        return self._portal.run(self._impl.mark_read, notification_id)
