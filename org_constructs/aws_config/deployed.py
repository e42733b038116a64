"""The ids of the accounts that a deploy has made: from the CDK CLI's outputs file, or from the stacks themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

from org_constructs.aws import limits
from org_constructs.live.errors import said_in_a_sentence
from org_constructs.live.target import check_account, region_of
from org_constructs.refusal import Refusal
from org_constructs.templates.description import MANAGEMENT, Account

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.templates.assembly import Stack


def ids_from_outputs(accounts: Sequence[Account], stacks: Sequence[Stack], file: Path) -> dict[str, str]:
    """Return the ids of the accounts by their keys, from a file of `cdk deploy --outputs-file`.

    Raises:
        Refusal: The file cannot be read, or has no id of an account.
    """
    outputs = _read_outputs(file)
    ids = _known_ids(accounts)
    for account in accounts:
        if account.key in ids:
            continue
        if account.output is None and account.key == MANAGEMENT:
            management = _management_account(stacks)
            if management is None:
                raise Refusal(
                    "outputs-not-enough",
                    "the assembly must have the management account's id if only --outputs is used, and it does not",
                    "give the stack an `env`, or leave out --outputs to ask AWS",
                )
            ids[account.key] = management
            continue
        if account.output is None:
            raise Refusal(
                "outputs-not-enough",
                f"the account {account.name!r} must have an output with its id if only --outputs is used, and has none",
                "add `cdk.CfnOutput(…, value=account.account_id)`, or leave out --outputs to ask the stack",
            )
        stack, output = account.output
        value = outputs.get(stack, {}).get(output)
        if not _is_id(value):
            raise Refusal(
                "output-missing",
                f"{str(file)!r} must have the id of the account {account.name!r} as {stack}.{output}, got {value!r}",
                f"run `cdk deploy --outputs-file {file}` again",
            )
        ids[account.key] = value
    return ids


def ids_from_stacks(
    accounts: Sequence[Account],
    stacks: Sequence[Stack],
    *,
    profile: str | None = None,
    announce: Callable[[str], None],
) -> dict[str, str]:
    """Return the ids of the accounts by their keys, asked of CloudFormation.

    A stack's resources are asked, not its outputs: the physical id of an account is its id, also where a stack has no
    output of it.

    Args:
        accounts: The accounts.
        stacks: The stacks that make them.
        profile: The CLI profile to ask with; by default the credentials that boto3 finds.
        announce: Is told before anybody is asked, as that takes a while.

    Raises:
        Refusal: There are no credentials, they are old or of another account, or a stack or an account is not
            deployed.
    """
    ids = _known_ids(accounts)
    asked = {account.key.partition("/")[0] for account in accounts if "/" in account.key and account.key not in ids}
    if MANAGEMENT in {account.key for account in accounts} - ids.keys():
        ids[MANAGEMENT] = _management_account(stacks) or ""
    physical: dict[str, str] = {}
    if asked or ids.get(MANAGEMENT) == "":
        announce("Asking AWS for the account ids")
        with said_in_a_sentence(profile, asked="its stack", instead="or use --outputs"):
            # These take a third of a second, which a run with --outputs need not.
            import boto3  # noqa: PLC0415

            from org_constructs.live.organization import LiveOrganization  # noqa: PLC0415

            session = boto3.Session(profile_name=profile)
            caller = LiveOrganization.connect(session, region_of(stacks[0], session, *stacks)).caller().account_id
            if ids.get(MANAGEMENT) == "":
                ids[MANAGEMENT] = caller
            for stack in stacks:
                if stack.name in asked:
                    check_account(stack, caller, ", or use --outputs")
                    there = region_of(stack, session, *stacks)
                    deployed = LiveOrganization.connect(session, there).stack(stack.name)
                    if deployed is None:
                        raise Refusal(
                            "not-deployed",
                            f"the stack {stack.name!r} must be deployed, but account {caller} has no stack of that"
                            f" name in {there}",
                            f"run `cdk deploy {stack.id}`, or pass the deployed assembly with --assembly",
                        )
                    physical |= {f"{stack.name}/{each}": found for each, found in deployed.resources.items()}
    # While a create runs, and after one that failed, there is none, or one that is no id.
    physical = {key: found for key, found in physical.items() if _is_id(found)}
    missing = [account.name for account in accounts if account.key not in ids and account.key not in physical]
    if missing:
        raise Refusal(
            "not-deployed",
            f"the accounts must be deployed, and {', '.join(missing)} is only in the assembly so far",
            f"run `cdk deploy {' '.join(stack.id for stack in stacks if stack.name in asked)}`",
        )
    return ids | {account.key: physical[account.key] for account in accounts if account.key not in ids}


def _known_ids(accounts: Sequence[Account]) -> dict[str, str]:
    return {account.key: account.account_id for account in accounts if account.account_id is not None}


def _management_account(stacks: Sequence[Stack]) -> str | None:
    """Return the account of the stack with the organization, or with Identity Center; None where it is left open."""
    for service in ("AWS::Organizations::", "AWS::SSO::"):
        for stack in stacks:
            if stack.account is not None and stack.holds(service):
                return stack.account
    return None


def _read_outputs(file: Path) -> Mapping[str, Mapping[str, Any]]:
    rule = f"--outputs must be a file of `cdk deploy --outputs-file`, got {str(file)!r}"
    try:
        outputs = json.loads(file.read_bytes())
    except OSError as error:
        raise Refusal("file-unreadable", f"{rule}: {error.strerror}") from None
    except ValueError:
        raise Refusal("outputs-malformed", f"{rule}, which is not JSON") from None
    if not isinstance(outputs, dict) or not all(isinstance(each, dict) for each in outputs.values()):
        raise Refusal("outputs-malformed", f"{rule}, which has no outputs by stack")
    return outputs


def _is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and re.fullmatch(limits.ACCOUNT_ID, value, re.ASCII) is not None
