"""ValidatePolicy as botocore's model of it has it: what is sent, and what is made of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from org_constructs.live.organization import LiveOrganization
from org_constructs.live.policy_validation import PolicyFinding, validate_policy

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCUMENT = '{"Version": "2012-10-17", "Statement": []}'
LINK = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"


@pytest.fixture
def stubbed() -> Stubber:
    return Stubber(boto3.Session(region_name="us-east-1").client("accessanalyzer"))


def live(stubbed: Stubber) -> LiveOrganization:
    stubbed.activate()
    return LiveOrganization(lambda _service: stubbed.client)


def finding(code: str, *paths: Sequence[object]) -> dict[str, object]:
    place = {"line": 1, "column": 0, "offset": 0}
    return {
        "findingDetails": f"Something is {code}.",
        "findingType": "ERROR",
        "issueCode": code,
        "learnMoreLink": f"{LINK}#{code}",
        "locations": [{"path": path, "span": {"start": place, "end": place}} for path in paths],
    }


def test_asks_about_the_document_and_reads_what_is_found(stubbed: Stubber) -> None:
    action = [{"value": "Statement"}, {"index": 0}, {"value": "Action"}, {"index": 1}]
    part = [*action[:2], {"key": "Sid"}, {"substring": {"start": 0, "length": 3}}]
    stubbed.add_response(
        "validate_policy",
        {"findings": [finding("INVALID_ACTION", action, action, part), finding("EMPTY", [])]},
        {"policyDocument": DOCUMENT, "policyType": "SERVICE_CONTROL_POLICY", "locale": "EN"},
    )
    assert validate_policy(live(stubbed), DOCUMENT, "SERVICE_CONTROL_POLICY") == (
        PolicyFinding(
            kind="ERROR",
            code="INVALID_ACTION",
            sentence="Something is INVALID_ACTION.",
            link=f"{LINK}#INVALID_ACTION",
            locations=("Statement.0.Action.1", "Statement.0.Sid"),
        ),
        PolicyFinding(kind="ERROR", code="EMPTY", sentence="Something is EMPTY.", link=f"{LINK}#EMPTY", locations=()),
    )
    stubbed.assert_no_pending_responses()


def test_says_what_a_resource_policy_is_attached_to_and_follows_pages(stubbed: Stubber) -> None:
    trust = "AWS::IAM::AssumeRolePolicyDocument"
    asked = {
        "policyDocument": DOCUMENT,
        "policyType": "RESOURCE_POLICY",
        "locale": "EN",
        "validatePolicyResourceType": trust,
    }
    stubbed.add_response("validate_policy", {"findings": [finding("FIRST")], "nextToken": "more"}, asked)
    stubbed.add_response("validate_policy", {"findings": [finding("SECOND")]}, {**asked, "nextToken": "more"})
    found = validate_policy(live(stubbed), DOCUMENT, "RESOURCE_POLICY", trust)
    assert [each.code for each in found] == ["FIRST", "SECOND"]


def test_lets_the_errors_of_aws_pass(stubbed: Stubber) -> None:
    stubbed.add_client_error("validate_policy", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        validate_policy(live(stubbed), DOCUMENT, "IDENTITY_POLICY")
