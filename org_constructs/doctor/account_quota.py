"""How many accounts the organization may have, against those that the deploy creates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws import limits
from org_constructs.aws.regions import partition_of
from org_constructs.aws.resource_types import ACCOUNT
from org_constructs.matching import State

from .check import Check
from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from .examination import Examination

# The quotas of Organizations are in one region of each partition.
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
_REGIONS: Final = {"aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}


def _look(examination: Examination) -> Iterator[Finding]:
    matches = examination.matcher.matches(ACCOUNT)
    new = sum(match.state is State.CREATED for match in matches)
    if not new:
        yield ok("account-quota-unaffected", "The deploy creates no accounts")
        return
    # The management account is one of them.
    there = 1 if examination.live.organization() is None else len(examination.live.accounts())
    quota, code = _quota(examination)
    said = f"{there} account{' exists' if there == 1 else 's exist'}, {new} would be created"
    if quota is None:
        yield warning(
            "account-quota-unknown",
            f"{said}; the organization's quota is not known yet",
            why=f"The default is {limits.ACCOUNTS_QUOTA_DEFAULT}, and new organizations may get fewer.",
            next=("If the deploy ends with ACCOUNT_LIMIT_EXCEEDED, request more: AWS Support, Service limit increase",),
        )
    elif there + new > quota:
        command = (
            f"aws service-quotas request-service-quota-increase --service-code organizations --quota-code {code}"
            f" --desired-value {there + new} --region {_region(examination)}"
        )
        yield problem(
            "account-quota-exceeded",
            f"{said}, and the organization's quota is {quota}",
            why="The deploy fails halfway with ACCOUNT_LIMIT_EXCEEDED. Closed accounts count for 90 days.",
            next=(f"`{examination.with_profile(command)}`, which AWS answers within days",),
        )
    else:
        yield ok("account-quota-enough", f"{said}, and the organization's quota is {quota}")


def _quota(examination: Examination) -> tuple[int | None, str]:
    """Return the quota that applies and its code; None where AWS does not know it yet."""
    client = examination.live_in(_region(examination)).client("service-quotas")
    try:
        found = client.get_service_quota(ServiceCode="organizations", QuotaCode=limits.ACCOUNTS_QUOTA_CODE)["Quota"]
    except client.exceptions.NoSuchResourceException:
        pages = client.get_paginator("list_service_quotas").paginate(ServiceCode="organizations")
        try:
            found = next(
                quota for page in pages for quota in page["Quotas"] if quota["QuotaName"] == limits.ACCOUNTS_QUOTA
            )
        except (StopIteration, client.exceptions.NoSuchResourceException):
            return None, limits.ACCOUNTS_QUOTA_CODE
    return int(found["Value"]), found["QuotaCode"]


def _region(examination: Examination) -> str:
    return _REGIONS.get(partition_of(examination.region).name, examination.region)


CHECK: Final = Check(
    id="account-quota", title="the quota of accounts", look=_look, needs=("assembly", "credentials", "organization")
)
