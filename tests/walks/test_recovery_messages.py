"""Each part of a message that docs/recovery.md tells people to look for is what CloudFormation says in that case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from local_aws_stacks import (
    DEV,
    EXISTING,
    MANAGEMENT,
    UNIT,
    account,
    assignment,
    deploy,
    physical_id,
    policy,
    resource,
    unit,
)
from org_constructs.matching.way_out import _WAYS, way_out
from org_constructs.rehearsal.local_aws import LocalAws
from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

RECOVERY = (ROOT / "docs" / "recovery.md").read_text(encoding="utf-8")
SECTION = RECOVERY.partition("\n## What CloudFormation said\n")[2].partition("\n## ")[0]

# On AWS two stacks at once; in the local AWS, where one deploy ends before the next begins, no DependsOn between them.
AT_ONCE = {"One": account(), "Other": account(AccountName="acme-b", Email="aws+b@acme.com")}


def changed(aws: LocalAws, **properties: object) -> str:
    """What is said of an account that is deployed and then has other properties."""
    deploy(aws, Dev=account())
    return deploy(aws, Dev=account(**properties))[1]


def of_a_closed_account(aws: LocalAws) -> str:
    deploy(aws, Dev=account())
    aws.client("organizations").close_account(AccountId=physical_id(aws, "Dev"))
    return deploy(aws, Dev=account(ParentIds=[UNIT]))[1]


def of_a_policy_attached_by_hand(aws: LocalAws) -> str:
    deploy(aws, Guard=policy(), Dev=account("Guard"))
    aws.client("organizations").attach_policy(PolicyId=physical_id(aws, "Guard"), TargetId=DEV)
    return deploy(aws, Dev=account())[1]


def once_more(aws: LocalAws, **resources: Any) -> str:
    deploy(aws, "Before", **resources)
    return deploy(aws, **resources)[1]


SAID: dict[str, tuple[list[str], Callable[[LocalAws], str]]] = {
    "hasn't finished initializing": (["FINALIZING_ORGANIZATION"], lambda aws: deploy(aws, Dev=account())[1]),
    "returns IN_PROGRESS state before time out": (["ACCOUNT_TIMEOUT:dev"], lambda aws: deploy(aws, Dev=account())[1]),
    "Account with email": ([], lambda aws: once_more(aws, Dev=account())),
    "EMAIL_ALREADY_EXISTS": (["ACCOUNT_EMAIL_EXISTS:dev"], lambda aws: deploy(aws, Dev=account())[1]),
    "exceeded the allowed number of AWS accounts": (
        ["ACCOUNT_LIMIT_EXCEEDED:dev"],
        lambda aws: deploy(aws, Dev=account())[1],
    ),
    "only for enabled policy types": (
        [],
        lambda aws: deploy(aws, Guard=policy(Type="TAG_POLICY", Content={}, TargetIds=[UNIT]))[1],
    ),
    "already a member of an organization": (
        [],
        lambda aws: deploy(aws, Organization=resource("AWS::Organizations::Organization"))[1],
    ),
    "Failing PreExistenceCheck": ([], lambda aws: once_more(aws, Unit=unit())),
    "Policy already exists for policy name": ([], lambda aws: once_more(aws, Guard=policy())),
    "The policy is attached to one or more entities": ([], of_a_policy_attached_by_hand),
    "To modify the account name or account email": ([], lambda aws: changed(aws, AccountName="acme-development")),
    "You cannot update IAM role name": ([], lambda aws: changed(aws, RoleName="Administrator")),
    "suspended account will not be managed": ([], of_a_closed_account),
    "Error occurred during operation": (
        ["ASSIGNMENT_FAILED:existing-1"],
        lambda aws: deploy(aws, OfDev=assignment())[1],
    ),
    "conflicts with another attempt to modify": ([], lambda aws: deploy(aws, **AT_ONCE)[1]),
}


def test_every_part_of_the_page_is_here() -> None:
    assert re.findall(r"^\| `([^`]+)` \|", SECTION, re.MULTILINE) == list(SAID)


@pytest.mark.parametrize(("part", "failures", "fail"), [(part, *row) for part, row in SAID.items()], ids=SAID)
def test_cloudformation_says_it(part: str, failures: list[str], fail: Callable[[LocalAws], str]) -> None:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1", failures=failures) as aws:
        aws.seed(EXISTING)
        said = fail(aws)
    assert part in said
    names = set(re.findall(r"\w+Exception", said)) - {"GeneralServiceException"}
    assert not names, "it has the names of HandlerErrorCodes and of no exception, so nobody can look those up"


@pytest.mark.parametrize("status", _WAYS)
def test_every_state_has_its_section(status: str) -> None:
    out = way_out(status, stack_id="OrgBaseline")
    assert out is not None
    assert status in out.section
    _, is_there, section = RECOVERY.partition(f"\n## {out.section}\n")
    assert is_there
    # The commands of a stack among others; the section's is alone.
    commands = re.sub(" --exclusively| --stack OrgBaseline", "", " ".join(out.steps))
    told = re.findall("`(.*?)`", commands)
    assert told
    assert [each for each in told if f"$ {each}\n" not in section.partition("\n## ")[0]] == []
