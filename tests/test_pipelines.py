"""The GitHub Action, the GitLab component and the hooks of pre-commit: valid, safe, and they do what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

from checked_templates import assignment, organization, resource
from cloud_assembly import get, stack, write_assembly
from github_runner import GithubRunner, Job
from org_constructs.access_diff.rendering import COMMENT_MARK
from org_constructs.cdk_cli.cli import CDK_CLI_VERSION
from project import ROOT
from published_formats import assert_as_published, broken_rules_of_junit, broken_rules_of_sarif

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTION: Final = ROOT / "action.yml"
COMPONENT: Final = ROOT / "templates" / "access.yml"
SYNTH: Final = {"install": "true", "synth": 'cp -R written "$ASSEMBLY"'}
"""An app without a Node of its own: what it writes is committed."""
GAINED: Final = "`lou@acme.com` has `Developer` in `acme-production`"


def git(folder: Path, *arguments: str) -> str:
    named = ("-c", "user.name=Dax", "-c", "user.email=dax@acme.com", "-c", "init.defaultBranch=main")
    return subprocess.run(  # noqa: S603 (of the machine)
        ["git", *named, *arguments],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def repository(folder: Path, base: Mapping[str, Any], head: Mapping[str, Any]) -> str:
    """Make one with a change, and return the merge of it into its base, as GitHub makes it."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    for resources in (base, head):
        write_assembly(folder / "written", {"OrgBaseline": stack(resources)})
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--allow-empty", "-m", "a commit")
    return merged(folder)


def merged(folder: Path) -> str:
    merge = git(folder, "commit-tree", "HEAD^{tree}", "-p", "HEAD^", "-p", "HEAD", "-m", "merge")
    git(folder, "update-ref", "refs/pull/7/merge", merge)
    return merge


def as_app(assembly: Path, ran: Path) -> None:
    """Make an app of an assembly, which tells that it ran."""
    (assembly / "manifest.json").unlink()
    (assembly / "cdk.json").write_text(json.dumps({"app": f"touch {ran}"}))


LESS: Final = organization()
MORE: Final = LESS | {"OfPro2": assignment("Developer", get("Developers", "GroupId"), get("Pro", "AccountId"))}
UNSAFE: Final = LESS | {"Robot": resource("IAM::User")}


@pytest.fixture
def runner(tmp_path: Path) -> GithubRunner:
    return GithubRunner(ACTION, tmp_path / "origin", repository(tmp_path / "origin", LESS, MORE), tmp_path)


def reviewed(runner: GithubRunner, **inputs: str) -> Job:
    for side in ("base", "head"):
        assert runner.job(synthesize=side, **SYNTH).failed == ""
    return runner.job(install="true", **inputs)


