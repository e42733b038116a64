"""How a stack takes over what exists: a resource mapping for `cdk import`, and what has to be done around it.

https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-import.html
"""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .matching import TYPES, Match, Matcher, State, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from .assembly import Stack
    from .live import Live

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

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html
_IMPORTABLE: Final = frozenset(
    {
        "REVIEW_IN_PROGRESS",
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
# A stack whose creation was rolled back holds nothing but its name, though `cdk import` takes its template for its
# resources, and then finds nothing to import.
_ROLLED_BACK: Final = "ROLLBACK_COMPLETE"


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """What a stack can take over, and what stands against it."""

    stack: Stack
    matches: tuple[Match, ...]
    """The resources of the stack, type by type."""

    unknown: tuple[Unknown, ...]
    """What exists and no template knows."""

    stack_status: str | None
    """That of the stack in CloudFormation; None where there is none."""

    def of(self, state: State) -> tuple[Match, ...]:
        """Return the resources in a state."""
        return tuple(match for match in self.matches if match.state is state)

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        """The resource mapping of `cdk import`: primary identifiers by logical id."""
        return {match.logical_id: dict(match.identifier) for match in self.of(State.ADOPTED)}

    @property
    def is_blocked(self) -> bool:
        """Whether something is in the way or ambiguous, so that a deploy after the import would fail."""
        return bool(self.of(State.IN_THE_WAY) or self.of(State.AMBIGUOUS) or self.stack_obstacle)

    @property
    def stack_obstacle(self) -> str:
        """Why CloudFormation cannot import into the stack as it is; empty if it can, or can once it is deleted."""
        if self.stack_status is None or self.stack_status in _IMPORTABLE or self.must_be_deleted:
            return ""
        return (
            f"the stack {self.stack.name} is {self.stack_status}, and imports need it in a finished state; see the"
            " console of CloudFormation"
        )

    @property
    def must_be_deleted(self) -> bool:
        """Whether the stack is what a failed creation leaves: it holds nothing, and is in the way of an import."""
        return self.stack_status == _ROLLED_BACK

    def import_template(self) -> Mapping[str, Any]:
        """Return the template to import with: the stack's, or one that says what is there now.

        CloudFormation does not compare what it imports with the template; what differs would stay so, and no deploy
        would notice. So the import says what is there, and the next deploy changes it. Nor can an imported resource
        wait for one that does not exist yet.
        """
        here = {match.logical_id for match in self.matches if match.state in {State.ADOPTED, State.DEPLOYED}}
        template = copy.deepcopy(dict(self.stack.template))
        for match in self.of(State.ADOPTED):
            resource = template["Resources"][match.logical_id]
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
    stacks: Sequence[Stack], stack: Stack, live: Live, announce: Callable[[str], None] = lambda _: None
) -> Adoption:
    """Look at what exists of a stack's resources.

    Args:
        stacks: The stacks of the organization, to which the stack's resources may refer.
        stack: The one that shall take over what exists.
        live: Where to look.
        announce: Told each resource type before it is looked at.

    Raises:
        ValueError: As `Matcher.matches`.
        botocore.exceptions.ClientError: As `Matcher.matches`.
    """
    matcher = Matcher(stacks, live)
    there = live.stack(stack.name)
    matches: list[Match] = []
    unknown: list[Unknown] = []
    for resource_type in TYPES:
        announce(resource_type)
        matches += (match for match in matcher.matches(resource_type) if match.stack == stack.id)
        unknown += matcher.unknown(resource_type)
    return Adoption(
        stack=stack, matches=tuple(matches), unknown=tuple(unknown), stack_status=there.status if there else None
    )


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
        ValueError: The folder exists and is no assembly.
    """
    template = adoption.import_template()
    if template == adoption.stack.template:
        return False
    if folder.exists():
        if not (folder / "manifest.json").is_file():
            raise ValueError(
                f"the folder {str(folder)!r} must be free or hold an assembly, to be imported with; name another file"
                " with --output"
            )
        shutil.rmtree(folder)
    shutil.copytree(assembly, folder)
    within = adoption.stack.template_file.relative_to(assembly)
    (folder / within).write_text(json.dumps(template, indent=1), encoding="utf-8")
    return True
