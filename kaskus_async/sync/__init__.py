# Written by "python -m nusantara.syncgen" from kaskus_async/__init__.py. Do not edit.
"""Synchronous twins of the client and the groups of :mod:`kaskus_async`, each loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from kaskus_async.sync.account import *
    from kaskus_async.sync.auth import *
    from kaskus_async.sync.badges import *
    from kaskus_async.sync.bank_accounts import *
    from kaskus_async.sync.client import *
    from kaskus_async.sync.content import *
    from kaskus_async.sync.fjb.addresses import *
    from kaskus_async.sync.fjb.cart import *
    from kaskus_async.sync.fjb.groups import *
    from kaskus_async.sync.fjb.invoices import *
    from kaskus_async.sync.fjb.lapak import *
    from kaskus_async.sync.fjb.lapak_posts import *
    from kaskus_async.sync.fjb.listings import *
    from kaskus_async.sync.fjb.locations import *
    from kaskus_async.sync.fjb.notifications import *
    from kaskus_async.sync.fjb.offers import *
    from kaskus_async.sync.fjb.payments import *
    from kaskus_async.sync.fjb.posts import *
    from kaskus_async.sync.fjb.purchases import *
    from kaskus_async.sync.fjb.shipping import *
    from kaskus_async.sync.fjb.threads import *
    from kaskus_async.sync.fjb.user_threads import *
    from kaskus_async.sync.following import *
    from kaskus_async.sync.forum_tags import *
    from kaskus_async.sync.forums import *
    from kaskus_async.sync.friend_requests import *
    from kaskus_async.sync.friends import *
    from kaskus_async.sync.images import *
    from kaskus_async.sync.posts import *
    from kaskus_async.sync.private_messages import *
    from kaskus_async.sync.push_notifications import *
    from kaskus_async.sync.registration import *
    from kaskus_async.sync.reputation import *
    from kaskus_async.sync.search import *
    from kaskus_async.sync.smileys import *
    from kaskus_async.sync.sms import *
    from kaskus_async.sync.stickers import *
    from kaskus_async.sync.streams import *
    from kaskus_async.sync.subscriptions import *
    from kaskus_async.sync.threads import *
    from kaskus_async.sync.users import *
    from kaskus_async.sync.visitor_messages import *
    from kaskus_async.sync.wallet import *

_WHERE = {
    "Account": "kaskus_async.sync.account",
    "Addresses": "kaskus_async.sync.fjb.addresses",
    "Authentication": "kaskus_async.sync.auth",
    "Badges": "kaskus_async.sync.badges",
    "BankAccounts": "kaskus_async.sync.bank_accounts",
    "Cart": "kaskus_async.sync.fjb.cart",
    "Content": "kaskus_async.sync.content",
    "Fjb": "kaskus_async.sync.fjb.groups",
    "FjbNotifications": "kaskus_async.sync.fjb.notifications",
    "FjbPosts": "kaskus_async.sync.fjb.posts",
    "FjbThreads": "kaskus_async.sync.fjb.threads",
    "Following": "kaskus_async.sync.following",
    "ForumTags": "kaskus_async.sync.forum_tags",
    "Forums": "kaskus_async.sync.forums",
    "FriendRequests": "kaskus_async.sync.friend_requests",
    "Friends": "kaskus_async.sync.friends",
    "Images": "kaskus_async.sync.images",
    "Invoices": "kaskus_async.sync.fjb.invoices",
    "Kaskus": "kaskus_async.sync.client",
    "Lapak": "kaskus_async.sync.fjb.lapak",
    "LapakPosts": "kaskus_async.sync.fjb.lapak_posts",
    "Listings": "kaskus_async.sync.fjb.listings",
    "Locations": "kaskus_async.sync.fjb.locations",
    "Offers": "kaskus_async.sync.fjb.offers",
    "Payments": "kaskus_async.sync.fjb.payments",
    "Posts": "kaskus_async.sync.posts",
    "PrivateMessages": "kaskus_async.sync.private_messages",
    "Purchases": "kaskus_async.sync.fjb.purchases",
    "PushNotifications": "kaskus_async.sync.push_notifications",
    "Registration": "kaskus_async.sync.registration",
    "ReputationPoints": "kaskus_async.sync.reputation",
    "Search": "kaskus_async.sync.search",
    "ShippingServices": "kaskus_async.sync.fjb.shipping",
    "Smileys": "kaskus_async.sync.smileys",
    "Sms": "kaskus_async.sync.sms",
    "Stickers": "kaskus_async.sync.stickers",
    "Streams": "kaskus_async.sync.streams",
    "Subscriptions": "kaskus_async.sync.subscriptions",
    "Threads": "kaskus_async.sync.threads",
    "UserThreads": "kaskus_async.sync.fjb.user_threads",
    "Users": "kaskus_async.sync.users",
    "VisitorMessages": "kaskus_async.sync.visitor_messages",
    "Wallet": "kaskus_async.sync.wallet",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
