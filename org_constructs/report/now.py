"""What a report says of an organization as AWS has it, beside what it says of every organization."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.templates.delegation import delegations
from org_constructs.templates.description import ROOT, Assignment, Description, Entity, Live, Origin, Whence
from org_constructs.templates.words import count, visible


@dataclass(frozen=True, kw_only=True)
class From:
    """What is from one origin."""

    origin: str
    counted: tuple[str, ...]
    """How many of each kind: `3 accounts`."""

    named: tuple[str, ...]
    """Each of them; none of what is from this app or an identity provider, which is what one expects."""


@dataclass(frozen=True, kw_only=True)
class Now:
    """What AWS alone has."""

    read_at: str
    """When AWS was asked, as `2026-11-26T18:30:00Z`."""

    organization: str
    """Its id; empty where there is none, or AWS would not tell it."""

    unread: tuple[str, ...]
    """What could not be looked at, a line each."""

    facts: tuple[tuple[str, tuple[str, ...]], ...]
    """What else AWS has of an organization: what it is called, and a line for each."""

    origins: tuple[From, ...]
    changed: str
    """Where changes by hand to what is from this app are told; empty where nothing is from it."""


def origin_of(thing: Entity | Assignment) -> str:
    """Return where something is from; empty where templates are described."""
    return visible(from_(thing.origin)) if thing.origin else ""


def from_(origin: Origin) -> str:
    """Return where something is from, as people say it."""
    return {
        Whence.PROVIDER: "from the identity provider",
        Whence.AWS: "from AWS",
        Whence.UNKNOWN: "of unknown origin",
    }.get(origin.whence, f"from stack {origin.stack}" if origin.whence is Whence.STACK else str(origin.whence))


def now_of(description: Description) -> Now | None:
    """Return what is to be said of what AWS has alone; None of templates."""
    live = description.live
    if live is None:
        return None
    is_ours = any(origin.whence is Whence.APP for _, _, origin in _things(description, live))
    return Now(
        read_at=visible(live.read_at),
        organization=visible(live.organization_id or ""),
        unread=tuple(visible(str(each)) for each in live.unread),
        facts=tuple((title, tuple(map(visible, lines))) for title, lines in _facts(description, live) if lines),
        origins=tuple(_origins(description, live)),
        changed="What somebody changed by hand in what is from this app, `org-baseline drift` shows." * is_ours,
    )


def _facts(description: Description, live: Live) -> Iterator[tuple[str, list[str]]]:
    yield "Policy types that are enabled", list(live.policy_types)
    yield "Where the policy of AWS's own that allows everything is not attached", list(_detached(description, live))
    yield "Services with trusted access", list(live.trusted_services)
    yield "Central management of root users", list(live.root_features or ())
    yield (
        "Delegated administrators",
        [
            f"{_name(description, each.account)}: {', '.join(each.services) or 'no service'}"
            for each in live.delegated_administrators
        ],
    )
    content = live.resource_policy.content if live.resource_policy else None
    yield "What the organization's resource policy allows", list(map(str, delegations(description, content)))
    yield (
        "Access by account access manager, without a permission set",
        [
            f"{_name(description, each.principal)} may assume {each.role_arn} in {_name(description, each.account)},"
            f" {from_(each.origin)}"
            for each in live.entitlements
        ],
    )
    yield (
        "Instances of IAM Identity Center",
        [
            f"{each.arn} in {each.region or 'a region that AWS does not name'}, account {each.owner_account_id}"
            + ("" if each.is_described else ", which is not described here")
            for each in live.instances
        ],
    )


def _detached(description: Description, live: Live) -> Iterator[str]:
    """Yield the places without the policy that allows everything, which AWS attaches everywhere.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    missing = {"organizations:ListTargetsForPolicy", "organizations:ListRoots"} & {each.action for each in live.unread}
    places = {ROOT: "the root"}
    places |= {key: each.name for key, each in description.organizational_units.items() if not each.only_named}
    places |= {key: each.name for key, each in description.accounts.items() if not (each.only_named or each.is_closed)}
    for policy in live.aws_policies.values():
        by_aws = POLICY_TYPES[policy.type].attached_by_aws if policy.type in POLICY_TYPES else None
        if policy.name == by_aws and policy.type in live.policy_types and not missing:
            yield from (f"{policy.name}: {name}" for key, name in places.items() if key not in policy.targets)


def _origins(description: Description, live: Live) -> Iterator[From]:
    by_origin: dict[str, dict[tuple[str, str], list[str]]] = {}
    expected = set()
    for kind, name, origin in _things(description, live):
        said = from_(origin)
        by_origin.setdefault(said, {}).setdefault(kind, []).append(visible(name))
        if origin.whence in {Whence.APP, Whence.PROVIDER}:
            expected.add(said)
    for said, kinds in sorted(by_origin.items(), key=lambda each: (each[0] != Whence.APP, each[0])):
        yield From(
            origin=visible(said),
            counted=tuple(count(len(names), *kind) for kind, names in kinds.items()),
            named=()
            if said in expected
            else tuple(f"{one} {name}" for (one, _), names in kinds.items() for name in names),
        )


def _things(description: Description, live: Live) -> Iterator[tuple[tuple[str, str], str, Origin]]:
    """Yield everything of which is known where it is from: its kind, its name, and that."""
    kinds = {
        ("account", "accounts"): description.accounts,
        ("unit", "units"): description.organizational_units,
        ("person", "people"): description.users,
        ("group", "groups"): description.groups,
        ("permission set", "permission sets"): description.permission_sets,
        ("policy", "policies"): {**description.policies, **live.aws_policies},
    }
    for kind, things in kinds.items():
        yield from ((kind, each.name, each.origin) for each in things.values() if each.origin)
    for group in description.groups.values():
        for member, origin in group.member_origins.items():
            yield ("membership", "memberships"), f"{_name(description, member)} in {group.name}", origin
    for each in description.assignments:
        if each.origin:
            principal, permission_set, account = (
                _name(description, key) for key in (each.principal, each.permission_set, each.account)
            )
            yield ("assignment", "assignments"), f"{principal}: {permission_set} in {account}", each.origin


def _name(description: Description, key: str) -> str:
    for things in (description.accounts, description.users, description.groups, description.permission_sets):
        if key in things:
            return things[key].name
    return key
