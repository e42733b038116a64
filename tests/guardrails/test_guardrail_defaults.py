"""What services do in accounts unless somebody says otherwise."""

from __future__ import annotations

from org_constructs import guardrails


def test_ec2_defaults_name_metadata_images_and_snapshots() -> None:
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
        "snapshot_block_public_access": {"state": {"@@assign": "block_all_sharing"}},
    }
    assert "exception_message" not in guardrails.ec2_defaults()["ec2_attributes"]
