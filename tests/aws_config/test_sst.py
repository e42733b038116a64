"""`org-baseline sst`: what it prints, and that SST takes it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from cloud_assembly import baseline, get, stack, write_assembly
from org_constructs.commands import main
from real_clients import pulumi_types, sst_2_types, sst_cli, sst_environment, typescript
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    return write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(baseline())})


def sst(assembly: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["sst", "--assembly", str(assembly), *arguments])


def renamed(names: Mapping[str, str]) -> dict[str, Any]:
    resources = baseline()
    for resource in resources.values():
        if resource["Type"] == "AWS::Organizations::Account":
            name = resource["Properties"]["AccountName"]
            resource["Properties"]["AccountName"] = names.get(name, name)
    return resources


STAGES = ["--stage", "staging=acme-production", "--stage", "constructor=acme-dev"]


def test_prints_the_guides_choice_by_default(assembly: Path) -> None:
    result = sst(assembly)
    assert result.exit_code == 0
    assert (
        result.output
        == """\
/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    return {
      name: "my-sst-app",
      home: "aws",
      providers: {
        aws: {
          // AWS_PROFILE, set in the shell or in a .env file, takes precedence over this.
          profile: input.stage === "production" ? "acme-production" : "acme-dev",
        },
      },
    };
  },
  async run() {
    // Your resources
  },
});
"""
    )


def test_prints_further_stages_in_the_order_given(assembly: Path) -> None:
    assert (
        """\
          profile:
            input.stage === "production" ? "acme-production"
            : input.stage === "staging" ? "acme-production"
            : input.stage === "constructor" ? "acme-dev"
            : "acme-dev",
"""
        in sst(assembly, *STAGES).output
    )


def test_prints_the_older_form_for_sst_2(assembly: Path) -> None:
    assert (
        sst(assembly, "--sst", "2", "--name", "shop").output
        == """\
import type { SSTConfig } from "sst";

export default {
  config(input) {
    return {
      name: "shop",
      region: "us-east-1",
      profile: input.stage === "production" ? "acme-production" : "acme-dev",
    };
  },
  stacks() {
    // Your stacks
  },
} satisfies SSTConfig;
"""
    )


def test_takes_another_profile_for_a_stage_and_for_every_other_one(assembly: Path) -> None:
    result = sst(assembly, "--stage", "production=acme-dev", "--stage", "*=acme-production")
    assert 'input.stage === "production" ? "acme-dev" : "acme-production"' in result.output


def test_knows_the_accounts_by_the_last_word_of_their_names(tmp_path: Path) -> None:
    resources = renamed({"acme-dev": "Acme Development", "acme-production": "prod"})
    result = sst(write_assembly(tmp_path / "out", {"OrgBaseline": stack(resources)}))
    assert 'input.stage === "production" ? "prod" : "Acme-Development"' in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "values"),
    [
        (["--stage", "staging"], "stage-form", ["'staging'"]),
        (["--stage", "sta ging=acme-dev"], "stage-form", ["'sta ging=acme-dev'"]),
        (["--stage", "a=acme-de"], "stage-profile-unknown", ["'acme-de'", "acme-dev, acme-production"]),
        (["--stage", "production=management"], "stage-profile-unknown", ["'management'", "acme-dev, acme-production"]),
        (["--name", "1st"], "app-name-form", ["'1st'"]),
        (["--name", "my app"], "app-name-form", ["'my app'"]),
        (["--stack", "Org"], "stack-unknown", ["'Org'", "OrgBaseline"]),
    ],
)
def test_refuses_bad_input_in_one_sentence(assembly: Path, arguments: list[str], code: str, values: list[str]) -> None:
    result = sst(assembly, *arguments)
    assert_refused(result, code, *values)
    assert len(result.stderr.splitlines()) == 2  # the sentence and its code


@pytest.mark.parametrize(
    ("names", "stage"),
    [
        ({"acme-production": "acme-live"}, "production"),
        ({"acme-dev": "acme-play"}, "dev"),
        ({"acme-dev": "a-prod"}, "production"),
    ],
    ids=["no production", "no dev", "two productions"],
)
def test_asks_for_the_stage_that_it_cannot_know(tmp_path: Path, names: dict[str, str], stage: str) -> None:
    result = sst(write_assembly(tmp_path / "out", {"OrgBaseline": stack(renamed(names))}))
    assert_refused(result, "stage-without-profile", f"called {stage},")


def test_offers_no_profile_of_accounts_that_share_a_name(tmp_path: Path) -> None:
    resources = baseline()
    in_twin = {**resources["OfDev"]["Properties"], "TargetId": get("Twin", "AccountId")}
    resources["Twin"] = resources["Production"]
    resources["OfTwin"] = {**resources["OfDev"], "Properties": in_twin}
    result = sst(write_assembly(tmp_path / "out", {"OrgBaseline": stack(resources)}), "--stage", "a=acme-production")
    assert_refused(result, "stage-profile-unknown", "'acme-production'", "acme-dev")
    assert "acme-production-" not in result.stderr


def refused_by_types(folder: Path, files: Mapping[str, str]) -> set[str]:
    """Return which of these files TypeScript, strict, finds an error in."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    options = {
        "strict": True,
        "noEmit": True,
        "skipLibCheck": True,
        "noUnusedLocals": True,
        "noUnusedParameters": True,
        "module": "esnext",
        "moduleResolution": "bundler",
        "target": "es2022",
        "types": [],
    }
    settings = {"compilerOptions": options, "files": list(files)}
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(typescript()), "--project", str(folder), "--pretty", "false"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 (pinned)
    # SST's own sources, which its types lead to, miss the packages that SST installs beside them.
    files_with_errors = {line.partition("(")[0] for line in ended.stdout.splitlines()}
    assert not [line for line in ended.stdout.splitlines() if line.startswith("error")], ended.stdout
    return files_with_errors & set(files)


def write_types(folder: Path, version: str) -> None:
    """Let the SST CLI load sst.config.ts and write the types that it has for it, without what it would install."""
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "node_modules").symlink_to(pulumi_types())
    environment = sst_environment(folder, version)
    command = [str(sst_cli(version)), "install", "--stage", "production", "--print-logs"]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (pinned)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "config evaluated" in ended.stdout + ended.stderr


@pytest.mark.parametrize("version", ["3", "4"])
def test_sst_loads_what_is_printed_and_its_types_agree(assembly: Path, tmp_path: Path, version: str) -> None:
    printed = sst(assembly, "--sst", version, *STAGES).output
    (tmp_path / "sst.config.ts").write_text(printed, encoding="utf-8")
    write_types(tmp_path, version)
    # That the types see mistakes is shown by some.
    wrong = {
        "word.ts": printed.replace("profile:", "profil:"),
        "value.ts": printed.replace(': "acme-dev"', ": 5"),
        "home.ts": printed.replace('"aws"', '"amazon"'),
    }
    assert refused_by_types(tmp_path, {"sst.config.ts": printed, **wrong}) == wrong.keys()


def test_the_types_of_sst_2_agree(assembly: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "sst").symlink_to(sst_2_types())
    printed = sst(assembly, "--sst", "2", *STAGES).output
    wrong = {
        "word.ts": printed.replace("stacks()", "stack()"),
        "value.ts": printed.replace(': "acme-dev"', ": 5"),
        "name.ts": printed.replace("name:", "called:"),
    }
    assert refused_by_types(tmp_path, {"sst.config.ts": printed, **wrong}) == wrong.keys()
