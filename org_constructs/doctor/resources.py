"""Every resource of the assembly against what exists: whether a deploy can create, change or move it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.aws.resource_types import (
    ACCOUNT,
    ASSIGNMENT,
    GROUP,
    MEMBERSHIP,
    PERMISSION_SET,
    POLICY,
    RESOURCE_POLICY,
    UNIT,
)
from org_constructs.aws.user_types import USERS
from org_constructs.matching import Match, State
from org_constructs.refusal import Refusal

from .check import Check
from .finding import Finding, ok, problem, warning
from .wording import SHOWN, begun, names_of, steps

if TYPE_CHECKING:
    from .examination import Examination

_ORGANIZATION: Final = ("assembly", "credentials", "organization")
_PEOPLE: Final = (*_ORGANIZATION, "identity-center")


def _look(types: Sequence[str], examination: Examination) -> Iterator[Finding]:
    try:
        matches = [match for each in types for match in examination.matcher.matches(each)]
    except Refusal as refusal:
        yield problem(
            refusal.code,
            f"The assembly cannot be compared: {refusal.why}",
            why="A deploy would fail at it too.",
            next=steps(refusal),
        )
        return
    if not matches:
        yield ok("resources-none", "The assembly has none")
        return
    for match in matches:
        if match.reason:
            yield _in_the_way(match, match.reason)
    if existing := [match for match in matches if match.state is State.ADOPTED]:
        yield problem(
            "resources-exist",
            f"{_number(existing)} but {'is' if len(existing) == 1 else 'are'} not in the stack: {_names(existing)}",
            why="The deploy would create them again: CloudFormation fails with AlreadyExists and rolls back.",
            next=(
                "Run `org-baseline adopt` to let the stack adopt what exists",
                *(("or leave it as it is and refer to it in the app by id",) if _lines(existing) else ()),
            ),
            paste=_lines(existing),
        )
    yield from _moved(matches)
    created = [match for match in matches if match.state is State.CREATED]
    deployed = [match for match in matches if match.state is State.DEPLOYED]
    if created:
        yield ok("resources-created", f"To be created: {_names(created)}")
    if deployed:
        yield ok("resources-deployed", f"In the stack: {_names(deployed)}")


def _lines(existing: Sequence[Match]) -> tuple[str, ...]:
    """Return the lines that name what exists, of the kinds that can be named by an id."""
    lines = [line for match in existing for line in match.lines]
    more = len(lines) - SHOWN
    return (*lines[:SHOWN], *((f"# and {more} more",) if more > 0 else ()))


def _in_the_way(match: Match, reason: Refusal) -> Finding:
    said = [f"{each.property} is {each.found!r}, and {each.template!r} in the app" for each in match.differences]
    return problem(
        reason.code,
        f"{match.name} is {match.state}" + (f": {'; '.join(said)}" if said else ""),
        why=f"{begun(reason.why)}.",
        next=steps(reason),
        paste=match.lines,
    )


def _moved(matches: Sequence[Match]) -> Iterator[Finding]:
    """Tell of accounts that the stack is to take over and then to move; `deployed` tells of those that it has."""
    for match in matches:
        for difference in match.differences:
            if match.type == ACCOUNT and match.state is State.ADOPTED and difference.property == "ParentIds":
                yield warning(
                    "account-moves-after-import",
                    f"{match.name} is in {difference.found[0]}, but in {difference.template[0]} in the assembly",
                    why="Once the stack has adopted it, the next deploy moves it there, where other policies apply.",
                    next=("To leave it where it is, give it that unit in the app",),
                )


def _number(matches: Sequence[Match]) -> str:
    return f"{len(matches)} exist{'s' if len(matches) == 1 else ''} already"


def _names(matches: Sequence[Match]) -> str:
    return names_of([match.name for match in matches])


def _check(check_id: str, title: str, needs: Sequence[str], *types: str) -> Check:
    return Check(id=check_id, title=title, look=partial(_look, types), needs=tuple(needs))


CHECKS: Final = (
    _check("organizational-units", "the units", _ORGANIZATION, UNIT),
    _check("accounts", "the accounts", _ORGANIZATION, ACCOUNT),
    _check("policies", "the policies", _ORGANIZATION, POLICY, RESOURCE_POLICY),
    _check("permission-sets", "the permission sets", _PEOPLE, PERMISSION_SET),
    _check("users", "the users", _PEOPLE, *USERS),
    _check("groups", "the groups", _PEOPLE, GROUP),
    _check("memberships", "who is in which group", _PEOPLE, MEMBERSHIP),
    _check("assignments", "the assignments", _PEOPLE, ASSIGNMENT),
)
"""A check for each kind, so that a permission which one needs does not keep the others from looking."""
