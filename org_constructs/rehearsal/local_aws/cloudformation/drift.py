"""What CloudFormation's drift detection finds of an account: whether it was moved since the stack placed it."""

from typing import Any

from org_constructs.rehearsal.local_aws.services import organizations

from .stack import Stack, now


def detect(stack: Stack, logical_id: str) -> dict[str, Any]:
    """Compare an account's parent with the template that the stack was deployed with.

    Raises:
        NotImplementedError: if it is no account.
    """
    resource = stack.resources[logical_id]
    if resource.resource_type != "AWS::Organizations::Account":
        raise NotImplementedError(f"drift of {resource.resource_type}")
    backend = organizations.backend_of(stack.account_id)
    found = backend.get_account_by_id(resource.physical_id).parent_id
    [expected] = resource.model.properties.get("ParentIds") or [backend.root.id]
    moved = found != expected
    difference = {
        "PropertyPath": "/ParentIds/0",
        "ExpectedValue": expected,
        "ActualValue": found,
        "DifferenceType": "NOT_EQUAL",
    }
    return {
        "StackId": stack.stack_id,
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.resource_type,
        "StackResourceDriftStatus": "MODIFIED" if moved else "IN_SYNC",
        "PropertyDifferences": [difference] if moved else [],
        "Timestamp": now(),
    }
