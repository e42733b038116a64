"""What of an organization's templates exists in AWS already: each resource against what is there.

An account is known by its e-mail, a unit by its path, a policy by type and name, a permission set and a group by name,
a user by user name; a membership and an assignment by what they join. Nothing is guessed: what might be one thing or
another is said to be ambiguous.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from org_constructs.assembly import Stack
    from org_constructs.live import Live


class State(StrEnum):
    """What a deploy has to do with a resource of a template."""

    DEPLOYED = "deployed"
    """It is in the stack already."""

    ADOPTED = "adopted"
    """It exists, in no stack that is known here, and an import takes it into the stack."""

    CREATED = "to be created"
    """There is nothing of the kind; a deploy makes it."""

    IN_THE_WAY = "in the way"
    """It exists but cannot become what the template says, so that a deploy would fail or make a second one."""

    AMBIGUOUS = "ambiguous"
    """Several things could be it."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A property in which the template and what exists differ."""

    property: str
    template: Any
    """What the template says, with references to what exists as their ids; None where it says nothing."""

    found: Any
    """What is there, as the template would say it; None where there is nothing."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """One resource of a template, and what exists of it."""

    stack: str
    """The stack's id in the assembly."""

    logical_id: str
    type: str
    name: str
    """What people know it by: a name, an e-mail, a path, or what is assigned to whom."""

    state: State
    id: str | None = None
    """The id of what exists: that of AWS, or a permission set's ARN; an assignment has none."""

    identifier: Mapping[str, str] = field(default_factory=dict)
    """The primary identifier that an import needs, by the names of the properties."""

    differences: tuple[Difference, ...] = ()
    """Of what is adopted or deployed, what a deploy will change; of what is in the way, what cannot change."""

    reason: str = ""
    """Why it is in the way or ambiguous, and what to do, in one sentence."""


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Something that exists, and that no template knows."""

    type: str
    """The resource type that it would be in a template."""

    name: str
    id: str


class Matcher:
    """Matches the resources of stacks with what exists, one resource type at a time, each when it is asked for."""

    def __init__(self, stacks: Sequence[Stack], live: Live) -> None:
        """Take the stacks of one organization, and where to look."""

    def matches(self, resource_type: str) -> tuple[Match, ...]:
        """Return the resources of a type, in the order of the templates, each with what exists of it.

        Raises:
            ValueError: A template names an instance of IAM Identity Center or an identity store that is not there, or
                refers to something in a way that only a deploy can follow.
            botocore.exceptions.ClientError: AWS does not let the credentials look, or does not answer.
        """
        raise NotImplementedError

    def unknown(self, resource_type: str) -> tuple[Unknown, ...]:
        """Return what exists of a type that no template knows, or names by its id.

        Units are looked for beside those of the templates, memberships in their groups, and assignments among those of
        their users and groups; so it does not take longer, the more else there is.

        Raises:
            ValueError: As `matches`.
            botocore.exceptions.ClientError: As `matches`.
        """
        raise NotImplementedError
