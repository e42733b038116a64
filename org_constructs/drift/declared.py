"""What the app declares and no template can set: policy types, services, root access, delegates and contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.aws.limits import ACCOUNT_MANAGEMENT
from org_constructs.aws.resource_types import POLICY
from org_constructs.aws.root_access import FEATURES, SERVICE
from org_constructs.matching.restoring import enable_policy_type, enable_root_access, enable_service, register
from org_constructs.matching.result import Difference
from org_constructs.templates.description import MANAGEMENT
from org_constructs.templates.python_text import Code, argument, call

from .finding import Drift, How, Paste, Way

if TYPE_CHECKING:
    from org_constructs.templates.metadata import AlternateContact

    from .look import Look

_RUN_OR_FIX: Final = "No deploy does it. Run this, or `org-baseline doctor --fix`"
_LIST_SERVICES: Final = "organizations:ListAWSServiceAccessForOrganization"
_LIST_DELEGATES: Final = (
    "organizations:ListDelegatedAdministrators",
    "organizations:ListDelegatedServicesForAccount",
)
_NO_ROOT_ACCESS: Final = argument("root_access", False)  # noqa: FBT003 (a value)
_FIELDS: Final = {
    "Name": "name",
    "Title": "title",
    "EmailAddress": "email",
    "PhoneNumber": "phone_number",
}
"""What a contact consists of, by AWS's names, with the arguments of AlternateContactProps."""


def look_at_policy_types(at: Look) -> Iterator[Drift]:
    """Yield the types of which the stacks have policies, and which somebody disabled.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisablePolicyType.html
    """
    made = {each.properties["Type"] for each in at.matcher.templates.resources(POLICY)}
    root = at.live.root()
    for each in sorted(made - root.policy_types):
        left = [Code(f"PolicyType.{kind}") for kind in sorted(made - {each})]
        yield Drift(
            "drift-policy-type",
            kind="policy type",
            name=each,
            id=each,
            what="was disabled, which detached all policies of the type",
            take_back=Way.run(
                "No deploy does it. Run this; what policies were attached to is listed with them, and comes back with"
                " their commands",
                at.run(enable_policy_type(root.id, each)),
            ),
            take_over=Way(
                how=How.PASTE,
                text="Take the type out of those that the app has, and deploy, which deletes its policies",
                safe=False,
                pastes=(Paste(place="OrgBaseline", lines=argument("enabled_policy_types", left)),),
            )
            if at.app.is_baseline
            else Way(how=How.TAKE_OUT, text="Take the policies of the type out of the app, and deploy", safe=False),
            leave=Way(
                text="No deploy notices it. None of its policies applies, and the next that changes one of them fails",
                safe=False,
            ),
        )


def look_at_services(at: Look) -> Iterator[Drift]:
    """Yield the services that the app declares, and that somebody disabled."""
    declared = at.app.declared.trusted_access
    enabled = at.live.trusted_services() if declared else ()
    for each in declared:
        if each not in enabled:
            left = [other for other in declared if other != each]
            yield Drift(
                "drift-service",
                kind="trusted service",
                name=each,
                id=each,
                what="no longer has trusted access",
                take_back=Way.run(_RUN_OR_FIX, at.run(enable_service(each))),
                take_over=_taken_out(
                    (*argument("trusted_access", left), *_needing(at, each)), of="the services that the app has"
                ),
                leave=Way(text="No deploy notices it. The service cannot work with the organization", safe=True),
            )


def _taken_out(left: tuple[str, ...], *, of: str = "the app") -> Way:
    """Return how the app no longer declares it, with the arguments that are left of it."""
    return Way(
        how=How.PASTE,
        text=f"Take it out of {of}, and deploy",
        safe=True,
        pastes=(Paste(place="OrgBaseline", lines=left),),
    )


def _needing(at: Look, principal: str) -> tuple[str, ...]:
    """Return the lines of what the app cannot have without a service's trusted access."""
    without = _NO_ROOT_ACCESS if principal == SERVICE and at.app.declared.root_access else ()
    delegated = at.app.now.delegated_administrators
    return (*without, *_delegates({**delegated, principal: ()})) if principal in delegated else without


