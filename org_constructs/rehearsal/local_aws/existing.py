"""What an app takes for granted and an empty AWS does not have."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    names: Mapping[str, str] = field(default_factory=dict)
    """What of these is called by what name, by its id; the others get names that say that they existed."""

    def name(self, existing_id: str, otherwise: str) -> str:
        """Return the name of what has the id."""
        return self.names.get(existing_id, otherwise)
