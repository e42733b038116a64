"""The instances of IAM Identity Center that these credentials see, and of which kind each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from org_constructs.templates.python_text import call_in_lines

if TYPE_CHECKING:
    from .examination import Examination

PRINCIPAL: Final = "sso.amazonaws.com"


class Kind(Enum):
    """What an instance is; no field of AWS's says it."""

    ORGANIZATION = auto()
    """The organization's: only that has permission sets, and of it they are a choice."""

    STANDALONE = auto()
    """That of an account which is in no organization."""

    UNCLEAR = auto()
    """The management account's, without permission sets and without trusted access to the organization."""

    MEMBER = auto()
    """That of another account, which AWS shows to the management account."""


@dataclass(frozen=True, kw_only=True)
class Instance:
    """An instance as AWS describes it."""

    arn: str
    identity_store_id: str
    owner_account_id: str
    region: str
    """The region in which it was enabled."""

    status: str
    status_reason: str
    replicas: tuple[str, ...]
    """The other regions that it is replicated to."""

    kind: Kind
    described: Mapping[str, Any] = field(default_factory=dict)
    """What DescribeInstance says; nothing unless it is ACTIVE and this account's."""

    @property
    def permission_sets(self) -> bool:
        """Whether permission sets are enabled; AWS says so of every instance by now."""
        enabled: bool = self.described.get("PermissionSetsEnabled", True)
        return enabled

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the app that name it."""
        return call_in_lines(
            "identity_center=IdentityCenter", instance_arn=self.arn, identity_store_id=self.identity_store_id
        )


def instances(examination: Examination) -> list[Instance]:
    """Return the instances that these credentials see in any region, the organization's first."""
    pages = examination.live.client("sso-admin").get_paginator("list_instances").paginate(RegionScope="ALL_REGIONS")
    listed = {each["InstanceArn"]: each for page in pages for each in page["Instances"]}
    found = (_instance(examination, each) for each in listed.values())
    return sorted(found, key=lambda instance: instance.kind.value)


def _instance(examination: Examination, listed: Mapping[str, Any]) -> Instance:
    caller = examination.live.caller().account_id
    region = listed.get("PrimaryRegion") or examination.region
    owner, status = listed.get("OwnerAccountId", caller), listed.get("Status", "ACTIVE")
    described: dict[str, Any] = {}
    if owner == caller and status == "ACTIVE":
        client = examination.live_in(region).client("sso-admin")
        described = client.describe_instance(InstanceArn=listed["InstanceArn"])
    return Instance(
        arn=listed["InstanceArn"],
        identity_store_id=listed["IdentityStoreId"],
        owner_account_id=owner,
        region=region,
        status=status,
        status_reason=listed.get("StatusReason", ""),
        replicas=tuple(_replicas(described or listed)),
        kind=_kind(examination, owner, permission_sets=described.get("PermissionSetsEnabled", True)),
        described=described,
    )


def _replicas(described: Mapping[str, Any]) -> Iterator[str]:
    for each in described.get("Regions", ()):
        if not each.get("IsPrimaryRegion") and each["RegionName"] != described.get("PrimaryRegion"):
            yield each["RegionName"]


def _kind(examination: Examination, owner: str, *, permission_sets: bool) -> Kind:
    """Tell of which kind an instance is, as far as AWS's documents allow.

    The organization's is enabled in its management account, the others in accounts that are in none or are members
    (https://docs.aws.amazon.com/singlesignon/latest/userguide/identity-center-instances.html). Enabled as Custom it may
    be without permission sets (…/organization-instances-identity-center.html), but not without trusted access
    (https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-sso.html).
    """
    if owner != examination.live.caller().account_id:
        return Kind.MEMBER
    if examination.live.organization() is None:
        return Kind.STANDALONE
    if permission_sets or PRINCIPAL in examination.live.trusted_services():
        return Kind.ORGANIZATION
    return Kind.UNCLEAR
