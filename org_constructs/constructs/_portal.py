"""Where people sign in, said in the assembly by whatever gives them access."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from org_constructs.aws.portals import IDENTITY_CENTER

from ._path import stack_of

if TYPE_CHECKING:
    from aws_cdk import Stack
    from constructs import Construct

    from .identity_center import IdentityCenter

_said: WeakSet[Stack] = WeakSet()


def say_portal(construct: Construct, identity_center: IdentityCenter) -> None:
    """Have the assembly say where the people of the construct's stack sign in, for `org-baseline aws-config`."""
    stack = stack_of(construct)
    if identity_center.start_url is not None and stack not in _said:
        _said.add(stack)
        stack.node.add_metadata(IDENTITY_CENTER, {"StartUrl": identity_center.start_url})
