"""The form fields that describe goods, for the operations that start a thread of the marketplace or change one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaskus_async.fjb.amounts import grams, percent, rupiah
from kaskus_async.models.fjb.lapak import PaymentMechanism
from kaskus_async.models.posts import GoodsCondition, PostPrefix
from kaskus_async.values import joined, json_list, json_object, true_false
from nusantara.errors import InvalidParameter
from nusantara.request import Value

__all__ = ["goods_fields", "lapak_fields"]

MAX_PICTURES = 5


def goods_fields(
    *,
    title: str | None,
    message: str | None,
    prefix: PostPrefix | str | None,
    condition: GoodsCondition | int | None,
    price: int | None,
    search_tags: Sequence[str] | None,
    location: int | None,
) -> dict[str, Value]:
    """What old threads and lapak have in common."""
    return {
        "title": title,
        "message": message,
        "prefix": prefix,
        "condition": condition,
        "price": rupiah("price", price),
        "search_tags": joined("search_tags", search_tags),
        "location": location,
    }


def lapak_fields(
    *,
    extra_attributes: Mapping[str, str] | None,
    discount: int | None,
    pictures: Sequence[str] | None,
    payment_mechanism: Sequence[PaymentMechanism | int] | None,
    shipping_method: Sequence[int | str] | None,
    address_id: int | str | None,
    weight: int | None,
    insurance: bool | None,
    free_shipping: bool | None,
    custom_shipping_method: Sequence[str] | None,
) -> dict[str, Value]:
    """What only lapak have."""
    if isinstance(pictures, Sequence) and not isinstance(pictures, str) and len(pictures) > MAX_PICTURES:
        raise InvalidParameter("pictures", f"are {len(pictures)}; at most {MAX_PICTURES} are allowed")
    return {
        "extra_attributes": json_object("extra_attributes", extra_attributes),
        "discount": percent("discount", discount),
        "pictures": joined("pictures", pictures),
        "payment_mechanism": json_list("payment_mechanism", payment_mechanism),
        "shipping_method": json_list("shipping_method", shipping_method),
        "address_id": address_id,
        "weight": grams("weight", weight),
        "insurance": true_false("insurance", insurance),
        "free_shipping": true_false("free_shipping", free_shipping),
        "custom_shipping_method": json_list("custom_shipping_method", custom_shipping_method),
    }
