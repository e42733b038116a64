"""Carries a template out: creates, updates, replaces and deletes in the order of dependencies, and rolls back.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html and
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from org_constructs.aws.limits import ASSIGNMENTS_AT_ONCE
from org_constructs.rehearsal.local_aws.resources import handler_of
from org_constructs.rehearsal.local_aws.resources.base import Handler, Model, Properties, ResourceFailure, said_by
from org_constructs.rehearsal.local_aws.values import Value

from .ordering import Graph
from .plan import Change, check_properties, create_only, evaluator_of, plan, takes_stack_tags
from .stack import Stack, StackResource, now, physical_id_of
from .template import Evaluator, OtherStacks, Template, TemplateError

_logger: Final = logging.getLogger(__name__)

ORGANIZATIONS: Final = "AWS::Organizations::"
ASSIGNMENT: Final = "AWS::SSO::Assignment"
_CONFLICT: Final = (
    "AWS Organizations can't complete your request because it conflicts with another attempt to modify the same "
    "entity. Try again later."
)


@dataclass(frozen=True)
class Undo:
    """How to take one step of an operation back: what was there before, and what is there now."""

    before: StackResource | None
    after: StackResource
    replaced: bool = False


@dataclass(frozen=True)
class Target:
    """What a stack is to become."""

    template: Template
    parameters: dict[str, str]
    values: dict[str, Any]
    tags: dict[str, str]
    role_arn: str | None = None


class Operation:
    """One operation on a stack: its creation, update, rollback or deletion."""

    def __init__(self, stack: Stack, others: OtherStacks) -> None:
        """Take the stack, and what other stacks give to it."""
        self._stack = stack
        self._others = others
        self._undo: list[Undo] = []
        self._replaced: list[StackResource] = []
        self._tags: Mapping[str, str] = {}
        self._failure: StackResource | None = None
        stack.operation_id = str(uuid.uuid4())

    def create(self, target: Target, *, rollback: bool = True) -> None:
        """Create the stack; what cannot be created is told by its events, and rolled back."""
        stack = self._stack
        changes = plan(stack, target.template, target.values, self._others)
        stack.set_status("CREATE_IN_PROGRESS", "User Initiated")
        failed = self._carry_out(target, changes)
        self._adopt(target)
        if not failed:
            stack.set_status("CREATE_COMPLETE")
            return
        reason = f"The following resource(s) failed to create: [{failed}]."
        if not rollback:
            self._leave()
            stack.set_status("CREATE_FAILED", reason)
            return
        stack.set_status("ROLLBACK_IN_PROGRESS", f"{reason} Rollback requested by user.")
        not_deleted = self._take_back("")
        stack.outputs = {}
        if not_deleted:
            stack.set_status(
                "ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{', '.join(not_deleted)}]."
            )
        else:
            stack.set_status("ROLLBACK_COMPLETE")

    def update(self, target: Target, *, rollback: bool = True) -> None:
        """Change the stack into what the template says; what fails takes everything back."""
        stack = self._stack
        old_graph = stack.template.graph if stack.template else target.template.graph
        changes = plan(stack, target.template, target.values, self._others, target.tags)
        stack.updated = now()
        stack.set_status("UPDATE_IN_PROGRESS", "User Initiated")
        self._delete_what_never_was(old_graph)
        failed = self._carry_out(target, changes)
        if not failed:
            stack.set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            removed = [name for name in stack.resources if not self._is_wanted(name, target)]
            self._adopt(target)
            self._clean_up(removed, old_graph)
            stack.set_status("UPDATE_COMPLETE")
            return
        reason = f"The following resource(s) failed to update: [{failed}]."
        if not rollback:
            self._adopt(target)
            self._leave()
            stack.set_status("UPDATE_FAILED", reason)
            return
        stack.set_status("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        self._finish_rollback()

    def take_in(self, target: Target, found: Mapping[str, StackResource]) -> None:
        """Take resources that exist into the stack, as an import does; nothing happens to them."""
        stack = self._stack
        stack.updated = now()
        stack.set_status("IMPORT_IN_PROGRESS", "User Initiated")
        for name, resource in found.items():
            stack.tell(name, resource.resource_type, resource.physical_id, "IMPORT_IN_PROGRESS")
            stack.tell(
                name, resource.resource_type, resource.physical_id, "IMPORT_COMPLETE", "Resource import completed."
            )
            stack.resources[name] = resource
        self._adopt(target)
        stack.set_status("IMPORT_COMPLETE")

    def continue_rollback(self, skipped: Sequence[str]) -> None:
        """Go on with a rollback that failed, without the resources that it failed at."""
        self._stack.operation_id = str(uuid.uuid4())
        self._stack.set_status("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        for undo in [undo for undo in self._undo if undo.after.logical_id in skipped]:
            self._undo.remove(undo)
            if undo.before:
                skipped_resource = replace(undo.before, status="UPDATE_COMPLETE")
                self._stack.resources[undo.before.logical_id] = skipped_resource
        self._finish_rollback()

    def _finish_rollback(self) -> None:
        stack = self._stack
        failed = self._take_back("UPDATE_")
        if failed:
            stack.set_status(
                "UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: [{', '.join(failed)}]."
            )
            return
        stack.set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        stack.set_status("UPDATE_ROLLBACK_COMPLETE")

    def delete(self, retained: Sequence[str] = ()) -> None:
        """Delete the stack's resources, those that nothing depends on first; what is retained stays where it is."""
        stack = self._stack
        stack.set_status("DELETE_IN_PROGRESS", "User Initiated")
        for name in retained:
            stack.resources.pop(name, None)
        graph = stack.template.graph if stack.template else Graph({})
        resources = _last_first(list(stack.resources.values()), graph)
        failed: list[str] = []
        for resource, refusal, note in self._with_refusals(resources, graph, _kept_on_delete):
            waits_for_failed = any(
                other in graph.order and graph.depends(other, resource.logical_id) for other in failed
            )
            if waits_for_failed:
                continue
            if self._delete(resource, kept=_kept_on_delete(resource), refusal=refusal, note=note):
                stack.resources.pop(resource.logical_id)
            else:
                failed.append(resource.logical_id)
        for resource in stack.replaced.copy():
            if self._delete(resource, kept=resource.retained_on_replace):
                stack.replaced.remove(resource)
            else:
                failed.append(resource.logical_id)
        if failed:
            stack.set_status("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}].")
            return
        stack.outputs = {}
        stack.deleted = now()
        stack.set_status("DELETE_COMPLETE")

    def _leave(self) -> None:
        """Keep what failed where it is, for the next operation, since nothing is rolled back.

        A resource that was there before keeps its last known stable state, and one that was not is deleted next:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html.
        """
        stack = self._stack
        stack.replaced += self._replaced
        failure = self._failure
        if failure is None:
            return
        old = stack.resources.get(failure.logical_id)
        if old is None:
            stack.resources[failure.logical_id] = failure
            return
        stack.resources[failure.logical_id] = replace(old, status="UPDATE_FAILED")
        if failure.physical_id and failure.physical_id != old.physical_id:
            stack.replaced.append(replace(failure, definition={**failure.definition, **_update_replace_policy({})}))

    def _delete_what_never_was(self, graph: Graph) -> None:
        """Delete what an operation before failed to create; what cannot be deleted is left behind."""
        for resource in _last_first([each for each in self._stack.resources.values() if each.never_was], graph):
            self._delete(resource, kept=_kept_on_delete(resource))
            self._stack.resources.pop(resource.logical_id)

    def _adopt(self, target: Target) -> None:
        stack = self._stack
        stack.template = target.template
        stack.parameters = target.parameters
        stack.values = target.values
        stack.tags = target.tags
        stack.role_arn = target.role_arn

    def _evaluator(self, target: Target) -> Evaluator:
        return evaluator_of(self._stack, target.template, target.values, self._others)

    def _is_wanted(self, name: str, target: Target) -> bool:
        definition = target.template.resources.get(name)
        return definition is not None and self._evaluator(target).included(definition)

    def _carry_out(self, target: Target, changes: Sequence[Change]) -> str | None:
        """Create, update and replace what the template says; return the resource that failed."""
        stack = self._stack
        template = target.template
        self._tags = target.tags
        retagged = target.tags != stack.tags
        at_once = _AtOnce(template.graph)
        at_once.expect({change.logical_id: change.resource_type for change in changes if change.action != "Remove"})
        evaluator = self._evaluator(target)
        for name in template.graph.order:
            definition = template.resources[name]
            if not evaluator.included(definition):
                continue
            old = stack.resources.get(name)
            attempt = _Attempt(stack, name, definition, old, target.tags)
            try:
                properties = evaluator.value(definition.get("Properties", {}))
                same = old and old.model.properties == properties and old.status != "UPDATE_FAILED"
                if old and same and not (retagged and takes_stack_tags(definition["Type"], stack.region)):
                    stack.resources[name] = replace(old, definition=definition)
                    continue
                attempt.start(properties, at_once.slow(name, definition["Type"], properties))
                at_once.check(name)
                resource = attempt.make(properties)
            except (ResourceFailure, TemplateError) as failure:
                self._failed(attempt, failure)
                return name
            stack.resources[name] = resource
            self._undo.append(Undo(old, resource, attempt.replaces))
            if old and attempt.replaces:
                self._replaced.append(replace(old, definition={**old.definition, **_update_replace_policy(definition)}))
        try:
            self._set_outputs(evaluator, template)
        except TemplateError as error:
            stack.tell(stack.name, "AWS::CloudFormation::Stack", stack.stack_id, stack.status, str(error))
            return f"Outputs: {error}"
        return None

    def _failed(self, attempt: "_Attempt", failure: ResourceFailure | TemplateError) -> None:
        leftover = attempt.leftover(failure.leftover if isinstance(failure, ResourceFailure) else None)
        attempt.tell("FAILED", str(failure), leftover.physical_id if leftover else None)
        self._failure = leftover or attempt.nothing()
        if leftover:
            self._undo.append(Undo(attempt.old, leftover, attempt.replaces))

    def _set_outputs(self, evaluator: Evaluator, template: Template) -> None:
        outputs = {}
        for name, output in template.outputs.items():
            if not evaluator.included(output):
                continue
            outputs[name] = {"OutputKey": name, "OutputValue": _output_text(evaluator.value(output["Value"]))}
            if "Description" in output:
                outputs[name]["Description"] = output["Description"]
            if "Export" in output:
                outputs[name]["ExportName"] = str(evaluator.value(output["Export"]["Name"]))
        self._stack.outputs = outputs

    def _clean_up(self, removed: Iterable[str], graph: Graph) -> None:
        """Delete what was replaced or is no longer in the template; what cannot be deleted is left behind."""
        stack = self._stack
        gone, stack.replaced = [*stack.replaced, *self._replaced], []
        doomed = [*gone, *(stack.resources[name] for name in removed)]
        replaced = {id(resource) for resource in gone}

        def kept(resource: StackResource) -> bool:
            return resource.retained_on_replace if id(resource) in replaced else _kept_on_delete(resource)

        for resource, refusal, note in self._with_refusals(_last_first(doomed, graph), graph, kept):
            self._delete(resource, kept=kept(resource), refusal=refusal, note=note)
            if id(resource) not in replaced:
                stack.resources.pop(resource.logical_id)

    def _with_refusals(
        self, resources: Sequence[StackResource], graph: Graph, kept: Callable[[StackResource], bool]
    ) -> Iterable[tuple[StackResource, str | None, str | None]]:
        """Yield resources to delete, each with why AWS would not delete it now, and with why that takes long."""
        at_once = _AtOnce(graph)
        at_once.expect({r.logical_id: r.resource_type for r in resources if not kept(r)})
        for resource in resources:
            refusal = note = None
            if not kept(resource):
                note = at_once.slow(resource.logical_id, resource.resource_type, resource.model.properties)
                try:
                    at_once.check(resource.logical_id)
                except ResourceFailure as failure:
                    refusal = str(failure)
            yield resource, refusal, note

    def _delete(
        self, resource: StackResource, *, kept: bool, refusal: str | None = None, note: str | None = None
    ) -> bool:
        stack = self._stack
        identity = (resource.logical_id, resource.resource_type, resource.physical_id)
        if kept:
            stack.tell(*identity, "DELETE_SKIPPED")
            return True
        if not resource.physical_id:  # its creation failed before there was anything
            stack.tell(*identity, "DELETE_COMPLETE")
            return True
        stack.tell(*identity, "DELETE_IN_PROGRESS", note)
        if refusal:
            self._could_not_delete(resource, refusal)
            return False
        try:
            place = stack.place(resource.logical_id, resource.resource_type)
            with _no_surprises():
                _handler(resource.resource_type).delete(place, resource.model)
        except ResourceFailure as failure:
            # Gone already is as good as deleted: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/
            # resource-type-test-contract.html, "delete handlers"
            if failure.code != "NotFound":
                self._could_not_delete(resource, str(failure))
                return False
        stack.tell(*identity, "DELETE_COMPLETE")
        return True

    def _could_not_delete(self, resource: StackResource, reason: str) -> None:
        name, stack = resource.logical_id, self._stack
        stack.tell(name, resource.resource_type, resource.physical_id, "DELETE_FAILED", reason)
        if stack.resources.get(name) is resource:
            stack.resources[name] = replace(resource, status="DELETE_FAILED")

    def _take_back(self, prefix: str) -> list[str]:
        """Undo the steps of an operation, the last first; return the resources that could not be."""
        stack = self._stack
        failed = []
        for undo in reversed(self._undo.copy()):
            resource = undo.after
            if undo.before is None or undo.replaced:
                done = self._delete(resource, kept=resource.retained_on_delete)
                if undo.before:
                    stack.resources[resource.logical_id] = undo.before
                elif done:
                    stack.resources.pop(resource.logical_id, None)
            else:
                done = self._restore(undo.before, resource)
            if done:
                self._undo.remove(undo)
            else:
                failed.append(resource.logical_id)
                if prefix:
                    break
        return failed

    def _restore(self, before: StackResource, after: StackResource) -> bool:
        """Update a resource back to what it was."""
        stack = self._stack
        identity = (before.logical_id, before.resource_type, after.physical_id)
        stack.tell(*identity, "UPDATE_IN_PROGRESS")
        try:
            place = stack.place(before.logical_id, before.resource_type, stack.tags, self._tags)
            with _no_surprises():
                model = _handler(before.resource_type).update(place, after.model, before.model.properties)
        except ResourceFailure as failure:
            stack.tell(*identity, "UPDATE_FAILED", str(failure))
            stack.resources[before.logical_id] = replace(after, status="UPDATE_FAILED")
            return False
        stack.tell(*identity, "UPDATE_COMPLETE")
        stack.resources[before.logical_id] = replace(before, model=model, status="UPDATE_COMPLETE", changed=now())
        return True


