"""Where policies apply, and with which roles people are there.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_auth.html
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from org_constructs.aws.regions import partition_of
from org_constructs.templates.description import ROOT
from org_constructs.templates.metadata import metadata_of

from ._access import grants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from org_constructs.templates.resources import Templates

Place: TypeAlias = "tuple[str | None, str]"
"""The management account, where that is known, as an app may have several organizations; and a key."""


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


def homes_of(templates: Templates) -> dict[str | None, str]:
    """Return the regions of IAM Identity Center by the management account; for `Templates.once`."""
    return {
        template.account: metadata.identity_center_region
        for template in templates.all
        if (metadata := metadata_of(template.body)) and not metadata.part_of and metadata.identity_center_region
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
