"""The regions of AWS and their partitions."""

from __future__ import annotations

import re
import sys
from subprocess import run

import pytest

from org_constructs.aws.limits import AWS_REGION
from org_constructs.aws.regions import could_be_newer, partition_of, regions
from org_constructs.constructs.validate import check_region
from refusals import refuses


@pytest.mark.parametrize(
    ("region", "partition", "dns_suffix"),
    [
        ("eu-central-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ("cn-south-9", "aws-cn", "amazonaws.com.cn"),
        ("mars-north-1", "aws", "amazonaws.com"),
        ("", "aws", "amazonaws.com"),
    ],
)
def test_knows_the_partition_of_a_region(region: str, partition: str, dns_suffix: str) -> None:
    assert (partition_of(region).name, partition_of(region).dns_suffix) == (partition, dns_suffix)


def test_lists_regions_and_nothing_else() -> None:
    assert {"us-east-1", "eusc-de-east-1", "us-isob-east-1"} <= set(regions())
    assert all(re.fullmatch(AWS_REGION, region) for region in regions())


def test_agrees_with_botocore() -> None:
    botocore = pytest.importorskip("botocore.session").Session()
    assert {region: partition.name for region, partition in regions().items()} == {
        region: botocore.get_partition_for_region(region) for region in regions()
    }


@pytest.mark.parametrize("region", ["eu-central-9", "us-gov-north-1", "ap-northeast-12"])
def test_takes_what_a_newer_region_would_be_called_unless_only_listed_ones_may_pass(region: str) -> None:
    assert could_be_newer(region)
    check_region("region", region)
    with refuses("region-unknown", region):
        check_region("region", region, listed=True)


@pytest.mark.parametrize(
    ("region", "hint"),
    [
        ("eu-centrl-1", "did you mean 'eu-central-1'?"),
        ("us_east_1", "did you mean 'us-east-1'?"),
        ("Frankfurt", "write it like 'us-east-1'"),
        ("eu-central-1a", "did you mean 'eu-central-1'?"),
        ("aws-global", "write it like 'us-east-1'"),
    ],
)
def test_refuses_what_is_no_region(region: str, hint: str) -> None:
    with refuses("region-unknown", "region", f"'{region}'") as refused:
        check_region("region", region)
    assert refused.value.fix == hint


def test_looks_up_a_region_without_botocores_code() -> None:
    """Its import takes as long as a fifth of a synth."""
    look_up = "import sys; from org_constructs.aws.regions import regions; regions()"
    program = f"{look_up}; print('botocore.session' in sys.modules)"
    done = run([sys.executable, "-c", program], capture_output=True, check=True, text=True)  # noqa: S603 (our own)
    assert done.stdout == "False\n"
