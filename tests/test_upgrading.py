"""docs/upgrading.md is true: its links lead somewhere, its commands exist, and an old id can be given back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from aws_cdk.assertions import Template

from org_constructs.commands import main
from organizations import guide, template_of
from project import ROOT

if TYPE_CHECKING:
    import aws_cdk as cdk

UPGRADING = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", UPGRADING)
    assert links
    for link in links:
        assert (ROOT / "docs" / link).exists(), link


def test_names_commands_that_there_are() -> None:
    named = re.findall(r"^ *\$ org-baseline ([\w-]+)", UPGRADING, re.MULTILINE)
    assert named
    assert set(named) <= set(main.list_commands(click.Context(main)))


def test_an_id_can_be_given_back(app: cdk.App) -> None:
    code, _ = re.findall(r"^```python\n(.*?)^```", UPGRADING, re.MULTILINE | re.DOTALL)
    code = code.replace("Accountsdev8CA4B6D2", "AsBefore")
    organization = guide(app)
    exec(code, {"organization": organization})  # noqa: S102 (the page's own)
    ids = set(Template.from_stack(organization).to_json()["Resources"])
    assert ids - set(template_of("guide")["Resources"]) == {"AsBefore"}
    assert set(template_of("guide")["Resources"]) - ids == {"Accountsdev8CA4B6D2"}
