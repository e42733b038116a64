"""`org-baseline check`: the rules of docs/rules.md over templates, with no app to run."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from org_constructs.refusal import Refusal
from org_constructs.rules import RULES
from org_constructs.rules.rule import Severity
from org_constructs.templates.assembly import CDK_OUT
from org_constructs.templates.resources import read_templates

from ._staleness import read_assembly, say_if_stale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from org_constructs.rules.rule import Finding, Rule
    from org_constructs.templates.resources import Templates


@click.command()
@click.argument("templates", metavar="TEMPLATE...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(templates: tuple[Path, ...], *, as_json: bool) -> None:
    """Check templates for what endangers an organization.

    A TEMPLATE is a file, or a folder that `cdk synth` has written; by default cdk.out. Templates that are named
    together are checked as one app: rules relate what is in them. Findings that an app acknowledged, on less than the
    whole app, are counted and not shown.

    Exits with 0 if nothing is found, 1 if something is, 2 if the input does not allow it.
    """
    read = _read(templates or (CDK_OUT,))
    groups = list(_groups(read))
    if as_json:
        click.echo(json.dumps([_as_json(group, finding) for group in groups for finding in group.findings], indent=2))
    else:
        for group in groups:
            _show(group)
        click.echo(_summary(groups, read))
    sys.exit(1 if any(group.findings for group in groups) else 0)


@dataclass(frozen=True)
class _Group:
    """Findings of one rule of which the same is to be said."""

    rule: Rule
    detail: str
    findings: Sequence[Finding]
    acknowledged: int


def _read(paths: Sequence[Path]) -> Templates:
    files = [path for path in paths if not path.is_dir()]
    for folder in dict.fromkeys(path.parent for path in files):
        say_if_stale(folder)
    synthesized = [stack.template_file for path in paths if path.is_dir() for stack in read_assembly(path)]
    try:
        read = read_templates([*files, *synthesized])
    except OSError as error:
        raise Refusal(
            "template-unreadable", f"the template {error.filename!r} cannot be read: {error.strerror}"
        ) from None
    for template in read.all:
        # A stack of an app may be empty, but whoever names a file without resources means another one.
        if Path(template.path) in files and not isinstance(template.body.get("Resources"), dict):
            raise Refusal(
                "template-without-resources", f"a template must have Resources, and {template.path!r} has none"
            )
    return read


def _groups(templates: Templates) -> Iterator[_Group]:
    for rule in RULES:
        accepted = [each for each in templates.acknowledgements if each.id == f"OrgBaseline::{rule.id}"]
        for detail, findings in rule.by_detail(templates).items():
            left = [each for each in findings if not any(one.covers(each.construct) for one in accepted)]
            yield _Group(rule, detail, left, len(findings) - len(left))


def _show(group: _Group) -> None:
    if not group.findings:
        return
    rule = group.rule
    colour = "red" if rule.severity is Severity.ERROR else "yellow"
    click.echo(click.style(rule.severity.value.upper(), fg=colour, bold=True) + f" {rule.id}: {rule.sentence}")
    if group.detail:
        click.echo(f"  {group.detail}")
    for finding in group.findings:
        click.echo("  " + click.style(_place(finding), bold=True) + "".join(f"  {each}" for each in finding.locations))
    click.echo(f"  {rule.explanation}\n  {rule.source}\n")


def _place(finding: Finding) -> str:
    if finding.resource is None or finding.construct == finding.resource.logical_id:
        template = f" in {finding.resource.template.path}" if finding.resource else ""
        return f"{finding.construct or 'the app'}{template}"
    return f"{finding.construct} ({finding.resource.logical_id})"


def _summary(groups: Sequence[_Group], templates: Templates) -> str:
    counts = [
        (sum(len(group.findings) for group in groups if group.rule.severity is severity), severity.value)
        for severity in Severity
    ]
    found = ", ".join(_count(count, noun) for count, noun in counts if count) or "nothing found"
    acknowledged = sum(group.acknowledged for group in groups)
    accepted = f"; {acknowledged} acknowledged" if acknowledged else ""
    return f"{found} in {_count(len(templates.all), 'template')}{accepted}"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _as_json(group: _Group, finding: Finding) -> dict[str, Any]:
    resource = finding.resource
    return {
        "rule": group.rule.id,
        "severity": group.rule.severity.value,
        "sentence": group.rule.sentence,
        "detail": group.detail,
        "construct": finding.construct,
        "template": resource.template.path if resource else None,
        "logicalId": resource.logical_id if resource else None,
        "locations": list(finding.locations),
        "explanation": group.rule.explanation,
        "source": group.rule.source,
    }
