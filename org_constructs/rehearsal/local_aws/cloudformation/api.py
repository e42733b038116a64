"""The CloudFormation API as the CDK CLI and boto3 call it, on this package's engine instead of moto's."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError
from moto.cloudformation.models import CloudFormationBackend, cloudformation_backends
from moto.cloudformation.urls import url_bases
from moto.cloudformation.utils import get_stack_from_s3_url
from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.ssm.models import ssm_backends

from org_constructs.aws.template_size import INLINE_TEMPLATE_MAX, TEMPLATE_MAX
from org_constructs.rehearsal.local_aws.values import Value

from .engine import Operation, Target
from .importing import IMPORTABLE_STATUSES, ToImport, check_import, find_imported, identifier_summaries
from .plan import Change, plan
from .stack import Stack, now
from .template import Evaluator, OtherStacks, Template, TemplateError

_NO_CHANGES: Final = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)
_GONE: Final = "DELETE_COMPLETE"
_UPDATABLE: Final = frozenset(
    {
        "CREATE_COMPLETE",
        "CREATE_FAILED",
        "UPDATE_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
_lock: Final = RLock()


class ChangeSetNotFoundException(ServiceException):
    """There is no such change set."""

    # moto finds the service whose error this is by the module of its class.
    __module__ = "moto.cloudformation.exceptions"
    code = "ChangeSetNotFound"


@dataclass
class ChangeSet:
    """A change set."""

    change_set_id: str
    name: str
    kind: str
    stack: Stack
    target: Target
    description: str | None
    changes: list[Change]
    imports: tuple[ToImport, ...] = ()
    status: str = "CREATE_COMPLETE"
    execution_status: str = "AVAILABLE"
    status_reason: str | None = None
    created: datetime = field(default_factory=now)


class LocalCloudFormation(CloudFormationBackend):
    """The stacks of one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Begin without stacks."""
        super().__init__(region_name, account_id)
        self.all_stacks: list[Stack] = []
        self.all_change_sets: dict[str, ChangeSet] = {}

    @property
    def _url_module(self) -> SimpleNamespace:
        return SimpleNamespace(url_bases=url_bases, url_paths={"{0}/$": LocalCloudFormationResponse.dispatch})

    def stack(self, name_or_id: str) -> Stack:
        """Return a stack; a deleted one by its id only."""
        for stack in self.all_stacks:
            if stack.stack_id == name_or_id or (stack.name == name_or_id and stack.status != _GONE):
                return stack
        raise ValidationError(name_or_id)

    def new_stack(self, name: str, status: str) -> Stack:
        """Begin a stack, if its name is free; one under review that has no resources is taken over."""
        for stack in self.all_stacks:
            if stack.name == name and stack.status != _GONE:
                if stack.status == "REVIEW_IN_PROGRESS":
                    return stack
                raise AlreadyExistsException(f"Stack [{name}] already exists")
        stack_id = f"arn:aws:cloudformation:{self.region_name}:{self.account_id}:stack/{name}/{uuid.uuid4()}"
        stack = Stack(name, stack_id, self.account_id, self.region_name, status)
        self.all_stacks.append(stack)
        return stack

    def exported(self, name: str) -> str:
        """Return the value that some stack exports under a name."""
        for output in self.exported_outputs():
            if output["Name"] == name:
                return output["Value"]
        raise TemplateError(f"No export named {name} found.")

    def output(self, stack_name: str, name: str, region: str) -> str:
        """Return an output of a stack of any region by its name."""
        for stack in backend_of(self.account_id, region).all_stacks:
            if stack.name == stack_name and stack.status != _GONE and name in stack.outputs:
                return stack.outputs[name]["OutputValue"]
        raise TemplateError(f"Output {name} of stack {stack_name} does not exist")

    @property
    def outside(self) -> OtherStacks:
        """What each stack can have of the others."""
        return OtherStacks(self.exported, self.output)

    def exported_outputs(self) -> list[dict[str, str]]:
        """Return all that stacks export."""
        return [
            {"ExportingStackId": stack.stack_id, "Name": output["ExportName"], "Value": output["OutputValue"]}
            for stack in self.all_stacks
            if stack.status != _GONE
            for output in stack.outputs.values()
            if "ExportName" in output
        ]

    def ssm_parameter(self, name: str) -> str:
        """Return what is stored under an SSM parameter's name."""
        parameter = ssm_backends[self.account_id][self.region_name].get_parameter(name)
        if parameter is None:
            raise TemplateError(f"Unable to fetch parameters [{name}] from parameter store for this account.")
        return str(parameter.value)

    def change_set(self, name_or_id: str, stack_name: str | None) -> ChangeSet:
        """Return a change set by its id, or by its name and its stack."""
        for change_set in self.all_change_sets.values():
            if change_set.change_set_id == name_or_id:
                return change_set
            if change_set.name == name_or_id and stack_name in (change_set.stack.name, change_set.stack.stack_id):
                return change_set
        raise ChangeSetNotFoundException(f"ChangeSet [{name_or_id}] does not exist")

    def operation(self, stack: Stack) -> Operation:
        """Begin an operation on a stack."""
        return Operation(stack, self.outside)

    def importers(self, names: set[str]) -> list[str]:
        """Return the stacks that import any of these exports."""
        return sorted(
            {
                stack.name
                for stack in self.all_stacks
                if stack.status != _GONE and stack.template and names & set(_imports(stack.template.document))
            }
        )


