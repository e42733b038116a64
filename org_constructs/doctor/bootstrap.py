"""The CDK bootstrap, where a stack needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.regions import partition_of

from .check import Check
from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from org_constructs.templates.assembly import Stack

    from .examination import Examination

_QUALIFIER: Final = "hnb659fds"
"""CDK's own. https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html"""


def _look(examination: Examination) -> Iterator[Finding]:
    needing = [stack for stack in examination.assembly.stacks if stack.bootstrap_reason]
    for stack in needing:
        yield from _bootstrap_of(examination, stack)
    if not needing:
        yield ok("bootstrap-not-needed", "No stack needs `cdk bootstrap`")


def _bootstrap_of(examination: Examination, stack: Stack) -> Iterator[Finding]:
    region = stack.region or examination.region
    account = stack.account or examination.live.caller().account_id
    qualifier = stack.bootstrap_qualifier or _QUALIFIER
    why = f"The stack {stack.id} needs it: {stack.bootstrap_reason}."
    own = "" if qualifier == _QUALIFIER else f" --qualifier {qualifier}"
    command = (f"`{examination.with_profile(f'cdk bootstrap aws://{account}/{region}{own}')}`",)
    ssm = examination.live_in(region).client("ssm")
    try:
        answer = ssm.get_parameter(Name=f"/cdk-bootstrap/{qualifier}/version")
    except ssm.exceptions.ParameterNotFound:
        yield problem("bootstrap-missing", f"{account} is not bootstrapped in {region}", why=why, next=command)
        return
    version = int(answer["Parameter"]["Value"])
    needed = stack.artifact["properties"].get("requiresBootstrapStackVersion") or 0
    if version < needed:
        yield problem(
            "bootstrap-outdated",
            f"The bootstrap of {account} in {region} is version {version}, and {stack.id} needs {needed}",
            why=why,
            next=command,
        )
        return
    yield ok("bootstrap-ready", f"{account} is bootstrapped in {region}, version {version}", why=why)
    yield from _role(examination, stack, account, region)


def _role(examination: Examination, stack: Stack, account: str, region: str) -> Iterator[Finding]:
    """Tell whether these credentials may take the role that deploys; asking does nothing but sign it for an hour."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 (see Examination.session)

    arn: str | None = stack.artifact["properties"].get("assumeRoleArn")
    if arn is None:
        return
    placeholders = {
        "${AWS::Partition}": partition_of(region).name,
        "${AWS::AccountId}": account,
        "${AWS::Region}": region,
    }
    for placeholder, value in placeholders.items():
        arn = arn.replace(placeholder, value)
    try:
        examination.live.client("sts").assume_role(RoleArn=arn, RoleSessionName="org-baseline-doctor")
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        yield warning(
            "bootstrap-role-denied",
            f"These credentials may not assume {arn}",
            why=(
                "The CDK CLI then uses the credentials themselves, if they are of the same account, and whatever they"
                " may not do fails halfway through the deploy. The root user cannot assume roles."
            ),
            next=("Allow sts:AssumeRole for that role, or use an administrator's credentials",),
        )
    else:
        yield ok("bootstrap-role-allowed", f"These credentials may assume {arn.rpartition('/')[2]}")


CHECK: Final = Check(id="bootstrap", title="the CDK bootstrap", look=_look, needs=("assembly", "credentials"))
