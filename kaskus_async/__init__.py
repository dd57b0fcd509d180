"""Async client for the KASKUS forum and marketplace, with a synchronous twin.

    async with AsyncKaskus(consumer_key, consumer_secret) as kaskus:
        hot = await kaskus.threads.hot()
        async for post in kaskus.threads.read(hot.data[0].thread_id):
            ...

    with Kaskus(consumer_key, consumer_secret) as kaskus:
        hot = kaskus.threads.hot()
        for post in kaskus.threads.read(hot.data[0].thread_id):
            ...

Importing this package loads nothing heavy; each name below is loaded when it is first used. The groups of operations
are those of the async client; the twins of the synchronous one have the same names in :mod:`kaskus_async.sync`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from kaskus_async import models as models
    from kaskus_async.account import *
    from kaskus_async.auth import *
    from kaskus_async.badges import *
    from kaskus_async.bank_accounts import *
    from kaskus_async.client import *
    from kaskus_async.content import *
    from kaskus_async.enums import *
    from kaskus_async.fjb.addresses import *
    from kaskus_async.fjb.cart import *
    from kaskus_async.fjb.groups import *
    from kaskus_async.fjb.invoices import *
    from kaskus_async.fjb.lapak import *
    from kaskus_async.fjb.lapak_posts import *
    from kaskus_async.fjb.listings import *
    from kaskus_async.fjb.locations import *
    from kaskus_async.fjb.notifications import *
    from kaskus_async.fjb.offers import *
    from kaskus_async.fjb.payments import *
    from kaskus_async.fjb.posts import *
    from kaskus_async.fjb.purchases import *
    from kaskus_async.fjb.shipping import *
    from kaskus_async.fjb.threads import *
    from kaskus_async.fjb.user_threads import *
    from kaskus_async.following import *
    from kaskus_async.forum_tags import *
    from kaskus_async.forums import *
    from kaskus_async.friend_requests import *
    from kaskus_async.friends import *
    from kaskus_async.images import *
    from kaskus_async.models import *
    from kaskus_async.posts import Posts as Posts
    from kaskus_async.private_messages import *
    from kaskus_async.push_notifications import *
    from kaskus_async.registration import *
    from kaskus_async.reputation import *
    from kaskus_async.search import *
    from kaskus_async.search_filters import *
    from kaskus_async.smileys import *
    from kaskus_async.sms import *
    from kaskus_async.stickers import *
    from kaskus_async.streams import *
    from kaskus_async.subscriptions import *
    from kaskus_async.sync.client import *
    from kaskus_async.threads import *
    from kaskus_async.users import *
    from kaskus_async.visitor_messages import *
    from kaskus_async.wallet import *
    from nusantara.record import *

# Written by "python -m nusantara.syncgen" from the imports above.
_WHERE = {
    "Account": "kaskus_async.account",
    "Address": "kaskus_async.models.fjb.addresses",
    "AddressList": "kaskus_async.models.fjb.addresses",
    "Addresses": "kaskus_async.fjb.addresses",
    "AgentCosts": "kaskus_async.models.fjb.shipping",
    "ApplicationType": "kaskus_async.models.push_notifications",
    "AsyncKaskus": "kaskus_async.client",
    "Authentication": "kaskus_async.auth",
    "Author": "kaskus_async.models.common",
    "Badges": "kaskus_async.badges",
    "BankAccounts": "kaskus_async.bank_accounts",
    "CalendarEvent": "kaskus_async.models.forums",
    "Cart": "kaskus_async.fjb.cart",
    "CartGoods": "kaskus_async.models.fjb.cart",
    "CartItem": "kaskus_async.models.fjb.cart",
    "CartPage": "kaskus_async.models.fjb.cart",
    "Checkout": "kaskus_async.models.fjb.purchases",
    "Condition": "kaskus_async.search_filters",
    "Content": "kaskus_async.content",
    "Cursors": "kaskus_async.models.fjb.cursors",
    "CursorsMeta": "kaskus_async.models.fjb.cursors",
    "DeviceType": "kaskus_async.models.push_notifications",
    "Direction": "kaskus_async.models.threads",
    "ExtraAttribute": "kaskus_async.models.threads",
    "FacetCount": "kaskus_async.models.search",
    "Facets": "kaskus_async.models.search",
    "FeedbackCounts": "kaskus_async.models.threads",
    "FeedbackResponse": "kaskus_async.models.fjb.invoices",
    "Fjb": "kaskus_async.fjb.groups",
    "FjbInclude": "kaskus_async.models.fjb.threads",
    "FjbNotifications": "kaskus_async.fjb.notifications",
    "FjbPosts": "kaskus_async.fjb.posts",
    "FjbTags": "kaskus_async.models.forum_tags",
    "FjbThreads": "kaskus_async.fjb.threads",
    "Follower": "kaskus_async.models.users",
    "Following": "kaskus_async.following",
    "Forum": "kaskus_async.models.forums",
    "ForumEntry": "kaskus_async.models.forums",
    "ForumEvents": "kaskus_async.models.forums",
    "ForumPermissions": "kaskus_async.models.account",
    "ForumTag": "kaskus_async.models.forum_tags",
    "ForumTags": "kaskus_async.forum_tags",
    "ForumThreads": "kaskus_async.models.forums",
    "Forums": "kaskus_async.forums",
    "FoundThread": "kaskus_async.models.search",
    "FoundThreads": "kaskus_async.models.search",
    "FoundUser": "kaskus_async.models.search",
    "FoundUsers": "kaskus_async.models.search",
    "Freshness": "kaskus_async.models.content",
    "FriendPage": "kaskus_async.models.friends",
    "FriendRequests": "kaskus_async.friend_requests",
    "Friends": "kaskus_async.friends",
    "Gender": "kaskus_async.models.users",
    "GoodsCondition": "kaskus_async.models.posts",
    "GrantType": "kaskus_async.models.auth",
    "GuardedAction": "kaskus_async.models.account",
    "Highlight": "kaskus_async.models.forums",
    "HotThread": "kaskus_async.models.threads",
    "HotThreadCache": "kaskus_async.models.threads",
    "HotThreads": "kaskus_async.models.threads",
    "ImagePurpose": "kaskus_async.models.images",
    "Images": "kaskus_async.images",
    "Invoices": "kaskus_async.fjb.invoices",
    "IssuedToken": "kaskus_async.models.auth",
    "Kaskus": "kaskus_async.sync.client",
    "KaskusLive": "kaskus_async.models.forums",
    "Lapak": "kaskus_async.fjb.lapak",
    "LapakPosts": "kaskus_async.fjb.lapak_posts",
    "LapakSort": "kaskus_async.models.search",
    "LatestProducts": "kaskus_async.models.fjb.listings",
    "ListingKind": "kaskus_async.search_filters",
    "Listings": "kaskus_async.fjb.listings",
    "Location": "kaskus_async.models.fjb.locations",
    "LocationDetail": "kaskus_async.models.fjb.locations",
    "LocationList": "kaskus_async.models.fjb.locations",
    "Locations": "kaskus_async.fjb.locations",
    "MapLocation": "kaskus_async.models.threads",
    "MarketplaceSettings": "kaskus_async.models.forums",
    "MessageFolder": "kaskus_async.models.private_messages",
    "MessageStatus": "kaskus_async.models.private_messages",
    "NavigationItem": "kaskus_async.models.forum_tags",
    "Offer": "kaskus_async.models.fjb.offers",
    "OfferDestination": "kaskus_async.models.fjb.offers",
    "OfferPage": "kaskus_async.models.fjb.offers",
    "OfferReply": "kaskus_async.models.fjb.offers",
    "OfferShipping": "kaskus_async.models.fjb.offers",
    "OfferShippingMethod": "kaskus_async.models.fjb.offers",
    "OfferType": "kaskus_async.models.fjb.cart",
    "OfferedGoods": "kaskus_async.models.fjb.offers",
    "Offers": "kaskus_async.fjb.offers",
    "OptionCategory": "kaskus_async.models.account",
    "Output": "kaskus_async.enums",
    "PageNumbers": "kaskus_async.models.paging",
    "PaymentMechanism": "kaskus_async.models.fjb.lapak",
    "Payments": "kaskus_async.fjb.payments",
    "PictureChange": "kaskus_async.models.account",
    "Place": "kaskus_async.models.content",
    "Places": "kaskus_async.models.content",
    "Poll": "kaskus_async.models.threads",
    "PollQuestion": "kaskus_async.models.threads",
    "Post": "kaskus_async.models.posts",
    "PostFragment": "kaskus_async.models.posts",
    "PostInThread": "kaskus_async.models.threads",
    "PostPrefix": "kaskus_async.models.posts",
    "Poster": "kaskus_async.models.threads",
    "Posters": "kaskus_async.models.threads",
    "Posts": "kaskus_async.posts",
    "PreviewContent": "kaskus_async.models.threads",
    "Price": "kaskus_async.search_filters",
    "PrivacySetting": "kaskus_async.models.account",
    "PrivacySettings": "kaskus_async.models.account",
    "PrivateMessages": "kaskus_async.private_messages",
    "ProfileInclude": "kaskus_async.models.users",
    "Purchases": "kaskus_async.fjb.purchases",
    "PushNotifications": "kaskus_async.push_notifications",
    "QuotedPost": "kaskus_async.models.posts",
    "Record": "nusantara.record",
    "Registration": "kaskus_async.registration",
    "RelatedThread": "kaskus_async.models.threads",
    "Reputation": "kaskus_async.models.reputation",
    "ReputationGiver": "kaskus_async.models.reputation",
    "ReputationKind": "kaskus_async.enums",
    "ReputationList": "kaskus_async.models.reputation",
    "ReputationPoints": "kaskus_async.reputation",
    "RequestToken": "kaskus_async.models.auth",
    "Resources": "kaskus_async.models.threads",
    "Search": "kaskus_async.search",
    "SearchInclude": "kaskus_async.models.search",
    "SellerReputation": "kaskus_async.models.threads",
    "Shipping": "kaskus_async.models.threads",
    "ShippingAddress": "kaskus_async.models.threads",
    "ShippingCost": "kaskus_async.models.fjb.shipping",
    "ShippingCosts": "kaskus_async.models.fjb.shipping",
    "ShippingServices": "kaskus_async.fjb.shipping",
    "ShippingType": "kaskus_async.models.threads",
    "Smiley": "kaskus_async.models.smileys",
    "SmileyCategories": "kaskus_async.models.smileys",
    "SmileyCategory": "kaskus_async.models.smileys",
    "Smileys": "kaskus_async.smileys",
    "Sms": "kaskus_async.sms",
    "SortOrder": "kaskus_async.models.forums",
    "SpecialEvent": "kaskus_async.models.content",
    "SpecialEvents": "kaskus_async.models.content",
    "StandardFolder": "kaskus_async.models.private_messages",
    "Stickers": "kaskus_async.stickers",
    "Streams": "kaskus_async.streams",
    "Subscriptions": "kaskus_async.subscriptions",
    "TagGroup": "kaskus_async.models.forum_tags",
    "TagGroups": "kaskus_async.models.forum_tags",
    "TaggedForum": "kaskus_async.models.forum_tags",
    "Thread": "kaskus_async.models.threads",
    "ThreadInclude": "kaskus_async.models.threads",
    "ThreadList": "kaskus_async.models.threads",
    "ThreadMention": "kaskus_async.models.forums",
    "ThreadPage": "kaskus_async.models.threads",
    "ThreadSort": "kaskus_async.models.forums",
    "ThreadSummary": "kaskus_async.models.common",
    "Threads": "kaskus_async.threads",
    "TopUser": "kaskus_async.models.forums",
    "TopUsers": "kaskus_async.models.forums",
    "UserBadges": "kaskus_async.models.users",
    "UserPosts": "kaskus_async.models.posts",
    "UserProfile": "kaskus_async.models.users",
    "UserThreadList": "kaskus_async.models.fjb.user_threads",
    "UserThreads": "kaskus_async.fjb.user_threads",
    "UserToken": "kaskus_async.models.auth",
    "Users": "kaskus_async.users",
    "Visitor": "kaskus_async.models.users",
    "VisitorMessage": "kaskus_async.models.visitor_messages",
    "VisitorMessagePage": "kaskus_async.models.visitor_messages",
    "VisitorMessages": "kaskus_async.visitor_messages",
    "Wallet": "kaskus_async.wallet",
    "classified_query": "kaskus_async.search_filters",
    "lapak_query": "kaskus_async.search_filters",
    "models": "kaskus_async.models",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
