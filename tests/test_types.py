"""That mypy follows each module of the CDK that code imports, since it skips all others."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aws_cdk

from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

MYPY: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]


def imported(file: Path) -> Iterator[str]:
    """Yield the modules of the CDK that a file imports, or has as an attribute of another."""
    text = file.read_text(encoding="utf-8")
    for each in ast.walk(ast.parse(text)) if "aws_cdk" in text else ():
        if isinstance(each, ast.Import):
            yield from (name.name for name in each.names if name.name.startswith("aws_cdk"))
        elif isinstance(each, ast.ImportFrom) and (each.module or "").startswith("aws_cdk"):
            yield str(each.module)
            yield from (f"{each.module}.{name.name}" for name in each.names)
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "cdk":
            yield f"aws_cdk.{each.attr}"


def test_follows_what_is_imported_of_the_cdk() -> None:
    how = {each["follow_imports"]: {*each["module"]} for each in MYPY["overrides"] if "follow_imports" in each}
    files = [ROOT / "app.py", *(file for name in [*MYPY["files"], "examples"] for file in (ROOT / name).rglob("*.py"))]
    names = {each for file in files for each in imported(file)}
    folder = Path(aws_cdk.__file__).parent.parent
    modules = {each for each in names if folder.joinpath(*each.split("."), "__init__.py").is_file()}
    assert how == {"skip": {"aws_cdk.*"}, "normal": {*modules, "aws_cdk._jsii"}}
