"""The catalogue of operations, in Python and as a command."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from nusantara.catalogue import operations as catalogue
from nusantara.catalogue.operations import operations
from nusantara.catalogue.vendors import VENDORS
from nusantara.errors import ConfigurationError, InvalidParameter
from nusantara.request import CallClass

from .conftest import COMMAND, Command

BUKALAPAK = {
    "account.authenticate": ("POST", "/v1/authenticate.json", "repeatable", False),
    "messages.inbox": ("GET", "/v1/messages.json", "safe", True),
    "messages.conversation": ("GET", "/v1/messages/{inbox_id}.json", "safe", True),
    "messages.get": ("GET", "/v1/messages/im/{message_id}.json", "safe", False),
    "messages.create": ("POST", "/v1/messages.json", "unrepeatable", False),
    "messages.delete_conversation": ("DELETE", "/v1/messages/{inbox_id}.json", "repeatable", False),
    "messages.delete": ("DELETE", "/v1/messages/im/{message_id}.json", "repeatable", False),
}

MakeVendor = Callable[[str], None]


@pytest.fixture
def make_vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> MakeVendor:
    """Make a package with a vendor's client of this source, known to the catalogue as ``bukalapak``."""
    package = f"vendor_{request.node.name.partition('[')[0]}"

    def make(source: str) -> None:
        header = """
            from __future__ import annotations
            from functools import cached_property
            from typing import TYPE_CHECKING
            from nusantara.client import AsyncClient, Resource
            from nusantara.pagination import Pager
            """
        (tmp_path / package).mkdir()
        code = textwrap.dedent(header) + textwrap.dedent(source)
        (tmp_path / package / "__init__.py").write_text(code.replace("PACKAGE", package))
        (tmp_path / package / "tickets.py").write_text(
            textwrap.dedent(header)
            + textwrap.dedent('''
                if TYPE_CHECKING:
                    import datetime
                    from decimal import Decimal as Money

                class Tickets(Resource):
                    async def buy(self, price: Money, day: datetime.date) -> None:
                        """Buy one.

                        ``POST /tickets`` - unrepeatable, needs money
                        """
                ''')
        )
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setitem(
            VENDORS, "bukalapak", attrs.evolve(VENDORS["bukalapak"], name=package, client="AsyncVendor")
        )
        operations.cache_clear()
        request.addfinalizer(operations.cache_clear)

    return make


def test_json_lists_each_operation_with_its_call(bare_command: Command) -> None:
    result = bare_command("operations", "bukalapak", "--json")
    assert result.code == 0
    listed = {
        each["name"]: (each["method"], each["path"], each["call_class"], each["paged"]) for each in result.document
    }
    assert listed == BUKALAPAK
    assert {each["vendor"] for each in result.document} == {"bukalapak"}
    assert next(each for each in result.document if each["name"] == "messages.create")["summary"] == "Send a message."


def test_text_has_a_line_for_each_operation(bare_command: Command) -> None:
    result = bare_command("operations", "bukalapak")
    assert [line.split()[1] for line in result.out.splitlines()] == list(BUKALAPAK)


def test_without_a_vendor_all_are_listed(bare_command: Command) -> None:
    listed = bare_command("operations", "--json").document
    assert [(each["vendor"], each["name"]) for each in listed] == [(each.vendor, each.name) for each in operations()]
    assert {("bukalapak", name) for name in BUKALAPAK} <= {(each["vendor"], each["name"]) for each in listed}


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_method_of_every_vendor_says_which_call_it_makes(vendor: str) -> None:
    for operation in operations(vendor):
        assert operation.summary.strip(), operation.name
        assert isinstance(operation.call_class, CallClass)
        assert all(parameter.name for parameter in operation.parameters())


def test_a_method_that_does_not_say_it_is_named_in_the_error(make_vendor: MakeVendor) -> None:
    make_vendor('''
        class Rooms(Resource):
            async def close(self) -> None:
                """Close a room."""

        class AsyncVendor(AsyncClient):
            @cached_property
            def rooms(self) -> Rooms:
                return Rooms(self)
        ''')
    with pytest.raises(ConfigurationError, match=r"bukalapak rooms\.close: its docstring has no line"):
        operations("bukalapak")


def test_a_pager_that_does_not_say_it_is_an_error_too(make_vendor: MakeVendor) -> None:
    make_vendor('''
        class Rooms(Resource):
            def all(self) -> Pager[str]:
                """List rooms."""
                raise NotImplementedError

        class AsyncVendor(AsyncClient):
            @cached_property
            def rooms(self) -> Rooms:
                return Rooms(self)
        ''')
    with pytest.raises(ConfigurationError, match=r"rooms\.all"):
        operations("bukalapak")


def test_groups_within_groups_and_names_imported_for_type_checkers_are_found(make_vendor: MakeVendor) -> None:
    make_vendor('''
        if TYPE_CHECKING:
            from PACKAGE.tickets import Tickets

        class Halls(Resource):
            def plan(self) -> str:
                """No call at all."""
                return ""

            async def buy_two(self) -> None:
                """Buy two tickets.

                Made of ``tickets.buy``.
                """

            @cached_property
            def tickets(self) -> Tickets:
                raise AssertionError("nothing is made for the catalogue")

        class AsyncVendor(AsyncClient):
            async def ping(self) -> None:
                """See whether it is there.

                ``GET /ping`` - safe
                """

            @cached_property
            def halls(self) -> Halls:
                raise AssertionError("nothing is made for the catalogue")

            async def _hidden(self) -> None: ...
        ''')
    ping, buy = operations("bukalapak")
    assert (ping.name, buy.name) == ("ping", "halls.tickets.buy")
    assert buy.call_class is CallClass.UNREPEATABLE
    assert [parameter.annotation.__name__ for parameter in buy.parameters()] == ["Decimal", "date"]


def test_a_vendor_without_a_client_has_no_operations(make_vendor: MakeVendor) -> None:
    make_vendor("")
    assert operations("bukalapak") == ()
    assert catalogue.client_options("bukalapak") == []


def test_a_vendor_that_is_not_installed_has_no_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VENDORS, "bukalapak", attrs.evolve(VENDORS["bukalapak"], name="no_such_package_here"))
    operations.cache_clear()
    assert operations("bukalapak") == ()
    operations.cache_clear()


def test_an_unknown_vendor_is_an_error() -> None:
    with pytest.raises(InvalidParameter, match="must be one of kaskus, bukalapak, qiscus"):
        operations("bukalpak")


def test_an_unknown_vendor_on_the_command_line_brings_the_nearest(bare_command: Command) -> None:
    result = bare_command("operations", "bukalpak")
    assert (result.code, result.out) == (2, "")
    assert result.err == "error: there is no vendor 'bukalpak'\nhint: did you mean bukalapak?\n"


def test_without_docstrings_the_error_says_why(bare_command: Command) -> None:
    done = bare_command.start(
        "operations", python=(COMMAND[0], "-OO", *COMMAND[1:]), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = done.communicate(timeout=30)
    assert (done.returncode, out) == (2, b"")
    assert b"-OO removes" in err
    assert b"Traceback" not in err


def test_the_catalogue_loads_no_network_library() -> None:
    code = """
import sys
from nusantara.catalogue.operations import operations
assert operations("bukalapak")
print(*{"aiohttp", "lxml", "oauthlib", "tenacity", "nusantara.sandbox"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=Command().environment, capture_output=True, text=True, timeout=30
    )
    assert (done.stdout, done.stderr) == ("\n", "")
