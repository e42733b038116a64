"""`OrgBaseline-PolicyNotJudged`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.aws.managed_policies import list_date, name_of, policies_by_name
from org_constructs.aws.policy_syntax import INLINE_POLICY
from org_constructs.templates.iam import Document, documents, text
from org_constructs.templates.permissions import is_of_accounts
from org_constructs.templates.values import Unknown

from ._delegation import is_for_anybody
from ._escalation import escalating
from .permission_set_managed_policy import DEPRECATED
from .rule import Finding, Rule, Severity, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Resource, Templates

_OF_MANAGED: Final = "Properties.ManagedPolicies"


def _find(templates: Templates) -> Iterator[Finding]:
    for each in templates.once(escalating):
        for location, ways in each.unsure.items():
            is_managed = location.startswith(_OF_MANAGED)
            detail = _of_managed(each.resource, location, ways) if is_managed else _of_inline(each.resource, ways)
            if detail:
                yield found(each.resource, location, detail=detail)
    for resource in templates.of_type("AWS::Organizations::Policy"):
        if isinstance(resource.properties.get("Type"), Unknown):
            yield found(resource, "Properties.Type", detail="Its type is known only during the deploy.")
    for document in templates.once(documents):
        if document.kind != INLINE_POLICY:
            yield from _of_organization(document)


def _of_organization(document: Document) -> Iterator[Finding]:
    if not document.is_whole:
        yield found(document.resource, "Properties.Content", detail="Some of it could not be read as statements.")
    for statement in document.statements:
        if statement.effect not in {"Allow", "Deny"}:
            yield found(document.resource, statement.location, detail="Whether it allows something could not be read.")
        elif statement.at_most.is_about_everything and not statement.is_about_everything:
            verb = "denies" if statement.effect == "Deny" else "allows"
            yield found(
                document.resource,
                statement.location,
                detail=(f"Whether it {verb} everything is known only during the deploy."),
            )
        elif is_for_anybody(document, statement) is None:
            yield found(
                document.resource, statement.location, detail=("Whom it is for is known only during the deploy.")
            )


def _of_inline(resource: Resource, ways: Sequence[str]) -> str:
    whether = f"Whether it allows {listed(ways) if ways else 'everything'}"
    if is_of_accounts(resource.properties.get("PermissionsBoundary")):
        return f"{whether} depends on its permissions boundary, a customer managed policy."
    return f"{whether} is known only during the deploy."


def _of_managed(resource: Resource, location: str, ways: Sequence[str]) -> str:
    policies = resource.properties["ManagedPolicies"]
    policy = policies[int(location.rpartition(".")[2])] if isinstance(policies, list) else policies
    name = name_of(text(policy) or "")
    if name is None:
        return "Which policy it is, is known only during the deploy."
    if name in policies_by_name():
        return _of_inline(resource, ways)
    # What AWS took away allows nobody anything, and is found for that.
    return "" if name in DEPRECATED else f"AWS had no managed policy {name} on {list_date()}; it may be newer."


POLICY_NOT_JUDGED: Final = Rule(
    id="OrgBaseline-PolicyNotJudged",
    sentence="What a policy allows depends on something that cannot be read.",
    explanation=(
        "It is known only during the deploy, like a parameter without a default value or an output of another app, or"
        " it is not JSON; or it depends on a permissions boundary that is a customer managed policy, which is in each"
        " account and in no template. What other rules would find in it stays hidden. Use a literal value, give the"
        " parameter a default value, or acknowledge this once somebody has reviewed the deployed policy."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html",
    find=_find,
    severity=Severity.WARNING,
)
