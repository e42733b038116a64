"""The regions of AWS and their partitions, as botocore lists them.

The list is botocore's file without botocore's code, whose import takes a fifth of a second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

DEFAULT_REGION: Final = "us-east-1"
"""Where AWS is asked when neither the assembly nor the environment names a region."""


@dataclass(frozen=True, kw_only=True)
class Partition:
    """A part of AWS with regions, accounts and ARNs of its own."""

    name: str
    """What ARNs call it, such as `aws-us-gov`."""

    dns_suffix: str
    """How the addresses of its services end, such as `amazonaws.com.cn`."""

    pattern: str
    """What the names of its regions are like."""


@cache
def regions() -> Mapping[str, Partition]:
    """Return the partition of each region that botocore lists."""
    return {
        name: partition
        for partition, names in _partitions()
        for name in names
        # A name such as aws-global stands for the services without a region.
        if not name.endswith("-global")
    }


@cache
def partitions() -> frozenset[str]:
    """Return the names of all partitions."""
    return frozenset(partition.name for partition, _ in _partitions())


def partition_of(region: str) -> Partition:
    """Return the partition of a region; of one that is not listed by its name, and where that says nothing `aws`.

    AWS's SDKs do the same: https://smithy.io/2.0/aws/rules-engine/library-functions.html#awspartition-function
    """
    known = [partition for partition, _ in _partitions()]
    default = next(partition for partition in known if partition.name == "aws")
    by_name = next((partition for partition in known if re.fullmatch(partition.pattern, region)), default)
    return regions().get(region, by_name)


def pseudo_parameters_of(region: str | None) -> dict[str, str]:
    """Return the pseudo parameters of CloudFormation that follow from a stack's region; none if it is not known.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
    """
    if region is None:
        return {}
    partition = partition_of(region)
    return {"AWS::Region": region, "AWS::Partition": partition.name, "AWS::URLSuffix": partition.dns_suffix}


def could_be_newer(region: str) -> bool:
    """Tell whether a region that is not listed has the name that a newer one would have.

    That is one of a partition's pattern and with a direction that other regions have: `eu-central-9`, but not
    `eu-centrl-1`.
    """
    return any(re.fullmatch(partition.pattern, region) for partition, _ in _partitions()) and (
        _direction(region) in {_direction(known) for known in regions()}
    )


def _direction(region: str) -> str:
    """Return the part of a region's name that says where it is: `northeast` of `ap-northeast-1`."""
    return region.split("-")[-2]


@cache
def _partitions() -> list[tuple[Partition, list[str]]]:
    read = json.loads((files("botocore") / "data" / "partitions.json").read_bytes())
    return [
        (
            Partition(name=each["id"], dns_suffix=each["outputs"]["dnsSuffix"], pattern=each["regionRegex"]),
            list(each["regions"]),
        )
        for each in read["partitions"]
    ]
