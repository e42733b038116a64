"""The types of policies that the assembly needs and the root may not have enabled."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from .check import Check
from .finding import Finding, Fix, ok, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .examination import Examination

SERVICE_CONTROL: Final = "SERVICE_CONTROL_POLICY"

_WHY: Final = (
    "A policy can be made and attached only while its type is enabled on the root; CloudFormation cannot do that."
)
_INTERVAL: Final = 1.0  # seconds; AWS enables one type a second, and takes some seconds for each
_PATIENCE: Final = 120  # times the interval


def _look(examination: Examination) -> Iterator[Finding]:
    types = {properties["Type"] for _, _, properties in examination.assembly.resources("AWS::Organizations::Policy")}
    needed = sorted(each for each in types if isinstance(each, str))
    if not needed:
        yield ok("The assembly has no policies")
        return
    if examination.live.organization() is None:
        yield from _without_organization(needed)
        return
    root = _root(examination)
    statuses = {each["Type"]: each["Status"] for each in root.get("PolicyTypes", ())}
    for each in needed:
        if statuses.get(each) == "ENABLED":
            continue
        if statuses.get(each) == "PENDING_ENABLE":
            yield warning(f"{each} is being enabled", why=_WHY, next=("Wait a minute before you deploy",))
            continue
        command = f"aws organizations enable-policy-type --root-id {root['Id']} --policy-type {each}"
        yield problem(
            f"The root {root['Id']} does not have {each} enabled",
            why=_WHY,
            next=(f"`{examination.with_profile(command)}`, or `org-baseline doctor --fix`",),
            fix=Fix(
                question=f"Enable policies of type {each} on the root {root['Id']}?",
                apply=partial(_enable, examination, root["Id"], each),
                done=f"{each} is enabled",
            ),
        )
    enabled = [each for each in needed if statuses.get(each) == "ENABLED"]
    if enabled:
        yield ok(f"The root has {', '.join(enabled)} enabled")


def _without_organization(needed: list[str]) -> Iterator[Finding]:
    others = [each for each in needed if each != SERVICE_CONTROL]
    if not others:
        yield ok("A new organization has service control policies enabled")
        return
    yield problem(
        f"A new organization does not have {', '.join(others)} enabled, and the deploy creates policies of it at once",
        why=_WHY,
        next=("Leave those policies out and deploy; put them back, run `org-baseline doctor --fix`, and deploy again",),
    )


def _root(examination: Examination) -> Any:  # noqa: ANN401 (JSON)
    # Not `live.root()`, which remembers what was enabled before a fix.
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
    raise TimeoutError(f"AWS has not enabled {policy_type} in {_PATIENCE * _INTERVAL:.0f} seconds; look again later")


CHECK: Final = Check(
    id="policy-types", title="the types of policies", look=_look, needs=("assembly", "credentials", "organization")
)
