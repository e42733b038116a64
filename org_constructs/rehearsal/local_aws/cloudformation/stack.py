"""A stack as CloudFormation keeps it: its template, its resources, its outputs, and what happened."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from org_constructs.aws.regions import partition_of
from org_constructs.rehearsal.local_aws.resources.base import Model, Place

from .schema import schema_of
from .template import Template

STACK_TYPE: Final = "AWS::CloudFormation::Stack"


def now() -> datetime:
    """Return the time, as CloudFormation tells it."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class StackResource:
    """A resource of a stack."""

    logical_id: str
    resource_type: str
    definition: Mapping[str, Any]
    model: Model
    physical_id: str
    status: str
    changed: datetime = field(default_factory=now)

    @property
    def never_was(self) -> bool:
        """Whether its creation failed and was not rolled back, so that it has no last known stable state."""
        return self.status == "CREATE_FAILED"

    @property
    def retained_on_delete(self) -> bool:
        """Whether removing it from the template, or a rollback, leaves it where it is."""
        return self._policy("DeletionPolicy") == "Retain"

    @property
    def kept_after_first_deploy(self) -> bool:
        """Whether removing it from the template leaves it where it is, though a rollback of its creation does not."""
        return self._policy("DeletionPolicy") in {"Retain", "RetainExceptOnCreate"}

    @property
    def retained_on_replace(self) -> bool:
        """Whether its replacement leaves it where it is."""
        return self.definition.get("UpdateReplacePolicy") == "Retain"

    def _policy(self, name: str) -> str:
        """Return a policy; an account is retained by default.

        See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html.
        """
        default = "Retain" if self.resource_type == "AWS::Organizations::Account" else "Delete"
        return str(self.definition.get(name, default))


@dataclass
class Stack:
    """A stack."""

    name: str
    stack_id: str
    account_id: str
    region: str
    status: str
    template: Template | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    """As they were given, or default."""
    values: dict[str, Any] = field(default_factory=dict)
    """As Ref has them."""
    tags: dict[str, str] = field(default_factory=dict)
    role_arn: str | None = None
    resources: dict[str, StackResource] = field(default_factory=dict)
    replaced: list[StackResource] = field(default_factory=list)
    """What the next operation cleans up, since the one that replaced it failed and was not rolled back."""
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    status_reason: str | None = None
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None
    termination_protection: bool = False
    operation_id: str = ""

    def pseudo_parameters(self) -> dict[str, Any]:
        """Return what AWS::Region and the like are in this stack."""
        partition = partition_of(self.region)
        return {
            "AWS::AccountId": self.account_id,
            "AWS::NotificationARNs": [],
            "AWS::Partition": partition.name,
            "AWS::Region": self.region,
            "AWS::StackId": self.stack_id,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": partition.dns_suffix,
        }

    def place(
        self,
        logical_id: str,
        resource_type: str,
        tags: Mapping[str, str] | None = None,
        previous_tags: Mapping[str, str] | None = None,
    ) -> Place:
        """Return where a resource's handler works, and the stack's tags as they become and as they were."""
        return Place(
            *(self.account_id, self.region, self.name, self.stack_id, logical_id, resource_type),
            tags or {},
            previous_tags or {},
        )

    def set_status(self, status: str, reason: str | None = None) -> None:
        """Go over to another status, and say so."""
        self.status = status
        self.status_reason = reason
        self._event(self.name, self.stack_id, STACK_TYPE, status, reason)

    def tell(
        self, logical_id: str, resource_type: str, physical_id: str | None, status: str, reason: str | None = None
    ) -> None:
        """Say what happens to a resource."""
        self._event(logical_id, physical_id, resource_type, status, reason)

    def _next_moment(self) -> datetime:
        """Return the time, but a millisecond after the last event at least: clients sort by it, and see no less."""
        last = self.events[-1]["Timestamp"] if self.events else now()
        return max(now(), last + timedelta(milliseconds=1))

    def _event(
        self, logical_id: str, physical_id: str | None, resource_type: str, status: str, reason: str | None
    ) -> None:
        event = {
            "StackId": self.stack_id,
            "EventId": str(uuid.uuid4()),
            "StackName": self.name,
            "OperationId": self.operation_id,
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": physical_id or "",
            "ResourceType": resource_type,
            "Timestamp": self._next_moment(),
            "ResourceStatus": status,
        }
        if reason:
            event["ResourceStatusReason"] = reason
        self.events.append(event)


def physical_id_of(resource_type: str, region: str, model: Model) -> str:
    """Return what Ref is: what the handler says, or else the schema's primary identifier, its parts joined by `|`."""
    if model.physical_id is not None:
        return model.physical_id
    schema = schema_of(resource_type, region)
    identifier = schema.primary_identifier if schema else ()
    return "|".join(str(model.attributes.get(part, model.properties.get(part, ""))) for part in identifier)
