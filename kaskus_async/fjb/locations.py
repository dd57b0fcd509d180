"""Provinces, cities and areas that goods can be sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.models.fjb.locations import LocationDetail, LocationList
from kaskus_async.requests import get
from nusantara.client import Resource
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Locations"]


class Locations(Resource):
    """Where goods can be sent: provinces, their cities, and the areas (kecamatan) of these. Reference: "Fjb".

    The ids are others than the provinces of the old marketplace, which threads have as ``item_location``.
    """

    _client: AsyncKaskus

    async def provinces(self) -> LocationList:
        """List the provinces.

        ``GET /v1/fjb/location/provinces`` - safe

        Reference: "Fjb", "Get Provinces".
        """
        return await self._client._send(get("/v1/fjb/location/provinces"), LocationList)

    async def province(self, province_id: int | str) -> LocationDetail:
        """Show a province.

        ``GET /v1/fjb/location/provinces/{province_id}`` - safe

        Reference: "Fjb", "Get Province Detail".
        """
        return await self._client._send(get("/v1/fjb/location/provinces/{province_id}", province_id), LocationDetail)

    async def cities(self) -> Record:
        """List the cities of all provinces.

        ``GET /v1/fjb/location/cities`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Cities".
        """
        return await self._client._send(get("/v1/fjb/location/cities"), Record)

    async def cities_of_province(self, province_id: int | str) -> LocationList:
        """List the cities of a province.

        ``GET /v1/fjb/location/provinces/{province_id}/cities`` - safe

        Reference: "Fjb", "Get Cities by Province".
        """
        return await self._client._send(
            get("/v1/fjb/location/provinces/{province_id}/cities", province_id), LocationList
        )

    async def city(self, city_id: int | str) -> LocationDetail:
        """Show a city.

        ``GET /v1/fjb/location/cities/{city_id}`` - safe

        Reference: "Fjb", "Get City Detail".
        """
        return await self._client._send(get("/v1/fjb/location/cities/{city_id}", city_id), LocationDetail)

    async def areas(self) -> Record:
        """List the areas of all cities.

        ``GET /v1/fjb/location/areas`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Areas".
        """
        return await self._client._send(get("/v1/fjb/location/areas"), Record)

    async def areas_of_city(self, city_id: int | str) -> LocationList:
        """List the areas of a city.

        ``GET /v1/fjb/location/cities/{city_id}/areas`` - safe

        Reference: "Fjb", "Get Areas by City".
        """
        return await self._client._send(get("/v1/fjb/location/cities/{city_id}/areas", city_id), LocationList)

    async def area(self, area_id: int | str) -> LocationDetail:
        """Show an area.

        ``GET /v1/fjb/location/areas/{area_id}`` - safe

        Reference: "Fjb", "Get Areas Detail".
        """
        return await self._client._send(get("/v1/fjb/location/areas/{area_id}", area_id), LocationDetail)
