"""The KASKUS client."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from kaskus_async.enums import Output
from kaskus_async.requests import BASE_PATH
from nusantara.client import AsyncClient, Settings, api_error, clean_base_url, from_environment
from nusantara.errors import ApiError, InvalidParameter
from nusantara.record import Record
from nusantara.request import Request
from nusantara.response import Response, html_title
from nusantara.secret import Secret

if TYPE_CHECKING:
    from kaskus_async.content import Content
    from kaskus_async.fjb.groups import Fjb
    from kaskus_async.forum_tags import ForumTags
    from kaskus_async.forums import Forums
    from kaskus_async.images import Images
    from kaskus_async.posts import Posts
    from kaskus_async.private_messages import PrivateMessages
    from kaskus_async.push_notifications import PushNotifications
    from kaskus_async.reputation import ReputationPoints
    from kaskus_async.search import Search
    from kaskus_async.smileys import Smileys
    from kaskus_async.stickers import Stickers
    from kaskus_async.streams import Streams
    from kaskus_async.subscriptions import Subscriptions
    from kaskus_async.threads import Threads
    from kaskus_async.visitor_messages import VisitorMessages

__all__ = ["AsyncKaskus"]

T = TypeVar("T")

BASE_URL = "https://www.kaskus.co.id"


class AsyncKaskus(AsyncClient):
    """KASKUS, as an application or as one of its users.

    Args:
        consumer_key: Key of the application.
        consumer_secret: Secret of the application. Without a token, calls are signed for the application alone, which
            public reads accept.
        token: OAuth 1.0a token of a user.
        token_secret: Secret of that token.
        output: Format to ask for. Results are the same; JSON is cheaper to read.
        base_url: Another site than https://www.kaskus.co.id, such as a sandbox. The path ``/api/oauth`` is added if it
            is not there.
        settings: See :class:`nusantara.client.Settings`.
    """

    vendor = "kaskus"

    def __init__(
        self,
        consumer_key: str,
        consumer_secret: Secret | str,
        *,
        token: str | None = None,
        token_secret: Secret | str | None = None,
        output: Output | str = Output.JSON,
        base_url: str | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        from nusantara.oauth1 import OAuth1

        if (token is None) != (token_secret is None):
            raise InvalidParameter("token" if token is None else "token_secret", "is missing: the two go together")
        try:
            self.output: Output = Output(output)
        except ValueError:
            raise InvalidParameter("output", f"must be json or xml, not {output!r}") from None
        signer = OAuth1(consumer_key, consumer_secret, token=token, token_secret=token_secret)
        super().__init__(_site(base_url or BASE_URL), signer, settings)

    @classmethod
    def from_env(cls, *, output: Output | str = Output.JSON, **settings: Unpack[Settings]) -> Self:
        """A client from ``KASKUS_CONSUMER_KEY``, ``KASKUS_CONSUMER_SECRET`` and, if set, ``KASKUS_TOKEN``,
        ``KASKUS_TOKEN_SECRET`` and ``KASKUS_BASE_URL``."""
        return cls(
            from_environment("KASKUS_CONSUMER_KEY", "consumer_key"),
            from_environment("KASKUS_CONSUMER_SECRET", "consumer_secret"),
            token=os.environ.get("KASKUS_TOKEN") or None,
            token_secret=os.environ.get("KASKUS_TOKEN_SECRET") or None,
            output=output,
            base_url=os.environ.get("KASKUS_BASE_URL") or None,
            **settings,
        )

    @cached_property
    def reputation(self) -> ReputationPoints:
        """Reputation, given for posts."""
        from kaskus_async.reputation import ReputationPoints

        return ReputationPoints(self)

    @cached_property
    def forums(self) -> Forums:
        """Forums and what is in them."""
        from kaskus_async.forums import Forums

        return Forums(self)

    @cached_property
    def forum_tags(self) -> ForumTags:
        """Tags that group forums."""
        from kaskus_async.forum_tags import ForumTags

        return ForumTags(self)

    @cached_property
    def threads(self) -> Threads:
        """Threads: reading, starting and rating them, and the hot ones."""
        from kaskus_async.threads import Threads

        return Threads(self)

    @cached_property
    def posts(self) -> Posts:
        """Posts: reading, writing and changing them."""
        from kaskus_async.posts import Posts

        return Posts(self)

    @cached_property
    def search(self) -> Search:
        """Searching for threads, lapak, users and groups."""
        from kaskus_async.search import Search

        return Search(self)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """What the signed-in user subscribed to."""
        from kaskus_async.subscriptions import Subscriptions

        return Subscriptions(self)

    @cached_property
    def streams(self) -> Streams:
        """The stream of what friends write."""
        from kaskus_async.streams import Streams

        return Streams(self)

    @cached_property
    def images(self) -> Images:
        """Uploading images."""
        from kaskus_async.images import Images

        return Images(self)

    @cached_property
    def smileys(self) -> Smileys:
        """Smileys: the pictures that stand for pieces of text."""
        from kaskus_async.smileys import Smileys

        return Smileys(self)

    @cached_property
    def stickers(self) -> Stickers:
        """Stickers."""
        from kaskus_async.stickers import Stickers

        return Stickers(self)

    @cached_property
    def content(self) -> Content:
        """Lists that the site is built of, and previews of videos."""
        from kaskus_async.content import Content

        return Content(self)

    @cached_property
    def fjb(self) -> Fjb:
        """The marketplace, Forum Jual Beli."""
        from kaskus_async.fjb.groups import Fjb

        return Fjb(self)

    @cached_property
    def private_messages(self) -> PrivateMessages:
        """Private messages and their folders."""
        from kaskus_async.private_messages import PrivateMessages

        return PrivateMessages(self)

    @cached_property
    def visitor_messages(self) -> VisitorMessages:
        """Visitor messages, which stand on users' profiles."""
        from kaskus_async.visitor_messages import VisitorMessages

        return VisitorMessages(self)

    @cached_property
    def push_notifications(self) -> PushNotifications:
        """Receivers of push notifications."""
        from kaskus_async.push_notifications import PushNotifications

        return PushNotifications(self)

    def _fixed_headers(self) -> dict[str, str]:
        # The reference names text/json only; text/xml is its counterpart, and XML is the default of the vendor anyway.
        return {**super()._fixed_headers(), "Return-Type": "text/json" if self.output is Output.JSON else "text/xml"}

    def _judge(self, request: Request, response: Response) -> None:
        """The HTTP status decides, or one of the vendor's error keys in the body."""
        if not 200 <= response.status < 300:
            raise self._refusal(response)
        if b'"errormessage"' in response.body[:4096] or b"<errormessage>" in response.body[:4096]:
            details = self._document(response)
            message, code = self._explain(details)
            if message:
                raise api_error(response, message, kind=ApiError, code=code, details=details)

    def _refusal(self, response: Response) -> ApiError:
        error = super()._refusal(response)
        if _is_xml(response):
            details = self._document(response)
            message, error.code = self._explain(details)
            error.details = details
            if message:
                error.message = message
        return error

    def _explain(self, document: Any) -> tuple[str | None, str | int | None]:
        """The four keys of an error; any of them may be absent. OAuth 2 has ``error_description`` instead."""
        if not isinstance(document, dict):
            return None, None
        message = document.get("errormessage") or document.get("error_description") or document.get("message")
        code = document.get("errorcode")
        return (
            message if isinstance(message, str) else None,
            code if isinstance(code, (str, int)) and not isinstance(code, bool) else None,
        )

    def _document(self, response: Response) -> Any:
        """The answer as a tree of JSON values, whichever format it came in. What was asked for is no proof."""
        if _is_xml(response):
            from nusantara.xmldata import loads_xml

            return loads_xml(response.body)
        return response.json()

    def _decode(self, response: Response, into: type[T]) -> T:
        if into is Record:
            return into(self._document(response))  # type: ignore[call-arg]
        if _is_xml(response):
            from nusantara.xmldata import structure_xml

            return structure_xml(response.body, into)
        return super()._decode(response, into)


def _is_xml(response: Response) -> bool:
    return response.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and html_title(response.body) is None


def _site(url: str) -> str:
    site = clean_base_url(url)
    return site.removesuffix(BASE_PATH)
