"""What whoever reads the organization from AWS needs: for reports, saved ones, differences, drift and evidence."""

from __future__ import annotations

from org_constructs.live.control_answers import ACTIONS
from org_constructs.live.reads import DETAIL_READS, DRIFT_READS, READS

from .documents import Document, allow, document


def read_only_policy() -> Document:
    """Return the IAM policy that allows what is read, and nothing else.

    On every resource, since lists are of no resource, and what they list is not known before.
    """
    organization = {each.action for each in READS.values()}
    return document(
        [
            allow("ReadOrganization", sorted(organization), ["*"]),
            # For `report live --format json` alone.
            allow("ReadDetails", sorted({each.action for each in DETAIL_READS.values()} - organization), ["*"]),
            # For `org-baseline drift` alone.
            allow("ReadDrift", DRIFT_READS, ["*"]),
            # For `--evidence` alone.
            allow("ReadControls", ACTIONS, ["*"]),
        ]
    )
