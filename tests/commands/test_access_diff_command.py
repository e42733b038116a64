"""`org-baseline access-diff`: where it reads the two states, and what it exits with."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own
from click.testing import CliRunner, Result

from cloud_assembly import baseline, stack, write_assembly
from org_constructs.commands import main
from published_formats import assert_as_published
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Mapping

GAINED = "+ dax@acme.com has AdministratorAccess in acme-dev (through group Administrators)"
LOST = "- dax@acme.com no longer has AdministratorAccess in acme-dev (was through group Administrators)"

# What an app does, without a Node of its own: it writes the assembly where the CDK CLI wants it.
APP = """
import os, shutil
shutil.copytree("written", os.environ["CDK_OUTDIR"], dirs_exist_ok=True)
"""

# Waits for another app that is run at the same time.
WAITS = """
import pathlib, sys, time
pathlib.Path("there").touch()
end = time.monotonic() + 30
while not pathlib.Path({!r}).exists():
    assert time.monotonic() < end
    time.sleep(0.05)
"""


def less() -> dict[str, Any]:
    """The organization, in which dax does not administer dev."""
    return {key: each for key, each in baseline().items() if key != "OfDev"}


def access_diff(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["access-diff", *map(str, arguments)])


def assembly(folder: Path, resources: Mapping[str, Any]) -> Path:
    return write_assembly(folder, {"OrgBaseline": stack(resources)})


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return assembly(tmp_path / "before", less())


@pytest.fixture
def after(tmp_path: Path) -> Path:
    return assembly(tmp_path / "after", baseline())


def test_writes_json_that_programs_read(before: Path, after: Path, tmp_path: Path) -> None:
    result = access_diff(before, after, "--format", "json")
    assert result.exit_code == 3
    assert_as_published(result.stdout)
    written = json.loads(result.stdout)
    assert written["AccessDiff"] == 1
    assert written["widens"] is True
    assert written["gained"] == [
        {
            "who": "dax@acme.com",
            "everybodyInGroup": False,
            "permissionSet": "AdministratorAccess",
            "administers": True,
            "account": "acme-dev",
            "accountId": None,
            "groups": ["Administrators"],
            "directly": False,
        }
    ]
    assert written["lost"] == []
    [change] = written["changes"]
    assert (change["effect"], f"+ {change['sentence']}") == ("widens", GAINED)
    assert change["about"] == [each["name"] for each in written["contents"]] == ["AdministratorAccess"]
    assert access_diff(after, before, "-o", tmp_path / "a.json").exit_code == 0
    assert json.loads((tmp_path / "a.json").read_text())["lost"] == written["gained"]


def test_says_what_the_newer_templates_leave_out(before: Path) -> None:
    file = before / "OrgBaseline.template.json"
    metadata = {"OrgBaseline": {"Waiting": {"Users": 1, "Assignments": 2}}}
    file.write_text(json.dumps({**json.loads(file.read_text()), "Metadata": metadata}), encoding="utf-8")
    written = access_diff(before, before, "--format", "json").stdout
    assert_as_published(written)
    [waits] = json.loads(written)["waiting"]
    assert waits["code"] == "OrgBaseline-NoIdentityCenter"
    assert "1 person and 2 assignments" in waits["sentence"]
    for form in ("text", "markdown"):
        shown = access_diff(before, before, "--format", form).stdout.splitlines()
        assert f"Note: {waits['sentence']} [{waits['code']}]" in shown


class TestExitCode:
    def test_is_3_where_access_widens(self, before: Path, after: Path) -> None:
        result = access_diff(before, after)
        assert GAINED in result.stdout.splitlines()
        assert result.exit_code == 3

    def test_is_0_where_it_narrows(self, before: Path, after: Path) -> None:
        result = access_diff(after, before)
        assert LOST in result.stdout.splitlines()
        assert result.exit_code == 0

    def test_is_0_where_nothing_changes(self, after: Path) -> None:
        result = access_diff(after, after)
        [line] = result.stdout.splitlines()
        assert line[0] not in "+-~"
        assert result.exit_code == 0


def test_an_assembly_is_compared_with_a_template_file(before: Path, after: Path) -> None:
    result = access_diff(before, after / "OrgBaseline.template.json")
    assert GAINED in result.stdout.splitlines()
    assert result.exit_code == 3


def test_a_deployed_template_which_cloudformation_has_as_yaml_is_compared(after: Path, tmp_path: Path) -> None:
    deployed = tmp_path / "deployed.yaml"
    deployed.write_text(yaml.safe_dump({"Resources": less()}), encoding="utf-8")
    result = access_diff(deployed, after)
    assert GAINED in result.stdout.splitlines()
    assert result.exit_code == 3


def test_markdown_is_for_a_comment(before: Path, after: Path) -> None:
    result = access_diff(before, after, "--format", "markdown")
    assert "- **+** `dax@acme.com` has `AdministratorAccess` in `acme-dev` (through group `Administrators`)" in (
        result.stdout.splitlines()
    )
    assert result.exit_code == 3


def test_html_is_a_page_of_the_change(before: Path, after: Path, tmp_path: Path) -> None:
    os.utime(before / "manifest.json", (0, 0))
    os.utime(after / "manifest.json", (60, 60))
    page = tmp_path / "change.html"
    result = access_diff(before, after, "--output", page)
    assert (result.stdout, result.exit_code) == ("", 3)
    shown = page.read_text(encoding="utf-8")
    (changes,) = re.findall(r'<section id="changes".*?</section>', shown, re.DOTALL)
    # As it is without marks, since all of it is escaped.
    lines = [line for line in re.sub(r"<[^>]+>", "", changes).splitlines() if line]
    assert lines == ["What changes", "Access widens: let a second person review this.", "Gained 1", GAINED]
    assert "<b>AdministratorAccess</b>" in changes
    assert (
        f"This is what changes from {before} of 1970-01-01T00:00:00Z to {after} of 1970-01-01T00:01:00Z,"
        " and the organization as it is then."
    ) in shown
    again = access_diff(before, after, "--format", "html")
    assert again.stdout == shown
    back = access_diff(after, before, "--format", "html")
    assert re.findall(r"<h3>(\w+) <small>1</small>", back.stdout) == ["Lost"]
    assert back.exit_code == 0
    nothing = access_diff(after, after, "--format", "html").stdout
    assert "Nothing changes for anybody." in nothing
    # The matrix has the same, as what, for whom and where.
    marked = [re.findall(r'"changes":\[(?:\["(.)",)?', each) for each in (shown, back.stdout, nothing)]
    assert marked == [["+"], ["-"], [""]]


def test_what_is_written_has_no_colours_and_nothing_is_written_where_that_cannot_be(
    before: Path, after: Path, tmp_path: Path
) -> None:
    assert access_diff(before, after, "-o", tmp_path / "change.txt").exit_code == 3
    assert GAINED in (tmp_path / "change.txt").read_text(encoding="utf-8").splitlines()
    assert_refused(access_diff(before, after, "-o", tmp_path / "no" / "x.html"), "file-unwritable", str(tmp_path))


def test_reads_assemblies_and_template_files_without_cdk_node_and_git(before: Path, after: Path) -> None:
    script = (
        "import sys; from org_constructs.commands import main\n"
        "code = main(['access-diff', *sys.argv[1:]], standalone_mode=False)\n"
    )
    check = "import atexit, sys; atexit.register(lambda: print('aws_cdk' in sys.modules, 'jsii' in sys.modules))\n"
    done = subprocess.run(  # noqa: S603 (this Python)
        [sys.executable, "-c", check + script, before, after / "OrgBaseline.template.json"],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1] == "False False"


def test_reads_one_of_two_organizations_by_its_stack(tmp_path: Path) -> None:
    metadata = {"Metadata": {"OrgBaseline": {"Format": 1, "Company": "acme"}}}

    def organizations(folder: str, test: Mapping[str, Any]) -> Path:
        stacks = {"Test": stack(test), "Live": stack(baseline())}
        for each in stacks.values():
            each["template"] |= metadata
        return write_assembly(tmp_path / folder, stacks)

    old, new = organizations("old", less()), organizations("new", baseline())
    assert access_diff(old, new, "--stack", "Test").exit_code == 3
    assert access_diff(old, new, "--stack", "Live").exit_code == 0
    assert_refused(access_diff(old, new), "several-organizations", f"OLD '{old}': ", "Test, Live")
    assert_refused(access_diff(old, new, "--stack", "Nowhere"), "stack-unknown", f"OLD '{old}': ", "'Nowhere'")


def test_a_stack_that_is_new_is_read_where_it_is(tmp_path: Path) -> None:
    old = write_assembly(tmp_path / "old", {"Core": stack(baseline())})
    more = {"Kim": {"Type": "AWS::IdentityStore::User", "Properties": {"UserName": "kim@acme.com"}}}
    new = write_assembly(tmp_path / "new", {"Core": stack(baseline()), "More": stack(more)})
    result = access_diff(old, new, "--stack", "Core", "--stack", "More")
    [new_user] = (line for line in result.stdout.splitlines() if line.startswith("~"))
    assert "kim@acme.com" in new_user


class TestRefusals:
    @pytest.fixture(autouse=True)
    def in_an_empty_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_refuses_what_is_nothing_to_compare(self, after: Path) -> None:
        refused = access_diff("nowhere", after)
        assert_refused(refused, "source-unknown", "OLD 'nowhere': ", "a template file", "in no git repository")

    def test_says_nothing_of_a_repository_that_has_no_such_revision(self, after: Path) -> None:
        subprocess.run(["git", "init", "--quiet"], check=True)  # noqa: S607 (git)
        refused = access_diff("nowhere", after)
        assert_refused(refused, "source-unknown", "OLD 'nowhere': ")
        assert "repository" not in refused.stderr

    def test_refuses_this_folder_where_it_is_no_app(self, after: Path) -> None:
        assert_refused(access_diff(after), "source-unknown", "NEW '.': ")

    @pytest.mark.parametrize(
        ("text", "code", "value"),
        [
            ("Resources:\n  A: 1\n", "template-syntax", "'a.json' is not JSON: Expecting value"),
            ("[]", "template-not-a-mapping", "'a.json'"),
            ("{}", "template-without-resources", ""),
            ('{"Resources": []}', "template-without-resources", ""),
        ],
    )
    def test_refuses_a_file_that_is_no_template(self, after: Path, text: str, code: str, value: str) -> None:
        Path("a.json").write_text(text, encoding="utf-8")
        assert_refused(access_diff("a.json", after), code, "OLD 'a.json': ", value)

    def test_refuses_a_resource_without_what_it_must_have(self, after: Path) -> None:
        Path("a.json").write_text('{"Resources": {"A": {"Type": "AWS::Organizations::Account"}}}', encoding="utf-8")
        assert_refused(access_diff("a.json", after), "template-incomplete", "OLD 'a.json': ")

    def test_refuses_one_template_of_several_that_belong_together(self, after: Path) -> None:
        reference = {"Fn::GetStackOutput": {"StackName": "Core", "OutputName": "DevId"}}
        resources = baseline()
        resources["OfDev"]["Properties"]["TargetId"] = reference
        Path("a.json").write_text(json.dumps({"Resources": resources}), encoding="utf-8")
        assert_refused(
            access_diff("a.json", after),
            "reference-unknown",
            "OLD 'a.json': stack 'a'",
            "manifest.json",
        )

    def test_refuses_an_assembly_without_an_organization(self, tmp_path: Path, after: Path) -> None:
        other = write_assembly(tmp_path / "other", {"Web": stack({})})
        assert_refused(access_diff(after, other), "organization-missing", f"NEW '{other}': ", "Web")

    def test_refuses_an_option_for_a_revision(self, after: Path) -> None:
        assert_refused(access_diff("--", "--all", after), "source-unknown", "OLD '--all': ")


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@needs_git
class TestRevisions:
    @pytest.fixture(autouse=True)
    def in_a_repository(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A repository with an app in a folder of it, whose last commit is without access to dev."""
        app = tmp_path / "repository" / "aws"
        app.mkdir(parents=True)
        for variable in [each for each in os.environ if each.startswith("GIT_")]:
            monkeypatch.delenv(variable)
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
        monkeypatch.chdir(app)
        (app / "app.py").write_text(APP, encoding="utf-8")
        (app / "cdk.json").write_text('{"app": "python app.py"}', encoding="utf-8")
        assembly(app / "written", less())
        self.git("init", "--quiet", "--initial-branch", "main", "..")
        self.git("add", "--all", ".")
        self.git("-c", "user.name=Dax", "-c", "user.email=dax@acme.com", "commit", "--quiet", "-m", "Start")
        return app

    @staticmethod
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout  # noqa: S603, S607 (of the test's own)

    def test_a_revision_is_synthesized_and_compared_with_the_working_tree(self, in_a_repository: Path) -> None:
        assembly(in_a_repository / "written", baseline())
        hook = in_a_repository.parent / ".git" / "hooks" / "post-checkout"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\ntouch hooked\n", encoding="utf-8")
        hook.chmod(0o755)
        status = self.git("status", "--porcelain", "--ignored")
        result = access_diff("main")
        assert result.exit_code == 3, result.stderr
        assert GAINED in result.stdout.splitlines()
        commit = self.git("rev-parse", "--short=7", "HEAD").strip()
        said = [
            line.partition(" (")[0] if line.startswith("Synthesized") else line for line in result.stderr.splitlines()
        ]
        assert said == [
            f"Synthesizing main ({commit}): python app.py",
            "Synthesized",
            "Synthesizing .: python app.py",
            "Synthesized",
        ]
        assert self.git("status", "--porcelain", "--ignored") == status
        assert len(self.git("worktree", "list").splitlines()) == 1

    @pytest.mark.parametrize("which", ["OLD", "NEW"])
    def test_two_apps_run_side_by_side_and_either_is_named_where_it_fails(
        self, in_a_repository: Path, tmp_path: Path, which: str
    ) -> None:
        folders = {argument: tmp_path / argument for argument in ("OLD", "NEW")}
        for argument, folder in folders.items():
            shutil.copytree(in_a_repository, folder)
            other = folders["NEW" if argument == "OLD" else "OLD"] / "there"
            fails = f"print('{argument} is broken'); sys.exit(1)" if argument == which else ""
            (folder / "app.py").write_text(WAITS.format(str(other)) + fails + APP, encoding="utf-8")
        result = access_diff(*folders.values())
        assert_refused(result, "synth-failed", f"{which} '{folders[which]}': ")
        assert f"{which} is broken" in result.stderr.splitlines()

    def test_a_revision_is_compared_with_an_assembly(self, after: Path) -> None:
        assert access_diff(after, "HEAD").stdout.splitlines()[1] == LOST

    def test_a_revision_without_a_cdk_json_is_called_what_it_was_given_as(self, after: Path) -> None:
        self.git("rm", "--quiet", "--cached", "cdk.json")
        self.git("-c", "user.name=Dax", "-c", "user.email=dax@acme.com", "commit", "--quiet", "-m", "Forget the app")
        commit = self.git("rev-parse", "--short=7", "HEAD").strip()
        assert_refused(access_diff("HEAD", after), "app-missing", "OLD 'HEAD': ", f"HEAD ({commit})")

    def test_a_revision_without_the_folder_is_refused_and_nothing_is_left(
        self, in_a_repository: Path, after: Path
    ) -> None:
        new = in_a_repository / "new"
        new.mkdir()
        os.chdir(new)
        result = access_diff("HEAD", after)
        assert_refused(result, "revision-without-folder", "OLD 'HEAD': ", "'aws/new/'")
        assert len(self.git("worktree", "list").splitlines()) == 1

    def test_an_app_that_does_not_synthesize_is_refused_with_what_it_says(self, after: Path) -> None:
        result = access_diff(after, "HEAD", "--app", "python -c \"raise SystemExit('no such unit')\"")
        assert_refused(result, "synth-failed", "NEW 'HEAD': ")
        assert "no such unit" in result.stderr

    def test_an_app_that_breaks_rules_is_compared_all_the_same(self, in_a_repository: Path, after: Path) -> None:
        breaking = "import sys\nsys.exit('a rule is broken')\n"
        (in_a_repository / "app.py").write_text(APP + breaking, encoding="utf-8")
        result = access_diff(".", after)
        assert result.exit_code == 3
        assert GAINED in result.stdout.splitlines()
        assert re.fullmatch("Synthesized .+ with errors .+", result.stderr.splitlines()[-1])

    def test_ctrl_c_ends_the_app_and_takes_the_worktree_away(self, in_a_repository: Path, after: Path) -> None:
        started = in_a_repository.parent.parent / "started"
        app = f"python -c \"import time; open({str(started)!r}, 'w').close(); time.sleep(60)\""
        command = [sys.executable, "-m", "org_constructs", "access-diff", "HEAD", str(after), "--app", app]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 (this Python)
        try:
            end = time.monotonic() + 60
            while not started.exists():
                assert time.monotonic() < end
                time.sleep(0.05)
            child.send_signal(signal.SIGINT)
            _, errors = child.communicate(timeout=30)
        finally:
            child.kill()
        assert child.returncode == 130
        assert errors.splitlines()[-1].startswith("Interrupt: ")
        assert len(self.git("worktree", "list").splitlines()) == 1
