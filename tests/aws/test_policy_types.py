"""The types of policies, beside CloudFormation's published schema, and what AWS's page of quotas says of them."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from org_constructs.aws.policy_types import POLICY_TYPES, RESOURCE_CONTROL_SERVICES

SCHEMAS = files("cfnlint.data.schemas")


def test_are_those_that_cloudformation_makes() -> None:
    types = json.loads((SCHEMAS / "providers/us-east-1.json").read_bytes())
    name = types["AWS::Organizations::Policy"]
    schema = json.loads((SCHEMAS / "resources" / f"{name}.json").read_bytes())
    assert POLICY_TYPES.keys() == set(schema["properties"]["Type"]["enum"])


@pytest.mark.parametrize(
    ("key", "characters", "own"),
    [
        ("AISERVICES_OPT_OUT_POLICY", 2_500, 5),
        ("BACKUP_POLICY", 10_000, 10),
        ("CHATBOT_POLICY", 10_000, 5),
        ("DECLARATIVE_POLICY_EC2", 10_000, 10),
        # One of AWS's own is always there.
        ("RESOURCE_CONTROL_POLICY", 5_120, 4),
        ("SECURITYHUB_POLICY", 10_000, 10),
        ("SERVICE_CONTROL_POLICY", 10_240, 9),
        ("TAG_POLICY", 10_000, 10),
        ("UPGRADE_ROLLOUT_POLICY", 5_120, None),
        *((each, None, None) for each in ("BEDROCK_POLICY", "GUARDDUTY_POLICY", "INSPECTOR_POLICY", "S3_POLICY")),
        ("NETWORK_SECURITY_DIRECTOR_POLICY", None, None),
    ],
)
def test_have_the_size_and_number_that_aws_publishes(key: str, characters: int | None, own: int | None) -> None:
    assert (POLICY_TYPES[key].characters, POLICY_TYPES[key].own_per_target) == (characters, own)


def test_no_service_is_lost_from_those_that_resource_control_policies_name() -> None:
    assert len(set(RESOURCE_CONTROL_SERVICES)) == len(RESOURCE_CONTROL_SERVICES) == 62
