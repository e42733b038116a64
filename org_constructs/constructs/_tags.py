"""Tags of a resource, in the form of CDK's L1 constructs, and what AWS makes of them together with the stack's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
import jsii
from aws_cdk import aws_organizations as organizations
from aws_cdk import aws_sso as sso
from constructs import IValidation

from org_constructs.aws import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tagged = (
        organizations.CfnAccount
        | organizations.CfnOrganizationalUnit
        | organizations.CfnPolicy
        | organizations.CfnResourcePolicy
        | sso.CfnPermissionSet
    )

_REMEDY: Final = (
    "with cdk.Tags, leave out the stack, by exclude_resource_types=['aws:cdk:stack'] or the flag"
    " @aws-cdk/core:explicitStackTags"
)


def cfn_tags(tags: Mapping[str, str] | None) -> list[cdk.CfnTag] | None:
    """Return the tags sorted by key, or None for none, which leaves the property out."""
    return [cdk.CfnTag(key=key, value=value) for key, value in sorted(tags.items())] if tags else None


def check_with_stack_tags(resource: Tagged, stack: cdk.Stack) -> None:
    """Have synth refuse tags of the resource that AWS would refuse together with the stack's.

    Only synth knows them all, since `cdk.Tags` adds some. CloudFormation gives the stack's tags to these resources:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
    """
    if stack not in _checks:
        _checks[stack] = _WithStackTags(stack)
        stack.node.add_validation(_checks[stack])
    _checks[stack].resources.append(resource)


@jsii.implements(IValidation)
class _WithStackTags:
    def __init__(self, stack: cdk.Stack) -> None:
        self._stack = stack
        self.resources: list[Tagged] = []

    def validate(self) -> list[str]:
        tags = self._stack.tags.tag_values()
        return list(self._errors(tags)) if tags else []

    def _errors(self, tags: Mapping[str, str]) -> Iterator[str]:
        for resource in self.resources:
            own = resource.tags.tag_values()
            path = resource.node.path.removesuffix("/Resource")
            together = {*own, *tags}
            if len(together) > limits.TAGS_MAX:
                yield (
                    f"tags must be at most {limits.TAGS_MAX} together with the stack's, which AWS adds to {path!r},"
                    f" got {len(together)}; remove some"
                )
            twice = sorted({*own} & {*tags})
            # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2244
            if twice and isinstance(resource, organizations.CfnAccount):
                yield (
                    "tags must not be on both the stack and an account, since CloudFormation then passes the key twice"
                    f" and AWS refuses it, got {twice[0]!r} on {path!r}; {_REMEDY}"
                )


_checks: WeakKeyDictionary[cdk.Stack, _WithStackTags] = WeakKeyDictionary()
