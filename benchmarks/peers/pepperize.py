"""By pepperize.cdk-organizations, which has no Identity Center: https://github.com/pepperize/cdk-organizations."""

from __future__ import annotations

import aws_cdk as cdk
from pepperize_cdk_organizations import Account, Organization  # type: ignore[import-not-found]  # it is in an environment of its own

from benchmarks.peers.intent import MANAGEMENT_ACCOUNT, REGION, cannot, intent

wanted = intent()
if wanted.what != "accounts":
    cannot("has no Identity Center")
app = cdk.App()
stack = cdk.Stack(app, "Organization", env=cdk.Environment(account=MANAGEMENT_ACCOUNT, region=REGION))
organization = Organization(stack, "Organization")
before: Account | None = None
for key in wanted.keys:
    account = Account(stack, key, account_name=f"acme-{key}", email=f"aws+{key}@acme.com", parent=organization.root)
    # One account at a time, as its documentation has it.
    if before is not None:
        account.node.add_dependency(before)
    before = account
app.synth()
