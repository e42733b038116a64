"""`org-baseline check`: the rules of docs/rules.md over templates, with no app to run, and AWS's own if asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click

from org_constructs.refusal import Refusal
from org_constructs.rules import RULES
from org_constructs.rules.rule import Finding
from org_constructs.rules.rule import found as found_in
from org_constructs.templates.assembly import CDK_OUT
from org_constructs.templates.metadata import metadata_of_all
from org_constructs.templates.resources import Templates, read_templates
from org_constructs.templates.waiting import what_waits
from org_constructs.templates.words import visible

from . import _options, _output
from ._annotations import workflow_commands
from ._findings import ERROR, SUGGESTION, WARNING, Group, locations, place
from ._junit import junit
from ._sarif import sarif
from ._staleness import read_assembly, say_if_stale
from ._validation import Validated, findings_by_code, say_not_asked, validated

_SEVERITIES: Final = {ERROR: "red", WARNING: "yellow", SUGGESTION: "cyan"}
# How AWS calls them: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicyFinding.html
_OF_AWS: Final = {
    "ERROR": ERROR,
    "SECURITY_WARNING": WARNING,
    "WARNING": WARNING,
    "SUGGESTION": SUGGESTION,
}


@click.command()
@click.argument("templates", metavar="[TEMPLATE]...", nargs=-1, type=click.Path(path_type=Path))
@_output.form_option(
    *(_output.JSON, _output.SARIF, _output.GITHUB, _output.JUNIT),
    said="sarif is for code scanning, github marks lines of a change, junit is a test report. ",
)
@click.option("--json", "form", flag_value=_output.JSON, help="The same as --format json.")
@_output.option
@click.option("--validate", is_flag=True, help="Let AWS check the policies too; it is free and changes nothing.")
@_options.profile
def check(
    templates: tuple[Path, ...], *, form: str | None, output: Path | None, validate: bool, profile: str | None
) -> None:
    """Check templates for what endangers an organization.

    A TEMPLATE is a file, or a folder that `cdk synth` has written; by default cdk.out. Templates that are named
    together are checked as one app: rules relate what is in them. Findings that an app acknowledged, on less than the
    whole app, are counted and not shown.

    With --validate, IAM Access Analyzer checks every policy in IAM's language, with the permission
    access-analyzer:ValidatePolicy. Its suggestions, which change no access, come last.

    sarif and github name the line of the app that made a construct, if the app was synthesized with CDK_DEBUG=1, and
    with JSII_HOST_STACK_TRACES=1 where it is in Python; otherwise the line of the template.

    Exits with 0 if nothing but suggestions is found, 1 if something is, 2 if the input does not allow it.
    """
    if profile is not None and not validate:
        raise Refusal("profile-without-validate", "--profile must be given with --validate", "add it, or leave it out")
    read = _read(templates or (CDK_OUT,))
    for each in what_waits(metadata_of_all(template.body for template in read.all)):
        _note(str(each))
    _say_without_effect(read)
    groups = list(_groups(read))
    if validate:
        groups += _groups_of_aws(read, validated(read, profile))
    else:
        say_not_asked(read)
    groups.sort(key=lambda group: group.severity == SUGGESTION)
    match _output.form_of(form, output):
        case _output.JSON:
            found = [_as_json(group, finding) for group in groups for finding in group.findings]
            _output.write(json.dumps(found, indent=2) + "\n", output)
        case _output.SARIF:
            _output.write(sarif(groups, read), output)
        case _output.GITHUB:
            _output.write(workflow_commands(groups, read), output)
        case _output.JUNIT:
            _output.write(junit(groups), output)
        case _ if output is not None:
            _output.write(click.unstyle(_text(groups, read)), output)
        case _:
            # Coloured on a terminal.
            click.echo(_text(groups, read), nl=False)
    sys.exit(1 if any(group.findings for group in groups if group.severity != SUGGESTION) else 0)


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


def _groups(templates: Templates) -> Iterator[Group]:
    for rule in RULES:
        for detail, findings in rule.by_detail(templates).items():
            left = _not_acknowledged(templates, rule.id, findings)
            yield Group(
                id=rule.id,
                severity=rule.severity.value,
                sentence=rule.sentence,
                detail=detail,
                explanation=rule.explanation,
                source=rule.source,
                findings=left,
                acknowledged=len(findings) - len(left),
            )


def _groups_of_aws(templates: Templates, found: Sequence[Validated]) -> Iterator[Group]:
    for finding, same in findings_by_code(found):
        findings = [found_in(each.policy.resource, *each.locations) for each in same]
        rule_id = f"AccessAnalyzer-{finding.code}"
        left = _not_acknowledged(templates, rule_id, findings)
        yield Group(
            id=rule_id,
            severity=_OF_AWS[finding.kind],
            sentence=visible(finding.sentence),
            source=visible(finding.link),
            findings=left,
            acknowledged=len(findings) - len(left),
        )


def _not_acknowledged(templates: Templates, rule_id: str, findings: Sequence[Finding]) -> list[Finding]:
    accepted = [each for each in templates.acknowledgements if each.id == _acknowledged_as(rule_id)]
    return [each for each in findings if not any(one.covers(each.construct) for one in accepted)]


def _acknowledged_as(rule_id: str) -> str:
    """Return the id that an acknowledgement has: the CDK puts the pack before the rule, as it shows in a synth."""
    return f"OrgBaseline::{rule_id}"


def _say_without_effect(templates: Templates) -> None:
    """Say which acknowledgements name a rule without its pack, for which nothing is accepted."""
    ids = {rule.id for rule in RULES}
    for each in templates.acknowledgements:
        # The CDK takes an id without a pack for an annotation's, and writes it as one:
        # https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html
        rule_id = each.id.removeprefix("Annotation::")
        if rule_id in ids:
            note = f"the acknowledgement of {rule_id} on {each.construct or 'the app'} has no effect"
            fix = f"use '{_acknowledged_as(rule_id)}'"
            _note(f"{note}; {fix}")


def _note(sentence: str) -> None:
    click.secho(f"Note: {visible(sentence)}", fg="yellow", err=True)


def _text(groups: Sequence[Group], templates: Templates) -> str:
    lines = (line for group in groups if group.findings for line in _lines(group))
    return "".join(f"{line}\n" for line in (*lines, _summary(groups, templates)))


def _lines(group: Group) -> Iterator[str]:
    severity = click.style(group.severity.upper(), fg=_SEVERITIES[group.severity], bold=True)
    yield f"{severity} {group.id}: {group.sentence}"
    if group.detail:
        yield f"  {visible(group.detail)}"
    yield from (f"  {click.style(place(finding), bold=True)}{locations(finding)}" for finding in group.findings)
    if group.explanation:
        yield f"  {group.explanation}"
    yield f"  {group.source}"
    yield f"  Acknowledge with '{_acknowledged_as(group.id)}'\n"


def _summary(groups: Sequence[Group], templates: Templates) -> str:
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


def _as_json(group: Group, finding: Finding) -> dict[str, Any]:
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
