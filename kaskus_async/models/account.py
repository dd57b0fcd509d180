"""Vocabulary and answers of the operations on one's own account."""

from __future__ import annotations

import enum

from nusantara.model import LooseBool, LooseStr, Model, field, model

__all__ = ["ForumPermissions", "GuardedAction", "OptionCategory", "PictureChange", "PrivacySetting", "PrivacySettings"]


class PictureChange(enum.IntEnum):
    """What to do with the profile picture."""

    UPLOAD = 1
    REMOVE = -1


class OptionCategory(enum.StrEnum):
    """Groups of options."""

    PRIVACY = "privacy"
    PUSH_NOTIFICATION = "push_notification"
    NOTIFICATION = "notification"
    OTHER = "other"


class GuardedAction(enum.StrEnum):
    """Actions that need a permission."""

    SEE_BALANCE = "see_balance"
    """Asking for this one needs the password."""
    CREATE_LAPAK = "create_lapak"


@model
class PrivacySetting(Model):
    """Whether others see a part of the profile."""

    name: str
    value: LooseBool | None = None


@model
class PrivacySettings(Model):
    """What others see of the signed-in user's profile."""

    settings: list[PrivacySetting] = field(factory=list)


@model
class ForumPermissions(Model):
    """The forums, by their ids, in which the signed-in user cannot do things."""

    can_not_view_category: list[LooseStr] | None = None
    can_not_view_thread: list[LooseStr] | None = None
    can_not_create_thread: list[LooseStr] | None = None
    can_not_reply_thread: list[LooseStr] | None = None
