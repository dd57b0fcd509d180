"""The people of the first data. All of them are made up."""

from __future__ import annotations

import datetime

from kaskus_async.sandbox.entities import User

__all__ = ["JAKARTA", "MAIN_USER_ID", "PARTNER_ID", "SIGNED_IN", "users"]

JAKARTA = datetime.timezone(datetime.timedelta(hours=7))

MAIN_USER_ID = 1048211
"""Whose credentials the sandbox gives."""
PARTNER_ID = 2210437
"""A friend of that user, and the second one with credentials."""
SIGNED_IN = (MAIN_USER_ID, PARTNER_ID)


def users() -> list[User]:
    """New users, each time."""
    return [
        User(
            userid=MAIN_USER_ID,
            username="arya.kopi",
            password="rahasia-arya.kopi",
            email="arya.kopi@pengguna.example",
        ),
        User(
            userid=PARTNER_ID,
            username="laras_senja",
            password="rahasia-laras_senja",
            email="laras_senja@pengguna.example",
        ),
    ]
