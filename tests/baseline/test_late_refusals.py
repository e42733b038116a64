"""What AWS refuses only in the middle of a deploy, refused at synth under the argument's name.

One row for each constraint of each property that a baseline makes: of the APIs' models and the resource types' schemas,
and of the services' documentation where neither has it.
"""

from __future__ import annotations

import re
from typing import Any, Final

import aws_cdk as cdk
import pytest

from org_constructs import (
    AccountProps,
    AlternateContactProps,
    AssignmentProps,
    CustomerManagedPolicy,
    GroupProps,
    IdentityCenter,
    OrganizationalUnitProps,
    OrgBaseline,
    PermissionSetProps,
    PolicyProps,
    PolicyType,
    UserProps,
)
from organizations import ENV, IDENTITY_CENTER, make_app
from policy_documents import content_with
from refusals import refuses

STORE: Final = "d-1111222233"
ID: Final = "1111222233-11112222-3333-4444-5555-666677778888"
SERVICE_CONTROL: Final = PolicyType.SERVICE_CONTROL_POLICY
DENY: Final = {"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}


def account(**fields: Any) -> dict[str, Any]:
    return {"accounts": [AccountProps(**{"key": "dev", **fields})]}


def unit(**fields: Any) -> dict[str, Any]:
    return {"organizational_units": [OrganizationalUnitProps(**{"name": "workloads", **fields})]}


def nested(levels: int) -> OrganizationalUnitProps:
    below = [nested(levels - 1)] if levels > 1 else []
    return OrganizationalUnitProps(name="unit", organizational_units=below)


def policies(*statements: Any, version: str = "2012-10-17", **fields: Any) -> dict[str, Any]:
    content = {"Version": version, "Statement": list(statements or [DENY])}
    props = {"name": "guard", "type": SERVICE_CONTROL, "content": content, "targets": ["root"], **fields}
    return {"policies": [PolicyProps(**props)], "enabled_policy_types": list(PolicyType)}


def permission_set(**fields: Any) -> dict[str, Any]:
    return {"permission_sets": [PermissionSetProps(**{"name": "Admin", **fields})], "assignments": []}


def inline(**statement: Any) -> dict[str, Any]:
    allow = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*", **statement}
    return permission_set(inline_policy={"Version": "2012-10-17", "Statement": [allow]})


def user(**fields: Any) -> dict[str, Any]:
    return {"users": [UserProps(**{"user_name": "dax@acme.com", "given_name": "Dax", "family_name": "Acme", **fields})]}


def users(*of_each: dict[str, Any]) -> dict[str, Any]:
    each = [{"given_name": "Dax", "family_name": "Acme", "groups": [], **fields} for fields in of_each]
    return {"users": [UserProps(**fields) for fields in each]}


def group(**fields: Any) -> dict[str, Any]:
    return {"groups": [GroupProps(**{"name": "Team", **fields})], "assignments": []}


def contact(**fields: Any) -> dict[str, Any]:
    props = {
        "type": "SECURITY",
        "name": "Dax",
        "title": "Head of security",
        "email": "security@acme.com",
        "phone_number": "+1 206 555 0100",
        "accounts": ["management"],
        **fields,
    }
    return {"alternate_contacts": [AlternateContactProps(**props)]}


def assigned(*assignments: dict[str, Any]) -> dict[str, Any]:
    defaults = {"principal": "Administrators", "permission_set": "AdministratorAccess", "targets": ["dev"]}
    return {"assignments": [AssignmentProps(**{**defaults, **fields}) for fields in assignments]}


TAGS: Final = {
    "51 tags": ("tags-too-many", {f"key{number}": "value" for number in range(51)}),
    "a tag key of 129 characters": ("wrong-length", {"k" * 129: "v"}),
    "an empty tag key": ("wrong-length", {"": "v"}),
    "a tag value of 257 characters": ("wrong-length", {"k": "v" * 257}),
    "a tag of AWS's own": ("tag-key-reserved", {"aws:k": "v"}),
    "a character no tag has": ("tag-character", {"k": "v;"}),
}
"""https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html"""

REFUSED: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    # CreateAccount: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
    "an account name of no characters": ("wrong-length", "accounts[0].name", account(name="")),
    "an account name of 51 characters": ("wrong-length", "accounts[0].name", account(name="a" * 51)),
    "an account name beyond ASCII": ("wrong-form", "accounts[0].name", account(name="acmé")),
    "an account name of two lines": ("wrong-form", "accounts[0].name", account(name="acme\ndev")),
    "an e-mail of 5 characters": ("wrong-length", "accounts[0].email", account(email="a@b.c")),
    "an e-mail of 65 characters": ("wrong-length", "accounts[0].email", account(email=f"{'a' * 56}@acme.com")),
    "an e-mail without an @": ("email-form", "accounts[0].email", account(email="aws.acme.com")),
    "an e-mail of two @": ("email-form", "accounts[0].email", account(email="aws@dev@acme.com")),
    "an e-mail with a space": ("email-form", "accounts[0].email", account(email="aws dev@acme.com")),
    "an e-mail beyond ASCII": ("email-form", "accounts[0].email", account(email="äws@acme.com")),
    "an e-mail that begins with a dot": ("email-form", "accounts[0].email", account(email=".aws@acme.com")),
    "an e-mail with a percent sign": ("email-form", "accounts[0].email", account(email="aws%dev@acme.com")),
    "an e-mail with an ampersand": ("email-form", "accounts[0].email", account(email="aws&dev@acme.com")),
    "an e-mail with a quote": ("email-form", "accounts[0].email", account(email="o'neill@acme.com")),
    "an e-mail whose domain has no dot": ("email-form", "accounts[0].email", account(email="aws+dev@acme")),
    "an e-mail whose domain begins with a hyphen": ("email-form", "accounts[0].email", account(email="aws@-acme.com")),
    "an e-mail whose domain ends with a hyphen": ("email-form", "accounts[0].email", account(email="aws@acme.com-")),
    "an e-mail whose domain ends with a dot": ("email-form", "accounts[0].email", account(email="aws@acme.com.")),
    "an e-mail whose domain begins with a dot": ("email-form", "accounts[0].email", account(email="aws@.acme.com")),
    "an e-mail whose domain has an underscore": ("email-form", "accounts[0].email", account(email="aws@ac_me.com")),
    "the management account's e-mail": ("email-management-account", "accounts[0].email", account(email="AWS@acme.com")),
    "an e-mail twice": (
        "not-unique",
        "accounts[1]",
        {"accounts": [AccountProps(key="a", email="a@acme.com"), AccountProps(key="b", email="A@acme.com")]},
    ),
    "a role name of no characters": ("wrong-length", "accounts[0].role_name", account(role_name="")),
    "a role name of 65 characters": ("wrong-length", "accounts[0].role_name", account(role_name="r" * 65)),
    "a role name with a space": ("wrong-form", "accounts[0].role_name", account(role_name="Org Access")),
    "an account id of 11 digits": ("account-id-form", "accounts[0].account_id", account(account_id="11112222333")),
    "the management account as a member": (
        "member-is-management-account",
        "accounts[0].account_id",
        account(account_id="111122223333"),
    ),
    "an account id twice": (
        "not-unique",
        "accounts[1]",
        {"accounts": [AccountProps(key=key, account_id="444455556666") for key in ("a", "b")]},
    ),
    **{f"{what} of an account": (code, "accounts[0].tags", account(tags=tags)) for what, (code, tags) in TAGS.items()},
    # CreateOrganizationalUnit: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
    "a unit name of no characters": ("wrong-length", "organizational_units[0].name", unit(name="")),
    "a unit name of 129 characters": ("wrong-length", "organizational_units[0].name", unit(name="u" * 129)),
    "a unit name twice under a parent": (
        "not-unique",
        "organizational_units[1]",
        {"organizational_units": [OrganizationalUnitProps(name="a", key=key) for key in ("a", "b")]},
    ),
    "a unit six levels deep": ("unit-too-deep", "organizational_units[0]", {"organizational_units": [nested(6)]}),
    "a unit id of another form": (
        "wrong-form",
        "organizational_units[0].organizational_unit_id",
        unit(organizational_unit_id="ou-workloads"),
    ),
    **{
        f"{what} of a unit": (code, "organizational_units[0].tags", unit(tags=tags))
        for what, (code, tags) in TAGS.items()
    },
    # CreatePolicy: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html
    "a policy name of no characters": ("wrong-length", "policies[0].name", policies(name="")),
    "a policy name of 129 characters": ("wrong-length", "policies[0].name", policies(name="p" * 129)),
    "the name of AWS's own policy": ("policy-name-reserved", "policies[0].name", policies(name="FullAWSAccess")),
    "a policy name twice": (
        "not-unique",
        "policies[1]",
        {"policies": policies()["policies"] * 2, "enabled_policy_types": [SERVICE_CONTROL]},
    ),
    "a policy description of 513 characters": (
        "wrong-length",
        "policies[0].description",
        policies(description="d" * 513),
    ),
    **{f"{what} of a policy": (code, "policies[0].tags", policies(tags=tags)) for what, (code, tags) in TAGS.items()},
    **{
        f"a {policy_type} of {maximum + 1} characters": (
            "policy-too-large",
            "policies[0].content",
            policies(type=PolicyType(policy_type), content=content_with(maximum + 1, policy_type)),
        )
        for policy_type, maximum in {
            "AISERVICES_OPT_OUT_POLICY": 2_500,
            "BACKUP_POLICY": 10_000,
            "CHATBOT_POLICY": 10_000,
            "DECLARATIVE_POLICY_EC2": 10_000,
            "RESOURCE_CONTROL_POLICY": 5_120,
            "SECURITYHUB_POLICY": 10_000,
            "SERVICE_CONTROL_POLICY": 10_240,
            "TAG_POLICY": 10_000,
        }.items()
    },
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
    "a policy without content": ("policy-not-a-mapping", "policies[0].content", policies(content={})),
    "a policy of another version": ("policy-version", "policies[0].content", policies(version="2026-11-26")),
    "a statement without an effect": (
        "policy-effect",
        "policies[0].content",
        policies({"Action": "*", "Resource": "*"}),
    ),
    "an effect in small letters": ("policy-effect", "policies[0].content", policies({**DENY, "Effect": "deny"})),
    "a statement without an action": (
        "policy-element-not-one",
        "policies[0].content",
        policies({"Effect": "Deny", "Resource": "*"}),
    ),
    "a statement without a resource": (
        "policy-element-not-one",
        "policies[0].content",
        policies({"Effect": "Deny", "Action": "*"}),
    ),
    "an action with its opposite": (
        "policy-element-not-one",
        "policies[0].content",
        policies({**DENY, "NotAction": "s3:*"}),
    ),
    "an element that there is not": (
        "policy-element-unknown",
        "policies[0].content",
        policies({**DENY, "Actions": "s3:*"}),
    ),
    "a principal in a service control policy": (
        "policy-principal-present",
        "policies[0].content",
        policies({**DENY, "Principal": "*"}),
    ),
    "a condition operator that there is not": (
        "policy-operator-unknown",
        "policies[0].content",
        policies({**DENY, "Condition": {"StringEqual": {"aws:RequestedRegion": "us-east-1"}}}),
    ),
    "a resource control policy that allows": (
        "policy-effect",
        "policies[0].content",
        policies(
            {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"},
            type=PolicyType.RESOURCE_CONTROL_POLICY,
        ),
    ),
    "another type's syntax": ("policy-of-another-type", "policies[0].content", policies(type=PolicyType.TAG_POLICY)),
    # CreatePermissionSet: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html
    "a permission set name of no characters": ("wrong-length", "permission_sets[0].name", permission_set(name="")),
    "a permission set name of 33 characters": (
        "wrong-length",
        "permission_sets[0].name",
        permission_set(name="a" * 33),
    ),
    "a permission set name with a space": ("wrong-form", "permission_sets[0].name", permission_set(name="Read Only")),
    "a permission set name with an umlaut": ("wrong-form", "permission_sets[0].name", permission_set(name="Prüfer")),
    "a permission set name twice but for case": (
        "not-unique",
        "permission_sets[1]",
        {"permission_sets": [PermissionSetProps(name=name) for name in ("Admin", "ADMIN")], "assignments": []},
    ),
    "an empty permission set description": (
        "wrong-length",
        "permission_sets[0].description",
        permission_set(description=""),
    ),
    "a permission set description of 701 characters": (
        "wrong-length",
        "permission_sets[0].description",
        permission_set(description="d" * 701),
    ),
    "a permission set description beyond Latin-1": (
        "wrong-form",
        "permission_sets[0].description",
        permission_set(description="Zugriff für 5 €"),
    ),
    "a permission set description with a no-break space": (
        "wrong-form",
        "permission_sets[0].description",
        permission_set(description="Read\u00a0only"),
    ),
    "a session of 59 minutes": (
        "session-length",
        "permission_sets[0].session_duration",
        permission_set(session_duration="PT59M"),
    ),
    "a session of 13 hours": (
        "session-length",
        "permission_sets[0].session_duration",
        permission_set(session_duration="PT13H"),
    ),
    "a session in hours": (
        "session-form",
        "permission_sets[0].session_duration",
        permission_set(session_duration="12h"),
    ),
    "an empty relay state": ("wrong-length", "permission_sets[0].relay_state", permission_set(relay_state="")),
    "a relay state of 241 characters": (
        "wrong-length",
        "permission_sets[0].relay_state",
        permission_set(relay_state="r" * 241),
    ),
    "a relay state with an umlaut": (
        "wrong-form",
        "permission_sets[0].relay_state",
        permission_set(relay_state="https://ä.de"),
    ),
    **{
        f"{what} of a permission set": (code, "permission_sets[0].tags", permission_set(tags=tags))
        for what, (code, tags) in TAGS.items()
    },
    "a tag value of a colon": ("tag-blank", "permission_sets[0].tags", permission_set(tags={"k": ":"})),
    # https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html
    "26 policies": (
        "permission-set-policies-too-many",
        "permission_sets[0].managed_policies",
        permission_set(customer_managed_policies=[CustomerManagedPolicy(name=f"P{number}") for number in range(26)]),
    ),
    "a managed policy that does not exist": (
        "managed-policy-unknown",
        "permission_sets[0].managed_policies[0]",
        permission_set(managed_policies=["Everything"]),
    ),
    "a managed policy that was renamed": (
        "managed-policy-unknown",
        "permission_sets[0].managed_policies[0]",
        permission_set(managed_policies=["AWSLambdaFullAccess"]),
    ),
    "a managed policy without its path": (
        "managed-policy-path",
        "permission_sets[0].managed_policies[0]",
        permission_set(managed_policies=["arn:aws:iam::aws:policy/Billing"]),
    ),
    "a managed policy with another path": (
        "managed-policy-path",
        "permission_sets[0].managed_policies[0]",
        permission_set(managed_policies=["job-function/AdministratorAccess"]),
    ),
    "a managed policy of a service-linked role": (
        "managed-policy-service-linked",
        "permission_sets[0].managed_policies[0]",
        permission_set(managed_policies=["aws-service-role/AmazonECSServiceRolePolicy"]),
    ),
    "a managed policy of another partition": (
        "managed-policy-partition",
        "permission_sets[0].managed_policies[0]",
        permission_set(managed_policies=["arn:aws-us-gov:iam::aws:policy/AdministratorAccess"]),
    ),
    "a managed policy of an account": (
        "wrong-form",
        "permission_sets[0].managed_policies[0]",
        permission_set(managed_policies=["arn:aws:iam::111122223333:policy/Deploy"]),
    ),
    "a managed policy twice": (
        "not-unique",
        "permission_sets[0].managed_policies[1]",
        permission_set(managed_policies=["ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"]),
    ),
    "a boundary that does not exist": (
        "managed-policy-unknown",
        "permission_sets[0].permissions_boundary",
        permission_set(permissions_boundary="Boundary"),
    ),
    "a boundary of a service-linked role": (
        "managed-policy-service-linked",
        "permission_sets[0].permissions_boundary",
        permission_set(permissions_boundary="AmazonECSServiceRolePolicy"),
    ),
    # PutInlinePolicyToPermissionSet
    "an inline policy of 10,241 bytes": (
        "inline-policy-too-large",
        "permission_sets[0].inline_policy",
        inline(Resource=f"arn:aws:s3:::{'é' * 5_200}"),
    ),
    "an inline policy beyond Latin-1": (
        "inline-policy-character",
        "permission_sets[0].inline_policy",
        inline(Resource="arn:aws:s3:::→"),
    ),
    "an empty inline policy": (
        "policy-not-a-mapping",
        "permission_sets[0].inline_policy",
        permission_set(inline_policy={}),
    ),
    "an inline policy with a principal": (
        "policy-principal-present",
        "permission_sets[0].inline_policy",
        inline(Principal="*"),
    ),
    "an inline policy with an effect in small letters": (
        "policy-effect",
        "permission_sets[0].inline_policy",
        inline(Effect="allow"),
    ),
    "an inline policy for what is no ARN": (
        "policy-resource-form",
        "permission_sets[0].inline_policy",
        inline(Resource="my-bucket"),
    ),
    "a permission set of another instance": (
        "permission-set-instance",
        "permission_sets[0].permission_set_arn",
        permission_set(permission_set_arn="arn:aws:sso:::permissionSet/ssoins-9999222233334444/ps-1111222233334444"),
    ),
    # CreateUser: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateUser.html
    "a user name of no characters": ("wrong-length", "users[0].user_name", user(user_name="")),
    "a user name of 129 characters": ("wrong-length", "users[0].user_name", user(user_name=f"{'a' * 120}@acme.com")),
    "a user name with a space": (
        "wrong-character",
        "users[0].user_name",
        user(user_name="dax acme", email="dax@acme.com"),
    ),
    "a user called Administrator": (
        "name-reserved",
        "users[0].user_name",
        user(user_name="Administrator", email="dax@acme.com"),
    ),
    "a user called AWSAdministrators": (
        "name-reserved",
        "users[0].user_name",
        user(user_name="AWSAdministrators", email="dax@acme.com"),
    ),
    "a user name twice but for case": (
        "not-unique",
        "users[1]",
        users({"user_name": "dax@acme.com"}, {"user_name": "Dax@acme.com", "email": "d@acme.com"}),
    ),
    "a user's e-mail twice but for case": (
        "not-unique",
        "users[1]",
        users({"user_name": "dax@acme.com"}, {"user_name": "dax", "email": "DAX@acme.com"}),
    ),
    "a given name of no characters": ("wrong-length", "users[0].given_name", user(given_name="")),
    "a given name of 1,025 characters": ("wrong-length", "users[0].given_name", user(given_name="a" * 1025)),
    "a given name with a control character": ("wrong-character", "users[0].given_name", user(given_name="Dax\x00")),
    "a family name of no characters": ("wrong-length", "users[0].family_name", user(family_name="")),
    "a family name of 1,025 characters": ("wrong-length", "users[0].family_name", user(family_name="a" * 1025)),
    "no family name": ("person-name-missing", "users[0].family_name", user(family_name=None)),
    "a display name of 1,025 characters": ("wrong-length", "users[0].display_name", user(display_name="a" * 1025)),
    "names of 1,025 characters together": (
        "wrong-length",
        "users[0].display_name",
        user(given_name="a" * 512, family_name="b" * 512),
    ),
    "a user's e-mail of 1,025 characters": ("wrong-length", "users[0].email", user(email=f"{'a' * 1016}@acme.com")),
    "a user's e-mail without an @": ("wrong-form", "users[0].email", user(email="dax")),
    "a user id of another form": (
        "wrong-form",
        "users[0].user_id",
        {"users": [UserProps(user_name="dax@acme.com", user_id="dax")]},
    ),
    # CreateGroup: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroup.html
    "a group name of no characters": ("wrong-length", "groups[0].name", group(name="")),
    "a group name of 1,025 characters": ("wrong-length", "groups[0].name", group(name="g" * 1025)),
    "a group name with a control character": ("wrong-character", "groups[0].name", group(name="Team\x07")),
    "a group called Administrator": ("name-reserved", "groups[0].name", group(name="Administrator")),
    "a group called AWSAdministrators": ("name-reserved", "groups[0].name", group(name="AWSAdministrators")),
    "a group name twice but for case": (
        "not-unique",
        "groups[1]",
        {"groups": [GroupProps(name=name) for name in ("Team", "TEAM")], "assignments": []},
    ),
    "an empty group description": ("wrong-length", "groups[0].description", group(description="")),
    "a group description of 1,025 characters": ("wrong-length", "groups[0].description", group(description="d" * 1025)),
    "a group id of another form": ("wrong-form", "groups[0].group_id", group(group_id="Team")),
    "a user twice in a group": ("not-unique", "users[0].groups", user(groups=["Administrators", "Administrators"])),
    # CreateAccountAssignment
    "an assignment twice": ("assignment-twice", "assignments[1]", assigned({}, {"targets": ["*"]})),
    "an assignment to nobody who is known": (
        "name-unknown",
        "assignments[0].principal",
        assigned({"principal": "Auditors"}),
    ),
    "an assignment of what is not known": (
        "name-unknown",
        "assignments[0].permission_set",
        assigned({"permission_set": "Root"}),
    ),
    "an assignment in an account that is not known": (
        "name-unknown",
        "assignments[0].targets[0]",
        assigned({"targets": ["qa"]}),
    ),
    # The instance
    "an instance ARN in another region's partition": (
        "identity-center-partition",
        "identity_center.instance_arn",
        {
            "identity_center": IdentityCenter(
                instance_arn="arn:aws-cn:sso:::instance/ssoins-1111222233334444", identity_store_id=STORE
            )
        },
    ),
    # EnableAWSServiceAccess, PutAlternateContact
    "a service principal without its domain": ("wrong-form", "trusted_access[0]", {"trusted_access": ["cloudtrail"]}),
    "a contact's name of 65 characters": ("wrong-length", "alternate_contacts[0].name", contact(name="n" * 65)),
    "a contact's title of 51 characters": ("wrong-length", "alternate_contacts[0].title", contact(title="t" * 51)),
    "a contact's e-mail without an @": ("wrong-form", "alternate_contacts[0].email", contact(email="security")),
    "a contact's phone number of 26 characters": (
        "wrong-length",
        "alternate_contacts[0].phone_number",
        contact(phone_number="1" * 26),
    ),
    "a contact's phone number with letters": (
        "wrong-form",
        "alternate_contacts[0].phone_number",
        contact(phone_number="call me"),
    ),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    "a region that does not exist": ("region-unknown", "env.region", {"env": cdk.Environment(region="us-est-1")}),
    "an account's region that does not exist": ("region-unknown", "accounts[0].region", account(region="eu-west-one")),
    "a default region in another partition": (
        "region-partition",
        "default_region",
        {"default_region": "us-gov-west-1"},
    ),
    "an account id of the environment with hyphens": (
        "account-id-form",
        "env.account",
        {"env": cdk.Environment(account="1111-2222-3333")},
    ),
    **{f"{what} of the stack": (code, "tags", {"tags": tags}) for what, (code, tags) in TAGS.items()},
    "a stack name with an underscore": ("wrong-form", "stack_name", {"stack_name": "org_baseline"}),
    "a stack name that begins with a digit": ("wrong-form", "stack_name", {"stack_name": "1st"}),
    "a stack name of 129 characters": ("wrong-length", "stack_name", {"stack_name": "s" * 129}),
    "501 resources": (
        "stack-full",
        "accounts, people, groups and assignments",
        {
            **users(*({"user_name": f"p{number}@acme.com"} for number in range(497))),
            "accounts": [],
        },
    ),
    "201 outputs": (
        "stack-full",
        "accounts, people, groups and assignments",
        {"accounts": [AccountProps(key=f"a{number}") for number in range(198)], "assignments": []},
    ),
}


@pytest.fixture(scope="module")
def one_app() -> cdk.App:
    """An app to which nothing is added, since everything is refused."""
    return make_app()


@pytest.mark.parametrize(("code", "argument", "arguments"), REFUSED.values(), ids=REFUSED)
def test_refuses_at_synth(one_app: cdk.App, code: str, argument: str, arguments: dict[str, Any]) -> None:
    defaults = {"env": ENV, "company": "acme", "email": "aws@acme.com", "identity_center": IDENTITY_CENTER}
    with refuses(code) as refused:
        OrgBaseline(one_app, "OrgBaseline", **{**defaults, **arguments})
    assert re.match(rf"{re.escape(argument)}(?![a-z_])", refused.value.why)
    assert [child.node.id for child in one_app.node.children if isinstance(child, cdk.Stack)] == []
