"""`OrgBaseline-PolicyAllowsNothing`.

Statements count together: those of a policy, and those of the policies of an account, its units and the root.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY

from ._lockout import known, needed, shut, shut_services
from ._places import Denying, accounts_of, denying_policies, role_of
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.iam import Statement, Test
    from org_constructs.templates.resources import Templates

    from ._requests import Known

_KINDS: Final = (SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY)
_PRINCIPAL: Final = "aws:principalarn"


def _find(templates: Templates) -> Iterator[Finding]:
    ids = templates.once(known)
    shut = set()
    for policy in templates.once(denying_policies):
        for finding in _in_one(policy, ids):
            shut.add(policy.resource.key)
            yield finding
    seen = set[object]()
    for account in templates.once(accounts_of):
        for kind in _KINDS:
            those = [each for each in account.policies if each.kind == kind and each.resource.key not in shut]
            case = (kind, tuple(each.resource.key for each in those), account.people)
            if case not in seen:
                seen.add(case)
                roles = {name: role_of(name, account.home or "us-east-1", account.home) for name in account.people}
                yield from _at(those, kind, ids, roles)


def _in_one(policy: Denying, ids: Known) -> Iterator[Finding]:
    resource, kind, denying = policy
    alone = [(each, of) for each in denying if (of := shut([each], kind, ids))]
    for each, of in alone:
        by = listed(map(_written, each.tests))
        what = (shut_services(kind, of), f"Nobody is excepted by {by}." if each.tests else "")
        yield found(resource, each.location, detail=" ".join(filter(None, what)))
    if not alone and (of := shut(denying, kind, ids)):
        those = needed(denying, lambda those: shut(those, kind, ids) >= of)
        detail = " ".join(filter(None, (shut_services(kind, of), "Its statements do so together.")))
        yield found(resource, *(each.location for each in those), detail=detail)


def _at(policies: Sequence[Denying], kind: str, ids: Known, roles: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what the policies of one place, the nearest first, deny together."""
    denying = [each for policy in policies for each in policy.statements]
    if of := shut(denying, kind, ids):
        nearest, *others = needed(
            policies, lambda those: shut([one for each in those for one in each.statements], kind, ids) >= of
        )
        names = listed({each.resource.name for each in others})
        detail = " ".join(filter(None, (shut_services(kind, of), f"It does so together with {names}.")))
        yield found(nearest.resource, "Properties.Content", detail=detail)
        return
    for policy in policies:
        naming = [each for each in policy.statements if _names_somebody(each)]
        if not naming:
            continue
        rest = [each for each in denying if each not in naming]
        named = [name for name, role in roles.items() if shut(denying, kind, ids, role) > shut(rest, kind, ids, role)]
        if named:
            yield found(
                policy.resource,
                *(each.location for each in naming),
                detail=f"It does so to people with {listed(named)}, whom it names: ArnNotLike would except them.",
            )


def _written(test: Test) -> str:
    operator, key = test.written
    return f"{operator} {key:.200} ({listed(f'{each:.100}' for each in test.values if each is not None)})"


def _names_somebody(statement: Statement) -> bool:
    return any(test.key == _PRINCIPAL and test.compares and "not" not in test.operator for test in statement.tests)


POLICY_ALLOWS_NOTHING: Final = Rule(
    id="OrgBaseline-PolicyAllowsNothing",
    sentence="A control policy denies every action on every resource.",
    explanation=(
        "In the accounts that it is attached to, nobody can do anything any more, including administrators, roles and"
        " AWS's own automation; for a resource control policy it is enough that it shuts one service, or"
        " sts:AssumeRole. Name the actions, or exempt a role with a condition on aws:PrincipalArn. Statements count"
        " together, and so do the policies of an account, its units and the root. Which conditions exempt somebody is"
        " in docs/rules.md."
    ),
    details=(
        "A condition that all requests of people meet exempts nobody: they have sessions of roles, and call over the"
        " internet, by TLS. Their requests always have aws:CurrentTime and aws:EpochTime, not before 2026-11-26;"
        " aws:PrincipalArn, other than a service-linked role, user/* or root; aws:PrincipalType, which is AssumedRole;"
        " aws:userid, which begins with AROA and has a colon; aws:TokenIssueTime; aws:PrincipalAccount, which a service"
        " control policy never sees be the management account; aws:PrincipalOrgID and aws:PrincipalOrgPaths; in a"
        " resource control policy aws:ResourceOrgID, which is the organization's; aws:RequestedRegion; aws:SourceIp,"
        " which is no private address; aws:SecureTransport, which is true; and aws:ViaAWSService and"
        " aws:PrincipalIsAWSService, both false. Any other key may be missing, or have any value: AWS does not say"
        " which aws:MultiFactorAuthPresent sessions of IAM Identity Center have. A condition that names, with ArnLike,"
        " the role of people who have access there denies everything to them. ARNs of another partition than that of"
        " the stack's region mean nothing."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html",
    find=_find,
)
