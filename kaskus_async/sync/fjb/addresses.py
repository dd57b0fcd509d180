# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/addresses.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.addresses`."""

from __future__ import annotations

from kaskus_async.fjb.addresses import Addresses as AsyncAddresses
from kaskus_async.models.fjb.addresses import AddressList
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Addresses"]


class Addresses(SyncResource[AsyncAddresses]):
    """Addresses of the signed-in user, to send goods from and to. Reference: "Fjb"."""

    def saved(self) -> AddressList:
        """List one's saved addresses.

        ``GET /v1/fjb/location/addresses`` - safe

        Reference: "Fjb", "Get User Saved Addresses".
        """
        return self._portal.run(self._impl.saved)

    def create(
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
        return self._portal.run(
            self._impl.create, province_id, city_id, area_id, title, address, owner_name, owner_phone, default=default
        )

    def update(
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
        return self._portal.run(
            self._impl.update,
            address_id,
            province_id=province_id,
            city_id=city_id,
            area_id=area_id,
            title=title,
            address=address,
            owner_name=owner_name,
            owner_phone=owner_phone,
            default=default,
        )
