"""What a template would change in a stack: what a change set shows, and what the order of changes is checked by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

from org_constructs.rehearsal.local_aws.resources import handler_of
from org_constructs.rehearsal.local_aws.values import Value

from .schema import exists, schema_of
from .stack import Stack
from .template import Evaluator, OtherStacks, Template, TemplateError

TYPES_WITHOUT_SCHEMA: Final = ("Custom::", "AWS::CDK::Metadata", "AWS::CloudFormation::CustomResource")


@dataclass(frozen=True)
class Change:
    """What would happen to one resource."""

    logical_id: str
    resource_type: str
    action: str
    """Add, Modify or Remove."""
    physical_id: str | None = None
    properties: tuple[str, ...] = ()
    """The properties that differ, of a Modify."""
    create_only: tuple[str, ...] = ()
    """Those of them that only a new resource can have."""
    metadata: bool = False
    """Whether its metadata differ."""
    tags: bool = False
    """Whether the stack's tags, which are its own too, differ."""

    @property
    def replaces(self) -> bool:
        """Whether the resource is replaced."""
        return bool(self.create_only)

    def as_api(self) -> dict[str, Any]:
        """Return the change as DescribeChangeSet tells it."""
        change: dict[str, Any] = {
            "Action": self.action,
            "LogicalResourceId": self.logical_id,
            "ResourceType": self.resource_type,
            "Scope": [],
            "Details": [],
        }
        if self.physical_id is not None:
            change["PhysicalResourceId"] = self.physical_id
        if self.action == "Modify":
            change["Replacement"] = "True" if self.replaces else "False"
            whole = [name for name, differs in (("Metadata", self.metadata), ("Tags", self.tags)) if differs]
            change["Scope"] = [*(["Properties"] if self.properties else []), *whole]
            change["Details"] = [
                *(
                    _detail({"Attribute": "Properties", "Name": name}, always=name in self.create_only)
                    for name in self.properties
                ),
                *(_detail({"Attribute": name}, always=False) for name in whole),
            ]
        return {"Type": "Resource", "ResourceChange": change}


def _detail(target: dict[str, str], *, always: bool) -> dict[str, Any]:
    return {
        "Target": {**target, "RequiresRecreation": "Always" if always else "Never"},
        "Evaluation": "Static",
        "ChangeSource": "DirectModification",
    }


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the properties that two states of a resource differ in."""
    return tuple(name for name in {**old, **new} if name not in old or name not in new or old[name] != new[name])


def create_only(resource_type: str, region: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the properties that differ, and that only a new resource can have, or a part of them that differs."""
    schema = schema_of(resource_type, region)
    changed = {path.split("/")[0]: _at(old, path) != _at(new, path) for path in (schema.create_only if schema else ())}
    return tuple(name for name in differing(old, new) if changed.get(name))


def _at(value: Value, path: str) -> Value:
    """Return what is at a path of properties; of a list, all of it."""
    for name in path.split("/"):
        if not isinstance(value, Mapping):
            break
        value = value.get(name)
    return value


def takes_stack_tags(resource_type: str, region: str) -> bool:
    """Tell whether a stack's tags are a resource's; moto's models of the others do not take them."""
    schema = schema_of(resource_type, region)
    return schema is not None and schema.taggable and resource_type.startswith(("AWS::Organizations::", "AWS::SSO::"))


