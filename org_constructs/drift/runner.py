"""Compares the stacks with AWS, subject by subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from org_constructs.aws.limits import ACCOUNT_MANAGEMENT
from org_constructs.aws.resource_types import (
    ACCOUNT,
    ASSIGNMENT,
    BUDGET,
    GROUP,
    MEMBERSHIP,
    PERMISSION_SET,
    POLICY,
    RESOURCE_POLICY,
    UNIT,
)
from org_constructs.aws.user_types import USERS
from org_constructs.live.description import describe_live
from org_constructs.live.errors import DENIED
from org_constructs.matching.by_hand import HandEdit, by_hand
from org_constructs.matching.deployed import DeployedStacks
from org_constructs.matching.result import TYPES
from org_constructs.refusal import Refusal

from . import accounts, assignments, attachments, budgets, contents, declared, deleted, people, tags
from .added import Added
from .finding import Drift, Report, Unread
from .look import Look

if TYPE_CHECKING:
    from org_constructs.live.description import Progress
    from org_constructs.live.organization import LiveOrganization
    from org_constructs.templates.assembly import Stack
    from org_constructs.templates.description import Description

_Tell: TypeAlias = Callable[[Look, HandEdit], Drift | None]


def _edits(*types: str, **tell: _Tell) -> Callable[[Look], Iterator[Drift]]:
    """Return what looks at some types, and tells of each kind of hand edit in its own way."""

    def look(at: Look) -> Iterator[Drift]:
        for edit in by_hand(at.deployed, *types):
            drift = tell[edit.what](at, edit) if edit.what in tell else None
            if drift is not None:
                yield drift

    return look


_deleted: Final = partial(_edits, deleted=deleted.deleted)
_changed: Final = partial(_edits, changed=contents.changed)
_untagged: Final = partial(_edits, untagged=tags.lacking)
_SUBJECTS: Final[tuple[tuple[str, tuple[Callable[[Look], Iterator[Drift]], ...]], ...]] = (
    # Before anything can be attached again.
    ("policy types", (declared.look_at_policy_types,)),
    ("units", (_deleted(UNIT, changed=deleted.unit_renamed), _untagged(UNIT))),
    (
        "accounts",
        (
            _edits(
                ACCOUNT, deleted=accounts.left, closed=accounts.closed, moved=accounts.moved, changed=accounts.renamed
            ),
            _untagged(ACCOUNT),
        ),
    ),
    (
        "policies",
        (
            _deleted(POLICY),
            _changed(POLICY),
            _edits(POLICY, detached=attachments.detached, attached=attachments.attached),
            _untagged(POLICY),
        ),
    ),
    (
        "the resource policy",
        (_deleted(RESOURCE_POLICY, changed=contents.resource_policy_changed), _untagged(RESOURCE_POLICY)),
    ),
    ("permission sets", (_deleted(PERMISSION_SET), _changed(PERMISSION_SET))),
    ("groups", (_deleted(GROUP), _changed(GROUP))),
    ("users", (_deleted(*USERS), _edits(*USERS, changed=people.changed))),
    ("who is in groups", (_edits(MEMBERSHIP, deleted=people.ended, made_again=people.made_again),)),
    ("assignments", (_edits(ASSIGNMENT, deleted=assignments.ended),)),
    ("budgets", (_deleted(BUDGET), _edits(BUDGET, changed=budgets.changed))),
    ("trusted services", (declared.look_at_services,)),
    ("central root access", (declared.look_at_root_access,)),
    ("delegated administrators", (declared.look_at_delegation,)),
    ("alternate contacts", (declared.look_at_contacts,)),
)
"""What is looked at, in this order, and how that is said."""


def find_drift(
    stacks: Sequence[Stack],
    live_in: Callable[[str | None], LiveOrganization],
    *,
    profile: str | None = None,
    leave: Collection[str] = (),
    progress: Progress = lambda _what, _done, _of: None,
) -> Report:
    """Compare what stacks were deployed with to what AWS has.

    Args:
        stacks: The stacks, whatever their templates say by now.
        live_in: Where to look for a stack, from its region; from None for what they have, and for one that names none.
        profile: The CLI profile that printed commands are for.
        leave: The keys of drift that is to be left as it is.
        progress: Told what is read.

    Raises:
        Refusal: No stack is deployed, or the template of one cannot be read.
        botocore.exceptions.ClientError: AWS does not let the credentials look at the stacks, or does not answer.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 (it takes a third of a second)

    live = live_in(None)
    deployed = DeployedStacks(stacks, live, live_in)
    if not deployed.stacks:
        raise Refusal(
            "drift-nothing-deployed",
            f"a stack must be deployed, to compare it with AWS, got {', '.join(each.name for each in stacks)}",
            "deploy first",
        )
    # It asks several things at once, and what it has asked is not asked again.
    also_in = [
        live_in(each) for each in sorted({each.region for each in deployed.stacks if each.region} - {live.region})
    ]
    own = {each.name for each in deployed.stacks}
    described = describe_live(live, own_stacks=own, also_in=also_in, progress=progress)
    at = Look(deployed, described, stacks=stacks, profile=profile)
    added = Added(at)
    there = {each.id for each in deployed.stacks}
    statuses = {
        each.name: found.status if (found := live_in(each.region).stack(each.name)) else ""
        for each in stacks
        if each.id not in there
    }
    unread = [
        Unread("drift-stack-unfinished", what=f"the stack {name} is {status}")
        for name, status in statuses.items()
        if status
    ]
    drifts: list[Drift] = []
    for subject, looks in (*_SUBJECTS, ("what no stack has", (lambda _: added.find(),))):
        try:
            for look in looks:
                drifts += look(at)
        except Refusal as refusal:
            unread.append(Unread(refusal.code, what=f"{subject}: {refusal}"))
        except ClientError as error:
            if error.response["Error"]["Code"] not in DENIED:
                raise
            unread.append(Unread("drift-denied", what=f"{subject}: AWS does not allow {error.operation_name}"))
    if declared.is_unreadable(at):
        said = f"alternate contacts of member accounts: {ACCOUNT_MANAGEMENT} has no trusted access"
        unread.append(Unread("drift-contacts-unreadable", what=said))
    return Report(
        stacks=tuple(each.name for each in deployed.stacks),
        not_deployed=tuple(name for name, status in statuses.items() if not status),
        compared=sum(1 for kind in TYPES for _ in deployed.matcher.templates.resources(kind)),
        not_compared=tuple(_not_compared(deployed.stacks)),
        drifts=tuple(each for each in drifts if each.key not in leave),
        left=tuple(each for each in drifts if each.key in leave),
        others=added.others,
        unread=(*unread, *_unread_everywhere(described)),
    )


def _not_compared(stacks: Sequence[Stack]) -> Iterator[str]:
    types = Counter(each["Type"] for stack in stacks for each in stack.defined.values())
    for kind, number in sorted(types.items()):
        if kind not in {*TYPES, "AWS::CDK::Metadata"}:
            yield f"{number:,} {kind}"


def _unread_everywhere(described: Description) -> Iterator[Unread]:
    """Yield what AWS did not let these credentials see of all that there is."""
    for each in described.live.unread if described.live else ():
        # Most regions have no account access manager, and so no entitlement; and budgets have a subject of their own.
        if each.of_access and each.why != "EndpointConnectionError":
            yield Unread("drift-denied", what=f"{each.what}: {each.action} ({each.why})")
