"""The routes of ``/v1`` and ``/v2``, and what each call is checked for.

Documented and followed: HTTP Basic with user id and token; the ``status`` of the body decides, not that of HTTP; the
Indonesian texts of each refusal; reading marks as read; categories above 0 only to the administrator. The bank list of
the documentation is no call of this API, so it is not served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from bukalapak_async.sandbox import operations, seed
from bukalapak_async.sandbox.controls import add_user
from bukalapak_async.sandbox.params import Params
from bukalapak_async.sandbox.state import BukalapakState, Edition
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming
from nusantara.sandbox.operation import Access, ServedOperation, reference
from nusantara.sandbox.vendor import Route, RouteUse, Site

__all__ = ["BukalapakSandbox"]

_Run = Callable[[BukalapakState, Params], Answer]

_RUNS: dict[str, _Run] = {
    "messages.inbox": operations.get_inbox,
    "messages.conversation": operations.get_conversation,
    "messages.get": operations.get_message,
    "messages.create": operations.create_message,
    "messages.delete_conversation": operations.delete_conversation,
    "messages.delete": operations.delete_message,
    "account.authenticate": operations.authenticate,
}
"""By the name that the operation has in the reference. In the log it is called as its function."""


def _served() -> Iterator[ServedOperation[_Run]]:
    for entry in reference("bukalapak_async.sandbox"):
        run = _RUNS[entry["name"]]
        access = Access.OPEN if run is operations.authenticate else Access.USER
        yield ServedOperation(entry["method"], entry["path"], run, access, name=run.__name__)


class BukalapakSandbox:
    """Bukalapak, as far as its messages go.

    :param edition: whose field set ``/v1`` answers with: ``"001"``, ``"002"`` or ``"slate"``.
    :param refused_status: HTTP status for wrong credentials, 401 or 200. The vendor documents none.
    :param error_status: HTTP status for every other ``ERROR``, 200 or a 4xx. The documentation suggests 200.

    All three can be changed at run time on :attr:`state`; a reset brings these values back.
    """

    name = "bukalapak"
    prefixes: Sequence[str] = ("/v1/", "/v2/", "/_bukalapak/")
    hosts: Sequence[str] = ("bukalapak.com",)

    def __init__(
        self, *, edition: Edition | str = Edition.SECOND, refused_status: int = 401, error_status: int = 200
    ) -> None:
        self.state = BukalapakState(edition=edition, refused_status=refused_status, error_status=error_status)

    def attach(self, site: Site) -> None:
        """Take the clock and the seed, and fill in the first data."""
        self._base_url = site.base_url
        self.state.start(site.clock, site.seed)

    def reset(self) -> None:
        """Back to the first data and settings."""
        self.state.reset()

    def routes(self) -> Iterable[Route]:
        """Seven operations in two versions, and one control."""
        for operation in _served():
            paths = (operation.path, operation.path.replace("/v1/", "/v2/", 1))
            yield from operation.routes(partial(self._operate, operation), paths)
        yield Route("POST", "/_bukalapak/users", "users", partial(add_user, self.state), RouteUse.CONTROL)

    def credentials(self) -> dict[str, Any]:
        """Those of the main user; under ``partner`` those of somebody in the main user's newest conversation.

        Under ``users`` stand those who were added.
        """
        state = self.state
        return {
            **state.credentials_of(seed.MAIN_USER_ID),
            "partner": state.credentials_of(seed.PARTNER_ID),
            "users": [state.credentials_of(user.id) for user in state.added_users],
        }

    def examples(self) -> Sequence[tuple[str, str]]:
        """One call to read, one to write, one to log in."""
        user = self.state.user(seed.MAIN_USER_ID)
        url, basic = self._base_url(), f"-u {user.id}:{user.token}"
        body = f'{{"instant_message": {{"receiver_id": "{seed.PARTNER_ID}", "category": "0", "body_bb": "Halo"}}}}'
        return (
            ("the inbox, two conversations a page", f"curl {basic} '{url}/v2/messages.json?per_page=2'"),
            ("a message", f"curl {basic} -H 'Content-Type: application/json' -d '{body}' {url}/v2/messages.json"),
            (
                "user id and token for a password",
                f"curl -u {user.username}:{user.password} -X POST {url}/v2/authenticate.json",
            ),
        )

    def not_found(self, call: Incoming) -> Answer:
        """Nobody has documented what the vendor answers here."""
        return Answer.json({"status": "ERROR", "message": "Not found"}, status=404).undocumented()

    async def _operate(self, operation: ServedOperation[_Run], call: Incoming) -> Answer:
        edition = Edition.SLATE if call.path.startswith("/v2/") else self.state.edition
        user = self.state.find_by_token(*(call.basic() or ("", "")))
        if operation.access is Access.USER and user is None:
            document = {"status": "ERROR", "message": "The user id and the token do not belong together"}
            return operations.refused(self.state, document).undocumented()
        return operation.run(self.state, await Params.of(call, user=user, edition=edition))
