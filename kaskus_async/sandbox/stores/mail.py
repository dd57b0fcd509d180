"""Private messages and the folders they lie in."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from kaskus_async.sandbox.refusals import NotThere, Refused

__all__ = ["INBOX", "OUTBOX", "Folder", "Mail", "PrivateMessage"]

INBOX, OUTBOX, NOTICES = 0, -1, -9
_FIXED = {INBOX: "Inbox", OUTBOX: "Outbox", NOTICES: "Pemberitahuan"}


@attrs.define(eq=False, kw_only=True)
class PrivateMessage:
    """One copy of a message: its sender has one, and each of its receivers."""

    pmid: int
    owner: int
    folder_id: int
    sender: int
    recipients: tuple[int, ...]
    subject: str
    message: str
    dateline: int
    read: bool


@attrs.frozen
class Folder:
    """A folder of a user."""

    folder_id: int
    name: str


class Mail:
    """The messages of all users."""

    def __init__(self) -> None:
        self._messages: dict[int, PrivateMessage] = {}
        self._own_folders: dict[int, dict[int, str]] = {}
        self._last_pmid = 1_960
        self._last_folder = 0

    def send(self, sender: int, recipients: Iterable[int], subject: str, message: str, at: int) -> PrivateMessage:
        """Send; the copy in the sender's outbox."""
        receivers = tuple(dict.fromkeys(recipients))
        places = [(sender, OUTBOX, True), *((receiver, INBOX, False) for receiver in receivers)]
        for owner, folder_id, read in places:
            self._last_pmid += 1
            self._messages[self._last_pmid] = PrivateMessage(
                pmid=self._last_pmid,
                owner=owner,
                folder_id=folder_id,
                sender=sender,
                recipients=receivers,
                subject=subject,
                message=message,
                dateline=at,
                read=read,
            )
        return self._messages[self._last_pmid - len(receivers)]

    def folders(self, owner: int) -> list[Folder]:
        """The folders that everybody has, and a user's own."""
        return [Folder(*pair) for pair in (_FIXED | self._own_folders.get(owner, {})).items()]

    def add_folder(self, owner: int, name: str) -> Folder:
        """A new folder. Raises :exc:`Refused` if there is one of the name."""
        if any(folder.name.casefold() == name.casefold() for folder in self.folders(owner)):
            raise Refused("a folder of this name exists")
        self._last_folder += 1
        self._own_folders.setdefault(owner, {})[self._last_folder] = name
        return Folder(self._last_folder, name)

    def delete_folder(self, owner: int, folder_id: int) -> None:
        """Delete a user's own folder; what is in it goes back to the inbox. Raises :exc:`NotThere`."""
        if self._own_folders.get(owner, {}).pop(folder_id, None) is None:
            raise NotThere("folder not found")
        for message in self._messages.values():
            if message.owner == owner and message.folder_id == folder_id:
                message.folder_id = INBOX

    def folder(self, owner: int, folder_id: int) -> list[PrivateMessage]:
        """What is in a folder, newest first. Raises :exc:`NotThere`."""
        if all(folder.folder_id != folder_id for folder in self.folders(owner)):
            raise NotThere("folder not found")
        messages = reversed(self._messages.values())
        return [message for message in messages if message.owner == owner and message.folder_id == folder_id]

    def find(self, owner: int, pmids: Iterable[str], folder_id: int | None = None) -> list[PrivateMessage]:
        """A user's messages by their numbers, in one folder or any. Raises :exc:`NotThere` if one is missing."""
        found = []
        for pmid in pmids:
            message = self._messages.get(int(pmid)) if pmid.isascii() and pmid.isdecimal() else None
            if message is None or message.owner != owner or folder_id not in (None, message.folder_id):
                raise NotThere(f"private message {pmid} not found")
            found.append(message)
        if not found:
            raise NotThere("private message not found")
        return found

    def delete(self, messages: Iterable[PrivateMessage]) -> None:
        """Delete copies."""
        for message in messages:
            self._messages.pop(message.pmid, None)
