"""What the generated synchronous classes are made on. Each holds its async twin and runs it through the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Self, TypeVar

from nusantara.client import DEFAULTS, Settings
from nusantara.errors import ClosedClient, InvalidParameter, even_half_made
from nusantara.introspection import show_keywords
from nusantara.sync.portal import Portal, shared

if TYPE_CHECKING:
    from nusantara.client import AsyncClient, Resource

__all__ = ["C", "Facade", "SyncResource"]

C = TypeVar("C", bound="AsyncClient")
R = TypeVar("R", bound="Resource")


class Facade(Generic[C]):
    """What a synchronous client has that its async twin has not, or has otherwise.

    Any number of threads may use one client; they share its connections. Making one starts no thread and opens
    nothing. Inside a running event loop it works too, but stops that loop while it waits
    (:class:`~nusantara.sync.portal.BlockingCallWarning`).

    A client that is dropped without :meth:`close` gives a :exc:`ResourceWarning` with the line that made it. One that
    lives until the interpreter exits is closed then, in silence.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        show_keywords(cls, Settings, DEFAULTS)

    def __init__(self, client: C, portal: Portal | None = None) -> None:
        session = client._shared.session
        if session.connections.session is not None:
            raise InvalidParameter("session", "belongs to an event loop of yours; only the async client can use it")
        # Its errors and its warning about a forgotten close name the class that the program knows.
        session.owner = type(self).__name__
        self._impl = client
        self._portal = shared() if portal is None else portal

    @classmethod
    def _around(cls, client: C) -> Self:
        """A client made of an async one that was made in another way than by the constructor."""
        made = cls.__new__(cls)
        Facade.__init__(made, client)
        return made

    def _copy(self, client: C) -> Self:
        """The same client around a copy of its async twin."""
        copy = object.__new__(type(self))
        # Resource groups are cached in the instance and hold their client, so that they must not be copied.
        copy.__dict__.update({name: value for name, value in vars(self).items() if not isinstance(value, SyncResource)})
        copy._impl = client
        return copy

    def close(self) -> None:
        """Close all connections, of this client and of its copies. Calls in other threads get five seconds; closing
        twice is fine."""
        try:
            self._portal.run(self._impl.aclose)
        except ClosedClient:
            self._impl._shared.session.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    @even_half_made
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._impl.base_url}{' closed' if self._impl.closed else ''}>"


class SyncResource(Generic[R]):
    """Base of a group of synchronous operations, as in ``client.messages``."""

    def __init__(self, portal: Portal, resource: R) -> None:
        self._portal = portal
        self._impl = resource

    @even_half_made
    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self._impl._client.base_url}>"
