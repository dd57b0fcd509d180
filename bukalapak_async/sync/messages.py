# Written by "python -m nusantara.syncgen" from bukalapak_async/messages.py. Do not edit.
"""Synchronous twin of :mod:`bukalapak_async.messages`."""

from __future__ import annotations

from bukalapak_async.enums import CategoryV1, CategoryV2
from bukalapak_async.messages import Messages as AsyncMessages
from bukalapak_async.models import Conversation, Deleted, Message, SentMessage
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Messages"]


class Messages(SyncResource[AsyncMessages]):
    """Reading, sending and deleting messages. Reference: "Bukalapak Messages API"."""

    def inbox(
        self, *, per_page: int | None = None, unread_only: bool = False, search: str | None = None
    ) -> SyncPager[Conversation]:
        """List one's conversations, the one with the newest message first.

        ``GET /v1/messages.json`` - safe

        The ``answer`` of a page is an :class:`~bukalapak_async.InboxPage`, which has the number of unread ones.

        Args:
            per_page: Conversations in a page; the server's default is 10, its maximum unknown.
            unread_only: Only conversations with unread messages. API version v2.
            search: Words to look for in the messages. API version v2.

        Reference: "Get Inbox".
        """
        return SyncPager(self._portal, self._impl.inbox(per_page=per_page, unread_only=unread_only, search=search))

    def conversation(
        self, inbox_id: str, *, per_page: int | None = None, keep_unread: bool = False
    ) -> SyncPager[Message]:
        """List the messages of a conversation, newest first. Reading marks them as read.

        ``GET /v1/messages/{inbox_id}.json`` - safe

        Args:
            inbox_id: :attr:`Conversation.id <bukalapak_async.Conversation.id>`. Only one's own can be opened.
            per_page: Messages in a page; the server's default is 10, its maximum unknown.
            keep_unread: Leave the conversation unread. API version v2.

        Reference: "Get Conversation".
        """
        return SyncPager(self._portal, self._impl.conversation(inbox_id, per_page=per_page, keep_unread=keep_unread))

    def get(self, message_id: str) -> Message:
        """Read one message, which marks it as read.

        ``GET /v1/messages/im/{message_id}.json`` - safe

        Raises:
            ApiError: It does not exist or belongs to others.

        Reference: "Get Message".
        """
        return self._portal.run(self._impl.get, message_id)

    def create(
        self,
        receiver_id: str | int,
        text: str,
        *,
        category: CategoryV1 | CategoryV2 | int = 0,
        client_id: str | None = None,
        product_id: str | None = None,
    ) -> SentMessage:
        """Send a message.

        ``POST /v1/messages.json`` - unrepeatable

        Args:
            receiver_id: User id of the receiver.
            text: BBCode. No length limit is documented.
            category: The enum of the client's API version, or a number, which is sent as it is. Above 0 only to the
                administrator.
            client_id: A mark of your own that the answer repeats. It does not keep a message from being sent twice.
                API version v2.
            product_id: Short id of the product that the message is about. API version v2.

        Raises:
            ApiError: Refused, as for a category above 0 to somebody else.
            OutcomeUnknown: Sent, but no answer came. Look into the conversation before sending again.

        Reference: "Create Message".
        """
        return self._portal.run(
            self._impl.create, receiver_id, text, category=category, client_id=client_id, product_id=product_id
        )

    def delete_conversation(self, inbox_id: str) -> Deleted:
        """Delete a conversation. Whether the partner keeps it is not documented.

        ``DELETE /v1/messages/{inbox_id}.json`` - repeatable

        Raises:
            ApiError: Not deleted; ``error.details["id"]`` still has the id. After a lost answer, a second try of a
                deletion that worked may end so, too: see ``error.attempts``.

        Reference: "Delete Conversation".
        """
        return self._portal.run(self._impl.delete_conversation, inbox_id)

    def delete(self, message_id: str) -> Deleted:
        """Delete one message. Whether the partner keeps it is not documented.

        ``DELETE /v1/messages/im/{message_id}.json`` - repeatable

        The reference's sample call lacks ``im/``, which would delete a conversation; its resource URL has it.

        Raises:
            ApiError: Not deleted; ``error.details["id"]`` still has the id. After a lost answer, a second try of a
                deletion that worked may end so, too: see ``error.attempts``.

        Reference: "Delete Message".
        """
        return self._portal.run(self._impl.delete, message_id)
