"""Central management of the root users of member accounts, as the app declares it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.aws.root_access import FEATURES, SERVICE
from org_constructs.matching.restoring import enable_root_access

from .check import Check
from .declared import DEPLOY_AND_FIX, look_at_declared
from .finding import Finding, Fix, ok, warning

if TYPE_CHECKING:
    from .examination import Examination

_WHY: Final = {
    "RootCredentialsManagement": "Until then each member account has a root user of its own to guard, with credentials"
    " that nobody else can delete.",
    "RootSessions": "Until then `aws sts assume-root` cannot unlock a bucket or queue of a member account.",
}


def _look(examination: Examination) -> Iterator[Finding]:
    yield from look_at_declared(
        examination,
        is_declared=examination.assembly.description.metadata.root_access,
        undeclared=ok("root-access-undeclared", "The app does not declare central management of root users"),
        later=warning(
            "root-access-later",
            "Root users can be managed centrally once the organization exists",
            next=(DEPLOY_AND_FIX,),
        ),
        missing=partial(_missing, examination),
        there=ok("root-access-enabled", "Root users of member accounts are managed centrally"),
    )


def _missing(examination: Examination) -> Iterator[Finding]:
    enabled = examination.live.root_features()
    if enabled is None:
        yield warning(
            "root-access-needs-service",
            "Root users of member accounts cannot be managed centrally",
            why=f"{SERVICE} has no trusted access.",
            next=("Enable it, see trusted-access",),
        )
        return
    for feature in (each for each in FEATURES if each not in enabled):
        command = examination.with_profile(enable_root_access(feature))
        yield warning(
            "root-access-disabled",
            f"The organization does not have {feature} enabled",
            why=_WHY[feature],
            next=(f"`{command}`, or `org-baseline doctor --fix`; CloudFormation cannot",),
            fix=Fix(
                question=f"Enable {feature} for the root users of member accounts?",
                apply=partial(_enable, examination, feature),
                done=f"{feature} is enabled",
            ),
        )


def _enable(examination: Examination, feature: str) -> None:
    getattr(examination.live.client("iam"), FEATURES[feature])()


CHECK: Final = Check(
    id="root-access", title="the root users", look=_look, needs=("assembly", "credentials", "organization")
)
