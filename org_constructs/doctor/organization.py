"""The organization: none yet, one that can be built on, or one that cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.matching import State
from org_constructs.templates.python_text import call_in_lines

from . import sign_up
from .check import Check
from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from org_constructs.live.organization import Organization

    from .examination import Examination

_TYPE: Final = "AWS::Organizations::Organization"


def _look(examination: Examination) -> Iterator[Finding]:
    found = examination.live.organization()
    if found is None:
        yield from _none(examination)
        return
    caller = examination.live.caller().account_id
    if found.management_account_id != caller and sign_up.is_project(examination):
        yield sign_up.project(examination, found)
        return
    if found.management_account_id != caller:
        yield problem(
            "organization-member",
            f"Account {caller} is a member of the organization {found.id}, whose management account is"
            f" {found.management_account_id} ({found.management_account_email})",
            why="Accounts, policies and IAM Identity Center can only be managed from the management account.",
            next=(f"Use credentials of account {found.management_account_id}: --profile NAME",),
            stops=True,
        )
        return
    if found.feature_set != "ALL" and not _wants_billing_only(examination):
        yield problem(
            "organization-billing-only",
            f"The organization {found.id} has only consolidated billing",
            why="Policies, trusted access and the organization instance of IAM Identity Center need all features.",
            next=(
                (
                    f"`{examination.with_profile('aws organizations enable-all-features')}`, which every invited"
                    " account has to approve; it cannot be undone"
                ),
            ),
            stops=True,
        )
        return
    yield from _existing(examination, found)
    yield from sign_up.kept_by_aws(examination)


def _none(examination: Examination) -> Iterator[Finding]:
    if examination.has_assembly and not any(examination.assembly.resources(_TYPE)):
        yield problem(
            "organization-none",
            "No organization exists, and the assembly creates none",
            why="It refers to an existing one, of another account or deleted since.",
            next=("Leave `organization` out of OrgBaseline to create one, or use other credentials",),
            stops=True,
        )
        return
    yield warning(
        "organization-created",
        "No organization exists yet; the deploy creates it",
        why="A new organization may refuse accounts for up to an hour.",
        next=(
            (
                "Add a payment method to the account; if the deploy says that the organization hasn't finished"
                " initializing, run it again in an hour"
            ),
        ),
    )


def _existing(examination: Examination, found: Organization) -> Iterator[Finding]:
    features = "all features" if found.feature_set == "ALL" else "consolidated billing"
    yield ok(
        "organization-exists", f"The organization {found.id} exists, with {features}; this is its management account"
    )
    root = examination.live.root()
    lines = call_in_lines(
        "organization=Organization.from_attributes",
        organization_id=found.id,
        root_id=root.id,
        management_account_id=found.management_account_id,
    )
    if not examination.has_assembly:
        yield ok(
            "organization-to-name",
            "The app can refer to it",
            next=("If no stack of the app has created it, add this to the app",),
            paste=lines,
        )
        return
    for match in examination.matcher.matches(_TYPE):
        if match.state is not State.DEPLOYED:
            yield problem(
                "organization-twice",
                f"The stack {match.stack} would create an organization, but {found.id} exists already",
                why=(
                    "An account can have only one organization: CloudFormation fails with AlreadyExists and rolls back."
                ),
                next=(
                    "Run `org-baseline adopt` to let CloudFormation manage the existing one",
                    "or leave it as it is and add this to the app",
                ),
                paste=lines,
            )
    roots = examination.assembly.literals("AWS::Organizations::", "ParentId", "ParentIds", "TargetIds")
    others = sorted(each for each in roots if each.startswith("r-") and each != root.id)
    if others:
        yield problem(
            "root-mismatch",
            f"The assembly refers to the root {others[0]}, but the root of the organization {found.id} is {root.id}",
            why="It belongs to another organization; nothing can be placed there.",
            next=("Use the ids of this one in the app, or use other credentials",),
            paste=lines,
        )


def _wants_billing_only(examination: Examination) -> bool:
    return examination.has_assembly and any(
        properties.get("FeatureSet") == "CONSOLIDATED_BILLING"
        for _, _, properties in examination.assembly.resources(_TYPE)
    )


CHECK: Final = Check(id="organization", title="the organization", look=_look, needs=("credentials",))
