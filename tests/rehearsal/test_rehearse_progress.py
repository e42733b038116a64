"""What a rehearsal shows of a deploy's events: who and where, and only what has come to its end."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cloud_assembly import get, stack, write_assembly
from org_constructs.rehearsal.deploy_progress import Progress
from org_constructs.rehearsal.names import Names
from org_constructs.templates.assembly import read_stacks

USER_ID = "90677a3e-5041-70d6-8e7e-5d3b5f4b1e6a"
ASSIGNED = {
    "TargetId": get("Dev", "AccountId"),
    "PermissionSetArn": get("Admin", "PermissionSetArn"),
    "PrincipalType": "GROUP",
    "PrincipalId": get("Team", "GroupId"),
}


def resource(kind: str, **properties: object) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


RESOURCES = {
    "Organization": resource("AWS::Organizations::Organization"),
    "Workloads": resource(
        "AWS::Organizations::OrganizationalUnit", Name="workloads", ParentId=get("Organization", "RootId")
    ),
    "WorkloadsDev": resource("AWS::Organizations::OrganizationalUnit", Name="dev", ParentId=get("Workloads", "Id")),
    "Below": resource("AWS::Organizations::OrganizationalUnit", Name="below", ParentId="ou-exam-12345678"),
    "Dev": resource("AWS::Organizations::Account", AccountName="acme-dev", Email="aws+dev@acme.com"),
    "Guardrails": resource("AWS::Organizations::Policy", Name="guardrails", Type="SERVICE_CONTROL_POLICY"),
    "Sharing": resource("AWS::Organizations::ResourcePolicy", Content={}),
    "Dax": resource("AWS::IdentityStore::User", UserName="dax@acme.com", Name={"GivenName": "Dax"}, DisplayName="Dax"),
    "DaxElsewhere": resource("Custom::IdentityStoreUser", Create=json.dumps({"parameters": {"UserName": "dax"}})),
    "Team": resource("AWS::IdentityStore::Group", DisplayName="Administrators"),
    "DaxInTeam": resource(
        "AWS::IdentityStore::GroupMembership", GroupId=get("Team", "GroupId"), MemberId={"UserId": get("Dax", "UserId")}
    ),
    "Admin": resource("AWS::SSO::PermissionSet", Name="AdministratorAccess"),
    "OfTeam": resource("AWS::SSO::Assignment", **ASSIGNED),
    "OfTeamInManagement": resource(
        "AWS::SSO::Assignment", **{**ASSIGNED, "TargetId": get("Organization", "ManagementAccountId")}
    ),
    "OfSomebody": resource("AWS::SSO::Assignment", **{**ASSIGNED, "PrincipalType": "USER", "PrincipalId": USER_ID}),
    "Bucket": resource("AWS::S3::Bucket"),
    "Nameless": resource("AWS::SSO::PermissionSet"),
    "Deceiving": resource("AWS::IdentityStore::Group", DisplayName="Readers\u202e"),
}


def names(folder: Path, resources: Mapping[str, Any]) -> Names:
    return Names(read_stacks(write_assembly(folder, {"OrgBaseline": stack(resources)})))


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    before = {**RESOURCES, "Admin": resource("AWS::SSO::PermissionSet", Name="Admin")}
    return Progress(names(tmp_path / "new", RESOURCES), names(tmp_path / "old", before))


@pytest.mark.parametrize(
    ("logical_id", "name"),
    {
        "Organization": "the organization",
        "Workloads": "unit workloads",
        "WorkloadsDev": "unit workloads/dev",
        "Below": "unit ou-exam-12345678/below",
        "Dev": "account acme-dev",
        "Guardrails": "policy guardrails",
        "Sharing": "the organization's resource policy",
        "Dax": "user dax@acme.com",
        "DaxElsewhere": "user dax",
        "Team": "group Administrators",
        "DaxInTeam": "dax@acme.com in group Administrators",
        "Admin": "permission set AdministratorAccess",
        "OfTeam": "AdministratorAccess in acme-dev for group Administrators",
        "OfTeamInManagement": "AdministratorAccess in the management account for group Administrators",
        "OfSomebody": f"AdministratorAccess in acme-dev for {USER_ID}",
        "Bucket": None,
        "Nameless": None,
        "Deceiving": r"group Readers\u202e",
        "Gone": None,
    }.items(),
    ids=str,
)
def test_names_every_type_as_people_do(tmp_path: Path, logical_id: str, name: str | None) -> None:
    assert names(tmp_path, RESOURCES).of("OrgBaseline", logical_id) == name


def test_names_what_another_stack_makes(tmp_path: Path) -> None:
    template = {"Resources": {"Dev": RESOURCES["Dev"]}, "Outputs": {"AccountIdDev": {"Value": get("Dev", "AccountId")}}}
    reference = {"Fn::GetStackOutput": {"StackName": "Core", "OutputName": "AccountIdDev"}}
    away = resource("AWS::SSO::Assignment", **{**ASSIGNED, "TargetId": reference})
    stacks = {"Core": {**stack({}), "template": template}, "Access": stack({**RESOURCES, "Away": away})}
    told = Names(read_stacks(write_assembly(tmp_path, stacks)))
    assert told.of("Access", "Away") == "AdministratorAccess in acme-dev for group Administrators"


def event(status: str, kind: str, rest: str, *, count: bool = True) -> str:
    return f"OrgBaseline | {' 3/14 | ' if count else ''}7:31:09 AM | {status[:23]:<23} | {kind:<35} | {rest}"


ACCOUNT = "AWS::Organizations::Account"
STACK = "AWS::CloudFormation::Stack"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (event("CREATE_COMPLETE", ACCOUNT, "Accounts/dev (Dev) "), "  created     account acme-dev\n"),
        (
            event("CREATE_COMPLETE", "AWS::SSO::Assignment", "Assignments/Admin Administrators/dev (OfTeam) "),
            "  created     AdministratorAccess in acme-dev for group Administrators\n",
        ),
        (event("DELETE_SKIPPED", ACCOUNT, "Dev "), "  kept        account acme-dev\n"),
        (
            event("CREATE_FAILED", ACCOUNT, "Dev It (and more) failed"),
            "  failed      account acme-dev  Dev  It (and more) failed\n",
        ),
        (
            event("CREATE_FAILED", ACCOUNT, "Accounts/dev (Dev) It (and more) failed"),
            "  failed      account acme-dev  Dev  It (and more) failed\n",
        ),
        (
            event("CREATE_COMPLETE", "AWS::S3::Bucket", "Logs of all/Bucket (Bucket) "),
            "  created     Logs of all/Bucket  AWS::S3::Bucket\n",
        ),
        (
            event("DELETE_COMPLETE", "AWS::S3::Bucket", "LogsBucket1234 "),
            "  deleted     LogsBucket1234  AWS::S3::Bucket\n",
        ),
        (event("DELETE_COMPLETE", "AWS::SSO::PermissionSet", "Admin "), "  deleted     permission set Admin\n"),
        ("Outputs:", "  Outputs:\n"),
        ("❌  OrgBaseline failed to deploy", "  ❌  OrgBaseline failed to deploy\n"),
    ],
    ids=[
        *("created", "path_with_spaces", "kept", "failed", "failed_with_path", "of_another_type", "unknown"),
        *("replaced", "outputs", "error"),
    ],
)
def test_shows_what_has_come_to_an_end_and_what_the_cli_says(
    progress: Progress, capsys: pytest.CaptureFixture[str], line: str, shown: str
) -> None:
    progress(line)
    assert capsys.readouterr().out == shown


def test_tells_a_way_back_from_a_way_on(progress: Progress, capsys: pytest.CaptureFixture[str]) -> None:
    for line in (
        event("CREATE_COMPLETE", "AWS::SSO::PermissionSet", "Admin "),
        event("UPDATE_COMPLETE", ACCOUNT, "Dev "),
        event("UPDATE_ROLLBACK_IN_PROGRESS", STACK, "OrgBaseline The following resource(s) failed"),
        event("UPDATE_COMPLETE", ACCOUNT, "Dev "),
        event("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", STACK, "OrgBaseline "),
        event("DELETE_COMPLETE", "AWS::SSO::PermissionSet", "Admin "),
        event("UPDATE_ROLLBACK_COMPLETE", STACK, "OrgBaseline "),
    ):
        progress(line)
    assert capsys.readouterr().out.splitlines() == [
        "  created     permission set AdministratorAccess",
        "  updated     account acme-dev",
        "  rolls back  stack OrgBaseline",
        "  put back    account acme-dev",
        "  deleted     permission set AdministratorAccess",
    ]


@pytest.mark.parametrize(
    "line",
    [
        event("CREATE_IN_PROGRESS", ACCOUNT, "Dev "),
        event("CREATE_COMPLETE", STACK, "OrgBaseline "),
        event("CREATE_FAILED", ACCOUNT, "Dev once more at the end", count=False),
        event("CREATE_COMPLETE", "AWS::CDK::Metadata", "CDKMetadata/Default "),
        "OrgBaseline: deploying... [1/1]",
        "OrgBaseline: start: Publishing OrgBaseline Template (111122223333-us-east-1-ebc1d256)",
        "[100%] success: Published 50a617953ea01d89be706b48fb9c6aee9abcb141a4efcd4d472b891f43980f1e:current",
        "✨  Deployment time: 0.05s",
        "arn:aws:cloudformation:us-east-1:111122223333:stack/OrgBaseline/c4413011-b2fe-49f6-831e-b963555c0fe9",
        "",
    ],
    ids=[
        *("in_progress", "the_stack_itself", "said_again", "metadata", "deploying", "publishing", "published"),
        *("time", "arn", "empty"),
    ],
)
def test_leaves_out_what_says_nothing_more(progress: Progress, capsys: pytest.CaptureFixture[str], line: str) -> None:
    progress(line)
    assert capsys.readouterr().out == ""
