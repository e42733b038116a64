"""`OrgBaseline-PolicyDetach`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from org_constructs.aws.policy_syntax import SERVICE_CONTROL_POLICY
from org_constructs.templates.iam import documents
from org_constructs.templates.values import Unknown, Value, from_json

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Resource, Templates

_FULL_ACCESS: Final = ("p-FullAWSAccess", "p-RCPFullAWSAccess")
_CALLS: Final = ("Create", "Update")


class Detachment(NamedTuple):
    """A call that detaches one of AWS's policies that allow everything."""

    resource: Resource
    location: str
    policy: str
    target: str | None
    """The key of what it is detached from."""


def full_access_detached(templates: Templates) -> tuple[Detachment, ...]:
    """Return where the app detaches policies that allow everything; for `Templates.once`."""
    return tuple(
        each
        for resource_type, resources in templates.by_type.items()
        if resource_type.startswith("Custom::")
        for resource in resources
        for each in _detachments(resource, templates)
    )


def _find(templates: Templates) -> Iterator[Finding]:
    for each in templates.once(full_access_detached):
        if each.policy != _FULL_ACCESS[0] or each.target not in templates.once(_allowed_targets):
            yield found(each.resource, each.location)


def _detachments(resource: Resource, templates: Templates) -> Iterator[Detachment]:
    for name in _CALLS:
        call = _call(resource.properties.get(name))
        parameters = call.get("parameters")
        if str(call.get("action")).lower() != "detachpolicy" or not isinstance(parameters, dict):
            continue
        policy, target = (parameters.get(each) for each in ("PolicyId", "TargetId"))
        if policy in _FULL_ACCESS:
            key = templates.references.key(resource.stack, target)
            yield Detachment(resource, f"Properties.{name}", policy, key)


def _allowed_targets(templates: Templates) -> frozenset[str | None]:
    """Return the keys of what service control policies that allow something are attached to."""
    return frozenset(
        templates.references.key(document.resource.stack, target)
        for document in templates.once(documents)
        if document.kind == SERVICE_CONTROL_POLICY and any(each.effect == "Allow" for each in document.statements)
        for target in document.resource.properties.get("TargetIds") or ()
    )


def _call(value: Value) -> dict[str, Any]:
    """Return the call that CDK's AwsCustomResource makes.

    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources.AwsCustomResource.html
    """
    # Most calls are none of Organizations, and need not be read.
    if not isinstance(value, str | Unknown) or not re.search("detachpolicy", str(value), re.IGNORECASE):
        return {}
    try:
        call = from_json(value)
    except ValueError:
        return {}
    return call if isinstance(call, dict) else {}


POLICY_DETACH: Final = Rule(
    id="OrgBaseline-PolicyDetach",
    sentence="The last policy that allows anything is detached.",
    explanation=(
        "Without FullAWSAccess, or another service control policy that allows something, nothing is allowed in the"
        " accounts there; AWS refuses to detach the last one. Attach its replacement in the same app."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html",
    find=_find,
)