class TestAction:
    def test_is_as_github_has_it(self) -> None:
        assert_valid("github-actions", ACTION)

    def test_uses_actions_by_commit_that_run_on_node_24(self) -> None:
        used = re.findall(r"uses: (.+)", ACTION.read_text(encoding="utf-8"))
        assert used
        for each in used:
            name, commit, version = re.fullmatch(r"([\w/-]+)@([0-9a-f]{40}) # v(\d+)\.\d+\.\d+", each).groups()  # type: ignore[union-attr]
            assert int(version) >= FIRST_ON_NODE_24[name], commit

    def test_no_text_from_outside_becomes_part_of_a_script(self, runner: GithubRunner) -> None:
        for step in runner.action["runs"]["steps"]:
            assert "${{" not in step.get("run", "")
            assert not re.search(r"title|body|head\.ref|head_ref|actor", str(step.get("env", {})))

    def test_what_runs_the_code_of_the_change_has_no_token(self, runner: GithubRunner) -> None:
        for step in runner.action["runs"]["steps"]:
            if "inputs.synthesize == ''" not in step.get("if", ""):
                assert "token" not in str(step)
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False

    def test_synthesizes_with_the_cli_that_the_package_pins(self, runner: GithubRunner) -> None:
        assert runner.action["inputs"]["synth"]["default"].startswith(f"npx --yes aws-cdk@{CDK_CLI_VERSION} ")

    def test_says_who_gains_access_and_asks_for_a_second_review(self, runner: GithubRunner) -> None:
        job = reviewed(runner)
        assert job.failed == "", job.log
        assert job.outputs["widens"] == "true"
        assert job.summary.startswith(COMMENT_MARK)
        assert GAINED in job.summary
        written = (runner.temp / "access-diff.json").read_text(encoding="utf-8")
        assert job.outputs["json"] == f"{runner.temp}/access-diff.json"
        assert_as_published(written)
        assert json.loads(written)["widens"] is True
        assert f"\npr comment 7 --body-file {runner.temp}/comment.md\n" in runner.asked
        status = runner.asked.splitlines()[-1]
        assert status.startswith("api --silent repos/acme/aws/statuses/0123abc -f state=pending ")
        assert runner.uploaded == []

    def test_says_that_nobody_gains_access(self, tmp_path: Path) -> None:
        merge = repository(tmp_path / "origin", MORE, LESS)
        job = reviewed(runner := GithubRunner(ACTION, tmp_path / "origin", merge, tmp_path))
        assert (job.failed, job.outputs["widens"]) == ("", "false")
        assert "-f state=success " in runner.asked

    def test_replaces_its_comment_and_two_approvals_are_enough(self, runner: GithubRunner) -> None:
        runner.answer(comments="41\n42\n", approvals="2\n")
        assert reviewed(runner).failed == ""
        assert f"--method PATCH repos/acme/aws/issues/comments/41 --field body=@{runner.temp}" in runner.asked
        assert COMMENT_MARK in runner.asked
        assert "-f state=success -f context=access: second review" in runner.asked

    def test_of_a_fork_it_only_shows_and_so_it_does_where_it_is_to(self, runner: GithubRunner) -> None:
        runner.fork = True
        assert GAINED in reviewed(runner).summary
        runner.fork = False
        assert runner.job(install="true", comment="false", **{"second-review": "false"}).failed == ""
        assert runner.asked == ""

    @pytest.mark.parametrize(("fail_on", "failed"), [("error", "Judge"), ("never", ""), ("nothing", "Check")])
    def test_marks_what_is_unsafe_and_fails_last(self, tmp_path: Path, fail_on: str, failed: str) -> None:
        merge = repository(tmp_path / "origin", LESS, UNSAFE)
        runner = GithubRunner(ACTION, tmp_path / "origin", merge, tmp_path)
        job = reviewed(runner, sarif="true", **{"fail-on": fail_on})
        assert job.failed == failed
        [mark] = [line for line in job.log.splitlines() if "OrgBaseline-IamUser" in line]
        assert mark.startswith("::error file=.org-baseline/assembly-head/OrgBaseline.template.json,line=")
        if failed != "Check":
            [log] = runner.uploaded
            assert broken_rules_of_sarif(log) == []
            assert "pr comment" in runner.asked

    def test_what_does_not_synthesize_is_not_reviewed(self, runner: GithubRunner) -> None:
        job = runner.job(synthesize="head", install="true", synth="exit 3")
        assert job.failed == "Synthesize"
        assert list(runner.artifacts.iterdir()) == []

    def test_what_is_against_rules_of_its_own_is_reviewed_and_fails(self, runner: GithubRunner) -> None:
        runner.job(synthesize="base", **SYNTH)
        assert runner.job(synthesize="head", install="true", synth=f"{SYNTH['synth']}; exit 1").failed == ""
        job = runner.job(install="true")
        assert job.failed == "Judge"
        assert GAINED in job.summary

    def test_fails_where_it_cannot_tell(self, runner: GithubRunner) -> None:
        runner.job(synthesize="base", **SYNTH)
        job = runner.job(install="true")
        assert (job.failed, job.summary) == ("Compare", "")

    def test_runs_no_app_of_the_change(self, runner: GithubRunner) -> None:
        for side in ("base", "head"):
            assert runner.job(synthesize=side, **SYNTH).failed == ""
        as_app(runner.artifacts / "assembly-head", ran := runner.folder / "ran")
        job = runner.job(install="true")
        assert (job.failed, job.summary, runner.asked) == ("Compare", "", "")
        assert "::error::assembly-head is no cloud assembly" in job.log
        assert not ran.exists()

    @pytest.mark.long
    def test_marks_the_line_of_a_real_app(self, tmp_path: Path) -> None:
        origin = tmp_path / "origin"
        (origin / "infra").mkdir(parents=True)
        git(origin, "init", "--quiet")
        (origin / "infra" / "cdk.json").write_text(json.dumps({"app": "python app.py"}))
        for ends in ("", 'iam.CfnUser(organization, "Robot")\n'):
            (origin / "infra" / "app.py").write_text(APP + ends + "app.synth()\n")
            git(origin, "add", ".")
            git(origin, "commit", "--quiet", "-m", "a commit")
        runner = GithubRunner(ACTION, origin, merged(origin), tmp_path)
        given = {"install": "true", "working-directory": "infra"}
        for side in ("base", "head"):
            job = runner.job(synthesize=side, synth='cdk synth --quiet --output "$ASSEMBLY"', **given)
            assert job.failed == "", job.log
        job = runner.job(**given)
        assert job.failed == "Judge"
        assert f"::error file=infra/app.py,line={len(APP.splitlines()) + 1},title=OrgBaseline-IamUser::" in job.log


