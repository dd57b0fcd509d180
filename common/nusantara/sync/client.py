# Written by "python -m nusantara.syncgen" from nusantara/client.py. Do not edit.
"""Synchronous twin of :mod:`nusantara.client`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Never, Self

from nusantara.client import AsyncClient
from nusantara.options import NOT_GIVEN, NotGiven, Options, Timeouts
from nusantara.request import CallClass, Params
from nusantara.response import Response
from nusantara.secret import Secret
from nusantara.sync.facade import C, Facade

if TYPE_CHECKING:
    from nusantara.download import Download
    from nusantara.hooks import Hooks
    from nusantara.limits import RateLimit
    from nusantara.progress import Progress
    from nusantara.upload import File

__all__ = ["SyncClient"]


class SyncClient(Facade[C]):
    """Base of the vendors' synchronous clients: what every async client has, and what is made for it by hand."""

    vendor: str = AsyncClient.vendor
    """Name of the vendor in logs and events."""

    @property
    def base_url(self) -> str:
        """Where the calls go, without a trailing slash."""
        return self._impl.base_url

    @property
    def options(self) -> Options:
        """The settings of calls made through this object."""
        return self._impl.options

    @property
    def closed(self) -> bool:
        """Whether it was closed, or a copy that :meth:`with_options` has made of it, or what it is a copy of."""
        return self._impl.closed

    def with_options(
        self,
        *,
        timeout: Timeouts | float | NotGiven | None = NOT_GIVEN,
        max_attempts: int | None = None,
        headers: Mapping[str, Secret | str] | None = None,
        max_body: int | None = None,
        max_retry_after: float | None = None,
        strict: bool | None = None,
        rate_limit: RateLimit | NotGiven | None = NOT_GIVEN,
        hooks: Hooks | Sequence[Hooks] | NotGiven | None = NOT_GIVEN,
        tags: Mapping[str, str] | None = None,
        **unknown: Never,
    ) -> Self:
        """A cheap copy with other settings, on the same connections: ``client.with_options(timeout=5).messages...``.

        Args:
            timeout: Seconds for the whole call, None for no bound, or :class:`~nusantara.options.Timeouts`.
            max_attempts: Tries in all; 1 for exactly one request.
            headers: Added to those of the client.
            max_body: Largest answer accepted, in bytes.
            max_retry_after: Longest wait that is obeyed when the server asks for one, in seconds.
            strict: Whether to refuse answers that can be read in two ways, or not whole.
            rate_limit: A limit in the place of the client's; None for none.
            hooks: Functions in the place of the client's; None for none.
            tags: Added to those of the client. See :class:`Settings`.
        """
        return self._copy(
            self._impl.with_options(
                timeout=timeout,
                max_attempts=max_attempts,
                headers=headers,
                max_body=max_body,
                max_retry_after=max_retry_after,
                strict=strict,
                rate_limit=rate_limit,
                hooks=hooks,
                tags=tags,
                **unknown,
            )
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        form: Params | None = None,
        json: Any = None,
        files: Mapping[str, File] | None = None,
        headers: Mapping[str, Secret | str] | None = None,
        call_class: CallClass | None = None,
    ) -> Response:
        """Call what has no method of its own; signed, bounded and retried like the rest.

        Args:
            method: HTTP verb.
            path: Path below the base URL, already encoded, without a query.
            headers: Added to those of the client, with the same rules.
            call_class: Whether it may be repeated: by default GET and HEAD are safe, all else is unrepeatable.

        Raises:
            ApiError: The vendor refused, by HTTP status or in the way it documents.
        """
        return self._portal.run(
            self._impl.request,
            method,
            path,
            params=params,
            form=form,
            json=json,
            files=files,
            headers=headers,
            call_class=call_class,
        )

    def download(
        self,
        url: str,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        resume: bool = True,
        progress: Progress | None = None,
    ) -> Download:
        """Fetch a file that an answer names, such as an attachment or a picture. It appears when it is whole.

        Its address is somebody else's: it gets no credential, no cookie and no header of the client, and is followed to
        https only, and not into the local network unless the vendor is a sandbox there. A cut is taken up where it was,
        and so is what a killed program has left, if the server says that the file is still the same.

        Args:
            url: Whole address.
            target: File name, in a folder that exists.
            overwrite: Replace a file that is there. It stays as it is until the new one is whole.
            resume: Whether to go on with what a killed download of the same address has left there.
            progress: Called with the bytes here and the bytes in all, see :mod:`nusantara.progress`.

        Raises:
            InvalidParameter: The address or the target cannot be used, or the target exists.
            UnsafeRedirect: The address leads to another that is not https, or into the local network.
            ApiError: The file's server refuses.
            WriteFailed: The disk is full or refuses.
            NoAnswer: It could not be fetched whole.
        """
        return self._portal.run(self._impl.download, url, target, overwrite=overwrite, resume=resume, progress=progress)
