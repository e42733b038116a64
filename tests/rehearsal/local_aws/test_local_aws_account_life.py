"""The local AWS renames accounts, changes their e-mail addresses and closes them as AWS does, and refuses the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from in_process import local_aws
from local_aws_stacks import DEV, EXISTING, MANAGEMENT
from org_constructs.rehearsal.local_aws.services import organizations
from org_constructs.rehearsal.local_aws.services.account_management import codes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from org_constructs.rehearsal.local_aws import LocalAws

NEW = "dev@acme.com"


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with local_aws(MANAGEMENT, "us-east-1") as running:
        running.seed(EXISTING)
        running.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
        yield running


def refused(call: Callable[[], Any]) -> tuple[str, str]:
    """Return the code of what is refused, and the reason where AWS says one."""
    with pytest.raises(ClientError) as error:
        call()
    answer: Any = error.value.response
    return answer["Error"]["Code"], answer.get("Reason", "")


def test_renames_a_member_and_the_management_account(aws: LocalAws) -> None:
    client = aws.client("account")
    client.put_account_name(AccountId=DEV, AccountName="Acme Development")
    client.put_account_name(AccountName="Acme")
    listed = aws.client("organizations").list_accounts()["Accounts"]
    assert {each["Id"]: each["Name"] for each in listed} == {DEV: "Acme Development", MANAGEMENT: "Acme"}
    assert client.get_account_information(AccountId=DEV)["AccountName"] == "Acme Development"
    assert client.get_account_information()["AccountId"] == MANAGEMENT


def test_renames_no_member_without_trusted_access(aws: LocalAws) -> None:
    aws.client("organizations").disable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    client = aws.client("account")
    assert refused(lambda: client.put_account_name(AccountId=DEV, AccountName="A"))[0] == "AccessDeniedException"
    client.put_account_name(AccountName="Acme")


def test_changes_an_email_address_with_the_code_that_was_mailed_last(aws: LocalAws) -> None:
    client = aws.client("account")
    of = {"AccountId": DEV, "PrimaryEmail": NEW}
    before = client.get_primary_email(AccountId=DEV)["PrimaryEmail"]
    assert refused(lambda: client.accept_primary_email_update(**of, Otp="123456"))[0] == "ResourceNotFoundException"
    assert client.start_primary_email_update(**of)["Status"] == "PENDING"
    _, code = codes_of(MANAGEMENT)[DEV]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert refused(lambda: client.accept_primary_email_update(**of, Otp=wrong))[0] == "ValidationException"
    assert client.get_primary_email(AccountId=DEV)["PrimaryEmail"] == before
    assert client.accept_primary_email_update(**of, Otp=code)["Status"] == "ACCEPTED"
    assert client.get_primary_email(AccountId=DEV)["PrimaryEmail"] == NEW
    assert refused(lambda: client.accept_primary_email_update(**of, Otp=code))[0] == "ResourceNotFoundException"
    assert refused(lambda: client.start_primary_email_update(**of))[0] == "ConflictException"


def test_an_account_is_being_closed_until_somebody_looks(aws: LocalAws) -> None:
    client = aws.client("organizations")
    client.close_account(AccountId=DEV)
    states = [client.describe_account(AccountId=DEV)["Account"] for _ in range(2)]
    assert [(each["Status"], each["State"]) for each in states] == [("PENDING_CLOSURE",) * 2, ("SUSPENDED", "CLOSED")]
    assert refused(lambda: client.close_account(AccountId=DEV))[0] == "AccountAlreadyClosedException"


def created(aws: LocalAws, number: int) -> list[str]:
    answers = [
        aws.client("organizations").create_account(AccountName=f"acme-{each}", Email=f"aws+{each}@acme.com")
        for each in range(number)
    ]
    return [each["CreateAccountStatus"]["AccountId"] for each in answers]


def test_closes_three_at_once_and_no_fourth(aws: LocalAws) -> None:
    client = aws.client("organizations")
    *three, fourth = created(aws, 4)
    for each in three:
        client.close_account(AccountId=each)
    assert refused(lambda: client.close_account(AccountId=fourth)) == (
        "ConstraintViolationException",
        "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
    )
    client.list_accounts()
    client.close_account(AccountId=fourth)


@pytest.mark.parametrize(
    ("limits", "allowed"), [((1, 0.2, 9), 1), ((1, 0.5, 9), 2), ((1, 1, 1), 1)], ids=["fewest", "share", "most"]
)
def test_closes_no_more_than_the_quota_of_30_days(
    aws: LocalAws, limits: tuple[int, float, int], allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organizations, "CLOSED_IN_30_DAYS", limits)
    client = aws.client("organizations")
    accounts = created(aws, 4)
    for each in accounts[:allowed]:
        client.close_account(AccountId=each)
    assert refused(lambda: client.close_account(AccountId=accounts[allowed])) == (
        "ConstraintViolationException",
        "CLOSE_ACCOUNT_QUOTA_EXCEEDED",
    )


def test_closes_no_management_account(aws: LocalAws) -> None:
    assert refused(lambda: aws.client("organizations").close_account(AccountId=MANAGEMENT)) == (
        "ConstraintViolationException",
        "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
    )
