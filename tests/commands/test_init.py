"""`org-baseline init`, as it is typed: what it asks, what it takes, what it refuses, and what is there afterwards."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from click.testing import CliRunner, Result

from org_constructs.app_code.new_app import Answers, files_of
from org_constructs.app_code.told_by_aws import Told
from org_constructs.commands import init as command
from org_constructs.commands import main
from org_constructs.constructs.identity_center import IdentityCenter
from project import ROOT
from refusals import assert_refused

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

INSTANCE: Final = "arn:aws:sso:::instance/ssoins-1111222233334444"
STORE: Final = "d-1111222233"
GLOBEX: Final = {
    "company": "Globex",
    "email": "cloud@globex.example",
    "account": "444455556666",
    "region": "eu-central-1",
    "user_name": "kim@globex.example",
    "given_name": "Kim",
    "family_name": "Lee",
}
TOLD: Final = Told(
    account="444455556666",
    email="cloud@globex.example",
    region="eu-central-1",
    identity_center=IdentityCenter(instance_arn=INSTANCE, identity_store_id=STORE),
    policies_enabled=True,
    organization="o-globex00000",
)


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    without(monkeypatch, NoCredentialsError())


def without(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let AWS not be asked, for a reason."""

    def ask(_: object) -> Told:
        raise error

    monkeypatch.setattr(command, "ask", ask)


def telling(monkeypatch: pytest.MonkeyPatch, told: Told = TOLD) -> None:
    monkeypatch.setattr(command, "ask", lambda _: told)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_at_a_terminal", lambda: True)


def options(**answers: str) -> list[str]:
    return [word for name, value in answers.items() for word in (f"--{name.replace('_', '-')}", value)]


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["init", *arguments], input=typed)


def there() -> dict[str, str]:
    """Every file, by its path."""
    return {path.as_posix(): path.read_text(encoding="utf-8") for path in Path().rglob("*") if path.is_file()}


def expected(folder: str, **more: Any) -> dict[str, str]:
    return {f"{folder}/{name}": text for name, text in files_of(Answers(**{**GLOBEX, **more})).items()}


def test_options_alone_make_the_folder() -> None:
    result = run("there", *options(**GLOBEX))
    assert result.exit_code == 0, result.output
    assert there() == expected("there")
    assert "Created there with .gitignore, README.md, app.py, cdk.json and requirements.txt" in result.stdout
    assert "cd there" in result.stdout
    assert result.stderr == ""


def test_the_folder_is_called_like_the_company() -> None:
    assert run(*options(**{**GLOBEX, "company": "Globex & Sons (Inc.)"})).exit_code == 0
    assert {name.partition("/")[0] for name in there()} == {"Globex-Sons-Inc"}


def test_acmes_answers_make_the_app_of_this_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    center = IdentityCenter(instance_arn=INSTANCE, identity_store_id=STORE)
    told = Told(account="111122223333", email="aws@acme.com", identity_center=center, policies_enabled=True)
    telling(monkeypatch, told)
    person = {"user_name": "dax@acme.com", "given_name": "Dax", "family_name": "Acme"}
    portal = {"start_url": "https://acme.awsapps.com/start"}
    assert run("acme", *options(company="acme", region="us-east-1", **person, **portal)).exit_code == 0
    for name in ("app.py", "cdk.json"):
        assert Path("acme", name).read_bytes() == (ROOT / name).read_bytes()


@pytest.mark.parametrize("left_out", [["company"], ["email", "region"], list(GLOBEX)])
def test_without_a_terminal_what_is_missing_is_named(left_out: list[str]) -> None:
    result = run("acme", *options(**{name: value for name, value in GLOBEX.items() if name not in left_out}))
    assert_refused(result, "answers-missing")
    named = re.findall(r"--[a-z-]+", result.stderr)
    assert named == [f"--{name.replace('_', '-')}" for name in left_out]
    assert there() == {}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("company", "", "wrong-length"),
        ("email", "a+b@globex.example", "email-plus"),
        ("account", "12", "account-id-form"),
        ("region", "eu-centrl-1", "region-unknown"),
        ("region", "us-east-9", "region-unknown"),
        ("user_name", "kim", "wrong-form"),
        ("given_name", "K\x07", "wrong-character"),
        ("family_name", "", "wrong-length"),
        ("instance_arn", "arn:aws:sso:::instance/x", "instance-incomplete"),
        ("identity_store_id", STORE, "instance-incomplete"),
        ("start_url", "https://globex.awsapps.com/start", "instance-incomplete"),
    ],
)
@pytest.mark.usefixtures("terminal")
def test_a_bad_option_is_refused_and_nobody_is_asked(name: str, value: str, code: str) -> None:
    assert_refused(run("acme", *options(**{**GLOBEX, name: value})), code, f"--{name.replace('_', '-')}")
    assert there() == {}


