"""What a user is in a template: a resource of AWS's where a region has its type, and a custom one elsewhere.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-identitystore-user.html
"""

from __future__ import annotations

from typing import Final

USER: Final = "AWS::IdentityStore::User"
CUSTOM_USER: Final = "Custom::IdentityStoreUser"
"""CDK's `AwsCustomResource`, which calls the Identity Store API; CloudFormation can import none."""

USERS: Final = (USER, CUSTOM_USER)
