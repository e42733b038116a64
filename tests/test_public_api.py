"""What `org_constructs` exports, and that looking at it starts nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest

import org_constructs

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = sorted(
    module.name
    for module in walk_packages(org_constructs.__path__, "org_constructs.")
    # A program, not a module: importing it runs it.
    if not module.name.endswith("__main__")
)


def imported_for_type_checkers() -> Iterator[tuple[str, str]]:
    """Yield module and name of what `org_constructs/__init__.py` imports where only type checkers look."""
    source = (files("org_constructs") / "__init__.py").read_text(encoding="utf-8")
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.If) and isinstance(statement.test, ast.Name):
            assert statement.test.id == "TYPE_CHECKING"
            for imported in statement.body:
                assert isinstance(imported, ast.ImportFrom)
                for alias in imported.names:
                    yield imported.module or "", alias.name


def test_exports_are_sorted_and_named_once() -> None:
    assert org_constructs.__all__ == sorted(set(org_constructs.__all__))


def test_exports_what_is_imported_for_type_checkers_from_the_same_modules() -> None:
    lazily = [(module, name) for module, names in org_constructs._MODULES.items() for name in names]
    assert sorted(lazily) == sorted(imported_for_type_checkers())
    assert sorted(name for _, name in lazily) == org_constructs.__all__


@pytest.mark.parametrize("name", org_constructs.__all__)
def test_gives_what_its_module_defines(name: str) -> None:
    module = import_module(f"org_constructs.{org_constructs._MODULE_OF[name]}")
    assert getattr(org_constructs, name) is vars(module)[name]
    assert name in dir(org_constructs)


def test_says_which_name_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match=r"^module 'org_constructs' has no attribute 'OrgBaselin'"):
        _ = org_constructs.OrgBaselin


@pytest.mark.parametrize("module", MODULES)
def test_every_module_imports(module: str) -> None:
    assert import_module(module).__doc__


@pytest.mark.parametrize("module", ["org_constructs", "org_constructs.baseline.props", "org_constructs.rules"])
def test_starts_no_node(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('aws_cdk', 'constructs', 'jsii') if name in sys.modules])"
    fresh = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, text=True, timeout=60
    )
    assert fresh.stdout.strip() == "[]"


def test_says_that_it_is_typed() -> None:
    assert (files("org_constructs") / "py.typed").is_file()
