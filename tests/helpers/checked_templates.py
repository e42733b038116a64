"""A valid organization as a template, for tests that put something wrong into it; no app and no Node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloud_assembly import IDENTITY_STORE_ID, INSTANCE_ARN, get
from org_constructs.rules import RULES
from org_constructs.templates.resources import Template, Templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from org_constructs.rules.rule import Finding
    from org_constructs.templates.resources import Acknowledgement

RETAINED = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}

Resources = dict[str, dict[str, Any]]


def resource(kind: str, *after: str, **properties: Any) -> dict[str, Any]:
    """Return a resource of a type under AWS::, after others."""
    depends = {"DependsOn": list(after)} if after else {}
    return {"Type": f"AWS::{kind}", "Properties": properties, **depends}


def account(name: str, *after: str, **properties: Any) -> dict[str, Any]:
    """Return a retained account, after others."""
    given = {"AccountName": f"acme-{name}", "Email": f"aws+{name}@acme.com", **properties}
    return resource("Organizations::Account", *after, **given) | RETAINED


def permission_set(name: str, **properties: Any) -> dict[str, Any]:
    """Return a permission set."""
    return resource("SSO::PermissionSet", InstanceArn=INSTANCE_ARN, Name=name, **properties)


def assignment(of: str, principal: Any, target: Any, kind: str = "GROUP") -> dict[str, Any]:
    """Return an assignment of a permission set of the template."""
    return resource(
        "SSO::Assignment",
        InstanceArn=INSTANCE_ARN,
        PermissionSetArn=get(of, "PermissionSetArn"),
        PrincipalId=principal,
        PrincipalType=kind,
        TargetId=target,
        TargetType="AWS_ACCOUNT",
    )


def user(name: str) -> dict[str, Any]:
    """Return a user."""
    return resource("IdentityStore::User", IdentityStoreId=IDENTITY_STORE_ID, UserName=f"{name}@acme.com")


def group(name: str) -> dict[str, Any]:
    """Return a group."""
    return resource("IdentityStore::Group", IdentityStoreId=IDENTITY_STORE_ID, DisplayName=name)


def member(of: str, who: str) -> dict[str, Any]:
    """Return the membership of a user in a group, both of the template."""
    return resource(
        "IdentityStore::GroupMembership",
        IdentityStoreId=IDENTITY_STORE_ID,
        GroupId=get(of, "GroupId"),
        MemberId={"UserId": get(who, "UserId")},
    )


def allow(*actions: str, on: Any = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that allows."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def deny(*actions: str, on: Any = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that denies."""
    return {"Effect": "Deny", "Action": list(actions), "Resource": on, **more}


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def control_policy(*statements: Mapping[str, Any], kind: str = "SERVICE_CONTROL_POLICY", **more: Any) -> dict[str, Any]:
    """Return a service control policy, or one of another type."""
    return resource("Organizations::Policy", Name="a-policy", Type=kind, Content=document(*statements), **more)


def organization() -> Resources:
    """Return an organization with a unit, three accounts, three people and a service control policy."""
    management, dev = get("Organization", "ManagementAccountId"), get("Dev", "AccountId")
    administrators, developers = get("Administrators", "GroupId"), get("Developers", "GroupId")
    return {
        "Organization": resource("Organizations::Organization", FeatureSet="ALL") | RETAINED,
        "Workloads": resource(
            "Organizations::OrganizationalUnit", Name="workloads", ParentId=get("Organization", "RootId")
        )
        | RETAINED,
        "Dev": account("dev", "Workloads", ParentIds=[get("Workloads", "Id")]),
        "Pro": account("production", "Dev", ParentIds=[get("Workloads", "Id")]),
        "Logs": account("logs", "Pro", ParentIds=[get("Organization", "RootId")]),
        "Leave": control_policy(deny("organizations:LeaveOrganization"), TargetIds=[get("Organization", "RootId")]),
        "AdministratorAccess": permission_set(
            "AdministratorAccess",
            SessionDuration="PT12H",
            ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"],
        ),
        "Developer": permission_set(
            "Developer",
            SessionDuration="PT8H",
            ManagedPolicies=["arn:aws:iam::aws:policy/PowerUserAccess"],
            InlinePolicy=document(allow("iam:PassRole", on="arn:aws:iam::*:role/app-*"), deny("organizations:*")),
        ),
        "Dax": user("dax"),
        "Kim": user("kim"),
        "Lou": user("lou"),
        "Administrators": group("Administrators"),
        "Developers": group("Developers"),
        "DaxAdministrates": member("Administrators", "Dax"),
        "KimAdministrates": member("Administrators", "Kim"),
        "LouDevelops": member("Developers", "Lou"),
        "OfManagement": assignment("AdministratorAccess", administrators, management),
        "OfDev": assignment("AdministratorAccess", administrators, dev),
        "OfPro": assignment("AdministratorAccess", administrators, get("Pro", "AccountId")),
        "OfLogs": assignment("AdministratorAccess", administrators, get("Logs", "AccountId")),
        "Developing": assignment("Developer", developers, dev),
    }


def templates(*stacks: Mapping[str, Any], acknowledgements: Iterable[Acknowledgement] = ()) -> Templates:
    """Return the templates of stacks of these resources."""
    return Templates(
        (
            Template(path=f"Stack{index}.template.json", body={"Resources": resources}, stack=f"Stack{index}")
            for index, resources in enumerate(stacks)
        ),
        acknowledgements,
    )


def findings(read: Templates) -> dict[str, list[Finding]]:
    """Return what all rules find, by the ids of those that find something."""
    return {rule.id: each for rule in RULES if (each := list(rule.find(read)))}
