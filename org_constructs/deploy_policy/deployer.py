"""What whoever deploys may do, a person or a pipeline: what the CDK CLI calls, on these stacks and by this role alone.

Which action can be narrowed to a stack and which of them says whose role CloudFormation takes is in the service
authorization reference: https://docs.aws.amazon.com/service-authorization/latest/reference/list_cloudformation.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from .documents import Document, allow, document

if TYPE_CHECKING:
    from org_constructs.templates.assembly import Stack


ROLE_NAME: Final = "OrgBaselineDeploy"
"""The role that CloudFormation deploys with, where the bootstrap has none for it."""

_CLOUDFORMATION: Final = "cloudformation.amazonaws.com"

_OF_STACKS: Final = (
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
)
"""What takes no role: a change set has the one that it was made with, and the rest reads."""

_TOOLKIT: Final = "CDKToolkit"
_OF_BUCKET: Final = ("s3:GetBucketLocation", "s3:GetEncryptionConfiguration", "s3:ListBucket")
_QUALIFIER: Final = "hnb659fds"  # of the bootstrap, where nobody gives it another
_STACKS_IN_A_STATEMENT: Final = 25  # of the longest names, which are 128 characters, 25 leave room for the actions


def role_arn_of(account: str, partition: str) -> str:
    """Return the ARN of the role that CloudFormation deploys with."""
    return f"arn:{partition}:iam::{account}:role/{ROLE_NAME}"


def trust(account: str) -> Document:
    """Return who may assume the role: CloudFormation, for this account.

    A role cannot be passed to CloudFormation of another account in the first place. AWS says for the roles of
    extensions and StackSets that CloudFormation names account and resource, `aws:SourceAccount` and `aws:SourceArn`,
    and does not say it for the service role of a stack: so the account must be this one where it is named, and no
    resource is asked for, as nobody says which one a stack's would be.

    Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cross-service-confused-deputy-prevention.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
    """
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": _CLOUDFORMATION},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": account}},
    }
    return document([statement])


def deployer_statements(stacks: Sequence[Stack], *, account: str, region: str, partition: str) -> tuple[Document, ...]:
    """Return what the CDK CLI needs to deploy, compare, import and destroy the stacks.

    Those that the bootstrap's roles deploy need these roles; the others need CloudFormation, by the role of
    `role_arn_of` alone.
    """
    roles = sorted({_filled(role, account, region, partition) for stack in stacks for role in stack.assumed_roles})
    direct = [stack for stack in stacks if not stack.assumed_roles]
    statements = list(_of_stacks(direct, account, region, partition)) if direct else []
    return (*([allow("BootstrapRoles", ["sts:AssumeRole"], roles)] if roles else []), *statements)


def _of_stacks(stacks: Sequence[Stack], account: str, region: str, partition: str) -> Iterator[Document]:
    cloudformation = f"arn:{partition}:cloudformation:{region}:{account}:stack"
    role = role_arn_of(account, partition)
    for number, start in enumerate(range(0, len(stacks), _STACKS_IN_A_STATEMENT)):
        some = stacks[start : start + _STACKS_IN_A_STATEMENT]
        arns = [f"{cloudformation}/{stack.name}/*" for stack in some]
        which = str(number + 1) if len(stacks) > _STACKS_IN_A_STATEMENT else ""
        yield allow(f"Stacks{which}", _OF_STACKS, arns)
        yield allow(
            f"ChangeSetsByRole{which}",
            ["cloudformation:CreateChangeSet"],
            arns,
            {"ArnEquals": {"cloudformation:RoleArn": role}},
        )
        # The CLI names no role where it deletes what failed to be created: it is the stack's then, or nobody's.
        yield allow(
            f"DeleteByRole{which}",
            ["cloudformation:DeleteStack"],
            arns,
            {"ArnEqualsIfExists": {"cloudformation:RoleArn": role}},
        )
        protected = [arn for stack, arn in zip(some, arns, strict=True) if _is_protected(stack)]
        if protected:
            yield allow(f"Protect{which}", ["cloudformation:UpdateTerminationProtection"], protected)
    large = [stack for stack in stacks if stack.bootstrap_reason]
    if large:
        # Too large for a call, a template goes through the bootstrap's bucket, where CloudFormation reads it.
        qualifier = large[0].bootstrap_qualifier or _QUALIFIER
        bucket = f"arn:{partition}:s3:::cdk-{qualifier}-assets-{account}-{region}"
        yield allow("Bucket", _OF_BUCKET, [bucket])
        yield allow("Templates", ["s3:GetObject", "s3:PutObject"], [f"{bucket}/cdk/{each.name}/*" for each in large])
    # Where it has one, the CLI reads what the bootstrap has.
    yield allow("Toolkit", ["cloudformation:DescribeStacks"], [f"{cloudformation}/{_TOOLKIT}/*"])
    yield allow("PassRole", ["iam:PassRole"], [role], {"StringEquals": {"iam:PassedToService": _CLOUDFORMATION}})


def _is_protected(stack: Stack) -> bool:
    return bool(stack.artifact["properties"].get("terminationProtection"))


def _filled(arn: str, account: str, region: str, partition: str) -> str:
    """Return an ARN with what the CDK CLI puts into an assembly's."""
    values = {"AWS::Partition": partition, "AWS::AccountId": account, "AWS::Region": region}
    for name, value in values.items():
        arn = arn.replace(f"${{{name}}}", value)
    return arn
