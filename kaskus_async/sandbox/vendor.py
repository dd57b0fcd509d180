"""KASKUS' operations: credentials, routes, formats.

Paths are served below ``/api/oauth``, with the double slash that the PHP SDK makes of its base and with a slash at the
end, which other clients write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.utils import formatdate
from functools import partial
from typing import Any

from kaskus_async.sandbox import forum, market, people, seed, sign_in
from kaskus_async.sandbox.answers import rendered
from kaskus_async.sandbox.bare import bare_operations
from kaskus_async.sandbox.controls import CONTROLS
from kaskus_async.sandbox.operation import Guess, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere, Refused, Unauthorized
from kaskus_async.sandbox.settings import Settings
from kaskus_async.sandbox.state import KaskusState
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming
from nusantara.sandbox.operation import Access
from nusantara.sandbox.vendor import Route, RouteUse, Site

__all__ = ["KaskusSandbox"]

BASE_PATH = "/api/oauth"

_RULED: tuple[Operation, ...] = (*forum.ROUTES, *people.ROUTES, *market.ROUTES)
"""The operations that have rules of their own."""


class KaskusSandbox:
    """KASKUS: forum and marketplace.

    :param settings: what it starts with and comes back to at a reset.
    """

    name = "kaskus"
    prefixes: Sequence[str] = (BASE_PATH, sign_in.OAUTH2_PATH, "/_kaskus/")
    hosts: Sequence[str] = ("kaskus.co.id",)

    def __init__(self, settings: Settings | None = None) -> None:
        self.state = KaskusState(settings or Settings(), seed.fill)

    def attach(self, site: Site) -> None:
        """Take the clock and the seed, and fill in the first data."""
        self._base_url = site.base_url
        self.state.start(site.clock, site.seed)

    def reset(self) -> None:
        """Back to the first data and settings."""
        self.state.reset()

    def routes(self) -> Iterable[Route]:
        """Every operation of the reference, and a few more that clients are known to call."""
        ruled = [(operation.method, operation.path) for operation in _RULED]
        entrances = [(method, path) for method, path, _ in sign_in.ENTRANCES]
        for operation in (*_RULED, *bare_operations((*ruled, *entrances))):
            yield from operation.routes(partial(self._operate, operation), _spellings(operation.path))
        for method, path, entrance in sign_in.ENTRANCES:
            spellings = [path, f"{path}/"] if path == sign_in.OAUTH2_PATH else _spellings(path)
            for spelling in spellings:
                use = RouteUse.PAGE if path == sign_in.CONSENT_PATH else RouteUse.OPERATION
                yield Route(method, spelling, f"{method} {path}", partial(self._enter, entrance), use)
        yield Route("GET", forum.IMAGE_PATH, "image", partial(forum.send_image, self.state), RouteUse.FILE)
        for method, path, name, control in CONTROLS:
            yield Route(method, path, name, partial(control, self.state), RouteUse.CONTROL)

    def credentials(self) -> dict[str, Any]:
        """The application, its main user, and under ``partner`` a friend of that user.

        Under ``applications`` stand those that were added.
        """
        state = self.state
        return state.credentials_of(seed.MAIN_USER_ID) | {
            "partner": state.credentials_of(seed.PARTNER_ID),
            "applications": list(state.added_applications),
        }

    def examples(self) -> Sequence[tuple[str, str]]:
        """Signing by hand is no fun, so these use OAuth 2."""
        url, app = self._base_url(), self.state.app
        user = self.state.user(seed.MAIN_USER_ID)
        client = f"-d client_id={app.client_id} -d client_secret={app.client_secret}"
        bearer = f"-H 'Authorization: Bearer {self.state.sessions.standing_bearer(app, user.userid)}'"
        return (
            ("the hot threads", f"curl {bearer} '{url}{BASE_PATH}/v1/hot_threads?output=json'"),
            (
                "a new post",
                f"curl {bearer} -d thread_id={next(iter(self.state.board.threads))} -d message=Mantap "
                f"'{url}{BASE_PATH}/v1/forum_post?output=json'",
            ),
            (
                "a bearer token for a password",
                f"curl {client} -d grant_type=password -d username={user.username} -d password={user.password} "
                f"{url}{sign_in.OAUTH2_PATH}",
            ),
        )

    def not_found(self, call: Incoming) -> Answer:
        """Nobody has documented what the vendor answers here."""
        refusal = NotThere("there is no such operation")
        return rendered(call, refusal.document(bearer=sign_in.is_bearer(call)), status=404).undocumented()

    async def _operate(self, operation: Operation, call: Incoming) -> Answer:
        try:
            with self.state.lock:
                user = sign_in.identify(self.state, call)
            params = await Params.of(call, user=user)
            if operation.access is Access.USER and user is None:
                raise Unauthorized("a user has to sign in for this")
            with self.state.lock:
                document = operation.run(self.state, params)
        except Refused as refusal:
            return self._refused(call, refusal)
        guess = isinstance(document, Guess)
        answer = rendered(call, document.document if guess else document)
        return answer.undocumented() if guess or not operation.documented else answer

    def _refused(self, call: Incoming, refusal: Refused) -> Answer:
        # By the sandbox's clock, from which clients can learn how wrong theirs is.
        date = formatdate(self.state.now(), usegmt=True)
        document = refusal.document(bearer=sign_in.is_bearer(call))
        return rendered(call, document, status=refusal.status, headers=(("Date", date),))

    async def _enter(self, entrance: sign_in.Entrance, call: Incoming) -> Answer:
        try:
            params = await Params.of(call)
            with self.state.lock:
                return entrance(self.state, params)
        except Refused as refusal:
            return self._refused(call, refusal)


def _spellings(path: str) -> list[str]:
    return [f"{BASE_PATH}{slash}{path}{end}" for slash in ("", "/") for end in ("", "/")]
