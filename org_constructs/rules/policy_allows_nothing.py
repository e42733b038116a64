"""`OrgBaseline-PolicyAllowsNothing`.

Statements count together: those of a policy, and those of the policies of an account, its units and the root.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from org_constructs.aws.policy_syntax import RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY
from org_constructs.templates.description import MANAGEMENT
from org_constructs.templates.iam import documents

from ._lockout import known, needed, shut, shut_services
from ._places import homes_of, parents_of, people_of, role_of, upwards
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from org_constructs.templates.iam import Statement, Test
    from org_constructs.templates.resources import Resource, Templates

    from ._places import Place
    from ._requests import Known

_KINDS: Final = (SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY)
_PRINCIPAL: Final = "aws:principalarn"


class _Policy(NamedTuple):
    """A control policy, and its statements that deny."""

    resource: Resource
    kind: str
    denying: Sequence[Statement]


def _find(templates: Templates) -> Iterator[Finding]:
    ids = templates.once(known)
    policies = [
        _Policy(each.resource, each.kind, denying)
        for each in templates.once(documents)
        if each.kind in _KINDS and (denying := [one for one in each.statements if one.effect == "Deny"])
    ]
    shut = set()
    for policy in policies:
        for finding in _in_one(policy, ids):
            shut.add(policy.resource.key)
            yield finding
    open_ones = [each for each in policies if each.resource.key not in shut]
    yield from _in_several(templates, open_ones, ids)


def _in_one(policy: _Policy, ids: Known) -> Iterator[Finding]:
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


def _in_several(templates: Templates, policies: Sequence[_Policy], ids: Known) -> Iterator[Finding]:
    """Yield where policies of an account and of what it is in deny everything together, or deny it to people there."""
    placed: defaultdict[Place, list[_Policy]] = defaultdict(list)
    for policy in policies:
        targets = policy.resource.properties.get("TargetIds")
        for target in targets if isinstance(targets, list) else ():
            key = templates.references.key(policy.resource.stack, target)
            if key is not None and key != MANAGEMENT:
                placed[policy.resource.template.account, key].append(policy)
    if not placed:
        return
    parents, people, homes = templates.once(parents_of), templates.once(people_of), templates.once(homes_of)
    seen = set[object]()
    for resource in templates.of_type("AWS::Organizations::Account"):
        account = resource.template.account, resource.key
        places = tuple(place for place in upwards(account, parents) if place in placed)
        who = people.get(account, frozenset()) - {None}
        # Many accounts are in the same unit, with the same people.
        if (places, who) in seen:
            continue
        seen.add((places, who))
        for kind in _KINDS:
            those = [each for place in places for each in placed[place] if each.kind == kind]
            case = (kind, tuple(each.resource.key for each in those), who)
            if case in seen:
                continue
            seen.add(case)
            home = homes.get(account[0])
            yield from _at(those, kind, ids, {name: role_of(name, home or "us-east-1", home) for name in who if name})


def _at(policies: Sequence[_Policy], kind: str, ids: Known, roles: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what the policies of one place, the nearest first, deny together."""
    denying = [each for policy in policies for each in policy.denying]
    if of := shut(denying, kind, ids):
        nearest, *others = needed(
            policies, lambda those: shut([one for each in those for one in each.denying], kind, ids) >= of
        )
        names = listed({each.resource.name for each in others})
        detail = " ".join(filter(None, (shut_services(kind, of), f"It does so together with {names}.")))
        yield found(nearest.resource, "Properties.Content", detail=detail)
        return
    for policy in policies:
        naming = [each for each in policy.denying if _names_somebody(each)]
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
        " together, and so do the policies of an account, its units and the root. A condition that all requests of"
        " people meet exempts nobody: they have sessions of roles, and call over the internet, by TLS. Their requests"
        " always have aws:CurrentTime and aws:EpochTime, not before 2026-11-26; aws:PrincipalArn, other than a"
        " service-linked role, user/* or root; aws:PrincipalType, which is AssumedRole; aws:userid, which begins with"
        " AROA and has a colon; aws:TokenIssueTime; aws:PrincipalAccount, which a service control policy never sees be"
        " the management account; aws:PrincipalOrgID and aws:PrincipalOrgPaths; in a resource control policy"
        " aws:ResourceOrgID, which is the organization's; aws:RequestedRegion; aws:SourceIp, which is no private"
        " address; aws:SecureTransport, which is true; and aws:ViaAWSService and aws:PrincipalIsAWSService, both false."
        " Any other key may be missing, or have any value: AWS does not say which aws:MultiFactorAuthPresent sessions"
        " of IAM Identity Center have. A condition that names, with ArnLike, the role of people who have access there"
        " denies everything to them."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html",
    find=_find,
)
