"""What the vendor would send by SMS and by e-mail: nothing leaves, so it can be read here."""

from __future__ import annotations

import attrs

__all__ = ["Letter", "Outgoing"]


@attrs.frozen(kw_only=True)
class Letter:
    """A text message or an e-mail."""

    to: str
    """Telephone number or address."""
    text: str = attrs.field(repr=False)
    code: str = attrs.field(default="", repr=False)
    """The code that is in it."""
    dateline: int


class Outgoing:
    """Text messages and e-mails, oldest first."""

    def __init__(self) -> None:
        self.sms: list[Letter] = []
        self.emails: list[Letter] = []

    def last_code(self, to: str) -> str:
        """The newest code that was sent to a number or an address, or nothing."""
        return next((one.code for one in reversed([*self.sms, *self.emails]) if one.to == to and one.code), "")
