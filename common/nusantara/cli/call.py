"""``nusantara call VENDOR NAME [ARGUMENTS]``"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import operator
import os
import sys
from collections.abc import Sequence
from typing import Any

from nusantara.catalogue.operations import Operation, callables, client_class, client_options
from nusantara.catalogue.vendors import VENDORS
from nusantara.checks import clean_base_url
from nusantara.cli import arguments, credentials, output
from nusantara.cli.exits import EXIT_CODES
from nusantara.cli.operations import check_vendor
from nusantara.cli.parser import Parser, UsageError, did_you_mean
from nusantara.cli.progress import showing_progress
from nusantara.cli.text import one_line
from nusantara.cli.values import convert, expected
from nusantara.errors import ConfigurationError, MissingExtra
from nusantara.pagination import Page, Pager
from nusantara.request import CallClass

__all__ = ["run"]

_DESCRIPTION = """\
Calls one operation: nusantara call bukalapak messages.inbox --per-page 5

'nusantara operations' lists the names; 'nusantara call VENDOR NAME --help' shows what one takes.

Credentials come from the environment (BUKALAPAK_USER_ID, BUKALAPAK_TOKEN, ...); what is missing is asked for, if there
is a terminal. They are never given as arguments. With --sandbox none are needed.

The result is a table on a terminal, else JSON. Of an operation with pages, the first page is shown: one JSON list.
With --all it is one JSON object in each line, written as the pages arrive. Credentials in a result show as ***.

