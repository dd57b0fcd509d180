"""Users, as the operations on users give them."""

from __future__ import annotations

from datetime import datetime

from nusantara.model import LooseBool, LooseInt, Model, SecretStr, field, model
from qiscus_async.forms import AvatarUrl, JsonObject

__all__ = ["App", "ListedUser", "User", "UserPage"]


@model
class App(Model):
    """The app that a user belongs to."""

    id: LooseInt
    code: str
    """The app id that a client is made with."""
    name: str
    id_str: str | None = field(default=None, repr=False)


@model
class User(Model):
    """A user with everything, the session token included."""

    id: LooseInt
    email: str
    """The user id that all operations take. It need not be an e-mail address."""
    username: str
    """The name that is shown."""
    avatar_url: str | None = None
    token: SecretStr | None = None
    """The session token of the client-side API."""
    rt_key: SecretStr | None = field(default=None, key="rtKey")
    """The key of the realtime connection."""
    avatar: AvatarUrl | None = None
    """The URL of the avatar; see also :attr:`avatar_url`."""
    app: App | None = None
    extras: JsonObject = field(factory=dict)
    """What the app stored with the user. Undocumented, like :attr:`active`."""
    active: LooseBool | None = None
    last_comment_id: LooseInt | None = None
    """The newest comment seen; 0 for none."""
    pn_android_configured: LooseBool | None = None
    """Whether push notifications for Android are set up."""
    pn_ios_configured: LooseBool | None = None
    id_str: str | None = field(default=None, repr=False)
    last_comment_id_str: str | None = field(default=None, repr=False)


@model
class ListedUser(Model):
    """A user in the list of all users."""

    id: LooseInt
    email: str
    """The user id that all operations take. It need not be an e-mail address."""
    username: str
    name: str | None = None
    avatar_url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    active: LooseBool | None = None
    """Whether the user can sign in. Undocumented, like :attr:`extras`."""
    extras: JsonObject = field(factory=dict)


@model
class UserPageMeta(Model):
    """The size of the list of all users."""

    total_data: LooseInt | None = None
    """Users in all."""
    total_page: LooseInt | None = None


@model
class UserPage(Model):
    """One page of the list of all users."""

    users: list[ListedUser] | None
    meta: UserPageMeta | None = None


@model
class UserResult(Model):
    """What holds a user in an answer."""

    user: User


@model
class UserAnswer(Model):
    """The envelope of a user."""

    results: UserResult


@model
class UserPageAnswer(Model):
    """The envelope of a page of users."""

    results: UserPage
