"""A local AWS that the real CDK CLI deploys to, and that refuses what AWS refuses.

- server.py starts and stops it; run.py is the one that runs
- existing.py, seed.py: what is there before the deploy
- failures.py: what goes wrong on request
- services/: AWS Organizations, IAM Identity Center and its Identity Store: moto's, made strict
- cloudformation/: an engine of our own behind moto's HTTP server
- resources/: what each resource type does
"""

from org_constructs.rehearsal.local_aws.existing import Existing
from org_constructs.rehearsal.local_aws.failures import FAILURE_KINDS
from org_constructs.rehearsal.local_aws.server import LocalAws

__all__ = ["FAILURE_KINDS", "Existing", "LocalAws"]
