"""Every vendor: its package, its client, and the credentials that the client needs.

The only list of vendors. The core knows them by these names and loads nothing of theirs before it is used.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

__all__ = ["VENDORS", "Credential", "Package"]


@attrs.frozen(slots=True)
class Credential:
    """One credential that ``from_env()`` of a vendor's client reads."""

    name: str
    needed: bool = True
    secret: bool = True


@attrs.frozen(slots=True, kw_only=True)
class Package:
    """What a vendor's package is called, and what in it."""

    vendor: str
    """As in logs, commands and the names of environment variables."""
    name: str
    """Of the package, which has a module ``sandbox`` and a module ``tour``."""
    client: str
    """Class of the async client, a name of the package."""
    credentials: tuple[Credential, ...]

    def variable(self, name: str) -> str:
        """The environment variable of a credential, or of ``base_url``."""
        return f"{self.vendor}_{name}".upper()

    def environment(self, base_url: str, credentials: Mapping[str, str]) -> dict[str, str]:
        """The environment variables that make ``from_env()`` use this address and these credentials."""
        given = {each.name: credentials[each.name] for each in self.credentials}
        return {self.variable(name): value for name, value in {"base_url": base_url, **given}.items()}


VENDORS = {
    package.vendor: package
    for package in (
        Package(
            vendor="kaskus",
            name="kaskus_async",
            client="AsyncKaskus",
            credentials=(
                Credential("consumer_key", secret=False),
                Credential("consumer_secret"),
                Credential("token", needed=False),
                Credential("token_secret", needed=False),
            ),
        ),
        Package(
            vendor="bukalapak",
            name="bukalapak_async",
            client="AsyncBukalapak",
            credentials=(Credential("user_id", secret=False), Credential("token")),
        ),
        Package(
            vendor="qiscus",
            name="qiscus_async",
            client="AsyncQiscus",
            credentials=(Credential("app_id", secret=False), Credential("secret_key")),
        ),
    )
}