def plan(
    stack: Stack,
    template: Template,
    values: Mapping[str, Any],
    others: OtherStacks,
    tags: Mapping[str, str] | None = None,
) -> list[Change]:
    """Return what the template, and the stack's tags if they are given, would change, in the order of dependencies.

    Raises:
        TemplateError: if a resource's type does not exist in the region, is not provided here, or changes.
    """
    unknown: set[str] = set()  # resources whose ids and attributes are not known before the change is made

    def ref(name: str) -> Value:
        return f"\0{name}" if name in unknown else stack.resources[name].physical_id

    def get_att(name: str, attribute: str) -> Value:
        if name in unknown:
            return f"\0{name}.{attribute}"
        return attribute_of(stack, name, attribute)

    outside = OtherStacks(_unless_missing(others.exported), _unless_missing(others.output))
    evaluator = Evaluator(template, {**stack.pseudo_parameters(), **values}, ref, get_att, outside)
    changes = []
    kept = set()
    for name in template.graph.order:
        definition = template.resources[name]
        if not evaluator.included(definition):
            continue
        resource_type = definition["Type"]
        _check_type(resource_type, stack.region)
        kept.add(name)
        old = stack.resources.get(name)
        if old is None or old.never_was:
            unknown.add(name)
            changes.append(Change(name, resource_type, "Add"))
            continue
        if old.resource_type != resource_type:
            raise TemplateError(
                "Update of resource type is not permitted. The new template modifies resource type of the following "
                f"resources: [{name}]"
            )
        properties = evaluator.value(definition.get("Properties", {}))
        names = differing(old.model.properties, properties)
        metadata = old.definition.get("Metadata") != definition.get("Metadata")
        retagged = tags is not None and tags != stack.tags and takes_stack_tags(resource_type, stack.region)
        if names or metadata or retagged or old.status == "UPDATE_FAILED":
            replaced_by = create_only(resource_type, stack.region, old.model.properties, properties)
            change = Change(name, resource_type, "Modify", old.physical_id, names, replaced_by, metadata, retagged)
            changes.append(change)
            if change.replaces:
                unknown.add(name)
    removed = [
        Change(name, resource.resource_type, "Remove", resource.physical_id)
        for name, resource in stack.resources.items()
        if name not in kept
    ]
    return changes + removed


def evaluator_of(stack: Stack, template: Template, values: Mapping[str, Any], others: OtherStacks) -> Evaluator:
    """Return what evaluates a template, given the resources that a stack has by now."""

    def ref(name: str) -> Value:
        if name not in stack.resources:
            raise TemplateError(f"Unresolved resource dependencies [{name}] in the template")
        return stack.resources[name].physical_id

    return Evaluator(template, {**stack.pseudo_parameters(), **values}, ref, partial(attribute_of, stack), others)


def _unless_missing(find: Callable[..., str]) -> Callable[..., str]:
    """Find what another stack gives; where it does not yet, the change fails when it is made, and not before."""

    def found(*names: str) -> str:
        try:
            return find(*names)
        except TemplateError:
            return f"\0{'.'.join(names)}"

    return found


def attribute_of(stack: Stack, name: str, attribute: str) -> Value:
    """Return what Fn::GetAtt is of a resource that exists.

    Raises:
        TemplateError: if there is no such resource or attribute.
    """
    resource = stack.resources.get(name)
    if resource is None:
        raise TemplateError(f"Unresolved resource dependencies [{name}] in the template")
    attributes = resource.model.attributes
    if "moto" in attributes:
        try:
            return attributes["moto"].get_cfn_attribute(attribute)
        except (UnformattedGetAttTemplateException, NotImplementedError) as error:
            message = f"Requested attribute {attribute} of {name} is not provided by this local AWS"
            raise TemplateError(message) from error
    if attribute not in attributes:
        if resource.resource_type.startswith("Custom::"):
            raise TemplateError(
                f"CustomResource attribute error: Vendor response doesn't contain {attribute} attribute"
            )
        raise TemplateError(f"Requested attribute {attribute} does not exist in schema for {resource.resource_type}")
    return attributes[attribute]


def check_properties(name: str, resource_type: str, region: str, properties: dict[str, Any]) -> None:
    """Refuse what AWS does not accept of a resource.

    Raises:
        TemplateError: The schema of its type says so.
    """
    schema = schema_of(resource_type, region)
    if schema and (problems := list(schema.problems(properties))):
        raise TemplateError(f"Properties validation failed for resource {name} with message:\n[{', '.join(problems)}]")


def _check_type(resource_type: str, region: str) -> None:
    if not resource_type.startswith(TYPES_WITHOUT_SCHEMA) and not exists(resource_type, region):
        raise TemplateError(
            f"Template format error: Unrecognized resource types: [{resource_type}] (it does not exist in {region})"
        )
    if handler_of(resource_type) is None:
        raise TemplateError(f"this local AWS does not provide the resource type {resource_type}")
