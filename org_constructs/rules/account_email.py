"""`OrgBaseline-AccountEmail`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Resource, Templates


def _find(templates: Templates) -> Iterator[Finding]:
    by_email: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in templates.of_type("AWS::Organizations::Account"):
        email = resource.properties.get("Email")
        if isinstance(email, str):
            by_email[email.lower()].append(resource)
    for email, resources in by_email.items():
        if len(resources) > 1:
            names = listed(resource.name for resource in resources)
            for resource in resources:
                yield found(resource, "Properties.Email", detail=f"{email} is the address of {names}.")


ACCOUNT_EMAIL: Final = Rule(
    id="OrgBaseline-AccountEmail",
    sentence="Accounts have the same e-mail address.",
    explanation=(
        "An address, in upper or lower case, belongs to one AWS account for good: the deploy fails halfway and leaves"
        " accounts behind. Give each account its own, such as aws+dev@acme.com."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html",
    find=_find,
)
