"""Threads as the forum side shows them, and the answers of the thread operations.

All text is written by users and untrusted. Titles and forum names can be HTML-escaped or hold markup.
"""

from __future__ import annotations

import enum

from kaskus_async.models.common import ThreadSummary
from kaskus_async.models.loose import CompactDate, Moment, Number, PaymentCodes, Percent
from kaskus_async.models.paging import PageNumbers
from kaskus_async.models.posts import Post
from nusantara.model import LooseBool, LooseInt, LooseStr, Model, field, model

__all__ = [
    "Direction",
    "ExtraAttribute",
    "FeedbackCounts",
    "HotThread",
    "HotThreadCache",
    "HotThreads",
    "MapLocation",
    "Poll",
    "PollQuestion",
    "PostInThread",
    "Poster",
    "Posters",
    "PreviewContent",
    "RelatedThread",
    "Resources",
    "SellerReputation",
    "Shipping",
    "ShippingAddress",
    "ShippingType",
    "Thread",
    "ThreadInclude",
    "ThreadList",
    "ThreadPage",
]


class ThreadInclude(enum.StrEnum):
    """What a list of threads can hold beyond the usual."""

    PREVIEW = "preview"


class Direction(enum.StrEnum):
    """Which neighbour of a thread."""

    NEXT = "next"
    PREVIOUS = "prev"


@model
class Resources(Model):
    """Pictures."""

    images: list[str] = field(factory=list)
    """URLs."""
    images_thumbnail: list[str] = field(factory=list)
    """URLs, in the order of :attr:`images`."""
    thumbnail: str | None = None
    """URL or path below the site; a placeholder where there is no picture."""


@model
class ExtraAttribute(Model):
    """A property of goods that the seller named."""

    attribute: str
    value: LooseStr | None = None


@model
class FeedbackCounts(Model):
    """What buyers said of a seller."""

    positive: Number | None = None
    neutral: Number | None = None
    negative: Number | None = None
    percentage: Number | None = None
    point: Number | None = None


@model
class SellerReputation(Model):
    """The standing of a seller."""

    id: LooseStr | None = None
    label: str | None = None
    image_url: str | None = None


@model
class PreviewContent(Model):
    """The preview of a thread."""

    url: str | None = None
    description: str | None = None
    pagetext: str | None = None
    """BBCode."""
    thumbnail: str | None = field(default=None, keys=("thumbnail", "thumbnail_url"))
    thumbnail_compact: str | None = None
    width: Number | None = None
    height: Number | None = None


@model
class PollQuestion(Model):
    """What a poll asks."""

    decoded: str | None = None
    """HTML."""


@model
class Poll(Model):
    """A poll without its options, whose shape is not known."""

    can_vote: Number | None = None
    is_open: Number | None = None
    is_voted: Number | None = None
    total_votes: Number | None = None
    time_remaining: str | None = None
    question: PollQuestion | None = None


@model
class MapLocation(Model):
    """A place on the map."""

    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@model
class ShippingAddress(Model):
    """Where goods are sent from."""

    id: LooseStr | None = field(default=None, keys=("id", "address_id"))
    name: str | None = None
    address: str | None = None
    owner_name: str | None = None
    owner_phone: LooseStr | None = None
    province_id: LooseStr | None = None
    city_id: LooseStr | None = None
    area_id: LooseStr | None = None
    default: LooseBool | None = None
    map_location: MapLocation | None = None


@model
class ShippingType(Model):
    """A way to send goods."""

    name: str | None = field(default=None, keys=("name", "value"))


@model
class Shipping(Model):
    """How goods are sent."""

    weight: Number | None = None
    """Grams."""
    methods: list[LooseStr] = field(factory=list)
    custom_methods: list[LooseStr] = field(factory=list)
    shipping_types: list[ShippingType] = field(factory=list)
    location: ShippingAddress | None = None


