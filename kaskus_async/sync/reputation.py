# Written by "python -m nusantara.syncgen" from kaskus_async/reputation.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.reputation`."""

from __future__ import annotations

from kaskus_async.enums import ReputationKind
from kaskus_async.models.reputation import ReputationList
from kaskus_async.reputation import ReputationPoints as AsyncReputationPoints
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["ReputationPoints"]


class ReputationPoints(SyncResource[AsyncReputationPoints]):
    """Seeing and giving reputation. Reference: "Reputation"."""

    def received(self) -> ReputationList:
        """List the reputation that the signed-in user received.

        ``GET /reputation`` - safe

        Reference: "Reputation".
        """
        return self._portal.run(self._impl.received)

    def of_post(self, post_id: str) -> Record:
        """Show the reputation that a post received.

        ``GET /reputation/{post_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Reputation".
        """
        return self._portal.run(self._impl.of_post, post_id)

    def give(self, post_id: str, kind: ReputationKind | str) -> Record:
        """Give reputation to the author of a post.

        ``POST /reputation/{post_id}`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Reputation".
        """
        return self._portal.run(self._impl.give, post_id, kind)