def _imports(node: Value) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _imports(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "Fn::ImportValue" and isinstance(value, str):
                yield value
            else:
                yield from _imports(value)


class LocalCloudFormationResponse(BaseResponse):
    """The API."""

    def __init__(self) -> None:
        """Let moto parse the parameters by the service's model."""
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    @property
    def backend(self) -> LocalCloudFormation:
        """The stacks of the caller's account and region."""
        return backend_of(self.current_account, self.region)

    @property
    def stack(self) -> Stack:
        """The stack that is asked for."""
        return self.backend.stack(self._get_param("StackName"))

    def call_action(self) -> TYPE_RESPONSE:
        """Let one call at a time into the stacks, and answer what is wrong with a template as CloudFormation does."""
        with _lock:
            try:
                return super().call_action()
            except TemplateError as error:
                status, headers, body = self.serialized(ActionResult(ValidationError(message=str(error))))
                return status, *self._enrich_response(headers, body)

    def create_stack(self) -> ActionResult:
        target = self._target(None)
        self._check_target(target, None)
        stack = self.backend.new_stack(self._get_param("StackName"), "CREATE_IN_PROGRESS")
        stack.termination_protection = bool(self._get_bool_param("EnableTerminationProtection"))
        rollback = self._get_param("OnFailure") != "DO_NOTHING" and self._rollback()
        self.backend.operation(stack).create(target, rollback=rollback)
        return ActionResult({"StackId": stack.stack_id})

    def update_stack(self) -> ActionResult:
        stack = self.stack
        target = self._target(stack)
        self._check_updatable(stack)
        self._check_target(target, stack)
        if _is_same(stack, target):
            raise ValidationError(message="No updates are to be performed.")
        self._update(stack, target)
        return ActionResult({"StackId": stack.stack_id})

    def _rollback(self) -> bool:
        return not self._get_bool_param("DisableRollback")

    def _update(self, stack: Stack, target: Target) -> None:
        operation = self.backend.operation(stack)
        operation.update(target, rollback=self._rollback())
        _unfinished[stack.stack_id] = operation

    @staticmethod
    def _check_updatable(stack: Stack) -> None:
        if stack.status not in _UPDATABLE:
            raise ValidationError(message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.")

    def _target(self, stack: Stack | None) -> Target:
        template = self._template(stack)
        given = {}
        for parameter in self._get_param("Parameters", []):
            key = parameter["ParameterKey"]
            if not parameter.get("UsePreviousValue"):
                given[key] = parameter.get("ParameterValue", "")
            elif stack and key in stack.parameters:
                given[key] = stack.parameters[key]
        parameters, values = template.parameter_values(given, self.backend.ssm_parameter)
        tags = {tag["Key"]: tag["Value"] for tag in self._get_param("Tags", [])}
        return Target(template, parameters, values, tags, self._get_param("RoleARN"))

    def _template(self, stack: Stack | None) -> Template:
        if self._get_bool_param("UsePreviousTemplate") and stack and stack.template:
            return stack.template
        body = self._get_param("TemplateBody")
        if body is None:
            url = self._get_param("TemplateURL")
            if url is None:
                raise TemplateError("Either Template URL or Template Body must be specified.")
            try:
                body = get_stack_from_s3_url(url, account_id=self.current_account, partition=self.partition)
            except AttributeError:  # moto looks into what it has not found
                # What AWS says: https://github.com/aws/sagemaker-hyperpod-cli/issues/300
                raise TemplateError("S3 error: The specified key does not exist.") from None
            if isinstance(body, bytes):
                body = body.decode()
            if len(body.encode()) > TEMPLATE_MAX:
                raise TemplateError(f"Template may not exceed {TEMPLATE_MAX} bytes in size.")
        elif len(body.encode()) > INLINE_TEMPLATE_MAX:
            raise TemplateError(
                "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: "
                f"Member must have length less than or equal to {INLINE_TEMPLATE_MAX}"
            )
        return Template(body)

    def _check_target(self, target: Target, stack: Stack | None) -> list[Change]:
        """Refuse what CloudFormation refuses before it begins, and return what would change."""
        backend = self.backend
        target.template.check_attributes(backend.region_name)
        subject = stack or Stack("", "", backend.account_id, backend.region_name, "")
        changes = plan(subject, target.template, target.values, backend.outside, target.tags)
        values = {**subject.pseudo_parameters(), **target.values}
        broken = Evaluator(target.template, values, str, lambda name, _: name, backend.outside).broken_rule()
        if broken:
            raise TemplateError(f"Template validation error: {broken}")
        own = stack.stack_id if stack else ""
        taken = {export["Name"] for export in backend.exported_outputs() if export["ExportingStackId"] != own}
        for output in target.template.outputs.values():
            name = output.get("Export", {}).get("Name")
            if isinstance(name, str) and name in taken:
                raise TemplateError(f"Export with name {name} is already exported by another stack")
        return changes

    def _stack_to_import_into(self) -> Stack | None:
        """Return the stack that is there, one under review included; None if the import begins one."""
        try:
            stack = self.stack
        except ValidationError:
            return None
        if stack.status not in IMPORTABLE_STATUSES:
            raise ValidationError(message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.")
        return stack

    def _check_import(self, target: Target, stack: Stack | None, imports: tuple[ToImport, ...]) -> list[Change]:
        backend = self.backend
        target.template.check_attributes(backend.region_name)
        subject = stack or Stack("", "", backend.account_id, backend.region_name, "")
        others = [
            other
            for region in cloudformation_backends[self.current_account].values()
            if isinstance(region, LocalCloudFormation)
            for other in region.all_stacks
            if other is not stack and other.status != _GONE
        ]
        return check_import(subject, target.template, target.values, imports, others=others, outside=backend.outside)

    def _execute_import(self, change_set: ChangeSet) -> None:
        stack, target = change_set.stack, change_set.target
        found = find_imported(stack, target.template, target.values, change_set.imports, self.backend.outside)
        self.backend.operation(stack).take_in(target, found)

    def delete_stack(self) -> ActionResult:
        """Answer DeleteStack; a stack that is not there is deleted."""
        try:
            stack = self.stack
        except ValidationError:
            return EmptyResult()
        if stack.status == _GONE:
            return EmptyResult()
        if stack.termination_protection:
            raise ValidationError(
                message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
        exports = {output["ExportName"] for output in stack.outputs.values() if "ExportName" in output}
        importers = [name for name in self.backend.importers(exports) if name != stack.name]
        if importers:
            raise ValidationError(
                message=f"Export {min(exports)} cannot be deleted as it is in use by {', '.join(importers)}"
            )
        self.backend.operation(stack).delete(self._get_param("RetainResources", []))
        self.backend.all_change_sets = {
            key: change_set for key, change_set in self.backend.all_change_sets.items() if change_set.stack is not stack
        }
        return EmptyResult()

    def continue_update_rollback(self) -> ActionResult:
        stack = self.stack
        operation = _unfinished.get(stack.stack_id)
        if stack.status != "UPDATE_ROLLBACK_FAILED" or operation is None:
            raise ValidationError(
                message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be rolled back."
            )
        operation.continue_rollback(self._get_param("ResourcesToSkip", []))
        return EmptyResult()

    def update_termination_protection(self) -> ActionResult:
        stack = self.stack
        stack.termination_protection = bool(self._get_bool_param("EnableTerminationProtection"))
        return ActionResult({"StackId": stack.stack_id})

    def create_change_set(self) -> ActionResult:
        backend = self.backend
        kind = self._get_param("ChangeSetType", "UPDATE")
        name = self._get_param("ChangeSetName")
        existing = None
        if kind == "UPDATE":
            existing = self.stack
            self._check_updatable(existing)
        elif kind == "IMPORT":
            existing = self._stack_to_import_into()
        target = self._target(existing)
        imports: tuple[ToImport, ...] = ()
        if kind == "IMPORT":
            imports = tuple(
                ToImport(each["LogicalResourceId"], each["ResourceType"], each["ResourceIdentifier"])
                for each in self._get_param("ResourcesToImport", [])
            )
            changes = self._check_import(target, existing, imports)
        else:
            changes = self._check_target(target, existing)
        stack = existing or backend.new_stack(self._get_param("StackName"), "REVIEW_IN_PROGRESS")
        if existing is None and not stack.events:
            stack.set_status("REVIEW_IN_PROGRESS", "User Initiated")
        change_set_id = (
            f"arn:aws:cloudformation:{backend.region_name}:{backend.account_id}:changeSet/{name}/{uuid.uuid4()}"
        )
        description = self._get_param("Description")
        change_set = ChangeSet(change_set_id, name, kind, stack, target, description, changes, imports)
        if existing and not changes and _is_same(existing, target):
            change_set.status, change_set.execution_status = "FAILED", "UNAVAILABLE"
            change_set.status_reason = _NO_CHANGES
        backend.all_change_sets[change_set_id] = change_set
        return ActionResult({"Id": change_set_id, "StackId": stack.stack_id})

    def describe_change_set(self) -> ActionResult:
        change_set = self.backend.change_set(self._get_param("ChangeSetName"), self._get_param("StackName"))
        return ActionResult(
            {
                **_summary(change_set),
                "Parameters": _parameters(change_set.target.parameters, change_set.target.values),
                "Tags": _tags(change_set.target.tags),
                "Changes": [change.as_api() for change in change_set.changes],
                "NotificationARNs": [],
                "Capabilities": [],
            }
        )

    def list_change_sets(self) -> ActionResult:
        stack = self.stack
        summaries = [_summary(c) for c in self.backend.all_change_sets.values() if c.stack is stack]
        return ActionResult({"Summaries": summaries})

    def delete_change_set(self) -> ActionResult:
        """Answer DeleteChangeSet; one that is not there is deleted, if its stack is there."""
        stack_name = self._get_param("StackName")
        try:
            change_set = self.backend.change_set(self._get_param("ChangeSetName"), stack_name)
        except ChangeSetNotFoundException:
            if stack_name:
                self.backend.stack(stack_name)
                return EmptyResult()
            raise
        del self.backend.all_change_sets[change_set.change_set_id]
        return EmptyResult()

    def execute_change_set(self) -> ActionResult:
        change_set = self.backend.change_set(self._get_param("ChangeSetName"), self._get_param("StackName"))
        if change_set.execution_status != "AVAILABLE":
            raise ServiceException(
                "InvalidChangeSetStatus",
                f"ChangeSet [{change_set.change_set_id}] cannot be executed in its status of [{change_set.status}]",
            )
        del self.backend.all_change_sets[change_set.change_set_id]
        if change_set.kind == "IMPORT":
            self._execute_import(change_set)
        elif change_set.kind == "CREATE":
            self.backend.operation(change_set.stack).create(change_set.target, rollback=self._rollback())
        else:
            self._check_updatable(change_set.stack)
            self._update(change_set.stack, change_set.target)
        return EmptyResult()

    def describe_stacks(self) -> ActionResult:
        name = self._get_param("StackName")
        if name:
            return ActionResult({"Stacks": [_described(self.backend.stack(name))]})
        return ActionResult(
            {"Stacks": [_described(stack) for stack in self.backend.all_stacks if stack.status != _GONE]}
        )

    def list_stacks(self) -> ActionResult:
        wanted = self._get_param("StackStatusFilter", [])
        stacks = [stack for stack in self.backend.all_stacks if not wanted or stack.status in wanted]
        return ActionResult({"StackSummaries": [_described(stack) for stack in stacks]})

    def describe_stack_events(self) -> ActionResult:
        """Answer DescribeStackEvents, the newest first."""
        return ActionResult({"StackEvents": self.stack.events[::-1]})

    def list_stack_resources(self) -> ActionResult:
        resources = [
            {**described, "LastUpdatedTimestamp": described["Timestamp"]} for described in _resources(self.stack)
        ]
        return ActionResult({"StackResourceSummaries": resources})

    def describe_stack_resources(self) -> ActionResult:
        wanted = self._get_param("LogicalResourceId")
        resources = [r for r in _resources(self.stack) if wanted in (None, r["LogicalResourceId"])]
        return ActionResult({"StackResources": resources})

    def describe_stack_resource(self) -> ActionResult:
        stack = self.stack
        wanted = self._get_param("LogicalResourceId")
        for resource in _resources(stack):
            if resource["LogicalResourceId"] == wanted:
                return ActionResult(
                    {"StackResourceDetail": {**resource, "LastUpdatedTimestamp": resource["Timestamp"]}}
                )
        raise ValidationError(message=f"Resource {wanted} does not exist for stack {stack.name}")

    def get_template(self) -> ActionResult:
        stack = self.stack
        return ActionResult(
            {
                "TemplateBody": stack.template.body if stack.template else "{}",
                "StagesAvailable": ["Original", "Processed"],
            }
        )

    def get_template_summary(self) -> ActionResult:
        name = self._get_param("StackName")
        template = self._template(None) if name is None else self.backend.stack(name).template
        if template is None:
            raise ValidationError(message="GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
        parameters = [
            {
                "ParameterKey": key,
                "ParameterType": parameter.get("Type", "String"),
                "DefaultValue": parameter.get("Default"),
                "Description": parameter.get("Description", ""),
                "NoEcho": bool(parameter.get("NoEcho", False)),
            }
            for key, parameter in template.parameters.items()
        ]
        types = sorted({resource["Type"] for resource in template.resources.values()})
        return ActionResult(
            {
                "Parameters": parameters,
                "ResourceTypes": types,
                "Description": template.document.get("Description"),
                "Metadata": json.dumps(template.document["Metadata"]) if "Metadata" in template.document else None,
                "Version": template.document.get("AWSTemplateFormatVersion"),
                "ResourceIdentifierSummaries": identifier_summaries(template, self.backend.region_name),
            }
        )

    def validate_template(self) -> ActionResult:
        template = self._template(None)
        _ = template.graph
        return ActionResult({"Description": template.document.get("Description", ""), "Parameters": []})

    def list_exports(self) -> ActionResult:
        return ActionResult({"Exports": self.backend.exported_outputs()})


_unfinished: Final[dict[str, Operation]] = {}


def _is_same(stack: Stack, target: Target) -> bool:
    return (
        stack.template is not None
        and stack.status not in {"CREATE_FAILED", "UPDATE_FAILED"}
        and stack.template.document == target.template.document
        and stack.values == target.values
        and stack.tags == target.tags
    )


def _summary(change_set: ChangeSet) -> dict[str, Any]:
    return {
        "ChangeSetId": change_set.change_set_id,
        "ChangeSetName": change_set.name,
        "StackId": change_set.stack.stack_id,
        "StackName": change_set.stack.name,
        "Description": change_set.description,
        "CreationTime": change_set.created,
        "Status": change_set.status,
        "StatusReason": change_set.status_reason,
        "ExecutionStatus": change_set.execution_status,
    }


def _parameters(parameters: dict[str, str], values: dict[str, Any]) -> list[dict[str, str]]:
    described = []
    for key, value in parameters.items():
        parameter = {"ParameterKey": key, "ParameterValue": value}
        resolved = values.get(key)
        if isinstance(resolved, str) and resolved != value:
            parameter["ResolvedValue"] = resolved
        described.append(parameter)
    return described


def _tags(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _described(stack: Stack) -> dict[str, Any]:
    return {
        "StackId": stack.stack_id,
        "StackName": stack.name,
        "Description": stack.template.document.get("Description") if stack.template else None,
        "Parameters": _parameters(stack.parameters, stack.values),
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "StackStatus": stack.status,
        "StackStatusReason": stack.status_reason,
        "DisableRollback": False,
        "NotificationARNs": [],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Outputs": list(stack.outputs.values()),
        "RoleARN": stack.role_arn,
        "Tags": _tags(stack.tags),
        "EnableTerminationProtection": stack.termination_protection,
    }


def _resources(stack: Stack) -> list[dict[str, Any]]:
    return [
        {
            "StackId": stack.stack_id,
            "StackName": stack.name,
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id or None,
            "ResourceType": resource.resource_type,
            "Timestamp": resource.changed,
            "ResourceStatus": resource.status,
        }
        for resource in stack.resources.values()
    ]


def backend_of(account_id: str, region: str) -> LocalCloudFormation:
    """Return the stacks of an account and region."""
    backend = cloudformation_backends[account_id][region]
    if not isinstance(backend, LocalCloudFormation):
        raise TypeError(f"CloudFormation of account {account_id} was made before the local AWS was started")
    return backend


@contextmanager
def installed() -> Iterator[None]:
    """Put this CloudFormation in the place of moto's, for a while."""
    with patch.object(cloudformation_backends, "backend", LocalCloudFormation):
        yield
        _unfinished.clear()
