"""The types of policies that the app needs and the root may not have enabled."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from org_constructs.matching.restoring import enable_policy_type

from .check import Check
from .finding import Finding, Fix, ok, problem, warning

if TYPE_CHECKING:
    from .examination import Examination

_WHY: Final = (
    "A policy can be created and attached only while its type is enabled on the root, which CloudFormation cannot do."
)
_SERVICES: Final = {
    "INSPECTOR_POLICY": "inspector2.amazonaws.com",
    "SECURITYHUB_POLICY": "securityhub.amazonaws.com",
}
"""What AWS enables a type for, once it has trusted access, or refuses with SERVICE_ACCESS_NOT_ENABLED.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_organization
"""
_INTERVAL: Final = 1.0  # seconds; AWS enables one type a second, and takes some seconds for each
_PATIENCE: Final = 120  # times the interval


def _look(examination: Examination) -> Iterator[Finding]:
    types = {properties["Type"] for _, _, properties in examination.assembly.resources("AWS::Organizations::Policy")}
    made = {each for each in types if isinstance(each, str)}
    waiting = set(examination.assembly.description.metadata.policy_types) - made
    if not made | waiting:
        yield ok("policies-none", "The assembly has no policies")
        return
    if examination.live.organization() is None:
        yield _in_a_new_organization(examination, made, waiting)
        return
    root = _root(examination)
    statuses = {each["Type"]: each["Status"] for each in root.get("PolicyTypes", ())}
    for each in sorted(made | waiting):
        if statuses.get(each) == "PENDING_ENABLE":
            yield warning(
                "policy-type-pending", f"{each} is being enabled", why=_WHY, next=("Wait a minute before you deploy",)
            )
        elif statuses.get(each) != "ENABLED":
            yield _not_enabled(examination, root["Id"], each, waits=each in waiting)
    enabled = sorted(each for each in made | waiting if statuses.get(each) == "ENABLED")
    if enabled:
        yield ok("policy-types-enabled", f"The root has {', '.join(enabled)} enabled")
    if waiting.intersection(enabled):
        yield warning(
            "policies-waiting",
            f"Policies of type {', '.join(sorted(waiting.intersection(enabled)))} still wait in the app",
            why="They are not created before the app lists their type as enabled.",
            next=("Replace what the app has with this, and deploy",),
            paste=(_line(enabled),),
        )


def _in_a_new_organization(examination: Examination, made: Collection[str], waiting: Collection[str]) -> Finding:
    if not made:
        return ok(
            "policies-later",
            f"Policies of type {', '.join(sorted(waiting))} come with the deploy after the organization's",
            why="A new organization has no policy type enabled.",
            next=("Deploy, then run `org-baseline doctor --fix`",),
        )
    found = f"The deploy creates the organization and policies of type {', '.join(sorted(made))} at once"
    why = "A new organization has no policy type enabled, so the deploy would fail once the organization exists."
    if examination.assembly.description.metadata.is_of_baseline:
        return problem(
            "policies-with-new-organization",
            found,
            why=why,
            next=("Add this to the app and deploy, then run `org-baseline doctor --fix`",),
            paste=(_line(()),),
        )
    return problem(
        "policies-with-new-organization",
        found,
        why=why,
        next=("Leave the policies out and deploy; add them again, run `org-baseline doctor --fix`, and deploy",),
    )


def _not_enabled(examination: Examination, root_id: str, policy_type: str, *, waits: bool) -> Finding:
    # A deploy goes ahead without the policies that wait.
    report = warning if waits else problem
    found = f"The root {root_id} does not have {policy_type} enabled"
    service = _SERVICES.get(policy_type)
    if service is not None and service not in examination.live.trusted_services():
        return report(
            "policy-type-needs-service",
            found,
            why=f"AWS enables it only while {service} has trusted access.",
            next=("Add this to what the app declares already, and run `org-baseline doctor --fix`",),
            paste=(f'trusted_access=["{service}"],',),
        )
    return report(
        "policy-type-not-enabled",
        found,
        why=_WHY,
        next=(
            f"`{examination.with_profile(enable_policy_type(root_id, policy_type))}`, or `org-baseline doctor --fix`",
        ),
        fix=Fix(
            question=f"Enable policies of type {policy_type} on the root {root_id}?",
            apply=partial(_enable, examination, root_id, policy_type),
            done=f"{policy_type} is enabled",
        ),
    )


def _line(enabled: Collection[str]) -> str:
    return f"enabled_policy_types=[{', '.join(f'PolicyType.{each}' for each in enabled)}],"


def _root(examination: Examination) -> Any:  # noqa: ANN401 (JSON)
    # Not `live.root()`, which has no types that are being enabled.
    [root] = examination.live.client("organizations").list_roots()["Roots"]
    return root


def _enable(examination: Examination, root_id: str, policy_type: str) -> None:
    """Enable a type and wait until it is: AWS does it in the background."""
    examination.live.client("organizations").enable_policy_type(RootId=root_id, PolicyType=policy_type)
    for _ in range(_PATIENCE):
        statuses = {each["Type"]: each["Status"] for each in _root(examination).get("PolicyTypes", ())}
        if statuses.get(policy_type) == "ENABLED":
            return
        time.sleep(_INTERVAL)
    raise TimeoutError(
        f"AWS did not enable {policy_type} within {_PATIENCE * _INTERVAL:.0f} seconds; check again later"
    )


CHECK: Final = Check(
    id="policy-types", title="the policy types", look=_look, needs=("assembly", "credentials", "organization")
)
