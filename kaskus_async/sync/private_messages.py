# Written by "python -m nusantara.syncgen" from kaskus_async/private_messages.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.private_messages`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.models.private_messages import MessageFolder, MessageStatus, StandardFolder
from kaskus_async.private_messages import PrivateMessages as AsyncPrivateMessages
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["PrivateMessages"]


class PrivateMessages(SyncResource[AsyncPrivateMessages]):
    """Private messages (PM) of the signed-in user. Reference: "Pm", "Pmfolder".

    A folder is given by its id: one of :class:`~kaskus_async.models.private_messages.StandardFolder`, or that of a
    folder that the user created.
    """

    def in_folder(self, folder_id: StandardFolder | int) -> Record:
        """List the messages in a folder.

        ``GET /pm/{folder_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Pm", "GET PM".
        """
        return self._portal.run(self._impl.in_folder, folder_id)

    def get(self, folder_id: StandardFolder | int, pm_ids: Sequence[int | str]) -> Record:
        """Read some messages in a folder.

        ``GET /pm/{folder_id}/{pm_ids}`` - safe

        The shape of the answer is not documented.

        Reference: "Pm", "GET PM".
        """
        return self._portal.run(self._impl.get, folder_id, pm_ids)

    def send(self, recipients: Sequence[str], subject: str, message: str) -> Record:
        """Send a message.

        ``POST /pm`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            recipients: User names.

        Reference: "Pm", "POST PM".
        """
        return self._portal.run(self._impl.send, recipients, subject, message)

    def mark(self, pm_ids: Sequence[int | str], status: MessageStatus | str) -> Record:
        """Mark messages as read or unread.

        ``POST /pm/{pm_ids}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Pm", "POST PM".
        """
        return self._portal.run(self._impl.mark, pm_ids, status)

    def move(
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
        return self._portal.run(self._impl.move, current_folder_id, pm_id, folder_id)

    def delete(self, folder_id: StandardFolder | int, pm_ids: Sequence[int | str]) -> Record:
        """Delete messages from a folder.

        ``DELETE /pm/{folder_id}/{pm_ids}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Pm", "DELETE PM".
        """
        return self._portal.run(self._impl.delete, folder_id, pm_ids)

    def folders(self) -> list[MessageFolder]:
        """List the folders, those that every user has among them.

        ``GET /pmfolder`` - safe

        Reference: "Pmfolder", "GET pmfolder".
        """
        return self._portal.run(self._impl.folders)

    def create_folder(self, name: str) -> Record:
        """Create a folder.

        ``POST /pmfolder`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Pmfolder", "POST pmfolder".
        """
        return self._portal.run(self._impl.create_folder, name)

    def delete_folder(self, folder_id: int) -> Record:
        """Delete a folder that the user created.

        ``DELETE /pmfolder/{folder_id}`` - repeatable

        The shape of the answer is not documented, nor what becomes of the messages in the folder.

        Reference: "Pmfolder", "DELETE pmfolder".
        """
        return self._portal.run(self._impl.delete_folder, folder_id)
