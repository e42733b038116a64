"""How a stack takes over what exists: a resource mapping for `cdk import`, and what has to be done around it.

https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-import.html
"""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Final

from org_constructs.refusal import Refusal

from . import TYPES, Gain, Match, Matcher, State, Unknown
from .closing import denied_by_deploy
from .updates import Removal, changed, removals

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.live.organization import Account as LiveAccount
    from org_constructs.live.organization import LiveOrganization
    from org_constructs.live.organization import Stack as LiveStack
    from org_constructs.templates.assembly import Stack

CONFIRMED_IMPORTS: Final = frozenset({"AWS::Organizations::Account", "AWS::Organizations::OrganizationalUnit"})
"""The types of which users and AWS Support have said that CloudFormation imports them.

The others have what an import needs, a primary identifier and a read handler in their published schema, but nobody is
known to have said that it works.
"""

CONFIRMATIONS: Final = (
    "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1411",
    "https://github.com/awsdocs/aws-cloudformation-user-guide/pull/1325",
)
"""Where they said so."""
_UNMADE: Final = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})
_PAUSED: Final = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """What a stack can take over, and what stands against it."""

    stack: Stack
    matches: tuple[Match, ...]
    """The resources of the stack, type by type."""

    unknown: tuple[Unknown, ...]
    """What exists and no template knows."""

    gains: tuple[Gain, ...]
    """Who gets access by a deploy because of a group that exists, and is not named for it."""

    denied: tuple[LiveAccount, ...]
    """The accounts of others that are denied everything by a deploy, as they are in the unit of those closing."""

    there: LiveStack | None
    """The stack as CloudFormation has it; None where there is none."""

    deployed: Stack
    """The stack with the template that it was deployed with; an empty one where there is none."""

    removals: tuple[Removal, ...] = ()
    """What a deploy takes out of the stack."""

    waits_for: tuple[str, ...] = ()
    """The ids of the stacks that come before it, and are not deployed as far as it needs them."""

    later: tuple[str, ...] = ()
    """The ids of the stacks that come after it."""

    def of(self, state: State) -> tuple[Match, ...]:
        """Return the resources in a state."""
        return tuple(match for match in self.matches if match.state is state)

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        """The resource mapping of `cdk import`: primary identifiers by logical id."""
        return {match.logical_id: dict(match.identifier) for match in self.of(State.ADOPTED)}

    @property
    def is_replaced(self) -> bool:
        """Whether the stack is a name that holds nothing, as a creation that failed leaves it.

        `cdk import` takes the template of such a stack for its resources, and then finds nothing to import.
        """
        return self.there is not None and self.there.status in _UNMADE and not self.there.resources

    @property
    def is_paused(self) -> bool:
        """Whether a deploy with `--no-rollback` failed: the stack keeps what was made, and can be gone on with."""
        return _is_paused(self.there)

    @property
    def is_blocked(self) -> bool:
        """Whether something is in the way or ambiguous, so that a deploy after the import would fail."""
        return bool(self.of(State.IN_THE_WAY) or self.of(State.AMBIGUOUS))

    def import_template(self) -> Mapping[str, Any]:
        """Return the template to import with: the stack's, or one that says what is there now.

        CloudFormation does not compare what it imports with the template; what differs would stay so, and no deploy
        would notice. So the import says what is there, and the next deploy changes it. Nor can an imported resource
        wait for one that does not exist yet. A stack that a failed deploy left unfinished takes no import: the
        template is then of what it holds, to finish it with.
        """
        template = copy.deepcopy({**self.stack.template, "Resources": self.stack.defined})
        resources = template["Resources"]
        if paused := self.there if self.is_paused else None:
            template = {"Resources": {name: each for name, each in resources.items() if name in paused.resources}}
        here = {match.logical_id for match in self.of(State.DEPLOYED)}
        here |= template["Resources"].keys() if paused else self.mapping.keys()
        for match in self.of(State.DEPLOYED if paused else State.ADOPTED):
            resource = resources[match.logical_id]
            properties = resource.setdefault("Properties", {})
            for difference in match.differences:
                if difference.found is None:
                    properties.pop(difference.property, None)
                else:
                    properties[difference.property] = difference.found
            depends_on = resource.get("DependsOn", [])
            waits = [depends_on] if isinstance(depends_on, str) else depends_on
            if not here.issuperset(waits):
                resource["DependsOn"] = [name for name in waits if name in here]
        return template


