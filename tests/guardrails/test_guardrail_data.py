"""Data stays in the organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from guardrail_trials import (
    ADMIN,
    API,
    API_SESSION,
    DEV,
    MANAGEMENT,
    ORGANIZATION,
    PRODUCTION,
    VENDOR,
    Case,
    Trials,
    by_role,
    role,
)
from iam_simulator import ANONYMOUS
from org_constructs import guardrails
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Sequence


def allows(**principal: str | Sequence[str]) -> dict[str, Any]:
    """A resource's policy that lets somebody do everything."""
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal or "*", "Action": "*", "Resource": "*"}],
    }


def trusts(action: str, **principal: str) -> dict[str, Any]:
    """A role's trust policy."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": action}]}


def by_service(name: str, **source: str) -> dict[str, Any]:
    context = {f"aws:{key}": value for key, value in source.items()}
    return {"principal": f"{name}.amazonaws.com", "context": {"aws:PrincipalIsAWSService": "true", **context}}


OBJECT: Final = "arn:aws:s3:::acme/report.csv"
VENDOR_SESSION: Final = by_role("collector", "collect", account=VENDOR, organization="o-vendororg12")
ALONE_SESSION: Final = by_role("collector", "collect", account=VENDOR, organization=None)
PARTNER_SESSION: Final = by_role("partner", "sync", account="222233334444", organization="o-partnerorg1")
NOBODY: Final = {"principal": ANONYMOUS, "context": {}}
DATA: Final = guardrails.keep_data_in_organization(ORGANIZATION, except_accounts=["222233334444"])
OF_OTHERS: Final = "DenyPrincipalsOfOthers"
FOR_OTHERS: Final = "DenyServicesActingForOthers"
DATA_CASES: Final = [
    Case(
        says="a role of the account reads an object",
        who=API_SESSION,
        action="s3:GetObject",
        resource=OBJECT,
    ),
    Case(
        says="another account of the organization reads an object",
        who=by_role("report", "nightly", account=PRODUCTION),
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(AWS=f"arn:aws:iam::{PRODUCTION}:root"),
    ),
    Case(
        says="another organization reads no object, whatever the bucket says",
        who=VENDOR_SESSION,
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="an account without an organization reads no object",
        who=ALONE_SESSION,
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="the world reads no object of a public bucket",
        who=NOBODY,
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="an excepted account reads an object",
        who=PARTNER_SESSION,
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(AWS="arn:aws:iam::222233334444:root"),
    ),
    Case(
        says="a vendor's tool does not assume a role",
        who=VENDOR_SESSION,
        action="sts:AssumeRole",
        resource=role("vendor"),
        resource_policy=trusts("sts:AssumeRole", AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="an excepted account assumes a role",
        who=PARTNER_SESSION,
        action="sts:AssumeRole",
        resource=role("partner"),
        resource_policy=trusts("sts:AssumeRole", AWS="arn:aws:iam::222233334444:root"),
    ),
    Case(
        says="the management account gets in",
        who=by_role(ADMIN, "dax@acme.com", account=MANAGEMENT),
        action="sts:AssumeRole",
        resource=role(ORGANIZATION_ACCESS_ROLE),
        resource_policy=trusts("sts:AssumeRole", AWS=f"arn:aws:iam::{MANAGEMENT}:root"),
    ),
    Case(
        says="Lambda assumes a function's role, and does not say for whom",
        who=by_service("lambda"),
        action="sts:AssumeRole",
        resource=role(API),
        resource_policy=trusts("sts:AssumeRole", Service="lambda.amazonaws.com"),
    ),
    Case(
        says="another organization decrypts nothing",
        who=VENDOR_SESSION,
        action="kms:Decrypt",
        resource=f"arn:aws:kms:us-east-1:{DEV}:key/1",
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="another organization reads no secret",
        who=VENDOR_SESSION,
        action="secretsmanager:GetSecretValue",
        resource=f"arn:aws:secretsmanager:us-east-1:{DEV}:secret:db-1",
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="another organization writes into no queue",
        who=VENDOR_SESSION,
        action="sqs:SendMessage",
        resource=f"arn:aws:sqs:us-east-1:{DEV}:jobs",
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="the organization's trail writes into the bucket",
        who=by_service("cloudtrail", SourceOrgID=ORGANIZATION, SourceAccount=PRODUCTION),
        action="s3:PutObject",
        resource=OBJECT,
        resource_policy=allows(Service="cloudtrail.amazonaws.com"),
    ),
    Case(
        says="another organization's trail does not",
        who=by_service("cloudtrail", SourceOrgID="o-vendororg12", SourceAccount=VENDOR),
        action="s3:PutObject",
        resource=OBJECT,
        resource_policy=allows(Service="cloudtrail.amazonaws.com"),
        denied_by=FOR_OTHERS,
    ),
    Case(
        says="the trail of an account without an organization does not, either",
        who=by_service("cloudtrail", SourceAccount=VENDOR),
        action="s3:PutObject",
        resource=OBJECT,
        resource_policy=allows(Service="cloudtrail.amazonaws.com"),
        denied_by=FOR_OTHERS,
    ),
    Case(
        says="an excepted account's topic writes into the queue",
        who=by_service("sns", SourceAccount="222233334444", SourceOrgID="o-partnerorg1"),
        action="sqs:SendMessage",
        resource=f"arn:aws:sqs:us-east-1:{DEV}:jobs",
        resource_policy=allows(Service="sns.amazonaws.com"),
    ),
    Case(
        says="a load balancer's log, which has no account with it, is written",
        who=by_service("logdelivery.elasticloadbalancing"),
        action="s3:PutObject",
        resource=OBJECT,
        resource_policy=allows(Service="logdelivery.elasticloadbalancing.amazonaws.com"),
    ),
    Case(
        says="what has no such policies stays: a function",
        who=VENDOR_SESSION,
        action="lambda:InvokeFunction",
        resource=f"arn:aws:lambda:us-east-1:{DEV}:function:public",
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
    ),
]


DATA_TRIALS: Final = Trials(DATA, DATA_CASES)


@DATA_TRIALS.parameters()
def test_data(number: int) -> None:
    DATA_TRIALS.check(number)


def test_data_on_both_sides() -> None:
    DATA_TRIALS.check_both_sides()


def test_people_and_web_identities_still_sign_in_where_data_is_kept() -> None:
    """They are of no organization; the simulator knows no such principal, so the actions are looked at."""
    for statement in DATA["Statement"]:
        assert [action for action in statement["Action"] if action.startswith("sts:")] == ["sts:AssumeRole"]


def test_fits_the_limit_of_resource_control_policies_with_every_service_and_many_accounts() -> None:
    content = guardrails.keep_data_in_organization(
        ORGANIZATION,
        services=[*guardrails.RESOURCE_CONTROL_SERVICES, "cognito-identity", "cognito-idp"],
        except_accounts=[f"{n:012}" for n in range(100)],
    )
    assert guardrails.combine(content) == (content,)


@pytest.mark.parametrize(
    ("arguments", "code", "values"),
    [
        ({"organization_id": "r-ab12"}, "wrong-form", ["organization_id", "'r-ab12'"]),
        ({"services": ["s3", "ec2"]}, "service-without-policies", ["services[1]", "'ec2'"]),
        ({"services": []}, "services-none", ["services"]),
        ({"except_accounts": ["12345"]}, "account-id-form", ["except_accounts[0]", "'12345'"]),
    ],
)
def test_refuses_what_a_resource_control_policy_cannot_say(
    arguments: dict[str, Any], code: str, values: Sequence[str]
) -> None:
    with refuses(code, *values):
        guardrails.keep_data_in_organization(**{"organization_id": ORGANIZATION, **arguments})
