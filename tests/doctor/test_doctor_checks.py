"""What the checks need of each other, and what each of AWS's errors becomes where one of them meets it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError

from org_constructs.doctor.check import Check
from org_constructs.doctor.credentials import CHECK as CREDENTIALS
from org_constructs.doctor.errors import explain
from org_constructs.doctor.examination import Examination
from org_constructs.doctor.finding import Finding, Status, ok, problem, skipped, unknown, warning
from org_constructs.doctor.runner import CHECKS, Result, exit_code, run
from refusals import stands_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

AWS: Final = frozenset({"assembly", "credentials"})
ORGANIZATION: Final = AWS | {"organization"}
PEOPLE: Final = ORGANIZATION | {"identity-center"}
NEEDS: Final[Mapping[str, AbstractSet[str]]] = {
    **dict.fromkeys(("node", "cdk-cli", "environment", "assembly", "credentials"), frozenset()),
    "account": AWS,
    "organization": {"credentials"},
    "account-plan": {"credentials", "organization"},
    "identity-center": {"credentials", "organization"},
    "stacks": AWS,
    "bootstrap": AWS,
    **dict.fromkeys(
        ("trusted-access", "root-access", "delegated-administrators", "policy-types", "account-quota"), ORGANIZATION
    ),
    **dict.fromkeys(
        ("deployed", "alternate-contacts", "account-names", "organizational-units", "accounts", "policies"),
        ORGANIZATION,
    ),
    **dict.fromkeys(("permission-sets", "users", "groups", "memberships", "assignments", "leavers"), PEOPLE),
}


def test_each_check_waits_for_what_it_asks() -> None:
    assert {check.id: set(check.needs) for check in CHECKS} == NEEDS


def test_what_stops_a_check_stops_those_that_need_it_and_names_the_first() -> None:
    def check(check_id: str, *needs: str, found: Finding | None = None) -> Check:
        return Check(id=check_id, title="", look=lambda _: iter([found or ok("fine", "Fine")]), needs=needs)

    checks = [
        check("a", found=problem("bad", "Bad", stops=True)),
        check("b", found=problem("worse", "Worse")),
        check("c", "b", "a"),
        check("d", "c"),
        check("e", "b"),
    ]
    begun: list[str] = []
    examination = Examination(assembly=None, where=Path())
    results = list(run(examination, checks=checks, begin=lambda each: begun.append(each.id)))
    assert [(each.check.id, each.findings[0].code) for each in results] == [
        ("a", "bad"),
        ("b", "worse"),
        ("c", "not-looked-at"),
        ("d", "not-looked-at"),
        ("e", "fine"),
    ]
    assert begun == ["a", "b", "e"]
    assert [each.findings[0].found.rpartition(" ")[2] for each in results[2:4]] == ["a", "a"]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([ok("a", "")], 0),
        ([ok("a", ""), warning("a", "")], 0),
        ([skipped("a", "")], 0),
        ([warning("a", ""), problem("a", "")], 1),
        ([unknown("a", ""), warning("a", "")], 2),
        ([unknown("a", ""), problem("a", "")], 1),
    ],
)
def test_the_exit_code_is_of_the_worst_that_keeps_from_a_deploy(found: list[Finding], code: int) -> None:
    results = [Result(Check(id=str(n), title="", look=lambda _: iter(())), (each,)) for n, each in enumerate(found)]
    assert exit_code(results) == code
    assert exit_code([Result(CREDENTIALS, (unknown("a", ""),)), *results]) == 2


ERRORS: Final[Mapping[str, Sequence[Exception]]] = {
    "profile-unknown": [exceptions.ProfileNotFound(profile="acme")],
    "credentials-missing": [exceptions.NoCredentialsError()],
    "login-expired": [
        exceptions.LoginRefreshRequired(),
        exceptions.LoginTokenLoadError(error_msg="x"),
        exceptions.SSOTokenLoadError(error_msg="x"),
        exceptions.TokenRetrievalError(provider="sso", error_msg="x"),
        exceptions.UnauthorizedSSOTokenError(),
    ],
    "aws-unreachable": [
        exceptions.EndpointConnectionError(endpoint_url="https://x"),
        exceptions.ConnectTimeoutError(endpoint_url="https://x"),
        exceptions.ReadTimeoutError(endpoint_url="https://x"),
        exceptions.ConnectionClosedError(endpoint_url="https://x"),
        exceptions.SSLError(endpoint_url="https://x", error=OSError("x")),
    ],
    "aws-timeout": [TimeoutError("AWS did not")],
    "aws-error": [exceptions.DataNotFoundError(data_path="x")],
}


@pytest.mark.parametrize(
    ("code", "error"),
    [(code, error) for code, errors in ERRORS.items() for error in errors],
    ids=[type(error).__name__ for errors in ERRORS.values() for error in errors],
)
def test_an_error_of_botocores_is_a_finding_that_stops(code: str, error: Exception) -> None:
    found = explain(error, Examination(assembly=None, where=Path()))
    assert (found.status, found.code, found.stops) == (Status.UNKNOWN, code, True)


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        *((each, "credentials-expired") for each in ("ExpiredToken", "ExpiredTokenException", "RequestExpired")),
        ("UnauthorizedException", "credentials-expired"),
        *((each, "credentials-unknown") for each in ("InvalidClientTokenId", "UnrecognizedClientException")),
        ("SignatureDoesNotMatch", "credentials-unknown"),
        *((each, "permission-missing") for each in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")),
        ("ThrottlingException", "aws-refused"),
    ],
)
@pytest.mark.parametrize(("profile", "whose"), [(None, "that boto3 finds"), ("acme", "of the profile 'acme'")])
def test_what_aws_refuses_with_is_a_finding(refused: str, code: str, profile: str | None, whose: str) -> None:
    message = "User is not authorized to perform: organizations:ListRoots on resource: * ."
    error = ClientError({"Error": {"Code": refused, "Message": message}}, "ListRoots")
    found = explain(error, Examination(assembly=None, where=Path(), profile=profile))
    assert (found.status, found.code) == (Status.UNKNOWN, code)
    assert whose in found.found
    if code == "aws-refused":
        assert stands_in(found.found, "ListRoots", f"{refused}: {message.rstrip('.')}")
    elif code == "permission-missing":
        assert found.found.endswith("may not do organizations:ListRoots")
        assert found.why == f"AWS says {refused}: {message}"
    else:
        [sign_in] = found.next
        assert stands_in(sign_in, "`aws login`", "`aws sso login`", "--profile")


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("ListRoots", "organizations:ListRoots"),
        ("ListInstances", "sso:ListInstances"),
        ("ListGroupMemberships", "identitystore:ListGroupMemberships"),
        ("GetAlternateContact", "account:GetAlternateContact"),
        ("DescribeStacks", "cloudformation:DescribeStacks"),
        ("ListServiceQuotas", "servicequotas:ListServiceQuotas"),
        ("GetParameter", "ssm:GetParameter"),
        ("AssumeRole", "sts:AssumeRole"),
        ("GetAccountPlanState", "freetier:GetAccountPlanState"),
        ("PutObject", "PutObject"),
    ],
)
def test_the_action_that_is_missing_is_that_of_the_operation(
    monkeypatch: pytest.MonkeyPatch, operation: str, action: str
) -> None:
    for name, value in (("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_REGION", "us-east-1")):
        monkeypatch.setenv(name, value)
    error = ClientError({"Error": {"Code": "AccessDenied", "Message": "No"}}, operation)
    assert explain(error, Examination(assembly=None, where=Path())).found.endswith(f"may not do {action}")


def test_another_error_is_a_mistake_in_the_package() -> None:
    with pytest.raises(KeyError):
        explain(KeyError("x"), Examination(assembly=None, where=Path()))
