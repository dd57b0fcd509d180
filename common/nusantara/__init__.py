"""The shared core of the KASKUS, Bukalapak and Qiscus clients. It knows no vendor.

Most programs import a vendor package (:mod:`kaskus_async`, :mod:`bukalapak_async`, :mod:`qiscus_async`) and, from here,
what all of them share: errors, settings, stores of tokens, the sandbox. Importing this package loads nothing heavy:
each name is loaded when it is first used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nusantara.answers import *
    from nusantara.client import *
    from nusantara.download import Download as Download
    from nusantara.errors import *
    from nusantara.hooks import *
    from nusantara.limits import *
    from nusantara.model import Model as Model
    from nusantara.oauth2 import Token as Token
    from nusantara.options import *
    from nusantara.pagination import Malformed as Malformed
    from nusantara.pagination import Page as Page
    from nusantara.pagination import Pager as Pager
    from nusantara.pagination import Pages as Pages
    from nusantara.progress import Progress as Progress
    from nusantara.record import *
    from nusantara.request import CallClass as CallClass
    from nusantara.request import Params as Params
    from nusantara.request import Value as Value
    from nusantara.response import Response as Response
    from nusantara.sandbox import ActiveFault as ActiveFault
    from nusantara.sandbox import Delivery as Delivery
    from nusantara.sandbox import Fault as Fault
    from nusantara.sandbox import FaultKind as FaultKind
    from nusantara.sandbox import Faults as Faults
    from nusantara.sandbox import RecordedRequest as RecordedRequest
    from nusantara.sandbox import Sandbox as Sandbox
    from nusantara.secret import HiddenText as HiddenText
    from nusantara.secret import Secret as Secret
    from nusantara.sync.client import *
    from nusantara.sync.pages import *
    from nusantara.token_store import *
    from nusantara.upload import *

# Written by "python -m nusantara.syncgen" from the imports above.
_WHERE = {
    "ActiveFault": "nusantara.sandbox",
    "ApiError": "nusantara.errors",
    "AsyncClient": "nusantara.client",
    "Attempt": "nusantara.errors",
    "AuthFailed": "nusantara.errors",
    "BadRequest": "nusantara.errors",
    "BadResponse": "nusantara.errors",
    "CallClass": "nusantara.request",
    "CallEvent": "nusantara.hooks",
    "CallHook": "nusantara.hooks",
    "CapturedAnswer": "nusantara.answers",
    "ClosedClient": "nusantara.errors",
    "ConfigurationError": "nusantara.errors",
    "ConnectFailed": "nusantara.errors",
    "ConnectionLost": "nusantara.errors",
    "DecodeError": "nusantara.errors",
    "Delivery": "nusantara.sandbox",
    "Download": "nusantara.download",
    "Event": "nusantara.hooks",
    "Fault": "nusantara.sandbox",
    "FaultKind": "nusantara.sandbox",
    "Faults": "nusantara.sandbox",
    "File": "nusantara.upload",
    "FileStore": "nusantara.token_store",
    "Forbidden": "nusantara.errors",
    "HiddenText": "nusantara.secret",
    "Hook": "nusantara.hooks",
    "Hooks": "nusantara.hooks",
    "InvalidParameter": "nusantara.errors",
    "Malformed": "nusantara.pagination",
    "MalformedItems": "nusantara.errors",
    "MemoryStore": "nusantara.token_store",
    "MissingExtra": "nusantara.errors",
    "Model": "nusantara.model",
    "NOT_GIVEN": "nusantara.options",
    "NoAnswer": "nusantara.errors",
    "NotFound": "nusantara.errors",
    "NotGiven": "nusantara.options",
    "NusantaraError": "nusantara.errors",
    "Options": "nusantara.options",
    "OutcomeUnknown": "nusantara.errors",
    "Page": "nusantara.pagination",
    "Pager": "nusantara.pagination",
    "Pages": "nusantara.pagination",
    "PagingLoop": "nusantara.errors",
    "Params": "nusantara.request",
    "Phase": "nusantara.errors",
    "Progress": "nusantara.progress",
    "RateLimit": "nusantara.limits",
    "RateLimited": "nusantara.errors",
    "RateLimits": "nusantara.limits",
    "Record": "nusantara.record",
    "RecordedRequest": "nusantara.sandbox",
    "Resource": "nusantara.client",
    "Response": "nusantara.response",
    "Sandbox": "nusantara.sandbox",
    "Secret": "nusantara.secret",
    "Sent": "nusantara.errors",
    "ServerError": "nusantara.errors",
    "Settings": "nusantara.client",
    "StoreUnavailable": "nusantara.errors",
    "SyncClient": "nusantara.sync.client",
    "SyncPager": "nusantara.sync.pages",
    "SyncPages": "nusantara.sync.pages",
    "Timeout": "nusantara.errors",
    "Timeouts": "nusantara.options",
    "Token": "nusantara.oauth2",
    "TokenStore": "nusantara.token_store",
    "TooLarge": "nusantara.errors",
    "UnsafeRedirect": "nusantara.errors",
    "Value": "nusantara.request",
    "WriteFailed": "nusantara.errors",
    "WrongLoop": "nusantara.errors",
    "capture_answers": "nusantara.answers",
}

__version__ = "0.1.0"


def lazy(package: str, where: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package whose names are loaded when they are first used (PEP 562).

    Args:
        package: Name of the package.
        where: The module of each such name. A submodule is its own.
    """
    namespace = vars(sys.modules[package])

    def load(name: str) -> Any:
        if name not in where:
            problem = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(problem, name=name, obj=sys.modules[package])
        module = import_module(where[name])
        value = namespace[name] = module if where[name] == f"{package}.{name}" else getattr(module, name)
        return value

    def names() -> list[str]:
        return sorted({*namespace, *where})

    return load, names


if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
