"""Posts: reading, writing and changing them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.fjb.amounts import rupiah
from kaskus_async.models.posts import GoodsCondition, Post, PostPrefix, QuotedPost, UserPosts
from kaskus_async.models.threads import PostInThread
from kaskus_async.requests import get, post
from kaskus_async.values import joined, on_off, positive, required
from nusantara.client import Resource
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Posts", "post_key"]


def post_key(item: Post) -> Hashable:
    """What makes two posts of a listing the same; a post that was sent without its id is like no other."""
    return item.post_id or object()


class Posts(Resource):
    """Posts. Reference: "Post", "Posts", "Forum_post", "Mypost", "Myquotedpost", "user"."""

    _client: AsyncKaskus

    async def get(self, post_id: str, *, fields: Sequence[str] | None = None) -> PostInThread:
        """Read a post of any kind, with its thread.

        ``GET /v1/post/{post_id}`` - safe

        Args:
            fields: What of the post to send, such as ``["pagetext", "text"]``.

        Reference: "Post", "GET post".
        """
        return await self._client._send(
            get("/v1/post/{post_id}", post_id, params={"field": joined("fields", fields)}), PostInThread
        )

    async def get_forum(
        self, post_id: str, *, fields: Sequence[str] | None = None, images: bool | None = None
    ) -> Record:
        """Read a post of the forum.

        ``GET /v1/forum_post/{post_id}`` - safe

        The shape of the answer is not documented. A little faster than :meth:`get`, which takes posts of the
        marketplace as well.

        Args:
            fields: What of the post to send, such as ``["pagetext", "text"]``.
            images: Whether to show pictures, emoticons and BBCode.

        Reference: "Forum_post", "GET forum_post".
        """
        params = {"field": joined("fields", fields), "image": on_off("images", images)}
        return await self._client._send(get("/v1/forum_post/{post_id}", post_id, params=params), Record)

    async def details(self, post_id: str) -> Record:
        """Show the details of a post.

        ``GET /post/{post_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Post", "GET post".
        """
        return await self._client._send(get("/post/{post_id}", post_id), Record)

    async def around(self, post_id: str) -> Record:
        """Read the page of posts that a post stands on.

        ``GET /posts/{post_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Posts".
        """
        return await self._client._send(get("/posts/{post_id}", post_id), Record)

    async def create(self, thread_id: str, message: str, *, title: str | None = None) -> Record:
        """Reply in a thread of the forum.

        ``POST /v1/forum_post`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            message: BBCode.

        Reference: "Forum_post", "POST forum_post".
        """
        return await self._client._send(
            post(
                "/v1/forum_post",
                form={
                    "thread_id": required("thread_id", thread_id),
                    "title": title,
                    "message": required("message", message),
                },
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def edit_forum(
        self,
        post_id: str,
        *,
        title: str | None = None,
        message: str | None = None,
        meta_images: Sequence[str] | None = None,
    ) -> Record:
        """Change a post of the forum.

        ``POST /v1/forum_post/{post_id}/edit`` - repeatable

        The shape of the answer is not documented.

        Args:
            message: BBCode.
            meta_images: Full URLs of the pictures that stand for the post elsewhere.

        Reference: "Forum_post", "POST forum_post".
        """
        return await self._client._send(
            post(
                "/v1/forum_post/{post_id}/edit",
                post_id,
                form={"title": title, "message": message, "meta_images": joined("meta_images", meta_images)},
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )

    async def edit(
        self,
        post_id: str,
        *,
        title: str | None = None,
        message: str | None = None,
        prefix: PostPrefix | str | None = None,
        condition: GoodsCondition | int | None = None,
        price: int | None = None,
        search_tags: Sequence[str] | None = None,
        location: int | None = None,
    ) -> Record:
        """Change a post of the forum or of the marketplace.

        ``POST /post/{post_id}`` - repeatable

        The shape of the answer is not documented. From ``prefix`` on, the arguments are for first posts of the
        marketplace only.

        Args:
            message: BBCode.
            price: Rupiah.
            location: Province, in the numbering of the old marketplace. The reference says 1 to 32; more were seen.

        Reference: "Post", "POST post".
        """
        return await self._client._send(
            post(
                "/post/{post_id}",
                post_id,
                form={
                    "title": title,
                    "message": message,
                    "prefix": prefix,
                    "condition": condition,
                    "price": rupiah("price", price),
                    "search_tags": joined("search_tags", search_tags),
                    "location": location,
                },
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )

    def of_user(self, user_id: int) -> Pager[Post]:
        """List the posts of a user.

        ``GET /mypost/{user_id}`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Mypost".
        """

        async def fetch(page: int | None) -> UserPosts:
            return await self._client._send(get("/mypost/{user_id}", user_id, params={"page": page}), UserPosts)

        return paging.by_number(fetch, lambda answer: answer.posts, key=post_key, first=None)

    def of_user_in_thread(self, user_id: int, thread_id: str) -> Pager[Post]:
        """List the posts of a user in one thread.

        ``GET /mypost/{user_id}/{thread_id}`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Mypost".
        """

        async def fetch(page: int | None) -> UserPosts:
            request = get("/mypost/{user_id}/{thread_id}", user_id, thread_id, params={"page": page})
            return await self._client._send(request, UserPosts)

        return paging.by_number(fetch, lambda answer: answer.posts, key=post_key, first=None)

    async def quoted(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the posts that quote the signed-in user, page by page.

        ``GET /v1/user/quoted_posts`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Posts in a page.

        Reference: "user", "GET v1/user/quoted_posts".
        """
        params = {"page": positive("page", page), "limit": positive("limit", limit)}
        return await self._client._send(get("/v1/user/quoted_posts", params=params), Record)

    async def my_quoted(self) -> list[QuotedPost]:
        """List the posts that quote the signed-in user, in one answer.

        ``GET /myquotedpost`` - safe

        Reference: "Myquotedpost".
        """
        return await self._client._send(get("/myquotedpost"), list[QuotedPost])
