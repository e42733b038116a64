"""What commands say of what an app has and its templates leave out."""

from __future__ import annotations

import pytest

from org_constructs.templates.metadata import BaselineMetadata, Waiting
from org_constructs.templates.waiting import what_waits

PEOPLE = "this leaves out {} of the app until identity_center is given [OrgBaseline-NoIdentityCenter]"
POLICIES = "this leaves out {} of the app until enabled_policy_types has all that it needs [OrgBaseline-PoliciesWait]"


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (None, []),
        (
            Waiting(users=2, groups=1, permission_sets=1, assignments=1_200),
            [PEOPLE.format("2 people, 1 group, 1 permission set and 1,200 assignments")],
        ),
        (Waiting(users=1, policies=1), [PEOPLE.format("1 person"), POLICIES.format("1 policy")]),
    ],
    ids=["nothing", "people", "policies too"],
)
def test_says_how_much_it_is_and_until_when(waiting: Waiting | None, said: list[str]) -> None:
    assert list(map(str, what_waits(BaselineMetadata(waiting=waiting)))) == said
