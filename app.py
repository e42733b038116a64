#!/usr/bin/env python3
"""The organization of acme. Edit it, look at it with `scripts/rehearse`, then `cdk deploy OrgBaseline`."""

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from org_constructs import (
    AccountProps,
    IdentityCenter,
    OrgBaseline,
    OrgBaselineChecks,
    UserProps,
)

app = cdk.App()

OrgBaseline(
    app,
    "OrgBaseline",
    # The management account (a placeholder: the CDK CLI refuses it with anybody's real credentials), and the region in which
    # IAM Identity Center is enabled, which can never change.
    env=cdk.Environment(account="111122223333", region="us-east-1"),
    company="acme",
    email="aws@acme.com",  # the management account's; dev gets aws+dev@acme.com
    identity_center=IdentityCenter(
        instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444",
        identity_store_id="d-1111222233",
        start_url="https://acme.awsapps.com/start",
    ),
    users=[
        UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme", groups=["Administrators"]),
    ],
    # A key and an e-mail are for good: changing one later opens another account.
    accounts=[
        AccountProps(key="dev"),
        AccountProps(key="production"),
    ],
)

cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), OrgBaselineChecks(app))

app.synth()
