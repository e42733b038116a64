"""What services do in accounts unless somebody says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from org_constructs import PolicyType, guardrails
from refusals import refuses


def test_ec2_defaults_name_metadata_the_console_images_and_snapshots() -> None:
    content = guardrails.ec2_defaults(message="Ask dax@acme.com")
    assert content["ec2_attributes"] == {
        "exception_message": {"@@assign": "Ask dax@acme.com"},
        "image_block_public_access": {"state": {"@@assign": "block_new_sharing"}},
        "instance_metadata_defaults": {
            "http_endpoint": {"@@assign": "no_preference"},
            "http_put_response_hop_limit": {"@@assign": "2"},
            "http_tokens": {"@@assign": "required"},
            "instance_metadata_tags": {"@@assign": "no_preference"},
        },
        "serial_console_access": {"status": {"@@assign": "disabled"}},
        "snapshot_block_public_access": {"state": {"@@assign": "block_all_sharing"}},
    }
    assert "exception_message" not in guardrails.ec2_defaults()["ec2_attributes"]


@pytest.mark.parametrize(
    ("arguments", "attribute", "value"),
    [
        ({"serial_console": True}, "serial_console_access", {"status": {"@@assign": "enabled"}}),
        (
            {"vpc_block": "block_ingress"},
            "vpc_block_public_access",
            {
                "internet_gateway_block": {
                    "mode": {"@@assign": "block_ingress"},
                    "exclusions_allowed": {"@@assign": "disabled"},
                }
            },
        ),
        (
            {"vpc_block": "block_bidirectional", "vpc_exclusions": True},
            "vpc_block_public_access",
            {
                "internet_gateway_block": {
                    "mode": {"@@assign": "block_bidirectional"},
                    "exclusions_allowed": {"@@assign": "enabled"},
                }
            },
        ),
        (
            {"image_providers": ["amazon", "444455556666"]},
            "allowed_images_settings",
            {
                "state": {"@@assign": "enabled"},
                "image_criteria": {"criteria_1": {"allowed_image_providers": {"@@assign": ["444455556666", "amazon"]}}},
            },
        ),
        (
            {"image_providers": ["amazon"], "only_report_images": True},
            "allowed_images_settings",
            {
                "state": {"@@assign": "audit_mode"},
                "image_criteria": {"criteria_1": {"allowed_image_providers": {"@@assign": ["amazon"]}}},
            },
        ),
    ],
)
def test_ec2_defaults_say_what_is_asked_for(arguments: dict[str, Any], attribute: str, value: Any) -> None:
    attributes = guardrails.ec2_defaults(**arguments)["ec2_attributes"]
    assert attributes[attribute] == value
    by_default = guardrails.ec2_defaults()["ec2_attributes"]
    assert {name: attributes[name] for name in attributes if name != attribute} == {
        name: by_default[name] for name in by_default if name != attribute
    }


def test_ec2_defaults_of_the_metadata() -> None:
    metadata = guardrails.ec2_defaults(hop_limit=1, require_imdsv2=True)["ec2_attributes"]["instance_metadata_defaults"]
    assert metadata["http_put_response_hop_limit"] == {"@@assign": "1"}
    assert metadata["http_tokens_enforced"] == {"@@assign": "enabled"}


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("hop-limit", {"hop_limit": 0}),
        ("hop-limit", {"hop_limit": 65}),
        ("wrong-type", {"hop_limit": "2"}),
        ("vpc-block", {"vpc_block": "off"}),
        ("vpc-exclusions-of-nothing", {"vpc_exclusions": True}),
        ("images-of-nobody", {"only_report_images": True}),
        ("image-providers-too-many", {"image_providers": [f"{n:012}" for n in range(201)]}),
        ("wrong-form", {"image_providers": ["aws-marketplace"]}),
        ("not-unique", {"image_providers": ["amazon", "amazon"]}),
        ("not-a-list", {"image_providers": "amazon"}),
        ("wrong-length", {"message": ""}),
    ],
)
def test_refuses_what_ec2_does_not_take(code: str, arguments: dict[str, Any]) -> None:
    with refuses(code) as refused:
        guardrails.ec2_defaults(**arguments)
    assert refused.value.why.startswith(next(iter(arguments)))


def test_s3_defaults_block_public_access() -> None:
    assert guardrails.s3_defaults() == {"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}}


def test_opts_out_of_every_ai_service_for_good() -> None:
    nobody = {"@@operators_allowed_for_child_policies": ["@@none"]}
    assert guardrails.ai_services_opt_out() == {
        "services": {**nobody, "default": {**nobody, "opt_out_policy": {**nobody, "@@assign": "optOut"}}}
    }


@pytest.mark.parametrize(
    ("content", "policy_type"),
    [
        (guardrails.ec2_defaults(), PolicyType.DECLARATIVE_POLICY_EC2),
        (guardrails.s3_defaults(), PolicyType.S3_POLICY),
        (guardrails.ai_services_opt_out(), PolicyType.AISERVICES_OPT_OUT_POLICY),
    ],
    ids=lambda value: str(value)[:20],
)
def test_are_policies_of_their_types(content: dict[str, Any], policy_type: PolicyType) -> None:
    (props,) = guardrails.policies("defaults", content, targets=["root"])
    assert (props.type, props.content) == (policy_type, content)
