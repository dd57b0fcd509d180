"""What the state is made of: one class for each kind of data, imported from here."""

from __future__ import annotations

from kaskus_async.sandbox.stores.board import Board
from kaskus_async.sandbox.stores.mail import Mail
from kaskus_async.sandbox.stores.market import Market
from kaskus_async.sandbox.stores.outgoing import Outgoing
from kaskus_async.sandbox.stores.pictures import Picture
from kaskus_async.sandbox.stores.reputation import ReputationBook
from kaskus_async.sandbox.stores.sessions import App, Sessions
from kaskus_async.sandbox.stores.social import Social
from kaskus_async.sandbox.stores.subscriptions import SubscriptionBook

__all__ = [
    "App",
    "Board",
    "Mail",
    "Market",
    "Outgoing",
    "Picture",
    "ReputationBook",
    "Sessions",
    "Social",
    "SubscriptionBook",
]
