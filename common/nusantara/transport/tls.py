"""Whom a client trusts on TLS connections."""

from __future__ import annotations

import functools
import os
import ssl

from nusantara.errors import ConfigurationError, InvalidParameter

__all__ = ["ssl_context"]


def ssl_context(ca_bundle: str | os.PathLike[str] | ssl.SSLContext | None, base_url: str) -> ssl.SSLContext | None:
    """The context that verifies a server; None for aiohttp's own, which trusts the system's authorities.

    Args:
        ca_bundle: File of trusted certificates (PEM), or a context that is taken as it is.

    Raises:
        InvalidParameter: The file holds no certificates.
        ConfigurationError: The one that the environment names holds none.
    """
    if ca_bundle is None:
        # Without these variables aiohttp's context will do; with them it would show what they were at its import.
        variables = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
        return _environment_context(*variables) if any(variables) and base_url.startswith("https:") else None
    if isinstance(ca_bundle, ssl.SSLContext):
        return ca_bundle
    try:
        return ssl.create_default_context(cafile=os.fspath(ca_bundle))
    except (OSError, ssl.SSLError) as error:
        raise InvalidParameter("ca_bundle", f"cannot be read as certificates: {error.strerror or error}") from None


@functools.lru_cache(maxsize=8)
def _environment_context(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The context that ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` ask for. OpenSSL itself would pass over a wrong file."""
    try:
        if file:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"the environment variable SSL_CERT_FILE names a file that cannot be read as certificates: "
            f"{error.strerror or error}",
            hint="correct it or unset it, or give ca_bundle= to the client",
        ) from None
    return ssl.create_default_context()
