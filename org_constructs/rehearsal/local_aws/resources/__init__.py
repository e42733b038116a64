"""The resource types that this local AWS provides, one handler each."""

from typing import Final

from org_constructs.aws.user_types import CUSTOM_USER

from . import budgets, custom, identity_store, moto_models, organizations, sso
from .base import Handler

_HANDLERS: Final[dict[str, Handler]] = {
    "AWS::Organizations::Organization": organizations.Organization(),
    "AWS::Organizations::OrganizationalUnit": organizations.OrganizationalUnit(),
    "AWS::Organizations::Account": organizations.Account(),
    "AWS::Organizations::Policy": organizations.Policy(),
    "AWS::Organizations::ResourcePolicy": organizations.ResourcePolicy(),
    "AWS::SSO::PermissionSet": sso.PermissionSet(),
    "AWS::SSO::Assignment": sso.Assignment(),
    "AWS::IdentityStore::User": identity_store.User(),
    "AWS::IdentityStore::Group": identity_store.Group(),
    "AWS::IdentityStore::GroupMembership": identity_store.GroupMembership(),
    "AWS::Budgets::Budget": budgets.Budget(),
    "AWS::CDK::Metadata": moto_models.Metadata(),
    "AWS::S3::BucketPolicy": moto_models.BucketPolicy(),
    "Custom::AWS": custom.AwsCustomResource(),
    # What a User becomes outside us-east-1: an AwsCustomResource under a name of its own.
    CUSTOM_USER: custom.AwsCustomResource(),
}


def handler_of(resource_type: str) -> Handler | None:
    """Return a type's handler, or None if this local AWS does not provide the type."""
    return _HANDLERS.get(resource_type) or moto_models.moto_handler(resource_type)
