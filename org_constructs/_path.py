"""Where a construct stands in its stack: a name that stays the same when other constructs come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import Construct


def path_in_stack(construct: Construct) -> str:
    """Return the path of the construct below its stack, so that neither a stage nor the stack's name is part of it."""
    return construct.node.path.removeprefix(f"{cdk.Stack.of(construct).node.path}/")
