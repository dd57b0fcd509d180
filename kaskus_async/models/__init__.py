"""What KASKUS answers, where its shape is known, one module per group of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from kaskus_async.models.account import *
    from kaskus_async.models.auth import *
    from kaskus_async.models.common import *
    from kaskus_async.models.content import *
    from kaskus_async.models.fjb.addresses import *
    from kaskus_async.models.fjb.cart import *
    from kaskus_async.models.fjb.cursors import *
    from kaskus_async.models.fjb.invoices import *
    from kaskus_async.models.fjb.lapak import *
    from kaskus_async.models.fjb.listings import *
    from kaskus_async.models.fjb.locations import *
    from kaskus_async.models.fjb.offers import *
    from kaskus_async.models.fjb.purchases import *
    from kaskus_async.models.fjb.shipping import *
    from kaskus_async.models.fjb.threads import *
    from kaskus_async.models.fjb.user_threads import *
    from kaskus_async.models.forum_tags import *
    from kaskus_async.models.forums import *
    from kaskus_async.models.friends import *
    from kaskus_async.models.images import *
    from kaskus_async.models.paging import *
    from kaskus_async.models.posts import *
    from kaskus_async.models.private_messages import *
    from kaskus_async.models.push_notifications import *
    from kaskus_async.models.reputation import *
    from kaskus_async.models.search import *
    from kaskus_async.models.smileys import *
    from kaskus_async.models.threads import *
    from kaskus_async.models.users import *
    from kaskus_async.models.visitor_messages import *

# Written by "python -m nusantara.syncgen" from the imports above.
_WHERE = {
    "Address": "kaskus_async.models.fjb.addresses",
    "AddressList": "kaskus_async.models.fjb.addresses",
    "AgentCosts": "kaskus_async.models.fjb.shipping",
    "ApplicationType": "kaskus_async.models.push_notifications",
    "Author": "kaskus_async.models.common",
    "CalendarEvent": "kaskus_async.models.forums",
    "CartGoods": "kaskus_async.models.fjb.cart",
    "CartItem": "kaskus_async.models.fjb.cart",
    "CartPage": "kaskus_async.models.fjb.cart",
    "Checkout": "kaskus_async.models.fjb.purchases",
    "Cursors": "kaskus_async.models.fjb.cursors",
    "CursorsMeta": "kaskus_async.models.fjb.cursors",
    "DeviceType": "kaskus_async.models.push_notifications",
    "Direction": "kaskus_async.models.threads",
    "ExtraAttribute": "kaskus_async.models.threads",
    "FacetCount": "kaskus_async.models.search",
    "Facets": "kaskus_async.models.search",
    "FeedbackCounts": "kaskus_async.models.threads",
    "FeedbackResponse": "kaskus_async.models.fjb.invoices",
    "FjbInclude": "kaskus_async.models.fjb.threads",
    "FjbTags": "kaskus_async.models.forum_tags",
    "Follower": "kaskus_async.models.users",
    "Forum": "kaskus_async.models.forums",
    "ForumEntry": "kaskus_async.models.forums",
    "ForumEvents": "kaskus_async.models.forums",
    "ForumPermissions": "kaskus_async.models.account",
    "ForumTag": "kaskus_async.models.forum_tags",
    "ForumThreads": "kaskus_async.models.forums",
    "FoundThread": "kaskus_async.models.search",
    "FoundThreads": "kaskus_async.models.search",
    "FoundUser": "kaskus_async.models.search",
    "FoundUsers": "kaskus_async.models.search",
    "Freshness": "kaskus_async.models.content",
    "FriendPage": "kaskus_async.models.friends",
    "Gender": "kaskus_async.models.users",
    "GoodsCondition": "kaskus_async.models.posts",
    "GrantType": "kaskus_async.models.auth",
    "GuardedAction": "kaskus_async.models.account",
    "Highlight": "kaskus_async.models.forums",
    "HotThread": "kaskus_async.models.threads",
    "HotThreadCache": "kaskus_async.models.threads",
    "HotThreads": "kaskus_async.models.threads",
    "ImagePurpose": "kaskus_async.models.images",
    "IssuedToken": "kaskus_async.models.auth",
    "KaskusLive": "kaskus_async.models.forums",
    "LapakSort": "kaskus_async.models.search",
    "LatestProducts": "kaskus_async.models.fjb.listings",
    "Location": "kaskus_async.models.fjb.locations",
    "LocationDetail": "kaskus_async.models.fjb.locations",
    "LocationList": "kaskus_async.models.fjb.locations",
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
    "OptionCategory": "kaskus_async.models.account",
    "PageNumbers": "kaskus_async.models.paging",
    "PaymentMechanism": "kaskus_async.models.fjb.lapak",
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
    "PreviewContent": "kaskus_async.models.threads",
    "PrivacySetting": "kaskus_async.models.account",
    "PrivacySettings": "kaskus_async.models.account",
    "ProfileInclude": "kaskus_async.models.users",
    "QuotedPost": "kaskus_async.models.posts",
    "RelatedThread": "kaskus_async.models.threads",
    "Reputation": "kaskus_async.models.reputation",
    "ReputationGiver": "kaskus_async.models.reputation",
    "ReputationList": "kaskus_async.models.reputation",
    "RequestToken": "kaskus_async.models.auth",
    "Resources": "kaskus_async.models.threads",
    "SearchInclude": "kaskus_async.models.search",
    "SellerReputation": "kaskus_async.models.threads",
    "Shipping": "kaskus_async.models.threads",
    "ShippingAddress": "kaskus_async.models.threads",
    "ShippingCost": "kaskus_async.models.fjb.shipping",
    "ShippingCosts": "kaskus_async.models.fjb.shipping",
    "ShippingType": "kaskus_async.models.threads",
    "Smiley": "kaskus_async.models.smileys",
    "SmileyCategories": "kaskus_async.models.smileys",
    "SmileyCategory": "kaskus_async.models.smileys",
    "SortOrder": "kaskus_async.models.forums",
    "SpecialEvent": "kaskus_async.models.content",
    "SpecialEvents": "kaskus_async.models.content",
    "StandardFolder": "kaskus_async.models.private_messages",
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
    "TopUser": "kaskus_async.models.forums",
    "TopUsers": "kaskus_async.models.forums",
    "UserBadges": "kaskus_async.models.users",
    "UserPosts": "kaskus_async.models.posts",
    "UserProfile": "kaskus_async.models.users",
    "UserThreadList": "kaskus_async.models.fjb.user_threads",
    "UserToken": "kaskus_async.models.auth",
    "Visitor": "kaskus_async.models.users",
    "VisitorMessage": "kaskus_async.models.visitor_messages",
    "VisitorMessagePage": "kaskus_async.models.visitor_messages",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