def test_an_instance_is_written_as_it_is_named() -> None:
    portal = "https://globex.awsapps.com/start"
    of = options(instance_arn=INSTANCE, identity_store_id=STORE, start_url=portal)
    assert run("acme", *options(**GLOBEX), *of).exit_code == 0
    center = IdentityCenter(instance_arn=INSTANCE, identity_store_id=STORE, start_url=portal)
    assert there() == expected("acme", identity_center=center)


def test_what_aws_tells_nobody_has_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    telling(monkeypatch)
    said = {name: GLOBEX[name] for name in ("company", "user_name", "given_name", "family_name")}
    result = run("acme", *options(**said))
    assert result.exit_code == 0, result.output
    assert there() == expected("acme", identity_center=TOLD.identity_center, policies_enabled=True)
    assert result.stderr.splitlines() == [
        "Read from AWS: account 444455556666, its organization o-globex00000 and IAM Identity Center in eu-central-1",
        "`org-baseline init --from live` writes an app for what this organization has already.",
    ]
    assert "`org-baseline adopt`" in result.stdout


def test_what_aws_tells_of_another_account_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    telling(monkeypatch)
    result = run("acme", *options(**{**GLOBEX, "account": "777788889999"}))
    assert there() == expected("acme", account="777788889999")
    assert "444455556666" in result.stderr


def test_an_account_without_an_organization_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    telling(monkeypatch, Told(account="444455556666"))
    result = run("acme", *options(**{name: value for name, value in GLOBEX.items() if name != "account"}))
    assert result.stderr == "Read from AWS: account 444455556666 and no organization yet\n"
    assert "adopt" not in result.stdout
    assert there() == expected("acme")


EXPIRED: Final = ClientError({"Error": {"Code": "ExpiredToken", "Message": "old"}}, "GetCallerIdentity")


def test_credentials_that_do_not_work_are_said_and_stop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, EXPIRED)
    result = run("acme", *options(**GLOBEX))
    assert result.exit_code == 0
    assert result.stderr == "AWS is not asked: the credentials that boto3 finds have expired\n"
    assert there() == expected("acme")


def test_a_profile_that_is_named_has_to_work() -> None:
    assert_refused(run("acme", *options(**GLOBEX, profile="nobody")), "profile-unknown", "nobody")
    assert there() == {}


TYPED: Final = (
    "Söhne & Co",
    "",
    "cloud+x@globex.example",
    " cloud@globex.example ",
    "12",
    "444455556666",
    "eu-centrl-1",
    "eu-central-1",
    "kim",
    "kim@globex.example",
    "Kim",
    "Leee",
)
CHANGED: Final = ("surname", "family-name", "Lee", "y")


@pytest.mark.usefixtures("terminal")
def test_asks_and_asks_again_with_the_reason(snapshot: SnapshotAssertion) -> None:
    result = run("Globex", typed="\n".join([*TYPED, *CHANGED, ""]))
    assert result.exit_code == 0, result.output
    assert there() == expected("Globex")
    assert result.stderr == snapshot


@pytest.mark.usefixtures("terminal")
def test_asks_for_no_more_than_is_missing_and_proposes_what_aws_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    telling(monkeypatch)
    given = {name: GLOBEX[name] for name in ("user_name", "given_name")}
    portal = "https://globex.awsapps.com/start"
    result = run(*options(**given), typed=f"Globex\n\n\n\nLee\nhttp://globex\n{portal}\n\n")
    assert result.exit_code == 0, result.output
    center = IdentityCenter(instance_arn=INSTANCE, identity_store_id=STORE, start_url=portal)
    assert there() == expected("Globex", identity_center=center, policies_enabled=True)
    proposed = re.findall(r"\[(.*?)\]: ", result.stderr)
    default = f"https://{STORE}.awsapps.com/start"
    assert proposed == ["cloud@globex.example", "444455556666", "eu-central-1", default, default, "y"]


