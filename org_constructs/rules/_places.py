"""Where policies apply, and with which roles people are there.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_auth.html
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from org_constructs.aws.policy_syntax import RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY
from org_constructs.aws.regions import partition_of
from org_constructs.templates.description import MANAGEMENT, ROOT
from org_constructs.templates.iam import Statement, documents
from org_constructs.templates.metadata import BaselineMetadata, metadata_of

from ._access import grants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from org_constructs.templates.resources import Resource, Template, Templates

Place: TypeAlias = "tuple[str | None, str]"
"""The management account, where that is known, as an app may have several organizations; and a key."""


class Denying(NamedTuple):
    """A control policy, and its statements that deny."""

    resource: Resource
    kind: str
    statements: Sequence[Statement]


class Account(NamedTuple):
    """What decides of an account, and of others like it."""

    policies: Sequence[Denying]
    """The control policies over it, the nearest first."""

    people: frozenset[str]
    """The names of the permission sets that it is entered with."""

    home: str | None
    """The region of IAM Identity Center, where that is known."""


def denying_policies(templates: Templates) -> tuple[Denying, ...]:
    """Return the control policies that deny something; for `Templates.once`."""
    return tuple(
        Denying(each.resource, each.kind, denying)
        for each in templates.once(documents)
        if each.kind in {SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY}
        and (denying := [one for one in each.statements if one.effect == "Deny"])
    )


def accounts_of(templates: Templates) -> tuple[Account, ...]:
    """Return the accounts with policies over them, one of those that are alike; for `Templates.once`."""
    placed: defaultdict[Place, list[Denying]] = defaultdict(list)
    for policy in templates.once(denying_policies):
        targets = policy.resource.properties.get("TargetIds")
        for target in targets if isinstance(targets, list) else ():
            key = templates.references.key(policy.resource.stack, target)
            if key is not None and key != MANAGEMENT:
                placed[policy.resource.template.account, key].append(policy)
    if not placed:
        return ()
    parents, people, homes = templates.once(parents_of), templates.once(people_of), templates.once(homes_of)
    found = {}
    for resource in templates.of_type("AWS::Organizations::Account"):
        account = resource.template.account, resource.key
        places = tuple(place for place in upwards(account, parents) if place in placed)
        who = frozenset(name for name in people.get(account, ()) if name)
        if (places, who) not in found:
            over = [policy for place in places for policy in placed[place]]
            found[places, who] = Account(over, who, homes.get(account[0]))
    return tuple(found.values())


def parents_of(templates: Templates) -> dict[Place, str]:
    """Return what accounts and units are in; for `Templates.once`."""
    parents = {}
    for resource in templates.of_type("AWS::Organizations::Account", "AWS::Organizations::OrganizationalUnit"):
        given = resource.properties.get("ParentIds", resource.properties.get("ParentId"))
        parent = (given or [None])[0] if isinstance(given, list) else given
        key = templates.references.key(resource.stack, parent)
        if key is not None:
            parents[resource.template.account, resource.key] = key
    return parents


def upwards(place: Place, parents: Mapping[Place, str]) -> Iterator[Place]:
    """Yield what an account is in, from itself up to the root, which is above whatever no template says more of."""
    organization, seen = place[0], set[Place]()
    while place not in seen and place[1] != ROOT:
        yield place
        seen.add(place)
        place = organization, parents.get(place, ROOT)
    yield organization, ROOT


def people_of(templates: Templates) -> dict[Place, frozenset[str | None]]:
    """Return the names of the permission sets that accounts are entered with; None is one that no template names.

    For `Templates.once`.
    """
    names = {resource.key: resource.name for resource in templates.of_type("AWS::SSO::PermissionSet")}
    people: defaultdict[Place, set[str | None]] = defaultdict(set)
    for grant in templates.once(grants):
        if grant.account is not None:
            key = grant.permission_set or ""
            name = names.get(key) or templates.references.name(key)
            people[grant.resource.template.account, grant.account].add(None if "/" in name or not name else name)
    return {place: frozenset(each) for place, each in people.items()}


def metadata_in(templates: Templates) -> tuple[tuple[Template, BaselineMetadata], ...]:
    """Return what baselines wrote into their templates; for `Templates.once`."""
    return tuple((each, metadata) for each in templates.all if (metadata := metadata_of(each.body)))


def homes_of(templates: Templates) -> dict[str | None, str]:
    """Return the regions of IAM Identity Center by the management account; for `Templates.once`."""
    return {
        template.account: metadata.identity_center_region
        for template, metadata in templates.once(metadata_in)
        if not metadata.part_of and metadata.identity_center_region
    }


def role_of(permission_set: str | None, region: str, home: str | None) -> str:
    """Return the ARN that sessions of a permission set have; of another one, as no exception would name it.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html

    Args:
        permission_set: Its name.
        region: Any region of its partition.
        home: The region of IAM Identity Center; None if the templates do not say it.
    """
    of_account = f"arn:{partition_of(region).name}:iam::111122223333:role"
    if permission_set is None:
        return f"{of_account}/another"
    path = "" if home in {None, "us-east-1"} else f"/{home}"
    return f"{of_account}/aws-reserved/sso.amazonaws.com{path}/AWSReservedSSO_{permission_set}_0123456789abcdef"
