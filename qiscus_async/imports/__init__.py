"""Bringing users, rooms and comments into the app: the group of operations, and the rows that it takes."""

from __future__ import annotations

from qiscus_async.imports.group import Imports
from qiscus_async.imports.rows import CommentRow, RoomRow, UserRow
from qiscus_async.models.transfers import FileReport

__all__ = ["CommentRow", "FileReport", "Imports", "RoomRow", "UserRow"]
