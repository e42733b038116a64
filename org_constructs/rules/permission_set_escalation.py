"""`OrgBaseline-PermissionSetEscalation`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import INLINE_POLICY
from org_constructs.templates.administrators import allows_everything
from org_constructs.templates.iam import EVERYTHING, documents

from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from org_constructs.templates.iam import Statement
    from org_constructs.templates.resources import Templates

# Of each service, any resource that nobody names: a statement that is about it is about all of them.
_IAM: Final = "arn:aws:iam::111122223333:{}/any-other-name"
_INSTANCE: Final = "arn:aws:sso:::instance/ssoins-0000000000000000"
_PERMISSION_SET: Final = "arn:aws:sso:::permissionSet/ssoins-0000000000000000/ps-0000000000000000"
_STORE: Final = "arn:aws:identitystore::111122223333:identitystore/d-0000000000"
_ALONE: Final = {
    "iam:AddUserToGroup": _IAM.format("group"),
    "iam:AttachGroupPolicy": _IAM.format("group"),
    "iam:AttachRolePolicy": _IAM.format("role"),
    "iam:AttachUserPolicy": _IAM.format("user"),
    "iam:CreateAccessKey": _IAM.format("user"),
    "iam:CreateLoginProfile": _IAM.format("user"),
    "iam:CreatePolicyVersion": _IAM.format("policy"),
    "iam:DeleteRolePermissionsBoundary": _IAM.format("role"),
    "iam:DeleteUserPermissionsBoundary": _IAM.format("user"),
    "iam:PutGroupPolicy": _IAM.format("group"),
    "iam:PutRolePolicy": _IAM.format("role"),
    "iam:PutUserPolicy": _IAM.format("user"),
    "iam:SetDefaultPolicyVersion": _IAM.format("policy"),
    "iam:UpdateAssumeRolePolicy": _IAM.format("role"),
    "iam:UpdateLoginProfile": _IAM.format("user"),
    "identitystore:CreateGroupMembership": _STORE,
    "sso:AttachManagedPolicyToPermissionSet": _PERMISSION_SET,
    "sso:CreateAccountAssignment": _INSTANCE,
    "sso:PutInlinePolicyToPermissionSet": _PERMISSION_SET,
    "sts:AssumeRole": _IAM.format("role"),
}
"""Actions that make an administrator of whoever may take them on any resource, and such a resource."""

_PASSED: Final = (
    ("cloudformation:CreateStack",),
    ("codebuild:CreateProject", "codebuild:StartBuild"),
    ("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
    ("ec2:RunInstances",),
    ("ecs:RegisterTaskDefinition", "ecs:RunTask"),
    ("glue:CreateDevEndpoint",),
    ("glue:CreateJob", "glue:StartJobRun"),
    ("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    ("lambda:CreateFunction", "lambda:InvokeFunction"),
    ("sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
)
"""Actions that run somebody's code with a role that is passed along."""

_NARROWING: Final = ("iam:permissionsboundary", "iam:policyarn")
"""Conditions that keep whoever is given permissions under a boundary, or to certain policies."""


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        resource = document.resource
        # Who administers anyway gains nothing; and whoever has a boundary stays in it.
        if document.kind != INLINE_POLICY or resource.properties.get("PermissionsBoundary"):
            continue
        if allows_everything(resource.properties):
            continue
        for statement in document.statements:
            ways = _ways(statement, document.statements)
            if ways:
                yield found(resource, statement.location, detail=f"It does with {listed(ways)}.")


def _ways(statement: Statement, statements: Sequence[Statement]) -> list[str]:
    """Return what makes an administrator by the statement."""
    if statement.effect != "Allow" or any(key in statement.condition.lower() for key in _NARROWING):
        return []
    denied = [each for each in statements if each.effect == "Deny" and not each.condition]

    def allows(action: str, arn: str) -> bool:
        name = action.lower()
        return (
            statement.has_action(name)
            and statement.has_resource(arn)
            and not any(each.has_action(name) and each.has_resource(arn) for each in denied)
        )

    ways = [action for action, arn in _ALONE.items() if allows(action, arn)]
    if allows("iam:PassRole", _IAM.format("role")):
        ways += [
            " and ".join(("iam:PassRole", *actions))
            for actions in _PASSED
            if all(_is_allowed(action.lower(), statements, denied) for action in actions)
        ]
    return ways


def _is_allowed(action: str, statements: Sequence[Statement], denied: Sequence[Statement]) -> bool:
    """Whether a statement allows the action on any resource at all."""
    return any(each.effect == "Allow" and each.has_action(action) for each in statements) and not any(
        each.has_action(action) and any(EVERYTHING.fullmatch(arn or "") for arn in each.resources) for each in denied
    )


PERMISSION_SET_ESCALATION: Final = Rule(
    id="OrgBaseline-PermissionSetEscalation",
    sentence="A permission set lets people make themselves administrators.",
    explanation=(
        "Its inline policy allows, on any role, user or policy, what gives more permissions than the permission set"
        " has. Name the resources, such as role/app-*, or give the permission set a permissions boundary."
    ),
    source="https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
    find=_find,
)
