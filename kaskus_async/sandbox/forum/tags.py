"""Tags, which group forums: here, one for each forum at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "tags_of"]

Document = dict[str, Any]


def _all_tags(state: KaskusState, params: Params) -> Document:
    return {"forum": tags_of(state, "forum"), "fjb": tags_of(state, "classified")}


def _fjb_tags(state: KaskusState, params: Params) -> Document:
    return {
        "data": [
            {
                **tag,
                "forums": [
                    {
                        **forum,
                        "display_order": int(forum["display_order"]),
                        "child_list": state.board.child_list(state.board.forums[int(forum["forum_id"])]),
                    }
                    for forum in tag["forums"]
                ],
            }
            for tag in tags_of(state, "classified")
        ]
    }


def _forum_tags(state: KaskusState, params: Params) -> list[Document]:
    return [
        {
            "forum": [forum["forum_id"] for forum in tag["forums"]],
            **{key: value for key, value in tag.items() if key != "forums"},
        }
        for tag in tags_of(state, "forum")
    ]


def _subscription_tags(state: KaskusState, params: Params) -> Document:
    mine = state.subscriptions.forums_of(params.me.userid)
    return {"data": [{"forum_id": str(forum_id), "name": state.board.forum(forum_id).name} for forum_id in mine]}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/forumtag/all", _all_tags, PUBLIC),
    Operation("GET", "/forumtag/fjb", _fjb_tags, PUBLIC),
    Operation("GET", "/forumtag/list_forum_tag", _forum_tags, PUBLIC),
    Operation("GET", "/forumtag/list_forum_subscription", _subscription_tags, documented=False),
)


def tags_of(state: KaskusState, service: str) -> list[Document]:
    """The tags of ``forum`` or ``classified``."""
    return [
        {
            "tag_id": str(number),
            "tag_name": top.name,
            "tag_icon": top.icon_url,
            "forums": [
                {
                    "forum_id": str(forum.forum_id),
                    "name": forum.name,
                    "description": forum.description,
                    "display_order": str(forum.display_order),
                    "visible": "1",
                }
                for forum in state.board.children(top)
            ],
        }
        for number, top in enumerate(
            (forum for forum in state.board.forums.values() if forum.service == service and forum.parent_id == -1),
            start=1,
        )
    ]
