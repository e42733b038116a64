"""What the stacks have: as they were deployed with it, as AWS has it now, and as the next deploy makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from org_constructs.aws import stack_statuses

from .matcher import Matcher
from .result import TYPES, Match, State
from .template import Resource, Templates
from .updates import UNCHANGED, Key, Update, updates

if TYPE_CHECKING:
    from org_constructs.live.organization import LiveOrganization
    from org_constructs.templates.assembly import Stack


_TAGGED: Final = ("AWS::Organizations::", "AWS::SSO::PermissionSet")
"""What takes the tags of its stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A resource of a stack."""

    match: Match
    """What AWS has of it, and how that differs from what the stack was deployed with."""

    gone: bool
    """Whether AWS no longer has it."""

    made_again: str | None
    """The id of the membership that AWS has in place of the one that the stack knows, and that has ended."""

    before: Resource
    """As the stack was deployed with it."""

    after: Resource | None
    """As the next deploy has it; None where it takes it out of the stack."""

    retagged: bool
    """Whether the stack gets other tags, which are the resource's too."""

    update: Update
    """What the next deploy changes in it; nothing where it takes it out of the stack."""

    @property
    def is_updated(self) -> bool:
        """Whether the next deploy asks AWS to change it."""
        return self.after is not None and (bool(self.update.changes) or self.retagged)


class DeployedStacks:
    """The stacks of an organization that are deployed, and what the next deploy makes of them."""

    def __init__(
        self, stacks: Sequence[Stack], live: LiveOrganization, live_in: Callable[[str | None], LiveOrganization]
    ) -> None:
        """Read what the stacks were deployed with; those that a deploy has left unfinished are left out.

        Args:
            stacks: As the next deploy has them.
            live: Where to look for what they have.
            live_in: Where to look for a stack, from its region.

        Raises:
            Refusal: The template of a stack cannot be read.
            botocore.exceptions.ClientError: AWS does not let the credentials look, or does not answer.
        """
        self._next = Templates(stacks, lambda: live.caller().account_id)
        self._retagged: dict[str, bool] = {}
        deployed: list[Stack] = []
        for stack in stacks:
            region = live_in(stack.region)
            there = region.stack(stack.name)
            # An unfinished one is neither as before nor as deployed: `doctor` says how to finish it.
            if there is None or there.status not in stack_statuses.FINISHED:
                continue
            template = region.deployed_template(stack.name)
            if template is None:
                continue
            self._retagged[stack.id] = stack.tags != there.tags
            properties = {**stack.artifact.get("properties", {}), "tags": there.tags}
            artifact = {**stack.artifact, "properties": properties}
            deployed.append(replace(stack, template=template, artifact=artifact))
        self.stacks = tuple(deployed)
        """The stacks with the templates that they were deployed with."""
        self.matcher = Matcher(self.stacks, live)

    def of_type(self, *types: str) -> Iterator[Deployed]:
        """Yield what the stacks have of some types, in the order of the templates.

        Raises:
            Refusal: As `Matcher.matches`.
            botocore.exceptions.ClientError: As `Matcher.matches`.
        """
        for each in types:
            resources = self.matcher.templates.resources(each)
            for before, match in zip(resources, self.matcher.matches(each), strict=True):
                if match.state is not State.DEPLOYED:
                    continue
                after = self._after(before)
                yield Deployed(
                    match=match,
                    gone=self.matcher.gone(match),
                    made_again=self.matcher.made_again(match),
                    before=before,
                    after=after,
                    retagged=each.startswith(_TAGGED) and self._retagged[match.stack],
                    update=self._updates.get((before.stack.name, before.logical_id), UNCHANGED),
                )

    @cached_property
    def _updates(self) -> Mapping[Key, Update]:
        resources = (each for kind in TYPES for each in self.matcher.templates.resources(kind))
        return updates([(before, after) for before in resources if (after := self._after(before))])

    def _after(self, before: Resource) -> Resource | None:
        after = self._next.resource(before.stack.name, before.logical_id)
        return after if after is not None and after.type == before.type else None
