"""The resources of templates, and what their values are without a deploy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from org_constructs.aws import resource_types
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import Stack, values_of
from org_constructs.templates.values import Unknown, Value, as_json, from_json


@dataclass(frozen=True)
class Resource:
    """A resource of a template."""

    stack: Stack
    logical_id: str
    type: str
    properties: Mapping[str, Value]

    @property
    def tags(self) -> list[dict[str, str]]:
        """The tags that a deploy gives to it: its own and, where those do not say otherwise, its stack's.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
        """
        own = self.properties.get("Tags") or []
        named = {tag["Key"] for tag in own}
        return [*own, *({"Key": key, "Value": self.stack.tags[key]} for key in self.stack.tags if key not in named)]

    @property
    def joined(self) -> tuple[Value, ...]:
        """What a membership joins: group and user; an assignment: account, permission set and principal."""
        match self.type:
            case resource_types.MEMBERSHIP:
                return self.properties["GroupId"], self.properties["MemberId"]["UserId"]
            case resource_types.ASSIGNMENT:
                return tuple(self.properties[key] for key in ("TargetId", "PermissionSetArn", "PrincipalId"))
        return ()

    @property
    def shown(self) -> str:
        """How to speak of it."""
        return f"{self.logical_id} of stack {self.stack.id!r}"


class Templates:
    """The templates of an organization's stacks."""

    def __init__(self, stacks: Sequence[Stack], account_id: Callable[[], str]) -> None:
        """Take the stacks, and what says which account they are deployed to."""
        self._stacks = {stack.id: stack for stack in stacks}
        self._values = values_of(stacks, lambda _stack: account_id())
        self._by_name = {stack.name: stack for stack in stacks}
        self.literals = frozenset(text for stack in stacks for text in _texts(stack.template))
        """Every text in the templates: what is named by its id is among them."""

    def resources(self, resource_type: str) -> Iterator[Resource]:
        """Yield the resources of a type, in the order of the templates."""
        for stack in self._stacks.values():
            for logical_id, found in self._values.resources(stack.name).items():
                if found["Type"] == resource_type:
                    properties = self._values.properties(stack.name, logical_id)
                    yield Resource(stack, logical_id, resource_type, properties)

    def outputs_used(self, stack: Stack) -> frozenset[tuple[str, str]]:
        """Return the outputs of other stacks that a stack refers to, as the stack's id and the output's name."""
        return frozenset(self._outputs_used(stack, stack.defined))

    def _outputs_used(self, stack: Stack, value: Value) -> Iterator[tuple[str, str]]:
        if (found := self._values.output_of(stack.name, value)) is not None:
            name, output = found
            yield self._by_name[name].id, output
        elif isinstance(value, Mapping):
            for item in value.values():
                yield from self._outputs_used(stack, item)
        elif isinstance(value, list):
            for item in value:
                yield from self._outputs_used(stack, item)

    def text(self, resource: Resource, name: str) -> str:
        """Return a property that is a text.

        Raises:
            Refusal: Only a deploy knows it.
        """
        value = resource.properties[name]
        if not isinstance(value, str):
            raise Refusal(
                "property-unknown",
                f"{resource.shown} must have a {name} that is known at synth, got {as_json(value)}, which is known"
                " only during the deploy",
            )
        return value

    def document(self, resource: Resource, name: str) -> Value:
        """Return a policy document as JSON; what only a deploy knows stays as it is, and differs from all there is."""
        document = resource.properties.get(name)
        try:
            return from_json(document) if document else None
        except ValueError:
            return document

    def referred(self, value: Value) -> tuple[Resource | None, str]:
        """Return the resource that a value of a property refers to, if any, and the attribute; empty for its Ref."""
        reference = value.reference if isinstance(value, Unknown) else None
        if reference is None or (found := self.resource(reference.stack, reference.name)) is None:
            return None, ""
        return found, reference.attribute

    def resource(self, stack: str, logical_id: str) -> Resource | None:
        """Return a resource by the name of its stack and its own; None where there is none."""
        found = self._values.resources(stack).get(logical_id)
        if found is None:
            return None
        return Resource(self._by_name[stack], logical_id, found["Type"], self._values.properties(stack, logical_id))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 (JSON)
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
