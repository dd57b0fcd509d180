"""Uploading images."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

from kaskus_async.models.images import ImagePurpose
from kaskus_async.requests import get, post
from kaskus_async.values import required, text
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass
from nusantara.secret import Secret, credential, hide
from nusantara.upload import File

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Images"]


class Images(Resource):
    """Uploading images. Reference: "Image", "Fjb_image", "Aws cognito"."""

    _client: AsyncKaskus

    async def upload(self, image: str | os.PathLike[str] | bytes | IO[bytes] | File) -> Record:
        """Upload an image, which is kept in its size.

        ``POST /v1/image/s3`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            image: Path, bytes or binary file; a :class:`~nusantara.upload.File` for a name or ``progress=``.

        Reference: "Image".
        """
        return await self._client._send(
            post(
                "/v1/image/s3",
                files={"image": File.of(image, parameter="image")},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def upload_for(
        self, purpose: ImagePurpose | str, image: str | os.PathLike[str] | bytes | IO[bytes] | File
    ) -> Record:
        """Upload an image that proves a payment or who one is.

        ``POST /v1/image/{purpose}`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            image: Path, bytes or binary file; a :class:`~nusantara.upload.File` for a name or ``progress=``.

        Reference: "Image".
        """
        return await self._client._send(
            post(
                "/v1/image/{purpose}",
                purpose,
                files={"image": File.of(image, parameter="image")},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def upload_for_epulsa(
        self, purpose: ImagePurpose | str, image: str | os.PathLike[str] | bytes | IO[bytes] | File
    ) -> Record:
        """Upload an image for e-pulsa.

        ``POST /v1/image/epulsa/{purpose}`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            purpose: The reference names ``id_card`` only.
            image: Path, bytes or binary file; a :class:`~nusantara.upload.File` for a name or ``progress=``.

        Reference: "Image".
        """
        return await self._client._send(
            post(
                "/v1/image/epulsa/{purpose}",
                purpose,
                files={"image": File.of(image, parameter="image")},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def upload_for_fjb(
        self, image: str | os.PathLike[str] | bytes | IO[bytes] | File, *, title: str | None = None
    ) -> Record:
        """Upload an image for a lapak or another marketplace thread.

        ``POST /v1/fjb_image`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            image: Path, bytes or binary file. JPEG, PNG or BMP, with a file name that says so.
            title: Becomes the file name on the server.

        Reference: "Fjb_image".
        """
        return await self._client._send(
            post(
                "/v1/fjb_image",
                form={"title": text("title", title)},
                files={"image": File.of(image, parameter="image")},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def upload_status(self, key_digest: str) -> Record:
        """Show what became of an upload.

        ``GET /v1/image_upload_status/{key_digest}`` - safe

        The shape of the answer is not documented.

        Args:
            key_digest: MD5 of the key path of the image, in hexadecimal.

        Reference: "Image".
        """
        return await self._client._send(get("/v1/image_upload_status/{key_digest}", key_digest), Record)

    async def cognito_credentials(self) -> Record:
        """Get temporary credentials for uploading to AWS.

        ``GET /v1/cognito/tokens`` - safe

        The shape of the answer is not documented.

        Reference: "Aws cognito".
        """
        return await self._client._send(get("/v1/cognito/tokens"), Record)

    async def upload_with_cognito(
        self,
        image: str | os.PathLike[str] | bytes | IO[bytes] | File,
        *,
        key: str,
        secret: Secret | str,
        token: Secret | str,
        image_name: str | None = None,
        identity_id: str | None = None,
    ) -> Record:
        """Upload an image with temporary credentials.

        ``POST /v1/cognito/images`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            image: Path, bytes or binary file; a :class:`~nusantara.upload.File` for a name or ``progress=``.
            key: AccessKeyId of the credentials.
            secret: SecretAccessKey of the credentials.
            token: SessionToken of the credentials.
            image_name: Name of the image on the server.
            identity_id: Makes the check of the credentials stricter.

        Reference: "Aws cognito".
        """
        secret, token = hide(secret), hide(token)
        return await self._client._send(
            post(
                "/v1/cognito/images",
                form={
                    "key": required("key", key),
                    "secret": credential("secret", secret),
                    "token": credential("token", token),
                    "image_name": text("image_name", image_name),
                    "identity_id": text("identity_id", identity_id),
                },
                files={"image": File.of(image, parameter="image")},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )
