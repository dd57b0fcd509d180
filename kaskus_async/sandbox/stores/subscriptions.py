"""What users subscribed to. No operation of the reference subscribes, so it is the site that does."""

from __future__ import annotations

__all__ = ["SubscriptionBook"]


class SubscriptionBook:
    """Threads and forums by user. The newest subscription comes first."""

    def __init__(self) -> None:
        self._threads: dict[int, dict[str, None]] = {}
        self._forums: dict[int, dict[int, None]] = {}

    def add_thread(self, userid: int, thread_id: str) -> None:
        """Subscribe to a thread, of a forum or of the marketplace."""
        self._threads.setdefault(userid, {})[thread_id] = None

    def add_forum(self, userid: int, forum_id: int) -> None:
        """Subscribe to a forum or a category."""
        self._forums.setdefault(userid, {})[forum_id] = None

    def threads_of(self, userid: int) -> list[str]:
        """Identifiers of threads."""
        return list(reversed(self._threads.get(userid, {})))

    def forums_of(self, userid: int) -> list[int]:
        """Numbers of forums and categories."""
        return list(reversed(self._forums.get(userid, {})))