class _Attempt:
    """The creation, update or replacement of one resource."""

    def __init__(
        self,
        stack: Stack,
        logical_id: str,
        definition: Mapping[str, Any],
        old: StackResource | None,
        tags: Mapping[str, str],
    ) -> None:
        self.old = old
        self.replaces = False
        self._tags = tags
        self._stack = stack
        self._logical_id = logical_id
        self._definition = definition
        self._properties: Properties = {}
        self._verb = "UPDATE" if old else "CREATE"

    @property
    def _type(self) -> str:
        return str(self._definition["Type"])

    def tell(self, phase: str, reason: str | None = None, physical_id: str | None = None) -> None:
        known = physical_id or (self.old.physical_id if self.old else None)
        self._stack.tell(self._logical_id, self._type, known, f"{self._verb}_{phase}", reason)

    def start(self, properties: Properties, note: str | None = None) -> None:
        """Say that it begins, unless what is asked for is nothing that AWS accepts."""
        self._properties = properties
        if self.old:
            self.replaces = bool(create_only(self._type, self._stack.region, self.old.model.properties, properties))
        if self.replaces:
            self.tell(
                "IN_PROGRESS", "Requested update requires the creation of a new physical resource; hence creating one."
            )
        else:
            self.tell("IN_PROGRESS", note)
        check_properties(self._logical_id, self._type, self._stack.region, properties)

    def make(self, properties: Properties) -> StackResource:
        """Create or update it."""
        place = self._stack.place(self._logical_id, self._type, self._tags, self._stack.tags)
        handler = _handler(self._type)
        with _no_surprises():
            if self.old and not self.replaces:
                model = handler.update(place, self.old.model, properties)
            else:
                model = handler.create(place, properties)
        resource = self._resource(model, "COMPLETE")
        if self.old and resource.physical_id != self.old.physical_id:
            self.replaces = True  # a custom resource tells by a new physical id that it was replaced
        self.tell("COMPLETE", physical_id=resource.physical_id)
        return resource

    def _resource(self, model: Model, phase: str) -> StackResource:
        physical_id = physical_id_of(self._type, self._stack.region, model)
        status = f"{self._verb}_{phase}"
        return StackResource(self._logical_id, self._type, self._definition, model, physical_id, status)

    def leftover(self, model: Model | None) -> StackResource | None:
        """Return what a failed attempt leaves to be rolled back: half a resource, or a changed one."""
        if model is not None:
            return self._resource(model, "FAILED")
        if self.old and self._properties and not self.replaces:
            return replace(
                self.old, model=Model(self._properties, self.old.model.attributes, self.old.model.physical_id)
            )
        return None

    def nothing(self) -> StackResource:
        """Return what stands in the stack for a resource that could not be created, and of which there is nothing."""
        return StackResource(
            self._logical_id, self._type, self._definition, Model(self._properties), "", f"{self._verb}_FAILED"
        )


