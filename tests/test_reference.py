"""docs/reference.md says what the docstrings say, of everything that is exported."""

from __future__ import annotations

import re
import subprocess
import sys
from enum import StrEnum
from inspect import signature

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from constructs import Construct

import org_constructs
from org_constructs import IdentityCenter, OrgBaselineChecks, guardrails
from organizations import ENV, make_app
from project import ROOT

PAGE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
WITH_ARGUMENTS = [
    name
    for name in org_constructs.__all__
    if isinstance(exported := getattr(org_constructs, name), type)
    and not (name.startswith("Existing") or issubclass(exported, StrEnum | OrgBaselineChecks))
]


def section(name: str) -> str:
    """What the page says of a name."""
    return PAGE.partition(f"\n### {name}\n")[2].partition("\n### ")[0]


def test_the_page_is_what_the_docstrings_say() -> None:
    written = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, ROOT / "scripts" / "reference.py"], stdout=subprocess.PIPE, check=True, text=True, timeout=60
    )
    assert written.stdout == PAGE, "run scripts/reference"


def test_every_link_on_the_page_leads_somewhere() -> None:
    headings = {heading.lower() for heading in re.findall(r"^### (.+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(.+?)\)", PAGE)) == headings
    pages = re.findall(r"\]\(([^#)]+)\)", PAGE)
    assert [page for page in pages if not (ROOT / "docs" / page).exists()] == []
    assert pages


def test_the_example_of_each_construct_synthesizes(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Examples", env=ENV)
    names = {name: getattr(org_constructs, name) for name in org_constructs.__all__}
    bucket = s3.Bucket(cdk.Stack(app, "Data", env=ENV), "Bucket")
    examples = {**names, "app": app, "bucket": bucket, "cdk": cdk, "guardrails": guardrails, "stack": stack}
    shown = [name for name in re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) if is_shown(names.get(name))]
    for name in shown:
        blocks = re.findall(r"^```python\n(.*?)^```", section(name), re.MULTILINE | re.DOTALL)
        # A signature is no Python, as it has its types.
        example = "".join(block for block in blocks if not re.search(r"\w: (?!.*[\"'])", block))
        assert f"{name}(" in example, f"{name} must have an example in its docstring"
        # An app has one organization, and the others make one together.
        exec(example, examples | {"app": make_app()} if name == "OrgBaseline" else examples)  # noqa: S102 (the page's)
    resources = app.synth().get_stack_by_name("Examples").template["Resources"].values()
    constructs = {name for name in shown if issubclass(names[name], Construct)}
    assert {each["Type"].rpartition("::")[2] for each in resources} == {*constructs, "GroupMembership"} - {
        "OrgBaseline"
    }
    assert {*shown} - constructs == {"IdentityCenter", "OrgBaselineChecks"}


def is_shown(named: object) -> bool:
    """Whether a name of the page is of what an app makes."""
    return isinstance(named, type) and issubclass(named, Construct | IdentityCenter | OrgBaselineChecks)


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_says_what_each_argument_is(name: str) -> None:
    _, *arguments = signature(getattr(org_constructs, name).__init__).parameters
    assert arguments
    for argument in arguments:
        assert re.search(rf"^- `\*{{0,2}}{argument}`: [A-Z]", section(name), re.MULTILINE), argument


def test_has_every_guardrail() -> None:
    functions = [name for name in guardrails.__all__ if callable(getattr(guardrails, name))]
    assert functions
    for name in functions:
        assert f"guardrails.{name}(" in section(name)
