"""Which permissions a deploy needs: CloudFormation's, those of whoever asks it to, and of whoever reads what it made.

- stacks.py: which stacks, and where they are deployed to
- actions.py: which actions CloudFormation calls for a type, and on what; handler_permissions.json: as AWS publishes it
- role.py: what CloudFormation may do
- deployer.py: what whoever deploys may do, and who may assume the role of CloudFormation
- read_only.py: what whoever only reads may do; account_life.py: what whoever renames and closes accounts may do
- documents.py: IAM policies; policy.py: all of it for an assembly
"""

from .account_life import account_life_policy
from .actions import RESOURCE_TYPES, handler_permissions
from .deployer import ROLE_NAME
from .policy import DeployPolicy, make_deploy_policy
from .read_only import read_only_policy

__all__ = [
    "RESOURCE_TYPES",
    "ROLE_NAME",
    "DeployPolicy",
    "account_life_policy",
    "handler_permissions",
    "make_deploy_policy",
    "read_only_policy",
]
