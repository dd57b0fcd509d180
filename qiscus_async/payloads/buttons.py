"""Buttons, and the types of comments that are made of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

from nusantara.codec import structure
from nusantara.model import field, model
from qiscus_async.enums import ButtonType, CommentType
from qiscus_async.forms import AnyText, AnyTextOrNone, listing, member_or_text
from qiscus_async.payloads.base import Part, each, one, required

__all__ = [
    "Button",
    "ButtonAction",
    "ButtonPostbackResponse",
    "Buttons",
    "Card",
    "Carousel",
    "CarouselCard",
    "DefaultAction",
]


def _none() -> None:
    """A default that is written as null, as in every sample of the reference, where None itself would be left out."""


_Type = Annotated[ButtonType | str, member_or_text(ButtonType)]


@model
class ButtonAction(Part):
    """What pressing something calls or opens."""

    url: AnyText = ""
    """Required."""
    method: AnyText = "get"
    """HTTP verb, in either case. Links do without."""
    payload: Any = field(factory=_none)
    """Data of your own that comes back when a postback is pressed."""

    def check(self, where: str = "") -> None:
        required(self, where, "url")


@model
class Button(Part):
    """A button. :meth:`postback` and :meth:`link` make one with less typing."""

    label: AnyText = ""
    """Required."""
    type: _Type = ""
    """Required."""
    payload: ButtonAction | None = None
    """Required."""
    postback_text: AnyTextOrNone = None
    """The comment that pressing it posts, where that is not the label; the server echoes ``""`` for none."""

    @classmethod
    def postback(
        cls, label: str, url: str, *, method: str = "get", payload: Any = None, postback_text: str | None = None
    ) -> Self:
        """A button that posts a comment and calls a URL."""
        action = ButtonAction(url=url, method=method, payload=payload)
        return cls(label=label, type=ButtonType.POSTBACK, payload=action, postback_text=postback_text)

    @classmethod
    def link(cls, label: str, url: str) -> Self:
        """A button that opens a URL."""
        return cls(label=label, type=ButtonType.LINK, payload=ButtonAction(url=url))

    def check(self, where: str = "") -> None:
        required(self, where, "label", "type", "payload")
        if self.payload is not None:
            one(self.payload, f"{where}payload", ButtonAction)


_Buttons = Annotated[list[Button], listing(lambda button: structure(button, Button))]


@model
class DefaultAction(Part):
    """What pressing a card of a carousel beside its buttons does."""

    type: _Type = ""
    """Required."""
    payload: ButtonAction | None = None
    """Required."""
    postback_text: AnyTextOrNone = None

    def check(self, where: str = "") -> None:
        required(self, where, "type", "payload")
        if self.payload is not None:
            one(self.payload, f"{where}payload", ButtonAction)


@model
class Buttons(Part):
    """A text with buttons. Reference: "type buttons"."""

    comment_type: ClassVar[CommentType] = CommentType.BUTTONS

    text: AnyText = ""
    """Required."""
    buttons: _Buttons = field(factory=list)
    """Required. No highest number is documented."""

    def check(self, where: str = "") -> None:
        required(self, where, "text", "buttons")
        each(self.buttons, f"{where}buttons", Button)


@model
class ButtonPostbackResponse(Part):
    """What a pressed postback button posts: its action. Reference: "type button_postback_response"."""

    comment_type: ClassVar[CommentType] = CommentType.BUTTON_POSTBACK_RESPONSE

    url: AnyText = ""
    """Required."""
    method: AnyText = "get"
    payload: Any = field(factory=_none)
    """The data of the button."""

    def check(self, where: str = "") -> None:
        required(self, where, "url")


@model
class Card(Part):
    """A picture with title, description and buttons. Reference: "type card"."""

    comment_type: ClassVar[CommentType] = CommentType.CARD

    text: AnyText = ""
    """What the comment's message becomes."""
    image: AnyText = field(default="", keys=("image", "image_url"))
    """URL. The reference's requests spell it ``image_url`` and its answers ``image``, which the server takes too."""
    title: AnyText = ""
    """Required."""
    description: AnyText = ""
    url: AnyText = ""
    """What pressing the card opens."""
    buttons: _Buttons = field(factory=list)

    def check(self, where: str = "") -> None:
        required(self, where, "title")
        each(self.buttons, f"{where}buttons", Button)


@model
class CarouselCard(Part):
    """One card of a carousel."""

    image: AnyText = ""
    """URL."""
    title: AnyText = ""
    """Required."""
    description: AnyText = ""
    default_action: DefaultAction | None = None
    buttons: _Buttons = field(factory=list)
    """One to three in the samples of the reference."""

    def check(self, where: str = "") -> None:
        required(self, where, "title")
        if self.default_action is not None:
            one(self.default_action, f"{where}default_action", DefaultAction)
        each(self.buttons, f"{where}buttons", Button)


@model
class Carousel(Part):
    """Cards side by side. Its comment has no message. Reference: "type carousel"."""

    comment_type: ClassVar[CommentType] = CommentType.CAROUSEL

    cards: Annotated[list[CarouselCard], listing(lambda card: structure(card, CarouselCard))] = field(factory=list)
    """Required."""

    def check(self, where: str = "") -> None:
        required(self, where, "cards")
        each(self.cards, f"{where}cards", CarouselCard)
