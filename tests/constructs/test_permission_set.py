"""`PermissionSet` and `CustomerManagedPolicy`."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from org_constructs import CustomerManagedPolicy, IdentityCenter, PermissionSet
from org_constructs.aws.managed_policies import list_date

PERMISSION_SET = "AWS::SSO::PermissionSet"
INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-1111222233334444"
ARN = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
INLINE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}


def admin(
    stack: cdk.Stack,
    identity_center: IdentityCenter,
    /,
    **options: Any,
) -> PermissionSet:
    return PermissionSet(stack, "Admin", **{"identity_center": identity_center, "name": "Admin", **options})


def newer_policies(number: int) -> list[str]:
    """Managed policies that AWS did not have when the list of them was made."""
    return [f"arn:aws:iam::aws:policy/Policy{index}" for index in range(number)]


def inline_of(size: int) -> dict[str, Any]:
    """A policy that has this many bytes without whitespace, some of them in characters of two bytes."""
    bare = len(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*",'
        '"Condition":{"StringEquals":{"s3:prefix":""}}}]}'
    )
    condition = {"StringEquals": {"s3:prefix": "é" + "s" * (size - bare - len("é".encode()))}}
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_creates_one_that_allows_nothing(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    permission_set = admin(stack, identity_center)
    template = Template.from_stack(stack)
    template.resource_count_is(PERMISSION_SET, 1)
    template.has_resource(
        PERMISSION_SET,
        {
            "DeletionPolicy": Match.absent(),
            "UpdateReplacePolicy": Match.absent(),
            "Properties": {
                "InstanceArn": INSTANCE_ARN,
                "Name": "Admin",
                **{
                    absent: Match.absent()
                    for absent in (
                        "Description",
                        "ManagedPolicies",
                        "InlinePolicy",
                        "CustomerManagedPolicyReferences",
                        "PermissionsBoundary",
                        "SessionDuration",
                        "RelayStateType",
                        "Tags",
                    )
                },
            },
        },
    )
    (logical_id,) = template.find_resources(PERMISSION_SET)
    assert stack.resolve(permission_set.permission_set_arn) == {"Fn::GetAtt": [logical_id, "PermissionSetArn"]}
    assert permission_set.instance_arn == INSTANCE_ARN


@pytest.mark.parametrize(
    ("options", "properties"),
    [
        ({"description": "Everything"}, {"Description": "Everything"}),
        ({"managed_policies": ["AdministratorAccess"]}, {"ManagedPolicies": [ADMINISTRATOR]}),
        (
            {"managed_policies": ("job-function/Billing", ADMINISTRATOR)},
            {"ManagedPolicies": ["arn:aws:iam::aws:policy/job-function/Billing", ADMINISTRATOR]},
        ),
        ({"inline_policy": INLINE}, {"InlinePolicy": INLINE}),
        ({"inline_policy": MappingProxyType(INLINE)}, {"InlinePolicy": INLINE}),
        (
            {
                "customer_managed_policies": (
                    CustomerManagedPolicy(name="Deploy"),
                    CustomerManagedPolicy(name="Deploy", path="/teams/core/"),
                )
            },
            {
                "CustomerManagedPolicyReferences": [
                    {"Name": "Deploy", "Path": "/"},
                    {"Name": "Deploy", "Path": "/teams/core/"},
                ]
            },
        ),
        (
            {"permissions_boundary": "PowerUserAccess"},
            {"PermissionsBoundary": {"ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"}},
        ),
        ({"permissions_boundary": ADMINISTRATOR}, {"PermissionsBoundary": {"ManagedPolicyArn": ADMINISTRATOR}}),
        (
            {"permissions_boundary": CustomerManagedPolicy(name="Boundary", path="/org/")},
            {"PermissionsBoundary": {"CustomerManagedPolicyReference": {"Name": "Boundary", "Path": "/org/"}}},
        ),
        ({"session_duration": "PT12H"}, {"SessionDuration": "PT12H"}),
        ({"relay_state": "https://eu-west-1.console.aws.amazon.com/s3"}, {"RelayStateType": Match.any_value()}),
        (
            {"tags": {"team": "core", "area": "access"}},
            {"Tags": [{"Key": "area", "Value": "access"}, {"Key": "team", "Value": "core"}]},
        ),
    ],
    ids=[
        "description",
        "managed policy by name",
        "managed policies with a path and by ARN",
        "inline policy",
        "inline policy in another mapping",
        "customer managed policies",
        "boundary by name",
        "boundary by ARN",
        "customer managed boundary",
        "session duration",
        "relay state",
        "tags",
    ],
)
def test_takes_each_option(
    stack: cdk.Stack, identity_center: IdentityCenter, options: dict[str, Any], properties: dict[str, Any]
) -> None:
    admin(stack, identity_center, **options)
    Template.from_stack(stack).has_resource_properties(PERMISSION_SET, properties)


def test_warns_of_policies_that_only_the_deploy_can_tell(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    admin(
        stack, identity_center, managed_policies=[*newer_policies(2), ADMINISTRATOR], permissions_boundary="AWSDenyAll"
    )
    warnings = [
        str(warning.entry.data) for warning in Annotations.from_stack(stack).find_warning("*", Match.any_value())
    ]
    assert warnings == [
        f"the permission set 'Admin' has the managed policy 'arn:aws:iam::aws:policy/Policy{index}', which AWS did not"
        f" have on {list_date()}; unless it is newer, the deploy will fail at it, as a rehearsal does"
        f" [ack: OrgBaseline-ManagedPolicyNotListed:Policy{index}]"
        for index in range(2)
    ]


@pytest.mark.parametrize(("customer_managed", "warnings"), [(5, 0), (6, 1)])
def test_warns_of_more_policies_than_a_role_takes_by_default(
    stack: cdk.Stack, identity_center: IdentityCenter, customer_managed: int, warnings: int
) -> None:
    admin(
        stack,
        identity_center,
        managed_policies=["ReadOnlyAccess", "AWSDenyAll", "PowerUserAccess", "IAMFullAccess", "SecurityAudit"],
        customer_managed_policies=[CustomerManagedPolicy(name=f"Policy{index}") for index in range(customer_managed)],
    )
    found = Annotations.from_stack(stack).find_warning(
        "*", Match.string_like_regexp("quota 'Managed policies per role'")
    )
    assert len(found) == warnings


def test_takes_a_policy_document(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    statement = iam.PolicyStatement(actions=["s3:ListAllMyBuckets"], resources=["*"])
    admin(stack, identity_center, inline_policy=iam.PolicyDocument(statements=[statement]))
    Template.from_stack(stack).has_resource_properties(PERMISSION_SET, {"InlinePolicy": INLINE})


def test_names_managed_policies_in_the_partition_of_the_instance(stack: cdk.Stack) -> None:
    identity_center = IdentityCenter(
        instance_arn=INSTANCE_ARN.replace("aws", "aws-us-gov"), identity_store_id="d-1111222233"
    )
    admin(stack, identity_center, managed_policies=["ReadOnlyAccess"], permissions_boundary="job-function/Billing")
    Template.from_stack(stack).has_resource_properties(
        PERMISSION_SET,
        {
            "ManagedPolicies": ["arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess"],
            "PermissionsBoundary": {"ManagedPolicyArn": "arn:aws-us-gov:iam::aws:policy/job-function/Billing"},
        },
    )


def test_names_managed_policies_in_the_stacks_partition_where_a_token_hides_the_instances(stack: cdk.Stack) -> None:
    identity_center = IdentityCenter(instance_arn=cdk.Fn.import_value("Arn"), identity_store_id="d-1111222233")
    admin(stack, identity_center, managed_policies=["ReadOnlyAccess"])
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/ReadOnlyAccess"]]}
    Template.from_stack(stack).has_resource_properties(
        PERMISSION_SET, {"InstanceArn": {"Fn::ImportValue": "Arn"}, "ManagedPolicies": [arn]}
    )


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (cdk.Duration.hours(1), "PT1H"),
        (cdk.Duration.hours(12), "PT12H"),
        (cdk.Duration.minutes(90), "PT1H30M"),
        (cdk.Duration.seconds(43_200), "PT12H"),
        ("PT1H", "PT1H"),
        ("PT60M", "PT60M"),
        ("PT3600S", "PT3600S"),
        ("PT11H59M60S", "PT11H59M60S"),
        ("P0DT12H", "P0DT12H"),
    ],
    ids=["hour", "12 hours", "90 minutes", "seconds", "PT1H", "PT60M", "PT3600S", "PT11H59M60S", "P0DT12H"],
)
def test_takes_a_session_of_1_to_12_hours(
    stack: cdk.Stack, identity_center: IdentityCenter, duration: cdk.Duration | str, text: str
) -> None:
    admin(stack, identity_center, session_duration=duration)
    Template.from_stack(stack).has_resource_properties(PERMISSION_SET, {"SessionDuration": text})


@pytest.mark.parametrize(
    ("duration", "got"),
    [
        (cdk.Duration.minutes(59), "'PT59M'; use 'PT1H' to 'PT12H'"),
        (cdk.Duration.hours(13), "'PT13H'; use 'PT1H' to 'PT12H'"),
        (cdk.Duration.seconds(43_201), "'PT12H1S'; "),
        (cdk.Duration.days(1), "'P1D'; "),
        ("PT59M59S", "'PT59M59S'; "),
        ("PT12H1S", "'PT12H1S'; "),
        ("P1D", "'P1D'; "),
    ],
    ids=["59 minutes", "13 hours", "a second over", "a day", "PT59M59S", "PT12H1S", "P1D"],
)
def test_refuses_a_shorter_or_longer_session(
    stack: cdk.Stack, identity_center: IdentityCenter, duration: cdk.Duration | str, got: str
) -> None:
    with pytest.raises(ValueError, match=f"^session_duration must be 1 to 12 hours, got {re.escape(got)}"):
        admin(stack, identity_center, session_duration=duration)
    assert stack.node.children == []


@pytest.mark.parametrize(
    "duration", ["", "P", "PT", "P1DT", "12H", "PT12", "12", "-PT2H", "PT1.5H", "pt12h", "PT12H\n"]
)
def test_refuses_a_session_in_another_form(stack: cdk.Stack, identity_center: IdentityCenter, duration: str) -> None:
    error = f"session_duration must be 1 to 12 hours in ISO 8601 form like 'PT12H', got {duration!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        admin(stack, identity_center, session_duration=duration)
    assert stack.node.children == []


@pytest.mark.parametrize(
    "options",
    [
        {"name": "p"},
        {"name": "p" * 32},
        {"name": "Az_09+=,.@-"},
        {"description": "d"},
        {"description": "d" * 700},
        {"description": "Ærø\t\n\r ¡ÿ"},
        {"managed_policies": ["AdministratorAccess", f"arn:aws:iam::aws:policy/{'p' * 128}"]},
        {"managed_policies": newer_policies(25)},
        {"customer_managed_policies": [CustomerManagedPolicy(name=f"Policy{number}") for number in range(25)]},
        {
            "managed_policies": newer_policies(15),
            "customer_managed_policies": [CustomerManagedPolicy(name=f"Policy{number}") for number in range(10)],
        },
        {"inline_policy": inline_of(10_240)},
        {"relay_state": "/"},
        {"relay_state": "r" * 240},
        {"relay_state": r"""https://a.example/%7E?a=b&c='d'#(e)[f]{g}|h!,;*"$@-_+:. \ """},
        {"tags": {f"key{number}": "value" for number in range(50)}},
        {"tags": {"k": "-"}},
    ],
    ids=lambda options: str(options)[:40],
)
def test_takes_what_identity_center_takes(
    stack: cdk.Stack, identity_center: IdentityCenter, options: dict[str, Any]
) -> None:
    admin(stack, identity_center, **options)
    Template.from_stack(stack).resource_count_is(PERMISSION_SET, 1)


