"""What a new organization takes of an app: the assembly of its first deploy, made from the assembly of the whole.

In a new organization no type of policies is enabled, and IAM Identity Center is not there before somebody enables it in
the console. So a first deploy is without both, and without what refers to them.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from org_constructs.templates.assembly import Stack, read_stacks, values_of

if TYPE_CHECKING:
    from pathlib import Path


_NEXT_DEPLOY: Final = re.compile(r"AWS::(SSO|IdentityStore)::.+|AWS::Organizations::Policy|Custom::IdentityStoreUser")
_PARTS: Final = frozenset({"AWS::IAM::Policy", "AWS::Lambda::Permission", "AWS::Logs::LogGroup"})
"""The types of what is a part of the function or the role that it refers to."""

_SAYS_NOTHING: Final = "AWS::CDK::Metadata"
_OF_THE_WHOLE: Final = frozenset({"StartUrl", "NextSteps"})
"""The outputs by which `OrgBaseline` says what to do once everything is there."""

_Resource = tuple[str, str]
"""A resource by the names of its stack and its own in it."""


def creates_organization(stacks: Sequence[Stack]) -> bool:
    """Tell whether a deploy of the stacks begins with an AWS account that is in no organization."""
    return any(each["Type"] == "AWS::Organizations::Organization" for stack in stacks for each in stack.resources())


def first_deploy(stacks: Sequence[Stack], assembly: Path, folder: Path) -> tuple[Stack, ...]:
    """Write the assembly of the first deploy.

    Args:
        stacks: The stacks of the app that are deployed.
        assembly: The assembly that they are in, which stays as it is.
        folder: Where to write; nothing is there yet.

    Returns:
        Of the stacks those that are left, as the first deploy has them; as they were, and nothing is written, if a new
        organization takes all of them.
    """
    templates = _without_what_comes_later(stacks)
    if all(template == stack.template for stack, template in zip(stacks, templates, strict=True)):
        return tuple(stacks)
    shutil.copytree(assembly, folder)
    left = set[str]()
    for stack, template in zip(stacks, templates, strict=True):
        if template != stack.template:
            _write(template, folder / stack.template_file.relative_to(assembly))
        if any(each["Type"] != _SAYS_NOTHING for each in replace(stack, template=template).defined.values()):
            left.add(stack.id)
    return tuple(stack for stack in read_stacks(folder) if stack.id in left)


def _write(template: Mapping[str, Any], file: Path) -> None:
    """Write a template; where it is stored as an asset, under a name of its own there: what is stored stays."""
    before, text = file.read_bytes(), json.dumps(template, indent=1).encode()
    file.write_bytes(text)
    for listed in file.parent.glob("*.assets.json"):
        for asset, described in json.loads(listed.read_bytes()).get("files", {}).items():
            if described["source"].get("path") == file.name:
                name = hashlib.sha256(before + text).hexdigest()
                for each in (listed, file.parent / "manifest.json"):
                    each.write_text(each.read_text(encoding="utf-8").replace(asset, name), encoding="utf-8")


def _without_what_comes_later(stacks: Sequence[Stack]) -> list[dict[str, Any]]:
    graph = _Graph(stacks)
    later = graph.later()
    return [
        _template(stack, graph, later) if graph.of(stack.name) & later else dict(stack.template) for stack in stacks
    ]


def _template(stack: Stack, graph: _Graph, later: set[_Resource]) -> dict[str, Any]:
    resources = {
        logical_id: graph.depending_anew(stack.name, logical_id, later)
        for logical_id in stack.defined
        if (stack.name, logical_id) not in later
    }
    outputs = {
        name: output
        for name, output in stack.template.get("Outputs", {}).items()
        if name not in _OF_THE_WHOLE and not graph.referred(stack.name, output) & later
    }
    return {**stack.template, "Resources": resources, "Outputs": outputs}


def _is_later(stack: Stack, definition: Mapping[str, Any]) -> bool:
    """Tell whether a resource, or something in a nested stack, is what a new organization does not take."""
    nested = stack.nested_templates.get(stack.folder / definition.get("Metadata", {}).get("aws:asset:path", ""), {})
    inside = replace(stack, template=nested).defined.values()
    return bool(_NEXT_DEPLOY.fullmatch(definition["Type"])) or any(_is_later(stack, each) for each in inside)


class _Graph:
    """What refers to what, in and between the stacks."""

    def __init__(self, stacks: Sequence[Stack]) -> None:
        self._values = values_of(stacks)
        self._definitions: dict[_Resource, Mapping[str, Any]] = {}
        self._later: set[_Resource] = set()
        for stack in stacks:
            for logical_id, definition in stack.defined.items():
                self._definitions[stack.name, logical_id] = definition
                if _is_later(stack, definition):
                    self._later.add((stack.name, logical_id))
        self._references = {
            (stack_name, logical_id): self.referred(stack_name, definition.get("Properties", {}))
            for (stack_name, logical_id), definition in self._definitions.items()
        }

    def of(self, stack_name: str) -> set[_Resource]:
        """Return the resources of a stack."""
        return {each for each in self._definitions if each[0] == stack_name}

    def referred(self, stack_name: str, value: object) -> set[_Resource]:
        """Return the resources that a value needs."""
        found = ((each.stack, each.name) for each in self._values.references(stack_name, value))
        return {each for each in found if each in self._definitions}

    def later(self) -> set[_Resource]:
        """Return the resources that come with the next deploy."""
        later = set(self._later)
        later |= self._for_nothing_else(later)
        while more := {each for each, referred in self._references.items() if referred & later} - later:
            later |= more
        return later

    def _for_nothing_else(self, later: set[_Resource]) -> set[_Resource]:
        """Return what is there for the users of custom resources alone: their function and its role."""
        organization = {each for each in self._definitions if self._type(each).startswith("AWS::Organizations::")}
        helpers = set[_Resource]()
        found = {each for each in later if self._type(each).startswith("Custom::")}
        while found:
            helpers |= found - later
            needed = {one for each in found for one in self._references[each] | self._waits_for(each)}
            parts = {
                each for each in self._definitions if self._type(each) in _PARTS and self._references[each] & helpers
            }
            found = (needed | parts) - helpers - later - organization
        while kept := {
            needed
            for each, referred in self._references.items()
            if each not in later | helpers
            for needed in referred & helpers
        }:
            helpers -= kept
        return helpers

    def depending_anew(self, stack_name: str, logical_id: str, later: set[_Resource]) -> Mapping[str, Any]:
        """Return a resource that waits for what the resources which come later would wait for, instead of them."""
        itself = (stack_name, logical_id)
        definition = self._definitions[itself]
        waits = self._waits_for(itself)
        if not waits & later:
            return definition
        instead = {each for each in waits if each not in later}
        instead |= self._before(waits & later) - later
        # One dependency says all that follows from it.
        implied = self._references[itself] | self._before(instead | self._references[itself])
        names = sorted(name for _, name in instead - implied)
        without = {key: value for key, value in definition.items() if key != "DependsOn"}
        return {**without, "DependsOn": names} if names else without

    def _type(self, resource: _Resource) -> str:
        return str(self._definitions[resource]["Type"])

    def _before(self, resources: set[_Resource]) -> set[_Resource]:
        """Return all that comes to exist before any of the resources."""
        before = set[_Resource]()
        waiting = list(resources)
        while waiting:
            each = waiting.pop()
            more = (self._references[each] | self._waits_for(each)) - before
            before |= more
            waiting += more
        return before

    def _waits_for(self, resource: _Resource) -> set[_Resource]:
        depends_on = self._definitions[resource].get("DependsOn", [])
        names = [depends_on] if isinstance(depends_on, str) else depends_on
        return {(resource[0], name) for name in names if (resource[0], name) in self._definitions}
