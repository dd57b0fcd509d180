# Written by "python -m nusantara.syncgen" from kaskus_async/visitor_messages.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.visitor_messages`."""

from __future__ import annotations

from kaskus_async.models.visitor_messages import VisitorMessage
from kaskus_async.visitor_messages import VisitorMessages as AsyncVisitorMessages
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["VisitorMessages"]


class VisitorMessages(SyncResource[AsyncVisitorMessages]):
    """Visitor messages (VM). Reference: "Vm"."""

    def of_user(self, user_id: int, *, limit: int | None = None) -> SyncPager[VisitorMessage]:
        """List the messages on the profile of a user.

        ``GET /vm/{user_id}`` - safe

        The reference says that there are pages, but not how to get them; they are asked for by ``page`` and ``limit``,
        as elsewhere.

        Args:
            limit: Messages in a page.

        Reference: "Vm", "GET vm".
        """
        return SyncPager(self._portal, self._impl.of_user(user_id, limit=limit))

    def conversation(self, user_id_1: int, user_id_2: int) -> Record:
        """List the messages that two users wrote to each other.

        ``GET /vm/{user_id_1}/{user_id_2}`` - safe

        The shape of the answer is not documented.

        Reference: "Vm", "GET vm/conversation".
        """
        return self._portal.run(self._impl.conversation, user_id_1, user_id_2)

    def send(self, user_id: int, message: str) -> Record:
        """Write a message on the profile of a user.

        ``POST /vm/{user_id}`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Vm", "POST vm".
        """
        return self._portal.run(self._impl.send, user_id, message)

    def delete(self, vm_id: int) -> Record:
        """Delete a message.

        ``DELETE /vm/{vm_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Vm", "DELETE vm".
        """
        return self._portal.run(self._impl.delete, vm_id)
