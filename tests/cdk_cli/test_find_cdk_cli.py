"""Which CDK CLI is found, and that it is without a way to a real AWS."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cloud_assembly import ACCOUNT
from org_constructs.cdk_cli.cli import CDK_CLI_VERSION, CdkCli, find_cdk_cli
from project import ROOT
from refusals import refuses


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of PATH, this Python's own folder included."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(path: Path, name: str, version: str) -> str:
    (path / name).write_text(f"#!/bin/sh\necho '{version} (build fcf5e34)'\n", encoding="utf-8")
    (path / name).chmod(0o755)
    return str(path / name)


@pytest.mark.parametrize("version", ["2.1148.1", "2.1148.2", "2.1200.0"])
def test_takes_the_pinned_cli_or_a_newer_one_of_its_line(path: Path, tmp_path: Path, version: str) -> None:
    cdk = install(path, "cdk", version)
    assert find_cdk_cli(tmp_path, default_account=ACCOUNT).command == (cdk,)


@pytest.mark.parametrize("version", ["2.1148.0", "2.999.9", "3.0.0", "1.204.0"])
def test_takes_the_pinned_one_by_npx_instead_of_one_that_does_not_fit(path: Path, tmp_path: Path, version: str) -> None:
    install(path, "cdk", version)
    npx = install(path, "npx", "11")
    found = find_cdk_cli(tmp_path, default_account=ACCOUNT)
    assert found.command == (npx, "--yes", f"aws-cdk@{CDK_CLI_VERSION}")
    assert version in found.unfit
    assert found.note.startswith(f"{found.unfit}; ")


@pytest.mark.parametrize("node", [True, False])
def test_reads_the_version_in_npms_package_unless_nothing_could_start_it(
    path: Path, tmp_path: Path, *, node: bool
) -> None:
    package = tmp_path / "node_modules" / "aws-cdk"
    (package / "bin").mkdir(parents=True)
    (package / "package.json").write_text('{"name": "aws-cdk", "version": "2.1148.3-rc.0"}', encoding="utf-8")
    install(package / "bin", "cdk", "3.0.0")
    (path / "cdk").symlink_to(package / "bin" / "cdk")
    npx = install(path, "npx", "11")
    if node:
        install(path, "node", "24")
    command = (str(path / "cdk"),) if node else (npx, "--yes", f"aws-cdk@{CDK_CLI_VERSION}")
    assert find_cdk_cli(tmp_path, default_account=ACCOUNT).command == command


@pytest.mark.parametrize("package", ['{"name": "acme", "version": "2.1148.1"}', '{"name": "aws-cdk"}', "[]", "{"])
def test_asks_one_whose_package_says_no_version(path: Path, tmp_path: Path, package: str) -> None:
    (path.parent / "package.json").write_text(package, encoding="utf-8")
    install(path, "node", "24")
    cdk = install(path, "cdk", "3.0.0")
    with refuses("cdk-cli-missing", "3.0.0", "2.1148.1"):
        find_cdk_cli(tmp_path, default_account=ACCOUNT)
    install(path, "cdk", "2.1148.1")
    os.utime(cdk, (1, 1))
    assert find_cdk_cli(tmp_path, default_account=ACCOUNT).command == (cdk,)


@pytest.mark.parametrize("said", ["a notice\n2.1148.1", "2.1148.1"])
def test_reads_the_version_past_what_else_is_said(path: Path, tmp_path: Path, said: str) -> None:
    cdk = install(path, "cdk", said)
    assert find_cdk_cli(tmp_path / "a" / "home", default_account=ACCOUNT).command == (cdk,)


def test_takes_one_that_does_not_start_for_broken(path: Path, tmp_path: Path) -> None:
    install(path, "cdk", "Segmentation fault")
    with refuses("cdk-cli-missing", "broken"):
        find_cdk_cli(tmp_path, default_account=ACCOUNT)


def test_refuses_one_that_does_not_fit_where_there_is_no_npx(path: Path, tmp_path: Path) -> None:
    install(path, "cdk", "3.0.0")
    with refuses("cdk-cli-missing", "3.0.0", "2.1148.1"):
        find_cdk_cli(tmp_path, default_account=ACCOUNT)


def test_says_at_once_that_it_cannot_be_downloaded_and_once_that_it_can(path: Path, tmp_path: Path) -> None:
    npx = Path(install(path, "npx", "2.1148.1"))
    works = npx.read_text(encoding="utf-8")
    npx.write_text(
        "#!/bin/sh\ntest $npm_config_fetch_retries = 0 && echo 'npm error code ENOTFOUND' >&2\n"
        "echo 'npm error network request to https://registry.acme.com/aws-cdk failed' >&2\nexit 1\n",
        encoding="utf-8",
    )
    found = find_cdk_cli(tmp_path, default_account=ACCOUNT)
    said: list[str] = []
    with refuses("cdk-cli-not-downloaded", "aws-cdk@2.1148.1", "https://registry.acme.com/aws-cdk") as refused:
        found.run("synth", folder=tmp_path, each_line=said.append)
    assert "ENOTFOUND" not in str(refused.value)
    assert said == []
    npx.write_text(f"{works}echo >> '{tmp_path / 'asked'}'\n", encoding="utf-8")
    for _ in range(2):
        assert found.run("synth", folder=tmp_path, each_line=said.append) == 0
    assert len((tmp_path / "asked").read_text(encoding="utf-8").splitlines()) == 3


def cut_off() -> tuple[list[str], dict[str, str]]:
    """What cuts a command off from the network: words before it, or variables where the kernel refuses that."""
    cut = ["unshare", "--map-root-user", "--net"]
    cuts = shutil.which(cut[0]) and subprocess.run([*cut, "true"], check=False, stderr=subprocess.DEVNULL)  # noqa: S603
    return (cut, {}) if cuts and cuts.returncode == 0 else ([], {"npm_config_registry": "http://127.0.0.1:9/"})


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            [".venv/bin/python", "-m", "org_constructs", "rehearse"],
            "Error: cdk is not on PATH, and npx could not download aws-cdk@",
        ),
        (["scripts/cdk", "synth"], "error: the CDK CLI, which is needed once, could not be downloaded; "),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_does_not_blame_the_app_where_there_is_neither_a_network_nor_a_cli(
    tmp_path: Path, command: list[str], said: str
) -> None:
    for name in ("app.py", "cdk.json", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    # This environment, but for the CLI.
    here = Path(sys.prefix)
    environment = tmp_path / ".venv"
    (environment / "bin").mkdir(parents=True)
    for each in [*(here / "bin").iterdir(), here / "lib", here / "pyvenv.cfg", here / "requirements.txt.installed"]:
        if each.name != "cdk":
            (environment / each.relative_to(here)).symlink_to(each)
    before, variables = cut_off()
    done = subprocess.run(  # noqa: S603 (our own)
        [*before, *command],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        check=False,
        text=True,
        # npm by itself would try for 70 s.
        timeout=60,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "app.py" not in done.stderr


def test_asks_each_for_its_version_once(path: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"

    def find(version: str, changed: int) -> CdkCli:
        cdk = Path(install(path, "cdk", f"{version}'; echo >> '{asked}'; : '"))
        os.utime(cdk, (changed, changed))
        return find_cdk_cli(tmp_path, default_account=ACCOUNT)

    fits = [find("2.1148.1", 1), find("2.1148.1", 1), find("2.1148.2", 2)]
    assert [each.unfit for each in fits] == [""] * 3
    assert len(asked.read_text(encoding="utf-8").splitlines()) == 2


def test_keeps_what_the_caller_set_but_nothing_that_leads_to_a_real_aws(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE"):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("NO_PROXY", "acme.com,127.0.0.1")
    monkeypatch.setenv("NODE_OPTIONS", "--v8-pool-size=2")
    install(path, "cdk", "2.1148.1")
    environment = find_cdk_cli(tmp_path, default_account=ACCOUNT).environment
    assert "real" not in environment.values()
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["AWS_REGION"] == "eu-west-1"
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    assert environment["NO_PROXY"] == environment["no_proxy"] == "acme.com,127.0.0.1,localhost"
    assert environment["CDK_HOME"] == str(tmp_path)
    # Of an option that is there twice Node takes the last.
    assert environment["NODE_OPTIONS"] == "--v8-pool-size=1 --v8-pool-size=2"
    assert "20" in environment["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"].split(",")
