"""What an app has and its templates leave out, since it waits for what no deploy enables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from .words import and_list, count

if TYPE_CHECKING:
    from .metadata import BaselineMetadata

NO_IDENTITY_CENTER: Final = "OrgBaseline-NoIdentityCenter"
"""The id of the warning at synth that people, and what they have, wait; and the code of what commands say of it."""

POLICIES_WAIT: Final = "OrgBaseline-PoliciesWait"
"""The same of policies."""


class Waits(NamedTuple):
    """That something is in no template yet."""

    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.sentence} [{self.code}]"


def what_waits(metadata: BaselineMetadata) -> Iterator[Waits]:
    """Yield what the templates of a baseline leave out, for whoever takes them for the whole of the app."""
    if metadata.waiting is None:
        return
    left_out = metadata.waiting
    of_people = [
        count(left_out.users, "person", "people") * bool(left_out.users),
        count(left_out.groups, "group") * bool(left_out.groups),
        count(left_out.permission_sets, "permission set") * bool(left_out.permission_sets),
        count(left_out.assignments, "assignment") * bool(left_out.assignments),
    ]
    if what := and_list(list(filter(None, of_people))):
        yield Waits(NO_IDENTITY_CENTER, _sentence(what, "identity_center is given"))
    if left_out.policies:
        what = count(left_out.policies, "policy", "policies")
        yield Waits(POLICIES_WAIT, _sentence(what, "enabled_policy_types has all that it needs"))


def _sentence(what: str, until: str) -> str:
    return f"this leaves out {what} of the app until {until}"
