"""What an app takes for granted and an empty AWS does not have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Existing:
    """What exists before the deploy, by its ids."""

    organization_id: str | None = None
    """None if there is no organization yet, unless anything below needs one."""
    root_id: str | None = None
    policy_types: tuple[str, ...] = ("SERVICE_CONTROL_POLICY",)
    """Those that the root has enabled, if the organization exists; a new organization has none."""
    instance_arn: str | None = None
    """None if IAM Identity Center is not enabled."""
    identity_store_id: str | None = None
    account_ids: tuple[str, ...] = ()
    organizational_unit_ids: tuple[str, ...] = ()
    """They come to lie directly under the root."""
    user_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    permission_set_arns: tuple[str, ...] = ()
    policy_ids: tuple[str, ...] = ()
