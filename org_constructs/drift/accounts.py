"""Accounts that somebody closed, moved or renamed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.aws import account_states
from org_constructs.aws.limits import ACCOUNT_MANAGEMENT
from org_constructs.matching.restoring import TAKE_OUT, move
from org_constructs.templates.python_text import argument

from .finding import Drift, How, Paste, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit


_TAKE_OUT: Final = Way(how=How.TAKE_OUT, text=TAKE_OUT, safe=True)
_LEAVE: Final = Way(
    text="No deploy notices it, and the next one that changes the account fails and cannot be rolled back", safe=False
)


def left(at: Look, edit: HandEdit) -> Drift:
    """Tell of one that was taken out of the organization, or left it."""
    invited = {"Id": edit.resource.match.id, "Type": "ACCOUNT"}
    return drift_of(
        edit,
        "drift-gone",
        "is no longer in the organization",
        take_back=Way(
            how=How.ELSEWHERE,
            text="No deploy does it. Invite it, and accept the invitation in the account",
            safe=True,
            commands=(at.aws("organizations", "invite-account-to-organization", target=invited),),
        ),
        take_over=_TAKE_OUT,
        leave=_LEAVE,
    )


def closed(_at: Look, edit: HandEdit) -> Drift:
    """Tell of one that no stack can change any more, or not as long as AWS restricts it.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_close.html
    """
    state = edit.changes[0].found
    is_closed = state in account_states.CLOSED
    drift = partial(drift_of, edit, "drift-closed") if is_closed else partial(drift_of, edit, "drift-not-active")
    return drift(
        f"is {account_states.meaning(state)}",
        take_back=Way(
            how=How.ELSEWHERE, text=f"No deploy and no API does it: {account_states.way_back(state)}", safe=True
        ),
        take_over=_TAKE_OUT,
        leave=_LEAVE,
    )


def moved(at: Look, edit: HandEdit) -> Drift:
    """Tell of one in another unit. CloudFormation moves it only from where its template had it.

    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    """
    account, [change] = edit.resource, edit.changes
    [now], [before] = change.found, change.template
    over = at.app.take_over(account.before, edit.changes, more=at.app.adding([now]))
    command = at.run(move(account.match.id, source=now, destination=before))
    if before in at.missing:
        take_back = Way(
            how=How.OUT_AND_ADOPT,
            text=f"Its unit was deleted. {TAKE_OUT}; then add the unit and the account again, and `org-baseline adopt`"
            " imports the account",
            safe=False,
        )
        take_over = Way(
            how=How.OUT_AND_ADOPT,
            text=f"{TAKE_OUT}; then add it again, in the unit where it is, and `org-baseline adopt` imports it",
            safe=False,
            pastes=over.pastes,
        )
    else:
        take_back = Way.run("No deploy notices it. Run this", command)
        take_over = Way(
            text=(
                "Move it back first, since a deploy moves it from where it was. Then change this in the app and deploy,"
                " which moves it again"
            ),
            safe=True,
            commands=(command,),
            pastes=over.pastes,
            how=over.how,
        )
    return drift_of(
        edit,
        "drift-moved",
        f"was moved to {at.shown(now)}",
        take_back=take_back,
        take_over=take_over,
        leave=Way(text="No deploy notices it, and the next one that moves the account fails", safe=False),
    )


def renamed(at: Look, edit: HandEdit) -> Drift:
    """Tell of another name or e-mail address.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
    https://docs.aws.amazon.com/accounts/latest/reference/API_PutAccountName.html
    https://docs.aws.amazon.com/accounts/latest/reference/API_StartPrimaryEmailUpdate.html
    """
    options = {
        "AccountName": ("put-account-name", "account_name"),
        "Email": ("start-primary-email-update", "primary_email"),
    }
    by_mail = any(each.property == "Email" for each in edit.changes)
    confirmed = ", and confirm it with the code that AWS sends there" if by_mail else ""
    return drift_of(
        edit,
        "drift-account-changed",
        f"was changed: {', '.join(each.property for each in edit.changes)}",
        take_back=Way.run(
            f"No deploy does it: CloudFormation cannot change it. Run this{confirmed}",
            *(
                at.aws("account", operation, account_id=edit.resource.match.id, **{option: each.template})
                for each in edit.changes
                for operation, option in (options[each.property],)
            ),
        ),
        take_over=_shown(at, edit)
        if at.app.is_baseline and not by_mail
        else Way.none(
            "Do not change it in the app: CloudFormation cannot change it, even to what AWS has already, and the"
            " deploy fails and cannot be rolled back"
        ),
        leave=Way(text="No deploy notices it, as long as the app does not change it", safe=True),
    )


def _shown(at: Look, edit: HandEdit) -> Way:
    """Return the way in which the app has people see a name, whatever its template says."""
    [change] = edit.changes
    name = Paste(place=at.app.place(edit.resource.before), lines=argument("display_name", change.found))
    trusted = at.app.metadata.trusted_access
    service = argument("trusted_access", sorted([*trusted, ACCOUNT_MANAGEMENT]))
    return Way(
        how=How.PASTE,
        text="Have the app say it as the name that people see, and synthesize; there is nothing to deploy",
        safe=True,
        pastes=(name,) if ACCOUNT_MANAGEMENT in trusted else (name, Paste(place="OrgBaseline", lines=service)),
    )