def test_takes_tokens(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    value = {"Fn::ImportValue": "Value"}
    token = cdk.Fn.import_value("Value")
    admin(
        stack,
        identity_center,
        name=f"{token} with spaces",
        description=token,
        managed_policies=[token, f"arn:{cdk.Aws.PARTITION}:iam::aws:policy/ReadOnlyAccess"],
        inline_policy={"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": token}]},
        customer_managed_policies=[CustomerManagedPolicy(name=token, path=token)],
        permissions_boundary=token,
        session_duration=token,
        relay_state=token,
        tags={"team": token},
    )
    Template.from_stack(stack).has_resource_properties(
        PERMISSION_SET,
        {
            "Name": {"Fn::Join": ["", [value, " with spaces"]]},
            "Description": value,
            "ManagedPolicies": [
                value,
                {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/ReadOnlyAccess"]]},
            ],
            "CustomerManagedPolicyReferences": [{"Name": value, "Path": value}],
            "PermissionsBoundary": {"ManagedPolicyArn": value},
            "SessionDuration": value,
            "RelayStateType": value,
            "Tags": [{"Key": "team", "Value": value}],
        },
    )


BOUNDARY = "permissions_boundary must be the name or ARN of an AWS managed policy, or a CustomerManagedPolicy, got "
MANAGED = "must be an AWS managed policy like 'AdministratorAccess' or 'arn:aws:iam::aws:policy/AdministratorAccess'"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"identity_center": {"instance_arn": INSTANCE_ARN}}, "identity_center must be an IdentityCenter, got dict "),
        ({"name": ""}, "name must be 1 to 32 characters, got 0: ''"),
        ({"name": "p" * 33}, "name must be 1 to 32 characters, got 33: "),
        ({"name": "Admin access"}, "name must be letters, digits and +=,.@_-, without spaces, got 'Admin access'"),
        ({"name": "Admin\n"}, "name must be letters, digits and +=,.@_-, without spaces, got 'Admin\\n'"),
        ({"name": "Geschäft"}, "name must be letters, digits and +=,.@_-, without spaces, got 'Geschäft'"),
        ({"name": None}, "name must be text, got NoneType None"),
        ({"description": ""}, "description must be 1 to 700 characters, got 0: ''"),
        ({"description": "d" * 701}, "description must be 1 to 700 characters, got 701: "),
        ({"description": "a → b"}, "description must be Latin-1 text, got 'a → b'"),
        ({"description": "a\u00a0b"}, "description must be Latin-1 text, got 'a\\xa0b'"),
        (
            {"managed_policies": "AdministratorAccess"},
            "managed_policies must be a list, got str 'AdministratorAccess';",
        ),
        ({"managed_policies": None}, "managed_policies must be a list, got NoneType None;"),
        ({"managed_policies": [7]}, "managed_policies[0] must be the name or ARN of an AWS managed policy, got int 7"),
        ({"managed_policies": [""]}, "managed_policies[0] must be 1 to 640 characters, got 0: ''"),
        ({"managed_policies": ["ReadOnlyAccess", "Read Only"]}, f"managed_policies[1] {MANAGED}, got 'Read Only'"),
        ({"managed_policies": ["/ReadOnlyAccess"]}, f"managed_policies[0] {MANAGED}, got '/ReadOnlyAccess'"),
        (
            {"managed_policies": ["arn:aws:iam::111122223333:policy/Deploy"]},
            f"managed_policies[0] {MANAGED}, got 'arn:aws:iam::111122223333:policy/Deploy'",
        ),
        ({"managed_policies": ["arn:aws:iam::aws:policy/"]}, f"managed_policies[0] {MANAGED}, got "),
        (
            {"managed_policies": ["Billing"]},
            (
                "managed_policies[0] must name an AWS managed policy with its path, got 'Billing';"
                " write 'job-function/Billing'"
            ),
        ),
        (
            {"permissions_boundary": "arn:aws:iam::aws:policy/ViewOnlyAccess"},
            (
                "permissions_boundary must name an AWS managed policy with its path, got"
                " 'arn:aws:iam::aws:policy/ViewOnlyAccess'; write 'job-function/ViewOnlyAccess'"
            ),
        ),
        (
            {"managed_policies": ["AmazonECSServiceRolePolicy"]},
            (
                "managed_policies[0] must be a policy that people can have, got 'AmazonECSServiceRolePolicy', which"
                " only a service-linked role can; choose another"
            ),
        ),
        (
            {"managed_policies": ["arn:aws:iam::aws:policy/aws-service-role/NewerThanTheList"]},
            "managed_policies[0] must be a policy that people can have, got ",
        ),
        (
            {"managed_policies": ["AWSLambdaFullAccess"]},
            (
                "managed_policies[0] must be an AWS managed policy, got 'AWSLambdaFullAccess'; did you mean"
                f" 'AWSLambda_FullAccess'? (one newer than {list_date()} goes by its ARN)"
            ),
        ),
        (
            {"managed_policies": ["Everything"]},
            "managed_policies[0] must be an AWS managed policy, got 'Everything'; there is none like it (",
        ),
        (
            {"managed_policies": [ADMINISTRATOR.replace("aws:", "aws-cn:", 1)]},
            (
                "managed_policies[0] must be in the partition of the Identity Center, got"
                f" 'arn:aws-cn:iam::aws:policy/AdministratorAccess'; write '{ADMINISTRATOR}'"
            ),
        ),
        (
            {"inline_policy": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::→"}]}},
            "inline_policy must consist of Latin-1 characters, since IAM takes no others, got '→'; leave it",
        ),
        (
            {"managed_policies": ["AdministratorAccess", ADMINISTRATOR]},
            "managed_policies[1] must not repeat the policy of managed_policies[0], got 'AdministratorAccess'; ",
        ),
        (
            {"managed_policies": newer_policies(26)},
            "managed_policies and customer_managed_policies must be at most 25 policies together, got 26; put what",
        ),
        (
            {"customer_managed_policies": [CustomerManagedPolicy(name=f"Policy{number}") for number in range(26)]},
            "managed_policies and customer_managed_policies must be at most 25 policies together, got 26; put what",
        ),
        (
            {
                "managed_policies": newer_policies(25),
                "customer_managed_policies": [CustomerManagedPolicy(name="Deploy")],
            },
            "managed_policies and customer_managed_policies must be at most 25 policies together, got 26; put what",
        ),
        (
            {"customer_managed_policies": [{"name": "Deploy", "paht": "/teams/"}]},
            "customer_managed_policies[0] must be a CustomerManagedPolicy, got dict ",
        ),
        (
            {"customer_managed_policies": ["Deploy"]},
            "customer_managed_policies[0] must be a CustomerManagedPolicy, got str 'Deploy'",
        ),
        (
            {"customer_managed_policies": CustomerManagedPolicy(name="Deploy")},
            "customer_managed_policies must be a list, got CustomerManagedPolicy CustomerManagedPolicy(name='Deploy', ",
        ),
        (
            {"customer_managed_policies": [CustomerManagedPolicy(name="Deploy"), CustomerManagedPolicy(name="Deploy")]},
            "customer_managed_policies[1] must not repeat the policy of customer_managed_policies[0], got '/Deploy'; ",
        ),
        (
            {"inline_policy": inline_of(10_241)},
            "inline_policy must be at most 10,240 bytes without whitespace, got 10,",
        ),
        (
            {"inline_policy": "{}"},
            "inline_policy must be a mapping that is not empty, or a PolicyDocument, got str '{}'",
        ),
        ({"inline_policy": {}}, "inline_policy must be a mapping that is not empty, or a PolicyDocument, got dict {}"),
        ({"inline_policy": {"Statement": ()}}, "inline_policy['Statement'] must be text, a finite number, a boolean,"),
        ({"permissions_boundary": {"managed_policy_arn": ADMINISTRATOR}}, f"{BOUNDARY}dict "),
        ({"permissions_boundary": [ADMINISTRATOR]}, f"{BOUNDARY}list "),
        ({"permissions_boundary": False}, f"{BOUNDARY}bool False"),
        ({"permissions_boundary": ""}, "permissions_boundary must be 1 to 640 characters, got 0: ''"),
        ({"permissions_boundary": "A B"}, f"permissions_boundary {MANAGED}, got 'A B'"),
        ({"session_duration": 12}, "session_duration must be a Duration or text like 'PT12H', got int 12"),
        ({"session_duration": 0}, "session_duration must be a Duration or text like 'PT12H', got int 0"),
        ({"relay_state": ""}, "relay_state must be 1 to 240 characters, got 0: ''"),
        ({"relay_state": "r" * 241}, "relay_state must be 1 to 240 characters, got 241: "),
        ({"relay_state": "https://a.example/<b>"}, "relay_state must be a URL, got 'https://a.example/<b>'"),
        ({"relay_state": 7}, "relay_state must be text, got int 7"),
        ({"tags": {"aws:team": "core"}}, "tags key must not start with 'aws:'"),
        ({"tags": {"team": ""}}, "tags must have a letter, a digit or one of +=,.@_- in each key and value, got ''; "),
        (
            {"tags": {":": "core"}},
            "tags must have a letter, a digit or one of +=,.@_- in each key and value, got ':'; ",
        ),
        ({"tags": [("team", "core")]}, "tags must be a mapping of tag keys to values, got list [('team', 'core')]"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_refuses_what_identity_center_would_refuse(
    stack: cdk.Stack, identity_center: IdentityCenter, options: dict[str, Any], error: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}"):
        admin(stack, identity_center, **options)
    assert stack.node.children == []


def test_refuses_an_empty_policy_document(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    with pytest.raises(ValueError, match=r"^inline_policy must have a statement, got an empty PolicyDocument; "):
        admin(stack, identity_center, inline_policy=iam.PolicyDocument())
    assert stack.node.children == []


@pytest.mark.parametrize(
    "values",
    [
        {"name": "n"},
        {"name": "n" * 128},
        {"name": "Az_09+=,.@-"},
        {"path": "/"},
        {"path": "/a/b,c/"},
        {"path": f"/{'p' * 510}/"},
    ],
    ids=lambda values: str(values)[:40],
)
def test_takes_a_customer_managed_policy_of_iams_form(values: dict[str, str]) -> None:
    policy = CustomerManagedPolicy(**{"name": "Deploy", **values})
    assert {name: getattr(policy, name) for name in values} == values


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"name": ""}, "name must be 1 to 128 characters, got 0: ''"),
        ({"name": "n" * 129}, "name must be 1 to 128 characters, got 129: "),
        ({"name": "teams/Deploy"}, "name must be letters, digits and +=,.@_-, got 'teams/Deploy'"),
        ({"name": 7}, "name must be text, got int 7"),
        ({"path": ""}, "path must be 1 to 512 characters, got 0: ''"),
        ({"path": f"/{'p' * 511}/"}, "path must be 1 to 512 characters, got 513: "),
        ({"path": "teams"}, "path must be a path like '/' or '/teams/', with a slash at both ends, got 'teams'"),
        ({"path": "/teams"}, "path must be a path like '/' or '/teams/', with a slash at both ends, got '/teams'"),
        ({"path": "//"}, "path must be a path like '/' or '/teams/', with a slash at both ends, got '//'"),
        ({"path": None}, "path must be text, got NoneType None"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_refuses_a_customer_managed_policy_of_another_form(values: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}"):
        CustomerManagedPolicy(**{"name": "Deploy", **values})


def test_names_an_existing_one_without_creating_anything(identity_center: IdentityCenter) -> None:
    permission_set = PermissionSet.from_permission_set_arn(ARN, identity_center=identity_center)
    assert permission_set.permission_set_arn == ARN
    assert permission_set.instance_arn == INSTANCE_ARN


def test_passes_tokens_for_an_existing_one(identity_center: IdentityCenter) -> None:
    token = cdk.Fn.import_value("Arn")
    assert PermissionSet.from_permission_set_arn(token, identity_center=identity_center).permission_set_arn == token
    elsewhere = IdentityCenter(instance_arn=token, identity_store_id="d-1111222233")
    assert PermissionSet.from_permission_set_arn(ARN, identity_center=elsewhere).instance_arn == token


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "arn:aws:ss",
        "AdministratorAccess",
        INSTANCE_ARN,
        ARN[:-1],
        f"{ARN}4",
        f"{ARN}\n",
        f"{ARN}|{INSTANCE_ARN}",
        7,
    ],
)
def test_refuses_an_existing_one_with_an_arn_of_another_form(
    identity_center: IdentityCenter,
    arn: Any,
) -> None:
    with pytest.raises(ValueError, match=r"^permission_set_arn must be "):
        PermissionSet.from_permission_set_arn(arn, identity_center=identity_center)


def test_refuses_an_existing_one_of_another_instance(identity_center: IdentityCenter) -> None:
    for arn in (ARN.replace("ssoins-1111", "ssoins-9999"), ARN.replace("arn:aws:", "arn:aws-cn:")):
        error = (
            f"permission_set_arn must belong to the instance ssoins-1111222233334444, got '{arn}';"
            " copy it from this Identity Center"
        )
        with pytest.raises(ValueError, match=f"^{error}$"):
            PermissionSet.from_permission_set_arn(arn, identity_center=identity_center)


def test_refuses_an_existing_one_without_an_identity_center() -> None:
    with pytest.raises(ValueError, match=r"^identity_center must be an IdentityCenter, got str 'ssoins'$"):
        PermissionSet.from_permission_set_arn(ARN, identity_center="ssoins")  # type: ignore[arg-type] # what is tested
