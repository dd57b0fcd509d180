"""A KASKUS user's program in both flavours, for the type checker. A line that must be refused carries the refusal."""

from __future__ import annotations

from typing import assert_type

from kaskus_async import AsyncKaskus, Kaskus, Output, ReputationKind
from kaskus_async.models.posts import Post
from kaskus_async.models.reputation import ReputationList
from kaskus_async.models.threads import HotThreads
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.sync.pages import SyncPager


async def with_asyncio(kaskus: AsyncKaskus) -> None:
    assert_type(await kaskus.threads.hot(), HotThreads)
    assert_type(kaskus.threads.read("5"), Pager[Post])
    assert_type(await kaskus.reputation.received(), ReputationList)
    assert_type(await kaskus.reputation.give("5", ReputationKind.CENDOL), Record)
    assert_type(await kaskus.posts.create("5", "Halo"), Record)
    assert_type(kaskus.with_token("t", "s"), AsyncKaskus)

    await kaskus.threads.read()  # type: ignore[call-arg]
    await kaskus.fjb.purchases.buy_now()  # type: ignore[call-arg]
    kaskus.fjb.offer  # type: ignore[attr-defined]  # noqa: B018
    AsyncKaskus("key")  # type: ignore[call-arg]


def without_asyncio() -> None:
    with Kaskus("key", "secret", output=Output.XML) as kaskus:
        assert_type(kaskus.threads.hot(), HotThreads)
        assert_type(kaskus.threads.read("5"), SyncPager[Post])
        for post in kaskus.threads.read("5"):
            assert_type(post, Post)
        kaskus.reputation.give("5", 1)  # type: ignore[arg-type]
