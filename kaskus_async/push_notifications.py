"""Receivers of push notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.models.push_notifications import ApplicationType, DeviceType
from kaskus_async.requests import get, post
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["PushNotifications"]


class PushNotifications(Resource):
    """Devices that get push notifications. Reference: "Push notification receiver"."""

    _client: AsyncKaskus

    async def receivers(
        self, *, user_id: int | None = None, application_type: ApplicationType | str | None = None
    ) -> Record:
        """List the receivers of a user.

        ``GET /v1/push_notification_receivers`` - safe

        The shape of the answer is not documented.

        Reference: "Push notification receiver", "Get Push Notification Receivers".
        """
        params = {"user_id": user_id, "application_type": application_type}
        return await self._client._send(get("/v1/push_notification_receivers", params=params), Record)

    async def temporary_receivers(
        self, *, user_id: int | None = None, application_type: ApplicationType | str | None = None
    ) -> Record:
        """List the temporary receivers of a user.

        ``GET /v1/temporary_push_notification_receivers`` - safe

        The shape of the answer is not documented.

        Reference: "Push notification receiver", "Get Temporary Push Notification Receivers".
        """
        params = {"user_id": user_id, "application_type": application_type}
        return await self._client._send(get("/v1/temporary_push_notification_receivers", params=params), Record)

    async def blaster_receivers(
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
        params = {"device_type": device_type, "worker": worker, "application_type": application_type}
        return await self._client._send(
            post("/v1/push_notification_blaster", params=params, call_class=CallClass.UNREPEATABLE), Record
        )
