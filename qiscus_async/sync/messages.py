# Written by "python -m nusantara.syncgen" from qiscus_async/messages.py. Do not edit.
"""Synchronous twin of :mod:`qiscus_async.messages`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager
from qiscus_async.messages import Messages as AsyncMessages
from qiscus_async.models.comments import Comment

if TYPE_CHECKING:
    from qiscus_async.payloads import Content, SystemEvent

__all__ = ["Messages"]


class Messages(SyncResource[AsyncMessages]):
    """Posting, reading and searching comments. What the parameters call ``email`` is any user id."""

    def post(
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
        return self._portal.run(
            self._impl.post,
            room_id,
            sender_email,
            content,
            message=message,
            unique_temp_id=unique_temp_id,
            disable_link_preview=disable_link_preview,
            extras=extras,
        )

    def load(self, room_id: int | str, *, per_page: int | None = None) -> SyncPager[Comment]:
        """List the comments of a room, newest first.

        ``GET /api/v2/rest/load_comments`` - safe

        The older edition says POST, the newer one and every public client GET.

        Args:
            room_id: Number of the room; it is unknown whether the unique id will do.
            per_page: Comments in a page; the server's default is 20. Its maximum is unknown, 100 are in use.

        Reference: "Load comments".
        """
        return SyncPager(self._portal, self._impl.load(room_id, per_page=per_page))

    def post_system_event(
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
        return self._portal.run(self._impl.post_system_event, room_id, event, extras=extras)

    def search(self, user_email: str, query: str, *, room_id: int | str | None = None) -> list[Comment]:
        """Search the comments that a user can see; the last 100 hits.

        ``POST /api/v2/rest/search_messages`` - safe

        Args:
            user_email: User id.
            query: Words to look for.
            room_id: Only in this room.

        Reference: "Search Messages".
        """
        return self._portal.run(self._impl.search, user_email, query, room_id=room_id)

    def broadcast(
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
        return self._portal.run(self._impl.broadcast, sender_email, emails, content, message=message, extras=extras)
