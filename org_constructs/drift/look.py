"""What the subjects look at: the stacks that are deployed, AWS, and the app."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING

from org_constructs.aws.cli import aws_command, with_profile
from org_constructs.aws.resource_types import NAMES
from org_constructs.matching.by_hand import missing
from org_constructs.templates.description import Description, Whence
from org_constructs.templates.python_text import call

from .app import App
from .finding import Drift, Paste, Way

if TYPE_CHECKING:
    from org_constructs.live.organization import LiveOrganization
    from org_constructs.matching.by_hand import HandEdit
    from org_constructs.matching.deployed import DeployedStacks
    from org_constructs.matching.matcher import Matcher
    from org_constructs.matching.template import Resource
    from org_constructs.templates.assembly import Stack


class Look:
    """One comparison."""

    def __init__(
        self,
        deployed: DeployedStacks,
        described: Description,
        *,
        stacks: Sequence[Stack],
        profile: str | None,
    ) -> None:
        """Take what is compared.

        Args:
            deployed: The stacks as they were deployed.
            described: What AWS has.
            stacks: As the app has them by now.
            profile: The CLI profile that commands are for; by default none is named.
        """
        self.deployed = deployed
        self.described = described
        self.app = App(deployed, stacks)
        self._profile = profile

    @property
    def live(self) -> LiveOrganization:
        """What AWS has."""
        return self.deployed.matcher.live

    @property
    def matcher(self) -> Matcher:
        """What follows references of the deployed templates."""
        return self.deployed.matcher

    def region(self, resource: Resource) -> str | None:
        """Return the region of a resource's stack."""
        return resource.stack.region or self.live.region

    def run(self, command: str) -> str:
        """Return a command with the profile that it is for."""
        return with_profile(command, self._profile)

    def aws(self, service: str, operation: str, **options: object) -> str:
        """Return a command of the AWS CLI."""
        return self.run(aws_command(service, operation, **options))

    @cached_property
    def missing(self) -> AbstractSet[str | None]:
        """The ids of what somebody deleted or closed."""
        return missing(self.deployed)

    def shown(self, target: str) -> str:
        """Return what the root, a unit or an account is called, with its id: of what no app names, as AWS has it."""
        name = self.app.keys.get(target) or "/".join(self._path(target))
        return f"{name} ({target})" if name and name != target else target

    def _path(self, target: str) -> Iterator[str]:
        if unit := self.described.organizational_units.get(target):
            yield from self._path(unit.parent or "")
            yield unit.name
        elif account := self.described.accounts.get(target):
            yield account.name

    def assignment_line(self, permission_set: str, principal: str) -> Paste | None:
        """Return the line that says in which accounts AWS has a permission set assigned to somebody, by their ids.

        Without what other stacks have assigned; None where nothing is left.
        """
        described, names = self.described, self.app.names
        accounts = {
            described.accounts[each.account].account_id or each.account
            for each in described.assignments
            if (each.permission_set, each.principal) == (permission_set, principal)
            and (each.origin is None or each.origin.whence is not Whence.STACK)
        }
        principals = {**described.users, **described.groups}
        line = call(
            "AssignmentProps",
            principal=names.get(principal) or principals[principal].name,
            permission_set=names.get(permission_set) or described.permission_sets[permission_set].name,
            targets=sorted(map(self.app.key, accounts)),
        )
        return Paste(place="assignments", lines=(f"{line},",)) if accounts else None


def drift_of(
    edit: HandEdit,
    code: str,
    what: str,
    *,
    aws_id: str | None = None,
    take_back: Way,
    take_over: Way,
    leave: Way,
) -> Drift:
    """Return what has become of a resource of a stack; it has the id that it has there, or another."""
    resource = edit.resource
    return Drift(
        code,
        kind=NAMES[resource.before.type][0],
        name=resource.match.name,
        id=aws_id or resource.match.id,
        what=what,
        changes=edit.changes,
        stack=resource.before.stack.name,
        logical_id=resource.before.logical_id,
        take_back=take_back,
        take_over=take_over,
        leave=leave,
    )
