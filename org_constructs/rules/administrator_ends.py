"""`OrgBaseline-AdministratorEnds`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from org_constructs.templates.time_limit import time_limit

from ._access import Grant, grants
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    of_instance: defaultdict[str, list[Grant]] = defaultdict(list)
    for grant in templates.once(grants):
        # Whoever might administer it too is enough; a group without members is nobody.
        if (
            (grant.is_in_management or grant.account is None)
            and grant.administers is not False
            and grant.people != frozenset()
        ):
            of_instance[grant.instance].append(grant)
    sets = {each.key: each for each in templates.of_type("AWS::SSO::PermissionSet")}
    for given in of_instance.values():
        ending = [
            (grant, f"{permission_set.name} is {limit}.")
            for grant in given
            if (permission_set := sets.get(grant.permission_set or ""))
            and (limit := time_limit(permission_set.properties))
        ]
        if len(ending) == len(given):
            yield from (found(grant.resource, "Properties.PermissionSetArn", detail=detail) for grant, detail in ending)


ADMINISTRATOR_ENDS: Final = Rule(
    id="OrgBaseline-AdministratorEnds",
    sentence="Everybody who administers the management account does so for a time.",
    explanation=(
        "Outside that time nobody but the root user can give anybody access. Assign a permission set without a time"
        " there as well, to somebody who stays."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/emergency-access.html",
    find=_find,
)
