"""`ResourcePolicy`: whom the organization lets administer it from member accounts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

from aws_cdk import aws_iam as iam
from aws_cdk import aws_organizations as organizations
from constructs import Construct, IConstruct

from org_constructs.aws import limits
from org_constructs.aws.policy_syntax import RESOURCE_POLICY, check_policy_syntax
from org_constructs.refusal import Refusal

from ._order import order_organization_change
from ._path import stack_of
from ._tags import cfn_tags, check_with_stack_tags
from .policy_json import cfn_json, is_unknown, json_characters, json_content
from .validate import check_tags


def check_resource_policy(
    argument: str, *, content: Mapping[str, Any] | iam.PolicyDocument, tags: Mapping[str, str] | None
) -> None:
    """Refuse what Organizations would refuse; `argument` is put before the name of the argument."""
    check_tags(f"{argument}tags", tags or {})
    document = json_content(f"{argument}content", content)
    check_policy_syntax(f"{argument}content", document, RESOURCE_POLICY, is_unknown=is_unknown)
    characters = json_characters(document)
    if characters > limits.RESOURCE_POLICY_MAX:
        raise Refusal(
            "policy-too-large",
            f"{argument}content must be at most {limits.RESOURCE_POLICY_MAX:,} characters without whitespace for the"
            f" resource policy, got {characters:,}",
            "shorten it, since an organization has one resource policy",
        )


class ResourcePolicy(Construct):
    """Define the organization's resource policy, which delegates administering its policies to member accounts.

    Creates one `AWS::Organizations::ResourcePolicy`, after the Organizations resource defined before it in the stack.
    An organization has one at most: where it has one already, the deploy fails, and `org-baseline adopt` takes it
    over. Whoever administers an account that it names gets what it allows there, unless guardrails of that account
    deny it. Delegated administrators of services are none of its business: `OrgBaseline` declares these.

    ```python
    ResourcePolicy(
        stack,
        "Delegation",
        content={
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": "444455556666"},
                "Action": "organizations:AttachPolicy",
                "Resource": "*",
                "Condition": {"StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"}},
            },
        },
    )
    ```

    Content and tags are updated in place. Removing the policy from the code deletes it, and with it all that it
    delegates.

    Source:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-resourcepolicy.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        content: Mapping[str, Any] | iam.PolicyDocument,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define the resource policy.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope.
            content: Its content as JSON: statements on actions of Organizations, each with the accounts that it is
                for in `Principal`, up to 40,000 characters without whitespace.
                https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
            tags: Tags of the resource policy; by default none.

        Raises:
            Refusal: The app has one already, an argument breaks a rule of AWS's, or the content is too long or not in
                the syntax of resource policies.
        """
        check_resource_policy("", content=content, tags=tags)
        root = scope.node.root
        if root in _of_app:
            raise Refusal(
                "resource-policy-twice",
                f"the app must define one resource policy, since an organization has one, got a second beside"
                f" {_of_app[root].node.path!r}",
                "put the statements of both into one",
            )
        super().__init__(scope, construct_id)
        _of_app[root] = self
        self._resource = organizations.CfnResourcePolicy(
            self, "Resource", content=cfn_json(content), tags=cfn_tags(tags)
        )
        stack = stack_of(scope)
        check_with_stack_tags(self._resource, stack)
        order_organization_change(self._resource, stack, referenced=())

    @cached_property
    def resource_policy_id(self) -> str:
        """The id of the resource policy, `rp-…`; a token."""
        return self._resource.attr_id


_of_app: Final[WeakKeyDictionary[IConstruct, ResourcePolicy]] = WeakKeyDictionary()
