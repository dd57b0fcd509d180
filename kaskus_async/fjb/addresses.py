"""Addresses that the signed-in user saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.models.fjb.addresses import AddressList
from kaskus_async.requests import get, post
from kaskus_async.values import given, required, true_false
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Addresses"]


class Addresses(Resource):
    """Addresses of the signed-in user, to send goods from and to. Reference: "Fjb"."""

    _client: AsyncKaskus

    async def saved(self) -> AddressList:
        """List one's saved addresses.

        ``GET /v1/fjb/location/addresses`` - safe

        Reference: "Fjb", "Get User Saved Addresses".
        """
        return await self._client._send(get("/v1/fjb/location/addresses"), AddressList)

    async def create(
        self,
        province_id: int | str,
        city_id: int | str,
        area_id: int | str,
        title: str,
        address: str,
        owner_name: str,
        owner_phone: str,
        *,
        default: bool | None = None,
    ) -> Record:
        """Save a new address.

        ``POST /v1/fjb/location/addresses`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            title: What one calls the address.
            address: Street, house and whatever else is not told by the three ids.
            owner_name: Who lives there.
            default: Whether it becomes the address that is chosen by default.

        Reference: "Fjb", "Save New Address".
        """
        return await self._client._send(
            post(
                "/v1/fjb/location/addresses",
                form={
                    "province_id": given("province_id", province_id),
                    "city_id": given("city_id", city_id),
                    "area_id": given("area_id", area_id),
                    "title": required("title", title),
                    "address": required("address", address),
                    "owner_name": required("owner_name", owner_name),
                    "owner_phone": required("owner_phone", owner_phone),
                    "default": true_false("default", default),
                },
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def update(
        self,
        address_id: int | str,
        *,
        province_id: int | str | None = None,
        city_id: int | str | None = None,
        area_id: int | str | None = None,
        title: str | None = None,
        address: str | None = None,
        owner_name: str | None = None,
        owner_phone: str | None = None,
        default: bool | None = None,
    ) -> Record:
        """Change a saved address.

        ``POST /v1/fjb/location/addresses/{address_id}`` - repeatable

        The shape of the answer is not documented, nor whether what is not given stays as it was.

        Args:
            title: What one calls the address.
            address: Street, house and whatever else is not told by the three ids.
            owner_name: Who lives there.
            default: Whether it becomes the address that is chosen by default.

        Reference: "Fjb", "Save New Address".
        """
        return await self._client._send(
            post(
                "/v1/fjb/location/addresses/{address_id}",
                address_id,
                form={
                    "province_id": province_id,
                    "city_id": city_id,
                    "area_id": area_id,
                    "title": title,
                    "address": address,
                    "owner_name": owner_name,
                    "owner_phone": owner_phone,
                    "default": true_false("default", default),
                },
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )
