"""What the checks look at: an assembly, if there is one, and AWS."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from org_constructs.aws.cli import with_profile
from org_constructs.aws.regions import DEFAULT_REGION
from org_constructs.live.regions import LiveRegions
from org_constructs.matching import Matcher
from org_constructs.matching.deployed import DeployedStacks
from org_constructs.templates.assembly import (
    OF_IDENTITY_CENTER,
    Stack,
    describe_stacks,
    organization_region,
    read_stacks,
)

if TYPE_CHECKING:
    from pathlib import Path

    import boto3

    from org_constructs.live.organization import LiveOrganization
    from org_constructs.templates.description import Description


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """What `cdk synth` has written, as far as it is of one organization."""

    folder: Path
    stacks: tuple[Stack, ...]
    description: Description

    @classmethod
    def read(cls, folder: Path, selected: Collection[str] = ()) -> Assembly:
        """Read an assembly: the selected stacks, by default those with something of the organization in them.

        Raises:
            Refusal: As `read_stacks` and `describe_stacks`.
        """
        description, stacks = describe_stacks(read_stacks(folder), selected)
        if not selected:
            stacks = tuple(stack for stack in stacks if stack.holds("AWS::Organizations::", *OF_IDENTITY_CENTER))
        return cls(folder=folder, stacks=stacks, description=description)

    def resources(self, *types: str) -> Iterator[tuple[Stack, str, Mapping[str, Any]]]:
        """Yield stack, logical id and properties, evaluated, of each resource of these types."""
        for stack, logical_id, of, properties in self._resources():
            if of in types:
                yield stack, logical_id, properties

    def literals(self, prefix: str, *names: str) -> set[str]:
        """Return the values, known before the deploy, of properties of these names, of types that begin so."""
        return {
            value
            for _, _, of, properties in self._resources()
            if of.startswith(prefix)
            for name in names
            for value in _listed(properties.get(name))
            if isinstance(value, str)
        }

    def _resources(self) -> Iterator[tuple[Stack, str, str, Mapping[str, Any]]]:
        values = self.description.values
        for stack in self.stacks:
            for logical_id, resource in values.resources(stack.name).items():
                yield stack, logical_id, resource["Type"], values.properties(stack.name, logical_id)

    @property
    def account(self) -> str | None:
        """The account that it is for, the management account; None where any will do."""
        return next((stack.account for stack in self.stacks if stack.account), None)

    @property
    def region(self) -> str | None:
        """The region that it is for, Identity Center's where it has something there; None where any will do."""
        return organization_region(self.stacks)


class Examination:
    """One run of the doctor."""

    def __init__(self, *, assembly: Assembly | None, where: Path, profile: str | None = None) -> None:
        """Take what is looked at.

        Args:
            assembly: The assembly; None where there is none.
            where: The folder in which there is one, or would be.
            profile: The CLI profile to ask AWS with; by default the credentials that boto3 finds.
        """
        self._assembly = assembly
        self.where = where
        self.profile = profile

    @property
    def has_assembly(self) -> bool:
        """Whether there is one."""
        return self._assembly is not None

    @property
    def assembly(self) -> Assembly:
        """The assembly, for checks that need the check `assembly`."""
        if self._assembly is None:
            raise LookupError("there is no assembly; a check that reads it needs the check 'assembly'")
        return self._assembly

    @cached_property
    def session(self) -> boto3.Session:
        """The credentials; botocore's errors pass."""
        import boto3  # noqa: PLC0415 (it takes a third of a second, which `--help` need not wait for)

        return boto3.Session(profile_name=self.profile)

    @cached_property
    def region(self) -> str:
        """The region that is looked at: the assembly's, or that of the credentials."""
        of_assembly = self._assembly.region if self._assembly else None
        return of_assembly or self.session.region_name or DEFAULT_REGION

    @property
    def live(self) -> LiveOrganization:
        """What exists, as seen from the region."""
        return self.live_in()

    @cached_property
    def live_in(self) -> LiveRegions:
        """What exists, as seen from the region or another one."""
        return LiveRegions(self.session, self.region)

    @cached_property
    def matcher(self) -> Matcher:
        """What of the assembly exists, for checks that need the check `assembly`."""
        return Matcher(self.assembly.stacks, self.live)

    @cached_property
    def deployed(self) -> DeployedStacks:
        """What the stacks of the assembly have, for checks that need the check `assembly`."""
        return DeployedStacks(self.assembly.stacks, self.live, self.live_in)

    def with_profile(self, command: str) -> str:
        """Return a command of the AWS CLI as it has to be run with these credentials."""
        return with_profile(command, self.profile)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
