"""By aws-sso-util, no CDK library: https://github.com/61418/aws-sso-util."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.peers.intent import INSTANCE_ARN, MANAGED_POLICY, PERMISSION_SET, cannot, intent

PER_STACK = 400

wanted = intent()
if wanted.what != "access":
    cannot("has no accounts")
folder = Path(os.environ["CDK_OUTDIR"])
permission_set = {
    "Type": "AWS::SSO::PermissionSet",
    "Properties": {
        "Name": PERMISSION_SET,
        "InstanceArn": INSTANCE_ARN,
        "ManagedPolicies": [MANAGED_POLICY],
        "SessionDuration": "PT12H",
    },
}
(folder / "base.json").write_text(json.dumps({"Resources": {"PermissionSet": permission_set}}), encoding="utf-8")
# It makes no groups, so these exist. JSON is YAML.
config = {"Groups": wanted.group_ids, "PermissionSets": [{"Ref": "PermissionSet"}], "Accounts": wanted.account_ids}
(folder / "access.yaml").write_text(json.dumps(config), encoding="utf-8")
sys.exit(
    subprocess.run(  # noqa: S603 (its own program)
        [
            *(Path(sys.executable).parent / "aws-sso-util", "admin", "cfn", folder / "access.yaml"),
            # It wants to be told how many stacks it needs.
            *("--num-child-stacks", str(math.ceil(wanted.accounts * wanted.groups / PER_STACK))),
            *(
                "--sso-instance",
                INSTANCE_ARN,
                "--base-template-file",
                folder / "base.json",
                "--output-dir",
                folder / "templates",
            ),
        ],
        check=False,
    ).returncode
)