@model
class Thread(ThreadSummary):
    """A thread of the forum or of the marketplace. Which of the fields are there depends on the operation."""

    display_name: str | None = None
    description: str | None = None
    forum_name: str | None = None
    forum_title: str | None = None
    parent_list: str | None = None
    """Comma text of forum ids that ends in -1."""
    post_id: LooseStr | None = None
    post_title: str | None = None
    thread_starter: LooseStr | None = None
    """Id of the first post, whatever the name suggests."""
    tagsearch: str | None = None
    ht_title: str | None = None
    """Its title as a hot thread."""
    url: str | None = None
    thumbnail_compact: str | None = None
    section_item_type: str | None = None
    first_post_preview: str | None = None
    content: PreviewContent | None = None
    poll: Poll | None = None
    resources: Resources | None = None
    shared_count: Number | None = None
    creator: LooseBool | None = None
    is_protected: LooseBool | None = None
    is_rated: LooseBool | None = None
    is_subscribed: LooseBool | None = None
    joindate: Moment | None = None
    """When the author joined."""
    total_badge: Number | None = None
    """Badges of the author."""
    usergroupid: LooseStr | None = None
    is_vsl: LooseBool | None = None
    """Whether the author is a verified seller."""

    item_price: Number | None = None
    """Rupiah."""
    discount: Percent | None = None
    discounted_price: Number | None = None
    """Rupiah, after the discount."""
    item_condition: Number | None = None
    """1 new, 2 second-hand, 4 refurbished; 0 was seen, too."""
    item_location: Number | None = None
    """Province, in the numbering of the old marketplace; 0 is none."""
    extra_attributes: list[ExtraAttribute] = field(factory=list)
    payment_method: PaymentCodes | None = None
    payment_mechanism: list[LooseStr] | None = None
    """1 COD, 2 escrow (Brankas); others exist."""
    shipping: Shipping | None = None
    free_shipping: Number | None = None
    feedback: FeedbackCounts | None = None
    seller_reputation: SellerReputation | None = None
    sold_count: Number | None = None
    sundul_enabled: LooseBool | None = None
    """Whether the thread may be bumped."""
    sundul_count: Number | None = None
    sundul_count_remainder: Number | None = None
    """Bumps left."""
    can_buynow: Number | None = None
    can_nego: Number | None = None
    is_instant_purchase: LooseBool | None = None
    is_offered: LooseBool | None = None
    is_seller_inactive: LooseBool | None = None


@model
class ThreadList(PageNumbers):
    """A page of threads."""

    thread: list[Thread] = field(factory=list)


@model
class RelatedThread(Model):
    """A thread that is shown beside another."""

    thread_id: LooseStr
    thread_title: str | None = None
    post_title: str | None = None
    thumbnail: str | None = None
    thread_type: Number | None = None
    dateline: Moment | None = None
    last_post: Moment | None = None
    item_price: Number | None = None
    """Rupiah."""
    discounted_price: Number | None = None
    discount: Percent | None = None


@model
class ThreadPage(PageNumbers):
    """A thread with one page of its posts."""

    thread: Thread | None = None
    posts: list[Post] = field(factory=list)
    similar: list[RelatedThread] | None = None
    more_from_seller: list[RelatedThread] | None = None


@model
class PostInThread(Model):
    """A post, with the thread that it belongs to."""

    thread: Thread | None = None
    posts: list[Post] = field(factory=list)
    """The post alone."""


@model
class HotThread(Model):
    """A thread that the editors chose for the front page."""

    thread_id: LooseStr
    title: str | None = None
    forum_id: Number | None = None
    forum_name: str | None = None
    user_id: Number | None = None
    username: str | None = None
    display_name: str | None = None
    thread_type: Number | None = None
    first_post_id: LooseStr | None = None
    last_post_id: LooseStr | None = None
    short_url: str | None = None
    image: str | None = None
    """URL."""
    image_compact: str | None = None
    hot_thread_start_timestamp: Moment | None = None
    hot_thread_start_date: CompactDate | None = None
    hot_thread_end_date: CompactDate | None = None
    hot_thread_flag: Number | None = None
    views: Number | None = None
    reply_count: Number | None = None
    shared_count: Number | None = None
    vote_num: Number | None = None
    vote_total: Number | None = None
    rating: float | None = None
    is_subscribed: LooseBool | None = None


@model
class HotThreadCache(Model):
    """Whether an answer came from the server's cache."""

    cache_key: str | None = None
    cached: bool | None = None
    cached_from: Number | None = None


@model
class HotThreads(Model):
    """The current hot threads."""

    data: list[HotThread] = field(factory=list)
    meta: HotThreadCache | None = None


@model
class Poster(Model):
    """Who wrote in a thread."""

    userid: LooseInt
    username: str | None = None
    total_post: Number | None = None
    """Posts of this user in the thread."""


@model
class Posters(Model):
    """Everyone who wrote in a thread."""

    users: list[Poster] = field(factory=list)
    total_post: Number | None = None
    """Posts in the thread."""
