"""The resources of templates, and what their values are without a deploy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from org_constructs.aws.regions import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from org_constructs.templates.assembly import Stack


@dataclass(frozen=True)
class Resource:
    """A resource of a template."""

    stack: Stack
    logical_id: str
    type: str
    properties: Mapping[str, Any]

    @property
    def shown(self) -> str:
        """How to speak of it."""
        return f"{self.logical_id} of stack {self.stack.id!r}"


class Templates:
    """The templates of an organization's stacks."""

    def __init__(self, stacks: Sequence[Stack], account_id: Callable[[], str]) -> None:
        """Take the stacks, and what says which account they are deployed to."""
        self._stacks = {stack.id: stack for stack in stacks}
        self._account_id = account_id
        self._exports = {
            output["Export"]["Name"]: (stack.id, name)
            for stack in stacks
            for name, output in stack.template.get("Outputs", {}).items()
            if isinstance(output.get("Export", {}).get("Name"), str)
        }
        self.literals = frozenset(text for stack in stacks for text in _texts(stack.template))
        """Every text in the templates: what is named by its id is among them."""

    def resources(self, resource_type: str) -> Iterator[Resource]:
        """Yield the resources of a type, in the order of the templates."""
        for stack in self._stacks.values():
            for logical_id, resource in stack.template.get("Resources", {}).items():
                if resource["Type"] == resource_type:
                    yield Resource(stack, logical_id, resource_type, resource.get("Properties", {}))

    def outputs_used(self, stack: Stack) -> frozenset[tuple[str, str]]:
        """Return the outputs of other stacks that a stack refers to, as the stack's id and the output's name."""
        return frozenset(self._outputs_used(stack.template.get("Resources", {})))

    def _outputs_used(self, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 (JSON)
        if (found := self._output(value)) is not None:
            yield found
        elif isinstance(value, Mapping):
            for item in value.values():
                yield from self._outputs_used(item)
        elif isinstance(value, list):
            for item in value:
                yield from self._outputs_used(item)

    def text(self, resource: Resource, name: str) -> str:
        """Return a property that is a text.

        Raises:
            ValueError: Only a deploy knows it.
        """
        value = self.evaluated(resource, resource.properties[name])
        if value is None:
            raise ValueError(
                f"{resource.shown} must have a {name} that is known at synth, got"
                f" {json.dumps(resource.properties[name])}; only a deploy knows what that is"
            )
        return value

    def document(self, resource: Resource, name: str) -> Any:  # noqa: ANN401 (JSON)
        """Return a policy document as JSON; what only a deploy knows stays as it is, and differs from all there is."""
        document = resource.properties.get(name)
        if not isinstance(document, str):
            return document or None
        try:
            return json.loads(document) if document else None
        except ValueError:
            return document

    def evaluated(self, resource: Resource, value: Any) -> str | None:  # noqa: ANN401 (JSON)
        """Return a text of the template; None where only a deploy knows it."""
        _, value = self._where(resource.stack.id, value)
        match value:
            case str():
                return value
            case {"Ref": "AWS::Partition"}:
                return partition_of(resource.stack.region or "").name
            case {"Ref": "AWS::Region"}:
                return resource.stack.region
            case {"Ref": "AWS::AccountId"}:
                return self._account_id()
            case {"Fn::Join": [str(separator), [*values]]}:
                parts = [self.evaluated(resource, part) for part in values]
                return None if None in parts else separator.join(part for part in parts if part is not None)
        return None

    def referred(self, resource: Resource, value: Any) -> tuple[Resource | None, str]:  # noqa: ANN401 (JSON)
        """Return the resource that a value refers to, if any, and the attribute of it; empty for its Ref."""
        stack_id, value = self._where(resource.stack.id, value)
        match value:
            case {"Ref": str(logical_id)}:
                return self._resource(stack_id, logical_id), ""
            case {"Fn::GetAtt": [str(logical_id), str(attribute)]}:
                return self._resource(stack_id, logical_id), attribute
        return None, ""

    def _where(self, stack_id: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 (JSON)
        """Return the stack in which a value is made, and how it is written there."""
        if (output := self._output(value)) is None:
            return stack_id, value
        made_by, name = output
        return made_by, self._stacks[made_by].template["Outputs"][name]["Value"]

    def _output(self, value: Any) -> tuple[str, str] | None:  # noqa: ANN401 (JSON)
        """Return the stack and the name of the output that a value is, if it is one."""
        match value:
            case {"Fn::ImportValue": str(name)}:
                return self._exports.get(name)
            case {"Fn::GetStackOutput": {"StackName": str(stack_name), "OutputName": str(name)}}:
                for stack in self._stacks.values():
                    if stack.name == stack_name and name in stack.template.get("Outputs", {}):
                        return stack.id, name
        return None

    def _resource(self, stack_id: str, logical_id: str) -> Resource | None:
        stack = self._stacks[stack_id]
        found = stack.template.get("Resources", {}).get(logical_id)
        return found and Resource(stack, logical_id, found["Type"], found.get("Properties", {}))


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
