"""Runs the checks, one after the other, and says what it all means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from . import (
    account_names,
    account_plan,
    account_quota,
    alternate_contacts,
    assembly,
    bootstrap,
    credentials,
    delegated_administrators,
    deployed,
    environment,
    identity_center,
    leavers,
    organization,
    policy_types,
    resources,
    root_access,
    stacks,
    tools,
    trusted_access,
)
from .errors import explain
from .finding import Finding, Fix, Status, skipped

if TYPE_CHECKING:
    from .check import Check
    from .examination import Examination

CHECKS: Final[tuple[Check, ...]] = (
    tools.NODE,
    tools.CDK_CLI,
    environment.CHECK,
    assembly.CHECK,
    credentials.CHECK,
    credentials.ACCOUNT,
    organization.CHECK,
    account_plan.CHECK,
    identity_center.CHECK,
    # Before what AWS enables only for services that have it: root access, delegates, policy types, contacts, names.
    trusted_access.CHECK,
    root_access.CHECK,
    delegated_administrators.CHECK,
    policy_types.CHECK,
    account_quota.CHECK,
    stacks.CHECK,
    *resources.CHECKS,
    deployed.CHECK,
    bootstrap.CHECK,
    alternate_contacts.CHECK,
    account_names.CHECK,
    leavers.CHECK,
)
"""In the order in which they run: each after those that it needs."""

READY: Final = 0
BLOCKED: Final = 1
COULD_NOT_LOOK: Final = 2


@dataclass(frozen=True)
class Result:
    """A check and what it found, one thing at least."""

    check: Check
    findings: tuple[Finding, ...]
    cause: Check | None = None
    """The check because of which nothing was looked at; None where something was."""

    @property
    def status(self) -> Status:
        """The worst of what it found."""
        return max((finding.status for finding in self.findings), key=lambda status: status.severity)


def run(
    examination: Examination,
    *,
    checks: Sequence[Check] = CHECKS,
    begin: Callable[[Check], None] = lambda _check: None,
    repair: Callable[[Fix], bool] | None = None,
) -> Iterator[Result]:
    """Yield the result of each check as it comes.

    Args:
        examination: What is looked at.
        checks: The checks.
        begin: Is told which check begins.
        repair: Is handed each fix as its finding comes up, and tells whether it was applied; the check is then run
            again. By default nothing is changed.
    """
    causes: dict[str, Check] = {}
    for check in checks:
        cause = next((causes[need] for need in check.needs if need in causes), None)
        if cause is not None:
            causes[check.id] = cause
            found = skipped("not-looked-at", f"Not checked, because it depends on {cause.id}")
            yield Result(check, (found,), cause)
            continue
        begin(check)
        findings = _look(check, examination)
        if repair is not None:
            findings = _repair(check, examination, findings, repair)
        result = Result(check, findings)
        if any(finding.stops for finding in findings):
            causes[check.id] = check
        yield result


def _repair(
    check: Check, examination: Examination, findings: tuple[Finding, ...], repair: Callable[[Fix], bool]
) -> tuple[Finding, ...]:
    applied, failed = False, []
    for finding in findings:
        if finding.fix is None:
            continue
        try:
            applied |= repair(finding.fix)
        except Exception as error:  # noqa: BLE001 (as in _look)
            failed.append(explain(error, examination))
    if applied or failed:
        examination.live_in.forget()
    return (*(_look(check, examination) if applied else findings), *failed)


def _look(check: Check, examination: Examination) -> tuple[Finding, ...]:
    found: list[Finding] = []
    try:
        for finding in check.look(examination):
            found.append(finding)  # noqa: PERF402 (what was found before an error counts)
    except Exception as error:  # noqa: BLE001 (explain raises it again unless it is botocore's)
        # What was found before is there for other checks, whatever could not be looked at then.
        found.append(replace(explain(error, examination), stops=not found))
    return tuple(found)


def exit_code(results: Collection[Result]) -> int:
    """Return 0 if a deploy can go ahead, 1 if not, 2 if it could not be looked at."""
    statuses = {result.check.id: result.status for result in results}
    if statuses.get(credentials.CHECK.id) is Status.UNKNOWN:
        return COULD_NOT_LOOK
    if Status.PROBLEM in statuses.values():
        return BLOCKED
    return COULD_NOT_LOOK if Status.UNKNOWN in statuses.values() else READY
