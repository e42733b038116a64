"""Who administers what beside the management account: by the resource policy, and as a service's delegate.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .contents import says_content
from .description import DelegatedAdministrator
from .iam import statements
from .values import Unknown, items_of, written
from .words import and_list, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .description import Account, Description


def delegated_administrators(description: Description) -> tuple[DelegatedAdministrator, ...]:
    """Return who administers services, as AWS has it, or by the names of the accounts as templates declare it.

    An account that no template has is named by its key in the app.
    """
    if description.live is not None:
        return description.live.delegated_administrators
    accounts = description.accounts_by_app_key
    services: dict[str, list[str]] = {}
    for service, keys in description.metadata.delegated_administrators.items():
        for key in keys:
            services.setdefault(accounts[key].key if key in accounts else key, []).append(service)
    return tuple(DelegatedAdministrator(account=key, services=tuple(each)) for key, each in services.items())


def delegated_account(principal: Any) -> str | None:  # noqa: ANN401 (JSON)
    """Return the id of the account that a principal of a policy names, or `*`; None for one that is not known."""
    found = re.fullmatch(r"(?:arn:[^:]+:iam::)?(\d{12})(?::.*)?|(\*)", written(principal))
    return found[1] or found[2] if found else None


class Delegation(NamedTuple):
    """A statement."""

    who: str
    """Whom it is for, by name."""

    says: str
    """What it allows or denies."""

    def __str__(self) -> str:
        return f"{self.who}: {self.says}"


def delegations(description: Description, content: Any) -> tuple[Delegation, ...]:  # noqa: ANN401 (JSON)
    """Return the statements of a resource policy."""
    said = zip(statements(content), says_content(content), strict=True)
    return tuple(Delegation(_who(each, description.accounts), line) for each, line in said)


def _who(statement: Mapping[str, Any], accounts: Mapping[str, Account]) -> str:
    given = statement.get("Principal", "*")
    principals = [each for kind in given.values() for each in items_of(kind)] if isinstance(given, dict) else [given]
    names = [visible(_name(each, accounts)) for each in principals]
    return "everybody" if "*" in names or not names else and_list(names)


def _name(principal: Any, accounts: Mapping[str, Account]) -> str:  # noqa: ANN401 (JSON)
    reference = principal.reference if isinstance(principal, Unknown) else None
    key = f"{reference.stack}/{reference.name}" if reference else ""
    if key in accounts:
        return accounts[key].name
    text = written(principal)
    # A role or user in an account is one, and not the account.
    is_account = re.fullmatch(r"(arn:[^:]+:iam::)?\d{12}(:root)?", text)
    account_id = delegated_account(principal) if is_account else None
    return next((each.name for each in accounts.values() if account_id and each.account_id == account_id), text)
