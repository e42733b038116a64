"""`OrgBaseline-PermissionSetEscalation`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ._escalation import escalating
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for each in templates.once(escalating):
        for location, ways in each.ways.items():
            yield found(each.resource, location, detail=f"It does so with {listed(ways)}.")


PERMISSION_SET_ESCALATION: Final = Rule(
    id="OrgBaseline-PermissionSetEscalation",
    sentence="A permission set lets people make themselves administrators.",
    explanation=(
        "Its inline policy, or an AWS managed policy, allows something that leads to more permissions than the"
        " permission set has: changing who may do what, or running code with a role that is passed to it. Name the"
        " resources, such as role/app-*, or give the permission set a permissions boundary. Which resources and"
        " conditions count is in docs/rules.md."
    ),
    details=(
        "An action counts on an identity provider, whatever its name, on any role, user or policy of an account, on"
        " those whose names may begin with anything or as administrators' do, such as role/*Admin* and role/Admin, on"
        " the roles that Organizations, AWS Control Tower, StackSets and cdk bootstrap make administrators, and on"
        " others, such as role/app-*, if it may both give one more permissions and create it, assume it, say who may,"
        " sign in as it or pass it to code. In the management account this includes IAM Identity Center,"
        " Organizations, stack sets, root users, and the roles and e-mail addresses of other accounts; elsewhere IAM"
        " Identity Center, Organizations, any role of another account and root users, if a policy names their"
        " services. Statements that deny and permissions boundaries are taken into account, and so are conditions that"
        " require, by equality, a tag, a boundary or a policy, unless the permission set may give that tag, write that"
        " policy or remove that boundary. Sessions are of the type AssumedRole and of the organization that the app"
        " makes, use TLS, and are used at any time from 2026-11-26 on. iam:PassedToService keeps a role from services"
        " other than those that it names, and no role from those. Where all accounts are known that a permission set"
        " is assigned in, the roles, users and policies of others mean nothing to it, and those of one mean nothing in"
        " another. ARNs of another partition than that of the stack's region mean nothing; of a template without a"
        " region, the partition is aws or any that its policy names. What takes guardrails away, such as"
        " organizations:DetachPolicy, DisablePolicyType, MoveAccount, LeaveOrganization or"
        " RemoveAccountFromOrganization, gives nobody a permission and is not found: allow it to administrators alone."
        " Customer managed policies are not examined; where one is the boundary, OrgBaseline-PolicyNotJudged says so."
    ),
    source="https://pathfinding.cloud/paths/",
    find=_find,
)
