"""Who knows whom: friends, requests, followers, visitors, and what people write on each other's walls."""

from __future__ import annotations

import attrs

__all__ = ["Social", "VisitorMessage"]


@attrs.define(eq=False, kw_only=True)
class VisitorMessage:
    """A message on somebody's profile."""

    vmid: int
    userid: int
    """On whose profile."""
    postuserid: int
    dateline: int
    pagetext: str
    read: bool = False


class Social:
    """Relations between users, by their numbers. Lists have what came last first."""

    def __init__(self) -> None:
        self._friends: dict[frozenset[int], None] = {}
        self._requests: dict[tuple[int, int], int] = {}
        self._follows: dict[tuple[int, int], None] = {}
        self._visitors: dict[int, dict[int, int]] = {}
        self.visitor_messages: dict[int, VisitorMessage] = {}
        self._last_vmid = 70_400

    def friends_of(self, userid: int) -> list[int]:
        """Friends of a user."""
        return [next(iter(pair - {userid})) for pair in reversed(self._friends) if userid in pair]

    def are_friends(self, one: int, other: int) -> bool:
        """Whether two users are friends."""
        return frozenset((one, other)) in self._friends

    def befriend(self, one: int, other: int) -> None:
        """Make two users friends; no request between them is left."""
        self._friends[frozenset((one, other))] = None
        self._requests.pop((one, other), None)
        self._requests.pop((other, one), None)

    def unfriend(self, one: int, other: int) -> bool:
        """End a friendship; whether there was one."""
        pair = frozenset((one, other))
        existed = pair in self._friends
        self._friends.pop(pair, None)
        return existed

    def request(self, sender: int, receiver: int, at: int) -> None:
        """Ask somebody to be a friend."""
        self._requests[sender, receiver] = at

    def requested(self, sender: int, receiver: int) -> bool:
        """Whether one has asked and the other not answered yet."""
        return (sender, receiver) in self._requests

    def withdraw(self, sender: int, receiver: int) -> bool:
        """Remove a request, by whichever side; whether there was one."""
        return self._requests.pop((sender, receiver), None) is not None

    def incoming(self, userid: int) -> dict[int, int]:
        """Who asks a user, and when."""
        return {sender: at for (sender, receiver), at in reversed(self._requests.items()) if receiver == userid}

    def outgoing(self, userid: int) -> dict[int, int]:
        """Whom a user asks, and when."""
        return {receiver: at for (sender, receiver), at in reversed(self._requests.items()) if sender == userid}

    def follow(self, who: int, whom: int) -> None:
        """Follow; doing it again changes nothing."""
        self._follows[who, whom] = None

    def unfollow(self, who: int, whom: int) -> bool:
        """Stop following; whether one did."""
        existed = (who, whom) in self._follows
        self._follows.pop((who, whom), None)
        return existed

    def follows(self, who: int, whom: int) -> bool:
        """Whether one follows the other."""
        return (who, whom) in self._follows

    def followed_by(self, userid: int) -> list[int]:
        """Whom a user follows."""
        return [whom for who, whom in reversed(self._follows) if who == userid]

    def followers_of(self, userid: int) -> list[int]:
        """Who follows a user."""
        return [who for who, whom in reversed(self._follows) if whom == userid]

    def visit(self, visitor: int, userid: int, at: int) -> None:
        """Note that somebody looked at a profile."""
        visitors = self._visitors.setdefault(userid, {})
        visitors.pop(visitor, None)
        visitors[visitor] = at

    def visitors_of(self, userid: int) -> list[int]:
        """Who looked at a profile."""
        return list(reversed(self._visitors.get(userid, {})))

    def write(self, author: int, userid: int, pagetext: str, at: int) -> VisitorMessage:
        """Write on somebody's profile."""
        self._last_vmid += 1
        message = VisitorMessage(vmid=self._last_vmid, userid=userid, postuserid=author, dateline=at, pagetext=pagetext)
        self.visitor_messages[message.vmid] = message
        return message

    def messages_on(self, userid: int) -> list[VisitorMessage]:
        """What is written on a profile."""
        return [message for message in reversed(self.visitor_messages.values()) if message.userid == userid]

    def conversation(self, one: int, other: int) -> list[VisitorMessage]:
        """What two users wrote on each other's profile."""
        sides = {(one, other), (other, one)}
        messages = reversed(self.visitor_messages.values())
        return [message for message in messages if (message.userid, message.postuserid) in sides]
