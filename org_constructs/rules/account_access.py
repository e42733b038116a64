"""`OrgBaseline-AccountAccess`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ._access import grants
from ._places import metadata_in
from .rule import Finding, Rule, Severity, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    given = templates.once(grants)
    # An app that assigns nobody leaves that to another; and an account that is not known may be any.
    if not given or any(grant.account is None for grant in given):
        return
    entered = {grant.account for grant in given if grant.people is None or grant.people}
    assigned = {grant.account for grant in given}
    closing = templates.once(_closing)
    for account in templates.of_type("AWS::Organizations::Account"):
        if account.key in entered or account.key in closing:
            continue
        why = (
            "the groups assigned to it have no members"
            if account.key in assigned
            else "no permission set is assigned in it"
        )
        yield found(account, detail=f"Nobody can enter {account.name}: {why}.")


def _closing(templates: Templates) -> frozenset[str | None]:
    """Return the keys of the accounts that the app is about to close: nobody is to enter them."""
    said = templates.once(metadata_in)
    keys = {key for _, metadata in said for key in metadata.closing}
    return frozenset(
        templates.references.key_of_output(template.stack, account.output)
        for template, metadata in said
        for key, account in metadata.accounts.items()
        if key in keys
    )


ACCOUNT_ACCESS: Final = Rule(
    id="OrgBaseline-AccountAccess",
    sentence="An account has nobody in it.",
    explanation=(
        "If something goes wrong, only its root user, or a role that the management account assumes, can look at it."
        " Assign a permission set to somebody, if only to read."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/useraccess.html",
    find=_find,
    severity=Severity.WARNING,
)
