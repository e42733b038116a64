"""`rehearse --from`: an update of what is deployed ends as AWS ends it, and what it did is said."""

from __future__ import annotations

import re
import subprocess
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from cloud_assembly import ACCOUNT, baseline, stack, write_assembly
from org_constructs.rehearsal.rehearse import rehearse
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Resources = dict[str, Any]

ROOT = "r-exam"
ONE_GROUP, OTHER_GROUP = ("a1b2c3d4-5678-90ab-cdef-00000000000" + each for each in "12")


def unit(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Organizations::OrganizationalUnit",
        "Properties": {"Name": name, "ParentId": ROOT},
        "DeletionPolicy": "Retain",
    }


def in_unit(name: str) -> dict[str, Any]:
    return {"ParentIds": [{"Fn::GetAtt": [name, "Id"]}]}


def acme() -> Resources:
    """acme's two accounts in units of an organization that exists, an administrator, and a policy."""
    resources = baseline()
    del resources["Organization"]
    resources["Workloads"], resources["Sandbox"] = unit("workloads"), {**unit("sandbox"), "DependsOn": "Workloads"}
    resources["Dev"]["Properties"] |= in_unit("Workloads")
    resources["Dev"]["DependsOn"] = "Guardrails"
    resources["Production"]["Properties"] |= in_unit("Workloads")
    resources["OfManagement"]["Properties"]["TargetId"] = ACCOUNT
    resources["Guardrails"] = {
        "Type": "AWS::Organizations::Policy",
        "Properties": {
            "Name": "guardrails",
            "Type": "SERVICE_CONTROL_POLICY",
            "Content": denied("organizations:LeaveOrganization"),
            "TargetIds": [{"Fn::GetAtt": ["Workloads", "Id"]}],
        },
        "DependsOn": "Sandbox",
    }
    resources["OfOthers"] = deepcopy(resources["OfDev"])
    resources["OfOthers"]["Properties"]["PrincipalId"] = ONE_GROUP
    resources["OfOthers"]["DependsOn"] = "OfDev"
    return resources


def denied(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]}


def e_mail(resources: Resources) -> None:
    resources["Dev"]["Properties"]["Email"] = "aws+development@acme.com"


def company(resources: Resources) -> None:
    for name in ("Dev", "Production"):
        properties = resources[name]["Properties"]
        properties["AccountName"] = properties["AccountName"].replace("acme", "globex")


def move(resources: Resources) -> None:
    resources["Dev"]["Properties"] |= in_unit("Sandbox")


def less(resources: Resources) -> None:
    del resources["OfProduction"]


def more(resources: Resources) -> None:
    staging = deepcopy(resources["Production"])
    staging["Properties"] |= {"AccountName": "acme-staging", "Email": "aws+staging@acme.com"}
    resources["Staging"] = {**staging, "DependsOn": "Production"}
    resources["OfStaging"] = deepcopy(resources["OfDev"])
    resources["OfStaging"]["Properties"]["TargetId"] = {"Fn::GetAtt": ["Staging", "AccountId"]}


def policy(resources: Resources) -> None:
    resources["Guardrails"]["Properties"]["Content"] = denied("account:CloseAccount")


def group(resources: Resources) -> None:
    resources["OfOthers"]["Properties"]["PrincipalId"] = OTHER_GROUP


LOST = "- dax@acme.com no longer has AdministratorAccess in acme-production (was through group Administrators)"
UPDATES: dict[str, tuple[Callable[[Resources], None], str, list[str], list[str]]] = {
    "a changed e-mail": (e_mail, "UPDATE_ROLLBACK_FAILED", ["nothing"], ["nothing"]),
    "a renamed company": (company, "UPDATE_ROLLBACK_FAILED", ["nothing"], ["nothing"]),
    "a moved account": (
        move,
        "UPDATE_COMPLETE",
        ["moved       account acme-dev from workloads to sandbox"],
        [
            "+ service control policy guardrails no longer applies to acme-dev",
            "~ account acme-dev moves from unit workloads to unit sandbox",
        ],
    ),
    "a removed assignment": (
        less,
        "UPDATE_COMPLETE",
        ["deleted     AdministratorAccess in acme-production for group Administrators"],
        [LOST],
    ),
    "an added account": (
        more,
        "UPDATE_COMPLETE",
        [
            "created     account acme-staging",
            "created     AdministratorAccess in acme-staging for group Administrators",
        ],
        [
            "+ dax@acme.com has AdministratorAccess in acme-staging (through group Administrators)",
            "~ account acme-staging (aws+staging@acme.com) is created in unit workloads, where guardrails applies",
        ],
    ),
    "a changed policy": (
        policy,
        "UPDATE_COMPLETE",
        ["changed     policy guardrails"],
        [
            (
                "+ service control policy guardrails may restrict less in unit workloads (acme-dev and acme-production)"
                ": it gets Deny account:CloseAccount and loses Deny organizations:LeaveOrganization"
            )
        ],
    ),
    "a swapped group id": (
        group,
        "UPDATE_COMPLETE",
        [
            f"created     AdministratorAccess in acme-dev for group {OTHER_GROUP}",
            f"deleted     AdministratorAccess in acme-dev for group {ONE_GROUP}",
        ],
        [
            f"+ the members of group {OTHER_GROUP} in AWS have AdministratorAccess in acme-dev",
            f"- the members of group {ONE_GROUP} in AWS no longer have AdministratorAccess in acme-dev",
        ],
    ),
}

