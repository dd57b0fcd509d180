"""The types of comments without buttons."""

from __future__ import annotations

import copy
from typing import Annotated, Any, ClassVar

import attrs

from nusantara.errors import InvalidParameter
from nusantara.introspection import documented
from nusantara.model import field, model
from qiscus_async.enums import CommentType, ContactType
from qiscus_async.forms import AnyNumber, AnyText, AnyTextOrNone, AnyWhole, member_or_text
from qiscus_async.payloads.base import Part, one, required

__all__ = [
    "AccountLinking",
    "AccountLinkingParams",
    "ContactPerson",
    "Custom",
    "FileAttachment",
    "Location",
    "Other",
    "Reply",
    "Text",
]


@model
class Text(Part):
    """A plain text. On the wire it is the message of the comment, and there is no payload."""

    comment_type: ClassVar[CommentType] = CommentType.TEXT

    text: AnyText = ""
    """Required. Public clients speak of at most 4000 characters."""

    def check(self, where: str = "") -> None:
        required(self, where, "text")


@model
class AccountLinkingParams(Part):
    """How the page of an account linking is shown."""

    user_id: AnyWhole = None
    topic_id: AnyWhole = None
    """Number of the room."""
    button_text: AnyTextOrNone = None
    view_title: AnyTextOrNone = None
    success_message: AnyTextOrNone = None


@model
class AccountLinking(Part):
    """An invitation to sign in elsewhere. Reference: "type account_linking"."""

    comment_type: ClassVar[CommentType] = CommentType.ACCOUNT_LINKING

    text: AnyText = ""
    """Required."""
    url: AnyText = ""
    """The page to open. Required."""
    redirect_url: AnyText = ""
    """The page that means success. Required."""
    params: AccountLinkingParams = field(factory=AccountLinkingParams)

    def check(self, where: str = "") -> None:
        required(self, where, "text", "url", "redirect_url")
        one(self.params, f"{where}params", AccountLinkingParams)


@model
class Reply(Part):
    """An answer to another comment. Reference: "type reply", in the older edition only; it is still valid.

    The stored message quotes the old one for old clients; show :attr:`text`. What is known of the comment replied to is
    filled in by the server.
    """

    comment_type: ClassVar[CommentType] = CommentType.REPLY

    text: AnyText = ""
    """Required."""
    replied_comment_id: AnyWhole = None
    """Required."""
    replied_comment_type: Annotated[CommentType | str, member_or_text(CommentType)] | None = None
    replied_comment_message: AnyTextOrNone = None
    replied_comment_payload: Any = None
    replied_comment_sender_email: AnyTextOrNone = None
    """User id."""
    replied_comment_sender_username: AnyTextOrNone = None

    def check(self, where: str = "") -> None:
        required(self, where, "text", "replied_comment_id")


@model
class Custom(Part):
    """Anything of your own. Reference: "type custom".

    Comments from before August 2017 may hold any object: then :attr:`type` is empty and :attr:`~Model.raw` has it.
    """

    comment_type: ClassVar[CommentType] = CommentType.CUSTOM

    type: AnyText = ""
    """A name of your own for the kind of content. Required."""
    content: Any = None
    """Any JSON value but null. Required."""

    def check(self, where: str = "") -> None:
        required(self, where, "type")
        if self.content is None:
            raise InvalidParameter(f"{where}content", "must be given: a Custom needs it")


@model
class Location(Part):
    """A place. The message is composed of name, address and map URL. Reference: "type location"."""

    comment_type: ClassVar[CommentType] = CommentType.LOCATION

    name: AnyText = ""
    """Required."""
    address: AnyText = ""
    latitude: AnyNumber = None
    """Required. The samples of the reference are beyond 90 degrees, so the range is not checked."""
    longitude: AnyNumber = None
    """Required."""
    map_url: AnyText = ""

    def check(self, where: str = "") -> None:
        required(self, where, "name", "latitude", "longitude")


@model
class ContactPerson(Part):
    """Somebody's phone number or e-mail address. The message is ``name - value``. Reference: "type contact_person"."""

    comment_type: ClassVar[CommentType] = CommentType.CONTACT_PERSON

    name: AnyText = ""
    """Required."""
    value: AnyText = ""
    """The number or address. Required."""
    type: Annotated[ContactType | str, member_or_text(ContactType)] | None = None
    """None and ``""`` mean a phone number."""

    def check(self, where: str = "") -> None:
        required(self, where, "name", "value")


@model
class FileAttachment(Part):
    """A file that lies somewhere already; this API takes no uploads. Reference: "type file_attachment"."""

    comment_type: ClassVar[CommentType] = CommentType.FILE_ATTACHMENT

    url: AnyText = ""
    """Required."""
    caption: AnyTextOrNone = None
    """What the message becomes; newer servers put the URL there."""
    file_name: AnyTextOrNone = None
    size: AnyWhole = None
    """Bytes."""
    pages: AnyWhole = None

    def check(self, where: str = "") -> None:
        required(self, where, "url")


@documented
@attrs.frozen(kw_only=True, slots=True)
class Other:
    """A payload as it stands: of a type that is not known here, or not of the form that its type has.

    It can be posted too, for types that the server learns later.
    """

    comment_type: str
    document: Any = None
    """The JSON value of the payload."""

    def to_dict(self) -> dict[str, Any]:
        """Both, as other payloads give their fields."""
        return {"comment_type": self.comment_type, "document": self.to_document()}

    def to_document(self) -> Any:
        """The JSON value of the payload; a copy."""
        return copy.deepcopy(self.document)
