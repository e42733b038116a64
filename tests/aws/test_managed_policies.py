"""That the lists of AWS's managed policies are what scripts/managed-policies writes."""

from __future__ import annotations

import json
import subprocess
import sys
from fnmatch import fnmatchcase

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from org_constructs.aws.managed_policies import IN_WORDS, list_date, name_of, policies_by_name, statements_by_name
from org_constructs.aws.regions import regions
from org_constructs.templates.values import items_of
from project import ROOT


@pytest.mark.parametrize(
    ("what", "file"), [("names", "managed_policies.json"), ("documents", "managed_policy_documents.json")]
)
def test_the_file_is_what_the_script_writes(what: str, file: str) -> None:
    program = [sys.executable, str(ROOT / "scripts" / "managed_policies.py"), what]
    written = subprocess.run(program, capture_output=True, check=True, text=True, cwd=ROOT).stdout  # noqa: S603 (ours)
    assert (ROOT / "org_constructs" / "aws" / file).read_text(encoding="utf-8") == written, (
        "run scripts/managed-policies"
    )
    assert json.loads(written)["date"] == list_date()


def test_has_of_each_document_the_statements_that_decide() -> None:
    assert statements_by_name().keys() < policies_by_name().keys()
    assert statements_by_name()["AdministratorAccess"] == [{"Effect": "Allow", "Action": ["*"], "Resource": "*"}]
    published = json.loads(aws_managed_policies_data)
    [first, *_] = statements_by_name()["IAMFullAccess"]
    [whole] = published["IAMFullAccess"]["Document"]["Statement"]
    assert first == whole | {"Action": ["iam:*"]}
    assert "ReadOnlyAccess" not in statements_by_name()


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", "ReadOnlyAccess"),
        ("arn:aws-us-gov:iam::aws:policy/job-function/Billing", "Billing"),
        ("arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess", "ReadOnlyAccess"),
        ("arn:aws:iam::111122223333:policy/ReadOnlyAccess", None),
        ("arn:aws:iam::aws:role/ReadOnlyAccess", None),
        ("arn:aws:sso:::permissionSet/ReadOnlyAccess", None),
        ("ReadOnlyAccess", "ReadOnlyAccess"),
        ("job-function/Billing", "Billing"),
        ("", None),
    ],
)
def test_knows_the_names_of_aws_policies_however_they_are_given(policy: str, name: str | None) -> None:
    assert name_of(policy) == name


@pytest.mark.parametrize("partition", [*sorted({each.name for each in regions().values()}), "${AWS::Partition}"])
@pytest.mark.parametrize("path", ["", "job-function/", "a/b/"])
def test_knows_them_in_every_partition_and_with_a_path(partition: str, path: str) -> None:
    assert name_of(f"arn:{partition}:iam::aws:policy/{path}AdministratorAccess") == "AdministratorAccess"


def test_says_of_known_policies_what_their_documents_say() -> None:
    assert IN_WORDS.keys() < policies_by_name().keys()
    published = json.loads(aws_managed_policies_data)
    data = {"s3:GetObject", "dynamodb:GetItem", "logs:GetLogEvents"}

    def reads(name: str) -> set[str]:
        statements = published[name]["Document"]["Statement"]
        patterns = {pattern for each in statements for pattern in items_of(each["Action"])}
        return {action for action in data if any(fnmatchcase(action, pattern) for pattern in patterns)}

    assert {name for name in ("ReadOnlyAccess", "SecurityAudit") if reads(name) == data} == {"ReadOnlyAccess"}
    assert reads("ViewOnlyAccess") <= {"logs:GetLogEvents"}
    [first, _] = published["PowerUserAccess"]["Document"]["Statement"]
    assert first["NotAction"] == ["iam:*", "organizations:*", "account:*"]
