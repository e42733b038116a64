"""A new app: acme's is the one of this repository, and everybody else's has their answers and nothing of acme's."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from org_constructs.app_code import new_app
from org_constructs.app_code.folder import write_folder
from org_constructs.app_code.new_app import CHECKS, Answers, files_of
from org_constructs.cdk_cli.cli import CDK_CLI_VERSION, find_cdk_cli
from org_constructs.constructs.identity_center import IdentityCenter
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT, MAPPING
from project import ROOT
from refusals import refuses
from written_app import synthesized

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPLATE: Final = ROOT / "org_constructs" / "app_code" / "template"


@pytest.fixture(autouse=True, scope="module")
def of_an_index() -> Iterator[None]:
    """The requirements are those of who has the package from an index, wherever these tests have it from."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(new_app, "installing", str)
        yield


ACME: Final = Answers(
    company="acme",
    email="aws@acme.com",
    account="111122223333",
    region="us-east-1",
    user_name="dax@acme.com",
    given_name="Dax",
    family_name="Acme",
    identity_center=IdentityCenter(
        instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444",
        identity_store_id="d-1111222233",
        start_url="https://acme.awsapps.com/start",
    ),
    policies_enabled=True,
)
LABS: Final = Answers(
    company="Acme Labs",
    email="cloud@labs.acme.com",
    account="444455556666",
    region="eu-central-1",
    user_name="kim@labs.acme.com",
    given_name="Kim",
    family_name="Lee",
)
HOSTILE: Final = replace(
    LABS,
    company='O\'Neil "& Sons" \\ $1 {x}',
    email=f"{'a' * 28}@{'b' * 20}.com",
    user_name=f"{'k' * 60}'\"@labs.acme.com",
    given_name='Kim "the boss" O\'Neil \\',
    family_name="é" * 60,
)


def arguments(code: str) -> dict[str, ast.expr]:
    """The arguments of OrgBaseline in an app."""
    calls = [each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.Call)]
    [call] = [each for each in calls if ast.unparse(each.func) == "OrgBaseline"]
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def literals(code: str) -> dict[str, Any]:
    """What an app has of the answers, as Python reads it."""
    found = arguments(code)
    assert isinstance(found["users"], ast.List)
    [user] = found["users"].elts
    assert isinstance(user, ast.Call)
    person = {keyword.arg: ast.literal_eval(keyword.value) for keyword in user.keywords if keyword.arg}
    assert person.pop("groups") == ["Administrators"]
    env = found["env"]
    assert isinstance(env, ast.Call)
    [account] = [each.value for each in env.keywords if each.arg == "account"]
    [region] = [
        each.value
        for each in ast.parse(code).body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "REGION"
    ]
    return {
        "company": ast.literal_eval(found["company"]),
        "email": ast.literal_eval(found["email"]),
        "account": ast.literal_eval(account),
        "region": ast.literal_eval(region),
        **person,
    }


def test_acmes_app_is_the_one_of_this_repository() -> None:
    written = files_of(ACME)
    assert written["app.py"].encode() == (ROOT / "app.py").read_bytes()
    assert written["cdk.json"].encode() == (ROOT / "cdk.json").read_bytes()
    for name, text in written.items():
        assert text.encode() == (TEMPLATE / "python" / name).read_bytes(), name
    assert set(written) == {path.name for path in (TEMPLATE / "python").iterdir()}


def test_git_leaves_out_what_commands_leave_in_the_folder() -> None:
    ignored = files_of(ACME)[".gitignore"].splitlines()
    assert {str(CDK_OUT), str(MAPPING), str(MAPPING.with_suffix(".out")), ".org-baseline-new"} <= {
        each.rstrip("/") for each in ignored
    }


def test_nothing_of_acmes_is_left_in_another_app() -> None:
    for name, text in files_of(LABS).items():
        of_acme = re.sub("Acme Labs|labs.acme.com", "", text)
        assert not re.search("acme|dax|1111222233", of_acme, re.IGNORECASE), name


def test_what_a_new_organization_has_not_is_not_in_its_app() -> None:
    found = arguments(files_of(LABS)["app.py"])
    assert ast.unparse(found["identity_center"]) == "None"
    assert ast.unparse(found["enabled_policy_types"]) == "[]"


def test_an_instance_without_a_portal_of_its_own_is_written_without() -> None:
    instance = IdentityCenter(
        instance_arn="arn:aws-cn:sso:::instance/ssoins-1111222233334444", identity_store_id="d-1111222233"
    )
    app = files_of(replace(LABS, region="cn-north-1", identity_center=instance))["app.py"]
    center = arguments(app)["identity_center"]
    assert isinstance(center, ast.Call)
    assert {each.arg: ast.literal_eval(each.value) for each in center.keywords} == {
        "instance_arn": instance.instance_arn,
        "identity_store_id": "d-1111222233",
    }


def test_the_placeholder_of_an_account_is_called_one() -> None:
    assert "placeholder" in files_of(replace(LABS, account="111122223333"))["app.py"]
    assert "placeholder" not in files_of(LABS)["app.py"]


PRINTABLE: Final = st.characters(min_codepoint=32, max_codepoint=0x17F, blacklist_categories=["Cc", "Zs"])


