"""What locks everybody out, and what only looks like it: a table on either side of each rule."""

from __future__ import annotations

from typing import Any

import pytest

from checked_templates import (
    Resources,
    account,
    allow,
    assignment,
    control_policy,
    deny,
    group,
    permission_set,
    resource,
)
from cloud_assembly import get
from every_guardrail import RESOURCE_CONTROL, SERVICE_CONTROL
from org_constructs.aws.policy_types import RESOURCE_CONTROL_SERVICES
from org_constructs.rules import RULES
from org_constructs.templates.metadata import METADATA_KEY
from org_constructs.templates.resources import Template, Templates

BY_ID = {rule.id.removeprefix("OrgBaseline-"): rule for rule in RULES}
RCP = "RESOURCE_CONTROL_POLICY"
SCP = "SERVICE_CONTROL_POLICY"
OURS = get("Organization", "Id")
MANAGEMENT = get("Organization", "ManagementAccountId")
ROLE = "arn:aws:iam::*:role/"
ADMIN = f"{ROLE}aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"
ROOT, UNIT, DEV = get("Organization", "RootId"), get("Unit", "Id"), get("Dev", "AccountId")

Statement = dict[str, Any]


def read(resources: Resources, organization_id: str | None = None, region: str | None = None) -> Templates:
    body: dict[str, Any] = {
        "Metadata": {METADATA_KEY: {"Format": 1, "Company": "acme", "IdentityCenterRegion": "eu-central-1"}},
        "Parameters": {"Open": {"Type": "String"}},
        "Outputs": {"OrganizationId": {"Value": organization_id or OURS}},
        "Resources": resources
        if organization_id
        else {
            "Organization": resource("Organizations::Organization"),
            "Readers": permission_set("Readers"),
            "Unit": resource("Organizations::OrganizationalUnit"),
            **resources,
        },
    }
    return Templates([Template(path="A.json", body=body, stack="A", construct=region and "A", region=region)])


def found(rule: str, *statements: Statement, kind: str = SCP, **more: Any) -> list[str]:
    it = {"It": control_policy(*statements, kind=kind)}
    return [f"{'+'.join(each.locations)}: {each.detail}" for each in BY_ID[rule].find(read(it, **more))]


def denies(on: Any = "*", **condition: Any) -> Statement:
    """Return a statement that denies everything under a condition, such as StringEquals=(key, values)."""
    given = {operator.replace("__", ":"): {key: values} for operator, (key, values) in condition.items()}
    return deny("*", on=on, Condition=given)


def all_but(*actions: str, **more: Any) -> Statement:
    return {"Effect": "Deny", "NotAction": list(actions), "Resource": "*", **more}


def all_except(*resources: str, **more: Any) -> Statement:
    return {"Effect": "Deny", "Action": "*", "NotResource": list(resources), **more}


