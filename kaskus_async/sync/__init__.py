# Written by "python -m nusantara.syncgen" from kaskus_async/__init__.py. Do not edit.
"""Synchronous twins of the client and the groups of :mod:`kaskus_async`, each loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from kaskus_async.sync.account import Account as Account
    from kaskus_async.sync.auth import Authentication as Authentication
    from kaskus_async.sync.badges import Badges as Badges
    from kaskus_async.sync.bank_accounts import BankAccounts as BankAccounts
    from kaskus_async.sync.client import Kaskus as Kaskus
    from kaskus_async.sync.content import Content as Content
    from kaskus_async.sync.fjb.addresses import Addresses as Addresses
    from kaskus_async.sync.fjb.cart import Cart as Cart
    from kaskus_async.sync.fjb.groups import Fjb as Fjb
    from kaskus_async.sync.fjb.invoices import Invoices as Invoices
    from kaskus_async.sync.fjb.lapak import Lapak as Lapak
    from kaskus_async.sync.fjb.lapak_posts import LapakPosts as LapakPosts
    from kaskus_async.sync.fjb.listings import Listings as Listings
    from kaskus_async.sync.fjb.locations import Locations as Locations
    from kaskus_async.sync.fjb.notifications import FjbNotifications as FjbNotifications
    from kaskus_async.sync.fjb.offers import Offers as Offers
    from kaskus_async.sync.fjb.payments import Payments as Payments
    from kaskus_async.sync.fjb.posts import FjbPosts as FjbPosts
    from kaskus_async.sync.fjb.purchases import Purchases as Purchases
    from kaskus_async.sync.fjb.shipping import ShippingServices as ShippingServices
    from kaskus_async.sync.fjb.threads import FjbThreads as FjbThreads
    from kaskus_async.sync.fjb.user_threads import UserThreads as UserThreads
    from kaskus_async.sync.following import Following as Following
    from kaskus_async.sync.forum_tags import ForumTags as ForumTags
    from kaskus_async.sync.forums import Forums as Forums
    from kaskus_async.sync.friend_requests import FriendRequests as FriendRequests
    from kaskus_async.sync.friends import Friends as Friends
    from kaskus_async.sync.images import Images as Images
    from kaskus_async.sync.posts import Posts as Posts
    from kaskus_async.sync.private_messages import PrivateMessages as PrivateMessages
    from kaskus_async.sync.push_notifications import PushNotifications as PushNotifications
    from kaskus_async.sync.registration import Registration as Registration
    from kaskus_async.sync.reputation import ReputationPoints as ReputationPoints
    from kaskus_async.sync.search import Search as Search
    from kaskus_async.sync.smileys import Smileys as Smileys
    from kaskus_async.sync.sms import Sms as Sms
    from kaskus_async.sync.stickers import Stickers as Stickers
    from kaskus_async.sync.streams import Streams as Streams
    from kaskus_async.sync.subscriptions import Subscriptions as Subscriptions
    from kaskus_async.sync.threads import Threads as Threads
    from kaskus_async.sync.users import Users as Users
    from kaskus_async.sync.visitor_messages import VisitorMessages as VisitorMessages
    from kaskus_async.sync.wallet import Wallet as Wallet

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
