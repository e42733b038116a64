"""What the guardrails say when they refuse: each wording once, by its code."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from org_constructs import guardrails
from refusals import listed_codes, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from syrupy.assertion import SnapshotAssertion


def refused() -> Iterator[Callable[[], object]]:
    long = {"Sid": "Long", "Effect": "Deny", "Action": "s3:" + "x" * 10_240, "Resource": "*"}
    leaving, data = guardrails.deny_leaving_organization(), guardrails.keep_data_in_organization("o-exampleorg1")
    yield partial(guardrails.combine, guardrails.s3_defaults(), guardrails.s3_defaults())
    yield partial(guardrails.combine, leaving, data)
    yield partial(guardrails.combine)
    yield partial(guardrails.combine, {"Statement": []})
    yield partial(guardrails.combine, {"Statement": [long]})
    yield partial(guardrails.combine, leaving, {"Statement": [{**leaving["Statement"][0], "Action": "s3:*"}]})
    yield partial(guardrails.allow_regions, [])
    yield partial(guardrails.allow_regions, ["us-east-1", "us-gov-west-1"])
    yield partial(guardrails.keep_data_in_organization, "o-exampleorg1", services=[])
    yield partial(guardrails.keep_data_in_organization, "o-exampleorg1", services=["ec2"])
    yield partial(guardrails.ec2_defaults, hop_limit=0)
    yield partial(guardrails.ec2_defaults, vpc_block="off")  # type: ignore[arg-type] # what is refused
    yield partial(guardrails.ec2_defaults, vpc_exclusions=True)
    yield partial(guardrails.ec2_defaults, only_report_images=True)
    yield partial(guardrails.ec2_defaults, image_providers=[f"{number:012}" for number in range(201)])


def test_says_each_code_of_its_own(snapshot: SnapshotAssertion) -> None:
    said = sentences(refused())
    assert list(said) == listed_codes()["guardrails"]
    assert said == snapshot
