"""Which stacks of an assembly are deployed, and where to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import environments_of, select_stacks
from org_constructs.templates.description import References

if TYPE_CHECKING:
    from org_constructs.templates.assembly import Stack

_OF_AN_ORGANIZATION: Final = ("AWS::Organizations::", "AWS::SSO::", "AWS::IdentityStore::")


def select(stacks: Collection[Stack], selected: Collection[str]) -> tuple[Stack, ...]:
    """Return the stacks of these ids, by default those with something of an organization in them."""
    if selected:
        return select_stacks(stacks, selected)
    read = tuple(stack for stack in stacks if stack.holds(*_OF_AN_ORGANIZATION))
    if not read:
        raise Refusal(
            "organization-missing",
            "the assembly must have a stack that belongs to an organization, got"
            f" {', '.join(stack.id for stack in stacks) or 'none'}",
        )
    return read


def one_of(what: str, stacks: Sequence[Stack], values: Sequence[str | None]) -> str:
    """Return the one account or region that all stacks are for."""
    known = sorted({value for value in values if value is not None})
    if len(known) != 1 or None in values:
        got = ", ".join(f"{stack.id} {value or 'any'}" for stack, value in zip(stacks, values, strict=True))
        raise Refusal(
            "environment-not-one",
            f"the stacks must have the same {what} in env, got {got}",
            "select the stacks of one with --stack",
        )
    return known[0]


def organization_id_of(stacks: Sequence[Stack]) -> str | None:
    """Return the organization's id where the baseline among the stacks says it, as that of an existing one does."""
    return References({stack.name: stack.template for stack in stacks}, environments_of(stacks)).organization_id