@st.composite
def taken(draw: st.DrawFn) -> Answers:
    """Answers that are taken."""
    ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=39)
    name = st.text(PRINTABLE, min_size=1, max_size=100)
    values = {
        "company": ascii_text,
        "email": st.from_regex(r"[a-z0-9.$*=?^_`{}~-]{1,30}@[a-z0-9]{1,20}\.(com|example)", fullmatch=True),
        "account": st.from_regex(r"[0-9]{12}", fullmatch=True),
        "region": st.sampled_from(["us-east-1", "eu-central-1", "cn-north-1"]),
        "user_name": st.builds(lambda local: f"{local.replace('@', '')}x@labs.acme.com", name),
        "given_name": name,
        "family_name": name,
    }

    def accepted(field: str) -> Any:
        def passes(value: str) -> bool:
            try:
                CHECKS[field](value)
            except Refusal:
                return False
            return True

        return values[field].filter(passes)

    return Answers(**{field: draw(accepted(field)) for field in CHECKS}, policies_enabled=draw(st.booleans()))


@given(taken())
def test_the_app_says_what_was_answered(answers: Answers) -> None:
    assert literals(files_of(answers)["app.py"]) == {name: getattr(answers, name) for name in CHECKS}


def test_it_is_written_as_the_formatter_and_the_linter_have_it(tmp_path: Path) -> None:
    long_names = [replace(LABS, family_name="L" * length) for length in range(20, 100)]
    apps = [files_of(answers)["app.py"] for answers in [ACME, LABS, HOSTILE, *long_names]]
    write_folder(tmp_path / "apps", {f"app{number}.py": app for number, app in enumerate(apps)})
    ours = f"--config={ROOT / 'pyproject.toml'}"
    for options in (
        ["format", "--check", ours],
        ["check", ours, "--ignore=INP001", "--output-format=concise"],
        ["check", "--isolated", "--output-format=concise"],
    ):
        done = subprocess.run(  # noqa: S603 (the linter of this environment)
            [sys.executable, "-m", "ruff", *options, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "answers", [LABS, HOSTILE, replace(LABS, region="cn-north-1")], ids=["plain", "hostile", "china"]
)
def test_synthesizes(answers: Answers, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(files_of(answers)["app.py"], encoding="utf-8")
    [stack] = synthesized(tmp_path)
    assert stack.name == "OrgBaseline"
    names = [each["Properties"].get("AccountName") for each in stack.template["Resources"].values()]
    assert {f"{answers.company}-dev", f"{answers.company}-production"} <= set(names)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("company", "", "wrong-length"),
        ("company", "a" * 40, "wrong-length"),
        ("company", "acmé", "wrong-form"),
        ("company", "--", "wrong-form"),
        ("email", "aws+x@acme.com", "email-plus"),
        ("email", "aws.acme.com", "email-form"),
        ("email", f"{'a' * 50}@acme.com", "email-derived"),
        ("account", "1234", "account-id-form"),
        ("region", "us-eest-1", "region-unknown"),
        ("user_name", "dax", "wrong-form"),
        ("user_name", "d ax@acme.com", "wrong-form"),
        ("given_name", "", "wrong-length"),
        ("family_name", "A\x00", "wrong-character"),
    ],
)
def test_an_answer_that_synth_would_refuse_is_refused(field: str, value: str, code: str) -> None:
    with refuses(code, *([field] if code != "email-derived" else [])):
        CHECKS[field](value)
    with refuses(code):
        Answers(**{**{name: getattr(LABS, name) for name in CHECKS}, field: value})


def test_the_longest_company_makes_the_longest_name_of_an_account() -> None:
    CHECKS["company"]("a" * 39)
    assert len(f"{'a' * 39}-production") == 50


def test_an_instance_of_another_partition_is_refused() -> None:
    with refuses("identity-center-partition", "cn-north-1"):
        replace(ACME, region="cn-north-1")


def pinned() -> Iterator[str]:
    """What requirements.txt locks, without the hashes."""
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            yield line.removesuffix(" \\")


def test_its_requirements_are_this_package_and_what_is_locked_here() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    lines = (TEMPLATE / "python" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines == [f"org-constructs[rehearsal]=={version}", *pinned()]


def test_its_readme_says_what_the_documentation_says_of_the_guardrails() -> None:
    row = r"^\| .*\|$"
    page = (ROOT / "docs" / "guardrails.md").read_text(encoding="utf-8")
    ours = page.partition("## What the guardrails of app.py break")[2]
    rows = re.findall(row, ours.partition("\n## ")[0], re.MULTILINE)
    assert len(rows) == 9
    assert re.findall(row, files_of(LABS)["README.md"], re.MULTILINE) == rows


def test_its_readme_installs_the_cdk_cli_that_reads_its_assemblies() -> None:
    assert re.findall(r"aws-cdk@(\S+)", files_of(LABS)["README.md"]) == [CDK_CLI_VERSION]


def test_its_readme_is_a_page() -> None:
    assert len(files_of(LABS)["README.md"].splitlines()) <= 100


def test_cdk_init_takes_the_template(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    cli = find_cdk_cli(tmp_path / "home", default_account="111122223333")
    command = [
        *cli.command,
        "init",
        "--unstable=init",
        f"--from-path={TEMPLATE}",
        "--language=python",
        "--generate-only",
    ]
    done = subprocess.run(  # noqa: S603 (the pinned CLI)
        command, cwd=folder, env=cli.environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == files_of(ACME)
