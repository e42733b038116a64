"""An app that was written from what AWS has: run it, take over what exists, and deploy it, without a process."""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import aws_cdk as cdk

from everything_there import snapshot
from org_constructs.access_diff.comparison import compare
from org_constructs.access_diff.deploy import deploy as foretell
from org_constructs.app_code.from_organization import AppCode, app_from
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.matching import State
from org_constructs.matching.adopt import in_order, plan_adoption
from org_constructs.templates.assembly import describe_stacks, read_stacks
from organizations import make_app

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from org_constructs.matching.adopt import Adoption
    from org_constructs.rehearsal.local_aws import LocalAws
    from org_constructs.templates.assembly import Stack
    from org_constructs.templates.description import Description

_BUCKET = "templates"
_INLINE = 51_200
_SOME = 10


def described(aws: LocalAws) -> Description:
    """Return what AWS has, with its details."""
    return describe_live(LiveOrganization(aws.client), details=True)


def write(app: AppCode, folder: Path) -> None:
    for name, text in app.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def synthesized(folder: Path) -> tuple[Stack, ...]:
    """Run the app of a folder; return its stacks."""
    before = set(sys.modules)
    app = make_app(folder / "cdk.out")
    with patch.object(cdk, "App", lambda: app), patch.object(sys, "path", [str(folder), *sys.path]):
        try:
            runpy.run_path(str(folder / "app.py"))
        finally:
            for name in set(sys.modules) - before:
                # Those of the next app have the same names.
                if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                    del sys.modules[name]
    return read_stacks(folder / "cdk.out")


@dataclass
class Adopter:
    """Somebody who takes over what exists with the commands that `adopt` prints."""

    aws: LocalAws
    stacks: tuple[Stack, ...]

    def take_over(self) -> list[Adoption]:
        """Take over everything, stack by stack, and deploy each; nothing may be made or changed."""
        before, adoptions = snapshot(self.aws), []
        for stack in in_order(self.stacks):
            adoption = plan_adoption(self.stacks, stack, LiveOrganization(self.aws.client))
            adoptions.append(adoption)
            others = [
                (each.state, each.name, str(each.reason))
                for each in adoption.matches
                if each.state is not State.ADOPTED
            ]
            assert others == []
            assert [(each.name, each.differences) for each in adoption.matches if each.differences] == []
            assert (adoption.waits_for, adoption.gains, adoption.removals) == ((), (), ())
            assert adoption.import_template() == stack.template
            self._import(stack, adoption)
            assert self.changes(stack) == []
            assert self._deploy(stack, stack.template) == []
        assert snapshot(self.aws) == before
        return adoptions

    def changes(self, stack: Stack) -> list[Any]:
        """Return what a deploy would change, as a change set says it."""
        return self._change_set(stack, stack.template, "UPDATE")[1]

    def _import(self, stack: Stack, adoption: Adoption) -> None:
        wanted = stack.template["Resources"]
        resources = {each: {"DeletionPolicy": "Retain", **wanted[each]} for each in adoption.mapping}
        listed = [
            {"LogicalResourceId": each, "ResourceType": wanted[each]["Type"], "ResourceIdentifier": identifier}
            for each, identifier in adoption.mapping.items()
        ]
        change_set, changes = self._change_set(stack, {"Resources": resources}, "IMPORT", ResourcesToImport=listed)
        assert {each["ResourceChange"]["Action"] for each in changes} == {"Import"}
        self._execute(stack, change_set, "IMPORT_COMPLETE")

    def _deploy(self, stack: Stack, template: Mapping[str, Any]) -> list[Any]:
        change_set, changes = self._change_set(stack, template, "UPDATE")
        self._execute(stack, change_set, "UPDATE_COMPLETE")
        return changes

    def _change_set(
        self, stack: Stack, template: Mapping[str, Any], kind: str, **options: Any
    ) -> tuple[str, list[Any]]:
        cloudformation = self.aws.client("cloudformation")
        text = json.dumps(template, separators=(",", ":"))
        body = {"TemplateBody": text}
        if len(text.encode()) > _INLINE:
            s3 = self.aws.client("s3")
            if _BUCKET not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
                s3.create_bucket(Bucket=_BUCKET)
            s3.put_object(Bucket=_BUCKET, Key=stack.name, Body=text.encode())
            body = {"TemplateURL": f"https://{_BUCKET}.s3.amazonaws.com/{stack.name}"}
        made = cloudformation.create_change_set(
            StackName=stack.name, ChangeSetName="made", ChangeSetType=kind, **body, **options
        )
        answer = cloudformation.describe_change_set(ChangeSetName=made["Id"])
        return made["Id"], answer["Changes"]

    def _execute(self, stack: Stack, change_set: str, status: str) -> None:
        cloudformation = self.aws.client("cloudformation")
        if cloudformation.describe_change_set(ChangeSetName=change_set)["ExecutionStatus"] != "AVAILABLE":
            return
        cloudformation.execute_change_set(ChangeSetName=change_set)
        [there] = cloudformation.describe_stacks(StackName=stack.name)["Stacks"]
        assert there["StackStatus"] == status, there


def check_style(folder: Path) -> None:
    """See that ruff takes the app of a folder as it is written."""
    for check in (["format", "--check"], ["check"]):
        ran = subprocess.run(  # noqa: S603 (the venv's)
            ["ruff", *check, "--isolated", "--line-length=120", "."],  # noqa: S607 (likewise)
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout


def check_brevity(files: Mapping[str, str]) -> None:
    """See that accounts have 1.3 lines each at most, where there are some, beside their tags."""
    calls = [
        each
        for name, text in files.items()
        if name.endswith(".py")
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "AccountProps"
    ]
    untagged = [each for each in calls if "tags" not in {keyword.arg for keyword in each.keywords}]
    lines = sum((each.end_lineno or 0) - each.lineno + 1 for each in untagged)
    assert len(calls) < _SOME or lines <= 1.3 * len(untagged)


def adopted(aws: LocalAws, folder: Path) -> tuple[AppCode, list[Adoption]]:
    """Write the app of what AWS has, and take everything over with it: nothing may be made or changed."""
    had = described(aws)
    app = app_from(had)
    write(app, folder)
    check_style(folder)
    check_brevity(app.files)
    stacks = synthesized(folder)
    new = describe_stacks(stacks, ())[0]
    assert [each.sentence for each in compare(*foretell(had, new)).changes] == []
    adoptions = Adopter(aws, stacks).take_over()
    assert app_from(described(aws)).files == app.files, "what the app has made is written as it is in the app"
    return app, adoptions
