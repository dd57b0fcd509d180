"""What is read and written in the forums: threads, posts, search, smileys, pictures. The door is ``ROUTES``."""

from __future__ import annotations

from kaskus_async.sandbox.forum import (
    content,
    forums,
    front_page,
    images,
    posts,
    search,
    smileys,
    tags,
    threads,
)
from kaskus_async.sandbox.forum.images import IMAGE_PATH, send_image
from kaskus_async.sandbox.operation import Operation

__all__ = ["IMAGE_PATH", "ROUTES", "send_image"]

ROUTES: tuple[Operation, ...] = (
    *forums.ROUTES,
    *tags.ROUTES,
    *front_page.ROUTES,
    *threads.ROUTES,
    *posts.ROUTES,
    *search.ROUTES,
    *smileys.ROUTES,
    *content.ROUTES,
    *images.ROUTES,
)
