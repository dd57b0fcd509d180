"""Where the command has credentials from: the environment, a sandbox, or a person who is asked."""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from nusantara.catalogue.vendors import VENDORS, Credential
from nusantara.checks import base_url_from_environment
from nusantara.cli.parser import UsageError
from nusantara.client import AsyncClient
from nusantara.errors import ConfigurationError

__all__ = [
    "MissingCredentials",
    "ask",
    "make_client",
    "missing_credentials",
    "names_credential",
    "refuse_credential",
    "use_sandbox",
]

_LIKE_A_CREDENTIAL = re.compile(
    r"--([a-z-]+-)?(token|secret|password|passwd|passphrase|credentials?|api-?key|secret-key|consumer-key|app-id|user-id)"
).fullmatch


class MissingCredentials(ConfigurationError):
    """The environment has no credentials for a call that needs them."""


def names_credential(option: str) -> bool:
    """Whether an option that nothing takes was probably meant to give a credential."""
    return _LIKE_A_CREDENTIAL(option.lower().replace("_", "-")) is not None


def refuse_credential(option: str, vendor: str) -> NoReturn:
    """Raise for a credential on the command line."""
    package = VENDORS.get(vendor)
    variables = "" if package is None else ", ".join(package.variable(each.name) for each in package.credentials)
    raise UsageError(
        f"{option}: credentials are never given as arguments, where process lists and the shell's history show them",
        hint=f"set {variables or 'the environment variables of the vendor'}, or run it in a terminal to be asked",
    )


def use_sandbox(vendor: str, facts: Mapping[str, Any]) -> None:
    """Have ``from_env()`` find the sandbox and its credentials."""
    os.environ.update(VENDORS[vendor].environment(facts["base_url"], facts[vendor]))


def make_client(cls: type[Any], vendor: str, settings: dict[str, Any]) -> AsyncClient:
    """A client with what the environment has; without credentials, where the vendor's client can do without.

    Raises:
        MissingCredentials: There are none, and the client cannot be made without.
    """
    try:
        client: AsyncClient = cls.from_env(**settings)
    except ConfigurationError as error:
        missing = missing_credentials(vendor)
        if missing is None:
            raise
        if len(_missing(vendor)) < _needed(vendor) or not _can_do_without(cls):
            raise missing from error
        client = cls(base_url=base_url_from_environment(VENDORS[vendor].variable("base_url")), **settings)
    return client


def missing_credentials(vendor: str) -> MissingCredentials | None:
    """The error that says what to set; None if nothing is missing."""
    variables = " and ".join(VENDORS[vendor].variable(each.name) for each in _missing(vendor))
    if not variables:
        return None
    return MissingCredentials(
        f"this call needs credentials: set {variables} in the environment",
        hint="with --sandbox it needs no account",
    )


def ask(vendor: str) -> bool:
    """Ask the person at the terminal for what is missing; False if nobody is there."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    import getpass

    for each in _missing(vendor):
        prompt = f"{vendor} {each.name}"
        if each.secret:
            value = getpass.getpass(f"{prompt} (not shown): ")
        else:
            sys.stderr.write(f"{prompt}: ")
            sys.stderr.flush()
            value = sys.stdin.readline().strip()
        if not value:
            return False
        os.environ[VENDORS[vendor].variable(each.name)] = value
    return True


def _can_do_without(cls: type[Any]) -> bool:
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    parameters = inspect.signature(cls).parameters.values()
    return all(each.default is not each.empty or each.kind in kinds for each in parameters)


def _needed(vendor: str) -> int:
    return sum(each.needed for each in VENDORS[vendor].credentials)


def _missing(vendor: str) -> list[Credential]:
    package = VENDORS[vendor]
    return [each for each in package.credentials if each.needed and not os.environ.get(package.variable(each.name))]
