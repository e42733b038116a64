"""Policies, permission sets and groups that say something else than the stacks were deployed with.

An update writes all of them again: matching/restoring.py has what, and the sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.resource_types import NAMES, PERMISSION_SET
from org_constructs.templates.values import as_json
from org_constructs.templates.words import and_list

from .finding import Drift, How, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit


_NAMES: Final = frozenset({"Name", "DisplayName"})

LEAVE: Final = Way(
    text="No deploy notices it. The first one that changes anything of it writes all of it as the app says",
    safe=True,
)


def resource_policy_changed(at: Look, edit: HandEdit) -> Drift:
    """Tell of another content: a command restores it, since nothing else of it is there to change.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html
    """
    [change] = edit.changes
    return drift_of(
        edit,
        "drift-changed",
        "was changed: Content",
        take_back=Way.run(
            "No deploy notices it. Run this",
            at.aws("organizations", "put-resource-policy", content=as_json(change.template)),
        ),
        take_over=at.app.take_over(edit.resource.before, edit.changes),
        leave=LEAVE,
    )


def changed(at: Look, edit: HandEdit) -> Drift:
    """Tell of what an update writes again."""
    resource, changes = edit.resource, edit.changes
    renamed = next((change for change in changes if change.property in _NAMES), None)
    kind, _ = NAMES[resource.before.type]
    others = [change.property for change in changes if change is not renamed]
    said = [f"was renamed to {renamed.found}"] if renamed else []
    said += [f"was changed: {', '.join(others)}"] if others else []
    provisions = ", in every account where it is assigned" if resource.before.type == PERMISSION_SET else ""
    commands = tuple(_detaching(at, edit))
    return drift_of(
        edit,
        "drift-changed",
        and_list(said),
        take_back=Way(
            how=How.CHANGE_DESCRIPTION,
            text=f"{'Run this, and change' if commands else 'Change'} the description of the {kind} in the app, and"
            f" deploy: the update writes all of the {kind} as the app says{provisions}. The next deploy may change"
            " the description back",
            safe=True,
            commands=commands,
        ),
        take_over=Way.none(
            f"The app cannot say it: to OrgBaseline, another name is another {kind}, which AWS would have twice"
        )
        if renamed and at.app.is_baseline
        else at.app.take_over(resource.before, changes),
        leave=LEAVE,
    )


def _detaching(at: Look, edit: HandEdit) -> Iterator[str]:
    """Yield what detaches the managed policies of a permission set that has none in its template.

    The published handler compares them only where the template has any; then the update brings the change into the
    accounts: https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-sso
    """
    resource = edit.resource
    for change in edit.changes:
        if change.property == "ManagedPolicies" and not change.template:
            for arn in change.found:
                yield at.aws(
                    "sso-admin",
                    "detach-managed-policy-from-permission-set",
                    instance_arn=resource.before.properties["InstanceArn"],
                    permission_set_arn=resource.match.id,
                    managed_policy_arn=arn,
                    region=at.region(resource.before),
                )
