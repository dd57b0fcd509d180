"""The documents as a site: ``python -m sphinx -W -b html common/docs build/site``.

The pages of the reference are made here, one for each module that programs import, from the modules' own docstrings.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import attrs
from sphinx.application import Sphinx

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "common"), str(ROOT)]

import nusantara  # noqa: E402

project = "nusantara"
author = "the nusantara contributors"
version = release = nusantara.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "nusantara"
html_show_copyright = False

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"
python_maximum_signature_line_length = 100
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
suppress_warnings = ["ref.python"]  # Short names in signatures, of which several vendors have one.

CORE = {
    "nusantara.answers": "Answers",
    "nusantara.client": "Clients and their settings",
    "nusantara.download": "Downloads",
    "nusantara.errors": "Errors",
    "nusantara.hooks": "Hooks",
    "nusantara.limits": "Limits",
    "nusantara.model": "Models",
    "nusantara.oauth2": "OAuth 2",
    "nusantara.options": "Options",
    "nusantara.otel": "OpenTelemetry",
    "nusantara.pagination": "Pages",
    "nusantara.progress": "Progress",
    "nusantara.record": "Records",
    "nusantara.request": "Requests",
    "nusantara.response": "Responses",
    "nusantara.sandbox": "The sandbox",
    "nusantara.secret": "Secrets",
    "nusantara.sync.client": "Synchronous clients",
    "nusantara.sync.pages": "Pages, synchronous",
    "nusantara.testing": "Pytest fixtures",
    "nusantara.token_store": "Stores of tokens",
    "nusantara.upload": "Files to upload",
}
VENDORS = {"qiscus_async": "Qiscus", "kaskus_async": "KASKUS", "bukalapak_async": "Bukalapak"}
BESIDE = {"qiscus_async": ("qiscus_async.payloads", "qiscus_async.webhooks")}
"""Packages of a vendor whose names its own does not have."""


def documented(package: str) -> dict[str, list[str]]:
    """The public names of a vendor's package, by the module that each is defined in."""
    found: dict[str, list[str]] = {}
    for name, where in importlib.import_module(package)._WHERE.items():
        if where == f"{package}.{name}":
            continue  # A module.
        found.setdefault(where, []).append(name)
    for door in BESIDE.get(package, ()):
        found[door] = list(importlib.import_module(door).__all__)
    return found


def write_reference(app: Sphinx) -> None:
    """Write the pages of the reference, below the folder of built files' sources."""
    folder = HERE / "reference"
    folder.mkdir(exist_ok=True)
    pages: dict[str, str] = {}
    for module, title in CORE.items():
        pages[module] = _page(title, module, list(importlib.import_module(module).__all__))
    contents = [_contents("What all clients share", CORE)]
    for package, title in VENDORS.items():
        modules = documented(package)
        pages |= {module: _page(f"{title}: {module}", module, names) for module, names in modules.items()}
        contents.append(_contents(title, modules))
    pages["index"] = "\n".join(["# Reference", "", *contents])
    for name, text in pages.items():
        file = folder / f"{name}.md"
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
    for file in folder.glob("*.md"):
        if file.stem not in pages:
            file.unlink()


def _page(title: str, module: str, names: list[str]) -> str:
    value = importlib.import_module(module)
    lines = [f"# {title}", "", "```{eval-rst}", f".. py:module:: {module}", ""]
    for name in names:
        one = getattr(value, name)
        if isinstance(one, type):
            kind = "exception" if issubclass(one, BaseException) else "class"
        else:
            kind = "function" if callable(one) and hasattr(one, "__code__") else "data"
        members = ["   :members:", "   :show-inheritance:"] if isinstance(one, type) else []
        lines += [f".. auto{kind}:: {module}.{name}", *members, ""]
    return "\n".join([*lines, "```", ""])


def _contents(title: str, modules: object) -> str:
    return "\n".join([f"## {title}", "", "```{toctree}", ":maxdepth: 1", "", *modules, "```", ""])  # type: ignore[misc]


def leave_out_fields(app: Sphinx, what: str, name: str, one: Any, options: Any, lines: list[str]) -> None:
    """Take the fields out of the docstring of a class, where each is a member with a text of its own."""
    if what in ("class", "exception") and (attrs.has(one) or issubclass(one, BaseException)):
        for head in ("Attributes:", "Fields:"):
            if head in lines:
                del lines[lines.index(head) :]


def setup(app: Sphinx) -> None:
    app.connect("autodoc-process-docstring", leave_out_fields, priority=1)
    app.connect("builder-inited", write_reference)
