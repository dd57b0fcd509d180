"""Messages between users: the six operations of the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bukalapak_async.enums import CategoryV1, CategoryV2
from bukalapak_async.models import (
    Conversation,
    ConversationPage,
    Deleted,
    InboxPage,
    Message,
    MessageAnswer,
    SentMessage,
)
from nusantara.checks import check_flag, check_whole
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.pagination import Page, Pager, numbered
from nusantara.request import CallClass, delete, get, percent_encode, post

if TYPE_CHECKING:
    from bukalapak_async.client import AsyncBukalapak

__all__ = ["Messages"]

DEFAULT_PER_PAGE = 10


class Messages(Resource):
    """Reading, sending and deleting messages. Reference: "Bukalapak Messages API"."""

    _client: AsyncBukalapak

    def inbox(
        self, *, per_page: int | None = None, unread_only: bool = False, search: str | None = None
    ) -> Pager[Conversation]:
        """List one's conversations, the one with the newest message first.

        ``GET /v1/messages.json`` - safe

        The ``answer`` of a page is an :class:`~bukalapak_async.InboxPage`, which has the number of unread ones.

        Args:
            per_page: Conversations in a page; the server's default is 10, its maximum unknown.
            unread_only: Only conversations with unread messages. API version v2.
            search: Words to look for in the messages. API version v2.

        Reference: "Get Inbox".
        """
        check_flag("unread_only", unread_only)
        self._only_v2("unread_only", unread_only)
        self._only_v2("search", search)

        async def fetch(page: int) -> Page[Conversation]:
            answer = await self._client._send(
                get(
                    self._client._path("/messages.json"),
                    params={
                        "page": page,
                        "per_page": per_page,
                        "filter": "unread" if unread_only else None,
                        "search": search,
                    },
                ),
                InboxPage,
            )
            return Page(items=answer.inbox, answer=answer)

        return Pager(numbered(fetch, per_page=_checked(per_page)), key=lambda conversation: conversation.id)

    def conversation(self, inbox_id: str, *, per_page: int | None = None, keep_unread: bool = False) -> Pager[Message]:
        """List the messages of a conversation, newest first. Reading marks them as read.

        ``GET /v1/messages/{inbox_id}.json`` - safe

        Args:
            inbox_id: :attr:`Conversation.id <bukalapak_async.Conversation.id>`. Only one's own can be opened.
            per_page: Messages in a page; the server's default is 10, its maximum unknown.
            keep_unread: Leave the conversation unread. API version v2.

        Reference: "Get Conversation".
        """
        check_flag("keep_unread", keep_unread)
        self._only_v2("keep_unread", keep_unread)

        async def fetch(page: int) -> Page[Message]:
            answer = await self._client._send(
                get(
                    self._client._path("/messages/{inbox_id}.json"),
                    inbox_id,
                    params={"page": page, "per_page": per_page, "keep_unread": "1" if keep_unread else None},
                ),
                ConversationPage,
            )
            return Page(items=answer.instant_messages, answer=answer)

        return Pager(numbered(fetch, per_page=_checked(per_page)), key=lambda message: message.id)

    async def get(self, message_id: str) -> Message:
        """Read one message, which marks it as read.

        ``GET /v1/messages/im/{message_id}.json`` - safe

        Raises:
            ApiError: It does not exist or belongs to others.

        Reference: "Get Message".
        """
        answer = await self._client._send(
            get(self._client._path("/messages/im/{message_id}.json"), message_id), MessageAnswer
        )
        return answer.instant_message

    async def create(
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
        self._only_v2("client_id", client_id)
        self._only_v2("product_id", product_id)
        message = {
            "receiver_id": str(_required("receiver_id", receiver_id)),
            "category": str(self._category_number(category)),
            "body_bb": _required("text", text),
        }
        if client_id is not None:
            message["client_id"] = client_id
        document: dict[str, object] = {"instant_message": message}
        if product_id is not None:
            document["product_id"] = product_id
        return await self._client._send(
            post(
                self._client._path("/messages.json"),
                json=document,
                call_class=CallClass.UNREPEATABLE,
            ),
            SentMessage,
        )

    async def delete_conversation(self, inbox_id: str) -> Deleted:
        """Delete a conversation. Whether the partner keeps it is not documented.

        ``DELETE /v1/messages/{inbox_id}.json`` - repeatable

        Raises:
            ApiError: Not deleted; ``error.details["id"]`` still has the id. After a lost answer, a second try of a
                deletion that worked may end so, too: see ``error.attempts``.

        Reference: "Delete Conversation".
        """
        return await self._client._send(
            delete(
                self._client._path("/messages/{inbox_id}.json"),
                inbox_id,
                call_class=CallClass.REPEATABLE,
            ),
            Deleted,
        )

    async def delete(self, message_id: str) -> Deleted:
        """Delete one message. Whether the partner keeps it is not documented.

        ``DELETE /v1/messages/im/{message_id}.json`` - repeatable

        The reference's sample call lacks ``im/``, which would delete a conversation; its resource URL has it.

        Raises:
            ApiError: Not deleted; ``error.details["id"]`` still has the id. After a lost answer, a second try of a
                deletion that worked may end so, too: see ``error.attempts``.

        Reference: "Delete Message".
        """
        return await self._client._send(
            delete(
                self._client._path("/messages/im/{message_id}.json"),
                message_id,
                call_class=CallClass.REPEATABLE,
            ),
            Deleted,
        )

    def _only_v2(self, parameter: str, value: object) -> None:
        if value not in (None, False) and self._client.api_version == "v1":
            raise InvalidParameter(parameter, "is known to API version v2 only; this client uses v1")

    def _category_number(self, category: CategoryV1 | CategoryV2 | int) -> int:
        if isinstance(category, bool) or not isinstance(category, int):
            raise InvalidParameter("category", f"must be a category or a number, not {category!r}")
        other = CategoryV2 if self._client.api_version == "v1" else CategoryV1
        if isinstance(category, other):
            raise InvalidParameter(
                "category", f"{category!r} is of the other API version; this client uses {self._client.api_version}"
            )
        return int(category)


def _checked(per_page: int | None) -> int:
    check_whole("per_page", per_page, or_none=True)
    return DEFAULT_PER_PAGE if per_page is None else per_page


def _required(parameter: str, value: str | int) -> str | int:
    if value is None or value == "" or isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InvalidParameter(parameter, "must be given, as text")
    if isinstance(value, str) and not value.isascii():
        percent_encode(value, parameter)  # Names the parameter if the text has no UTF-8 form.
    return value
