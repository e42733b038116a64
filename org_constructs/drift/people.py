"""Users whom somebody changed, and memberships that somebody ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.resource_types import MEMBERSHIP
from org_constructs.aws.user_types import USERS
from org_constructs.matching.restoring import OUT_AND_IN, end_membership
from org_constructs.matching.result import Difference
from org_constructs.templates.values import from_json

from .finding import Drift, How, Way
from .look import Look, changes_of, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.deployed import Deployed


_FIXED: Final = frozenset({"UserName", "Emails"})
_PROPERTIES: Final = _FIXED | {"DisplayName", "Name"}


def look_at_users(at: Look) -> Iterator[Drift]:
    """Yield the users who are not as the templates say."""
    for each in at.there(*USERS):
        if changes := changes_of(each, _PROPERTIES):
            yield _changed(at, each, changes)


def look_at_memberships(at: Look) -> Iterator[Drift]:
    """Yield who is no longer in a group, or by a membership that no stack knows."""
    for each in at.deployed.of_type(MEMBERSHIP):
        group, user = _joined(at, each)
        if each.gone and not {group, user} & at.missing:
            yield _ended(at, each, user)
        elif (there := at.matcher.made_again(each.match)) is not None:
            yield _made_again(at, each, there)


def _joined(at: Look, membership: Deployed) -> tuple[str | None, str | None]:
    properties, reference = membership.before.properties, at.matcher.reference
    group, user = properties["GroupId"], properties["MemberId"]["UserId"]
    return reference(membership.before, group), reference(membership.before, user)


def _changed(at: Look, user: Deployed, changes: tuple[Difference, ...]) -> Drift:
    """Tell of other names.

    An update of a user writes what the templates differ in; the name that a person signs in with and the e-mail address
    are the new user's that it makes instead.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-identitystore-user.html
    https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_UpdateUser.html
    """
    fixed = [each.property for each in changes if each.property in _FIXED]
    properties = user.before.properties
    wanted = from_json(properties["Create"])["parameters"] if "Create" in properties else properties
    operations = [
        {"AttributePath": f"{each.property[0].lower()}{each.property[1:]}", "AttributeValue": wanted.get(each.property)}
        for each in changes
    ]
    return drift_of(
        user,
        "drift-user-changed",
        f"was changed: {', '.join(each.property for each in changes)}",
        changes,
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


def _ended(at: Look, membership: Deployed, user: str | None) -> Drift:
    return drift_of(
        membership,
        "drift-membership-ended",
        "was ended",
        take_back=Way(
            how=How.OUT_AND_IN,
            text=f"Take it {OUT_AND_IN}. Do not add the person to the group by hand: the stack would not know of the"
            " new membership, and could never end it",
            safe=True,
        ),
        take_over=_without(at, membership, user),
        leave=Way(text="No deploy notices it and restores nothing: the person is not in the group", safe=False),
    )


def _without(at: Look, membership: Deployed, user: str | None) -> Way:
    text = "Take the person out of the group in the app, and deploy, which finds nothing to delete"
    if not at.app.is_baseline:
        return Way(text=f"{text}: {membership.before.shown}", safe=True, how=How.TAKE_OUT)
    person = at.app.person(user or "", membership.match.name.rpartition(" in ")[0])
    return Way(text=text, safe=True, pastes=(person,), how=How.PASTE)


def _made_again(at: Look, membership: Deployed, there: str) -> Drift:
    store = membership.before.properties["IdentityStoreId"]
    command = at.run(end_membership(store, there, at.region(membership.before)))
    return drift_of(
        membership,
        "drift-membership-made-again",
        "was ended and made again, and the stack knows only the one that has ended",
        [Difference(property="MembershipId", template=membership.match.id, found=there)],
        take_back=Way(how=How.OUT_AND_IN, text=f"Run this, and take it {OUT_AND_IN}", safe=False, commands=(command,)),
        take_over=Way.none("The app says it already, and no line of it names a membership"),
        leave=Way(
            text="No deploy notices it, and one that takes the person out leaves the access as it is", safe=False
        ),
    )
