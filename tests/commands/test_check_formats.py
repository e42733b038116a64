"""What `org-baseline check` writes for other programs: valid by their schemas, with the place that is to blame."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from checked_templates import organization, resource
from cloud_assembly import stack, write_assembly
from org_constructs.commands import main
from org_constructs.rules import RULES
from project import ROOT
from published_formats import broken_rules_of_junit, broken_rules_of_sarif

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE: Final = 'A]"(b),c:\n::error file=x::%0A[x](https://acme.com)&<!--\ufffe]]>{0}'
CALLS: Final = ("...jsii runtime...", "__init__ (/venv/site-packages/lib.py:7)", "<module> ({}:3)", "main (run.py:9)")


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an app in a clone of its repository, with an account that goes with its stack and an IAM user."""
    folder = tmp_path / "infra structure"
    folder.mkdir()
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(folder)
    resources = organization()
    resources["Dev"]["DeletionPolicy"] = "Delete"
    resources["Robot"] = resource("IAM::User")
    (folder / "cdk.out").mkdir()
    write_assembly(
        folder / "cdk.out",
        {"Org": stack(resources, additionalMetadataFile="Org.metadata.json"), "Empty": stack({})},
    )
    synthesized(folder, calls=[])
    return folder


def synthesized(folder: Path, calls: list[str]) -> None:
    entries = [{"type": "aws:cdk:logicalId", "data": "Dev"}, {"type": "aws:cdk:acknowledged-rules", "data": {}}]
    created = [{"type": "aws:cdk:creationStack", "data": calls}] * bool(calls)
    (folder / "cdk.out" / "Org.metadata.json").write_text(json.dumps({"/Org/Dev/Resource": [*entries, *created]}))


