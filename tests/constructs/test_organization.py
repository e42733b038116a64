"""`Organization`."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from org_constructs import FeatureSet, Organization
from refusals import refuses


def test_creates_one_with_all_features(stack: cdk.Stack) -> None:
    Organization(stack, "Organization")
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::Organizations::Organization", 1)
    template.has_resource_properties("AWS::Organizations::Organization", {"FeatureSet": "ALL"})


def test_takes_consolidated_billing(stack: cdk.Stack) -> None:
    Organization(stack, "Organization", feature_set=FeatureSet.CONSOLIDATED_BILLING)
    Template.from_stack(stack).has_resource_properties(
        "AWS::Organizations::Organization", {"FeatureSet": "CONSOLIDATED_BILLING"}
    )


def test_is_retained_when_it_is_removed_or_replaced(stack: cdk.Stack) -> None:
    Organization(stack, "Organization")
    Template.from_stack(stack).has_resource(
        "AWS::Organizations::Organization", {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    )


def test_refuses_a_feature_set_that_is_no_feature_set(stack: cdk.Stack) -> None:
    with refuses("wrong-type", "feature_set", "FeatureSet.ALL", "str 'all'"):
        Organization(stack, "Organization", feature_set="all")  # type: ignore[arg-type] # what is tested
    assert stack.node.children == []


def test_names_an_existing_one_without_creating_anything() -> None:
    organization = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
    )
    assert organization.organization_id == "o-exampleorg1"
    assert organization.root_id == organization.parent_id == "r-ab12"
    assert organization.management_account_id == "111122223333"


@pytest.mark.parametrize(
    ("code", "argument", "value"),
    [
        ("wrong-form", "organization_id", "o-short"),
        ("wrong-form", "organization_id", "o-exampleorg1\n"),
        ("wrong-form", "root_id", "ab12"),
        ("wrong-form", "root_id", "r-abc"),
        ("account-id-form", "management_account_id", "11112222333"),
        ("account-id-form", "management_account_id", "1111222233334"),
    ],
)
def test_refuses_an_existing_one_with_an_id_of_the_wrong_form(code: str, argument: str, value: str) -> None:
    ids = {"organization_id": "o-exampleorg1", "root_id": "r-ab12", "management_account_id": "111122223333"}
    with refuses(code, argument):
        Organization.from_attributes(**{**ids, argument: value})


def test_passes_tokens_as_ids_of_an_existing_one() -> None:
    token = cdk.Fn.import_value("OrganizationId")
    organization = Organization.from_attributes(organization_id=token, root_id=token, management_account_id=token)
    assert organization.organization_id == token


def test_refuses_an_enabled_policy_type_in_text(stack: cdk.Stack) -> None:
    with refuses("wrong-type", "enabled_policy_types[0]", "a PolicyType", "str 'TAG_POLICY'"):
        Organization(stack, "Organization", enabled_policy_types=["TAG_POLICY"])  # type: ignore[list-item] # what is tested
    assert stack.node.children == []
