"""What Bukalapak answers, across all editions of its reference.

The first edition (2013-07) has fields that the second (2013-12) dropped, and API version v2 added others: they are
all optional here. Fields that every edition shows are required.
"""

from __future__ import annotations

from datetime import datetime

from nusantara.model import LooseBool, LooseInt, LooseStr, Model, SecretStr, field, model

__all__ = [
    "Conversation",
    "ConversationPage",
    "Deleted",
    "InboxPage",
    "Login",
    "Message",
    "SentMessage",
]


@model
class Conversation(Model):
    """An entry of the inbox."""

    id: LooseStr
    """24 hex digits; what :meth:`~bukalapak_async.messages.Messages.conversation` takes."""
    updated_at: datetime
    partner_id: LooseStr
    partner_name: str
    """As sent: some names end in a blank."""
    user_id: LooseStr
    """Oneself."""
    user_name: str
    last_message: str | None = None
    """Start of the last message, cut with ``...``. Not in the first edition."""
    partner_avatar: str | None = None
    """URL. Version v2."""
    last_message_read: LooseBool | None = None
    """Version v2."""
    last_message_sent: datetime | None = None
    """Time of the last message, whatever the name suggests. Version v2."""


@model
class InboxPage(Model):
    """One page of the inbox."""

    status: str
    inbox: list[Conversation]
    unread: LooseInt | None = None
    """Unread messages or conversations; no edition says which of the two."""
    message: str | None = None


@model
class Message(Model):
    """A message of a conversation."""

    id: LooseStr = field(keys=("id", "_id"))
    """24 hex digits. The first edition spells the key ``_id``."""
    body: str
    """Text with pieces of HTML. It comes from other users: treat it as untrusted."""
    created_at: datetime
    updated_at: datetime
    inbox_id: LooseStr
    """Conversation that the message belongs to."""
    read: LooseBool
    receiver_id: LooseStr
    receiver_name: str
    sender_id: LooseStr
    sender_name: str
    body_bb: str | None = None
    """The text as BBCode. First edition only."""
    category: LooseInt | None = None
    """See :class:`~bukalapak_async.CategoryV1`. First edition only."""
    attachment_id: LooseInt | None = None
    """0 for none. First edition only."""
    product_id: LooseStr | None = None
    """First edition only."""
    removed: LooseBool | None = None
    """First edition only."""
    receiver_avatar: str | None = None
    """URL. Version v2."""
    sender_avatar: str | None = None
    """URL. Version v2."""


@model
class ConversationPage(Model):
    """One page of a conversation."""

    status: str
    instant_messages: list[Message]
    message: str | None = None


@model
class MessageAnswer(Model):
    """The envelope of a single message."""

    status: str
    instant_message: Message
    message: str | None = None


@model
class SentMessage(Model):
    """What is known of a message that was just sent."""

    status: str
    id: LooseStr
    """24 hex digits of the new message."""
    message: str | None = None
    """A confirmation in Indonesian; None in version v1."""
    client_id: LooseStr | None = None
    """The mark given when sending, echoed. Version v2."""
    conversation_id: LooseStr | None = None
    """Version v2."""


@model
class Deleted(Model):
    """The confirmation of a deletion."""

    status: str
    id: LooseStr
    """What was deleted."""
    message: str | None = None
    """A confirmation in Indonesian."""


@model
class Login(Model):
    """What a login gives: ``AsyncBukalapak(login.user_id, login.token)``."""

    status: str
    user_id: LooseStr
    token: SecretStr
    """Has no documented lifetime."""
    message: str | None = None
    user_name: str | None = None
    """Version v2, as the next three."""
    email: str | None = None
    confirmed: LooseBool | None = None
    omnikey: SecretStr | None = None