def _delegates(administrators: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the argument that says who administers services."""
    return argument("delegated_administrators", {each: list(keys) for each, keys in administrators.items() if keys})


def look_at_delegation(at: Look) -> Iterator[Drift]:
    """Yield the accounts that are to administer services, and no longer do.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeregisterDelegatedAdministrator.html
    """
    live = at.described.live
    if live is None or any(each.action in _LIST_DELEGATES for each in live.unread):
        return  # nobody knows, which is said
    registered = {(each.account, service) for each in live.delegated_administrators for service in each.services}
    ids = {key: found for found, key in at.app.keys.items()}
    for service, keys in at.app.declared.delegated_administrators.items():
        for key in keys:
            account = ids.get(key)
            if account and account not in at.missing and (account, service) not in registered:
                others = [each for each in at.app.now.delegated_administrators[service] if each != key]
                left = _delegates({**at.app.now.delegated_administrators, service: others})
                yield Drift(
                    "drift-delegation",
                    kind="delegated administrator",
                    name=f"{key} of {service}",
                    id=f"{account}|{service}",
                    what="is not registered",
                    take_back=Way.run(_RUN_OR_FIX, at.run(register(service, account))),
                    take_over=_taken_out(left),
                    leave=Way(
                        text="No deploy notices it. Only the management account administers the service then", safe=True
                    ),
                )


def look_at_root_access(at: Look) -> Iterator[Drift]:
    """Yield the features of central root access that the app declares, and that somebody disabled.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DisableOrganizationsRootSessions.html
    """
    enabled = at.described.live.root_features if at.described.live else None
    if not at.app.declared.root_access or enabled is None:
        return  # nobody knows, which is said
    for each in FEATURES:
        if each not in enabled:
            yield Drift(
                "drift-root-access",
                kind="central root access",
                name=each,
                id=each,
                what="is not enabled",
                take_back=Way.run(_RUN_OR_FIX, at.run(enable_root_access(each))),
                take_over=_taken_out(_NO_ROOT_ACCESS),
                leave=Way(text="No deploy notices it. Member accounts keep root users of their own", safe=True),
            )


def look_at_contacts(at: Look) -> Iterator[Drift]:
    """Yield the contacts of accounts that somebody changed or took away.

    https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
    """
    declared = at.app.metadata.alternate_contacts
    ids = {key: found for found, key in at.app.keys.items()}
    # Without it no contact of a member account is to be read.
    readable = bool(declared) and ACCOUNT_MANAGEMENT in at.live.trusted_services()
    for contact in declared:
        keys = [key for key in contact.accounts if key in ids and ids[key] not in at.missing]
        found = {
            key: at.live.alternate_contact(None if key == MANAGEMENT else ids[key], contact.type)
            for key in keys
            if readable or key == MANAGEMENT
        }
        changed = {key: there for key, there in found.items() if there != contact.as_aws}
        for key in changed:
            yield _contact(at, contact, key, ids[key], changed)


def is_unreadable(at: Look) -> bool:
    """Tell whether the app declares contacts of member accounts that nobody can read, for lack of trusted access."""
    keys = {key for contact in at.app.metadata.alternate_contacts for key in contact.accounts}
    live = at.described.live
    if live is None or any(each.action == _LIST_SERVICES for each in live.unread):
        return False  # nobody knows, which is said
    return bool(keys - {MANAGEMENT}) and ACCOUNT_MANAGEMENT not in live.trusted_services


def _contacts_now(contact: AlternateContact, changed: Mapping[str, Mapping[str, str] | None]) -> Iterator[str]:
    """Yield the lines of a contact, and of those that AWS has in its place."""
    accounts_of: dict[tuple[str, ...], list[str]] = {}
    for key in contact.accounts:
        if there := changed.get(key, contact.as_aws):
            accounts_of.setdefault(tuple(there[each] for each in _FIELDS), []).append(key)
    for values, accounts in accounts_of.items():
        said = dict(zip(_FIELDS.values(), values, strict=True))
        yield f"{call('AlternateContactProps', type=contact.type, **said, accounts=accounts)},"


def _contact(
    at: Look,
    contact: AlternateContact,
    key: str,
    account_id: str,
    changed: Mapping[str, Mapping[str, str] | None],
) -> Drift:
    found = changed[key]
    return Drift(
        "drift-contact",
        kind="alternate contact",
        name=f"{contact.type} of {key}",
        id=f"{contact.type}|{account_id}",
        what="was changed" if found else "was deleted",
        changes=tuple(
            Difference(property=each, template=contact.as_aws[each], found=(found or {}).get(each))
            for each in _FIELDS
            if (found or {}).get(each) != contact.as_aws[each]
        ),
        take_back=Way.run(
            _RUN_OR_FIX,
            at.aws(
                "account",
                "put-alternate-contact",
                alternate_contact_type=contact.type,
                name=contact.name,
                title=contact.title,
                email_address=contact.email_address,
                phone_number=contact.phone_number,
                # The management account must not name itself:
                # https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html
                account_id=None if key == MANAGEMENT else account_id,
            ),
        ),
        take_over=Way(
            how=How.PASTE,
            text=f"Use this in the app in place of its {contact.type} contact of {contact.name}, and deploy",
            safe=True,
            pastes=(Paste(place="alternate_contacts", lines=tuple(_contacts_now(contact, changed))),),
        ),
        leave=Way(text="No deploy notices it. AWS writes to whom it has", safe=True),
    )