@pytest.mark.usefixtures("terminal")
def test_whoever_has_no_account_takes_the_examples() -> None:
    assert run("Globex", typed="\ncloud@globex.example\n\n\nkim@globex.example\nKim\nLee\n\n").exit_code == 0
    assert there() == expected("Globex", account="111122223333", region="us-east-1")


@pytest.mark.usefixtures("terminal")
def test_nothing_is_written_if_the_questions_end() -> None:
    result = run("Globex", typed="\ncloud@globex.example\n")
    assert result.exit_code == 130
    assert result.stderr.endswith("\nNothing was written.\n")
    assert there() == {}


@pytest.mark.usefixtures("terminal")
def test_a_new_clone_gets_the_app_and_proposes_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("Globex/.git").mkdir(parents=True)
    monkeypatch.chdir("Globex")
    result = run(".", *options(**{name: value for name, value in GLOBEX.items() if name != "company"}), typed="\n\n")
    assert result.exit_code == 0, result.output
    assert set(there()) == {name.partition("/")[2] for name in expected("x")}
    assert "[Globex]: " in result.stderr
    assert " cd " not in result.stdout


@pytest.mark.usefixtures("terminal")
def test_nothing_is_written_after_a_no() -> None:
    result = run(typed="Globex\ncloud@globex.example\n\n\nkim@globex.example\nKim\nLee\ncompany\nInitech\nn\n")
    assert result.exit_code == 1
    assert "Write Initech?" in result.stderr
    assert result.stderr.endswith("\nNothing was written.\n")
    assert there() == {}


@pytest.mark.usefixtures("terminal")
def test_nobody_is_asked_whether_to_write_what_options_say_or_check_shows() -> None:
    assert run("acme", *options(**GLOBEX)).exit_code == 0
    assert there() == expected("acme")
    most = {name: value for name, value in GLOBEX.items() if name != "region"}
    shown = run("there", "--check", *options(**most), typed="eu-central-1\n")
    assert (shown.exit_code, shown.stderr.count("?")) == (0, 0)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(("arguments", "typed"), [(["Globex"], ""), ([], "Globex\n")])
def test_a_folder_with_something_in_it_is_refused_before_more_is_asked(arguments: list[str], typed: str) -> None:
    Path("Globex").mkdir()
    Path("Globex/mine").touch()
    result = run(*arguments, typed=typed)
    assert result.exit_code == 2
    assert result.stderr.endswith("[folder-not-empty]\n")
    assert "E-mail" not in result.stderr
    assert there() == {"Globex/mine": ""}


def test_check_shows_what_it_would_write_and_writes_nothing() -> None:
    result = run("acme", "--check", *options(**GLOBEX))
    assert result.exit_code == 0
    files = expected("acme")
    assert [line for line in result.stdout.splitlines() if line.startswith("acme/")] == [
        f"{name} ({len(files[name].splitlines())} lines)" for name in sorted(files)
    ]
    assert result.stdout.endswith(f"\n\n{files['acme/app.py']}")
    assert list(Path().iterdir()) == []


def test_check_refuses_what_would_be_refused() -> None:
    Path("acme").mkdir()
    Path("acme/mine").touch()
    assert_refused(run("acme", "--check", *options(**GLOBEX)), "folder-not-empty")


@pytest.mark.parametrize(
    ("extra", "uvx", "where", "command_line"),
    [
        (object(), "/usr/bin/uvx", "", "  org-baseline rehearse\n"),
        (None, "/usr/bin/uvx", "", "  uvx 'org-constructs[rehearsal]' rehearse\n"),
        (None, "/usr/bin/uvx", " @ file:///o", "  uvx --from '{} @ file:///o' org-constructs rehearse\n"),
        (None, None, "", "pip install -r requirements.txt && .venv/bin/org-baseline rehearse\n"),
    ],
    ids=["with the extra", "uv", "uv without an index", "pip"],
)
def test_says_how_to_rehearse_with_what_there_is(
    monkeypatch: pytest.MonkeyPatch, extra: object, uvx: str | None, where: str, command_line: str
) -> None:
    package = "org-constructs[rehearsal]"
    monkeypatch.setattr(command, "requirement", lambda: f"{package}{where}")
    monkeypatch.setattr(command, "find_spec", lambda _: extra)
    monkeypatch.setattr(shutil, "which", lambda _: uvx)
    result = run("a folder", *options(**GLOBEX))
    assert command_line.format(package) in result.stdout
    assert "cd 'a folder'" in result.stdout
