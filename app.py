#!/usr/bin/env python3
"""The organization. Edit it, look at it with `org-baseline rehearse`, then `cdk deploy OrgBaseline`."""

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from org_constructs import (
    AccountProps,
    IdentityCenter,
    OrganizationalUnitProps,
    OrgBaseline,
    OrgBaselineChecks,
    PolicyType,
    UserProps,
    guardrails,
)

# The region you work in. IAM Identity Center is enabled there too, and can never move.
REGION = "us-east-1"

app = cdk.App()

OrgBaseline(
    app,
    "OrgBaseline",
    # The management account (a placeholder: the CDK CLI refuses it with anybody's real credentials).
    env=cdk.Environment(account="111122223333", region=REGION),
    company="acme",
    email="aws@acme.com",  # the management account's; dev gets aws+dev@acme.com
    # None for the first deploy: IAM Identity Center is enabled in the console once there is an organization, and
    # `org-baseline doctor` then prints what to put here.
    identity_center=IdentityCenter(
        instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444",
        identity_store_id="d-1111222233",
        start_url="https://acme.awsapps.com/start",
    ),
    users=[
        UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme", groups=["Administrators"]),
    ],
    organizational_units=[
        OrganizationalUnitProps(
            name="workloads",
            organizational_units=[OrganizationalUnitProps(name="dev"), OrganizationalUnitProps(name="production")],
        ),
    ],
    # A key and an e-mail are for good: changing one later opens another account.
    accounts=[
        AccountProps(key="dev", organizational_unit="workloads/dev"),
        AccountProps(key="production", organizational_unit="workloads/production"),
    ],
    # What nobody may do in these accounts, whatever their permissions; README.md says what each breaks.
    policies=guardrails.policies(
        "guardrails",
        guardrails.deny_leaving_organization(),
        guardrails.deny_root_user(),
        guardrails.deny_iam_users_and_access_keys(),
        guardrails.protect_baseline_roles(except_roles=[guardrails.permission_set_role("AdministratorAccess")]),
        guardrails.deny_disabling_audit(except_roles=[guardrails.ORGANIZATION_ACCESS_ROLE]),
        guardrails.deny_region_opt_ins(),
        guardrails.allow_regions(sorted({REGION, "us-east-1"})),  # CloudFront's stacks are in us-east-1
        targets=["workloads"],
    ),
    # [] for the first deploy: a new organization has no policy type enabled, and `org-baseline doctor --fix` enables
    # what the policies need and prints what to put here.
    enabled_policy_types=[PolicyType.SERVICE_CONTROL_POLICY],
)

cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), OrgBaselineChecks(app))

app.synth()
