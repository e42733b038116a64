"""Users whom somebody changed, and memberships that somebody ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs.matching.restoring import OUT_AND_IN, end_membership
from org_constructs.templates.description import user_attributes

from .finding import Drift, How, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit
    from org_constructs.matching.deployed import Deployed


_FIXED: Final = frozenset({"UserName", "Emails"})


def changed(at: Look, edit: HandEdit) -> Drift:
    """Tell of other names.

    An update of a user writes what the templates differ in; the name that a person signs in with and the e-mail address
    are the new user's that it makes instead.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-identitystore-user.html
    https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_UpdateUser.html
    """
    user, changes = edit.resource, edit.changes
    fixed = [each.property for each in changes if each.property in _FIXED]
    wanted = user_attributes(user.before.properties)
    operations = [
        {"AttributePath": f"{each.property[0].lower()}{each.property[1:]}", "AttributeValue": wanted.get(each.property)}
        for each in changes
    ]
    return drift_of(
        edit,
        "drift-user-changed",
        f"was changed: {', '.join(each.property for each in changes)}",
        take_back=Way.run(
            "No deploy notices it. Run this",
            at.aws(
                "identitystore",
                "update-user",
                identity_store_id=wanted["IdentityStoreId"],
                user_id=user.match.id,
                operations=operations,
                region=at.region(user.before),
            ),
        ),
        take_over=Way.none(f"Do not change {' and '.join(fixed)} in the app: CloudFormation would create another user")
        if fixed
        else at.app.take_over(user.before, changes),
        leave=Way(text="No deploy notices it, as long as the app changes none of it", safe=True),
    )


def ended(at: Look, edit: HandEdit) -> Drift | None:
    """Tell of who is no longer in a group, both of which are still there."""
    group, user = at.matcher.joined(edit.resource.before)
    if group in at.missing or user in at.missing:
        return None
    return drift_of(
        edit,
        "drift-membership-ended",
        "was ended",
        take_back=Way(
            how=How.OUT_AND_IN,
            text=f"Take it {OUT_AND_IN}. Do not add the person to the group by hand: the stack would not know of the"
            " new membership, and could never end it",
            safe=True,
        ),
        take_over=_without(at, edit.resource, user),
        leave=Way(text="No deploy notices it and restores nothing: the person is not in the group", safe=False),
    )


def _without(at: Look, membership: Deployed, user: str | None) -> Way:
    text = "Take the person out of the group in the app, and deploy, which finds nothing to delete"
    if not at.app.is_baseline:
        return Way(text=f"{text}: {membership.before.shown}", safe=True, how=How.TAKE_OUT)
    person = at.app.person(user or "", membership.match.name.rpartition(" in ")[0])
    return Way(text=text, safe=True, pastes=(person,), how=How.PASTE)


def made_again(at: Look, edit: HandEdit) -> Drift:
    """Tell of who is in a group by a membership that no stack knows."""
    before, [again] = edit.resource.before, edit.changes
    command = at.run(end_membership(before.properties["IdentityStoreId"], again.found, at.region(before)))
    return drift_of(
        edit,
        "drift-membership-made-again",
        "was ended and made again, and the stack knows only the one that has ended",
        take_back=Way(how=How.OUT_AND_IN, text=f"Run this, and take it {OUT_AND_IN}", safe=False, commands=(command,)),
        take_over=Way.none("The app says it already, and no line of it names a membership"),
        leave=Way(
            text="No deploy notices it, and one that takes the person out leaves the access as it is", safe=False
        ),
    )
