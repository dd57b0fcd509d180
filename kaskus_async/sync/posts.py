# Written by "python -m nusantara.syncgen" from kaskus_async/posts.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.posts`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.models.posts import GoodsCondition, Post, PostPrefix, QuotedPost
from kaskus_async.models.threads import PostInThread
from kaskus_async.posts import Posts as AsyncPosts
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Posts"]


class Posts(SyncResource[AsyncPosts]):
    """Posts. Reference: "Post", "Posts", "Forum_post", "Mypost", "Myquotedpost", "user"."""

    def get(self, post_id: str, *, fields: Sequence[str] | None = None) -> PostInThread:
        """Read a post of any kind, with its thread.

        ``GET /v1/post/{post_id}`` - safe

        Args:
            fields: What of the post to send, such as ``["pagetext", "text"]``.

        Reference: "Post", "GET post".
        """
        return self._portal.run(self._impl.get, post_id, fields=fields)

    def get_forum(self, post_id: str, *, fields: Sequence[str] | None = None, images: bool | None = None) -> Record:
        """Read a post of the forum.

        ``GET /v1/forum_post/{post_id}`` - safe

        The shape of the answer is not documented. A little faster than :meth:`get`, which takes posts of the
        marketplace as well.

        Args:
            fields: What of the post to send, such as ``["pagetext", "text"]``.
            images: Whether to show pictures, emoticons and BBCode.

        Reference: "Forum_post", "GET forum_post".
        """
        return self._portal.run(self._impl.get_forum, post_id, fields=fields, images=images)

    def details(self, post_id: str) -> Record:
        """Show the details of a post.

        ``GET /post/{post_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Post", "GET post".
        """
        return self._portal.run(self._impl.details, post_id)

    def around(self, post_id: str) -> Record:
        """Read the page of posts that a post stands on.

        ``GET /posts/{post_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Posts".
        """
        return self._portal.run(self._impl.around, post_id)

    def create(self, thread_id: str, message: str, *, title: str | None = None) -> Record:
        """Reply in a thread of the forum.

        ``POST /v1/forum_post`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            message: BBCode.

        Reference: "Forum_post", "POST forum_post".
        """
        return self._portal.run(self._impl.create, thread_id, message, title=title)

    def edit_forum(
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
        return self._portal.run(self._impl.edit_forum, post_id, title=title, message=message, meta_images=meta_images)

    def edit(
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
        return self._portal.run(
            self._impl.edit,
            post_id,
            title=title,
            message=message,
            prefix=prefix,
            condition=condition,
            price=price,
            search_tags=search_tags,
            location=location,
        )

    def of_user(self, user_id: int) -> SyncPager[Post]:
        """List the posts of a user.

        ``GET /mypost/{user_id}`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Mypost".
        """
        return SyncPager(self._portal, self._impl.of_user(user_id))

    def of_user_in_thread(self, user_id: int, thread_id: str) -> SyncPager[Post]:
        """List the posts of a user in one thread.

        ``GET /mypost/{user_id}/{thread_id}`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Mypost".
        """
        return SyncPager(self._portal, self._impl.of_user_in_thread(user_id, thread_id))

    def quoted(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the posts that quote the signed-in user, page by page.

        ``GET /v1/user/quoted_posts`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Posts in a page.

        Reference: "user", "GET v1/user/quoted_posts".
        """
        return self._portal.run(self._impl.quoted, page=page, limit=limit)

    def my_quoted(self) -> list[QuotedPost]:
        """List the posts that quote the signed-in user, in one answer.

        ``GET /myquotedpost`` - safe

        Reference: "Myquotedpost".
        """
        return self._portal.run(self._impl.my_quoted)
