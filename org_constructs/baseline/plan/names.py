"""What targets and defaults are called."""

from __future__ import annotations

from typing import Final

MANAGEMENT: Final = "management"
"""The name of the management account in targets."""
EVERY_ACCOUNT: Final = "*"
"""In targets: every account but the management account."""
ROOT: Final = "root"
"""In a policy's targets: the root of the organization."""

ADMINISTRATORS: Final = "Administrators"
