"""Vocabulary of the operations on push notifications."""

from __future__ import annotations

import enum

__all__ = ["ApplicationType", "DeviceType"]


class DeviceType(enum.StrEnum):
    """Make of a device."""

    APPLE = "apple"
    ANDROID = "android"


class ApplicationType(enum.StrEnum):
    """App that gets the notifications."""

    FORUM = "forum"
    JB = "jb"
    """The marketplace."""
