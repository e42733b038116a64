"""What CloudFormation does not make and the doctor sees to: trusted and root access, delegates, and contacts."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from org_constructs.aws import limits
from org_constructs.aws.root_access import FEATURES
from org_constructs.baseline.plan.names import MANAGEMENT
from org_constructs.baseline.plan.services import is_delegable
from org_constructs.baseline.props import AlternateContactProps

from .arguments import Told, some

if TYPE_CHECKING:
    from collections.abc import Collection

    from org_constructs.templates.description import Description, Live
    from org_constructs.templates.metadata import Contact

    from .arguments import Notes
    from .places import Places


def trusted_access(live: Live, notes: Notes) -> list[str]:
    """Return the services with trusted access, and note those that the app cannot name."""
    maximum = limits.SERVICE_PRINCIPAL_MAX
    known = [
        each
        for each in live.trusted_services
        if len(each) <= maximum and re.fullmatch(limits.SERVICE_PRINCIPAL, each, re.ASCII)
    ]
    if others := [each for each in live.trusted_services if each not in known]:
        notes.say("trusted_access", f"Trusted, too, but not of a form that this app takes: {some(others)}.")
    return known


def root_access(live: Live, notes: Notes) -> bool:
    """Return whether root users of member accounts are managed centrally, and note where only in part."""
    enabled = set(live.root_features or ()) & FEATURES.keys()
    if enabled and enabled != FEATURES.keys():
        notes.say("root_access", f"Of central root access only {some(sorted(enabled))} is enabled, which no line says.")
    return enabled == FEATURES.keys()


def delegated_administrators(
    description: Description, live: Live, places: Places, notes: Notes
) -> dict[str, str | list[str]]:
    """Return the accounts that administer services, by the services, and note those that the app cannot say."""
    administrators: defaultdict[str, list[str]] = defaultdict(list)
    for each in live.delegated_administrators:
        name = description.accounts[each.account].name
        for service in each.services:
            if each.account in places.left_out or not is_delegable(service):
                notes.say(
                    "delegated_administrators",
                    f"{name} administers {service} for the organization, which no line says.",
                )
            else:
                administrators[service].append(places.name(each.account))
    return {
        service: keys[0] if len(keys) == 1 else sorted(keys) for service, keys in sorted(administrators.items()) if keys
    }


def alternate_contacts(description: Description, trusted: Collection[str], places: Places, notes: Notes) -> list[Told]:
    """Return the alternate contacts, each once with all the accounts that have it."""
    every = [MANAGEMENT, *places.places]
    accounts: defaultdict[Contact, list[str]] = defaultdict(list)
    for account in description.accounts.values():
        if account.key not in places.left_out:
            for contact in account.contacts or ():
                accounts[contact].append(places.name(account.key))
    told = []
    for contact in sorted(accounts, key=lambda each: (each.type, each.name, each.email_address, each.phone_number)):
        of = [key for key in every if key in accounts[contact]]
        if of != [MANAGEMENT] and limits.ACCOUNT_MANAGEMENT not in trusted:
            notes.say(
                "alternate_contacts",
                f"The {contact.type} contact {contact.name} is left out, since {limits.ACCOUNT_MANAGEMENT} has no"
                " trusted access.",
            )
            continue
        props = AlternateContactProps(
            type=contact.type,  # type: ignore[arg-type] # AWS has no other types
            name=contact.name,
            title=contact.title,
            email=contact.email_address,
            phone_number=contact.phone_number,
            accounts=None if of == every else of,
        )
        told.append(Told(props))
    return told
