"""Guardrails by what they do: who asks for what, and which statement denies it, as a simulator of IAM decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pytest

from iam_reference import example_resource
from iam_simulator import Decision, Policies, Request, decide
from org_constructs import guardrails
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEV: Final = "444455556666"
PRODUCTION: Final = "777788889999"
MANAGEMENT: Final = "111122223333"
VENDOR: Final = "999900001111"
ORGANIZATION: Final = "o-exampleorg1"

SSO: Final = "aws-reserved/sso.amazonaws.com"
ADMIN: Final = f"{SSO}/AWSReservedSSO_AdministratorAccess_0123456789abcdef"
ADMIN_OF_EU: Final = f"{SSO}/eu-west-1/AWSReservedSSO_AdministratorAccess_0123456789abcdef"
DEVELOPER: Final = f"{SSO}/AWSReservedSSO_Developer_fedcba9876543210"
CDK_EXECUTION: Final = f"cdk-hnb659fds-cfn-exec-role-{DEV}-us-east-1"
API: Final = "service-role/api-handler"


def by_role(role: str, session: str, *, account: str = DEV, organization: str | None = ORGANIZATION) -> dict[str, Any]:
    """A session of a role: AWS leaves the path out of its ARN, and not out of what the condition sees."""
    context = {
        "aws:PrincipalArn": f"arn:aws:iam::{account}:role/{role}",
        "aws:PrincipalAccount": account,
        "aws:PrincipalType": "AssumedRole",
        "aws:PrincipalIsAWSService": "false",
        **({"aws:PrincipalOrgID": organization} if organization else {}),
    }
    name = role.rpartition("/")[2]
    return {"principal": f"arn:aws:sts::{account}:assumed-role/{name}/{session}", "context": context}


def by_long_lived(name: str) -> dict[str, Any]:
    """The root user, or an IAM user."""
    arn = f"arn:aws:iam::{DEV}:{name}"
    return {"principal": arn, "context": {"aws:PrincipalArn": arn, "aws:PrincipalOrgID": ORGANIZATION}}


ADMIN_SESSION: Final = by_role(ADMIN, "dax@acme.com")
ADMIN_OF_EU_SESSION: Final = by_role(ADMIN_OF_EU, "dax@acme.com")
DEVELOPER_SESSION: Final = by_role(DEVELOPER, "kim@acme.com")
ACCESS_SESSION: Final = by_role(ORGANIZATION_ACCESS_ROLE, "botocore-session-1700000000")
CDK_SESSION: Final = by_role(CDK_EXECUTION, "AWSCloudFormation")
API_SESSION: Final = by_role(API, "api-handler-1a2b3c")
ROOT_USER: Final = by_long_lived("root")
ASSUMED_ROOT: Final = {**ROOT_USER, "context": {**ROOT_USER["context"], "aws:AssumedRoot": "true"}}
IAM_USER: Final = by_long_lived("user/ci")

KEY_POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{DEV}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
"""A key's, which leaves it to IAM; without it nobody may do anything with a key."""


def role(name: str) -> str:
    return f"arn:aws:iam::{DEV}:role/{name}"


def user(name: str) -> str:
    return f"arn:aws:iam::{DEV}:user/{name}"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request, and the statement that denies it; none for what stays allowed."""

    says: str
    who: Mapping[str, Any]
    action: str
    resource: str | None = None
    """By default one that the action may be about."""
    denied_by: str | None = None
    region: str = "us-east-1"
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    resource_policy: Mapping[str, Any] | None = None
    refused_anyway: bool = False
    """AWS itself refuses it, whatever policies say."""

    def request(self) -> Request:
        return Request(
            principal=self.who["principal"],
            action=self.action,
            resource=self.resource or example_resource(self.action, DEV, self.region),
            account=DEV,
            context={"aws:RequestedRegion": self.region, **self.who["context"], **self.context},
            resource_policy=self.resource_policy or (KEY_POLICY if self.action.startswith("kms:") else None),
        )


def each(actions: Sequence[str], *, says: str, who: Mapping[str, Any], denied_by: str | None = None) -> list[Case]:
    """The same of several actions."""
    return [Case(says=says, who=who, action=action, denied_by=denied_by) for action in actions]


class Trials:
    """A content, and what is asked with and without it; all is decided at once."""

    def __init__(self, content: Mapping[str, Any], cases: Sequence[Case]) -> None:
        self.content = content
        self.cases = cases

    def parameters(self) -> pytest.MarkDecorator:
        """A mark that gives a test each case as `number`."""
        numbered = [pytest.param(number, id=f"{case.action}: {case.says}") for number, case in enumerate(self.cases)]
        return pytest.mark.parametrize("number", numbered)

    @cached_property
    def _decisions(self) -> list[tuple[Decision, Decision]]:
        asked = []
        for case in self.cases:
            asked += [(case.request(), Policies()), (case.request(), in_force(self.content))]
        decided = decide(asked)
        return list(zip(decided[::2], decided[1::2], strict=True))

    def check(self, number: int) -> None:
        """Assert that a request is allowed without the content, and decided by it as the case says."""
        case, (without, with_content) = self.cases[number], self._decisions[number]
        assert without.denied_by == []
        if case.refused_anyway:
            assert (without.result, with_content.denied_by) == ("ImplicitlyDenied", [case.denied_by])
            return
        assert without.result == "Allowed"
        assert with_content.denied_by == ([case.denied_by] if case.denied_by else [])
        assert with_content.result == ("ExplicitlyDenied" if case.denied_by else "Allowed")

    def check_both_sides(self) -> None:
        """Assert that something is denied by each statement, and something by none."""
        sids = {statement["Sid"] for statement in self.content["Statement"]}
        assert {case.denied_by for case in self.cases} == {None, *sids}

    def check_among(self, contents: Sequence[Mapping[str, Any]]) -> None:
        """Assert that the same is denied, by the same statements, where others are combined with them."""
        ours = {statement["Sid"] for statement in self.content["Statement"]}
        others = [each for each in contents if not ours & {statement["Sid"] for statement in each["Statement"]}]
        assert others
        together = Policies(service_control=guardrails.combine(*others, self.content))
        cases = [case for case in self.cases if case.denied_by and not case.refused_anyway]
        for case, decision in zip(cases, decide([(case.request(), together) for case in cases]), strict=True):
            assert case.denied_by in decision.denied_by
            assert decision.result == "ExplicitlyDenied"


def in_force(content: Mapping[str, Any]) -> Policies:
    """A content, attached as the type that it is of."""
    if any("Principal" in statement for statement in content["Statement"]):
        return Policies(resource_control=[content])
    return Policies(service_control=[content])
