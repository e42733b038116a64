#!/usr/bin/env python3
"""Everything that acme runs on AWS: the organization, and the workloads in its accounts."""

import json
from pathlib import Path

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks
from organization import OrganizationStack
from reports.access import ReportsAccessStack
from reports.workload import ReportsStage
from shop.access import ShopAccessStack
from shop.workload import ShopStack

from org_constructs import IdentityCenter, OrgBaselineChecks

MANAGEMENT = cdk.Environment(account="111122223333", region="us-east-1")
IDENTITY_CENTER = IdentityCenter(
    instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444", identity_store_id="d-1111222233"
)
# Which account is which is known after the organization's first deploy, which writes this file.
ACCOUNTS = Path(__file__).with_name("accounts.json")

app = cdk.App()

organization = OrganizationStack(app, "Organization", env=MANAGEMENT, identity_center=IDENTITY_CENTER)
ShopAccessStack(
    app,
    "ShopAccess",
    env=MANAGEMENT,
    identity_center=IDENTITY_CENTER,
    shop=organization.shop,
    operators=[organization.people["Lou"]],
)
reports = ReportsAccessStack(
    app,
    "ReportsAccess",
    env=MANAGEMENT,
    identity_center=IDENTITY_CENTER,
    reports=organization.reports,
    shop=organization.shop,
)
# Of the shop's team: what the other team's stack owns, it takes people into.
reports.readers.add_member(organization.people["Lou"])

account_ids = json.loads(ACCOUNTS.read_text(encoding="utf-8"))["Organization"] if ACCOUNTS.exists() else {}
shop_account_id, reports_account_id = (account_ids.get(name) for name in ("ShopAccountId", "ReportsAccountId"))
if shop_account_id and reports_account_id:
    ShopStack(app, "Shop", env=cdk.Environment(account=shop_account_id, region="us-east-1"))
    ReportsStage(
        app,
        "Reports",
        env=cdk.Environment(account=reports_account_id, region="us-east-1"),
        shop_account_id=shop_account_id,
    )
else:
    cdk.Annotations.of(organization).add_info_v2(
        "NoAccountYet",
        "Shop and Reports are left out until `cdk deploy Organization --outputs-file accounts.json` has their accounts",
    )

cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), OrgBaselineChecks(app))

app.synth()
