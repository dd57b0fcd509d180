"""Reading: modules as text and as imported objects, and the error that names a place in them."""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import importlib.util
import io
import itertools
import sys
import tokenize
import types
from collections.abc import Container, Iterable
from pathlib import Path

import attrs

__all__ = ["Binding", "Problem", "ModuleSource", "Sources", "file_of", "folder_of", "joined"]


class Problem(Exception):
    """Something in an async class that has no rule."""

    def __init__(self, file: Path, line: int, text: str) -> None:
        super().__init__(f"{file}:{line}: {text}")


@attrs.frozen
class Binding:
    """What a module-level name of a module stands for."""

    module: str
    """Where it is defined or imported from."""
    attribute: str | None
    """None if the name stands for the module itself."""
    checking: bool = False
    """Whether it is bound for type checkers only."""


class ModuleSource:
    """A module as text and as the imported object."""

    def __init__(self, module: types.ModuleType) -> None:
        if module.__file__ is None or not module.__file__.endswith(".py"):
            raise Problem(Path(module.__name__), 0, "has no source")
        self.name = module.__name__
        self.module = module
        self.file = Path(module.__file__)
        self.text = self.file.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.bindings: dict[str, Binding] = {}
        self._bind(self.tree.body, checking=False)

    def problem(self, node: ast.AST, text: str) -> Problem:
        """What to raise about a part of this module."""
        return Problem(self.file, getattr(node, "lineno", 0), text)

    def segment(self, node: ast.expr) -> str:
        """The source of an expression, on one line."""
        text = ast.get_source_segment(self.text, node)
        assert text is not None
        return joined(text)

    def docstring(self, node: ast.stmt) -> str | None:
        """A string that stands alone as a statement, exactly as written."""
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
            return None
        return ast.get_source_segment(self.text, node) if isinstance(node.value.value, str) else None

    def class_node(self, name: str) -> ast.ClassDef:
        """The class of that name at the top of the module."""
        return next(node for node in self.tree.body if isinstance(node, ast.ClassDef) and node.name == name)

    def value_of(self, node: ast.Name | ast.Attribute) -> object:
        """The object that a possibly dotted name stands for."""
        if isinstance(node, ast.Attribute):
            if not isinstance(node.value, (ast.Name, ast.Attribute)):
                raise self.problem(node, "attribute of something that is not a name")
            owner = self.value_of(node.value)
            try:
                return getattr(owner, node.attr)
            except AttributeError:
                raise self.problem(node, f"{node.attr!r} is not to be found") from None
        binding = self.bindings.get(node.id)
        if binding is None:
            if hasattr(builtins, node.id):
                return getattr(builtins, node.id)
            raise self.problem(node, f"{node.id!r} is not bound at the top of this module")
        module = importlib.import_module(binding.module)
        if binding.attribute is None:
            return module
        with contextlib.suppress(AttributeError):
            return getattr(module, binding.attribute)
        return importlib.import_module(f"{binding.module}.{binding.attribute}")

    def _bind(self, body: Iterable[ast.stmt], *, checking: bool) -> None:
        for node in body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        self.bindings[alias.asname or alias.name] = Binding(alias.name, None, checking)
            elif isinstance(node, ast.ImportFrom):
                if node.level:
                    raise self.problem(node, "relative import: the generated module stands elsewhere")
                if node.module != "__future__":
                    for alias in node.names:
                        self.bindings[alias.asname or alias.name] = Binding(node.module or "", alias.name, checking)
            elif isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                self.bindings[node.name] = Binding(self.name, node.name, checking)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        self.bindings[target.id] = Binding(self.name, target.id, checking)
            elif isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
                self._bind(node.body, checking=True)


class Sources:
    """The modules read so far."""

    def __init__(self) -> None:
        self._read: dict[str, ModuleSource] = {}

    def of(self, cls: type) -> ModuleSource:
        """The module that defines a class."""
        return self.module(sys.modules[cls.__module__])

    def module(self, module: types.ModuleType) -> ModuleSource:
        """A module, read when it is first asked for."""
        if module.__name__ not in self._read:
            self._read[module.__name__] = ModuleSource(module)
        return self._read[module.__name__]


def folder_of(package: str) -> Path:
    """The folder of a package, which is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Problem(Path(package), 0, "is not a package that can be imported")
    return Path(next(iter(spec.submodule_search_locations)))


def file_of(module: str, files: Container[Path] = ()) -> Path | None:
    """The file of a module, which is not imported: on the disk, or among those that are generated."""
    package, *parts = module.split(".")
    path = folder_of(package).joinpath(*parts)
    candidates = (path.with_suffix(".py"), path / "__init__.py") if parts else (path / "__init__.py",)
    return next((file for file in candidates if file in files or file.is_file()), None)


def joined(text: str) -> str:
    """ModuleSource of one expression on one line, without comments and without the commas that had spread it."""
    if "\n" not in text:
        return text
    layout = (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER)
    tokens = tokenize.generate_tokens(io.StringIO(f"({text})").readline)
    words = [token for token in tokens if token.type not in layout]
    pieces = ["("]
    for before, word in itertools.pairwise(words):
        if before.end[0] == word.start[0]:
            gap = word.start[1] - before.end[1]
        else:
            gap = int(before.string not in "([{" and word.string not in ")]}")
        pieces += [" " * gap, word.string]
    meaning = ast.dump(ast.parse("".join(pieces)))
    for index in range(len(pieces) - 3, 0, -1):
        # The comma of a tuple of one stays: without it the meaning is another.
        if pieces[index] == "," and pieces[index + 2] in ")]}":
            shorter = [*pieces[:index], *pieces[index + 1 :]]
            if ast.dump(ast.parse("".join(shorter))) == meaning:
                pieces = shorter
    return "".join(pieces)[1:-1]