def plan_adoption(
    stacks: Sequence[Stack], stack: Stack, live: LiveOrganization, announce: Callable[[str], None] = lambda _: None
) -> Adoption:
    """Look at what exists of a stack's resources.

    Args:
        stacks: The stacks of the organization, to which the stack's resources may refer.
        stack: The one that shall take over what exists.
        live: Where to look.
        announce: Told each resource type before it is looked at.

    Raises:
        Refusal: As `Matcher.matches`.
        botocore.exceptions.ClientError: As `Matcher.matches`.
    """
    matcher = Matcher(stacks, live)
    matches: list[Match] = []
    unknown: list[Unknown] = []
    for resource_type in TYPES:
        announce(resource_type)
        matches += (match for match in matcher.matches(resource_type) if match.stack == stack.id)
        unknown += matcher.unknown(resource_type)
    order = in_order(stacks)
    there = live.stack(stack.name)
    deployed = replace(stack, template=live.deployed_template(stack.name) or {})
    before = Matcher([deployed if each is stack else each for each in stacks], live)
    if not _is_paused(there):
        matches = list(changed(matches, stack, before=before, after=matcher))
    removed = removals(there, deployed, stack, before) if there else ()
    removed_ids = {each.id for each in removed}
    return Adoption(
        stack=stack,
        matches=tuple(matches),
        unknown=tuple(each for each in unknown if each.id not in removed_ids),
        gains=matcher.gains(),
        denied=denied_by_deploy(matcher, stack.id),
        there=there,
        deployed=deployed,
        removals=removed,
        waits_for=tuple(_waits_for(stacks, stack, matcher)),
        later=tuple(each.id for each in order[order.index(stack) + 1 :]),
    )


def _is_paused(there: LiveStack | None) -> bool:
    return there is not None and there.status in _PAUSED and bool(there.resources)


def in_order(stacks: Sequence[Stack]) -> tuple[Stack, ...]:
    """Return the stacks that have something to adopt, each after those that it needs."""
    needs = {stack.id: stack.needed_stacks for stack in stacks}
    by_id = {stack.id: stack for stack in stacks}
    ordered = (by_id[each] for each in TopologicalSorter(needs).static_order() if each in by_id)
    return tuple(stack for stack in ordered if any(each["Type"] in TYPES for each in stack.defined.values()))


def _waits_for(stacks: Sequence[Stack], stack: Stack, matcher: Matcher) -> Iterator[str]:
    """Yield the stacks that have to be deployed before: not at all yet, or without an output that is referred to."""
    outputs = matcher.templates.outputs_used(stack)
    for each in stacks:
        needed = {name for stack_id, name in outputs if stack_id == each.id}
        if (needed or each.id in stack.needed_stacks) and each.region == stack.region:
            there = matcher.live.stack(each.name)
            if there is None or not there.resources or not there.outputs.issuperset(needed):
                yield each.id


def write_mapping(adoption: Adoption, file: Path) -> None:
    """Write the resource mapping."""
    file.write_text(json.dumps(adoption.mapping, indent=2) + "\n", encoding="utf-8")


def write_import_assembly(adoption: Adoption, assembly: Path, folder: Path) -> bool:
    """Write a copy of the assembly to import with, where it has to say something else than the assembly.

    Args:
        adoption: What is imported.
        assembly: The assembly that the stack is in.
        folder: Where to write; an assembly that is there is replaced.

    Returns:
        Whether it was needed.

    Raises:
        Refusal: The folder exists and is no assembly.
    """
    template = adoption.import_template()
    if template == adoption.stack.template:
        return False
    if folder.exists():
        if not (folder / "manifest.json").is_file():
            raise Refusal(
                "folder-taken",
                f"the folder {str(folder)!r} must not exist, or must be an assembly to import with",
                "choose another file with --output",
            )
        shutil.rmtree(folder)
    shutil.copytree(assembly, folder)
    within = adoption.stack.template_file.relative_to(assembly)
    (folder / within).write_text(json.dumps(template, indent=1), encoding="utf-8")
    return True
