"""Denials of everything to people who have left, which can go once no session of theirs can be open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from org_constructs.aws.limits import SESSION_HOURS_MAX
from org_constructs.templates.denial import SID, denied
from org_constructs.templates.iam import statements
from org_constructs.templates.words import and_list, count

from .check import Check
from .finding import Finding, ok, warning

if TYPE_CHECKING:
    from org_constructs.templates.description import Description

    from .examination import Examination


def _look(examination: Examination) -> Iterator[Finding]:
    where = _denied(examination.assembly.description)
    if not where:
        yield ok("denials-none", "The app denies nothing to anybody who has left")
        return
    live = examination.live
    stores = dict.fromkeys(each.identity_store_id for each in live.instances())
    there = {user.id for store in stores for user in live.users(store)}
    gone = [each for each in where if each not in there]
    for user_id in gone:
        denies = "denies" if len(where[user_id]) == 1 else "deny"
        yield warning(
            "denial-left-over",
            f"{user_id} is no longer in IAM Identity Center, and {and_list(where[user_id])} still {denies} everything"
            " to that id",
            why=(
                f"It can go {SESSION_HOURS_MAX} hours after the access was taken away, as no session lasts longer:"
                " https://docs.aws.amazon.com/singlesignon/latest/userguide/revoke-user-permissions.html"
            ),
            next=(
                f"Take the id out of the statement {SID}, or the whole statement if it names nobody else, and deploy",
            ),
        )
    if still := len(where) - len(gone):
        people = f"{count(still, 'person', 'people')} whom the app denies everything {'is' if still == 1 else 'are'}"
        yield ok("denials-needed", f"{people} still in IAM Identity Center")


def _denied(description: Description) -> Mapping[str, list[str]]:
    """Return where the app denies everything to people, by their ids."""
    contents = [(f"the policy {each.name}", each.content) for each in description.policies.values()]
    contents += [
        (f"the permission set {each.name}", each.properties.get("InlinePolicy"))
        for each in description.permission_sets.values()
    ]
    found = defaultdict(list)
    for name, content in contents:
        for user_id in dict.fromkeys(each for statement in statements(content) for each in denied(statement)):
            found[user_id].append(name)
    return found


CHECK: Final = Check(
    id="leavers",
    title="denials to people who have left",
    look=_look,
    needs=("assembly", "credentials", "organization", "identity-center"),
)
