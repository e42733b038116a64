"""The four organizations that several tests look at, each added to an app as its only stack."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from org_constructs import (
    AccountProps,
    AssignmentProps,
    CustomerManagedPolicy,
    GroupProps,
    IdentityCenter,
    Organization,
    OrganizationalUnitProps,
    OrgBaseline,
    PermissionSetProps,
    PolicyProps,
    PolicyType,
    UserProps,
)
from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CDK_JSON: Final = ROOT / "cdk.json"

ENV: Final = cdk.Environment(account="111122223333", region="us-east-1")
IDENTITY_CENTER: Final = IdentityCenter(
    instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444",
    identity_store_id="d-1111222233",
    start_url="https://acme.awsapps.com/start",
)
DAX: Final = UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme", groups=["Administrators"])


def guide(app: cdk.App) -> OrgBaseline:
    """The guide: what app.py has beside its units and guardrails."""
    return OrgBaseline(
        app,
        "OrgBaseline",
        env=ENV,
        company="acme",
        email="aws@acme.com",
        identity_center=IDENTITY_CENTER,
        users=[DAX],
        accounts=[AccountProps(key="dev"), AccountProps(key="production")],
    )


GROWN_USERS: Final = (
    DAX,
    UserProps(
        user_name="kim@acme.com",
        given_name="Kim",
        family_name="Acme",
        groups=["Administrators", "Developers", "Auditors"],
    ),
    UserProps(
        user_name="lou",
        given_name="Lou",
        family_name="Acme",
        email="lou@acme.com",
        display_name="Lou from payroll",
        groups=[],
    ),
)
GROWN_ACCOUNTS: Final = (
    AccountProps(key="log-archive", organizational_unit="security", name="acme-logs"),
    AccountProps(key="dev", organizational_unit="workloads/development", region="eu-west-1"),
    AccountProps(key="staging", organizational_unit="workloads/development", tags={"stage": "staging"}),
    AccountProps(key="production", organizational_unit="workloads/production", role_name="AcmeAccess"),
    AccountProps(key="billing", email="billing@acme.com", organizational_unit="workloads/production"),
    AccountProps(key="sandbox"),
)
GROWN_UNITS: Final = (
    OrganizationalUnitProps(name="security", tags={"owner": "dax@acme.com"}),
    OrganizationalUnitProps(
        name="workloads",
        organizational_units=[
            OrganizationalUnitProps(name="development"),
            OrganizationalUnitProps(name="Production workloads", key="production"),
        ],
    ),
)
GROWN_GROUPS: Final = (
    GroupProps(name="Administrators", description="Administer every account"),
    GroupProps(name="Developers"),
    GroupProps(name="Auditors", description="Look and do not touch"),
)
GROWN_PERMISSION_SETS: Final = (
    PermissionSetProps(
        name="AdministratorAccess", managed_policies=["AdministratorAccess"], session_duration=cdk.Duration.hours(12)
    ),
    PermissionSetProps(
        name="Developer",
        description="Build and deploy",
        managed_policies=["PowerUserAccess"],
        inline_policy={
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Deny", "Action": "organizations:*", "Resource": "*"}],
        },
        permissions_boundary=CustomerManagedPolicy(name="Boundary", path="/acme/"),
        session_duration="PT8H",
        relay_state="https://console.aws.amazon.com/cloudwatch/home",
        tags={"owner": "dax@acme.com"},
    ),
    PermissionSetProps(
        name="ReadOnly",
        managed_policies=["ReadOnlyAccess", "job-function/Billing"],
        customer_managed_policies=[CustomerManagedPolicy(name="ReadTickets")],
    ),
)
GROWN_ASSIGNMENTS: Final = (
    AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets=["management", "*"]),
    AssignmentProps(principal="Developers", permission_set="Developer", targets=["workloads/development", "sandbox"]),
    AssignmentProps(principal="Developers", permission_set="ReadOnly", targets=["workloads/production"]),
    AssignmentProps(principal="Auditors", permission_set="ReadOnly", targets=["security", "workloads/development"]),
    AssignmentProps(principal="lou", permission_set="ReadOnly", targets=["billing"]),
)
_DENY_LEAVING: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}],
}
GROWN_POLICIES: Final = (
    PolicyProps(
        name="deny-leaving",
        type=PolicyType.SERVICE_CONTROL_POLICY,
        content=_DENY_LEAVING,
        targets=["root"],
        description="No account leaves the organization",
    ),
    PolicyProps(
        name="deny-users",
        type=PolicyType.SERVICE_CONTROL_POLICY,
        content=iam.PolicyDocument(
            statements=[
                iam.PolicyStatement(effect=iam.Effect.DENY, actions=["iam:CreateUser"], resources=["*"]),
            ]
        ),
        targets=["workloads", "sandbox"],
    ),
    PolicyProps(
        name="backups",
        type=PolicyType.BACKUP_POLICY,
        content={"plans": {"daily": {"regions": {"@@assign": ["us-east-1"]}}}},
        targets=["*"],
        tags={"owner": "dax@acme.com"},
    ),
)


def grown_arguments() -> dict[str, Any]:
    """What the grown organization is made of, to leave something out, add something or write it in another order."""
    return {
        "env": ENV,
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IDENTITY_CENTER,
        "users": GROWN_USERS,
        "accounts": GROWN_ACCOUNTS,
        "organizational_units": GROWN_UNITS,
        "groups": GROWN_GROUPS,
        "permission_sets": GROWN_PERMISSION_SETS,
        "assignments": GROWN_ASSIGNMENTS,
        "policies": GROWN_POLICIES,
        "enabled_policy_types": sorted({policy.type for policy in GROWN_POLICIES}),
    }


def grown(app: cdk.App) -> OrgBaseline:
    """Nested units, six accounts, three permission sets, groups and a person with access of their own, policies."""
    return OrgBaseline(app, "OrgBaseline", **grown_arguments())


def existing(app: cdk.App) -> OrgBaseline:
    """An organization that was made by hand, whose people an external identity provider puts in the identity store."""
    return OrgBaseline(
        app,
        "OrgBaseline",
        env=ENV,
        company="acme",
        email="aws@acme.com",
        organization=Organization.from_attributes(
            organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
        ),
        identity_center=IDENTITY_CENTER,
        session_name="acme-sso",
        default_region="eu-west-1",
        organizational_units=[
            OrganizationalUnitProps(
                name="workloads",
                organizational_unit_id="ou-ab12-11112222",
                organizational_units=[OrganizationalUnitProps(name="new")],
            ),
        ],
        accounts=[
            AccountProps(key="legacy", account_id="444455556666"),
            AccountProps(key="dev", organizational_unit="workloads"),
            AccountProps(key="staging", organizational_unit="workloads/new"),
        ],
        users=[UserProps(user_name="dax@acme.com", user_id="1111222233-11112222-3333-4444-5555-666677778888")],
        groups=[GroupProps(name="aws-admins", group_id="1111222233-11112222-3333-4444-5555-666677779999")],
        permission_sets=[
            PermissionSetProps(name="AdministratorAccess", managed_policies=["AdministratorAccess"]),
            PermissionSetProps(
                name="Support",
                permission_set_arn="arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444",
            ),
        ],
        assignments=[
            AssignmentProps(principal="aws-admins", permission_set="AdministratorAccess", targets=["management", "*"]),
            AssignmentProps(principal="dax@acme.com", permission_set="Support", targets=["legacy", "workloads/new"]),
        ],
        policies=[
            PolicyProps(
                name="deny-leaving",
                type=PolicyType.SERVICE_CONTROL_POLICY,
                content=_DENY_LEAVING,
                targets=["root", "workloads", "legacy"],
            ),
        ],
    )


def elsewhere_arguments() -> dict[str, Any]:
    """What the organization in another home region is made of."""
    return {
        "env": cdk.Environment(account="111122223333", region="eu-west-1"),
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IDENTITY_CENTER,
        "users": (
            DAX,
            UserProps(user_name="kim@acme.com", given_name="Kim", family_name="Acme", groups=["Administrators"]),
        ),
        "accounts": (AccountProps(key="dev"), AccountProps(key="production")),
        "organizational_units": (),
        "assignments": (
            AssignmentProps(
                principal="Administrators", permission_set="AdministratorAccess", targets=["management", "*"]
            ),
        ),
        "policies": (),
    }


def elsewhere(app: cdk.App) -> OrgBaseline:
    """A home region that has no `AWS::IdentityStore::User`, with two people."""
    return OrgBaseline(app, "OrgBaseline", **elsewhere_arguments())


ORGANIZATIONS: Final[Mapping[str, Callable[[cdk.App], OrgBaseline]]] = {
    "guide": guide,
    "grown": grown,
    "existing": existing,
    "elsewhere": elsewhere,
}


def make_app(outdir: Path | None = None) -> cdk.App:
    """Return an app with the feature flags of cdk.json, as the CDK CLI makes it, that writes into a directory."""
    context = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]
    return cdk.App(context=context, outdir=None if outdir is None else str(outdir))


@cache
def template_of(name: str) -> dict[str, Any]:
    """Return the template of an organization, synthesized once; nobody changes it."""
    return dict(Template.from_stack(ORGANIZATIONS[name](make_app())).to_json())
