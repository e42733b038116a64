"""How a baseline's template gets to CloudFormation."""

from __future__ import annotations

from typing import Final

import aws_cdk as cdk

INLINE_TEMPLATE_MAX: Final = 51_200
"""Bytes of a template that CloudFormation takes without a bucket.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""


class UnbootstrappedSynthesizer(cdk.LegacyStackSynthesizer):
    """Deploy with the caller's own credentials and, while the template is small, without `cdk bootstrap`.

    The bootstrap would put a bucket, a repository and five roles, one of them with AdministratorAccess, into the
    management account for good.
    """
