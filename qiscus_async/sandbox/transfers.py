"""The operations on exports and imports, and the files of exports."""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming
from qiscus_async.sandbox.backups import RESOURCES, Export
from qiscus_async.sandbox.imports import LIMIT
from qiscus_async.sandbox.params import Params
from qiscus_async.sandbox.refusals import Invalid, NotThere
from qiscus_async.sandbox.state import QiscusState

__all__ = [
    "FILE_PATH",
    "REDIRECT_PATH",
    "create_export",
    "create_import",
    "delete_export",
    "get_export",
    "list_exports",
    "list_imports",
    "redirect_to_file",
    "send_file",
]

Results = dict[str, Any]

FILE_PATH = "/_files/qiscus/{unique_id}/{filename}"
REDIRECT_PATH = "/_files/qiscus-links/{unique_id}/{filename}"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch


def create_export(state: QiscusState, params: Params) -> Results:
    """Reference: "Create or Request Backup"."""
    resource, first, last = params.require_all("type", "start_date", "end_date")
    start, end = _day("start_date", first), _day("end_date", last)
    if start > end:
        raise Invalid(end_date="must not be before start_date")
    export = state.backups.create_export(_resource(resource), start, end)
    return _record(state, params.call, export)


def list_exports(state: QiscusState, params: Params) -> Results:
    """Reference: "Get List of Backup"."""
    exports = state.backups.exports_page(params.number("page", 1))
    return {"backup_histories": [_record(state, params.call, export) for export in exports]}


def get_export(state: QiscusState, params: Params) -> Results:
    """Reference: "Get Backup By Id"."""
    export = state.backups.read(_export(state, params.call))
    return {"backup_history": _record(state, params.call, export)}


def delete_export(state: QiscusState, params: Params) -> Results:
    """Reference: "Delete Backup By Id"."""
    export = _export(state, params.call)
    state.backups.delete_export(export)
    return {"backup_history": _record(state, params.call, export)}


def create_import(state: QiscusState, params: Params) -> Results:
    """Reference: "Make an Import"."""
    resource = params.require("type")
    part = params.parts.get("file")
    if part is None:
        raise Invalid(file="can't be blank")
    if len(part.data) > LIMIT:
        raise Invalid(file="must not be bigger than 4 MB")
    made = state.backups.create_import(_resource(resource), part.filename or "file", part.data)
    return {"backup_history": made.document()}


def list_imports(state: QiscusState, params: Params) -> Results:
    """Reference: "Get Imported List"."""
    return {"backup_histories": [made.document() for made in state.backups.imports_page(params.number("page", 1))]}


def send_file(state: QiscusState, call: Incoming) -> Answer:
    """The file of a finished export, for whoever has its address."""
    from qiscus_async.sandbox.downloads import download

    export = _file_of(state, call)
    return download(call, export.archive) if export else _no_file()


def redirect_to_file(state: QiscusState, call: Incoming) -> Answer:
    """The way to the file, where downloads are redirected."""
    export = _file_of(state, call)
    if export is None:
        return _no_file()
    return Answer(302, (("Location", _path(FILE_PATH, export)),))


def _resource(text: str) -> str:
    if text not in RESOURCES:
        raise Invalid(type=f"must be one of {', '.join(RESOURCES)}")
    return text


def _day(name: str, text: str) -> datetime.date:
    try:
        if _DAY(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid(**{name: "must be a day as YYYY-MM-DD"})


def _export(state: QiscusState, call: Incoming) -> Export:
    export = state.backups.export(call.params["backup_unique_id"])
    if export is None:
        raise NotThere
    return export


def _record(state: QiscusState, call: Incoming, export: Export) -> Results:
    path = REDIRECT_PATH if state.download_redirect else FILE_PATH
    return export.document(_file_host(call.origin) + _path(path, export))


def _path(template: str, export: Export) -> str:
    # The name has colons and a plus sign and stands in the address as it is, like in the samples.
    return template.format(unique_id=export.unique_id, filename=export.filename)


def _file_host(origin: str) -> str:
    """Another host than that of the API, as far as one machine has another name for itself."""
    parts = urlsplit(origin)
    if parts.hostname != "127.0.0.1":
        return origin
    return f"{parts.scheme}://localhost" + (f":{parts.port}" if parts.port else "")


def _file_of(state: QiscusState, call: Incoming) -> Export | None:
    for app in state.apps:
        with app.lock:
            export = app.backups.export(call.params["unique_id"])
        if export is not None:
            named = export.filename == call.params["filename"]
            return export if named and export.status == "finished" else None
    return None


def _no_file() -> Answer:
    return Answer.text("no such file\n", content_type="text/plain", status=404).undocumented()
