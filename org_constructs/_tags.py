"""Tags of a resource, in the form of CDK's L1 constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Mapping


def cfn_tags(tags: Mapping[str, str] | None) -> list[cdk.CfnTag] | None:
    """Return the tags sorted by key, or None for none, which leaves the property out."""
    return [cdk.CfnTag(key=key, value=value) for key, value in sorted(tags.items())] if tags else None