BUCKET = "arn:aws:s3:::acme-logs/*"
NOBODY_IS_EXCEPTED = [
    denies(StringLike=("aws:PrincipalArn", "*")),
    denies(ArnLike=("aws:PrincipalArn", "arn:aws:iam::*:*")),
    denies(ArnLike=("aws:PrincipalArn", f"{ROLE}*")),
    denies(ArnNotLike=("aws:PrincipalArn", "arn:aws:sts::*:assumed-role/Admin/*")),
    denies(ArnNotLike=("aws:PrincipalArn", f"{ROLE}aws-service-role/*")),
    denies(ArnNotLike=("aws:PrincipalArn", ["arn:aws:iam::*:user/*", "arn:aws:iam::*:root"])),
    denies(ArnNotLike=("aws:PrincipalArn", get("Readers", "PermissionSetArn"))),
    denies(ArnNotLike=("aws:PrincipalArn", get("Unit", "Id"))),
    denies(ArnNotLike=("aws:PrincipalArn", ["arn:aws:iam::*:group/Admins", "arn:aws:iam::*:roles/Admin"])),
    denies(StringNotEquals=("aws:PrincipalArn", "arn:aws:iam:eu-central-1:111122223333:role/Admin")),
    denies(ArnNotLike=("aws:PrincipalArn", "arn:aws:iam:*:role/Admin")),
    denies(ArnNotLike=("aws:PrincipalArn", "arn:aws:iam::${AccountId}:role/Admin")),
    denies(StringEquals=("aws:PrincipalType", "AssumedRole")),
    denies(StringNotEquals=("aws:PrincipalType", ["User", "Account"])),
    denies(StringNotEquals=("aws:PrincipalOrgID", "${ORG_ID}")),
    denies(ForAllValues__StringNotLike=("aws:PrincipalOrgPaths", "o-abcde12345/ou-ab12-11112222/*")),
    denies(StringNotEquals=("aws:SourceIp", "203.0.113.0/24")),
    denies(StringLike=("aws:userid", "*:*")),
    denies(StringLike=("aws:userid", "AROA*")),
    denies(StringNotLike=("aws:userid", "AIDA*")),
    denies(Null=("aws:TokenIssueTime", "false")),
    denies(DateGreaterThan=("aws:TokenIssueTime", "2020-01-01T00:00:00Z")),
    denies(StringNotEquals=("aws:PrincipalOrgID", "<my-org-id>")),
    denies(StringNotEqualsIfExists=("aws:PrincipalOrgID", ["acme", "o-short"])),
    denies(StringNotEquals=("aws:PrincipalOrgID", "o-*")),
    denies(StringEquals=("aws:PrincipalOrgID", OURS)),
    denies(StringLike=("aws:PrincipalOrgID", "o-*")),
    denies(Null=("aws:PrincipalOrgID", "false")),
    denies(StringNotEquals=("aws:PrincipalAccount", ["acme-dev", "1111"])),
    denies(StringNotEquals=("aws:PrincipalAccount", [MANAGEMENT, {"Ref": "AWS::AccountId"}])),
    denies(ArnNotLike=("aws:PrincipalArn", {"Fn::Sub": "arn:aws:iam::${Organization.ManagementAccountId}:role/*"})),
    denies(ArnNotLike=("aws:PrincipalArn", {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/Admin"})),
    denies(StringNotEquals=("aws:RequestedRegion", "eu-centrl-1")),
    denies(StringLike=("aws:RequestedRegion", "*-*-*")),
    denies(StringNotEqualsIfExists=("aws:SourceVpc", "<my-vpc>")),
    denies(StringLikeIfExists=("aws:PrincipalTag/team", "*")),
    denies(Bool=("aws:SecureTransport", ["true", "false"])),
    denies(Bool=("aws:SecureTransport", "true")),
    denies(BoolIfExists=("aws:MultiFactorAuthPresent", ["true", "false"])),
    denies(Bool=("aws:ViaAWSService", "false")),
    denies(IpAddress=("aws:SourceIp", "0.0.0.0/0")),
    denies(IpAddress=("aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"])),
    denies(NotIpAddress=("aws:SourceIp", ["10.0.0.0/8", "192.168.1.0/24"])),
    denies(DateGreaterThan=("aws:CurrentTime", "2020-01-01T00:00:00Z")),
    denies(DateGreaterThanEquals=("aws:EpochTime", 1577836800)),
    denies(NumericGreaterThan=("aws:EpochTime", "0")),
    denies(DateNotEquals=("aws:CurrentTime", "2020-01-01T00:00:00Z")),
    denies(NumericGreaterThanEqualsIfExists=("aws:MultiFactorAuthAge", "0")),
]


@pytest.mark.parametrize("statement", NOBODY_IS_EXCEPTED, ids=str)
def test_finds_a_denial_of_everything_that_excepts_nobody(statement: Statement) -> None:
    [says] = found("PolicyAllowsNothing", statement)
    assert says.startswith("Properties.Content.Statement.0: Nobody is excepted by ")
    [operator] = statement["Condition"]
    assert f" {operator} " in says


@pytest.mark.parametrize(
    "statement",
    [
        denies(ArnNotLike=("aws:PrincipalArn", f"{ROLE}Rescue")),
        denies(ArnNotLike=("aws:PrincipalArn", ADMIN)),
        denies(ArnNotLike=("aws:PrincipalArn", "arn:aws:iam::111122223333:role/*")),
        denies(ArnNotLike=("aws:PrincipalArn", [f"{ROLE}aws-service-role/*", f"{ROLE}Rescue"])),
        denies(ArnNotLike=("aws:PrincipalArn", get("Made", "Arn"))),
        denies(ArnNotLike=("aws:PrincipalArn", {"Ref": "Open"})),
        denies(ArnNotLike=("aws:PrincipalArn", "arn:aws:iam::*:user/rescue")),
        denies(ArnNotLike=("aws:PrincipalArn", ["arn:aws:iam::*:user/*", f"{ROLE}Rescue"])),
        denies(StringEquals=("aws:PrincipalType", "User")),
        denies(StringNotEquals=("aws:PrincipalType", "AssumedRole")),
        denies(StringLike=("aws:userid", "*:rescue")),
        denies(StringNotLike=("aws:userid", "AROAEXAMPLE:*")),
        denies(Null=("aws:TokenIssueTime", "true")),
        denies(DateLessThan=("aws:TokenIssueTime", "2026-12-01T00:00:00Z")),  # who signed in before has to do so again
        denies(Null=("identitystore:UserId", "false")),  # which some applications' sessions have
        denies(StringNotEquals=("aws:PrincipalArn", f"{ROLE}Rescue")),  # which PolicyWildcard finds
        denies(ArnLike=("aws:PrincipalArn", "arn:aws:iam::*:root")),
        denies(ArnLike=("aws:PrincipalArn", f"{ROLE}Quarantined")),
        denies(StringNotEquals=("aws:PrincipalOrgID", "o-abcde12345")),
        denies(StringEquals=("aws:PrincipalOrgID", "o-abcde12345")),
        denies(StringNotEquals=("aws:PrincipalOrgID", OURS)),
        denies(StringNotEquals=("aws:PrincipalOrgID", [OURS, "o-abcde12345"])),
        denies(StringNotEquals=("aws:PrincipalOrgID", {"Ref": "Open"})),
        denies(StringNotLike=("aws:PrincipalOrgID", "o-*")),
        denies(StringNotEquals=("aws:PrincipalAccount", "111122223333")),
        denies(StringNotEquals=("aws:PrincipalAccount", [MANAGEMENT, "444455556666"])),
        denies(StringNotEquals=("aws:PrincipalAccount", get("Dev", "AccountId"))),
        denies(StringEquals=("aws:PrincipalAccount", MANAGEMENT)),
        denies(StringEquals=("aws:ResourceOrgID", OURS)),  # whose resource it is, service control policies do not say
        denies(StringNotEquals=("aws:RequestedRegion", ["eu-central-1", "eu-wets-1"])),
        denies(StringNotLike=("aws:RequestedRegion", "eu-*")),
        denies(StringEquals=("aws:RequestedRegion", "eu-central-1")),
        denies(StringNotEqualsIfExists=("aws:SourceVpc", ["<my-vpc>", "vpc-0123456789abcdef0"])),
        denies(StringLike=("aws:PrincipalTag/team", "*")),  # who has no such tag is excepted
        denies(StringNotEquals=("aws:PrincipalTag/team", "admins")),
        denies(StringNotEquals=("aws:PrincipalTag/team", "${aws:ResourceTag/team}")),
        denies(Bool=("aws:SecureTransport", "false")),
        denies(Bool=("aws:ViaAWSService", "true")),
        denies(Bool=("aws:MultiFactorAuthPresent", ["true", "false"])),
        denies(BoolIfExists=("aws:MultiFactorAuthPresent", "false")),
        denies(IpAddress=("aws:SourceIp", "203.0.113.0/24")),
        denies(IpAddress=("aws:SourceIp", "0.0.0.0/1")),
        denies(NotIpAddress=("aws:SourceIp", "203.0.113.7")),
        denies(NotIpAddress=("aws:SourceIp", ["10.0.0.0/8", "203.0.113.0/24"])),
        denies(NotIpAddress=("aws:SourceIp", "0.0.0.0/0")),
        denies(NotIpAddressIfExists=("aws:SourceIp", "10.0.0.0/8"), StringNotEquals=("aws:SourceVpc", "vpc-0123abcd")),
        denies(DateLessThan=("aws:CurrentTime", "2099-01-01T00:00:00Z")),
        denies(DateGreaterThan=("aws:CurrentTime", "2099-01-01T00:00:00Z")),
        denies(DateNotEquals=("aws:CurrentTime", "2099-01-01T00:00:00Z")),
        denies(DateGreaterThan=("aws:CurrentTime", "2026-01-01"), DateLessThan=("aws:CurrentTime", "2026-02-01")),
        denies(NumericGreaterThan=("aws:MultiFactorAuthAge", "3600")),
        denies(NumericGreaterThanIfExists=("aws:MultiFactorAuthAge", "0")),
        denies(Null=("aws:MultiFactorAuthAge", "true")),
        denies(Null=("aws:PrincipalArn", "true")),
        denies(NoOperator=("aws:PrincipalArn", "*")),
        denies(on=BUCKET, StringLike=("aws:PrincipalArn", "*")),
        deny("s3:*", Condition={"StringLike": {"aws:PrincipalArn": "*"}}),
        deny("*", Condition={"StringNotEquals": {f"aws:PrincipalTag/{name}": "x" for name in "abcdefghijklmnop"}}),
        allow("*", Condition={"StringLike": {"aws:PrincipalArn": "*"}}),
    ],
    ids=str,
)
def test_accepts_a_denial_of_everything_that_excepts_somebody(statement: Statement) -> None:
    assert found("PolicyAllowsNothing", statement) == []


@pytest.mark.parametrize("id_", ["o-abcde12345", "o-zzzzz99999"])
def test_knows_the_organization_that_the_app_names(id_: str) -> None:
    other = denies(StringNotEquals=("aws:PrincipalOrgID", "o-abcde12345"))
    same = denies(StringEquals=("aws:PrincipalOrgID", "o-abcde12345"))
    is_ours = id_ == "o-abcde12345"
    assert bool(found("PolicyAllowsNothing", same, organization_id=id_)) is is_ours
    assert bool(found("PolicyAllowsNothing", other, organization_id=id_)) is not is_ours


@pytest.mark.parametrize(("account_id", "findings"), [("111122223333", 1), ("444455556666", 0), (None, 0)])
def test_knows_the_management_account_of_the_stack(account_id: str | None, findings: int) -> None:
    statement = denies(StringNotEquals=("aws:PrincipalAccount", "111122223333"))
    body = {"Resources": {"Organization": resource("Organizations::Organization"), "It": control_policy(statement)}}
    given = Templates([Template(path="A.json", body=body, stack="A", account=account_id)])
    assert len(list(BY_ID["PolicyAllowsNothing"].find(given))) == findings


@pytest.mark.parametrize(
    ("statements", "together"),
    [
        ([deny("s3:*"), all_but("s3:*")], [0, 1]),
        ([deny("s3:*", "iam:*"), deny("ec2:*"), all_but("iam:*", "s3:Get*")], [0, 2]),
        ([all_but("s3:*"), all_but("ec2:*")], [0, 1]),
        ([all_but("s3:GetObject"), deny("s3:GetObj*")], [0, 1]),
        ([all_but("*:Get*"), deny("*:Get*")], [0, 1]),
        ([all_except("arn:aws:s3:::a*"), all_except("arn:aws:s3:::b*")], [0, 1]),
        ([all_except("arn:aws:s3:::a*"), all_except("arn:aws:s3:::b")], [0, 1]),
        ([all_but("s3:Get*", "iam:*"), deny("s3:*"), deny("iam:*")], [0, 1, 2]),
        ([all_except(BUCKET), deny("*", on=BUCKET)], [0, 1]),
        ([all_except(BUCKET), deny("*", on="arn:aws:s3:::acme-*")], [0, 1]),
        ([all_except(BUCKET), deny("s3:*", on=BUCKET), all_but("s3:*")], [0, 1, 2]),
        ([all_but("s3:*"), all_except(BUCKET), deny("s3:*", on=BUCKET)], [0, 1, 2]),
        (
            [
                denies(Bool=("aws:MultiFactorAuthPresent", "true")),
                denies(BoolIfExists=("aws:MultiFactorAuthPresent", "false")),
            ],
            [0, 1],
        ),
        (
            [
                denies(StringEquals=("aws:RequestedRegion", "eu-west-1")),
                denies(StringNotEquals=("aws:RequestedRegion", "eu-west-1")),
            ],
            [0, 1],
        ),
        (
            [
                denies(DateLessThan=("aws:CurrentTime", "2099-01-01T00:00:00Z")),
                denies(DateGreaterThanEquals=("aws:CurrentTime", "2099-01-01T00:00:00Z")),
            ],
            [0, 1],
        ),
        ([denies(IpAddress=("aws:SourceIp", "0.0.0.0/1")), denies(IpAddress=("aws:SourceIp", "128.0.0.0/1"))], [0, 1]),
        ([all_but("s3:*", Condition={"StringLike": {"aws:PrincipalArn": "*"}}), deny("s3:*")], [0, 1]),
    ],
    ids=str,
)
def test_finds_statements_that_deny_everything_together(statements: list[Statement], together: list[int]) -> None:
    locations = "+".join(f"Properties.Content.Statement.{index}" for index in together)
    assert found("PolicyAllowsNothing", *statements) == [f"{locations}: Its statements do so together."]


@pytest.mark.parametrize(
    "statements",
    [
        [deny("s3:Get*"), all_but("s3:*")],
        [deny("s3:*"), all_but("s3:*", "iam:*")],
        [all_but("s3:Get*"), all_but("s3:*Object")],  # which leave s3:GetObject
        [all_but("s3:*"), all_but("*")],
        [all_but("*:Get*"), all_but("s3:*")],
        [all_but("*:Get*"), deny("s3:*")],
        [all_except("arn:aws:s3:::a*"), all_except("arn:aws:s3:::*b")],
        [all_except("arn:aws:s3:::a*"), all_except("arn:aws:s3:::ab")],
        [deny("s3:*", on=BUCKET), all_but("s3:*")],
        [all_except(BUCKET), deny("s3:GetObject", on=BUCKET)],
        [all_except(BUCKET), deny("*", on="arn:aws:s3:::acme-logs/2026")],
        [all_but("s3:*"), all_except(BUCKET)],
        [all_but({"Ref": "Open"}), deny("s3:*")],  # type: ignore[arg-type]
        [deny("s3:*"), all_but("s3:*", Condition={"ArnNotLike": {"aws:PrincipalArn": f"{ROLE}Rescue"}})],
        [denies(Bool=("aws:MultiFactorAuthPresent", "true")), denies(Bool=("aws:MultiFactorAuthPresent", "false"))],
        [
            denies(StringEquals=("aws:RequestedRegion", "eu-west-1")),
            denies(StringNotLike=("aws:RequestedRegion", "eu-*")),
        ],
    ],
    ids=str,
)
def test_accepts_statements_that_leave_something(statements: list[Statement]) -> None:
    assert found("PolicyAllowsNothing", *statements) == []


@pytest.mark.parametrize(
    ("statements", "services"),
    [
        ([deny("s3:*")], "Nobody can use s3 any more."),
        ([deny("sts:AssumeRole")], "Nobody can use sts:AssumeRole any more."),
        ([deny("sts:Assume*")], "Nobody can use sts:AssumeRole any more."),
        ([deny("sts:*")], "Nobody can use sts any more."),
        ([deny("s3:*", Condition={"StringEquals": {"aws:ResourceOrgID": OURS}})], "Nobody can use s3 any more."),
        ([deny("s3:*", "sqs:Get*", "kms:*")], "Nobody can use kms, s3 any more."),
        ([deny("s3:*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "<my-org-id>"}})], "Nobody can use s3"),
        ([deny("*", Condition={"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}})], "Nobody is excepted by"),
        (
            [
                deny("s3:*", "kms:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
                deny("s3:*", "sqs:*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
            ],
            "Nobody can use s3 any more. Its statements do so together.",
        ),
    ],
    ids=str,
)
def test_resource_control_policies_shut_service_by_service(statements: list[Statement], services: str) -> None:
    [says] = found("PolicyAllowsNothing", *statements, kind=RCP)
    assert f": {services}" in says
    assert ("Nobody can use" in says) is (statements[0]["Action"] != ["*"])


@pytest.mark.parametrize(
    "statement",
    [
        deny("s3:Get*"),
        deny("s3:*", on=BUCKET),
        deny("s3:*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": OURS}}),
        deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        {"Effect": "Deny", "Action": "s3:*", "NotResource": BUCKET},
        deny("s3:*", Condition={"StringNotEquals": {"aws:ResourceOrgID": OURS}}),
        deny("s3:*", Condition={"StringNotEquals": {"aws:PrincipalAccount": MANAGEMENT}}),
        deny("sts:AssumeRole", on=f"{ROLE}app-*"),
        deny("sts:AssumeRole", Condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": OURS}}),
        deny("sts:AssumeRoleWithWebIdentity"),
        deny("sso:*"),  # to which they do not apply
    ],
    ids=str,
)
def test_accepts_resource_control_policies_that_leave_something(statement: Statement) -> None:
    assert "sso" not in RESOURCE_CONTROL_SERVICES
    assert found("PolicyAllowsNothing", statement, kind=RCP) == []


REGIONS = ["cn-north-1", "eu-west-1"]
IN_CHINA = ROLE.replace("arn:aws:", "arn:aws-cn:")


@pytest.mark.parametrize(
    ("statements", "kind", "regions"),
    [
        ([deny("*", on="arn:aws-cn:*")], SCP, [None, "cn-north-1"]),
        ([deny("*", on="arn:aws:*")], SCP, [None, "eu-west-1"]),
        ([deny("*", on="arn:*:*")], SCP, [None, *REGIONS]),
        ([deny("*", on={"Fn::Sub": "arn:${AWS::Partition}:*"})], SCP, [None, *REGIONS]),
        ([deny("s3:*", on=["arn:aws-cn:*"])], RCP, [None, "cn-north-1"]),
        ([all_except("arn:aws-cn:s3:::acme/*")], SCP, ["eu-west-1"]),
        ([all_except("arn:aws:s3:::acme/*")], SCP, ["cn-north-1"]),
        ([denies(ArnNotLike=("aws:PrincipalArn", f"{IN_CHINA}Rescue"))], SCP, ["eu-west-1"]),
        ([denies(ArnNotLike=("aws:PrincipalArn", f"{ROLE}Rescue"))], SCP, ["cn-north-1"]),
        ([denies(ArnLike=("aws:PrincipalArn", "arn:aws-cn:iam::*:*"))], SCP, ["cn-north-1"]),
        ([denies(ArnNotLike=("aws:PrincipalArn", "arn:*:iam::*:role/Rescue"))], SCP, []),
        ([denies(ArnNotLike=("aws:PrincipalArn", {"Fn::Sub": "arn:${AWS::Partition}:iam::*:role/Rescue"}))], SCP, []),
    ],
    ids=str,
)
def test_a_region_decides_which_partition_control_policies_are_in(
    statements: list[Statement], kind: str, regions: list[str | None]
) -> None:
    it = {"It": control_policy(*statements, kind=kind)}
    rule = BY_ID["PolicyAllowsNothing"]
    assert [each for each in (None, *REGIONS) if list(rule.find(read(it, region=each)))] == regions


def test_finds_principals_of_another_partition() -> None:
    it = {"It": control_policy(deny("s3:*", Condition={"ArnNotLike": {"aws:PrincipalArn": f"{IN_CHINA}Rescue"}}))}
    rule = BY_ID["PolicyPrincipal"]
    assert list(rule.find(read(it))) == list(rule.find(read(it, region="cn-north-1"))) == []
    [finding] = rule.find(read(it, region="eu-west-1"))
    assert finding.detail == f"ArnNotLike has {IN_CHINA}Rescue (write {ROLE}Rescue)."


# Policies at several levels

ORGANIZED: Resources = {
    "Unit": resource("Organizations::OrganizationalUnit", Name="unit", ParentId=ROOT),
    "Dev": account("dev", ParentIds=[UNIT]),
    "Other": account("other"),
    "Admin": permission_set("Admin"),
    "Reader": permission_set("Reader"),
    "Group": group("Group"),
    "Administering": assignment("Admin", get("Group", "GroupId"), DEV),
    "Reading": assignment("Reader", get("Group", "GroupId"), DEV),
}


def placed(rule: str = "PolicyAllowsNothing", /, **policies: tuple[Any, list[Statement]]) -> list[tuple[str, str]]:
    resources = dict(ORGANIZED)
    for name, (target, statements) in policies.items():
        resources[name] = control_policy(*statements, TargetIds=[target])
        resources[name]["Properties"]["Name"] = name
    return [(each.construct, each.detail) for each in BY_ID[rule].find(read(resources))]


def test_finds_policies_that_deny_everything_together_in_an_account() -> None:
    of_root, of_unit = (ROOT, [all_but("s3:*", "iam:*")]), (UNIT, [deny("s3:*"), deny("ec2:*")])
    assert placed(Root=of_root, Unit1=of_unit) == []
    assert placed(Root=of_root, Unit1=of_unit, It=(DEV, [deny("iam:*")])) == [
        ("It", "It does so together with Root, Unit1.")
    ]
    assert placed(Root=of_root, Beside=(get("Other", "AccountId"), [deny("iam:*")]), Unit1=of_unit) == []


def test_says_it_once_and_of_those_alone_that_are_needed() -> None:
    two = {"Root": (ROOT, [all_but("s3:*")]), "Unit1": (UNIT, [deny("s3:*")]), "More": (DEV, [deny("ec2:*")])}
    assert placed(**two) == [("Unit1", "It does so together with Root.")]
    assert placed(Alone=(DEV, [deny("*")]), **two) == [("Alone", ""), ("Unit1", "It does so together with Root.")]


def test_service_and_resource_control_policies_do_not_add_up() -> None:
    resources = ORGANIZED | {
        "Scp": control_policy(all_but("s3:*"), TargetIds=[ROOT]),
        "Rcp": control_policy(deny("s3:Get*"), kind=RCP, TargetIds=[ROOT]),
    }
    assert list(BY_ID["PolicyAllowsNothing"].find(read(resources))) == []


def test_finds_that_people_are_denied_what_they_were_to_be_excepted_from() -> None:
    likes = denies(ArnLike=("aws:PrincipalArn", ADMIN))
    assert placed(It=(UNIT, [likes])) == [
        ("It", "It does so to people with Admin, whom it names: ArnNotLike would except them.")
    ]
    assert placed(It=(UNIT, [denies(StringLike=("aws:PrincipalArn", "*AWSReservedSSO_*"))])) == [
        ("It", "It does so to people with Admin, Reader, whom it names: ArnNotLike would except them.")
    ]


@pytest.mark.parametrize(
    ("target", "statement"),
    [
        (UNIT, denies(ArnNotLike=("aws:PrincipalArn", ADMIN))),
        (UNIT, denies(ArnNotLike=("aws:PrincipalArn", f"{ROLE}Rescue"))),
        (UNIT, denies(ArnLike=("aws:PrincipalArn", f"{ROLE}*AWSReservedSSO_Contractor_*"))),
        (UNIT, deny("iam:*", Condition={"ArnLike": {"aws:PrincipalArn": ADMIN}})),
        (get("Other", "AccountId"), denies(ArnLike=("aws:PrincipalArn", ADMIN))),
        (get("Organization", "ManagementAccountId"), denies(ArnLike=("aws:PrincipalArn", ADMIN))),
        (UNIT, denies(ArnLike=("aws:PrincipalArn", ADMIN.replace("/*/", "/us-east-2/")))),
    ],
    ids=str,
)
def test_accepts_that_others_are_denied_everything(target: Any, statement: Statement) -> None:
    assert placed(It=(target, [statement])) == []


# Little

GLOBAL = ("cloudfront:*", "iam:*", "organizations:*", "route53:*", "sts:*", "support:*")


def outside(*regions: str) -> dict[str, Any]:
    return {"Condition": {"StringNotEquals": {"aws:RequestedRegion": list(regions)}}}


@pytest.mark.parametrize(
    ("statements", "left"),
    [
        ([all_but("s3:*")], "s3:*"),
        ([all_but("iam:*", "sts:*", "s3:Get*", "s3:List*", "support:*")], "iam:*, s3:get*, s3:list*, sts:*, support:*"),
        ([all_except(BUCKET)], BUCKET),
        ([all_but("iam:*", "s3:*"), deny("iam:*")], "s3:*"),
        ([all_but("s3:*", Condition={"StringLike": {"aws:PrincipalArn": "*"}})], "s3:*"),
        ([all_but("s3:*"), all_except(BUCKET)], f"s3:* on {BUCKET}"),
        ([all_but("s3:*", **outside("eu-west-1")), all_but("s3:*", "iam:*", **outside("eu-north-1"))], "iam:*, s3:*"),
        (
            [all_but(*GLOBAL, **outside("eu-west-1")), all_but(*GLOBAL, **outside("eu-north-1")), deny("ec2:*")],
            "cloudfront:*, iam:*, organizations:*, route53:*, sts:* and 1 more",
        ),
    ],
    ids=str,
)
def test_finds_that_little_is_left(statements: list[Statement], left: str) -> None:
    [says] = found("PolicyAllowsLittle", *statements)
    assert says.endswith(f": It leaves {left}.")


@pytest.mark.parametrize(
    "statements",
    [
        [all_but("s3:*", "iam:*", "sts:*", "ec2:*", "kms:*", "logs:*")],
        [all_but("s3:*", Condition={"ArnNotLike": {"aws:PrincipalArn": f"{ROLE}Rescue"}})],
        [all_but("s3:*", **outside("eu-west-1"))],
        [all_but("s3:*", **outside("eu-west-1", "eu-north-1")), all_but("s3:*", **outside("eu-north-1"))],
        [all_but("s3:*", **outside("eu-west-1")), deny("ec2:*", **outside("eu-north-1"))],
        [all_but("s3:*") | {"Resource": BUCKET}],
        [{"Effect": "Deny", "Action": "s3:*", "NotResource": BUCKET}],
        [all_but({"Ref": "Open"})],  # type: ignore[arg-type]
        [deny("*")],
        [deny("s3:*"), all_but("s3:*")],
        [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}],
    ],
    ids=str,
)
def test_accepts_that_more_is_left_or_nothing(statements: list[Statement]) -> None:
    assert found("PolicyAllowsLittle", *statements) == []


WEST, NORTH = (all_but(*GLOBAL, **outside(each)) for each in ("eu-west-1", "eu-north-1"))


def test_finds_policies_that_leave_little_together_in_an_account() -> None:
    both = {"Root": (ROOT, [WEST]), "Unit1": (UNIT, [deny("ec2:*"), NORTH]), "More": (DEV, [deny("s3:*")])}
    left = "cloudfront:*, iam:*, organizations:*, route53:*, sts:* and 1 more"
    assert placed("PolicyAllowsLittle", **both) == [("Unit1", f"It leaves {left} together with Root.")]
    assert placed(**both) == []
    of_unit = {"Root": (ROOT, [all_but("s3:*", **outside("eu-west-1"))]), "It": (UNIT, [NORTH, deny("s3:*")])}
    assert placed("PolicyAllowsLittle", **of_unit)[0][0] == "It"


@pytest.mark.parametrize(
    "policies",
    [
        {"Root": (ROOT, [WEST]), "It": (UNIT, [WEST])},
        {"Root": (ROOT, [all_but(*GLOBAL, **outside("eu-west-1", "eu-north-1"))]), "It": (UNIT, [NORTH])},
        {"Beside": (get("Other", "AccountId"), [WEST]), "It": (UNIT, [NORTH])},
        {"Root": (ROOT, [WEST]), "It": (get("Organization", "ManagementAccountId"), [NORTH])},
        {"Root": (ROOT, [WEST]), "It": (UNIT, [deny("ec2:*", **outside("eu-north-1"))])},
        {"Root": (ROOT, [WEST]), "It": (UNIT, [all_but(*GLOBAL)])},
        {
            "Root": (ROOT, [WEST]),
            "It": (UNIT, [all_but(*GLOBAL, Condition={"ArnNotLike": {"aws:PrincipalArn": f"{ROLE}Rescue"}})]),
        },
    ],
    ids=str,
)
def test_accepts_policies_that_leave_a_region_or_are_not_over_the_same(policies: dict[str, Any]) -> None:
    assert placed("PolicyAllowsLittle", **policies) == []


TIME = "aws:CurrentTime"
LATER = "2099-01-01T00:00:00Z"
BETWEEN = {"DateGreaterThan": {TIME: "2098-01-01"}, "DateLessThan": {TIME: LATER}}


@pytest.mark.parametrize(
    ("statement", "kind", "says"),
    [
        (denies(DateLessThan=(TIME, LATER)), SCP, f"It denies everything until {LATER}."),
        (denies(DateGreaterThanEquals=(TIME, LATER)), SCP, f"It denies everything from {LATER}."),
        (denies(NumericLessThan=("aws:EpochTime", 4070908800)), SCP, "It denies everything until 4070908800."),
        (denies(DateGreaterThan=(TIME, LATER)), SCP, f"It denies everything from {LATER}."),
        (deny("*", Condition=BETWEEN), SCP, f"It denies everything from 2098-01-01 until {LATER}."),
        (
            denies(DateLessThan=(TIME, LATER), NumericGreaterThan=("aws:EpochTime", 4039372800)),
            SCP,
            f"It denies everything from 4039372800 until {LATER}.",
        ),
        (
            denies(DateLessThan=(TIME, LATER), Bool=("aws:SecureTransport", "true")),
            SCP,
            f"It denies everything until {LATER}.",
        ),
        (all_but("iam:*", Condition={"DateLessThan": {TIME: LATER}}), SCP, f"It leaves iam:* until {LATER}."),
        (denies(DateLessThan=(TIME, LATER)), RCP, f"It denies everything until {LATER}."),
        (deny("s3:*", Condition={"DateLessThan": {TIME: LATER}}), RCP, f"Nobody can use s3 until {LATER}."),
    ],
    ids=str,
)
def test_finds_what_denies_everything_for_a_time(statement: Statement, kind: str, says: str) -> None:
    assert found("PolicyAllowsNothing", statement, kind=kind) == []
    assert found("PolicyAllowsLittle", statement, kind=kind) == [f"Properties.Content.Statement.0: {says}"]


@pytest.mark.parametrize(
    "statement",
    [
        denies(DateLessThan=(TIME, "2020-01-01")),  # which is past
        denies(DateGreaterThan=(TIME, "2020-01-01")),  # which PolicyAllowsNothing finds
        denies(DateEquals=(TIME, LATER)),
        denies(DateLessThan=(TIME, {"Ref": "Open"})),
        denies(DateLessThan=("aws:TokenIssueTime", LATER)),
        denies(DateLessThan=(TIME, LATER), ArnNotLike=("aws:PrincipalArn", f"{ROLE}Rescue")),
        denies(on=BUCKET, DateLessThan=(TIME, LATER)),
        deny("ec2:*", Condition={"DateLessThan": {TIME: LATER}}),
        all_but(*GLOBAL, Condition={"DateLessThan": {TIME: LATER}}),
        allow("*", Condition={"DateLessThan": {TIME: LATER}}),
    ],
    ids=str,
)
def test_accepts_dates_that_leave_something_or_decide_it_for_good(statement: Statement) -> None:
    assert found("PolicyAllowsLittle", statement) == []


def test_resource_control_policies_leave_whatever_they_do_not_name() -> None:
    assert found("PolicyAllowsLittle", all_but("s3:*"), kind=RCP) == []


@pytest.mark.parametrize("rule", ["PolicyAllowsNothing", "PolicyAllowsLittle"])
def test_finds_nothing_in_the_guardrails(rule: str) -> None:
    for contents, kind in ((SERVICE_CONTROL, SCP), (RESOURCE_CONTROL, RCP)):
        for name, content in contents.items():
            assert found(rule, *content["Statement"], kind=kind) == [], name
