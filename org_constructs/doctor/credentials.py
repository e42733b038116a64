"""Whose credentials these are, and whether they are those of the account that the assembly is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.examples import EXAMPLE_ACCOUNT

from .check import Check
from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from .examination import Examination

_PATIENCE: Final = 10  # seconds, for each of two attempts: the first call finds out whether AWS can be reached


def _look(examination: Examination) -> Iterator[Finding]:
    from botocore.config import Config  # noqa: PLC0415 (see Examination.session)

    config = Config(connect_timeout=_PATIENCE, read_timeout=_PATIENCE, retries={"total_max_attempts": 2})
    sts = examination.session.client("sts", region_name=examination.region, config=config)
    caller = sts.get_caller_identity()
    yield ok("credentials", f"Account {caller['Account']}, as {caller['Arn']}")
    if caller["Arn"].endswith(":root"):
        yield warning(
            "credentials-of-root",
            "These are credentials of the root user",
            why="It can do everything, no policy limits it, and it is only for what nobody else can do.",
            next=(
                "Use them for the first deploy at most, then sign in as the user that the deploy created",
                "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
            ),
        )


def _look_at_account(examination: Examination) -> Iterator[Finding]:
    caller = examination.live.caller().account_id
    for stack in examination.assembly.stacks:
        if stack.account not in (None, caller):
            example = stack.account == EXAMPLE_ACCOUNT
            yield problem(
                "account-mismatch",
                f"The stack {stack.id} is for account {stack.account}"
                + (", the account of the example," if example else ",")
                + f" and these are credentials of account {caller}",
                why="The CDK CLI refuses to deploy a stack with the credentials of another account.",
                next=(
                    *(
                        ()
                        if example
                        else (f"Use credentials of {stack.account}, if that is the management account: --profile NAME",)
                    ),
                    f"{'If' if example else 'or, if'} {caller} is the management account, set it in the app",
                ),
                paste=(f'env=cdk.Environment(account="{caller}", region="{stack.region or examination.region}"),',),
            )
            return
    yield ok("assembly-account", f"The assembly is for account {caller}, or for any")


CHECK: Final = Check(id="credentials", title="the credentials", look=_look)
ACCOUNT: Final = Check(
    id="account", title="the account of the assembly", look=_look_at_account, needs=("assembly", "credentials")
)
