"""What the stacks have and somebody deleted, and units that somebody renamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from org_constructs.aws.resource_types import ACCOUNT, ASSIGNMENT, MEMBERSHIP, NAMES, UNIT
from org_constructs.matching.restoring import OUT_AND_IN
from org_constructs.templates.words import and_list, count

from .finding import Drift, How, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit
    from org_constructs.matching.template import Resource


_REFERRING: Final = (UNIT, ACCOUNT, MEMBERSHIP, ASSIGNMENT)
"""What may refer to something that is gone."""

LEAVE: Final = Way(
    text="No deploy notices it, and the next one that changes it, or refers to it anew, fails", safe=False
)


def deleted(at: Look, edit: HandEdit) -> Drift:
    """Tell of what is gone, with what went with it."""
    resource = edit.resource.before
    referring = {name: _number(at, name, resource) for name in _REFERRING}
    with_it = and_list([count(number, *NAMES[name]) for name, number in referring.items() if number])
    if resource.type == UNIT and (referring[ACCOUNT] or referring[UNIT]):
        take_back = Way(
            how=How.OUT_AND_ADOPT,
            text="Take the unit, and what is in it, out of the app and deploy; accounts stay as they are. Then add all"
            " of it again, and `org-baseline adopt` imports the accounts",
            safe=False,
        )
    else:
        take_back = Way(how=How.OUT_AND_IN, text=f"Take it, and what refers to it, {OUT_AND_IN}", safe=True)
    return drift_of(
        edit,
        "drift-gone",
        "was deleted" + (f", and with it {with_it}" if with_it else ""),
        take_back=take_back,
        take_over=Way(
            text="Take it, and what refers to it, out of the app and deploy, which finds nothing to delete",
            safe=not referring[ACCOUNT],
            how=How.TAKE_OUT,
        ),
        leave=LEAVE,
    )


def _number(at: Look, kind: str, gone: Resource) -> int:
    """Return how many resources of a type the templates have that refer to what is gone."""
    return sum(
        any(found == (gone.stack.name, gone.logical_id) for found in _referred(at, resource))
        for resource in at.matcher.templates.resources(kind)
    )


def _referred(at: Look, resource: Resource) -> Iterator[tuple[str, str]]:
    properties = resource.properties
    for value in (properties.get("ParentId"), *properties.get("ParentIds", ()), *resource.joined):
        referred, _ = at.matcher.templates.referred(value)
        if referred is not None:
            yield referred.stack.name, referred.logical_id


def unit_renamed(at: Look, edit: HandEdit) -> Drift:
    """Tell of another name, which an update writes along with other tags."""
    unit, [change] = edit.resource, edit.changes
    over = at.app.take_over(unit.before, edit.changes)
    key = at.app.keys.get(unit.match.id or "", "").rpartition("/")[2]
    rename = {"organizational_unit_id": unit.match.id, "name": change.template}
    return drift_of(
        edit,
        "drift-renamed",
        f"was renamed to {change.found}",
        take_back=Way.run(
            "No deploy notices it. Run this", at.aws("organizations", "update-organizational-unit", **rename)
        ),
        take_over=Way(
            text="Change the name in the app, with the old one as the key, since another key is another unit; deploy",
            safe=True,
            pastes=tuple(
                replace(each, lines=(*each.lines, *([f'key="{key}",'] if at.app.is_baseline else [])))
                for each in over.pastes
            ),
            how=How.PASTE,
        ),
        leave=Way(
            text="No deploy notices it, until one changes the tags of the unit and writes the name again", safe=True
        ),
    )
