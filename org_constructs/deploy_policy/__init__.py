"""Which permissions a deploy needs."""

from .role import MANAGED_POLICY_MAX, RESOURCE_TYPES, DeployPolicy, handler_permissions, make_deploy_policy

__all__ = ["MANAGED_POLICY_MAX", "RESOURCE_TYPES", "DeployPolicy", "handler_permissions", "make_deploy_policy"]
