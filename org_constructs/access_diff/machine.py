"""A comparison as JSON, for programs: schema.json beside this module says what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from org_constructs.templates.administrators import administers
from org_constructs.templates.values import as_json
from org_constructs.templates.waiting import what_waits

from .accesses import Grant, grants
from .wording import plain

if TYPE_CHECKING:
    from org_constructs.templates.description import Description

    from .comparison import Comparison

FORMAT: Final = 1
"""The version of what is written. Properties may be added in the same version; none changes its meaning or goes."""


def to_json(comparison: Comparison, *, stale: str = "") -> str:
    """Return a comparison as JSON, the same for the same comparison, with no character beyond ASCII.

    Args:
        comparison: What changes.
        stale: What says that the newer assembly is older than its app; empty where it is not.
    """
    sides = comparison.sides
    names = sides.names

    def said(side: Description, grant: Grant) -> dict[str, Any]:
        return {
            "who": plain(names.of(grant.who)),
            "everybodyInGroup": grant.everybody,
            "permissionSet": plain(names.of(grant.permission_set)),
            "administers": administers(side.permission_sets[grant.permission_set]),
            "account": plain(names.account(grant.account)),
            "accountId": side.accounts[grant.account].account_id,
            "groups": sorted(plain(names.of(each)) for each in grant.groups),
            "directly": grant.directly,
        }

    def listed(side: Description, found: tuple[Grant, ...]) -> list[dict[str, Any]]:
        return sorted((said(side, each) for each in found), key=lambda each: as_json(list(each.values())))

    gained, lost = grants(sides)
    parts = {
        "AccessDiff": FORMAT,
        "widens": comparison.widens,
        "gained": listed(sides.new, gained),
        "lost": listed(sides.old, lost),
        "changes": [
            {
                "effect": each.effect.name.lower(),
                "sentence": plain(each.sentence),
                "about": [plain(names.of(key)) for key in each.about],
            }
            for each in comparison.changes
        ],
        "contents": [{"name": plain(name), "lines": list(lines)} for name, lines in comparison.contents],
        "unread": [{"permission": each.action, "what": each.what, "why": each.why} for each in comparison.unread],
        "stale": stale or None,
        "waiting": [each._asdict() for each in what_waits(sides.new.metadata)],
    }
    return as_json(parts, indent=2) + "\n"
