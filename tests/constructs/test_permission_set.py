"""`PermissionSet` and `CustomerManagedPolicy`."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from org_constructs import CustomerManagedPolicy, IdentityCenter, PermissionSet
from org_constructs.aws.managed_policies import list_date
from refusals import refuses

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
        f" have on {list_date()}; unless it is newer, the deploy will fail at it, and so will a rehearsal [ack:"
        f" OrgBaseline-ManagedPolicyNotListed:Policy{index}]"
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
        (cdk.Duration.minutes(59), "PT59M"),
        (cdk.Duration.hours(13), "PT13H"),
        (cdk.Duration.seconds(43_201), "PT12H1S"),
        (cdk.Duration.days(1), "P1D"),
        ("PT59M59S", "PT59M59S"),
        ("PT12H1S", "PT12H1S"),
        ("P1D", "P1D"),
    ],
    ids=["59 minutes", "13 hours", "a second over", "a day", "PT59M59S", "PT12H1S", "P1D"],
)
def test_refuses_a_shorter_or_longer_session(
    stack: cdk.Stack, identity_center: IdentityCenter, duration: cdk.Duration | str, got: str
) -> None:
    with refuses("session-length", "session_duration", "1 to 12 hours", f"'{got}'"):
        admin(stack, identity_center, session_duration=duration)
    assert stack.node.children == []


@pytest.mark.parametrize(
    "duration", ["", "P", "PT", "P1DT", "12H", "PT12", "12", "-PT2H", "PT1.5H", "pt12h", "PT12H\n"]
)
def test_refuses_a_session_in_another_form(stack: cdk.Stack, identity_center: IdentityCenter, duration: str) -> None:
    with refuses("session-form", "session_duration", "1 to 12 hours", repr(duration)):
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
    ("options", "refused"),
    [
        ({"identity_center": {"instance_arn": INSTANCE_ARN}}, ("wrong-type", "identity_center", "dict")),
        ({"name": ""}, ("wrong-length", "name", "1 to 32", "got 0")),
        ({"name": "p" * 33}, ("wrong-length", "name", "1 to 32", "got 33")),
        (
            {"name": "Admin access"},
            ("wrong-form", "name", "letters, digits and +=,.@_-, without spaces", "'Admin access'"),
        ),
        ({"name": "Admin\n"}, ("wrong-form", "name", "'Admin\\n'")),
        ({"name": "Geschäft"}, ("wrong-form", "name", "'Geschäft'")),
        ({"name": None}, ("wrong-type", "name", "NoneType None")),
        ({"description": ""}, ("wrong-length", "description", "1 to 700", "got 0")),
        ({"description": "d" * 701}, ("wrong-length", "description", "1 to 700", "got 701")),
        ({"description": "a → b"}, ("wrong-form", "description", "Latin-1 text", "'a → b'")),
        ({"description": "a\u00a0b"}, ("wrong-form", "description", "Latin-1 text", "'a\\xa0b'")),
        ({"managed_policies": "AdministratorAccess"}, ("not-a-list", "managed_policies", "str 'AdministratorAccess'")),
        ({"managed_policies": None}, ("not-a-list", "managed_policies", "NoneType None")),
        (
            {"managed_policies": [7]},
            ("wrong-type", "managed_policies[0]", "the name or ARN of an AWS managed policy", "int 7"),
        ),
        ({"managed_policies": [""]}, ("wrong-length", "managed_policies[0]", "1 to 640", "got 0")),
        (
            {"managed_policies": ["ReadOnlyAccess", "Read Only"]},
            (
                "wrong-form",
                "managed_policies[1]",
                f"an AWS managed policy like 'AdministratorAccess' or '{ADMINISTRATOR}'",
                "'Read Only'",
            ),
        ),
        ({"managed_policies": ["/ReadOnlyAccess"]}, ("wrong-form", "managed_policies[0]", "'/ReadOnlyAccess'")),
        (
            {"managed_policies": ["arn:aws:iam::111122223333:policy/Deploy"]},
            ("wrong-form", "managed_policies[0]", "'arn:aws:iam::111122223333:policy/Deploy'"),
        ),
        ({"managed_policies": ["arn:aws:iam::aws:policy/"]}, ("wrong-form", "managed_policies[0]")),
        (
            {"managed_policies": ["Billing"]},
            ("managed-policy-path", "managed_policies[0]", "'Billing'", "'job-function/Billing'"),
        ),
        (
            {"permissions_boundary": "arn:aws:iam::aws:policy/ViewOnlyAccess"},
            (
                "managed-policy-path",
                "permissions_boundary",
                "'arn:aws:iam::aws:policy/ViewOnlyAccess'",
                "'job-function/ViewOnlyAccess'",
            ),
        ),
        (
            {"managed_policies": ["AmazonECSServiceRolePolicy"]},
            ("managed-policy-service-linked", "managed_policies[0]", "'AmazonECSServiceRolePolicy'"),
        ),
        (
            {"managed_policies": ["arn:aws:iam::aws:policy/aws-service-role/NewerThanTheList"]},
            ("managed-policy-service-linked", "managed_policies[0]"),
        ),
        (
            {"managed_policies": ["AWSLambdaFullAccess"]},
            (
                "managed-policy-unknown",
                "managed_policies[0]",
                "'AWSLambdaFullAccess'",
                "'AWSLambda_FullAccess'",
                "2026-09-30",
            ),
        ),
        (
            {"managed_policies": ["Everything"]},
            ("managed-policy-unknown", "managed_policies[0]", "'Everything'", "there is no similar one"),
        ),
        (
            {"managed_policies": [ADMINISTRATOR.replace("aws:", "aws-cn:", 1)]},
            (
                "managed-policy-partition",
                "managed_policies[0]",
                "'arn:aws-cn:iam::aws:policy/AdministratorAccess'",
                f"'{ADMINISTRATOR}'",
            ),
        ),
        (
            {"inline_policy": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::→"}]}},
            ("inline-policy-character", "inline_policy", "'→'"),
        ),
        (
            {"managed_policies": ["AdministratorAccess", ADMINISTRATOR]},
            ("not-unique", "managed_policies[1]", "managed_policies[0]", "policy", "'AdministratorAccess'"),
        ),
        (
            {"managed_policies": newer_policies(26)},
            ("permission-set-policies-too-many", "managed_policies and customer_managed_policies", "25", "got 26"),
        ),
        (
            {"customer_managed_policies": [CustomerManagedPolicy(name=f"Policy{number}") for number in range(26)]},
            ("permission-set-policies-too-many", "managed_policies and customer_managed_policies", "25", "got 26"),
        ),
        (
            {
                "managed_policies": newer_policies(25),
                "customer_managed_policies": [CustomerManagedPolicy(name="Deploy")],
            },
            ("permission-set-policies-too-many", "managed_policies and customer_managed_policies", "25", "got 26"),
        ),
        (
            {"customer_managed_policies": [{"name": "Deploy", "paht": "/teams/"}]},
            ("wrong-type", "customer_managed_policies[0]", "a CustomerManagedPolicy", "dict"),
        ),
        ({"customer_managed_policies": ["Deploy"]}, ("wrong-type", "customer_managed_policies[0]", "str 'Deploy'")),
        (
            {"customer_managed_policies": CustomerManagedPolicy(name="Deploy")},
            (
                "not-a-list",
                "customer_managed_policies",
                "CustomerManagedPolicy CustomerManagedPolicy(name='Deploy', path='/')",
            ),
        ),
        (
            {"customer_managed_policies": [CustomerManagedPolicy(name="Deploy"), CustomerManagedPolicy(name="Deploy")]},
            ("not-unique", "customer_managed_policies[1]", "customer_managed_policies[0]", "policy", "'/Deploy'"),
        ),
        ({"inline_policy": inline_of(10_241)}, ("inline-policy-too-large", "inline_policy", "10,240", "got 10,241")),
        ({"inline_policy": "{}"}, ("policy-not-a-mapping", "inline_policy", "str '{}'")),
        ({"inline_policy": {}}, ("policy-not-a-mapping", "inline_policy", "dict {}")),
        ({"inline_policy": {"Statement": ()}}, ("policy-value-not-json", "inline_policy['Statement']")),
        (
            {"permissions_boundary": {"managed_policy_arn": ADMINISTRATOR}},
            (
                "wrong-type",
                "permissions_boundary",
                "the name or ARN of an AWS managed policy, or a CustomerManagedPolicy",
                "dict",
            ),
        ),
        ({"permissions_boundary": [ADMINISTRATOR]}, ("wrong-type", "permissions_boundary", "list")),
        ({"permissions_boundary": False}, ("wrong-type", "permissions_boundary", "bool False")),
        ({"permissions_boundary": ""}, ("wrong-length", "permissions_boundary", "1 to 640", "got 0")),
        ({"permissions_boundary": "A B"}, ("wrong-form", "permissions_boundary", "'A B'")),
        ({"session_duration": 12}, ("wrong-type", "session_duration", "a Duration or text like 'PT12H'", "int 12")),
        ({"session_duration": 0}, ("wrong-type", "session_duration", "int 0")),
        ({"relay_state": ""}, ("wrong-length", "relay_state", "1 to 240", "got 0")),
        ({"relay_state": "r" * 241}, ("wrong-length", "relay_state", "1 to 240", "got 241")),
        ({"relay_state": "https://a.example/<b>"}, ("wrong-form", "relay_state", "a URL", "'https://a.example/<b>'")),
        ({"relay_state": 7}, ("wrong-type", "relay_state", "int 7")),
        ({"tags": {"aws:team": "core"}}, ("tag-key-reserved", "tags key")),
        ({"tags": {"team": ""}}, ("tag-blank", "tags", "''")),
        ({"tags": {":": "core"}}, ("tag-blank", "tags", "':'")),
        ({"tags": [("team", "core")]}, ("wrong-type", "tags", "list [('team', 'core')]")),
    ],
    ids=lambda value: str(value)[:50],
)
def test_refuses_what_identity_center_would_refuse(
    stack: cdk.Stack, identity_center: IdentityCenter, options: dict[str, Any], refused: tuple[str, ...]
) -> None:
    with refuses(*refused):
        admin(stack, identity_center, **options)
    assert stack.node.children == []


def test_refuses_an_empty_policy_document(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    with refuses("policy-without-statement", "inline_policy"):
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
    ("values", "refused"),
    [
        ({"name": ""}, ("wrong-length", "name", "1 to 128", "got 0")),
        ({"name": "n" * 129}, ("wrong-length", "name", "1 to 128", "got 129")),
        ({"name": "teams/Deploy"}, ("wrong-form", "name", "'teams/Deploy'")),
        ({"name": 7}, ("wrong-type", "name", "int 7")),
        ({"path": ""}, ("wrong-length", "path", "1 to 512", "got 0")),
        ({"path": f"/{'p' * 511}/"}, ("wrong-length", "path", "1 to 512", "got 513")),
        (
            {"path": "teams"},
            ("wrong-form", "path", "a path like '/' or '/teams/', with a slash at both ends", "'teams'"),
        ),
        ({"path": "/teams"}, ("wrong-form", "path", "'/teams'")),
        ({"path": "//"}, ("wrong-form", "path", "'//'")),
        ({"path": None}, ("wrong-type", "path", "NoneType None")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_refuses_a_customer_managed_policy_of_another_form(values: dict[str, Any], refused: tuple[str, ...]) -> None:
    with refuses(*refused):
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
    ("code", "arn"),
    [
        ("wrong-length", ""),
        ("wrong-form", "arn:aws:ss"),
        ("wrong-form", "AdministratorAccess"),
        ("wrong-form", INSTANCE_ARN),
        ("wrong-form", ARN[:-1]),
        ("wrong-form", f"{ARN}4"),
        ("wrong-form", f"{ARN}\n"),
        ("wrong-form", f"{ARN}|{INSTANCE_ARN}"),
        ("wrong-type", 7),
    ],
)
def test_refuses_an_existing_one_with_an_arn_of_another_form(
    identity_center: IdentityCenter, code: str, arn: Any
) -> None:
    with refuses(code, "permission_set_arn"):
        PermissionSet.from_permission_set_arn(arn, identity_center=identity_center)


def test_refuses_an_existing_one_of_another_instance(identity_center: IdentityCenter) -> None:
    for arn in (ARN.replace("ssoins-1111", "ssoins-9999"), ARN.replace("arn:aws:", "arn:aws-cn:")):
        with refuses("permission-set-instance", "permission_set_arn", "ssoins-1111222233334444", f"'{arn}'"):
            PermissionSet.from_permission_set_arn(arn, identity_center=identity_center)


def test_refuses_an_existing_one_without_an_identity_center() -> None:
    with refuses("wrong-type", "identity_center", "an IdentityCenter", "str 'ssoins'"):
        PermissionSet.from_permission_set_arn(ARN, identity_center="ssoins")  # type: ignore[arg-type] # what is tested
