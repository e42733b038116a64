"""What services do in accounts unless somebody says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from org_constructs.constructs.validate import check_text

if TYPE_CHECKING:
    from ._content import Content


def ec2_defaults(*, message: str | None = None) -> Content:
    """Return a declarative policy for Amazon EC2: IMDSv2, no public images, no public snapshots.

    The metadata settings are defaults of instances launched from then on, with two hops, so that containers reach the
    metadata. What breaks: images that speak IMDSv1 only; sharing an image or a snapshot with everybody, which ends for
    snapshots that are public now, and not for images.

    Limits: a launch may still ask for IMDSv1 by name. EC2 has to have trusted access: declare
    `trusted_access=["ec2.amazonaws.com"]`.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html

    Args:
        message: What AWS answers where it refuses; by default its own words.

    Raises:
        ValueError: The message is empty.
    """
    attributes: dict[str, Any] = {
        "image_block_public_access": {"state": _assign("block_new_sharing")},
        "instance_metadata_defaults": {
            "http_endpoint": _assign("no_preference"),
            "http_put_response_hop_limit": _assign("2"),
            "http_tokens": _assign("required"),
            "instance_metadata_tags": _assign("no_preference"),
        },
        "snapshot_block_public_access": {"state": _assign("block_all_sharing")},
    }
    if message is not None:
        check_text("message", message, maximum=1024)
        attributes["exception_message"] = _assign(message)
    return {"ec2_attributes": attributes}


def _assign(value: str) -> dict[str, str]:
    return {"@@assign": value}
