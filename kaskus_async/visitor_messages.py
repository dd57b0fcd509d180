"""Visitor messages, which stand on users' profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.visitor_messages import VisitorMessage, VisitorMessagePage
from kaskus_async.requests import delete, get, post
from kaskus_async.values import positive, required
from nusantara.client import Resource
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["VisitorMessages"]


class VisitorMessages(Resource):
    """Visitor messages (VM). Reference: "Vm"."""

    _client: AsyncKaskus

    def of_user(self, user_id: int, *, limit: int | None = None) -> Pager[VisitorMessage]:
        """List the messages on the profile of a user.

        ``GET /vm/{user_id}`` - safe

        The reference says that there are pages, but not how to get them; they are asked for by ``page`` and ``limit``,
        as elsewhere.

        Args:
            limit: Messages in a page.

        Reference: "Vm", "GET vm".
        """
        params = {"limit": positive("limit", limit)}

        async def fetch(page: int | None) -> VisitorMessagePage:
            request = get("/vm/{user_id}", user_id, params={"page": page, **params})
            return await self._client._send(request, VisitorMessagePage)

        return paging.by_number(
            fetch, lambda answer: answer.vm, key=lambda message: message.id, first=None, limit=limit
        )

    async def conversation(self, user_id_1: int, user_id_2: int) -> Record:
        """List the messages that two users wrote to each other.

        ``GET /vm/{user_id_1}/{user_id_2}`` - safe

        The shape of the answer is not documented.

        Reference: "Vm", "GET vm/conversation".
        """
        return await self._client._send(get("/vm/{user_id_1}/{user_id_2}", user_id_1, user_id_2), Record)

    async def send(self, user_id: int, message: str) -> Record:
        """Write a message on the profile of a user.

        ``POST /vm/{user_id}`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Vm", "POST vm".
        """
        return await self._client._send(
            post(
                "/vm/{user_id}",
                user_id,
                form={"message": required("message", message)},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def delete(self, vm_id: int) -> Record:
        """Delete a message.

        ``DELETE /vm/{vm_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Vm", "DELETE vm".
        """
        return await self._client._send(delete("/vm/{vm_id}", vm_id, call_class=CallClass.REPEATABLE), Record)
