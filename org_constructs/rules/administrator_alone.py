"""`OrgBaseline-AdministratorAlone`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.user_types import USERS

from ._access import Grant, everyone, grants
from .rule import Finding, Rule, Severity, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    of_instance: defaultdict[str, list[Grant]] = defaultdict(list)
    for grant in templates.once(grants):
        of_instance[grant.instance].append(grant)
    users = {user.key: user for user in templates.of_type(*USERS)}
    for given in of_instance.values():
        # Whoever might administer it too is enough.
        possible = [
            grant
            for grant in given
            if (grant.is_in_management or grant.account is None) and grant.administers is not False
        ]
        administrators = everyone(possible)
        everybody = everyone(given)
        if len(administrators) != 1 or len(everybody) == 1 or any(grant.people is None for grant in possible):
            continue
        (alone,) = administrators
        user = users.get(alone)
        name = user.name if user else templates.references.name(alone)
        detail = f"Of {len(everybody)} people, only {name} administers the management account."
        if user:
            yield found(user, detail=detail)
        else:
            yield from (found(grant.resource, "Properties.PrincipalId", detail=detail) for grant in possible)


ADMINISTRATOR_ALONE: Final = Rule(
    id="OrgBaseline-AdministratorAlone",
    sentence="Only one person administers the management account.",
    explanation=(
        "If that person is removed or loses their MFA device, nobody but the root user can give anybody access. Add a"
        " second administrator. When that is not asked for is in docs/rules.md."
    ),
    details=(
        "Where one person alone has access to any account, nothing is found: whoever founds a company alone has nobody"
        " to add, and the root user is theirs. The warning comes with the second person who has access."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/emergency-access.html",
    find=_find,
    severity=Severity.WARNING,
)
