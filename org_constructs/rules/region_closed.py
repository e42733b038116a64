"""`OrgBaseline-RegionClosed`.

The region of an account's profiles is its own, or the default_region, or IAM Identity Center's. Otherwise the last one
may be closed: people sign in there before they have a role of the account, and service control policies bind the roles
and users of accounts alone: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html

Of what allows, FullAWSAccess is taken to be attached, as AWS does it, unless the app detaches it:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from org_constructs.aws.policy_syntax import SERVICE_CONTROL_POLICY
from org_constructs.templates.condition import holds
from org_constructs.templates.description import MANAGEMENT
from org_constructs.templates.iam import Statement, documents
from org_constructs.templates.metadata import BaselineMetadata

from ._places import Place, metadata_in, parents_of, people_of, role_of, upwards
from .policy_detach import full_access_detached
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Resource, Template, Templates


_REGION: Final = "aws:requestedregion"
_PRINCIPAL: Final = "aws:principalarn"

_WORK: Final = (
    ("cloudformation:createstack", "arn:aws:cloudformation:{region}:111122223333:stack/app/1"),
    ("cloudformation:liststacks", "*"),
    ("ec2:runinstances", "arn:aws:ec2:{region}:111122223333:instance/i-1"),
    ("ec2:describeinstances", "*"),
    ("lambda:createfunction", "arn:aws:lambda:{region}:111122223333:function:app"),
    ("lambda:listfunctions", "*"),
)
"""Making and seeing what deploys and what runs, in any region: where all of it is denied, the region is closed.

Not the services that lists of exceptions have, since they have no regions or are asked across them, nor those that
companies except beside, such as S3, CloudWatch Logs or Amazon Bedrock: open by itself none of them makes a region one
to work in.
"""

_SET_DEFAULT: Final = "set another default_region, which by default is IAM Identity Center's region"


class _Placed(NamedTuple):
    """A statement of a service control policy that is about regions, or allows."""

    policy: Resource
    statement: Statement


class _Profiles(NamedTuple):
    """The CLI profiles of an account."""

    template: Template
    account: str
    """Its key."""

    region: str
    home: str | None
    """The region of IAM Identity Center."""

    otherwise: str
    """What to do if the policies are right."""


def _find(templates: Templates) -> Iterator[Finding]:
    denying, allowing = _statements(templates)
    if not denying and not allowing:
        return
    parents, people = templates.once(parents_of), templates.once(people_of)
    resources = {resource.key: resource for resource in templates.of_type("AWS::Organizations::Account")}
    closed: dict[tuple[object, ...], tuple[list[Resource], list[str]]] = {}
    for each in _profiles(templates):
        here = each.template.account, each.account
        places = [place for place in upwards(here, parents) if place in denying or place in allowing]
        who = people.get(here, frozenset({None}))
        # Many accounts are in the same unit, with the same people.
        case = (*places, each.region, each.home, who)
        if case not in closed:
            over = [statement for place in places for statement in denying.get(place, ())]
            alone = [allowing[place] for place in places if place in allowing]
            closed[case] = _closing(
                over, alone, {role_of(name, each.region, each.home): name for name in who}, each.region
            )
        policies, locked_out = closed[case]
        if policies:
            resource = resources.get(each.account)
            name = templates.references.name(each.account) if resource is None else resource.name
            to = "everybody" if len(locked_out) == len(who) else f"people with {listed(locked_out)}"
            by = listed({policy.name for policy in policies})
            yield found(
                resource or policies[0],
                detail=(
                    f"{each.region}, the region of the CLI profiles of {name}, is closed to {to} by {by}: allow it, or"
                    f" {each.otherwise}."
                ),
            )


def _closing(
    denying: Sequence[_Placed], allowing: Sequence[Sequence[_Placed]], who: Mapping[str, str | None], region: str
) -> tuple[list[Resource], list[str]]:
    """Return the policies that close the region, and the names of the permission sets that they close it to."""
    policies: list[Resource] = []
    locked_out: list[str] = []
    for arn, name in who.items():
        request = {_REGION: region, _PRINCIPAL: arn}
        apply = [each for each in denying if holds(each.statement.tests, request) is True]
        by = [_first(apply, action, resource.format(region=region)) for action, resource in _WORK]
        # What a place allows beside FullAWSAccess decides nothing; in its stead it is all that is allowed there.
        alone = (each for each in allowing if all(holds(one.statement.tests, request) is False for one in each))
        closing = by if None not in by else [each.policy for each in next(alone, ())]
        if closing:
            policies += [policy for policy in closing if policy is not None]
            locked_out.append(name or "another permission set")
    return policies, locked_out


def _first(denying: Sequence[_Placed], action: str, arn: str) -> Resource | None:
    return next((policy for policy, each in denying if each.has_action(action) and each.has_resource(arn)), None)


def _statements(templates: Templates) -> tuple[dict[Place, list[_Placed]], dict[Place, list[_Placed]]]:
    """Return what denies by region, and what allows where FullAWSAccess does not, by the places of the policies."""
    detached = {
        (each.resource.template.account, each.target) for each in templates.once(full_access_detached) if each.target
    }
    denying: defaultdict[Place, list[_Placed]] = defaultdict(list)
    allowing: defaultdict[Place, list[_Placed]] = defaultdict(list)
    for document in templates.once(documents):
        if document.kind != SERVICE_CONTROL_POLICY:
            continue
        deny = [each for each in document.statements if each.effect == "Deny" and _REGION in each.condition.lower()]
        allow = [each for each in document.statements if each.effect == "Allow"]
        targets = document.resource.properties.get("TargetIds") if deny or (allow and detached) else None
        for target in targets if isinstance(targets, list) else ():
            key = templates.references.key(document.resource.stack, target)
            if key is None:
                continue
            place = document.resource.template.account, key
            denying[place] += [_Placed(document.resource, each) for each in deny]
            if place in detached:
                allowing[place] += [_Placed(document.resource, each) for each in allow]
    return {place: each for place, each in denying.items() if each}, {
        place: each for place, each in allowing.items() if each
    }


def _profiles(templates: Templates) -> Iterator[_Profiles]:
    said = templates.once(metadata_in)
    baselines = {template.account: metadata for template, metadata in said if not metadata.part_of}
    for template, metadata in said:
        of_all = baselines.get(template.account, BaselineMetadata())
        for name, account in metadata.accounts.items():
            key = templates.references.key_of_output(template.stack, account.output)
            region = account.region or of_all.default_region
            # Service control policies spare the management account.
            if key is not None and key != MANAGEMENT and region is not None:
                yield _Profiles(
                    template=template,
                    account=key,
                    region=region,
                    home=of_all.identity_center_region,
                    otherwise=f"give the account {name!r} another region" if account.region else _SET_DEFAULT,
                )


REGION_CLOSED: Final = Rule(
    id="OrgBaseline-RegionClosed",
    sentence="A service control policy closes the region that people work in.",
    explanation=(
        "In the region of the account's CLI profiles, creating and listing stacks, EC2 instances and Lambda functions"
        " is denied: nothing can be deployed or run there, even if other services are exempt. Roles that a condition"
        " on aws:PrincipalArn exempts count if people enter the account with them; a statement with any other"
        " condition is assumed to deny nothing. The management account is not affected."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html",
    find=_find,
)
