# Written by "python -m nusantara.syncgen" from kaskus_async/push_notifications.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.push_notifications`."""

from __future__ import annotations

from kaskus_async.models.push_notifications import ApplicationType, DeviceType
from kaskus_async.push_notifications import PushNotifications as AsyncPushNotifications
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["PushNotifications"]


class PushNotifications(SyncResource[AsyncPushNotifications]):
    """Devices that get push notifications. Reference: "Push notification receiver"."""

    def receivers(self, *, user_id: int | None = None, application_type: ApplicationType | str | None = None) -> Record:
        """List the receivers of a user.

        ``GET /v1/push_notification_receivers`` - safe

        The shape of the answer is not documented.

        Reference: "Push notification receiver", "Get Push Notification Receivers".
        """
        return self._portal.run(self._impl.receivers, user_id=user_id, application_type=application_type)

    def temporary_receivers(
        self, *, user_id: int | None = None, application_type: ApplicationType | str | None = None
    ) -> Record:
        """List the temporary receivers of a user.

        ``GET /v1/temporary_push_notification_receivers`` - safe

        The shape of the answer is not documented.

        Reference: "Push notification receiver", "Get Temporary Push Notification Receivers".
        """
        return self._portal.run(self._impl.temporary_receivers, user_id=user_id, application_type=application_type)

    def blaster_receivers(
        self,
        *,
        device_type: DeviceType | str | None = None,
        worker: int | None = None,
        application_type: ApplicationType | str | None = None,
    ) -> Record:
        """Get the receivers that one of the workers sends push notifications to.

        ``POST /v1/push_notification_blaster`` - unrepeatable

        The shape of the answer is not documented. The reference describes a read, but it is a POST to what sends
        notifications, and what it changes is not documented.

        Args:
            worker: Number of the worker. The reference speaks of four of them.

        Reference: "Push notification receiver", "Get Push Notification Receivers".
        """
        return self._portal.run(
            self._impl.blaster_receivers, device_type=device_type, worker=worker, application_type=application_type
        )
