"""Whom AWS writes to beside the root user's address, as the app declares it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.aws.limits import ACCOUNT_MANAGEMENT
from org_constructs.templates.description import MANAGEMENT

from .account_ids import account_ids
from .check import Check
from .declared import DEPLOY_AND_FIX
from .finding import Finding, Fix, ok, warning
from .wording import begun

if TYPE_CHECKING:
    from org_constructs.templates.metadata import AlternateContact

    from .examination import Examination


def _look(examination: Examination) -> Iterator[Finding]:
    declared = examination.assembly.description.metadata.alternate_contacts
    if not declared:
        yield ok("alternate-contacts-undeclared", "The app declares no alternate contacts")
        return
    ids = account_ids(examination)
    keys = [key for contact in declared for key in contact.accounts]
    later = sorted({key for key in keys if key not in ids})
    if later:
        yield warning(
            "alternate-contacts-later",
            f"The accounts {', '.join(later)} do not exist yet, so their contacts come later",
            next=(DEPLOY_AND_FIX,),
        )
    members = any(key != MANAGEMENT and key in ids for key in keys)
    if members and ACCOUNT_MANAGEMENT not in examination.live.trusted_services():
        yield warning(
            "alternate-contacts-unreadable",
            "The contacts of member accounts can neither be read nor set",
            why=f"{ACCOUNT_MANAGEMENT} has no trusted access.",
            next=("Enable it, see trusted-access",),
        )
        ids = {MANAGEMENT: ids[MANAGEMENT]}
    right = 0
    for contact in declared:
        for key in contact.accounts:
            if key in ids:
                wrong = _compare(examination, contact, key, ids[key])
                right += wrong is None
                if wrong is not None:
                    yield wrong
    if right:
        yield ok(
            "alternate-contacts-set", f"{right} alternate contact{' is' if right == 1 else 's are'} as the app declares"
        )


def _compare(examination: Examination, contact: AlternateContact, key: str, account_id: str) -> Finding | None:
    client = examination.live.client("account")
    # The management account must not name itself:
    # https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html
    of = {} if key == MANAGEMENT else {"AccountId": account_id}
    now = examination.live.alternate_contact(of.get("AccountId"), contact.type) or {}
    different = [field for field, value in contact.as_aws.items() if now.get(field) != value]
    if not different:
        return None
    who = "the management account" if key == MANAGEMENT else f"the account {key}"
    there = "has another" if now else "has no"
    changes = (
        "; ".join(f"{field}: {now.get(field)!r} becomes {contact.as_aws[field]!r}" for field in different)
        if now
        else ""
    )
    return warning(
        "alternate-contact-different",
        f"{begun(who)} {there} {contact.type} contact" + (f" ({changes})" if changes else ""),
        why="AWS writes about it only to the root user's address." if not now else "AWS writes to that one.",
        next=("`org-baseline doctor --fix` sets it; CloudFormation cannot",),
        fix=Fix(
            question=f"Make {contact.name} <{contact.email_address}> the {contact.type} contact of {who}"
            + (f", in place of {now.get('Name')} <{now.get('EmailAddress')}>?" if now else "?"),
            apply=partial(client.put_alternate_contact, AlternateContactType=contact.type, **contact.as_aws, **of),
            done=f"The {contact.type} contact of {who} is {contact.name}",
        ),
    )


CHECK: Final = Check(
    id="alternate-contacts", title="alternate contacts", look=_look, needs=("assembly", "credentials", "organization")
)
