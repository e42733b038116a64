"""By this project."""

from __future__ import annotations

import aws_cdk as cdk

from benchmarks.peers.intent import IDENTITY_STORE, INSTANCE_ARN, MANAGEMENT_ACCOUNT, REGION, intent
from org_constructs import (
    AccountProps,
    AssignmentProps,
    GroupProps,
    IdentityCenter,
    Organization,
    OrgBaseline,
    UserProps,
)

wanted = intent()
app = cdk.App()
env = cdk.Environment(account=MANAGEMENT_ACCOUNT, region=REGION)
if wanted.what == "accounts":
    OrgBaseline(
        app,
        "OrgBaseline",
        env=env,
        company="acme",
        email="aws@acme.com",
        accounts=[AccountProps(key=key) for key in wanted.keys],
    )
else:
    fits_into_one_stack = wanted.accounts * wanted.groups <= 450  # noqa: PLR2004
    OrgBaseline(
        app,
        "OrgBaseline",
        env=env,
        company="acme",
        email="aws@acme.com",
        organization=Organization.from_attributes(
            organization_id="o-exampleorg1", root_id="r-ab12", management_account_id=MANAGEMENT_ACCOUNT
        ),
        identity_center=IdentityCenter(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE),
        users=[UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme", groups=wanted.group_names)],
        groups=[GroupProps(name=name) for name in wanted.group_names],
        accounts=[
            AccountProps(key=key, account_id=account_id)
            for key, account_id in zip(wanted.keys, wanted.account_ids, strict=True)
        ],
        assignments=[
            AssignmentProps(
                principal=name,
                permission_set="AdministratorAccess",
                targets=["*"],
                stack=None if fits_into_one_stack else name.lower(),
            )
            for name in wanted.group_names
        ],
    )
app.synth()