Where an operation has a parameter with the name of an option below, write that option before VENDOR."""


def run(argv: Sequence[str]) -> int:
    """Call one operation and show what comes; the exit code."""
    head = Parser(
        prog="nusantara call",
        usage="nusantara call [OPTIONS] VENDOR NAME [ARGUMENTS] [OPTIONS]",
        description=_DESCRIPTION,
        epilog=EXIT_CODES,
    )
    head.add_argument("vendor", metavar="VENDOR", help=", ".join(VENDORS))
    head.add_argument("name", metavar="NAME", nargs="?", help="name of the operation, such as messages.inbox")
    head.add_argument("rest", metavar="ARGUMENTS", nargs=argparse.REMAINDER, help="what the operation takes")
    _add_options(head, set(), paged=True)
    namespace, unknown = head.parse_known_args(argv)
    if unknown:
        _refuse_credentials(head, unknown, namespace.vendor)
        head.refuse(unknown)
    check_vendor(namespace.vendor)
    operation = _find(namespace.vendor, namespace.name)

    parser = _operation_parser(operation)
    _refuse_credentials(parser, namespace.rest, operation.vendor)
    _, unknown = parser.parse_known_args(namespace.rest, namespace)
    if unknown:
        secret = arguments.secret_instead_of_positional(operation)
        if secret is not None and not any(argument.startswith("-") for argument in unknown):
            arguments.refuse_plain(secret)
        parser.refuse(unknown)
    _check(operation, namespace)
    return _run(operation, arguments.values(operation, namespace), namespace)


def _operation_parser(operation: Operation) -> Parser:
    prog = f"nusantara call {operation.vendor} {operation.name}"
    parser = Parser(
        prog=prog,
        usage=" ".join([prog, *arguments.placeholders(operation), "[OPTIONS]"]),
        description=arguments.description(operation),
        epilog="'nusantara call --help' tells of credentials, output and exit codes.",
    )
    arguments.add_parameters(parser, operation)
    taken = {arguments.option_name(each.name) for each in operation.parameters()}
    options = parser.add_argument_group("options of the client")
    for each in client_options(operation.vendor):
        if arguments.option_name(each.name) not in taken:
            options.add_argument(
                arguments.option_name(each.name),
                dest=f"client {each.name}",
                metavar="VALUE",
                default=argparse.SUPPRESS,
                help=f"{expected(each.annotation)} (default: {each.default})",
            )
    _add_options(parser, taken, paged=operation.paged)
    return parser


def _add_options(parser: Parser, taken: set[str], *, paged: bool) -> None:
    """The options of the command itself, but for those whose names the operation needs."""
    group = parser.add_argument_group("options of the command")

    def add(option: str, **settings: Any) -> None:
        if option not in taken:
            group.add_argument(option, **settings)

    add("--sandbox", action="store_true", help="call a sandbox, started for this call; needs no account")
    add("--json", action="store_true", help="JSON on a terminal, too")
    if paged:
        add("--all", action="store_true", help="all pages, each item as one line of JSON")
        add("--limit", type=int, metavar="N", help="at most N items, over as many pages as they need")
        add("--page", metavar="TOKEN", help="start at the page of this token")
    add("--show-secrets", action="store_true", help="credentials in JSON as they are")
    add("--base-url", metavar="URL", help="another place than the vendor's, such as a running sandbox")
    add("--timeout", type=float, metavar="SECONDS", help="for the whole call (default: 60)")
    add(
        "--attempts",
        type=int,
        metavar="N",
        help="tries in all (default: 3); what could do harm twice is never repeated",
    )


def _find(vendor: str, name: str | None) -> Operation:
    found = {operation.name: operation for operation in callables(vendor)}
    if not found:
        raise UsageError(f"{vendor} has no operations in this version")
    see = f"'nusantara operations {vendor}' lists them"
    if name is None or name.startswith("-"):
        raise UsageError("the name of an operation is missing", hint=see)
    if name not in found:
        raise UsageError(f"{vendor} has no operation {name!r}", hint=did_you_mean(name, found) or see)
    return found[name]


def _refuse_credentials(parser: Parser, given: Sequence[str], vendor: str) -> None:
    """Raise for an option that means a credential and that nothing takes."""
    for argument in given:
        if argument == "--":
            return
        option = argument.partition("=")[0]
        if credentials.names_credential(option) and option not in parser.option_names:
            credentials.refuse_credential(option, vendor)


def _check(operation: Operation, namespace: argparse.Namespace) -> None:
    if namespace.sandbox and namespace.base_url is not None:
        raise UsageError("--sandbox and --base-url exclude each other")
    if namespace.limit is not None and namespace.limit < 1:
        raise UsageError(f"--limit must be a whole number from 1, not {namespace.limit}")
    if not operation.paged:
        for option in ("all", "limit", "page"):
            if getattr(namespace, option):
                raise UsageError(f"--{option} is for operations with pages, and {operation.name} has none")


def _run(operation: Operation, values: dict[str, Any], namespace: argparse.Namespace) -> int:
    if namespace.base_url is not None:
        os.environ[VENDORS[operation.vendor].variable("base_url")] = clean_base_url(namespace.base_url)
    settings = _settings(operation, namespace)
    try:
        try:
            asyncio.run(_call(operation, values, settings, namespace))
        except credentials.MissingCredentials:
            if not credentials.ask(operation.vendor):
                raise
            asyncio.run(_call(operation, values, settings, namespace))
    except KeyboardInterrupt:
        if operation.call_class is CallClass.SAFE:
            raise
        raise KeyboardInterrupt("interrupted: the call may or may not have been carried out") from None
    return 0


def _settings(operation: Operation, namespace: argparse.Namespace) -> dict[str, Any]:
    """Keywords for the client."""
    settings: dict[str, Any] = {}
    for option in client_options(operation.vendor):
        given = vars(namespace).get(f"client {option.name}")
        if given is not None:
            settings[option.name] = convert(option.name, option.annotation, given)
    if namespace.timeout is not None:
        settings["timeout"] = namespace.timeout
    if namespace.attempts is not None:
        settings["max_attempts"] = namespace.attempts
    if namespace.sandbox:
        settings["proxy"] = None
    return settings


async def _call(
    operation: Operation, values: dict[str, Any], settings: dict[str, Any], namespace: argparse.Namespace
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        if namespace.sandbox:
            from nusantara.sandbox import Sandbox

            sandbox = await stack.enter_async_context(Sandbox(vendors=[operation.vendor]))
            credentials.use_sandbox(operation.vendor, sandbox.credentials)
        cls = client_class(operation.vendor)
        assert cls is not None
        client = await stack.enter_async_context(credentials.make_client(cls, operation.vendor, settings))
        try:
            with showing_progress(operation) as progress:
                result = operator.attrgetter(operation.name)(client)(**values, **progress)
                if not isinstance(result, Pager):
                    result = await result
            if isinstance(result, Pager):
                await _show_pages(result, namespace)
                return
            try:
                _show(result, namespace)
            except OSError as error:
                error.add_note("the call itself was carried out")
                raise
        except ConfigurationError as error:
            missing = credentials.missing_credentials(operation.vendor)
            if missing is None or isinstance(error, MissingExtra):
                raise
            raise missing from error


async def _show_pages(pager: Pager[Any], namespace: argparse.Namespace) -> None:
    if namespace.page is not None:
        pager = pager.starting_at(namespace.page)
    if not namespace.all:
        if namespace.limit is None:
            page = await pager
            _show(page.items, namespace)
            _tell_more(page, namespace)
        else:
            _show(await pager.collect(limit=namespace.limit), namespace)
        return
    left = namespace.limit
    async for page in pager.pages():
        items = page.items[:left]
        if _as_json(namespace):
            output.write_json_lines(items, show_secrets=namespace.show_secrets)
        elif items:
            output.write_table(items)
        if left is not None:
            left -= len(items)
            if left == 0:
                return


def _show(result: Any, namespace: argparse.Namespace) -> None:
    if _as_json(namespace):
        output.write_json(result, show_secrets=namespace.show_secrets)
    else:
        output.write_table(result)
    sys.stdout.flush()


def _tell_more(page: Page[Any], namespace: argparse.Namespace) -> None:
    if page.next is not None and not _as_json(namespace):
        sys.stdout.write(f"more: --page {one_line(page.next)}, or --all\n")


def _as_json(namespace: argparse.Namespace) -> bool:
    return namespace.json or not sys.stdout.isatty()
