"""The policies in IAM's language that templates hold, each as a text for AWS to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from .iam import text
from .values import Function, Reference, Unknown, Value, as_json, document

if TYPE_CHECKING:
    from .resources import Resource, Templates
    from .values import Values

IDENTITY_POLICY: Final = "IDENTITY_POLICY"
RESOURCE_POLICY: Final = "RESOURCE_POLICY"

# By type of resource: the property with the document, and what AWS calls such a policy and what it is attached to.
# https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
_DOCUMENTS: Final = {
    "AWS::IAM::GroupPolicy": ("PolicyDocument", IDENTITY_POLICY, None),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument", IDENTITY_POLICY, None),
    "AWS::IAM::Policy": ("PolicyDocument", IDENTITY_POLICY, None),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument", RESOURCE_POLICY, "AWS::IAM::AssumeRolePolicyDocument"),
    "AWS::IAM::RolePolicy": ("PolicyDocument", IDENTITY_POLICY, None),
    "AWS::IAM::UserPolicy": ("PolicyDocument", IDENTITY_POLICY, None),
    "AWS::KMS::Key": ("KeyPolicy", RESOURCE_POLICY, None),
    "AWS::Organizations::ResourcePolicy": ("Content", RESOURCE_POLICY, None),
    "AWS::S3::BucketPolicy": ("PolicyDocument", RESOURCE_POLICY, "AWS::S3::Bucket"),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", RESOURCE_POLICY, None),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", RESOURCE_POLICY, None),
    "AWS::SSO::PermissionSet": ("InlinePolicy", IDENTITY_POLICY, None),
}
_WITH_INLINE_POLICIES: Final = ("AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User")
_OF_ORGANIZATIONS: Final = ("RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY")

STAND_INS: Final[Mapping[tuple[object, str], str]] = {
    ("AWS::Organizations::Account", "AccountId"): "444455556666",
    ("AWS::Organizations::Account", ""): "444455556666",
    ("AWS::Organizations::Account", "Arn"): "arn:aws:organizations::111122223333:account/o-exampleorg1/444455556666",
    ("AWS::Organizations::Organization", "Arn"): "arn:aws:organizations::111122223333:organization/o-exampleorg1",
    ("AWS::Organizations::Organization", "Id"): "o-exampleorg1",
    ("AWS::Organizations::Organization", ""): "o-exampleorg1",
    ("AWS::Organizations::Organization", "ManagementAccountId"): "111122223333",
    ("AWS::Organizations::Organization", "RootId"): "r-ab12",
    ("AWS::Organizations::OrganizationalUnit", "Id"): "ou-ab12-11112222",
    ("AWS::Organizations::OrganizationalUnit", ""): "ou-ab12-11112222",
}
"""What stands for any account, organization or unit, by type and attribute; no check of a policy decides by them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Organizations.html
"""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A policy of a template, and how it is read."""

    resource: Resource
    location: str
    """Where in the resource it stands, such as `Properties.InlinePolicy`."""

    type: str
    """`IDENTITY_POLICY`, `RESOURCE_POLICY`, `SERVICE_CONTROL_POLICY` or `RESOURCE_CONTROL_POLICY`."""

    resource_type: str | None = None
    """What a resource policy is attached to, where that has rules of its own."""

    text: str | None
    """The document as JSON; None where the deploy alone knows it."""

    stand_ins: tuple[str, ...] = ()
    """What the deploy alone knows of it and ids of nobody stand in for, as the template refers to it."""

    unknown: tuple[str, ...] = ()
    """What the deploy alone knows of it, where nothing can stand in for that."""


def policies(templates: Templates) -> Iterator[Policy]:
    """Yield every policy in IAM's language of the templates."""
    policy = partial(_policy, templates.values)
    for resource_type, (name, policy_type, attached_to) in sorted(_DOCUMENTS.items()):
        for resource in templates.of_type(resource_type):
            if content := resource.properties.get(name):
                yield policy(resource, content, f"Properties.{name}", policy_type, attached_to=attached_to)
    for resource_type in _WITH_INLINE_POLICIES:
        for resource in templates.of_type(resource_type):
            inline = resource.properties.get("Policies")
            for index, each in enumerate(inline if isinstance(inline, list) else []):
                if isinstance(each, dict) and each.get("PolicyDocument"):
                    location = f"Properties.Policies.{index}.PolicyDocument"
                    yield policy(resource, each["PolicyDocument"], location, IDENTITY_POLICY)
    for resource in templates.of_type("AWS::Organizations::Policy"):
        kind = resource.properties.get("Type")
        if kind in _OF_ORGANIZATIONS and resource.properties.get("Content"):
            yield policy(resource, resource.properties["Content"], "Properties.Content", kind)


def _policy(
    values: Values, resource: Resource, content: Value, location: str, kind: str, *, attached_to: str | None = None
) -> Policy:
    filler = _Filler(values)
    filled = filler.fill(document(content))
    return Policy(
        resource=resource,
        location=location,
        type=kind,
        resource_type=attached_to,
        text=None if filler.unknown else filled if isinstance(filled, str) else as_json(filled),
        stand_ins=tuple(sorted(filler.stand_ins)),
        unknown=tuple(sorted(filler.unknown)),
    )


class _Filler:
    """Puts something in the place of what the deploy alone knows, and remembers of what."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.stand_ins: set[str] = set()
        self.unknown: set[str] = set()

    def fill(self, value: Value) -> Value:
        """Return the value without anything unknown in it."""
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return text(value, self._stand_in) if isinstance(value, Unknown) else value

    def _stand_in(self, part: Reference | Function) -> str:
        stand_in = None
        if isinstance(part, Reference) and (resource := self._values.resource(part)):
            stand_in = STAND_INS.get((resource["Type"], part.attribute))
        (self.unknown if stand_in is None else self.stand_ins).add(str(part))
        return stand_in or ""
