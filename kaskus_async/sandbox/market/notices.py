"""What the marketplace tells its users."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.paging import cut_at_cursor
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere
from kaskus_async.sandbox.stores.goods import Notice

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _listing(state: KaskusState, params: Params) -> Document:
    page = cut_at_cursor(params, _asked_for(state, params)[::-1])
    return {"data": [_document(notice) for notice in page.items], **page.fields()}


def _count(state: KaskusState, params: Params) -> Document:
    return {"count": sum(not notice.read for notice in _asked_for(state, params))}


def _summaries(state: KaskusState, params: Params) -> Document:
    counts = Counter(notice.action_id for notice in _asked_for(state, params) if not notice.read)
    return {"data": [{"action_id": action_id, "count": count} for action_id, count in sorted(counts.items())]}


def _mark_read(state: KaskusState, params: Params) -> Document:
    notices = state.market.things(params.me.userid).notices
    notice_id = params.in_path("notification_id")
    if notice_id not in notices:
        raise NotThere("notification not found")
    notices[notice_id].read = True
    return _document(notices[notice_id])


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/fjb/notifications", _listing, documented=False),
    Operation("GET", "/v1/fjb/notifications/count", _count, documented=False),
    Operation("GET", "/v1/fjb/notification/summaries", _summaries, documented=False),
    Operation("POST", "/v1/fjb/notifications/{notification_id}", _mark_read, documented=False),
)


def _asked_for(state: KaskusState, params: Params) -> list[Notice]:
    """Oldest first; with ``action_ids``, those alone."""
    wanted = params.listed("action_ids")
    notices = state.market.things(params.me.userid).notices.values()
    return [notice for notice in notices if not wanted or str(notice.action_id) in wanted]


def _document(notice: Notice) -> Document:
    return {
        "id": notice.notice_id,
        "action_id": notice.action_id,
        "message": notice.text,
        "object_id": notice.object_id,
        "dateline": notice.dateline,
        "is_read": int(notice.read),
    }