APP: Final = dedent(
    """
    import aws_cdk as cdk
    from aws_cdk import aws_iam as iam
    from org_constructs import IdentityCenter, OrgBaseline, UserProps

    app = cdk.App()
    organization = OrgBaseline(
        app,
        "OrgBaseline",
        env=cdk.Environment(account="111122223333", region="us-east-1"),
        company="acme",
        email="aws@acme.com",
        identity_center=IdentityCenter(
            instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444", identity_store_id="d-1111222233"
        ),
        users=[UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Raad")],
    )
    """
)


class GitlabRunner:
    """Runs the jobs of the component as a runner of GitLab does, each in a clone; `curl` notes what it is asked.

    https://docs.gitlab.com/ci/yaml/ and https://docs.gitlab.com/ci/variables/predefined_variables/
    """

    def __init__(self, origin: Path, folder: Path, **inputs: str) -> None:
        self.origin, self.folder = origin, folder
        text = COMPONENT.read_text(encoding="utf-8")
        header, _ = yaml.safe_load_all(text)
        given = {name: each["default"] for name, each in header["spec"]["inputs"].items()} | inputs
        # As text of YAML, in which GitLab leaves it one value.
        text = re.sub(
            r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: json.dumps(given[found[1]]), text.partition("\n---\n")[2]
        )
        self.jobs: dict[str, Any] = yaml.safe_load(text)
        tools = folder / "bin"
        tools.mkdir()
        curl = tools / "curl"
        curl.write_text(
            f'#!/bin/bash\necho "$@" "$(cat)" >> {folder}/asked\ncase "$*" in *per_page*) cat {folder}/notes ;; esac\n'
        )
        curl.chmod(0o755)
        self.environment = {
            "PATH": os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(folder),
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(origin, "rev-parse", "HEAD^"),
            "CI_API_V4_URL": "https://gitlab.acme.com/api/v4",
            "CI_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "7",
        }

    def run(self, job: str, **environment: str) -> int:
        clone = self.folder / job
        git(self.folder, "clone", "--quiet", str(self.origin), str(clone))
        said = self.whole(job)
        for needed in said.get("needs", ()):
            for path in self.whole(needed)["artifacts"]["paths"]:
                shutil.copytree(self.folder / needed / path, clone / path, dirs_exist_ok=True)
        variables = {key: each["value"] if isinstance(each, dict) else each for key, each in said["variables"].items()}
        return subprocess.run(  # noqa: S603 (the component's own)
            ["bash", "-eo", "pipefail", "-c", "\n".join(said["script"])],  # noqa: S607
            cwd=clone,
            env=self.environment | {"CI_PROJECT_DIR": str(clone)} | variables | environment,
            check=False,
            capture_output=True,
        ).returncode

    def whole(self, job: str) -> dict[str, Any]:
        """A job with what it extends."""
        said: dict[str, Any] = self.jobs[job]
        if "extends" not in said:
            return said
        below = self.whole(said["extends"])
        return below | said | {"variables": below["variables"] | said.get("variables", {})}


