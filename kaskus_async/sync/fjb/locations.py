# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/locations.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.locations`."""

from __future__ import annotations

from kaskus_async.fjb.locations import Locations as AsyncLocations
from kaskus_async.models.fjb.locations import LocationDetail, LocationList
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Locations"]


class Locations(SyncResource[AsyncLocations]):
    """Where goods can be sent: provinces, their cities, and the areas (kecamatan) of these. Reference: "Fjb".

    The ids are others than the provinces of the old marketplace, which threads have as ``item_location``.
    """

    def provinces(self) -> LocationList:
        """List the provinces.

        ``GET /v1/fjb/location/provinces`` - safe

        Reference: "Fjb", "Get Provinces".
        """
        return self._portal.run(self._impl.provinces)

    def province(self, province_id: int | str) -> LocationDetail:
        """Show a province.

        ``GET /v1/fjb/location/provinces/{province_id}`` - safe

        Reference: "Fjb", "Get Province Detail".
        """
        return self._portal.run(self._impl.province, province_id)

    def cities(self) -> Record:
        """List the cities of all provinces.

        ``GET /v1/fjb/location/cities`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Cities".
        """
        return self._portal.run(self._impl.cities)

    def cities_of_province(self, province_id: int | str) -> LocationList:
        """List the cities of a province.

        ``GET /v1/fjb/location/provinces/{province_id}/cities`` - safe

        Reference: "Fjb", "Get Cities by Province".
        """
        return self._portal.run(self._impl.cities_of_province, province_id)

    def city(self, city_id: int | str) -> LocationDetail:
        """Show a city.

        ``GET /v1/fjb/location/cities/{city_id}`` - safe

        Reference: "Fjb", "Get City Detail".
        """
        return self._portal.run(self._impl.city, city_id)

    def areas(self) -> Record:
        """List the areas of all cities.

        ``GET /v1/fjb/location/areas`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Areas".
        """
        return self._portal.run(self._impl.areas)

    def areas_of_city(self, city_id: int | str) -> LocationList:
        """List the areas of a city.

        ``GET /v1/fjb/location/cities/{city_id}/areas`` - safe

        Reference: "Fjb", "Get Areas by City".
        """
        return self._portal.run(self._impl.areas_of_city, city_id)

    def area(self, area_id: int | str) -> LocationDetail:
        """Show an area.

        ``GET /v1/fjb/location/areas/{area_id}`` - safe

        Reference: "Fjb", "Get Areas Detail".
        """
        return self._portal.run(self._impl.area, area_id)
