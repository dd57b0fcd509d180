"""Private messages and their folders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async.models.private_messages import MessageFolder, MessageStatus, StandardFolder
from kaskus_async.requests import delete, get, post
from kaskus_async.values import given, joined, required
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["PrivateMessages"]


class PrivateMessages(Resource):
    """Private messages (PM) of the signed-in user. Reference: "Pm", "Pmfolder".

    A folder is given by its id: one of :class:`~kaskus_async.models.private_messages.StandardFolder`, or that of a
    folder that the user created.
    """

    _client: AsyncKaskus

    async def in_folder(self, folder_id: StandardFolder | int) -> Record:
        """List the messages in a folder.

        ``GET /pm/{folder_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Pm", "GET PM".
        """
        return await self._client._send(get("/pm/{folder_id}", folder_id), Record)

    async def get(self, folder_id: StandardFolder | int, pm_ids: Sequence[int | str]) -> Record:
        """Read some messages in a folder.

        ``GET /pm/{folder_id}/{pm_ids}`` - safe

        The shape of the answer is not documented.

        Reference: "Pm", "GET PM".
        """
        return await self._client._send(get("/pm/{folder_id}/{pm_ids}", folder_id, _in_path(pm_ids)), Record)

    async def send(self, recipients: Sequence[str], subject: str, message: str) -> Record:
        """Send a message.

        ``POST /pm`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            recipients: User names.

        Reference: "Pm", "POST PM".
        """
        return await self._client._send(
            post(
                "/pm",
                form={
                    "subject": required("subject", subject),
                    "message": required("message", message),
                    "recipient": required("recipients", joined("recipients", recipients, ";") or ""),
                },
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def mark(self, pm_ids: Sequence[int | str], status: MessageStatus | str) -> Record:
        """Mark messages as read or unread.

        ``POST /pm/{pm_ids}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Pm", "POST PM".
        """
        return await self._client._send(
            post(
                "/pm/{pm_ids}",
                _in_path(pm_ids),
                form={"status": required("status", status)},
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )

    async def move(
        self, current_folder_id: StandardFolder | int, pm_id: int | str, folder_id: StandardFolder | int
    ) -> Record:
        """Move a message to another folder.

        ``POST /pm/{current_folder_id}/{pm_id}`` - repeatable

        The shape of the answer is not documented.

        Args:
            current_folder_id: Where it is.
            folder_id: Where it is to be.

        Reference: "Pm", "POST PM".
        """
        return await self._client._send(
            post(
                "/pm/{current_folder_id}/{pm_id}",
                current_folder_id,
                pm_id,
                form={"folder_id": given("folder_id", folder_id)},
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )

    async def delete(self, folder_id: StandardFolder | int, pm_ids: Sequence[int | str]) -> Record:
        """Delete messages from a folder.

        ``DELETE /pm/{folder_id}/{pm_ids}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Pm", "DELETE PM".
        """
        return await self._client._send(
            delete("/pm/{folder_id}/{pm_ids}", folder_id, _in_path(pm_ids), call_class=CallClass.REPEATABLE), Record
        )

    async def folders(self) -> list[MessageFolder]:
        """List the folders, those that every user has among them.

        ``GET /pmfolder`` - safe

        Reference: "Pmfolder", "GET pmfolder".
        """
        return await self._client._send(get("/pmfolder"), list[MessageFolder])

    async def create_folder(self, name: str) -> Record:
        """Create a folder.

        ``POST /pmfolder`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Pmfolder", "POST pmfolder".
        """
        return await self._client._send(
            post("/pmfolder", form={"name": required("name", name)}, call_class=CallClass.UNREPEATABLE), Record
        )

    async def delete_folder(self, folder_id: int) -> Record:
        """Delete a folder that the user created.

        ``DELETE /pmfolder/{folder_id}`` - repeatable

        The shape of the answer is not documented, nor what becomes of the messages in the folder.

        Reference: "Pmfolder", "DELETE pmfolder".
        """
        return await self._client._send(
            delete("/pmfolder/{folder_id}", folder_id, call_class=CallClass.REPEATABLE), Record
        )


def _in_path(pm_ids: Sequence[int | str]) -> str:
    """Several ids as one part of a path, which is refused if it is empty."""
    return joined("pm_ids", pm_ids) or ""
