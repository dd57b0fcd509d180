# Written by "python -m nusantara.syncgen" from kaskus_async/images.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.images`."""

from __future__ import annotations

import os
from typing import IO

from kaskus_async.images import Images as AsyncImages
from kaskus_async.models.images import ImagePurpose
from nusantara.record import Record
from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncResource
from nusantara.upload import File

__all__ = ["Images"]


class Images(SyncResource[AsyncImages]):
    """Uploading images. Reference: "Image", "Fjb_image", "Aws cognito"."""

    def upload(self, image: str | os.PathLike[str] | bytes | IO[bytes] | File) -> Record:
        """Upload an image, which is kept in its size.

        ``POST /v1/image/s3`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            image: Path, bytes or binary file; a :class:`~nusantara.upload.File` for a name or ``progress=``.

        Reference: "Image".
        """
        return self._portal.run(self._impl.upload, image)

    def upload_for(
        self, purpose: ImagePurpose | str, image: str | os.PathLike[str] | bytes | IO[bytes] | File
    ) -> Record:
        """Upload an image that proves a payment or who one is.

        ``POST /v1/image/{purpose}`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            image: Path, bytes or binary file; a :class:`~nusantara.upload.File` for a name or ``progress=``.

        Reference: "Image".
        """
        return self._portal.run(self._impl.upload_for, purpose, image)

    def upload_for_epulsa(
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
        return self._portal.run(self._impl.upload_for_epulsa, purpose, image)

    def upload_for_fjb(
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
        return self._portal.run(self._impl.upload_for_fjb, image, title=title)

    def upload_status(self, key_digest: str) -> Record:
        """Show what became of an upload.

        ``GET /v1/image_upload_status/{key_digest}`` - safe

        The shape of the answer is not documented.

        Args:
            key_digest: MD5 of the key path of the image, in hexadecimal.

        Reference: "Image".
        """
        return self._portal.run(self._impl.upload_status, key_digest)

    def cognito_credentials(self) -> Record:
        """Get temporary credentials for uploading to AWS.

        ``GET /v1/cognito/tokens`` - safe

        The shape of the answer is not documented.

        Reference: "Aws cognito".
        """
        return self._portal.run(self._impl.cognito_credentials)

    def upload_with_cognito(
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
        secret = hide(secret)
        token = hide(token)
        return self._portal.run(
            self._impl.upload_with_cognito,
            image,
            key=key,
            secret=secret,
            token=token,
            image_name=image_name,
            identity_id=identity_id,
        )
