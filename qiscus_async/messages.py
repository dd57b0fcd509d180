"""Comments: posting, reading, searching."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from nusantara.client import Resource
from nusantara.errors import InvalidParameter, OutcomeUnknown
from nusantara.pagination import Page, Pager, numbered
from nusantara.request import CallClass, get, post
from qiscus_async.errors import CommentOutcomeUnknown
from qiscus_async.lookup import CommentLookup
from qiscus_async.models.comments import Comment, CommentAnswer, CommentListAnswer
from qiscus_async.values import extras_of, given, page_size, room, switch, text, users

if TYPE_CHECKING:
    from qiscus_async.client import AsyncQiscus
    from qiscus_async.payloads import Content, SystemEvent

__all__ = ["Messages"]

DEFAULT_PAGE_SIZE = 20


class Messages(Resource):
    """Posting, reading and searching comments. What the parameters call ``email`` is any user id."""

    _client: AsyncQiscus

    async def post(
        self,
        room_id: int | str,
        sender_email: str,
        content: str | Content,
        *,
        message: str | None = None,
        unique_temp_id: str | None = None,
        disable_link_preview: bool = False,
        extras: Mapping[str, Any] | None = None,
    ) -> Comment:
        """Post a comment, once.

        ``POST /api/v2/rest/post_comment`` - keyed

        The comment carries a mark, ``unique_temp_id``. No public source tells what the server does with a second one of
        the same mark; so nothing is left to it. If no answer comes that tells the outcome, the mark is looked for among
        the newest comments of the room, several times over ``settling_time`` (5 s, a setting of the client).

        - It is there: that comment is the result.
        - The connection was closed, and the comment is not there after that time: it is sent again.
        - After silence, a 5xx or anything else that lets something on the way hold the comment still: it is never sent
          again. Neither is it after a closed connection where the client has ``post_again=False``.

        A comment that a server stores later than ``settling_time`` after it closed the connection can be there twice.

        Args:
            room_id: Number or unique id of the room.
            sender_email: User id of the sender.
            content: A text, or one of :mod:`qiscus_async.payloads`.
            message: What the room shows for a content that is not a text. The server composes it for some types.
            unique_temp_id: A mark of your own, unlike any other in the room; by default a random one. It is not looked
                for before the first try, so that a program that starts over has to do it itself.
            disable_link_preview: Tell the apps not to show what links lead to.
            extras: Data of your own beside the content. Undocumented here; known from public clients.

        Raises:
            InvalidParameter: A required part of the content is missing; the error names it.
            CommentOutcomeUnknown: It cannot be told whether the comment was stored. The error has the mark, with which
                to look for it again later.

        Reference: "Post comment".
        """
        number = room(room_id)
        mark = secrets.token_hex(10) if unique_temp_id is None else text("unique_temp_id", unique_temp_id)
        body = {
            "sender_email": text("sender_email", sender_email),
            "room_id": number,
            **_content(content, message),
            "unique_temp_id": mark,
            "disable_link_preview": switch("disable_link_preview", disable_link_preview),
            "extras": extras_of(extras),
        }
        request = post("/api/v2/rest/post_comment", json=given(body), call_class=CallClass.KEYED)
        try:
            answer = await self._client._send_keyed(
                request,
                CommentAnswer,
                CommentLookup(self._client, number, mark).find,
                settling_time=self._client._settling_time,
                may_send_again=self._client._post_again,
            )
        except OutcomeUnknown as unknown:
            raise CommentOutcomeUnknown.of(unknown, mark) from unknown.__cause__
        return answer.results.comment

    def load(self, room_id: int | str, *, per_page: int | None = None) -> Pager[Comment]:
        """List the comments of a room, newest first.

        ``GET /api/v2/rest/load_comments`` - safe

        The older edition says POST, the newer one and every public client GET.

        Args:
            room_id: Number of the room; it is unknown whether the unique id will do.
            per_page: Comments in a page; the server's default is 20. Its maximum is unknown, 100 are in use.

        Reference: "Load comments".
        """
        number, limit = room(room_id), page_size(per_page)

        async def fetch(page: int) -> Page[Comment]:
            request = get("/api/v2/rest/load_comments", params={"room_id": number, "page": page, "limit": limit})
            results = (await self._client._send(request, CommentListAnswer)).results
            found = results.comments or []
            more = len(found) >= (limit or DEFAULT_PAGE_SIZE)
            if limit is not None and limit > DEFAULT_PAGE_SIZE and found:
                # Shorter than asked for may mean that the server allows no more; the first comment of a room says 0.
                # One that cannot be read (codec.Malformed) says nothing.
                more = more or bool(getattr(found[-1], "comment_before_id", True))
            return Page(items=found, next=str(page + 1) if more else None, answer=results)

        return Pager(numbered(fetch), key=lambda comment: comment.id)

    async def post_system_event(
        self, room_id: int | str, event: SystemEvent, *, extras: Mapping[str, Any] | None = None
    ) -> Comment:
        """Write a line of the system into a room. It adds no members and renames nothing.

        ``POST /api/v2/rest/post_system_event_message`` - unrepeatable

        An event with several members makes a line for each; the answer is the last of them.

        Args:
            event: One of the events in :mod:`qiscus_async.payloads`.
            extras: Data of your own; its ``qiscus_ios_pn`` replaces the push notification. Undocumented here.

        Raises:
            InvalidParameter: A required part of the event is missing; the error names it.
            OutcomeUnknown: No answer came. Look into the room before posting it again.

        Reference: "Post System Event Message".
        """
        body = {"room_id": room(room_id), **_event(event), "extras": extras_of(extras)}
        request = post("/api/v2/rest/post_system_event_message", json=given(body), call_class=CallClass.UNREPEATABLE)
        return (await self._client._send(request, CommentAnswer)).results.comment

    async def search(self, user_email: str, query: str, *, room_id: int | str | None = None) -> list[Comment]:
        """Search the comments that a user can see; the last 100 hits.

        ``POST /api/v2/rest/search_messages`` - safe

        Args:
            user_email: User id.
            query: Words to look for.
            room_id: Only in this room.

        Reference: "Search Messages".
        """
        body = {
            "user_email": text("user_email", user_email),
            "query": text("query", query),
            "room_id": None if room_id is None else room(room_id),
        }
        request = post("/api/v2/rest/search_messages", json=given(body), call_class=CallClass.SAFE)
        return (await self._client._send(request, CommentListAnswer)).results.comments or []

    async def broadcast(
        self,
        sender_email: str,
        emails: Sequence[str],
        content: str | Content,
        *,
        message: str | None = None,
        extras: Mapping[str, Any] | None = None,
    ) -> list[Comment]:
        """Post a comment to several users, to each in the room that the two share.

        ``POST /api/v2/rest/broadcast`` - unrepeatable

        Args:
            sender_email: User id of the sender.
            emails: User ids. Public clients speak of at most 30.
            content: A text, or one of :mod:`qiscus_async.payloads`.
            message: What the rooms show for a content that is not a text. Required then.
            extras: Data of your own beside the content.

        Returns:
            A comment for each user, whose ``target_email`` says for whom.

        Raises:
            InvalidParameter: A required part of the content is missing; the error names it.
            OutcomeUnknown: No answer came. A broadcast carries no mark to look for; see into the rooms.

        Reference: "Broadcast Message".
        """
        body = {
            "sender_email": text("sender_email", sender_email),
            "emails": users("emails", emails),
            **_content(content, message),
            "extras": extras_of(extras),
        }
        if body["message"] is None:
            raise InvalidParameter("message", "must be given with a content that is not a text")
        request = post("/api/v2/rest/broadcast", json=given(body), call_class=CallClass.UNREPEATABLE)
        return (await self._client._send(request, CommentListAnswer)).results.comments or []


def _content(content: str | Content, message: str | None) -> dict[str, Any]:
    """Message, type and payload of a comment."""
    from qiscus_async import payloads

    if isinstance(content, str):
        content = payloads.Text(text=text("content", content))
    if not isinstance(content, get_args(payloads.Content)):
        problem = "must be a text or one of qiscus_async.payloads"
        if isinstance(content, payloads.SystemEvent):
            problem = "is a system event, which post_system_event posts"
        raise InvalidParameter("content", problem)
    if isinstance(content, payloads.Text):
        if message is not None:
            raise InvalidParameter("message", "cannot be given with a text, which is the message itself")
        message = content.text
    elif isinstance(content, payloads.Reply) and message is None:
        message = content.text
    document: Any = None
    if isinstance(content, payloads.Other):
        text("content.comment_type", content.comment_type)
        document = content.document
    else:
        content.check("content.")
        if not isinstance(content, payloads.Text):
            document = content
    return {"message": message, "type": content.comment_type, "payload": document}


def _event(event: SystemEvent) -> dict[str, Any]:
    """What says which event it is."""
    from qiscus_async import payloads
    from qiscus_async.payloads.events import read_event

    if not isinstance(event, payloads.SystemEvent):
        raise InvalidParameter("event", "must be one of the events in qiscus_async.payloads")
    if type(event) is payloads.SystemEvent:
        event = read_event(event.to_document()) or event
    event.check("event.")
    body: dict[str, Any] = {"system_event_type": event.type, "subject_email": event.subject_email or None}
    match event:
        case payloads.AddMember() | payloads.RemoveMember():
            body["object_email"] = event.members
        case payloads.CreateRoom() | payloads.ChangeRoomName():
            body["updated_room_name"] = event.room_name
        case payloads.CustomEvent():
            body |= {"message": event.message, "payload": event.content or None}
    return body
