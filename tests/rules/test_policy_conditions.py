"""What is asked for in conditions and is of nobody, nowhere or nothing: a table on either side of each rule."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checked_templates import Resources, allow, control_policy, deny, document, permission_set, resource
from cloud_assembly import get
from org_constructs import guardrails
from org_constructs.aws.regions import regions
from org_constructs.rules import RULES
from org_constructs.templates.metadata import METADATA_KEY
from org_constructs.templates.resources import Template, Templates

BY_ID = {rule.id.removeprefix("OrgBaseline-"): rule for rule in RULES}
AT = "Properties.Content.Statement.0"
OPEN = {"Ref": "Open"}


def read(resources: Resources) -> Templates:
    body = {
        "Parameters": {"Open": {"Type": "String"}, "Region": {"Type": "String", "Default": "eu-centrl-1"}},
        "Mappings": {"Regions": {"eu": {"All": ["eu-central-1", "eu-wets-1"]}}},
        "Resources": {
            "Made": resource("IAM::Role"),
            "People": resource("IdentityStore::Group"),
            "Readers": resource("SSO::PermissionSet"),
            "Org": resource("Organizations::Organization"),
            "Dev": resource("Organizations::Account"),
            "Unit": resource("Organizations::OrganizationalUnit"),
            **resources,
        },
    }
    return Templates([Template(path="A.json", body=body, stack="A")])


def found(rule: str, resources: Resources) -> list[tuple[tuple[str, ...], str]]:
    return [(each.locations, each.detail) for each in BY_ID[rule].find(read(resources))]


def asked(operator: str, key: str, values: Any) -> Resources:
    """Return a service control policy with a condition."""
    return {"It": control_policy(deny("s3:*", Condition={operator: {key: values}}))}


KEYS = [
    (("ArnNotLike", "aws:PrincipleArn", "arn:aws:iam::*:role/Admin"), "aws:PrincipleArn (is it aws:PrincipalArn?)"),
    (("StringEquals", "aws:RequestRegion", "eu-west-1"), "is it aws:RequestedRegion?"),
    (("StringNotEquals", "aws:PrincipalTag", "x"), "is it aws:PrincipalTag/${TagKey}?"),
    (("StringEquals", "aws:PrincipalTag/", "x"), "is it aws:PrincipalTag/${TagKey}?"),
    (("StringEquals", "PrincipalArn", "x"), "is it aws:PrincipalArn?"),
    (("StringEquals", "aw:PrincipalArn", "x"), "is it aws:PrincipalArn?"),
    (("Bool", "aws:MfaPresent", "true"), "aws:MfaPresent on "),
    (("StringEquals", "ec2:InstanceTypes", "t3.micro"), "is it ec2:InstanceType?"),
    (("StringEquals", "iam:PassToService", "x"), "is it iam:PassedToService?"),
    (("StringEquals", "ec2:Instance Type", "x"), "is it ec2:InstanceType?"),
    (("StringEquals", "kms:EncryptionContext", "x"), "kms:EncryptionContext"),
    (("StringEquals", "acme:Team", "x"), "AWS had no condition key acme:Team on 2"),
    (("StringEquals", "githubusercontent:sub", "x"), "githubusercontent:sub"),
    (("ForAnyValue:StringEquals", "aws:TagKey", "x"), "is it aws:TagKeys?"),
]


@pytest.mark.parametrize(("condition", "detail"), KEYS, ids=str)
def test_finds_a_condition_key_that_no_request_has(condition: tuple[str, str, Any], detail: str) -> None:
    [(locations, says)] = found("PolicyConditionKey", asked(*condition))
    assert locations == (AT,)
    assert detail in says


@pytest.mark.parametrize(
    "key",
    [
        "aws:PrincipalArn",
        "AWS:principalarn",
        "aws:PrincipalTag/team",
        "aws:RequestTag/a/b c:d",
        "aws:SourceVpcArn",
        "aws:ViaAWSMCPService",
        "ec2:InstanceType",
        "ec2:SourceInstanceARN",
        "kms:EncryptionContext:aws:s3:arn",
        "s3:ExistingObjectTag/owner",
        "s3:x-amz-acl",
        "codebuild:secondarySources/main.location",
        "identitystore:UserId",
        "saml:aud",
        "token.actions.githubusercontent.com:sub",
        "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:sub",
        "accounts.google.com:oaud",
        "cognito-identity.amazonaws.com:amr",
    ],
)
def test_knows_the_keys_of_services_tags_and_identity_providers(key: str) -> None:
    assert found("PolicyConditionKey", asked("StringEquals", key, "x")) == []


def test_a_key_that_the_template_puts_together_may_be_any() -> None:
    condition = {"StringEquals": {"${Open}:sub": "x", "aws:Princ": "x"}}
    policy = control_policy()
    policy["Properties"]["Content"] = {"Fn::Sub": json.dumps(document(deny("s3:*", Condition=condition)))}
    [(_, says)] = found("PolicyConditionKey", {"It": policy})
    assert "aws:Princ" in says


@pytest.mark.parametrize(
    ("operator", "effect"),
    [
        ("StringEquals", "never"),
        ("ArnLike", "never"),
        ("Bool", "never"),
        ("ForAnyValue:StringNotEquals", "never"),
        ("StringNotEquals", "always"),
        ("ArnNotLike", "always"),
        ("NotIpAddress", "always"),
        ("StringEqualsIfExists", "always"),
        ("ForAllValues:StringEquals", "always"),
    ],
)
def test_says_whether_a_condition_on_no_key_holds(operator: str, effect: str) -> None:
    [(_, says)] = found("PolicyConditionKey", asked(operator, "aws:PrincipleArn", "x"))
    assert says.endswith(f"Without it the condition {effect} holds.")


def test_reads_conditions_of_every_policy_in_iams_language() -> None:
    condition = {"StringEquals": {"aws:PrincipleArn": "x"}}
    resources = {
        "Inline": permission_set("It", InlinePolicy=document(allow("s3:*", Condition=condition))),
        "Resource": resource("Organizations::ResourcePolicy", Content=document(allow("s3:*", Condition=condition))),
        "Rcp": control_policy(deny("s3:*", Condition=condition), kind="RESOURCE_CONTROL_POLICY"),
        "Tags": control_policy(deny("s3:*", Condition=condition), kind="TAG_POLICY"),
    }
    finding = BY_ID["PolicyConditionKey"].find(read(resources))
    assert sorted(each.construct for each in finding) == ["Inline", "Rcp", "Resource"]


def test_suggests_words_for_the_first_ones_alone() -> None:
    conditions = [{"StringEquals": {f"aws:PrincipalAr{index}": "x"}} for index in range(80)]
    statements = [deny("s3:*", Condition=each) for each in conditions]
    says = [detail for _, detail in found("PolicyConditionKey", {"It": control_policy(*statements)})]
    assert [sum("is it" in each for each in says), len(says)] == [50, 80]


# Regions

NOWHERE = [
    ("StringNotEquals", "eu-centrl-1", "eu-centrl-1 (is it eu-central-1?)"),
    ("StringNotEquals", ["eu-central-1", "us-eastt-1"], "us-eastt-1 (is it us-east-1?)"),
    ("StringEquals", "EU-CENTRAL-1", "EU-CENTRAL-1 (is it eu-central-1?)"),
    ("StringNotEqualsIfExists", "eu-central", "eu-central (is it eu-central-"),
    ("StringNotLike", "eu-centrl-*", "eu-centrl-*"),
    ("StringNotLike", "europe-*", "europe-*"),
    ("StringNotEqualsIgnoreCase", "EU-CENTRL-1", "is it eu-central-1?"),
    ("ForAllValues:StringEquals", "Frankfurt", "Frankfurt"),
    ("StringNotEquals", "eu-central-1a", "is it eu-central-1?"),
    ("StringNotEquals", "eu_west_1", "eu_west_1"),
    ("StringNotEquals", "", "AWS has no region"),
    ("StringNotEquals", {"Ref": "Region"}, "eu-centrl-1 (is it eu-central-1?)"),
    ("StringNotEquals", {"Fn::FindInMap": ["Regions", "eu", "All"]}, "eu-wets-1 (is it eu-west-1?)"),
]


@pytest.mark.parametrize(("operator", "values", "detail"), NOWHERE, ids=str)
def test_finds_a_region_that_does_not_exist(operator: str, values: Any, detail: str) -> None:
    [(locations, says)] = found("PolicyRegion", asked(operator, "aws:requestedRegion", values))
    assert locations == (AT,)
    assert detail in says


@pytest.mark.parametrize(
    ("operator", "values"),
    [
        ("StringNotEquals", "eu-central-1"),
        ("StringNotEquals", sorted(regions())),
        ("StringNotEquals", "eu-west-9"),  # as a newer one would be called
        ("StringNotEqualsIgnoreCase", "EU-CENTRAL-1"),
        ("StringNotLike", "eu-*"),
        ("StringNotLike", "*"),
        ("StringNotLike", "us-east-?"),
        ("StringNotEquals", "eu-*"),  # which PolicyWildcard finds
        ("StringNotEquals", "${aws:PrincipalTag/region}"),
        ("StringNotEquals", OPEN),
        ("StringNotEquals", {"Ref": "AWS::Region"}),
        ("StringNotEquals", {"Fn::Sub": "eu-${Open}-1"}),
        ("StringNotEquals", ["eu-central-1", OPEN]),
        ("StringNotEquals", []),
    ],
    ids=str,
)
def test_knows_regions_and_what_may_be_one(operator: str, values: Any) -> None:
    assert found("PolicyRegion", asked(operator, "aws:RequestedRegion", values)) == []


@pytest.mark.parametrize(
    ("element", "arn", "detail"),
    [
        ("Resource", "arn:aws:ec2:eu-centra-1:*:instance/*", "eu-centra-1 (is it eu-central-1?)"),
        ("Resource", ["*", "arn:aws:ec2:EU-WEST-1:*:instance/*"], "EU-WEST-1 (is it eu-west-1?)"),
        ("NotResource", "arn:aws:kms:frankfurt:*:key/*", "frankfurt"),
        ("Resource", "arn:aws:ec2:europe-*:*:instance/*", "europe-*"),
        ("Resource", {"Fn::Sub": "arn:${AWS::Partition}:sqs:eu-wets-1:${Dev.AccountId}:app"}, "is it eu-west-1?"),
        ("Resource", "arn:aws:ec2:eu-west-1:*:instance/*", ""),
        ("Resource", "arn:aws:ec2:eu-west-9:*:instance/*", ""),
        ("Resource", "arn:aws:ec2:eu-*:*:instance/*", ""),
        ("Resource", ["arn:aws:s3:::frankfurt", "arn:aws:iam::*:role/x:y", "arn:aws:s3:*", "arn:aws:s3*"], ""),
        ("Resource", {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${Dev.AccountId}:app"}, ""),
        ("Resource", ["arn:aws:sqs:${aws:RequestedRegion}:*:app", get("Made", "Arn")], ""),
        ("Resource", {"Fn::Sub": "arn:aws:sqs:${Open}:*:app"}, ""),
    ],
    ids=str,
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_reads_the_region_in_the_arn_of_a_resource(element: str, arn: Any, detail: str, effect: str) -> None:
    statement = {"Effect": effect, "Action": "sqs:*", element: arn}
    finding = found("PolicyRegion", {"It": control_policy(statement)})
    assert [detail in says for _, says in finding] == [True] * bool(detail)


def test_a_region_is_one_in_the_key_of_regions_alone() -> None:
    assert found("PolicyRegion", asked("StringEquals", "aws:PrincipalTag/region", "nowhere")) == []


# Principals

ROLE = "arn:aws:iam::*:role/"
RESERVED = f"{ROLE}aws-reserved/sso.amazonaws.com"
NOBODY = [
    ("arn:aws:sts::111122223333:assumed-role/Admin/kim", "(write arn:aws:iam::111122223333:role/Admin)"),
    ("arn:aws:sts::*:assumed-role/Admin/*", "(write arn:aws:iam::*:role/Admin)"),
    ("arn:aws:sts::*:assumed-role/AWSReservedSSO_Admin_*/kim@acme.com", "role/AWSReservedSSO_Admin_*)"),
    (f"{RESERVED}/AWSReservedSSO_Admin", "sso.amazonaws.com*/AWSReservedSSO_Admin_????????????????)"),
    (f"{RESERVED}/*/AWSReservedSSO_Admin", "AWSReservedSSO_Admin_????????????????"),
    (f"{RESERVED}/AWSReservedSSO_Admin_", "AWSReservedSSO_Admin_????????????????"),
    (f"{RESERVED}/AWSReservedSSO_*_Admin", "AWSReservedSSO_*_Admin_????????????????"),
    (f"{RESERVED}/AWSReservedSSO_Admin_0123456789abcde", "has"),
    (f"{ROLE}AWSReservedSSO_Admin_*", "AWSReservedSSO_Admin_????????????????"),
    (f"{ROLE}aws-reserved/AWSReservedSSO_Admin_*", "AWSReservedSSO_Admin_????????????????"),
    (f"{RESERVED}AWSReservedSSO_Admin_*", "AWSReservedSSO_Admin_????????????????"),
    ("Admin", "Admin (write an ARN"),
    ("111122223333", "111122223333 (write an ARN"),
    ({"Fn::Sub": "arn:${AWS::Partition}:sts::${AWS::AccountId}:assumed-role/Admin/kim"}, "role/Admin)"),
    ({"Fn::Join": ["", [f"{RESERVED}/AWSReservedSSO_", "Admin"]]}, "AWSReservedSSO_Admin_"),
    ([f"{ROLE}Other", "arn:aws:sts::*:assumed-role/Admin/*"], "role/Admin)"),
    # What is of another kind, or in another place.
    (get("Readers", "PermissionSetArn"), "${Readers.PermissionSetArn} (write arn:aws:iam::*:role/aws-reserved/"),
    ("arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444", "sso.amazonaws.com*/AWSReservedSSO_"),
    (get("People", "GroupId"), "${People.GroupId} (write an ARN"),
    (get("Dev", "AccountId"), "${Dev.AccountId} (write an ARN"),
    (get("Dev", "Arn"), "${Dev.Arn} (write an ARN"),
    ({"Ref": "Made"}, "${Made} (write an ARN"),
    ("arn:aws:iam::*:group/Admins", "group/Admins (write an ARN"),
    ("arn:aws:iam::111122223333:roles/Admin", "roles/Admin"),
    ("arn:aws:iam::*:users/kim", "users/kim"),
    ("arn:aws:iam::*:instance-profile/Admin", "instance-profile/Admin"),
    ("arn:aws:sts::*:role/Admin", "arn:aws:sts::*:role/Admin"),
    ("arn:aws:iam::*:federated-user/kim", "federated-user/kim"),
    ("arn:aws:iam::*:user", "arn:aws:iam::*:user"),
    ("arn:aws:iam::*:root/Admin", "arn:aws:iam::*:root/Admin"),
    ("arn:aws:iam:eu-central-1:111122223333:role/Admin", "arn:aws:iam:eu-central-1:"),
    ("arn:aws:iam:*:role/Admin", "arn:aws:iam:*:role/Admin"),
    ("arn:aws:iam::11112222333:role/Admin", "arn:aws:iam::11112222333:role"),
    ("arn:aws:iam::1111222233334*:role/Admin", "arn:aws:iam::1111222233334*"),
    ("arn:awss:iam::*:role/Admin", "arn:awss:iam"),
    # Placeholders.
    ("arn:aws:iam::ACCOUNT_ID:role/Admin", "ACCOUNT_ID"),
    ("arn:aws:iam::<account>:role/Admin", "<account>"),
    ("arn:aws:iam::XXXXXXXXXXXX:role/Admin", "XXXXXXXXXXXX"),
    ("arn:aws:iam::${AccountId}:role/Admin", "${AccountId}"),
    (f"{ROLE}<role>", "role/<role>"),
    (f"{ROLE}My Role", "role/My Role"),
    (ROLE, "arn:aws:iam::*:role/ (write"),
    ("", 'has "" (write an ARN'),
]


@pytest.mark.parametrize(("values", "detail"), NOBODY, ids=str)
def test_finds_what_is_nobodys_arn(values: Any, detail: str) -> None:
    [(locations, says)] = found("PolicyPrincipal", asked("ArnNotLike", "aws:PrincipalARN", values))
    assert says.startswith("ArnNotLike has ")
    assert locations == (AT,)
    assert detail in says


@pytest.mark.parametrize(
    "values",
    [
        f"{ROLE}Admin",
        f"{ROLE}*",
        "*",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::*:user/kim",
        "arn:aws:sts::*:federated-user/kim",
        "arn:*:*:*:*:root",
        "arn:aws:iam::*",
        "arn:aws:iam::1111*:role/Admin",
        "arn:aws:iam::????????????:r*",
        "arn:aws:iam::${aws:PrincipalAccount}:role/Admin",
        f"{ROLE}aws:ec2-infrastructure",
        {"Fn::Sub": "arn:aws:iam::${Dev.AccountId}:user/team/kim"},
        f"{RESERVED}/*",
        f"{RESERVED}/AWSReservedSSO_Admin_*",
        f"{RESERVED}/AWSReservedSSO_Admin*",
        f"{RESERVED}/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef",
        f"{RESERVED}/*/AWSReservedSSO_Admin_????????????????",
        f"{RESERVED}*/AWSReservedSSO_*_0123456789abcdef",
        "arn:*:iam::*:role/*/AWSReservedSSO_Admin_*",
        "*AWSReservedSSO_Admin_*",
        "arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/us-gov-west-1/AWSReservedSSO_Admin_*",
        f"{RESERVED}/AWSReservedSSO_" + "${aws:PrincipalTag/set}",
        ["arn:aws:sts::*:assumed-role/Admin/*", f"{ROLE}Admin"],
        ["arn:aws:sts::*:assumed-role/Admin/*", f"{ROLE}path/Adm*"],
        OPEN,
        {"Fn::GetAtt": ["Made", "Arn"]},
        {"Fn::Sub": f"{RESERVED}/AWSReservedSSO_${{Open}}"},
        {"Fn::Sub": "arn:${AWS::Partition}:iam::*:role/Admin"},
    ],
    ids=str,
)
def test_knows_the_arns_of_roles_users_and_permission_sets(values: Any) -> None:
    assert found("PolicyPrincipal", asked("ArnNotLike", "aws:PrincipalArn", values)) == []


@pytest.mark.parametrize(
    ("home", "path", "is_somebodys"),
    [
        ("eu-central-1", "/eu-central-1", True),
        ("eu-central-1", "/*", True),
        ("eu-central-1", "*", True),
        ("eu-central-1", "/eu-west-1", False),
        ("eu-central-1", "", False),
        ("us-east-1", "", True),
        ("us-east-1", "*", True),
        ("us-east-1", "/us-east-1", False),
        ("us-east-1", "/*", False),
        (None, "/eu-west-1", True),
        (None, "", True),
    ],
)
def test_the_path_of_a_permission_sets_role_has_the_region_of_identity_center(
    home: str | None, path: str, *, is_somebodys: bool
) -> None:
    settings = {"Company": "acme"} | ({"IdentityCenterRegion": home} if home else {})
    condition = {"ArnNotLike": {"aws:PrincipalArn": f"{RESERVED}{path}/AWSReservedSSO_Admin_*"}}
    body = {
        "Metadata": {METADATA_KEY: settings},
        "Resources": {"It": control_policy(deny("s3:*", Condition=condition))},
    }
    finding = list(BY_ID["PolicyPrincipal"].find(Templates([Template(path="A.json", body=body, stack="A")])))
    assert (not finding) is is_somebodys


@pytest.mark.parametrize("value", ["arn:aws:iam:*:role/Admin", "arn:*:role/Admin"])
def test_an_asterisk_stands_for_several_parts_of_an_arn_in_a_text_alone(value: str) -> None:
    assert found("PolicyPrincipal", asked("StringNotLike", "aws:PrincipalArn", value)) == []
    assert found("PolicyPrincipal", asked("ArnNotEquals", "aws:PrincipalArn", value))


def test_a_session_may_be_in_other_keys() -> None:
    session = "arn:aws:sts::111122223333:assumed-role/Admin/kim"
    assert found("PolicyPrincipal", asked("ArnNotLike", "aws:SourceArn", session)) == []


# Wildcards


@pytest.mark.parametrize(
    ("operator", "key", "values"),
    [
        ("StringNotEquals", "aws:PrincipalArn", f"{ROLE}Admin"),
        ("StringEquals", "aws:PrincipalArn", "*"),
        ("StringEqualsIgnoreCase", "aws:PrincipalTag/team", "a*"),
        ("StringNotEqualsIgnoreCase", "aws:PrincipalTag/team", "a*"),
        ("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-*"),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "acme:*"),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", ["owner", "acme:*"]),
        ("StringNotEquals", "aws:RequestedRegion", "eu-*"),
        ("IpAddress", "aws:SourceIp", "10.*"),
        ("StringEquals", "iam:PassedToService", {"Fn::Sub": "*.${AWS::URLSuffix}"}),
        ("StringNotEquals", "aws:PrincipalArn", {"Fn::Join": ["", ["arn:aws:iam::", "*", ":role/Admin"]]}),
        ("stringnotequals", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:role/*"),
        ("StringEquals", "aws:PrincipalTag/team", ["a", OPEN, "b*"]),
    ],
    ids=str,
)
def test_finds_a_wildcard_that_is_none(operator: str, key: str, values: Any) -> None:
    [(locations, says)] = found("PolicyWildcard", asked(operator, key, values))
    assert locations == (AT,)
    assert says.startswith(f"{operator} compares {key} with ")


@pytest.mark.parametrize(
    ("operator", "values"),
    [
        ("StringLike", "*"),
        ("StringNotLike", f"{ROLE}Admin"),
        ("StringNotLikeIfExists", "a*"),
        ("ForAnyValue:StringLike", ["a*"]),
        ("ArnLike", f"{ROLE}Admin"),
        ("ArnNotLike", f"{ROLE}Admin"),
        ("ArnEquals", f"{ROLE}Admin"),  # which takes wildcards as ArnLike does
        ("ArnNotEquals", f"{ROLE}Admin"),
        ("StringEquals", "arn:aws:iam::111122223333:role/Admin"),
        ("StringEquals", "${*}"),
        ("StringNotEquals", "${aws:PrincipalTag/a}"),
        ("StringNotEquals", OPEN),
        ("StringNotEquals", {"Fn::GetAtt": ["Made", "Arn"]}),
        ("StringNotEquals", ""),
        ("NoOperator", "*"),
    ],
    ids=str,
)
def test_knows_which_operators_take_wildcards(operator: str, values: Any) -> None:
    assert found("PolicyWildcard", asked(operator, "aws:PrincipalArn", values)) == []


# Values

UNIT = "o-abcde12345/r-ab12/ou-ab12-11112222/"


def compared(operator: str, key: str, values: Any, effect: Any = allow) -> list[str]:
    it = permission_set("It", InlinePolicy=document(effect("s3:*", Condition={operator: {key: values}})))
    return [each.detail for each in BY_ID["PolicyConditionValue"].find(read({"It": it}))]


@pytest.mark.parametrize(
    ("operator", "key", "values", "detail"),
    [
        ("StringEquals", "aws:PrincipalOrgID", "acme", "is never acme, but something like o-abcde12345."),
        ("StringNotEquals", "aws:principalorgid", ["o-abcde12345", "r-ab12"], "aws:principalorgid is never r-ab12,"),
        ("StringNotEqualsIfExists", "aws:ResourceOrgID", "<my-org-id>", "is never <my-org-id>"),
        ("StringNotLike", "aws:SourceOrgID", "O-ABCDE12345", "is never O-ABCDE12345"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "r-ab12/ou-ab12-11112222/", "o-abcde12345/r-ab12/"),
        ("StringNotEquals", "aws:PrincipalOrgID", get("Org", "Arn"), "is never ${Org.Arn}, but something like o-"),
        ("StringNotEquals", "aws:PrincipalOrgID", {"Fn::Sub": "${Org.RootId}"}, "is never ${Org.RootId}, but"),
        ("StringNotEquals", "aws:ResourceOrgID", get("Org", "ManagementAccountId"), "is never ${Org.Management"),
        ("StringNotEquals", "aws:PrincipalOrgID", {"Ref": "Unit"}, "is never ${Unit}, but"),
        ("StringNotEquals", "aws:PrincipalAccount", {"Ref": "Org"}, "is never ${Org}, but something like 1111"),
        ("StringNotEquals", "aws:PrincipalAccount", get("Dev", "Arn"), "is never ${Dev.Arn}, but"),
        ("StringEquals", "aws:PrincipalAccount", 1111, "is never 1111, but something like 111122223333."),
        ("StringEquals", "aws:SourceAccount", "arn:aws:iam::111122223333:root", "111122223333."),
        ("StringEquals", "aws:SourceVpc", "vpce-0123abcd", "is never vpce-0123abcd, but something like vpc-"),
        ("StringEquals", "aws:SourceVpce", "vpc-0123abcd", "but something like vpce-"),
        ("Bool", "aws:SecureTransport", "yes", "is never yes, but true or false."),
        ("Null", "aws:PrincipalOrgID", "1", "is never 1, but true or false."),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/33", "is never 10.0.0.0/33, but an address or a range of them"),
        ("NotIpAddressIfExists", "aws:VpcSourceIp", ["10.0.0.0/8", "office"], "is never office, but an address"),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "1h", "is never 1h, but a number."),
        ("DateGreaterThan", "aws:CurrentTime", "01.01.2027", "is never 01.01.2027, but a time"),
        ("DateLessThan", "aws:TokenIssueTime", "2026-13-01", "is never 2026-13-01, but a time"),
        (
            "ForAnyValue:StringEquals",
            "aws:PrincipalOrgPaths",
            UNIT[:-1],
            "is never o-abcde12345/r-ab12/ou-ab12-11112222,",
        ),
        ("ForAnyValue:StringLike", "aws:ResourceOrgPaths", UNIT[:-1], "aws:ResourceOrgPaths is never"),
        (
            "ForAllValues:StringNotLike",
            "aws:PrincipalOrgPaths",
            "o-abcde12345/ou-ab12-11112222/*",
            "like o-abcde12345/r-",
        ),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "ou-ab12-11112222/*", "is never ou-ab12-11112222/*,"),
        (
            "ForAnyValue:StringEquals",
            "aws:PrincipalOrgPaths",
            {"Fn::Sub": "${Org}/${Org.RootId}/${Unit}"},
            "is never ${Org}/${Org.RootId}/${Unit}, but",
        ),
        ("StringNotEquals", "aws:PrincipalType", "Role", "is never Role, but something like AssumedRole."),
        ("StringEquals", "aws:PrincipalType", "IAMUser", "is never IAMUser"),
        ("StringEquals", "iam:PassedToService", ["ec2.amazonaws.com", "lambda"], "is never lambda, but something like"),
        ("ForAnyValue:StringEquals", "aws:CalledVia", "cloudformation", "is never cloudformation"),
        ("StringEquals", "aws:PrincipalServiceName", "cloudtrail", "is never cloudtrail"),
        ("StringNotEquals", "aws:ResourceAccount", get("Dev", "Arn"), "is never ${Dev.Arn}, but something like 1111"),
        ("StringNotEquals", "aws:SourceIp", "203.0.113.0/24", "but something like 203.0.113.7, and ranges under"),
        ("StringEquals", "aws:SecureTransport", "False", "is never False, but something like true."),
        ("StringNotEquals", "iam:PermissionsBoundary", "bound", "is never bound"),
        ("ArnNotEquals", "iam:PolicyARN", "AdministratorAccess", "is never AdministratorAccess"),
        ("StringNotEquals", "aws:PrincipalOrgID", "${ORG_ID}", "is never ${ORG_ID}, but something like o-"),
    ],
    ids=str,
)
@pytest.mark.parametrize("effect", [allow, deny], ids=["allow", "deny"])
def test_finds_what_a_key_never_is(operator: str, key: str, values: Any, detail: str, effect: Any) -> None:
    [says] = compared(operator, key, values, effect)
    assert detail in says


@pytest.mark.parametrize(
    ("operator", "key", "values"),
    [
        ("StringEquals", "aws:PrincipalOrgID", ["o-abcde12345", get("Organization", "Id"), {"Ref": "Open"}]),
        ("StringEquals", "aws:PrincipalOrgID", [get("Org", "Id"), {"Ref": "Org"}, {"Fn::Sub": "${Org}"}]),
        ("StringEquals", "aws:PrincipalAccount", [get("Org", "ManagementAccountId"), get("Dev", "AccountId")]),
        ("StringEquals", "aws:PrincipalAccount", [{"Ref": "Dev"}, {"Ref": "AWS::AccountId"}]),
        (
            "ForAnyValue:StringLike",
            "aws:PrincipalOrgPaths",
            {"Fn::Sub": ["${Org.Id}/${Root}/${Unit}/*", {"Root": get("Org", "RootId")}]},
        ),
        ("StringLike", "aws:PrincipalOrgID", "org-*"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-*", "o-abcde12345/*", f"{UNIT}*", f"{UNIT[:-1]}*"]),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["*/ou-ab12-11112222/*", "o-abcde12345/r-????/*"]),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", [UNIT, "o-abcde12345/r-ab12/"]),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", {"Fn::Sub": "${Org}/${Org.RootId}/${Unit}/"}),
        ("StringEquals", "aws:PrincipalType", ["Account", "User", "FederatedUser", "AssumedRole", "Anonymous"]),
        ("StringEqualsIgnoreCase", "aws:PrincipalType", "assumedrole"),
        ("StringEquals", "iam:PassedToService", ["ec2.amazonaws.com", "ec2.amazonaws.com.cn", "*"]),
        ("StringLike", "iam:PassedToService", "lambda*"),
        ("StringEquals", "iam:PassedToService", {"Fn::Sub": "ec2.${AWS::URLSuffix}"}),
        ("StringEquals", "aws:ResourceAccount", ["${aws:PrincipalAccount}", get("Dev", "AccountId")]),
        ("StringNotEquals", "aws:SourceIp", ["203.0.113.7", "2001:DB8::1"]),
        ("StringLike", "aws:SourceIp", "203.0.113.*"),
        ("StringEquals", "aws:SecureTransport", ["true", "false"]),
        ("StringEqualsIgnoreCase", "aws:ViaAWSService", "True"),
        ("ArnEquals", "iam:PolicyARN", ["arn:aws:iam::aws:policy/ReadOnlyAccess", "*"]),
        ("StringEquals", "iam:PermissionsBoundary", {"Fn::Sub": "arn:aws:iam::${Dev.AccountId}:policy/Boundary"}),
        ("StringEquals", "aws:PrincipalOrgID", "o-*"),  # which PolicyWildcard finds
        ("StringEquals", "aws:PrincipalAccount", ["111122223333", "${aws:ResourceAccount}", get("Dev", "AccountId")]),
        ("StringEquals", "aws:PrincipalAccount", 111122223333),
        ("StringEquals", "aws:ResourceAccount", "aws"),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-abcde12345/r-ab12/ou-ab12-11112222/"),
        ("StringEquals", "aws:SourceVpc", ["vpc-0123abcd", "vpc-0123456789abcdef0"]),
        ("StringEquals", "aws:PrincipalTag/team", "<team>"),
        ("Bool", "aws:SecureTransport", ["true", False, "False"]),
        ("Null", "aws:PrincipalOrgID", [True, "false"]),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "203.0.113.7", "203.0.113.7/24", "2001:db8::/32"]),
        ("NumericLessThan", "aws:MultiFactorAuthAge", [0, "3600", "-1", 1.5]),
        ("DateGreaterThan", "aws:CurrentTime", ["2027-01-01", "2027-01-01T00:00:00Z", "1577836800", 0]),
        ("NoOperator", "aws:PrincipalTag/team", "x"),
    ],
    ids=str,
)
def test_knows_what_keys_may_be(operator: str, key: str, values: Any) -> None:
    assert compared(operator, key, values) == []


@pytest.mark.parametrize("value", ["true", "false", True, ["false"]])
@pytest.mark.parametrize(
    ("rule", "key"), [("PolicyPrincipal", "aws:PrincipalArn"), ("PolicyRegion", "aws:RequestedRegion")]
)
def test_whether_there_is_a_key_at_all_is_no_value_of_it(rule: str, key: str, value: Any) -> None:
    assert found(rule, asked("StringEquals", key, "false"))
    assert not found(rule, asked("Null", key, value))


@pytest.mark.parametrize(
    "rule", ["PolicyConditionKey", "PolicyConditionValue", "PolicyRegion", "PolicyPrincipal", "PolicyWildcard"]
)
def test_finds_nothing_in_the_guardrails(rule: str) -> None:
    excepted = [guardrails.permission_set_role("Admin"), "Admin"]
    statements = guardrails.allow_regions(["eu-central-1", "us-east-1"], except_roles=excepted)["Statement"]
    assert found(rule, {"It": control_policy(*statements)}) == []


@pytest.mark.parametrize(
    "rule", ["PolicyConditionKey", "PolicyConditionValue", "PolicyRegion", "PolicyPrincipal", "PolicyWildcard"]
)
@pytest.mark.parametrize(
    "condition", [OPEN, {"StringEquals": OPEN}, {OPEN["Ref"]: {}}, "x", [], {"StringEquals": {"aws:x": OPEN}}], ids=str
)
def test_takes_conditions_of_any_shape(rule: str, condition: Any) -> None:
    keys = found(rule, {"It": control_policy(deny("s3:*", Condition=condition))})
    assert len(keys) == (rule == "PolicyConditionKey" and "aws:x" in str(condition))
