"""By the Identity Center of aws-data-landing-zone: https://github.com/DataChefHQ/aws-data-landing-zone."""

from __future__ import annotations

import aws_cdk as cdk
from aws_data_landing_zone import (  # type: ignore[import-not-found]  # it is in an environment of its own
    DLzAccount,
    DlzAccountType,
    DLzManagementAccount,
    DLzOrganization,
    DlzStack,
    DlzStackNameProps,
    IamIdentityCenter,
    IamIdentityCenterAccessGroupProps,
    IamIdentityCenterPermissionSetProps,
    IdentityStoreUserProps,
    OrgOus,
    OrgOuSecurity,
    OrgOuSecurityAccounts,
    OrgOuSuspended,
    OrgOuWorkloads,
    OrgRootAccounts,
    RootOptions,
)
from cdk_express_pipeline import CdkExpressPipeline  # type: ignore[import-not-found]  # it is in an environment of its own

from benchmarks.peers.intent import (
    IDENTITY_STORE,
    INSTANCE_ARN,
    MANAGED_POLICY,
    MANAGEMENT_ACCOUNT,
    PERMISSION_SET,
    REGION,
    cannot,
    intent,
)

wanted = intent()
if wanted.what != "access":
    cannot("has no accounts: Control Tower makes them")
app = cdk.App()
pipeline = CdkExpressPipeline()
stack = DlzStack(
    app,
    name=DlzStackNameProps(region=REGION, stack="access"),
    env=cdk.Environment(account=MANAGEMENT_ACCOUNT, region=REGION),
    stage=pipeline.add_wave("Wave").add_stage("Stage"),
)
organization = DLzOrganization(
    organization_id="o-exampleorg1",
    root=RootOptions(accounts=OrgRootAccounts(management=DLzManagementAccount(account_id=MANAGEMENT_ACCOUNT))),
    ous=OrgOus(
        security=OrgOuSecurity(
            ou_id="ou-ab12-11111111",
            accounts=OrgOuSecurityAccounts(
                audit=DLzManagementAccount(account_id="222222222221"),
                log=DLzManagementAccount(account_id="222222222222"),
            ),
        ),
        suspended=OrgOuSuspended(ou_id="ou-ab12-22222222"),
        workloads=OrgOuWorkloads(
            ou_id="ou-ab12-33333333",
            accounts=[
                DLzAccount(name=key, account_id=account_id, type=DlzAccountType.DEVELOP)
                for key, account_id in zip(wanted.keys, wanted.account_ids, strict=True)
            ],
        ),
    ),
)
IamIdentityCenter(
    stack,
    organization,
    arn=INSTANCE_ARN,
    id=INSTANCE_ARN.rpartition("/")[2],
    store_id=IDENTITY_STORE,
    users=[IdentityStoreUserProps(name="Dax", surname="Acme", user_name="dax@acme.com")],
    permission_sets=[
        IamIdentityCenterPermissionSetProps(
            name=PERMISSION_SET, managed_policy_arns=[MANAGED_POLICY], session_duration=cdk.Duration.hours(12)
        )
    ],
    access_groups=[
        IamIdentityCenterAccessGroupProps(
            name=name,
            permission_set_name=PERMISSION_SET,
            account_names=wanted.keys,
            user_names=["dax@acme.com"],
        )
        for name in wanted.group_names
    ],
)
app.synth()