class _AtOnce:
    """What AWS does not do at the same time, in one operation on one stack.

    AWS Organizations refuses a change while another one is made. The handlers try again: what creates something for
    the few seconds that the SDK tries, everything else two times more, 15 to 45 seconds later. Whether that is enough
    depends on how long the other change takes, so AWS sometimes fails there, and the local AWS always does; AWS's
    advice is a DependsOn (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
    aws-resource-organizations-account.html). IAM Identity Center refuses a second assignment of an account as well, but
    there the handler goes on trying every 60 to 300 seconds: AWS is slow, and does not fail.

    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-sso
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._refused: dict[str, str] = {}
        self._one_too_many: dict[str, int] = {}
        self._last_of_account: dict[str, str] = {}

    def expect(self, types: Mapping[str, str]) -> None:
        """Take the resources that are to change, by their types."""
        known = {name: kind for name, kind in types.items() if name in self._graph.dependencies}
        changing = [name for name, kind in known.items() if kind.startswith(ORGANIZATIONS)]
        unordered = self._graph.first_unordered(changing)
        if unordered:
            earlier, later = unordered
            self._refused[later] = f"{later} would run while {earlier} does: neither depends on the other"
        assignments = self._graph.most_at_once(name for name, kind in known.items() if kind == ASSIGNMENT)
        for name in assignments[ASSIGNMENTS_AT_ONCE:]:
            self._one_too_many[name] = len(assignments)

    def check(self, name: str) -> None:
        """Refuse a resource that would be changed while another one is that must not be."""
        if name in self._refused:
            raise ResourceFailure(
                "ResourceConflict", said_by("Organizations", _CONFLICT), note=f"{self._refused[name]}; add a DependsOn"
            )

    def slow(self, name: str, resource_type: str, properties: Properties) -> str | None:
        """Say why AWS takes long for an assignment, if it does."""
        if resource_type != ASSIGNMENT or name not in self._graph.dependencies:
            return None
        account = properties["TargetId"]
        last = self._last_of_account.get(account)
        self._last_of_account[account] = name
        if last and not self._graph.depends(name, last) and not self._graph.depends(last, name):
            why = f"{last} is of account {account} too, and neither depends on the other"
        elif name in self._one_too_many:
            count = self._one_too_many[name]
            why = f"{count} assignments are under way at once, and at most {ASSIGNMENTS_AT_ONCE} may be"
        else:
            return None
        return f"[local AWS: {why}; AWS tries this one again every 60 to 300 seconds until it can. add a DependsOn]"


@contextmanager
def _no_surprises() -> Iterator[None]:
    """Let whatever a handler stumbles over fail its resource: a stack left in progress would be waited for for ever."""
    try:
        yield
    except ResourceFailure:
        raise
    except Exception as error:
        _logger.exception("the local AWS cannot do what a resource asks for")
        raise ResourceFailure("InternalFailure", f"the local AWS: {type(error).__name__}: {error}") from error


def _handler(resource_type: str) -> Handler:
    handler = handler_of(resource_type)
    if handler is None:
        raise ResourceFailure("InternalFailure", f"this local AWS does not provide {resource_type}")
    return handler


def _kept_on_delete(resource: StackResource) -> bool:
    return resource.retained_on_delete if resource.never_was else resource.kept_after_first_deploy


def _update_replace_policy(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {"UpdateReplacePolicy": definition.get("UpdateReplacePolicy", "Delete")}


def _last_first(resources: Sequence[StackResource], graph: Graph) -> list[StackResource]:
    place = {name: number for number, name in enumerate(graph.order)}
    return sorted(resources, key=lambda resource: place.get(resource.logical_id, len(place)), reverse=True)


def _output_text(value: Value) -> str:
    if not isinstance(value, (str, int, float, bool)):
        raise TemplateError("Template format error: Output values must be strings")
    return str(value).lower() if isinstance(value, bool) else str(value)