class TestComponent:
    def test_is_as_gitlab_has_it(self, tmp_path: Path) -> None:
        header, _, jobs = COMPONENT.read_text(encoding="utf-8").partition("\n---\n")
        for name, text in {"header": header, "jobs": jobs}.items():
            (tmp_path / f"{name}.yml").write_text(text)
            assert_valid("gitlab-ci", tmp_path / f"{name}.yml")

    def test_no_input_becomes_part_of_a_script(self) -> None:
        _, _, jobs = COMPONENT.read_text(encoding="utf-8").partition("\n---\n")
        scripts = [line for job in yaml.safe_load(jobs.replace("$[[", "")).values() for line in job.get("script", ())]
        assert scripts
        assert "inputs." not in str(scripts)

    def test_says_who_gains_access_and_passes_with_a_warning(self, tmp_path: Path) -> None:
        repository(tmp_path / "origin", LESS, MORE)
        runner = GitlabRunner(tmp_path / "origin", tmp_path, **SYNTH)
        assert runner.run("access-base") == runner.run("access-head") == 0
        assert runner.run("access") == runner.jobs["access"]["allow_failure"]["exit_codes"] == 3
        written = tmp_path / "access"
        assert GAINED in (written / "access-diff.md").read_text(encoding="utf-8")
        assert_as_published((written / "access-diff.json").read_text(encoding="utf-8"))
        assert broken_rules_of_junit((written / "check.xml").read_text(encoding="utf-8")) == []
        assert not (tmp_path / "asked").exists()

    def test_the_change_writes_its_own_side_alone(self, tmp_path: Path) -> None:
        repository(tmp_path / "origin", LESS, MORE)
        runner = GitlabRunner(tmp_path / "origin", tmp_path, **SYNTH)
        both = 'cp -R written "$ASSEMBLY"; cp -R written "${ASSEMBLY%/*}/base"'
        assert runner.run("access-base") == runner.run("access-head", SYNTH=both) == 0
        assert (tmp_path / "access-head" / ".org-baseline" / "base").is_dir()
        assert runner.run("access") == 3

    def test_runs_no_app_of_the_change(self, tmp_path: Path) -> None:
        repository(tmp_path / "origin", LESS, MORE)
        runner = GitlabRunner(tmp_path / "origin", tmp_path, **SYNTH)
        assert runner.run("access-base") == runner.run("access-head") == 0
        as_app(tmp_path / "access-head" / ".org-baseline" / "head", ran := tmp_path / "ran")
        assert runner.run("access") == 1
        assert not ran.exists()

    def test_comments_once_and_then_replaces_that(self, tmp_path: Path) -> None:
        repository(tmp_path / "origin", LESS, UNSAFE)
        runner = GitlabRunner(tmp_path / "origin", tmp_path, **SYNTH)
        assert runner.run("access-base") == runner.run("access-head") == 0
        for notes, asked in {
            "[]": "--request POST --data-urlencode body@{}/access-diff.md {}/merge_requests/7/notes ",
            json.dumps(
                [{"id": 41, "body": "Hi"}, {"id": 42, "body": f"{COMMENT_MARK}\n"}]
            ): "--request PUT --data-urlencode body@{}/access-diff.md {}/merge_requests/7/notes/42 ",
        }.items():
            (tmp_path / "notes").write_text(notes)
            assert runner.run("access", ORG_BASELINE_TOKEN="of-a-project") == 0  # noqa: S106 (none)
            last = (tmp_path / "asked").read_text().splitlines()[-1]
            assert asked.format(tmp_path / "access", "https://gitlab.acme.com/api/v4/projects/5") in last
            # Not among the arguments, which everybody on the machine can see.
            assert last.endswith(" PRIVATE-TOKEN: of-a-project")
            shutil.rmtree(tmp_path / "access")


class TestHooks:
    HOOKS: Final = {each["id"]: each for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}

    def test_check_is_given_the_templates(self, tmp_path: Path) -> None:
        hook = self.HOOKS["org-baseline-check"]
        write_assembly(tmp_path, {"OrgBaseline": stack(UNSAFE)})
        given = [each.name for each in tmp_path.iterdir() if re.search(hook["files"], each.name)]
        assert given == ["OrgBaseline.template.json"]
        assert run_hook(hook, tmp_path, *given) == 1

    def test_access_diff_compares_with_the_last_commit(self, tmp_path: Path) -> None:
        hook = self.HOOKS["org-baseline-access-diff"]
        assert hook["pass_filenames"] is False
        assert [
            each for each in ("app.py", "cdk.json", "infra/cdk.context.json") if not re.search(hook["files"], each)
        ] == []
        repository(tmp_path / "origin", LESS, MORE)
        # The next commit adds the app, which the last one lacks: nobody can tell.
        assert run_hook(hook, tmp_path / "origin") == 2


def run_hook(hook: dict[str, Any], folder: Path, *files: str) -> int:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(  # noqa: S603 (our own)
        [*hook["entry"].split(), *files], cwd=folder, env=os.environ | {"PATH": path}, check=False, capture_output=True
    ).returncode


# The first versions of which `runs.using` is node24.
FIRST_ON_NODE_24: Final = {
    "actions/checkout": 5,
    "actions/setup-python": 6,
    "actions/setup-node": 5,
    "actions/upload-artifact": 6,
    "actions/download-artifact": 7,
    "github/codeql-action/upload-sarif": 4,
}


def assert_valid(schema: str, file: Path) -> None:
    """Assert that a file is as its schema has it, which check-jsonschema brings."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 (our own)
    assert done.returncode == 0, done.stdout + done.stderr
