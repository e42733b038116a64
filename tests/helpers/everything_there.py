"""All that there is in a local AWS, to compare before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from made_by_hand import INSTANCE, STORE
from org_constructs.live.organization import LiveOrganization

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.live.organization import PermissionSet
    from org_constructs.rehearsal.local_aws import LocalAws


def snapshot(aws: LocalAws) -> dict[str, dict[str, Any]]:
    """Return all that there is in AWS, by kind and id, under the names that properties have in templates."""
    return dict(_everything(LiveOrganization(aws.client)))


def _everything(live: LiveOrganization) -> Iterator[tuple[str, dict[str, Any]]]:
    names: dict[str, str] = {}
    if organization := live.organization():
        yield f"organization {organization.id}", {}
        names = {account.id: account.name for account in live.accounts()}
        names[organization.management_account_id] = "the management account"
        yield from _organization(live)
    for permission_set in live.permission_sets(INSTANCE):
        names[permission_set.arn] = permission_set.name
        yield f"permission set {permission_set.arn}", _permission_set(live, permission_set)
    for user in live.users(STORE):
        names[user.id] = user.user_name
        yield (
            f"user {user.id}",
            {"name": user.user_name, "DisplayName": user.display_name, "Name": user.name, "Emails": user.emails},
        )
    for group in live.groups(STORE):
        names[group.id] = group.name
        yield f"group {group.id}", {"name": group.name, "Description": group.description}
        for membership in live.memberships(STORE, group.id):
            yield f"membership {membership.id}", {"name": f"{names[membership.user_id]} in {group.name}"}
    principals = [("USER", each.id) for each in live.users(STORE)] + [("GROUP", each.id) for each in live.groups(STORE)]
    for kind, principal in principals:
        for assigned in live.assignments(INSTANCE, kind, principal):
            name = f"{names[principal]}: {names[assigned.permission_set_arn]} in {names[assigned.account_id]}"
            yield f"assignment {principal}|{assigned.permission_set_arn}|{assigned.account_id}", {"name": name}


def _organization(live: LiveOrganization) -> Iterator[tuple[str, dict[str, Any]]]:
    for account in live.accounts()[1:]:
        values: dict[str, Any] = {"Email": account.email, "State": account.state, "ParentIds": account.parent_id}
        yield f"account {account.id}", {"name": account.name, **values, "Tags": live.organizations_tags(account.id)}
    for unit in live.all_organizational_units():
        tags = live.organizations_tags(unit.id)
        yield f"unit {unit.id}", {"name": unit.name, "ParentId": unit.parent_id, "Tags": tags}
    for policy in live.policies("SERVICE_CONTROL_POLICY"):
        if not policy.aws_managed:
            values = {
                "Description": policy.description,
                "Content": live.policy_content(policy.id),
                "TargetIds": sorted(live.policy_targets(policy.id)),
                "Tags": live.organizations_tags(policy.id),
            }
            yield f"policy {policy.id}", {"name": policy.name, **values}


def _permission_set(live: LiveOrganization, found: PermissionSet) -> dict[str, Any]:
    of = (INSTANCE, found.arn)
    return {
        "name": found.name,
        "Description": found.description,
        "SessionDuration": found.session_duration,
        "RelayStateType": found.relay_state,
        "ManagedPolicies": sorted(live.managed_policies(*of)),
        "CustomerManagedPolicyReferences": list(live.customer_managed_policies(*of)),
        "InlinePolicy": live.inline_policy(*of),
        "PermissionsBoundary": live.permissions_boundary(*of),
        "Tags": live.permission_set_tags(*of),
    }
