"""`OrgBaseline-ManagementAdministrators`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ._access import HANDFUL, Grant, everyone, grants
from .rule import Finding, Rule, Severity, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    of_instance: defaultdict[str, list[Grant]] = defaultdict(list)
    for grant in templates.once(grants):
        if grant.is_in_management and grant.administers:
            of_instance[grant.instance].append(grant)
    for given in of_instance.values():
        people = everyone(given)
        if len(people) > HANDFUL:
            for grant in given:
                yield found(grant.resource, "Properties.PrincipalId", detail=f"{len(people)} people do.")


MANAGEMENT_ADMINISTRATORS: Final = Rule(
    id="OrgBaseline-ManagementAdministrators",
    sentence=f"More than {HANDFUL} people administer the management account.",
    explanation=(
        "Whoever administers it can close every account, and no service control policy applies to it. Have only a few"
        " administrators, and give others a permission set for what they do there, such as Billing."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_best-practices_mgmt-acct.html",
    find=_find,
    severity=Severity.WARNING,
)
