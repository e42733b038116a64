"""What commands read, and how they refuse what is no organization."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cloud_assembly import baseline, stack, write_assembly
from org_constructs.commands._source import of_assembly, read_source
from refusals import refuses

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.templates.description import Description


def description(path: Path) -> Description:
    return read_source(str(path)).description


def template(folder: Path, **members: Any) -> Path:
    path = folder / "Org.template.json"
    path.write_text(json.dumps(members), encoding="utf-8")
    return path


def test_reads_a_template_whose_file_is_called_as_its_stack(tmp_path: Path) -> None:
    path = template(tmp_path, Resources=baseline())
    assert {key.partition("/")[0] for key in description(path).permission_sets} == {"Org"}


def test_refuses_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = template(tmp_path, Resources=baseline())

    def denied(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_text", denied)
    monkeypatch.setattr(type(path), "read_bytes", denied)
    monkeypatch.setattr(type(path), "open", denied)
    with refuses("template-unreadable", "Permission denied"):
        description(path)


def test_reads_of_the_stacks_that_are_named_those_that_are_there(tmp_path: Path) -> None:
    web = {"Type": "AWS::Organizations::Account", "Properties": {"AccountName": "web", "Email": "web@acme.com"}}
    folder = write_assembly(tmp_path / "cdk.out", {"Org": stack(baseline()), "Web": stack({"Web": web})})
    accounts = of_assembly(folder, ["Web", "New"]).description.accounts.values()
    assert [each.name for each in accounts if not each.only_named] == ["web"]
    with refuses("stack-unknown", "'New'"):
        of_assembly(folder, ["New"])


def test_says_what_else_is_a_source() -> None:
    with refuses("source-unknown", "a template file", "a saved description", "`live`"):
        read_source("nowhere")


@pytest.mark.parametrize("members", [{}, {"Resources": None}, {"Resources": []}], ids=str)
def test_refuses_a_template_without_resources(tmp_path: Path, members: dict[str, Any]) -> None:
    with refuses("template-without-resources"):
        description(template(tmp_path, **members))


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::SSO::Assignment", "Properties": {}},
        {"Type": "AWS::SSO::PermissionSet", "Properties": []},
        {"Type": "AWS::SSO::PermissionSet", "Properties": 1},
    ],
    ids=str,
)
def test_refuses_a_resource_that_cloudformation_would_not_take(tmp_path: Path, resource: dict[str, Any]) -> None:
    with refuses("template-incomplete"):
        description(template(tmp_path, Resources={"It": resource}))


@pytest.mark.parametrize("metadata", [[], {"Accounts": {"dev": 1}}, {"Accounts": {"dev": {}}}], ids=str)
def test_refuses_what_no_baseline_says_of_itself(tmp_path: Path, metadata: object) -> None:
    with refuses("metadata-invalid"):
        description(template(tmp_path, Resources=baseline(), Metadata={"OrgBaseline": metadata}))
