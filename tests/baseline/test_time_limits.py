"""`OrgBaseline` with access that ends: of permission sets, and of assignments."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from org_constructs import AccountProps, AssignmentProps, GroupProps, OrgBaseline, PermissionSetProps, UserProps
from organizations import DAX, ENV, IDENTITY_CENTER
from project import ROOT
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Mapping

UNTIL: Final = "2026-12-31T18:00Z"
ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
TEAM: Final = GroupProps(name="Team", group_id="1111222233-11112222-3333-4444-5555-666677778888")
ADMINISTRATOR: Final = PermissionSetProps(name="AdministratorAccess", managed_policies=["AdministratorAccess"])
CONTRACTOR: Final = PermissionSetProps(name="Contractor", managed_policies=["ReadOnlyAccess"])


def assign(permission_set: str, *targets: str, principal: str = "Team", **fields: Any) -> AssignmentProps:
    return AssignmentProps(principal=principal, permission_set=permission_set, targets=targets, **fields)


LASTING: Final = assign("AdministratorAccess", "management", "*", principal="dax@acme.com")


def baseline(**arguments: Any) -> OrgBaseline:
    defaults = {
        "env": ENV,
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IDENTITY_CENTER,
        "users": [DAX],
        "groups": [GroupProps(name="Administrators"), GroupProps(name="Empty"), TEAM],
        "accounts": [AccountProps(key="dev"), AccountProps(key="production")],
        "permission_sets": [ADMINISTRATOR, CONTRACTOR],
        "assignments": [LASTING],
    }
    return OrgBaseline(cdk.App(), "OrgBaseline", **{**defaults, **arguments})


def policies(stack: cdk.Stack) -> Mapping[str, Any]:
    """The inline policies in the template, by the names of their permission sets; None of those without one."""
    resources = Template.from_stack(stack).find_resources("AWS::SSO::PermissionSet").values()
    return {each["Properties"]["Name"]: each["Properties"].get("InlinePolicy") for each in resources}


def test_a_permission_set_ends() -> None:
    ending = PermissionSetProps(
        name="Contractor", managed_policies=["ReadOnlyAccess"], not_before="2026-12-01T08:00Z", until=UNTIL
    )
    found = policies(baseline(permission_sets=[ADMINISTRATOR, ending]))
    assert found["AdministratorAccess"] is None
    assert [each["Sid"] for each in found["Contractor"]["Statement"]] == ["AccessBegins", "AccessEnds"]


@pytest.mark.parametrize("own", [None, UNTIL, "2026-12-31T19:00+01:00"])
def test_a_permission_set_ends_where_each_of_its_assignments_does(own: str | None) -> None:
    assignments = [
        LASTING,
        assign("Contractor", "dev", until=UNTIL),
        assign("Contractor", "production", principal="dax@acme.com", until="2026-12-31T18:00:00+00:00"),
    ]
    contractor = PermissionSetProps(name="Contractor", managed_policies=["ReadOnlyAccess"], until=own)
    by_assignments = policies(baseline(assignments=assignments, permission_sets=[ADMINISTRATOR, contractor]))
    by_itself = policies(
        baseline(
            permission_sets=[
                ADMINISTRATOR,
                PermissionSetProps(name="Contractor", managed_policies=["ReadOnlyAccess"], until=UNTIL),
            ]
        )
    )
    assert by_assignments == by_itself
    assert by_assignments["Contractor"]["Statement"][0]["Sid"] == "AccessEnds"


@pytest.mark.parametrize(
    ("own", "assignments", "values"),
    [
        (None, [UNTIL, None], ("assignments[1].until", "none as assignments[2].until")),
        (None, [None, UNTIL], ("assignments[2].until", "none as assignments[1].until")),
        (None, [UNTIL, "2027-01-31T18:00Z"], ("assignments[1].until", "'2027-01-31T18:00Z' as assignments[2].until")),
        ("2027-01-31T18:00Z", [UNTIL], ("assignments[1].until", "'2027-01-31T18:00Z' as until of 'Contractor'")),
    ],
    ids=["the second lasts", "the first lasts", "two ends", "another than the permission set's"],
)
def test_refuses_ends_that_are_not_all_the_same(
    own: str | None, assignments: list[str | None], values: tuple[str, ...]
) -> None:
    given = [
        assign("Contractor", key, until=until) for key, until in zip(("dev", "production"), assignments, strict=False)
    ]
    contractor = PermissionSetProps(name="Contractor", until=own)
    with refuses("assignment-until", *values, "'Contractor'"):
        baseline(permission_sets=[ADMINISTRATOR, contractor], assignments=[LASTING, *given])


def test_refuses_the_end_of_what_exists_already() -> None:
    existing = PermissionSetProps(name="Contractor", permission_set_arn=ARN)
    given = [LASTING, assign("Contractor", "dev", until=UNTIL)]
    with refuses("existing-unchanged", "assignments[1].until", repr(UNTIL), "'Contractor'"):
        baseline(permission_sets=[ADMINISTRATOR, existing], assignments=given)
    with refuses("existing-unchanged", "permission_sets[1].until", repr(UNTIL)):
        baseline(
            permission_sets=[ADMINISTRATOR, PermissionSetProps(name="Contractor", permission_set_arn=ARN, until=UNTIL)]
        )


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"until": "2026-12-31T18:00"}, ("time-zone-missing", "assignments[1].until")),
        ({"until": "soon"}, ("time-form", "assignments[1].until", "'soon'")),
    ],
    ids=["no zone", "no time"],
)
def test_refuses_an_assignment_until_what_is_no_time(fields: dict[str, Any], refused: tuple[str, ...]) -> None:
    with refuses(*refused):
        baseline(assignments=[LASTING, assign("Contractor", "dev", **fields)])


def test_refuses_an_assignment_that_ends_before_its_permission_set_begins() -> None:
    contractor = PermissionSetProps(name="Contractor", not_before="2027-01-01T00:00Z")
    with refuses("time-order", "permission_sets[1].until", repr(UNTIL)):
        baseline(
            permission_sets=[ADMINISTRATOR, contractor], assignments=[LASTING, assign("Contractor", "dev", until=UNTIL)]
        )


@pytest.mark.parametrize(
    "times", [{"until": UNTIL}, {"not_before": "2026-12-01T08:00Z"}], ids=["it ends", "it begins later"]
)
@pytest.mark.parametrize(
    "others", [[], [assign("Lasting", "management", principal="Empty")]], ids=["alone", "beside an empty group"]
)
def test_refuses_the_end_of_the_last_administration_of_the_management_account(
    times: dict[str, Any], others: list[AssignmentProps]
) -> None:
    """A group without members administers nothing, nor does who is assigned elsewhere."""
    ending = PermissionSetProps(name="AdministratorAccess", managed_policies=["AdministratorAccess"], **times)
    lasting = PermissionSetProps(name="Lasting", managed_policies=["AdministratorAccess"])
    elsewhere = assign("Lasting", "*", principal="dax@acme.com")
    (time,) = times.values()
    with refuses("last-administrator-ends", "assignments", "'dax@acme.com'", "'AdministratorAccess'", time):
        baseline(permission_sets=[ending, lasting], assignments=[LASTING, elsewhere, *others])


def test_takes_administration_of_the_management_account_for_a_time_beside_another() -> None:
    help_out = PermissionSetProps(name="HelpOut", managed_policies=["AdministratorAccess"], until=UNTIL)
    stack = baseline(
        permission_sets=[ADMINISTRATOR, help_out], assignments=[LASTING, assign("HelpOut", "management", until=UNTIL)]
    )
    assert policies(stack)["HelpOut"]


def test_the_example_of_the_page_is_taken() -> None:
    page = (ROOT / "docs" / "access-that-ends.md").read_text(encoding="utf-8")
    (example,) = re.findall("```python\n(.+?)```", page, re.DOTALL)
    (written,) = re.findall("```json\n(.+?)```", page, re.DOTALL)
    given: dict[str, Any] = {}
    exec(example, {"PermissionSetProps": PermissionSetProps, "AssignmentProps": AssignmentProps}, given)  # noqa: S102 (ours)
    kim = UserProps(user_name="kim@acme.com", given_name="Kim", family_name="Acme", groups=[])
    found = policies(baseline(users=[DAX, kim], **given))
    assert found["Contractor"] == {"Version": "2012-10-17", "Statement": [json.loads(written)]}
