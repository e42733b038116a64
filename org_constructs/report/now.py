"""What a report says of an organization as AWS has it, beside what it says of every organization."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from org_constructs.templates.description import Assignment, Description, Entity, Live, Origin, Whence, name_of
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
        origins=tuple(_origins(description, live)),
        changed="What somebody changed by hand in what is from this app, `org-baseline drift` shows." * is_ours,
    )


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
        ("budget", "budgets"): description.budgets,
        ("policy", "policies"): {**description.policies, **live.aws_policies},
    }
    for kind, things in kinds.items():
        yield from ((kind, each.name, each.origin) for each in things.values() if each.origin)
    for group in description.groups.values():
        for member, origin in group.member_origins.items():
            yield ("membership", "memberships"), f"{name_of(description, member)} in {group.name}", origin
    for each in description.assignments:
        if each.origin:
            principal, permission_set, account = (
                name_of(description, key) for key in (each.principal, each.permission_set, each.account)
            )
            yield ("assignment", "assignments"), f"{principal}: {permission_set} in {account}", each.origin
