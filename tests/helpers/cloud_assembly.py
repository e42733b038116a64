"""A cloud assembly written by hand, as `cdk synth` writes it: for tests that need no app and no Node."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ACCOUNT = "111122223333"
INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-7223b02f4f2ea1c5"
IDENTITY_STORE_ID = "d-906784bd34"


def stack(
    resources: Mapping[str, Any], *, environment: str = f"aws://{ACCOUNT}/us-east-1", **artifact: object
) -> dict[str, Any]:
    """Return what `write_assembly` takes for one stack; `artifact` goes into its artifact in the manifest."""
    return {"template": {"Resources": resources}, "environment": environment, "artifact": artifact}


def write_assembly(folder: Path, stacks: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write an assembly of these stacks and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    artifacts: dict[str, Any] = {"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}
    for name, each in stacks.items():
        (folder / f"{name}.template.json").write_text(json.dumps(each["template"], indent=1), encoding="utf-8")
        properties = {"templateFile": f"{name}.template.json", "validateOnSynth": False}
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": each["environment"],
            "displayName": name,
            **each["artifact"],
            "properties": properties | each["artifact"].get("properties", {}),
        }
    (folder / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}), encoding="utf-8")
    (folder / "tree.json").write_text(
        json.dumps({"version": "tree-0.1", "tree": {"id": "App", "path": ""}}), encoding="utf-8"
    )
    return folder


def get(logical_id: str, attribute: str) -> dict[str, list[str]]:
    """Return a Fn::GetAtt."""
    return {"Fn::GetAtt": [logical_id, attribute]}


def baseline() -> dict[str, Any]:
    """Return the resources of a new organization with two accounts and one administrator of all three."""
    in_instance = {"InstanceArn": INSTANCE_ARN}
    in_store = {"IdentityStoreId": IDENTITY_STORE_ID}
    assigned = {
        **in_instance,
        "PermissionSetArn": get("AdministratorAccess", "PermissionSetArn"),
        "PrincipalId": get("Administrators", "GroupId"),
        "PrincipalType": "GROUP",
        "TargetType": "AWS_ACCOUNT",
    }

    def account(name: str, *after: str) -> dict[str, Any]:
        return {
            "Type": "AWS::Organizations::Account",
            "Properties": {
                "AccountName": f"acme-{name}",
                "Email": f"aws+{name}@acme.com",
                "ParentIds": [get("Organization", "RootId")],
            },
            "DependsOn": list(after),
            "DeletionPolicy": "Retain",
        }

    def assignment(target: dict[str, list[str]]) -> dict[str, Any]:
        return {"Type": "AWS::SSO::Assignment", "Properties": {**assigned, "TargetId": target}}

    return {
        "Organization": {"Type": "AWS::Organizations::Organization", "DeletionPolicy": "Retain"},
        "Dev": account("dev"),
        "Production": account("production", "Dev"),
        "AdministratorAccess": {
            "Type": "AWS::SSO::PermissionSet",
            "Properties": {
                **in_instance,
                "Name": "AdministratorAccess",
                "SessionDuration": "PT12H",
                "ManagedPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess"],
            },
        },
        "Administrators": {
            "Type": "AWS::IdentityStore::Group",
            "Properties": {**in_store, "DisplayName": "Administrators"},
        },
        "Dax": {
            "Type": "AWS::IdentityStore::User",
            "Properties": {
                **in_store,
                "UserName": "dax@acme.com",
                "DisplayName": "Dax Raad",
                "Name": {"GivenName": "Dax", "FamilyName": "Raad"},
                "Emails": [{"Value": "dax@acme.com", "Type": "work", "Primary": True}],
            },
        },
        "DaxAdministrates": {
            "Type": "AWS::IdentityStore::GroupMembership",
            "Properties": {
                **in_store,
                "GroupId": get("Administrators", "GroupId"),
                "MemberId": {"UserId": get("Dax", "UserId")},
            },
        },
        "OfManagement": assignment(get("Organization", "ManagementAccountId")),
        "OfDev": assignment(get("Dev", "AccountId")),
        "OfProduction": assignment(get("Production", "AccountId")),
    }
