"""What whoever reads the organization from AWS needs, for `report live` and `access-diff live`, and for evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.live.control_answers import ACTIONS
from org_constructs.live.reads import READS

from .documents import allow, document

if TYPE_CHECKING:
    from .documents import Document


def read_only_policy() -> Document:
    """Return the IAM policy that allows what is read, and nothing else.

    On every resource, since lists are of no resource, and what they list is not known before.
    """
    return document(
        [
            allow("ReadOrganization", sorted({each.action for each in READS.values()}), ["*"]),
            # For `--evidence` alone.
            allow("ReadControls", ACTIONS, ["*"]),
        ]
    )
