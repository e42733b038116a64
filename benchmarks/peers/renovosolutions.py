"""By renovosolutions.aws-cdk-aws-sso: https://github.com/RenovoSolutions/cdk-library-aws-sso."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from renovosolutions_aws_sso import Assignment, PermissionSet, PrincipalProperty, PrincipalTypes  # type: ignore[import-not-found]  # it is in an environment of its own

from benchmarks.peers.intent import INSTANCE_ARN, MANAGEMENT_ACCOUNT, PERMISSION_SET, REGION, cannot, intent

wanted = intent()
if wanted.what != "access":
    cannot("has no accounts")
app = cdk.App()
stack = cdk.Stack(app, "Access", env=cdk.Environment(account=MANAGEMENT_ACCOUNT, region=REGION))
permission_set = PermissionSet(
    stack,
    "PermissionSet",
    name=PERMISSION_SET,
    sso_instance_arn=INSTANCE_ARN,
    aws_managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(PERMISSION_SET)],
    session_duration=cdk.Duration.hours(12),
)
# It makes no groups, so these exist.
for group_id in wanted.group_ids:
    for account_id in wanted.account_ids:
        Assignment(
            stack,
            f"{group_id} {account_id}",
            permission_set=permission_set,
            principal=PrincipalProperty(principal_id=group_id, principal_type=PrincipalTypes.GROUP),
            target_id=account_id,
        )
app.synth()
