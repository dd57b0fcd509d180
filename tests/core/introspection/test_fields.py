"""What ``help()`` tells of a class of fields: every field, with its plain type and what the source says of it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pydoc
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from nusantara import errors
from nusantara.client import AsyncClient, Settings
from nusantara.introspection import Documented, documented
from nusantara.model import LooseInt, Model, SecretStr, field, model
from nusantara.secret import Secret
from nusantara.sync.client import SyncClient
from qiscus_async import models

ROOT = Path(__file__).resolve().parents[3]
FRONTS = (
    "nusantara",
    "bukalapak_async",
    "kaskus_async",
    "qiscus_async",
    "qiscus_async.payloads",
    "qiscus_async.webhooks",
)


@model
class Shop(Model):
    """A shop.

    It sells.
    """

    id: LooseInt
    """Number of the shop,
    in all towns."""
    key: SecretStr | None = None
    owners: list[LooseInt] = field(factory=list)


@model
class Branch(Shop):
    """A branch of a shop."""

    town: str | None = None
    """Where it is."""


def test_the_docstring_has_every_field_with_its_plain_type() -> None:
    assert Shop.__doc__ is not None
    assert Shop.__doc__.splitlines() == [
        "A shop.",
        "",
        "It sells.",
        "",
        "Attributes:",
        "    id (int): Number of the shop, in all towns.",
        "    key (Secret | None)",
        "    owners (list[int])",
        "    raw (Mapping[str, Any] | None): The document this was read from, not a copy; ``None`` for a model made by "
        "hand.",
    ]


def test_inherited_fields_come_after_its_own() -> None:
    names = [line.split()[0] for line in str(Branch.__doc__).partition("Attributes:\n")[2].splitlines()]
    assert names == ["town", "id", "key", "owners", "raw"]


def test_the_source_keeps_its_docstring() -> None:
    assert inspect.cleandoc(vars(Shop)["__doc__"].plain) == "A shop.\n\nIt sells."


def test_an_instance_tells_the_same() -> None:
    assert Branch(id=1).__doc__ == Branch.__doc__


def test_help_shows_plain_types_in_signatures_too() -> None:
    text = pydoc.plain(pydoc.render_doc(Shop)).partition("Data descriptors")[0]
    assert "id: 'int'" in text
    assert "Loose" not in text
    assert "SecretStr" not in text
    assert list(inspect.signature(Branch).parameters) == ["raw", "id", "key", "owners", "town"]
    assert inspect.signature(Branch).bind(id=1).arguments == {"id": 1}


def test_the_plain_signature_is_of_the_class_that_is_asked() -> None:
    assert inspect.signature(Branch).parameters["town"].annotation == "str | None"
    assert "town" not in inspect.signature(Shop).parameters


def test_a_class_without_a_docstring_has_its_fields() -> None:
    @documented
    @attrs.frozen
    class Bare:
        size: int = 0

    assert Bare.__doc__ is None, "a class inside a function has no name in the module"
    assert vars(Bare)["__doc__"].plain is None


def test_an_error_of_a_program_tells_what_it_inherits() -> None:
    class Sold(errors.ApiError):
        """It is sold."""

    text = str(Sold.__doc__)
    assert text.startswith("It is sold.")
    for name in ("retry_after (float | None): Seconds the server asked to wait", "sent (Sent)", "attempts ("):
        assert name in text


def test_settings_tell_their_meaning() -> None:
    for name in Settings.__annotations__:
        assert f"\n    {name} (" in str(Settings.__doc__)


# --- All of them


def classes() -> Iterator[type]:
    seen = set()
    for front in FRONTS:
        module = importlib.import_module(front)
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, type) and value not in seen and value.__module__.partition(".")[0] in front:
                seen.add(value)
                yield value


def _told(cls: type) -> dict[str, str]:
    """The fields of a class that have a docstring in the source, by the parser alone."""
    tree = ast.parse(Path(str(inspect.getsourcefile(cls))).read_text(encoding="utf-8"))
    [node] = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__]
    told = {}
    for statement, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(after, ast.Expr):
            name, text = ast.unparse(statement.target), ast.literal_eval(after.value)
            if not name.startswith("_"):
                told[name] = " ".join(text.split())
    return told


WITH_FIELDS = [
    cls
    for cls in classes()
    if issubclass(cls, Model | errors.NusantaraError) or (_told(cls) and not issubclass(cls, AsyncClient | SyncClient))
]
"""``help()`` of a client shows its attributes as such: they are properties."""


@pytest.mark.parametrize("cls", WITH_FIELDS, ids=lambda cls: cls.__name__)
def test_every_field_that_the_source_explains_is_explained(cls: type) -> None:
    doc = str(cls.__doc__)
    assert isinstance(vars(cls)["__doc__"], Documented)
    for name, text in _told(cls).items():
        assert f"\n    {name} (" in doc
        assert text in doc
    if attrs.has(cls):
        for one in attrs.fields(cls):
            assert f"\n    {one.name} (" in doc or one.name.startswith("_")
    assert "Annotated[" not in doc
    assert "Loose" not in doc


# --- Where there is no source, or it is not wanted


def run(*arguments: str, cwd: Path | None = None) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


SHOP = """
from nusantara.errors import NusantaraError

class Sold(NusantaraError):
    "Gone."
    to: str
    "Who."
"""


def test_under_oo_there_are_no_docstrings() -> None:
    assert run("-OO", "-c", "from nusantara import Timeout, Timeouts; print(Timeout.__doc__, Timeouts.__doc__)") == (
        "None None"
    )


def test_without_source_it_is_the_docstring_alone(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    code = "import shop; doc = shop.Sold.__doc__; print(doc.split('Attributes:')[0].strip(), 'to (str): Who.' in doc)"
    assert run("-c", code, cwd=tmp_path) == "Gone. True"
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        archive.write(tmp_path / "shop.py", "shop.py")
    (tmp_path / "shop.py").unlink()
    in_zip = f"import sys; sys.path.insert(0, {str(tmp_path / 'app.zip')!r}); {code}"
    assert run("-c", in_zip, cwd=tmp_path / "..") == "Gone. True"
    (tmp_path / "shop.py").write_text(SHOP)
    run("-m", "compileall", "-q", "-b", ".", cwd=tmp_path)
    (tmp_path / "shop.py").unlink()
    assert run("-c", code, cwd=tmp_path) == "Gone. False"


def test_nothing_is_read_before_somebody_asks(tmp_path: Path) -> None:
    code = """
import builtins, io, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import qiscus_async
qiscus_async.Room, qiscus_async.AsyncQiscus("a", "b"), qiscus_async.ExportFailed
print(len([name for name in opened if name.endswith("models/rooms.py")]))
opened.clear()
qiscus_async.Room.__doc__
print(len([name for name in opened if name.endswith("models/rooms.py")]))
"""
    compiled = f"pycache_prefix={tmp_path}"
    run("-X", compiled, "-m", "compileall", "-q", str(Path(models.__file__).parent))
    assert run("-X", compiled, "-B", "-c", code).splitlines() == ["0", "1"]


def test_a_secret_field_shows_its_type_and_no_more() -> None:
    assert "key (Secret | None)" in str(Shop.__doc__)
    assert "plain" not in str(Shop(id=1, key=Secret("plain-text")).__doc__)
