"""The SDK's clients and calls, as the contenders of both flavours use them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.answers.comments import APP_ID, ROOM, SECRET_KEY
from benchmarks.answers.hot_threads import CONSUMER, FIVE_PARAMETERS, TOKEN
from benchmarks.answers.inbox import PASSWORD, USER
from benchmarks.answers.operation import Operation, Row
from bukalapak_async import AsyncBukalapak, Bukalapak
from bukalapak_async.models import Conversation
from kaskus_async import AsyncKaskus, Kaskus
from kaskus_async.models.threads import HotThreads
from kaskus_async.requests import get
from nusantara.client import AsyncClient
from nusantara.pagination import Page
from nusantara.signing import NoAuth
from qiscus_async import AsyncQiscus, Qiscus
from qiscus_async.models.comments import Comment

__all__ = ["async_call", "async_client", "read_rows", "sync_call", "sync_client"]

MOST_IN_FLIGHT = 2000


async def hot_threads(client: AsyncKaskus) -> HotThreads:
    """What ``client.threads.hot()`` does, with more query parameters: its signature is to cover five."""
    return await client._send(get("/v1/hot_threads", params=FIVE_PARAMETERS), HotThreads)


def async_client(base_url: str, operation: Operation) -> AsyncClient:
    """A client of the operation's vendor."""
    client = _async_client(base_url, operation)
    return client if operation.signed else client._signed_by(NoAuth())


def _async_client(base_url: str, operation: Operation) -> AsyncClient:
    place = base_url + operation.base_path
    match operation.vendor:
        case "kaskus":
            key, secret = CONSUMER
            token, token_secret = TOKEN
            return AsyncKaskus(
                key,
                secret,
                token=token,
                token_secret=token_secret,
                output="xml" if operation.xml else "json",
                base_url=place,
                max_connections=MOST_IN_FLIGHT,
            )
        case "qiscus":
            return AsyncQiscus(APP_ID, SECRET_KEY, base_url=place, max_connections=MOST_IN_FLIGHT)
        case _:
            return AsyncBukalapak(USER, PASSWORD, base_url=place, max_connections=MOST_IN_FLIGHT)


def async_call(client: AsyncClient, operation: Operation) -> Callable[[], Awaitable[Any]]:
    """The operation, ready to be made again and again."""
    count = operation.count
    if isinstance(client, AsyncKaskus):
        return lambda: hot_threads(client)
    if isinstance(client, AsyncQiscus):
        return lambda: client.messages.load(ROOM, per_page=count).first()
    assert isinstance(client, AsyncBukalapak)
    return lambda: client.messages.inbox(per_page=count).first()


def sync_client(base_url: str, operation: Operation) -> Kaskus | Qiscus | Bukalapak:
    """A client of the operation's vendor."""
    place = base_url + operation.base_path
    match operation.vendor:
        case "kaskus":
            key, secret = CONSUMER
            token, token_secret = TOKEN
            return Kaskus(key, secret, token=token, token_secret=token_secret, base_url=place)
        case "qiscus":
            return Qiscus(APP_ID, SECRET_KEY, base_url=place)
        case _:
            return Bukalapak(USER, PASSWORD, base_url=place)


def sync_call(client: Kaskus | Qiscus | Bukalapak, operation: Operation) -> Callable[[], Any]:
    """The operation, ready to be made again and again."""
    count = operation.count
    if isinstance(client, Kaskus):
        return lambda: client._portal.run(hot_threads, client._impl)
    if isinstance(client, Qiscus):
        return lambda: client.messages.load(ROOM, per_page=count).first()
    return lambda: client.messages.inbox(per_page=count).first()


def read_rows(operation: Operation, result: Any) -> list[Row]:
    """What typed objects hold, as JSON values."""
    match operation.vendor:
        case "kaskus":
            return _hot_thread_rows(result)
        case "qiscus":
            return _comment_rows(result)
        case _:
            return _inbox_rows(result)


def _hot_thread_rows(answer: HotThreads) -> list[Row]:
    return [
        [
            thread.thread_id,
            thread.title,
            thread.forum_id,
            thread.username,
            thread.user_id,
            thread.thread_type,
            thread.hot_thread_start_timestamp and int(thread.hot_thread_start_timestamp.timestamp()),
            thread.hot_thread_start_date and thread.hot_thread_start_date.strftime("%Y%m%d"),
            thread.rating,
            thread.image,
            thread.views,
            thread.is_subscribed,
        ]
        for thread in answer.data
    ]


def _comment_rows(page: Page[Comment]) -> list[Row]:
    return [
        [
            comment.id,
            comment.message,
            comment.email,
            comment.username,
            comment.timestamp.isoformat(),
            comment.type,
            comment.payload_document,
            comment.extras,
            comment.unique_temp_id,
            comment.comment_before_id,
            comment.unix_nano_timestamp,
            comment.room_name,
            comment.user_avatar,
            comment.is_deleted,
        ]
        for comment in page.items
    ]


def _inbox_rows(page: Page[Conversation]) -> list[Row]:
    return [
        [
            item.id,
            item.updated_at.isoformat(),
            item.partner_id,
            item.partner_name,
            item.user_id,
            item.user_name,
            item.last_message or "",
        ]
        for item in page.items
    ]
