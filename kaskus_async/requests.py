"""Requests to KASKUS: the core's builders, below the base path that the reference calls BASE_URI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nusantara import request as core
from nusantara.errors import InvalidParameter
from nusantara.request import CallClass, Params, PathPart, Request

if TYPE_CHECKING:
    from nusantara.upload import File

__all__ = ["BASE_PATH", "delete", "get", "post"]

BASE_PATH = "/api/oauth"


def _single(values: Params | None) -> Params | None:
    """The same, as no name comes twice in a request to this vendor: its lists are spelled in one value."""
    for name, value in (values or {}).items():
        if isinstance(value, (list, tuple)):
            raise InvalidParameter(name, "must be one value, not a list")
    return values


def get(
    template: str, *parts: PathPart, params: Params | None = None, call_class: CallClass = CallClass.SAFE
) -> Request:
    """A GET; ``parts`` fill the placeholders of ``template`` in their order."""
    return core.get(BASE_PATH + template, *parts, params=_single(params), call_class=call_class)


def post(
    template: str,
    *parts: PathPart,
    call_class: CallClass,
    params: Params | None = None,
    form: Params | None = None,
    files: Mapping[str, File | None] | None = None,
) -> Request:
    """A POST with form fields, urlencoded, or multipart when there are files."""
    return core.post(
        BASE_PATH + template,
        *parts,
        call_class=call_class,
        params=_single(params),
        form=_single(form) or {},
        files=files,
    )


def delete(template: str, *parts: PathPart, call_class: CallClass, params: Params | None = None) -> Request:
    """A DELETE."""
    return core.delete(BASE_PATH + template, *parts, call_class=call_class, params=_single(params))
