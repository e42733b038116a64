"""`org-baseline check`: the rules of docs/rules.md over templates, with no app to run, and AWS's own if asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from org_constructs.refusal import Refusal
from org_constructs.rules import RULES
from org_constructs.rules.rule import Finding, Severity
from org_constructs.rules.rule import found as found_in
from org_constructs.templates.assembly import CDK_OUT
from org_constructs.templates.resources import Templates, read_templates
from org_constructs.templates.words import visible

from . import _options
from ._staleness import read_assembly, say_if_stale
from ._validation import Validated, findings_by_code, say_not_asked, validated

_SUGGESTION: Final = "suggestion"
_SEVERITIES: Final = {Severity.ERROR.value: "red", Severity.WARNING.value: "yellow", _SUGGESTION: "cyan"}
# How AWS calls them: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicyFinding.html
_OF_AWS: Final = {
    "ERROR": Severity.ERROR.value,
    "SECURITY_WARNING": Severity.WARNING.value,
    "WARNING": Severity.WARNING.value,
    "SUGGESTION": _SUGGESTION,
}


@click.command()
@click.argument("templates", metavar="TEMPLATE...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--validate", is_flag=True, help="Let AWS check the policies too; it is free and changes nothing.")
@_options.profile
def check(templates: tuple[Path, ...], *, as_json: bool, validate: bool, profile: str | None) -> None:
    """Check templates for what endangers an organization.

    A TEMPLATE is a file, or a folder that `cdk synth` has written; by default cdk.out. Templates that are named
    together are checked as one app: rules relate what is in them. Findings that an app acknowledged, on less than the
    whole app, are counted and not shown.

    With --validate, IAM Access Analyzer checks every policy in IAM's language, with the permission
    access-analyzer:ValidatePolicy. Its suggestions, which change no access, come last.

    Exits with 0 if nothing but suggestions is found, 1 if something is, 2 if the input does not allow it.
    """
    if profile is not None and not validate:
        raise Refusal("profile-without-validate", "--profile must be given with --validate", "add it, or leave it out")
    read = _read(templates or (CDK_OUT,))
    groups = list(_groups(read))
    if validate:
        groups += _groups_of_aws(read, validated(read, profile))
    else:
        say_not_asked(read)
    groups.sort(key=lambda group: group.severity == _SUGGESTION)
    if as_json:
        click.echo(json.dumps([_as_json(group, finding) for group in groups for finding in group.findings], indent=2))
    else:
        for group in groups:
            _show(group)
        click.echo(_summary(groups, read))
    sys.exit(1 if any(group.findings for group in groups if group.severity != _SUGGESTION) else 0)


@dataclass(frozen=True, kw_only=True)
class _Group:
    """Findings of which the same is to be said, of a rule or of AWS."""

    id: str
    severity: str
    sentence: str
    detail: str = ""
    explanation: str = ""
    source: str
    findings: Sequence[Finding]
    acknowledged: int


def _read(paths: Sequence[Path]) -> Templates:
    folders = [path for path in paths if path.is_dir() or path == CDK_OUT]
    files = [path for path in paths if path not in folders]
    for folder in dict.fromkeys(path.parent for path in files):
        say_if_stale(folder)
    synthesized = [stack.template_file for path in folders for stack in read_assembly(path)]
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
        for detail, findings in rule.by_detail(templates).items():
            left = _not_acknowledged(templates, rule.id, findings)
            yield _Group(
                id=rule.id,
                severity=rule.severity.value,
                sentence=rule.sentence,
                detail=detail,
                explanation=rule.explanation,
                source=rule.source,
                findings=left,
                acknowledged=len(findings) - len(left),
            )


def _groups_of_aws(templates: Templates, found: Sequence[Validated]) -> Iterator[_Group]:
    for finding, same in findings_by_code(found):
        findings = [found_in(each.policy.resource, *each.locations) for each in same]
        rule_id = f"AccessAnalyzer-{finding.code}"
        left = _not_acknowledged(templates, rule_id, findings)
        yield _Group(
            id=rule_id,
            severity=_OF_AWS[finding.kind],
            sentence=visible(finding.sentence),
            source=visible(finding.link),
            findings=left,
            acknowledged=len(findings) - len(left),
        )


def _not_acknowledged(templates: Templates, rule_id: str, findings: Sequence[Finding]) -> list[Finding]:
    accepted = [each for each in templates.acknowledgements if each.id == f"OrgBaseline::{rule_id}"]
    return [each for each in findings if not any(one.covers(each.construct) for one in accepted)]


def _show(group: _Group) -> None:
    if not group.findings:
        return
    severity = click.style(group.severity.upper(), fg=_SEVERITIES[group.severity], bold=True)
    click.echo(f"{severity} {group.id}: {group.sentence}")
    if group.detail:
        click.echo(f"  {visible(group.detail)}")
    for finding in group.findings:
        locations = visible("".join(f"  {each}" for each in finding.locations))
        click.echo(f"  {click.style(visible(_place(finding)), bold=True)}{locations}")
    if group.explanation:
        click.echo(f"  {group.explanation}")
    click.echo(f"  {group.source}\n")


def _place(finding: Finding) -> str:
    if finding.resource is None or finding.construct == finding.resource.logical_id:
        template = f" in {finding.resource.template.path}" if finding.resource else ""
        return f"{finding.construct or 'the app'}{template}"
    return f"{finding.construct} ({finding.resource.logical_id})"


def _summary(groups: Sequence[_Group], templates: Templates) -> str:
    counts = [
        (sum(len(group.findings) for group in groups if group.severity == severity), severity)
        for severity in _SEVERITIES
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
        "rule": group.id,
        "severity": group.severity,
        "sentence": group.sentence,
        "detail": group.detail,
        "construct": finding.construct,
        "template": resource.template.path if resource else None,
        "logicalId": resource.logical_id if resource else None,
        "locations": list(finding.locations),
        "explanation": group.explanation,
        "source": group.source,
    }
