"""The arguments that make a permission set that AWS has: `init` and `drift` write the same ones."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from org_constructs import CustomerManagedPolicy, PermissionSet, PermissionSetProps
from org_constructs.app_code.access import permission_sets
from org_constructs.app_code.arguments import Notes
from org_constructs.app_code.source import Code
from org_constructs.aws.resource_types import PERMISSION_SET
from org_constructs.drift.app import App
from org_constructs.matching.matcher import Matcher
from org_constructs.matching.result import Difference
from org_constructs.templates.assembly import Stack
from org_constructs.templates.description import PermissionSet as Found
from org_constructs.templates.description import describe
from organizations import IDENTITY_CENTER
from pasting import paste
from policy_documents import ALLOW_LISTING

if TYPE_CHECKING:
    from org_constructs.drift.finding import Paste

NAME: Final = "AdministratorAccess"
ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
MANAGED: Final = "arn:aws:iam::aws:policy/"
TEMPLATE: Final = {
    "Metadata": {"OrgBaseline": {"Company": "acme"}},
    "Resources": {"Set": {"Type": PERMISSION_SET, "Properties": {"Name": NAME}}},
}
SINCE, UNTIL = "2026-12-01T08:00:00Z", "2026-12-31T18:00:00Z"


def inline(*times: tuple[str, str, str]) -> dict[str, Any]:
    denials = [
        {
            "Sid": sid,
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {operator: {"aws:CurrentTime": time}},
        }
        for sid, operator, time in times
    ]
    return {"InlinePolicy": {**ALLOW_LISTING, "Statement": [*ALLOW_LISTING["Statement"], *denials]}}


BEGINS, ENDS = ("AccessBegins", "DateLessThan", SINCE), ("AccessEnds", "DateGreaterThanEquals", UNTIL)
A_DAY: Final = inline(("AccessEnds", "DateGreaterThanEquals", "2026-12-31"))
CASES: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "managed, listed": (
        {"ManagedPolicies": [f"{MANAGED}ReadOnlyAccess", f"{MANAGED}job-function/Billing"]},
        {"managed_policies": ["ReadOnlyAccess", "job-function/Billing"]},
    ),
    "managed, not listed": ({"ManagedPolicies": [f"{MANAGED}New"]}, {"managed_policies": [f"{MANAGED}New"]}),
    "customer managed": (
        {"CustomerManagedPolicyReferences": [{"Name": "Read"}, {"Name": "Write", "Path": "/acme/"}]},
        {
            "customer_managed_policies": [
                CustomerManagedPolicy(name="Read"),
                CustomerManagedPolicy(name="Write", path="/acme/"),
            ]
        },
    ),
    "boundary, managed": (
        {"PermissionsBoundary": {"ManagedPolicyArn": f"{MANAGED}ReadOnlyAccess"}},
        {"permissions_boundary": "ReadOnlyAccess"},
    ),
    "boundary, customer managed": (
        {"PermissionsBoundary": {"CustomerManagedPolicyReference": {"Name": "Most", "Path": "/"}}},
        {"permissions_boundary": CustomerManagedPolicy(name="Most")},
    ),
    "nothing": (dict.fromkeys(("PermissionsBoundary", "InlinePolicy", "Description", "RelayStateType")), {}),
    "inline": (inline(), {"inline_policy": ALLOW_LISTING}),
    "until": (inline(ENDS), {"inline_policy": ALLOW_LISTING, "until": UNTIL}),
    "not before": (inline(BEGINS), {"inline_policy": ALLOW_LISTING, "not_before": SINCE}),
    "an end that no argument writes": (A_DAY, {"inline_policy": A_DAY["InlinePolicy"]}),
    "one hour": ({"SessionDuration": "PT60M"}, {}),
    "twelve hours": ({"SessionDuration": "PT12H"}, {"session_duration": "PT12H"}),
    "settings": (
        {"Description": "Look", "RelayStateType": "https://acme.com"},
        {"description": "Look", "relay_state": "https://acme.com"},
    ),
}


def of_init(found: dict[str, Any]) -> PermissionSetProps:
    """Return the props that `init --from live` writes for a permission set."""
    described = replace(describe({}), permission_sets={ARN: Found(key=ARN, name=NAME, properties=found)})
    [told] = permission_sets(described, (ARN,), Notes())
    assert isinstance(told.props, PermissionSetProps)
    return told.props


def pasted_of_drift(found: dict[str, Any]) -> tuple[Paste, ...]:
    """Return what `drift` writes of a permission set of which each property was changed by hand."""
    here = {"id": "S", "name": "S", "account": None, "region": None, "template_file": None, "folder": None}
    stack = Stack(**here, template=TEMPLATE, artifact={})  # type: ignore[arg-type] # no test reads them
    matcher = Matcher((stack,), live=None)  # type: ignore[arg-type] # AWS is not asked
    app = App(SimpleNamespace(matcher=matcher, stacks=(stack,)), (stack,))  # type: ignore[arg-type] # all that it has
    [resource] = matcher.templates.resources(PERMISSION_SET)
    changes = [Difference(property=name, template=None, found=value) for name, value in found.items()]
    return app.take_over(resource, changes).pastes


def of_drift(found: dict[str, Any]) -> PermissionSetProps:
    """Return the props into which that was pasted."""
    given = {"permission_sets": [PermissionSetProps(name=NAME)]}
    for each in pasted_of_drift(found):
        paste(given, each)
    return given["permission_sets"][0]


@pytest.mark.parametrize("reader", [of_init, of_drift])
@pytest.mark.parametrize(("found", "arguments"), CASES.values(), ids=CASES.keys())
def test_both_write_the_same_arguments(reader: Any, found: dict[str, Any], arguments: dict[str, Any]) -> None:
    assert Code().flat(reader(found)) == Code().flat(PermissionSetProps(name=NAME, **arguments))


def test_a_path_that_is_the_default_is_not_written() -> None:
    [pasted] = pasted_of_drift({"CustomerManagedPolicyReferences": [{"Name": "Read", "Path": "/"}]})
    assert pasted.lines == ('customer_managed_policies=[CustomerManagedPolicy(name="Read")],',)


def test_the_arguments_make_the_same_permission_sets() -> None:
    stack = cdk.Stack(cdk.App(), "Stack")
    for number, (found, _) in enumerate(CASES.values()):
        props = of_init(found)
        given = {each.name: getattr(props, each.name) for each in fields(props) if each.name != "permission_set_arn"}
        PermissionSet(stack, f"Set{number:02}", identity_center=IDENTITY_CENTER, **given)
    made = [each["Properties"] for _, each in sorted(Template.from_stack(stack).to_json()["Resources"].items())]
    fixed = {"Name": NAME, "InstanceArn": IDENTITY_CENTER.instance_arn}
    wanted = [{name: value for name, value in found.items() if value} for found, _ in CASES.values()]
    wanted[list(CASES).index("one hour")] = {}  # which AWS takes where nothing is said
    wanted[list(CASES).index("customer managed")]["CustomerManagedPolicyReferences"][0]["Path"] = "/"
    assert made == [{**each, **fixed} for each in wanted]


def test_a_boundary_of_an_unknown_form_is_not_lost() -> None:
    """The permission set is named by its ARN instead, and synth refuses the line."""
    found = {"PermissionsBoundary": {"NewKindOfPolicy": "Most"}}
    assert of_init(found).permission_set_arn == ARN
    assert of_drift(found).permissions_boundary == found["PermissionsBoundary"]  # type: ignore[comparison-overlap]
