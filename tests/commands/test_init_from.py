"""`org-baseline init --from`: what it writes, what it says, and what it refuses; then the way to a deployed app."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.commands import main
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """A local AWS that this process has the credentials of."""
    with LocalAws(
        management_account_id=MANAGEMENT, region="us-east-1", management_account_email="aws@acme.com"
    ) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def without_ids(text: str) -> str:
    return re.sub(r"\b(?!111122223333)\d{12}\b", "…", text)


def there() -> set[str]:
    return {path.as_posix() for path in Path().rglob("*") if path.is_file()}


def test_writes_the_app_of_what_aws_has(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    hand = Hand(aws)
    hand.guide()
    hand.account("acme-old", "aws+old@acme.com")
    old = hand.account("acme-older", "aws+older@acme.com")
    aws.client("organizations").close_account(AccountId=old)
    result = run("init", "--from", "live")
    assert result.exit_code == 0, result.output
    assert there() == {f"acme/{name}" for name in ("app.py", "cdk.json", "requirements.txt", ".gitignore", "README.md")}
    assert without_ids(result.stdout) == snapshot
    written = Path("acme/app.py").read_text(encoding="utf-8")
    assert 'AccountProps(key="old")' in written
    assert old in written, "a closed account is said, with its id"

    shown = run("init", "there", "--from", "live", "--check")
    assert written in shown.stdout
    assert "Nothing was written." in shown.stderr
    assert not Path("there").exists()

    assert run("report", "live", "--output", "live.json").exit_code == 0
    assert run("init", "saved", "--from", "live.json").exit_code == 0
    assert Path("saved/app.py").read_text(encoding="utf-8") == written


def test_takes_no_answers_beside_it() -> None:
    result = run("init", "--from", "live", "--company", "acme", "--start-url", "https://acme.awsapps.com/start")
    assert_refused(result, "options-together", "--company and --start-url")
    assert there() == set()


def test_takes_no_templates(aws: LocalAws) -> None:
    del aws
    Path("template.json").write_text(json.dumps({"Resources": {}}), encoding="utf-8")
    assert_refused(run("init", "--from", "template.json"), "from-not-live")
    assert there() == {"template.json"}


@pytest.mark.parametrize(
    ("source", "code"), [("live.json", "file-missing"), ("acme", "from-not-live"), ("acme/app.py", "from-not-live")]
)
def test_refuses_before_a_synthesis_what_is_not_what_aws_has(source: str, code: str) -> None:
    Path("acme").mkdir()
    for name, text in {"app.py": "", "cdk.json": '{"app": "touch synthesized"}'}.items():
        (Path("acme") / name).write_text(text, encoding="utf-8")
    assert_refused(
        run("init", "there", "--from", source),
        code,
        f"'{source}'",
        "`live`",
        "report live --format json",
        "org-formation",
        "aws-sso-util",
    )
    assert there() == {"acme/app.py", "acme/cdk.json"}


def test_needs_an_organization(aws: LocalAws) -> None:
    del aws
    assert_refused(run("init", "--from", "live"), "from-no-organization")
    assert there() == set()


def test_looks_at_the_folder_before_aws() -> None:
    Path("acme").mkdir()
    Path("acme/app.py").touch()
    assert_refused(run("init", "acme", "--from", "live"), "folder-not-empty", "app.py")


class TestOrgFormation:
    """`--from organization.yml`, without AWS."""

    TEXT = (
        "AWSTemplateFormatVersion: 2010-09-09-OC\nOrganization:\n  Master:\n    Type: OC::ORG::MasterAccount\n"
        "    Properties: {AccountName: acme, AccountId: '111122223333', Alias: acme}\n"
    )

    def test_writes_the_folder(self) -> None:
        Path("organization.yml").write_text(self.TEXT, encoding="utf-8")
        result = run("init", "there", "--from", "organization.yml", "--email", "aws@acme.com")
        assert result.exit_code == 0, result.output
        assert "No line says Alias, which the file has of Master." in result.stdout
        assert 'email="aws@acme.com"' in Path("there/app.py").read_text(encoding="utf-8")
        readme = Path("there/README.md").read_text(encoding="utf-8")
        assert "written from `organization.yml`, a file of org-formation." in readme
        assert not re.search(r"\b(SOURCE|LEFT|FOUND|COMPANY)\b", readme)

    @pytest.mark.parametrize(
        ("text", "options", "code"),
        [
            (TEXT, (), "answers-missing"),
            (TEXT, ("--email", "aws@acme.com", "--user-name", "dax@acme.com"), "options-together"),
            (TEXT, ("--email", "nobody"), "email-form"),
            (TEXT, ("--email", "aws@acme.com", "--region", "here"), "region-unknown"),
            ("a: " + "[" * 100_000, (), "tool-file-syntax"),
            ("a: !!python/object/apply:os.system [ls]", (), "tool-file-syntax"),
            ("Resources: {}", ("--email", "aws@acme.com"), "options-together"),
            ("Resources: {}", (), "from-not-live"),
        ],
        ids=["no email", "person", "email", "region", "deep", "python", "template with options", "template"],
    )
    def test_writes_nothing_where_it_refuses(self, text: str, options: tuple[str, ...], code: str) -> None:
        Path("organization.yml").write_text(text, encoding="utf-8")
        assert_refused(run("init", "there", "--from", "organization.yml", *options), code)
        assert there() == {"organization.yml"}
