"""The services that the app wants to work with the organization."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.matching.restoring import STACK_SETS, enable_service

from .check import Check
from .declared import DEPLOY_AND_FIX, look_at_declared
from .finding import Finding, Fix, ok, warning

if TYPE_CHECKING:
    from .examination import Examination

_WHY: Final = "Until then the service cannot work with the organization; CloudFormation cannot enable it."


def _look(examination: Examination) -> Iterator[Finding]:
    declared = examination.assembly.description.metadata.trusted_access
    yield from look_at_declared(
        examination,
        is_declared=bool(declared),
        undeclared=ok("trusted-access-undeclared", "The app declares no trusted access"),
        later=warning(
            "trusted-access-later",
            f"{', '.join(declared)} can be enabled once the organization exists",
            why=_WHY,
            next=(DEPLOY_AND_FIX,),
        ),
        missing=partial(_all_missing, examination, declared),
        there=ok(
            "trusted-access-enabled", f"{', '.join(declared)} {'have' if len(declared) > 1 else 'has'} trusted access"
        ),
    )


def _all_missing(examination: Examination, declared: Sequence[str]) -> Iterator[Finding]:
    enabled = examination.live.trusted_services()
    yield from (_missing(examination, principal) for principal in declared if principal not in enabled)


def _missing(examination: Examination, principal: str) -> Finding:
    found = f"{principal} has no trusted access"
    command = examination.with_profile(enable_service(principal))
    if principal == STACK_SETS:
        return warning(
            "trusted-access-disabled",
            found,
            why="For StackSets, CloudFormation has its own call.",
            next=(f"`{command}`",),
        )
    return warning(
        "trusted-access-disabled",
        found,
        why=_WHY,
        next=(
            (
                f"`{command}`, or `org-baseline doctor --fix`; if the service's console has"
                " a button for it, AWS recommends that"
            ),
        ),
        fix=Fix(
            question=f"Let {principal} work with the organization (trusted access)?",
            apply=partial(_enable, examination, principal),
            done=f"{principal} has trusted access",
        ),
    )


def _enable(examination: Examination, principal: str) -> None:
    examination.live.client("organizations").enable_aws_service_access(ServicePrincipal=principal)


CHECK: Final = Check(
    id="trusted-access", title="trusted access", look=_look, needs=("assembly", "credentials", "organization")
)