def check(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


def sarif(*arguments: object) -> dict[str, Any]:
    log = json.loads(check("--format", "sarif", *arguments).stdout)
    assert broken_rules_of_sarif(log) == []
    [run] = log["runs"]
    assert isinstance(run, dict)
    return run


def result(run: dict[str, Any], rule: str) -> dict[str, Any]:
    [found] = [each for each in run["results"] if each["ruleId"] == rule]
    assert run["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == rule
    return found  # type: ignore[no-any-return]


def place(location: dict[str, Any]) -> tuple[str, int]:
    physical = location["physicalLocation"]
    return unquote(physical["artifactLocation"]["uri"]), physical["region"]["startLine"]


def line_of(text: str, folder: Path) -> int:
    """The line of the template in which Dev has the text."""
    lines = (folder / "cdk.out" / "Org.template.json").read_text().splitlines()
    begins = next(number for number, line in enumerate(lines) if '"Dev": {' in line)
    return next(number for number, line in enumerate(lines, 1) if number > begins and text in line)


def indent(folder: Path) -> None:
    file = folder / "cdk.out" / "Org.template.json"
    file.write_text(json.dumps(json.loads(file.read_text()), indent=1))


class TestSarif:
    def test_has_every_rule_with_the_page_that_explains_it(self, app: Path) -> None:
        rules = sarif(app / "cdk.out")["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
        page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").lower()
        for rule in rules:
            address, _, anchor = rule["helpUri"].partition("#")
            assert address.endswith("/org_constructs/blob/main/docs/rules.md")
            assert f"\n## {anchor}\n" in page

    def test_names_the_line_of_the_template_where_nothing_says_that_of_the_app(self, app: Path) -> None:
        indent(app)
        found = result(sarif(), "OrgBaseline-Retain")
        assert found["level"] == "error"
        [location] = found["locations"]
        assert place(location) == ("infra structure/cdk.out/Org.template.json", line_of("DeletionPolicy", app))
        assert location["physicalLocation"]["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert location["logicalLocations"] == [
            {"name": "Dev", "fullyQualifiedName": "Org/Dev/Resource", "kind": "resource"}
        ]
        assert "relatedLocations" not in found

    def test_names_the_line_of_the_app_that_made_the_construct(self, app: Path) -> None:
        synthesized(app, [each.format(app / "app.py") for each in CALLS])
        found = result(sarif(), "OrgBaseline-Retain")
        assert place(found["locations"][0]) == ("infra structure/app.py", 3)
        assert place(found["relatedLocations"][0])[0] == "infra structure/cdk.out/Org.template.json"

    @pytest.mark.parametrize(
        "call",
        ["main (/elsewhere/app.py:3)", "main ({}/.venv/site-packages/lib.py:3)", "new A (node_modules/a/b.js:3:1)"],
    )
    def test_a_call_outside_of_the_app_is_not_its_line(self, app: Path, call: str) -> None:
        synthesized(app, [call.format(app)])
        assert place(result(sarif(), "OrgBaseline-Retain")["locations"][0])[0].endswith("Org.template.json")

    def test_a_call_of_another_language_is_the_line_of_the_app(self, app: Path) -> None:
        synthesized(app, [f"new Org ({app / 'lib.ts'}:12:5)"])
        assert place(result(sarif(), "OrgBaseline-Retain")["locations"][0]) == ("infra structure/lib.ts", 12)

    def test_a_finding_is_known_by_its_construct_wherever_it_stands(self, app: Path) -> None:
        before = sarif()["results"]
        indent(app)
        synthesized(app, [f"<module> ({app / 'app.py'}:3)"])
        fingerprints = [each["partialFingerprints"] for each in before]
        assert [each["partialFingerprints"] for each in sarif()["results"]] == fingerprints
        assert len({json.dumps(each) for each in fingerprints}) == len(before) > 1
        # 64 bits and a count, as GitHub writes them: https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
        assert all(re.fullmatch("[0-9a-f]{16}:1", each["primaryLocationLineHash"]) for each in fingerprints)

    def test_a_template_outside_of_the_repository_is_an_address(self, app: Path, tmp_path_factory: Any) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere") / "a b.json"
        elsewhere.write_text((app / "cdk.out" / "Org.template.json").read_text())
        [location] = result(sarif(elsewhere), "OrgBaseline-IamUser")["locations"]
        assert location["physicalLocation"]["artifactLocation"] == {"uri": elsewhere.as_uri()}

    def test_json_that_is_no_yaml_has_its_first_line(self, app: Path) -> None:
        file = app / "cdk.out" / "Org.template.json"
        # PyYAML takes no key of more than 1,024 characters.
        file.write_text(json.dumps({"A" * 2000: 1, **json.loads(file.read_text())}))
        assert place(result(sarif(), "OrgBaseline-Retain")["locations"][0])[1] == 1

    def test_a_name_is_no_link(self, tmp_path: Path) -> None:
        file = tmp_path / "a.json"
        file.write_text(json.dumps({"Resources": {HOSTILE: resource("IAM::User")}}))
        text = result(sarif(file), "OrgBaseline-IamUser")["message"]["text"]
        assert r"\[x\](https://acme.com)" in text
        assert r"A\]" in text


class TestGithub:
    def test_marks_the_line_and_says_what_matters_most_first(self, app: Path) -> None:
        synthesized(app, [f"<module> ({app / 'app.py'}:3)"])
        lines = check("--format", "github").stdout.splitlines()
        assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
        [retain] = [line for line in lines if "OrgBaseline-Retain" in line]
        assert retain.startswith("::error file=infra structure/app.py,line=3,title=OrgBaseline-Retain::")
        assert "%0AOrg/Dev/Resource (Dev)  DeletionPolicy" in retain

    def test_a_name_is_neither_a_command_nor_another_property(self, tmp_path: Path) -> None:
        file = tmp_path / "a,b:c%.json"
        file.write_text(json.dumps({"Resources": {HOSTILE: resource("IAM::User")}}))
        [line] = check("--format", "github", file).stdout.splitlines()
        assert line.startswith("::error file=")
        # Taken apart as https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs does.
        properties, _, data = line.removeprefix("::error ").partition("::")
        names = dict(each.split("=", 1) for each in properties.split(","))
        assert names.keys() == {"file", "line", "title"}
        assert names["file"].endswith("a%2Cb%3Ac%25.json")
        assert "%250A[x]" in data


class TestJunit:
    def test_a_rule_is_a_test_that_fails_where_it_finds_something(self, app: Path) -> None:
        written = check("--format", "junit", app / "cdk.out")
        assert written.exit_code == 1
        assert broken_rules_of_junit(written.stdout) == []
        suites = ET.fromstring(written.stdout)  # noqa: S314 (our own)
        cases = {case.attrib["name"]: case for case in suites.iter("testcase")}
        assert list(cases) == [rule.id for rule in RULES]
        failed = {name for name, case in cases.items() if case.find("failure") is not None}
        assert {"OrgBaseline-Retain", "OrgBaseline-IamUser"} <= failed
        assert suites.attrib["failures"] == str(len(failed))
        failure = cases["OrgBaseline-Retain"].find("failure")
        assert failure is not None
        assert failure.attrib["type"] == "error"
        assert "Org/Dev/Resource (Dev)  DeletionPolicy" in (failure.text or "")

    def test_a_name_is_no_markup(self, tmp_path: Path) -> None:
        file = tmp_path / "a.json"
        file.write_text(json.dumps({"Resources": {HOSTILE: resource("IAM::User")}}))
        written = check("--format", "junit", file).stdout
        assert broken_rules_of_junit(written) == []
        [failure] = ET.fromstring(written).iter("failure")  # noqa: S314 (our own)
        assert 'A]"(b),c:' in (failure.text or "")
        assert r"\ufffe" in (failure.text or "")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.sarif", '{\n  "$schema"'), ("a.xml", "<?xml"), ("a.json", "[\n"), ("a.txt", "ERROR OrgBaseline-")],
)
def test_writes_the_format_that_the_ending_says(app: Path, name: str, begins: str) -> None:
    written = check("--output", name)
    assert (written.exit_code, written.stdout) == (1, "")
    assert (app / name).read_text(encoding="utf-8").startswith(begins)


def test_json_is_an_option_of_its_own_as_well(app: Path) -> None:
    assert (app / "cdk.out").is_dir()
    assert check("--json").stdout == check("--format", "json").stdout != check().stdout
