"""What the doctor sees to, since CloudFormation cannot: trusted access, delegates, accounts' names and contacts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from org_constructs.aws import limits
from org_constructs.aws.delegation import DELEGABLE, NOT_DELEGABLE, delegates_most
from org_constructs.aws.root_access import SERVICE
from org_constructs.baseline.props import AlternateContactProps
from org_constructs.constructs.validate import (
    check_known,
    check_sequence,
    check_text,
    check_type,
    check_unique,
    is_token,
)
from org_constructs.refusal import Mistakes, Refusal
from org_constructs.refusal.nearest import nearest

from .names import MANAGEMENT
from .planned import PlannedAccount, PlannedContact


def plan_trusted_access(principals: Sequence[str], *, root_access: bool, delegated: Collection[str]) -> tuple[str, ...]:
    """Check the services with trusted access and return their principals, with those that something else needs."""
    check_sequence("trusted_access", principals, str, "a service principal like 'cloudtrail.amazonaws.com'")
    mistakes = Mistakes()
    for index, principal in enumerate(principals):
        with mistakes.gathered():
            _check_principal(f"trusted_access[{index}]", principal)
    mistakes.refuse()
    check_unique("trusted_access", principals, what="service principal")
    return tuple(sorted({*principals, *([SERVICE] if root_access else []), *delegated}))


def plan_delegated_administrators(
    administrators: Mapping[str, str | Sequence[str]], accounts: Mapping[str, PlannedAccount]
) -> Mapping[str, tuple[str, ...]]:
    """Check the delegated administrators and return the keys of their accounts by service, both in order."""
    check_type("delegated_administrators", administrators, Mapping, "a mapping of service principals to accounts")
    planned = {}
    for service, given in administrators.items():
        _check_principal("delegated_administrators", service)
        here = f"delegated_administrators[{service!r}]"
        _check_delegable(service)
        keys = [given] if isinstance(given, str) else given
        check_sequence(here, keys, str, "the key of an account")
        check_unique(here, keys, what="account")
        for key in keys:
            if key == MANAGEMENT:
                raise Refusal(
                    "delegate-is-management-account",
                    f"{here} must not be the management account, which administers every service, got {key!r}",
                    "name a member account that is for such services alone",
                )
            check_known(here, key, accounts, what="an account's key")
        most = delegates_most(service)
        if not keys or (most is not None and len(keys) > most):
            raise Refusal(
                "delegates-wrong-number",
                f"{here} must be {_at_most(most)}, got {len(keys)}",
                "leave accounts out" if keys else "leave the service out, or name an account",
            )
        planned[service] = tuple(sorted(keys))
    return dict(sorted(planned.items()))


def _at_most(most: int | None) -> str:
    return "an account or more" if most is None else "one account" if most == 1 else f"1 to {most} accounts"


def is_delegable(service: str) -> bool:
    """Tell whether a baseline takes a service that a member account administers."""
    try:
        _check_principal("service", service)
        _check_delegable(service)
    except Refusal:
        return False
    return True


def _check_delegable(service: str) -> None:
    """Refuse a service that is known to have no delegated administrator, and what is like one that has."""
    if service in DELEGABLE:
        return
    # All principals end alike.
    names = {each.partition(".amazonaws.")[0]: each for each in DELEGABLE}
    close = None if service in NOT_DELEGABLE else nearest(service.partition(".amazonaws.")[0], names)
    if close or service in NOT_DELEGABLE:
        raise Refusal(
            "service-not-delegable",
            f"delegated_administrators must name a service that a member account can administer, got {service!r}",
            f"did you mean {names[close]!r}?" if close else "leave it out: only the management account administers it",
        )


def check_display_names(
    management_account_name: str | None, accounts: Mapping[str, PlannedAccount], trusted_access: Sequence[str]
) -> None:
    """Refuse names that AWS does not take, or that nobody could set."""
    if management_account_name is not None:
        _check_display_name("management_account_name", management_account_name)
    for index, account in enumerate(accounts.values()):
        if (name := account.props.display_name) is not None:
            here = f"accounts[{index}].display_name"
            _check_display_name(here, name)
            _check_members_are_managed(here, "the name of a member account", trusted_access, "leave it out")


def _check_display_name(argument: str, name: str) -> None:
    check_text(
        argument,
        name,
        maximum=limits.ACCOUNT_NAME_MAX,
        pattern=limits.ACCOUNT_DISPLAY_NAME,
        rule="printable ASCII without '<' and '>'",
    )
    _check_known_to_doctor(argument, name)


def _check_members_are_managed(argument: str, what: str, trusted_access: Sequence[str], instead: str) -> None:
    """Refuse what AWS changes of a member account for nobody without the trusted access of Account Management."""
    if limits.ACCOUNT_MANAGEMENT not in trusted_access:
        raise Refusal(
            "trusted-access-missing",
            f"trusted_access must include {limits.ACCOUNT_MANAGEMENT!r} for {argument}, {what}, got"
            f" {list(trusted_access)!r}",
            f"add it, or {instead}",
        )


def plan_alternate_contacts(
    props: Sequence[AlternateContactProps], accounts: Mapping[str, PlannedAccount], trusted_access: Sequence[str]
) -> tuple[PlannedContact, ...]:
    """Check the alternate contacts and return one for each account that they are of."""
    check_sequence("alternate_contacts", props, AlternateContactProps, "an AlternateContactProps")
    planned = []
    first_of: dict[tuple[str, str], int] = {}
    mistakes = Mistakes()
    for index, contact in enumerate(props):
        with mistakes.gathered():
            here = f"alternate_contacts[{index}]"
            _check_alternate_contact(here, contact)
            every = [MANAGEMENT, *accounts]
            if contact.accounts is not None:
                check_sequence(f"{here}.accounts", contact.accounts, str, "the key of an account")
                check_unique(f"{here}.accounts", contact.accounts, what="account")
                for position, key in enumerate(contact.accounts):
                    check_known(f"{here}.accounts[{position}]", key, every, what="an account's key or 'management'")
            of = tuple(key for key in every if contact.accounts is None or key in contact.accounts)
            for key in of:
                first = first_of.setdefault((contact.type, key), index)
                if first != index:
                    raise Refusal(
                        "contact-twice",
                        f"{here} must not be a second {contact.type} contact of an account, got {key!r}, which has"
                        f" alternate_contacts[{first}] already",
                        "list the accounts of each",
                    )
            if set(of) - {MANAGEMENT}:
                _check_members_are_managed(
                    here, "a contact of member accounts", trusted_access, f"pass accounts=[{MANAGEMENT!r}]"
                )
            planned.append(PlannedContact(accounts=of, props=contact))
    mistakes.refuse()
    return tuple(planned)


def _check_alternate_contact(here: str, contact: AlternateContactProps) -> None:
    check_known(f"{here}.type", contact.type, limits.CONTACT_TYPES, what="a type of contact")
    check_text(f"{here}.name", contact.name, maximum=limits.CONTACT_NAME_MAX)
    check_text(f"{here}.title", contact.title, maximum=limits.CONTACT_TITLE_MAX)
    check_text(
        f"{here}.email",
        contact.email,
        maximum=limits.CONTACT_EMAIL_MAX,
        pattern=limits.CONTACT_EMAIL,
        rule="an e-mail address like 'security@acme.com'",
    )
    check_text(
        f"{here}.phone_number",
        contact.phone_number,
        maximum=limits.CONTACT_PHONE_NUMBER_MAX,
        pattern=limits.CONTACT_PHONE_NUMBER,
        rule="digits, spaces and ()+-, like '+1 206 555 0100'",
    )
    for field in ("name", "title", "email", "phone_number"):
        _check_known_to_doctor(f"{here}.{field}", getattr(contact, field))


def _check_principal(argument: str, principal: str) -> None:
    check_text(
        argument,
        principal,
        maximum=limits.SERVICE_PRINCIPAL_MAX,
        pattern=limits.SERVICE_PRINCIPAL,
        rule="a service principal like 'cloudtrail.amazonaws.com'",
    )
    _check_known_to_doctor(argument, principal)


def _check_known_to_doctor(argument: str, value: str) -> None:
    if is_token(value):
        raise Refusal(
            "doctor-token",
            f"{argument} must be known at synth, since `org-baseline doctor` reads it from the assembly, got a token",
            "use the literal value",
        )
