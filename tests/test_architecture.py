"""The page that says where a part of a template is written and read names files that write and read it."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
import pytest

from org_constructs import AccountProps, AlternateContactProps, OrgBaseline
from org_constructs.aws.user_types import CUSTOM_USER
from org_constructs.templates.metadata import METADATA_KEY, BaselineMetadata
from organizations import ENV, ORGANIZATIONS, template_of
from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGE: Final = ROOT / "org_constructs"
PAGE: Final = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NOT_BY_ITS_NAME: Final = {
    "AWS::IdentityStore::GroupMembership": "constructs/group.py",
    CUSTOM_USER: "constructs/user.py",
}
SPOKEN_OF_BY_OTHER_NAMES: Final = {"Outputs"}
OF_BASELINES: Final = {
    resource_type
    for file in (ROOT / "tests" / "baseline" / "__snapshots__").glob("**/test_keeps_its_logical_ids*.json")
    for resource_type in json.loads(file.read_text(encoding="utf-8")).values()
}
"""The types of what baselines make."""


def table(first_column: str) -> list[list[str]]:
    """Return the cells of the table that begins with a column, without its heading."""
    _, found, below = PAGE.partition(f"| {first_column} |")
    assert found, first_column
    rows = below.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def files(cell: str) -> list[str]:
    return re.findall(r"`([\w/]+\.py)`", cell)


def names(cell: str) -> list[str]:
    return re.findall(r"`([A-Z]\w+)`", cell)


PARTS: Final = table("part of a template")
METADATA: Final = table("`Metadata.OrgBaseline`")


def readers() -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each file that the page says reads something, and by which names it does."""
    for part, *_, read_by in [*PARTS, *METADATA]:
        if names(part) and names(part)[0] not in SPOKEN_OF_BY_OTHER_NAMES:
            for file in files(read_by):
                yield file, names(part)


def metadata_keys() -> set[str]:
    """Return the keys that baselines write, with everything that one may be given."""
    app = cdk.App()
    OrgBaseline(
        app,
        "OrgBaseline",
        env=ENV,
        company="acme",
        email="aws@acme.com",
        accounts=[
            AccountProps(key="dev"),
            AccountProps(key="production", stack="more"),
            AccountProps(key="old", closing=True),
        ],
        enabled_policy_types=[],
        trusted_access=["account.amazonaws.com"],
        root_access=True,
        delegated_administrators={"backup.amazonaws.com": "dev"},
        alternate_contacts=[
            AlternateContactProps(
                type="BILLING", name="Dax", title="CFO", email="billing@acme.com", phone_number="+1 555 0100"
            )
        ],
    )
    templates = [*map(template_of, ORGANIZATIONS), *(stack.template for stack in app.synth().stacks)]
    return {key for template in templates for key in template["Metadata"][METADATA_KEY]}


@pytest.mark.parametrize("file", sorted(set(files(PAGE))))
def test_every_file_that_it_names_exists(file: str) -> None:
    assert file == "app.py" or (PACKAGE / file).is_file()


def test_every_package_has_its_line() -> None:
    packages = {
        path.stem
        for path in PACKAGE.iterdir()
        if not path.stem.startswith("_") and (path.suffix == ".py" or (path / "__init__.py").is_file())
    }
    assert sorted(name for _, cell, _ in table("layer") for name in re.findall(r"`(\w+)`", cell)) == sorted(packages)


@pytest.mark.parametrize("resource_type", sorted(OF_BASELINES))
def test_a_type_is_written_by_the_file_of_its_name(resource_type: str) -> None:
    service, _, name = resource_type.rpartition("::")
    if service in {"AWS::IAM", "AWS::Lambda", "AWS::Logs"}:
        return  # what CDK adds to a custom resource
    of_its_name = f"constructs/{re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()}.py"
    file = NOT_BY_ITS_NAME.get(resource_type, of_its_name)
    if file != of_its_name:
        assert file in files(PARTS[0][1])
    made_by = "resource_type=CUSTOM_USER" if resource_type == CUSTOM_USER else f".Cfn{name}("
    writers = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if made_by in path.read_text()]
    assert writers == [file]


@pytest.mark.parametrize(("file", "by"), sorted({(file, tuple(by)) for file, by in readers()}))
def test_a_file_that_reads_a_part_has_its_name(file: str, by: Sequence[str]) -> None:
    source = (PACKAGE / file).read_text(encoding="utf-8")
    ways = [way for name in by for way in (f'"{name}"', f".{re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()}")]
    assert [way for way in ways if way in source]


def test_every_key_of_the_metadata_has_its_line() -> None:
    assert sorted(names(key)[0] for key, _ in METADATA) == sorted(metadata_keys())


def test_every_file_that_reads_a_key_of_the_metadata_has_its_place() -> None:
    keys = {each.name: each.name.title().replace("_", "") for each in fields(BaselineMetadata)}
    read_by = defaultdict[str, set[str]](set)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in keys and _is_metadata(node.value):
                read_by[keys[node.attr]].add(path.relative_to(PACKAGE).as_posix())
    assert read_by
    for key, where in METADATA:
        assert read_by[names(key)[0]] <= {*files(where), "templates/metadata.py"}, key


def _is_metadata(value: ast.expr) -> bool:
    """Tell whether a value is called metadata, or is what a function returns that is."""
    return "metadata" in ast.unparse(value.func if isinstance(value, ast.Call) else value).rpartition(".")[2]
