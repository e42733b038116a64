"""What AWS has, in the words of the report, and what an update means for people, in those of the access diff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from org_constructs.access_diff.comparison import State, compare
from org_constructs.access_diff.rendering import text
from org_constructs.live.description import describe_live
from org_constructs.report.model import make_report
from org_constructs.report.text import render_overview
from org_constructs.templates.description import Account, Description, Entity, OrganizationalUnit
from org_constructs.templates.metadata import BaselineMetadata

if TYPE_CHECKING:
    from org_constructs.live.organization import LiveOrganization

    from .local_aws import Existing

_Entity = TypeVar("_Entity", bound=Entity)


def describe(live: LiveOrganization, existing: Existing) -> Description:
    """Return what AWS has of what templates speak of, without closed accounts.

    Of what was taken as existing, a stand-in, nothing is known but what templates call it.
    """
    ids = {
        *existing.account_ids,
        *existing.organizational_unit_ids,
        *existing.user_ids,
        *existing.group_ids,
        *existing.permission_set_arns,
    }

    def told(entities: Mapping[str, _Entity]) -> dict[str, _Entity]:
        return {
            key: _only_named(each, existing.name(key, key)) if key in ids else replace(each, origin=None)
            for key, each in entities.items()
        }

    # Where things are from is not told, as the picture is that of the app: nothing else deployed here.
    description = describe_live(live)
    accounts = {key: each for key, each in description.accounts.items() if not each.is_closed}
    groups = {key: replace(each, member_origins={}) for key, each in description.groups.items()}
    return replace(
        description,
        live=None,
        metadata=BaselineMetadata(),
        accounts=told(accounts),
        assignments=tuple(replace(each, origin=None) for each in description.assignments if each.account in accounts),
        organizational_units=told(description.organizational_units),
        users=told(description.users),
        groups=told(groups),
        permission_sets=told(description.permission_sets),
        policies=told(description.policies),
    )


def _only_named(stand_in: _Entity, name: str) -> _Entity:
    unknown: dict[type[Entity], dict[str, Any]] = {
        Account: {"email": None, "parent": None},
        OrganizationalUnit: {"parent": None},
    }
    return replace(stand_in, name=name, only_named=True, origin=None, **unknown.get(type(stand_in), {}))


def summarize(description: Description) -> str:
    """Return what there is: how much, the organization as a tree, and who can do what."""
    return render_overview(make_report(description)) if description.accounts else "No organization exists.\n"


def what_it_means(before: Description, after: Description) -> str:
    """Return what changed for people between two times, of which the later has no account any more that was closed."""
    closed = frozenset(before.accounts.keys() - after.accounts.keys())
    return text(compare(State(before, closed=closed), State(after)))
