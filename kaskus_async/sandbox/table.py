"""Every operation of the reference, by verb and path, and what answers those that have no rules of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.asked import Asked
from kaskus_async.sandbox.operation import Operation

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["REFERENCE", "bare_operations"]

REFERENCE = """
GET /foruminfo
GET /v1/fjb/banks
GET /v1/fjb/kaskus_banks
GET /v1/fjb/bi_banks
POST /v1/fjb/lapak/{lapak_id}/buy_now
POST /v1/fjb/buy_now/{invoice_id}/approval
POST /v1/fjb/buy_now/{invoice_id}/rejection
POST /v1/fjb/checkouts/{offer_id}
GET /v1/fjb/checkout_items
POST /v1/fjb/checkout_items
DELETE /v1/fjb/checkout_items/{checkout_item_id}
GET /v1/fjb/checkout_items/count
POST /v1/fjb/checkout_items/{checkout_item_id}
DELETE /v1/fjb/checkout_items/all
GET /v1/fjb/invoices/{invoice_id}/feedbacks
POST /v1/fjb/invoices/{invoice_id}/feedbacks
GET /v1/fjb/showcases
GET /v1/fjb/invoices/{invoice_id}
POST /v1/fjb/invoices/{invoice_id}/transfer_confirmation
POST /v1/fjb/invoices/{invoice_id}/shipping_information
POST /v1/fjb/invoices/{invoice_id}/product_confirmation
GET /v1/fjb/invoice_status
GET /v1/fjb/invoice_status/{status_id}
GET /v1/fjb/tips
GET /v1/fjb/selling_invoices
GET /v1/fjb/buying_invoices
GET /v1/fjb/notifications
GET /v1/fjb/notifications/count
GET /v1/fjb/notification/summaries
POST /v1/fjb/notifications/{notification_id}
GET /v1/fjb/offers/{offer_id}
POST /v1/fjb/lapak/{lapak_id}/offers
POST /v1/fjb/offers/{offer_id}/approval
POST /v1/fjb/offers/{offer_id}/rejection
GET /v1/fjb/offers/seller
GET /v1/fjb/offers/buyer
GET /v1/fjb/get_oneklik_user_token
GET /v1/fjb/payment_methods
GET /v1/fjb/payment_methods/{payment_method_id}
GET /v1/fjb/location/provinces
GET /v1/fjb/location/provinces/{province_id}
GET /v1/fjb/location/cities
GET /v1/fjb/location/areas
GET /v1/fjb/location/provinces/{province_id}/cities
GET /v1/fjb/location/cities/{city_id}/areas
GET /v1/fjb/shipping_methods
GET /v1/fjb/shipping_agents/{method_id}
GET /v1/fjb/lapak/{thread_id}/shipping_costs
GET /v1/fjb/location/cities/{city_id}
GET /v1/fjb/location/areas/{area_id}
GET /v1/fjb/location/addresses
POST /v1/fjb/location/addresses
POST /v1/fjb/location/addresses/{address_id}
GET /v1/fjb/insurance_cost/{price}/{shipping_method_id}
GET /v1/fjb/similar_products/{lapak_id}
GET /v1/fjb/{id}/threads
GET /v1/fjb/{id}/lapaks
GET /v1/user/{user_id}/feedbacks
POST /v1/user/wallet/redemption
POST /v1/user/wallet/redemption/validation
GET /v1/user/wallet/summary
GET /v1/user/wallet/transactions
GET /user/{user_id}
POST /user
GET /user
GET /user/visitor/{user_id}
GET /user/badges/{user_id}
GET /user/privacy_setting
POST /user/privacy_setting
GET /user/option
POST /user/option
POST /v1/user/permissions
GET /v1/user/forum_permissions
GET /v1/user/fjb_permissions
GET /user/latest_visitor/{user_id}
POST /v1/user/verification
POST /v1/user/{user_id}/verifications
GET /v1/user/options/{category}
GET /v1/user/wallet/balance_chart/{last_n_days}
GET /followed
POST /followed/{user_id}
DELETE /followed/{user_id}
GET /follower
GET /forum/top_kaskuser
GET /forum/events
GET /v1/forum/{id}/threads
GET /v1/forum/recommendations
GET /v1/forum/showcases
GET /forumlist
GET /forumlist/{forum_id}
GET /forumtag/all
GET /forumtag/fjb
GET /forumtag/list_forum_tag
GET /forumtag/list_forum_subscription
GET /forumtag/list_navigation_info
GET /friend
POST /friend/{user_id}
DELETE /friend/{user_id}
GET /v1/user/{userId}/friends
DELETE /v1/user/friends/{userId}
POST /v1/user/friends/{userId}
POST /v1/user/friend/requests/{userId}
GET /mutualfriend/{user_id}
GET /mypost/{user_id}/{thread_id}
GET /mypost/{user_id}
GET /myquotedpost
GET /mythread/{user_id}
GET /mywtb/active/{user_id}
GET /mywtb/got_it/{user_id}
GET /mywtb/{user_id}
GET /mywts/active/{user_id}
GET /mywts/sold_out/{user_id}
GET /mywts/{user_id}
POST /pm/{pmIds}
DELETE /pm/{folderId}/{pmIds}
POST /pm
GET /pm/{folderId}/{pmIds}
POST /pm/{currentFolderId}/{pmId}
GET /pm/{folderId}
GET /pmfolder
POST /pmfolder
DELETE /pmfolder/{folder_id}
GET /post/{post_id}
POST /post/{post_id}
GET /v1/post/{id}
GET /posts/{post_id}
GET /reputation
GET /reputation/{post_id}
POST /reputation/{post_id}
GET /search/user
GET /search/forum_recursive
GET /search/classified_recursive
GET /search/forum
GET /search/classified
GET /search/lapak
GET /search/group
GET /search/forum_tags
GET /stream
GET /subscribe/lapak
GET /v1/cognito/tokens
POST /v1/cognito/images
POST /v1/badges
DELETE /v1/badges/{user_id}/{badge_id}
GET /v1/user/bank_accounts
POST /v1/user/bank_accounts
POST /v1/user/bank_accounts/{account_id}
DELETE /v1/user/bank_accounts/{account_id}
POST /v1/user/bank_accounts/validation
GET /v1/content/countries
GET /v1/content/locations
GET /v1/categories
POST /v1/fjb_image
GET /v1/fjb_post/{id}
POST /v1/fjb_post
POST /v1/fjb_post/{id}/edit
GET /v1/fjb_thread/{id}
POST /v1/fjb_thread/{id}/sundul
GET /v1/forum_post/{id}
POST /v1/forum_post
POST /v1/forum_post/{id}/edit
GET /v1/forum/settings
GET /v1/forum_thread/{id}
POST /v1/forum_thread
GET /v1/user/friend/requests
DELETE /v1/user/friend/requests/{userId}
GET /v1/hot_thread_archives
GET /v1/hot_threads
POST /v1/image/s3
POST /v1/image/{action}
POST /v1/image/epulsa/{action}
GET /v1/image_upload_status/{md5KeyName}
GET /v1/lapak/{id}
POST /v1/lapak
POST /v1/lapak/{id}/prefix
POST /v1/lapak/{id}/sundul
GET /v1/lapak_post/{id}
POST /v1/lapak_post
POST /v1/lapak_post/{id}/edit
GET /latest_products
POST /v1/otp/{action}
POST /v1/push_notification_blaster
GET /v1/push_notification_receivers
GET /v1/temporary_push_notification_receivers
GET /v1/user/quoted_posts
GET /v1/user/subscription/forums
GET /v1/user/subscription/fjb_categories
GET /v1/user/subscription/threads
GET /v1/user/subscription/videos
GET /v1/user/subscription/images
POST /v1/registration/user
POST /v1/registration/user/validation
GET /v1/users
GET /v1/user/shipping_agent_methods
POST /v1/user/shipping_agent_methods
DELETE /v1/user/shipping_agent_methods/{id}
GET /v1/smiley_categories
GET /v1/smiley/{categoryId}
GET /v1/smiley_kaskus_plus
GET /v1/smiley/categories/{categoryId}
POST /v1/sms
GET /v1/kaskus/special_events
GET /v1/sticker_categories/{categoryId}/stickers
GET /v1/sticker_categories
GET /v1/thread/{id}
POST /v1/thread/{id}/rate
GET /v1/thread/{forum_id}/{last_post}/{operation}
GET /v1/video_previews
POST /vm/{user_id}
DELETE /vm/{vm_id}
GET /vm/{user_id}
GET /vm/{user_id_1}/{user_id_2}
GET /whoposted/{thread_id}
"""
"""Sign-in is left out: it has a module of its own."""


def bare_operations(ruled: Iterable[Operation]) -> Iterator[Operation]:
    """The operations of the reference that are not among the given ones. Only a user may call them."""
    known = {(operation.method, operation.path) for operation in ruled}
    for line in REFERENCE.split("\n"):
        method, _, path = line.partition(" ")
        if path and (method, path) not in known:
            run = _read if method == "GET" else _write
            yield Operation(method, path, run, documented=False)


def _read(state: KaskusState, asked: Asked) -> dict[str, Any]:
    return {"data": []}


def _write(state: KaskusState, asked: Asked) -> dict[str, Any]:
    return {"result": True}
