"""Where a construct stands in its stack: a name that stays the same when other constructs come and go."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import interfaces
from constructs import Construct

_stacks: WeakKeyDictionary[Construct, cdk.Stack] = WeakKeyDictionary()


def stack_of(scope: Construct) -> cdk.Stack:
    """Return the stack of what is defined in the scope; asked of CDK once, since that is a call into Node."""
    if scope not in _stacks:
        _stacks[scope] = cdk.Stack.of(scope)
    return _stacks[scope]


class InStack(Construct):
    """A construct that says, as the CDK asks of whatever has a reference, which environment it is in: its stack's."""

    @property
    def env(self) -> interfaces.ResourceEnvironment:
        """The account and the region of its stack."""
        stack = stack_of(self)
        return interfaces.ResourceEnvironment(account=stack.account, region=stack.region)


def path_in_stack(construct: Construct) -> str:
    """Return the path of the construct below its stack, so that neither a stage nor the stack's name is part of it."""
    return construct.node.path.removeprefix(f"{cdk.Stack.of(construct).node.path}/")
