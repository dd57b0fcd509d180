"""Names of the packages themselves, for the type checker. A line that must be refused carries the refusal."""

from __future__ import annotations

from typing import assert_type

import bukalapak_async
import bukalapak_async.sync
import kaskus_async
import kaskus_async.sync
import nusantara
import nusantara.errors
import nusantara.hooks
import nusantara.limits
import nusantara.pagination
import qiscus_async
import qiscus_async.sync
from kaskus_async import Gender, Offer, Thread, Threads
from kaskus_async.models.threads import Thread as ThreadModel
from kaskus_async.models.users import Gender as GenderEnum
from kaskus_async.threads import Threads as ThreadGroup
from nusantara import (
    NOT_GIVEN,
    ApiError,
    File,
    FileStore,
    Hooks,
    MemoryStore,
    NotGiven,
    Page,
    Pager,
    RateLimit,
    Sandbox,
    Secret,
    SyncPager,
    Timeouts,
    TokenStore,
)
from qiscus_async import Comment, Messages, payloads


def of_the_core(pager: Pager[int], twin: SyncPager[int], page: Page[int], error: ApiError, store: TokenStore) -> None:
    assert_type(pager, nusantara.pagination.Pager[int])
    assert_type(page.items, list[int])
    for number in twin:
        assert_type(number, int)
    assert_type(error.sent, nusantara.errors.Sent)
    assert_type(Hooks(), nusantara.hooks.Hooks)
    assert_type(Secret("x").reveal(), str)
    assert_type(Timeouts().total, float | None)
    value: NotGiven = NOT_GIVEN
    stores: list[TokenStore] = [store, MemoryStore(), FileStore("x")]
    assert_type(value, NotGiven)
    assert_type(stores, list[TokenStore])
    assert_type(RateLimit(1, per=1.0), nusantara.limits.RateLimit)
    assert_type(Sandbox().base_url, str)
    assert_type(File(b"x").name, str)
    nusantara.NoSuchName  # type: ignore[attr-defined]  # noqa: B018
    nusantara.TimeOut  # type: ignore[attr-defined]  # noqa: B018


def of_the_vendors(thread: Thread, group: Threads, gender: Gender, offer: Offer, comment: Comment) -> None:
    assert_type(thread, ThreadModel)
    assert_type(thread.thread_id, str)
    assert_type(group, ThreadGroup)
    assert_type(gender, GenderEnum)
    assert_type(comment.message, str)
    assert_type(payloads.Text(text="Halo").text, str)
    assert_type(bukalapak_async.Bukalapak("1", "x").messages, bukalapak_async.sync.Messages)
    kaskus_async.NoSuchName  # type: ignore[attr-defined]  # noqa: B018
    qiscus_async.NoSuchName  # type: ignore[attr-defined]  # noqa: B018


def of_the_twins(kaskus: kaskus_async.Kaskus, qiscus: qiscus_async.AsyncQiscus) -> None:
    assert_type(kaskus, kaskus_async.sync.Kaskus)
    assert_type(kaskus.threads, kaskus_async.sync.Threads)
    assert_type(qiscus.messages, Messages)
    kaskus_async.sync.NoSuchName  # type: ignore[attr-defined]  # noqa: B018
