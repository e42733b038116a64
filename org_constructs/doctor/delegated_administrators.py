"""The accounts that the app wants to administer services for the organization."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.aws.delegation import DELEGABLE, delegates_most
from org_constructs.matching.restoring import deregister, register
from org_constructs.templates.words import and_list

from .account_ids import account_ids
from .check import Check
from .declared import DEPLOY_AND_FIX, look_at_declared
from .finding import Finding, Fix, ok, warning

if TYPE_CHECKING:
    from .examination import Examination

_WHY: Final = "Until then it takes the management account, where no guardrail applies, to administer the service."


def _look(examination: Examination) -> Iterator[Finding]:
    declared = examination.assembly.description.metadata.delegated_administrators
    said = "; ".join(
        f"{and_list(keys)} {'administer' if len(keys) > 1 else 'administers'} {service}"
        for service, keys in declared.items()
    )
    yield from look_at_declared(
        examination,
        is_declared=bool(declared),
        undeclared=ok("delegation-undeclared", "The app declares no delegated administrators"),
        later=warning(
            "delegation-later",
            f"{', '.join(declared)} can be administered by member accounts once the organization exists",
            why=_WHY,
            next=(DEPLOY_AND_FIX,),
        ),
        missing=partial(_missing, examination, declared),
        there=ok("delegation-registered", said),
    )


def _missing(examination: Examination, declared: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    ids, enabled = account_ids(examination), examination.live.trusted_services()
    for service, keys in declared.items():
        if later := [key for key in keys if key not in ids]:
            yield warning(
                "delegation-account-later",
                f"{and_list(later)} cannot administer {service} before there is such an account",
                why=_WHY,
                next=(DEPLOY_AND_FIX,),
            )
        wanted = {ids[key]: key for key in keys if key in ids}
        if not wanted:
            continue
        if service not in enabled:
            yield warning(
                "delegation-needs-service",
                f"{and_list([*wanted.values()])} cannot administer {service} yet",
                why="The service has no trusted access.",
                next=("Enable it, see trusted-access",),
            )
            continue
        registered, most = {*examination.live.delegated_administrators(service)}, delegates_most(service)
        room = len(wanted) if most is None else most - len(registered)
        for number, account_id in enumerate(each for each in wanted if each not in registered):
            if number < room:
                yield _unregistered(examination, service, wanted[account_id], account_id)
            else:
                yield _taken(examination, service, wanted[account_id], sorted(registered - wanted.keys()))


def _taken(examination: Examination, service: str, key: str, others: Sequence[str]) -> Finding:
    return warning(
        "delegation-taken",
        f"{key} cannot administer {service} as long as {and_list(others)} {'do' if len(others) > 1 else 'does'}",
        why="AWS takes no more accounts for it, and nobody is taken out here.",
        next=(
            (
                f"Name that account in the app, or run `{examination.with_profile(deregister(service, others[0]))}`"
                " after reading what the service then deletes"
            ),
        ),
    )


def _unregistered(examination: Examination, service: str, key: str, account_id: str) -> Finding:
    own = _own_call(examination, service, account_id)
    command = examination.with_profile(register(service, account_id))
    return warning(
        "delegation-unregistered",
        f"{key} does not administer {service}",
        why=_WHY,
        next=(f"`{command}`, or `org-baseline doctor --fix`; CloudFormation cannot", *([own] if own else [])),
        fix=Fix(
            question=f"Let whoever administers {key} ({account_id}) administer {service} in every account?",
            apply=partial(_register, examination, service, account_id),
            done=f"{key} administers {service}" + (f". {own}" if own else ""),
        ),
    )


def _own_call(examination: Examination, service: str, account_id: str) -> str:
    """Return what the service wants to be told itself; empty where Organizations is enough."""
    own = DELEGABLE[service].own_call if service in DELEGABLE else None
    if own is None:
        return ""
    where = " in each region that you use" if own.each_region else ""
    return f"Then tell the service itself{where}: `{examination.with_profile(own.command(account_id))}`"


def _register(examination: Examination, service: str, account_id: str) -> None:
    client = examination.live.client("organizations")
    # Somebody else may have been faster, as with the service's own call.
    with suppress(client.exceptions.AccountAlreadyRegisteredException):
        client.register_delegated_administrator(AccountId=account_id, ServicePrincipal=service)


CHECK: Final = Check(
    id="delegated-administrators",
    title="delegated administrators",
    look=_look,
    needs=("assembly", "credentials", "organization"),
)
