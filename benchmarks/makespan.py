"""How long a deploy takes, by CloudFormation's rule that a resource starts when what it depends on is done.

Nothing is scheduled: the templates and the order of the stacks say when each resource starts. So this shows what the
order costs against what no order could undercut.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from org_constructs.rehearsal.local_aws.cloudformation.template import Template

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from org_constructs.templates.assembly import Stack

ACCOUNT: Final = "AWS::Organizations::Account"
ASSIGNMENT: Final = "AWS::SSO::Assignment"

SECONDS: Final[Mapping[str, float]] = {
    # CloudFormation asks 2.5, 7.5, 17.5, 37.5 and 77.5 seconds after CreateAccount, and fails after that; it is
    # mostly the fourth time that the account exists:
    # https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations/blob/main/aws-organizations-account/src/main/java/software/amazon/organizations/account/CreateHandler.java
    ACCOUNT: 40,
    # 1,200 assignments were measured to take 61 minutes, which is 30 seconds for each of ten at a time:
    # https://github.com/aws-samples/aws-iam-identity-center-extensions/blob/main/docs/documentation/Scaling.md
    ASSIGNMENT: 30,
    # One call, and CloudFormation's own few seconds around it; an estimate, as small as its share of the whole.
    "AWS::Organizations::Organization": 10,
    "AWS::Organizations::OrganizationalUnit": 5,
    "AWS::Organizations::Policy": 5,
    "AWS::SSO::PermissionSet": 5,
    "AWS::IdentityStore::User": 5,
    "AWS::IdentityStore::Group": 5,
    "AWS::IdentityStore::GroupMembership": 5,
}
"""How long a resource takes to be made, by its type."""

STACK_SECONDS: Final = 15
"""What the CDK CLI and CloudFormation take for a stack around its resources: a change set is made and waited for, which
the CLI asks for every five seconds, as it asks for the end of the deploy. An estimate."""

CONCURRENCY: Final = 2
"""How many stacks are deployed at a time, as synth says."""

MANAGEMENT_ACCOUNT: Final = "ManagementAccountId"
"""What an assignment in the management account refers to."""

LANES: Final = 10
"""How many assignments Identity Center makes at a time: org_constructs/constructs/_order.py."""


@dataclass(frozen=True)
class Made:
    """When a resource is made."""

    stack: str
    logical_id: str
    type: str
    start: float
    end: float
    target: str = ""
    """The account that an assignment is for."""


def simulate(
    stacks: Sequence[Stack], *, seconds: Mapping[str, float] = SECONDS, stack_seconds: float = STACK_SECONDS
) -> list[Made]:
    """Return when each resource is made in a first deploy of the stacks.

    Args:
        stacks: The stacks, in the order of the assembly.
        seconds: How long each type of resource takes.
        stack_seconds: How long a stack takes before its first resource.

    Raises:
        KeyError: A resource is of a type whose time is not given.
    """
    made: list[Made] = []
    done: dict[str, float] = {}
    running: list[float] = []
    waiting = list(stacks)
    now = 0.0
    while waiting:
        running = [end for end in running if end > now]
        ready = [stack for stack in waiting if all(done.get(each, now + 1) <= now for each in stack.needed_stacks)]
        for stack in ready[: CONCURRENCY - len(running)]:
            waiting.remove(stack)
            made += _deploy(stack, now + stack_seconds, seconds)
            done[stack.id] = max(each.end for each in made if each.stack == stack.id)
            running.append(done[stack.id])
        if waiting:
            now = min(running)
    return made


def _deploy(stack: Stack, start: float, seconds: Mapping[str, float]) -> Iterator[Made]:
    resources = stack.template["Resources"]
    graph = Template(json.dumps(stack.template)).graph
    ends: dict[str, float] = {}
    for logical_id in graph.order:
        resource = resources[logical_id]
        begin = max((ends[each] for each in graph.dependencies[logical_id]), default=start)
        ends[logical_id] = begin + seconds[resource["Type"]]
        target = resource["Properties"].get("TargetId") if resource["Type"] == ASSIGNMENT else ""
        yield Made(stack.id, logical_id, resource["Type"], begin, ends[logical_id], json.dumps(target))


def makespan(made: Iterable[Made]) -> float:
    """Return when the last resource is made."""
    return max(each.end for each in made)


def lower_bound(made: Collection[Made], *, stack_seconds: float = STACK_SECONDS) -> float:
    """Return what no order of making these resources could undercut.

    Organizations takes one change at a time, Identity Center ten assignments at a time and one of an account. So of the
    last accounts to be created, however many one looks at, all assignments are still to be made when the first of them
    exists; at best, those with the fewest assignments come last.
    """
    changes = sorted((each for each in made if each.type.startswith("AWS::Organizations::")), key=lambda each: each.end)
    of_account: defaultdict[str, float] = defaultdict(float)
    for each in made:
        if each.type == ASSIGNMENT:
            of_account[each.target] += each.end - each.start
    # The management account exists with the organization, before all others.
    of_management = sum(work for target, work in of_account.items() if MANAGEMENT_ACCOUNT in target)
    of_members = sorted((work for target, work in of_account.items() if MANAGEMENT_ACCOUNT not in target), reverse=True)
    bounds = [(of_management + sum(of_members)) / LANES]
    exists = 0.0
    created = 0
    for change in changes:
        exists += change.end - change.start
        bounds.append(exists)
        if change.type == ACCOUNT:
            later = of_members[created:]
            bounds.append(exists + max(sum(later) / LANES, max(later, default=0.0)))
            created += 1
    return stack_seconds + max(bounds)


def most_at_once(made: Iterable[Made]) -> int:
    """Return how many of these are made at the same time, at most."""
    # What ends makes room for what starts at the same time.
    moments = sorted(moment for each in made for moment in ((each.end, -1), (each.start, 1)))
    most = current = 0
    for _, change in moments:
        current += change
        most = max(most, current)
    return most
