"""Reputation that users give each other for posts: cendol, which is good, and bata, which is not."""

from __future__ import annotations

import attrs

__all__ = ["Given", "ReputationBook"]


@attrs.frozen(kw_only=True)
class Given:
    """Reputation given once."""

    reputationid: int
    post_id: str
    giver: int
    receiver: int
    reputation: int
    reason: str
    dateline: int


class ReputationBook:
    """What was given, oldest first."""

    def __init__(self) -> None:
        self._given: list[Given] = []
        self._sums: dict[int, int] = {}

    def give(self, post_id: str, giver: int, receiver: int, reputation: int, at: int, reason: str = "") -> Given:
        """Give some; negative takes away."""
        given = Given(
            reputationid=88_000 + len(self._given) + 1,
            post_id=post_id,
            giver=giver,
            receiver=receiver,
            reputation=reputation,
            reason=reason,
            dateline=at,
        )
        self._given.append(given)
        self._sums[receiver] = self.sum_of(receiver) + reputation
        return given

    def sum_of(self, userid: int) -> int:
        """All that a user was given."""
        return self._sums.get(userid, 0)

    def received_by(self, userid: int) -> list[Given]:
        """What a user was given, newest first."""
        return [given for given in reversed(self._given) if given.receiver == userid]

    def for_post(self, post_id: str) -> list[Given]:
        """What was given for a post, newest first."""
        return [given for given in reversed(self._given) if given.post_id == post_id]
