"""The failures that somebody asks for, with the accounts as the app names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import environments_of
from org_constructs.templates.description import MANAGEMENT, References

from .local_aws.failures import ASSIGNMENT_FAILED, parse

if TYPE_CHECKING:
    from org_constructs.templates.assembly import Stack

_ACCOUNT: Final = "AWS::Organizations::Account"


def with_accounts(failures: Sequence[str], stacks: Sequence[Stack]) -> tuple[str, ...]:
    """Return the failures as they were written, each for an account by its name in AWS.

    Args:
        failures: Such as `ACCOUNT_TIMEOUT:production`; an account is named by its key, its name, or the name's last
            part.
        stacks: The stacks of the app.

    Raises:
        Refusal: The app has no such account.
    """
    return tuple(_with_account(failure, stacks) for failure in failures)


def _with_account(failure: str, stacks: Sequence[Stack]) -> str:
    kind, wanted = parse(failure)
    if not kind.named:
        return failure
    accounts = dict(_accounts(stacks))
    if kind is ASSIGNMENT_FAILED:
        accounts[MANAGEMENT] = MANAGEMENT
    for key, name in accounts.items():
        if wanted in {key, name} or name.endswith(f"-{wanted}"):
            return f"{kind.word}:{name}"
    available = ", ".join(accounts) or "none, since the app creates no account"
    raise Refusal(
        "failure-account-unknown",
        f"--fail {kind.word} must name an account of the app, got {wanted!r}",
        f"available: {available}",
    )


def _accounts(stacks: Sequence[Stack]) -> Iterator[tuple[str, str]]:
    """Yield the accounts that the app makes: the key, which a baseline says, or else the name; and the name."""
    references = References({stack.name: stack.template for stack in stacks}, environments_of(stacks))
    values = references.values
    outputs = {account.output: key for key, account in references.metadata.accounts.items()}
    for stack in stacks:
        keys = {references.key_of_output(stack.name, name): key for name, key in outputs.items()}
        for logical_id, resource in values.resources(stack.name).items():
            name = values.properties(stack.name, logical_id).get("AccountName")
            if resource["Type"] == _ACCOUNT and isinstance(name, str):
                yield keys.get(f"{stack.name}/{logical_id}", name), name