QUICK = {"a changed e-mail", "a swapped group id"}
"""One that ends badly and one that ends well; each takes two deploys by the CDK CLI."""


def below(heading: str, output: str) -> list[str]:
    """Return the lines below a heading, as far as the next empty one."""
    return [line.strip() for line in output.partition(f"\n{heading}\n")[2].partition("\n\n")[0].splitlines()]


def meaning(output: str) -> list[str]:
    """Return the sentences on what it means, without what they are about in full."""
    lines = below("What it means for people", output)
    return ["nothing"] if lines[0].startswith("Nothing ") else [line for line in lines if re.match(r"[-+~] ", line)]


@pytest.mark.parametrize(
    ("change", "status", "did", "means"),
    [pytest.param(*row, id=name, marks=() if name in QUICK else pytest.mark.long) for name, row in UPDATES.items()],
)
def test_ends_as_aws_ends_it(  # noqa: PLR0917 (a row of the table)
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Resources], None],
    status: str,
    did: list[str],
    means: list[str],
) -> None:
    before, after = acme(), acme()
    change(after)
    old = write_assembly(tmp_path / "before", {"OrgBaseline": stack(before)})
    write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(after)})
    deployed = rehearse(tmp_path, app="cdk.out", before=str(old))
    output = capsys.readouterr().out
    assert deployed == (status == "UPDATE_COMPLETE"), output
    assert below("What the update did", output) == did
    assert meaning(output) == means
    [said] = re.findall(r"^What to do next: OrgBaseline is (\w+)$", output, re.MULTILINE) or ["UPDATE_COMPLETE"]
    assert said == status
    if status == "UPDATE_ROLLBACK_FAILED":
        assert "`org-baseline adopt --stack OrgBaseline`" in output


def test_lets_it_go_wrong_in_the_update_and_not_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = acme(), acme()
    more(after)
    write_assembly(tmp_path / "before", {"OrgBaseline": stack(before)})
    write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(after)})
    assert not rehearse(tmp_path, app="cdk.out", before="before", failures=["ACCOUNT_TIMEOUT:staging"])
    output = capsys.readouterr().out
    [created] = below("What the update did", output)
    assert created.startswith("created     account acme-staging, ")
    assert output.partition("What to do next: ")[2].startswith("OrgBaseline is UPDATE_ROLLBACK_COMPLETE\n")


@pytest.mark.long
def test_walks_the_first_day_of_a_revision_and_updates_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = baseline(), baseline()
    del after["OfProduction"]
    monkeypatch.chdir(tmp_path)

    def commit(resources: Resources) -> None:
        # An app that needs no Node of its own: it copies what it would synthesize.
        write_assembly(tmp_path / "made", {"OrgBaseline": stack(resources)})
        (tmp_path / "cdk.json").write_text(
            """{"app": "python -c \\"import os, shutil; shutil.copytree('made', os.environ['CDK_OUTDIR'],"""
            """ dirs_exist_ok=True)\\""}""",
            encoding="utf-8",
        )
        git("add", "--all")
        git("commit", "--quiet", "--message", "acme")

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=dax", "-c", "user.email=dax@acme.com")
        subprocess.run(["git", *who, *arguments], check=True, cwd=tmp_path)  # noqa: S603, S607

    git("init", "--quiet")
    commit(before)
    commit(after)
    assert rehearse(tmp_path, before="HEAD~1")
    output = capsys.readouterr().out
    assert meaning(output) == [LOST]
    assert "created     the organization" not in output, "how it came to be is not what is asked"


@pytest.mark.parametrize(
    ("environment", "source", "code", "value"),
    [
        ("aws://444455556666/us-east-1", "before", "from-other-account", "444455556666"),
        (f"aws://{ACCOUNT}/us-east-1", "yesterday", "source-unknown", "--from 'yesterday'"),
    ],
    ids=["another_account", "no_revision"],
)
def test_refuses_what_it_cannot_update(tmp_path: Path, environment: str, source: str, code: str, value: str) -> None:
    write_assembly(tmp_path / "before", {"OrgBaseline": stack(acme(), environment=environment)})
    write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(acme())})
    with refuses(code, value):
        rehearse(tmp_path, app="cdk.out", before=source)
