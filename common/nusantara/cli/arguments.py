"""The arguments of an operation, read off the signature of its method."""

from __future__ import annotations

import argparse
import inspect
import os
import re
import sys
from typing import Any, NoReturn

from nusantara.catalogue.operations import Operation
from nusantara.cli.parser import Parser, UsageError
from nusantara.cli.values import can_be_given, convert, convert_list, expected, is_flag, is_list, is_secret
from nusantara.errors import InvalidParameter

__all__ = [
    "add_parameters",
    "description",
    "option_name",
    "placeholders",
    "refuse_plain",
    "secret_instead_of_positional",
    "values",
]

_ROLE = re.compile(r":\w+(?::\w+)*:`(?:[^`<]*<)?(~?)([^`>]+)>?`")


def add_parameters(parser: Parser, operation: Operation) -> None:
    """Have a parser take what the operation takes.

    A parameter that takes a credential becomes an option that says where to read it, never the credential itself.
    """
    texts = _parameter_texts(operation)
    group = parser.add_argument_group("arguments of the operation")
    parameters = operation.parameters()
    positional = [each for each in parameters if _is_positional(each)]
    for parameter in parameters:
        annotation, name = parameter.annotation, parameter.name
        required = parameter.default is parameter.empty
        if not can_be_given(annotation):
            if required:
                raise UsageError(f"{operation.name} cannot be called from the command line: {name} has no text form")
            continue
        settings: dict[str, Any] = {"dest": _destination(name), "default": argparse.SUPPRESS}
        text = texts.get(name, "")
        if is_secret(annotation):
            settings |= {"metavar": "SOURCE"}
            text = f"{text} Read from standard input (-) or a variable (env:NAME)."
            text += " Left out, it is asked for." if required else ""
        elif is_flag(annotation):
            settings |= {"action": argparse.BooleanOptionalAction, "required": required}
        else:
            settings |= {"metavar": name if parameter in positional else _placeholder(annotation)}
            text = f"{text} ({expected(annotation)})"
            if is_list(annotation):
                text += " Several: repeat it, put commas between, or write a JSON list."
        settings["help"] = text.strip().replace("%", "%%")

        if parameter in positional:
            del settings["dest"]
            if is_list(annotation) and parameter is positional[-1]:
                settings["nargs"] = "+" if required else "*"
            elif not required:
                settings["nargs"] = "?"
            group.add_argument(_destination(name), **settings)
        else:
            if is_list(annotation):
                settings["action"] = "append"
            if not (is_secret(annotation) or is_flag(annotation)):
                settings["required"] = required
            group.add_argument(option_name(name), **settings)


def option_name(parameter: str) -> str:
    """``per_page`` is ``--per-page``."""
    return f"--{parameter.replace('_', '-')}"


def placeholders(operation: Operation) -> list[str]:
    """The positional arguments, as a usage line shows them."""
    positional = [each for each in operation.parameters() if _is_positional(each)]
    return [each.name if each.default is each.empty else f"[{each.name}]" for each in positional]


def secret_instead_of_positional(operation: Operation) -> str | None:
    """The first option for a credential that stands among the positional arguments of the method."""
    return next(
        (
            option_name(each.name)
            for each in operation.parameters()
            if is_secret(each.annotation) and each.kind is not each.KEYWORD_ONLY
        ),
        None,
    )


def values(operation: Operation, namespace: argparse.Namespace) -> dict[str, Any]:
    """What to call the method with, by the names of its parameters."""
    found: dict[str, Any] = {}
    for parameter in operation.parameters():
        given = vars(namespace).get(_destination(parameter.name))
        if is_secret(parameter.annotation):
            if given is not None or parameter.default is parameter.empty:
                found[parameter.name] = _secret(parameter.name, given)
        elif isinstance(given, bool):
            found[parameter.name] = given
        elif given is not None:
            found[parameter.name] = _value(parameter, given)
    return found


def description(operation: Operation) -> str:
    """The docstring for reading in a terminal, without the part on the arguments."""
    text, _ = _split(operation)
    return f"{text}\n\nVendor: {operation.vendor}. Paged: {'yes' if operation.paged else 'no'}."


def _is_positional(parameter: inspect.Parameter) -> bool:
    if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
        return False
    return not (is_secret(parameter.annotation) or is_flag(parameter.annotation))


def _destination(name: str) -> str:
    # The options of the command itself share the namespace.
    return f"parameter {name}"


def _placeholder(annotation: Any) -> str:
    kinds = {"a whole number": "N", "a number": "N", "text": "TEXT", "JSON": "JSON", "a file": "FILE"}
    return kinds.get(expected(annotation), "VALUE")


def _value(parameter: inspect.Parameter, given: str | list[str]) -> Any:
    if is_list(parameter.annotation):
        return convert_list(parameter.name, parameter.annotation, [given] if isinstance(given, str) else given)
    assert isinstance(given, str)
    return convert(parameter.name, parameter.annotation, given)


def _secret(name: str, source: str | None) -> str:
    if source is None:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(
                f"{name} is missing",
                hint=f"give it on standard input with {option_name(name)} -, "
                f"or in an environment variable with {option_name(name)} env:NAME",
            )
        import getpass

        secret = getpass.getpass(f"{name} (not shown): ")
    elif source == "-":
        secret = sys.stdin.readline().rstrip("\r\n")
    elif source.startswith("env:"):
        secret = os.environ.get(source.removeprefix("env:"), "")
    else:
        refuse_plain(option_name(name))
    if not secret:
        raise InvalidParameter(name, "is empty")
    return secret


def refuse_plain(option: str) -> NoReturn:
    """Raise for a credential on the command line."""
    raise UsageError(
        f"{option} takes no credential: process lists and the shell's history would show it",
        hint=f"write {option} - to give it on standard input, {option} env:NAME for an environment variable, "
        "or leave it out to be asked",
    )


def _parameter_texts(operation: Operation) -> dict[str, str]:
    """What the docstring says of each parameter."""
    texts: dict[str, str] = {}
    name = ""
    for line in _split(operation)[1]:
        match = re.match(r" {4}(\w+): (.*)", line)
        if match:
            name = match[1]
            texts[name] = match[2]
        elif name:
            texts[name] += f" {line.strip()}"
    return texts


def _split(operation: Operation) -> tuple[str, list[str]]:
    """The docstring without its list of arguments, and that list."""
    kept: list[str] = []
    listed: list[str] = []
    inside = False
    for line in _readable(inspect.getdoc(operation.function) or "").splitlines():
        if line == "Args:":
            inside = True
        elif inside and line and not line.startswith(" "):
            inside = False
            kept.append(line)
        elif inside:
            listed.append(line)
        else:
            kept.append(line)
    return "\n".join(kept).strip(), [line for line in listed if line]


def _readable(text: str) -> str:
    """Without the markup that only a documentation tool understands."""
    text = _ROLE.sub(lambda match: match[2].rpartition(".")[2] if match[1] else match[2], text)
    return text.replace("``", "")
