"""`OrgBaselineChecks`: the cdk-nag pack for Organizations and Identity Center, of which AwsSolutions has no rules."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
from cdk_nag import NagPack

from .rules import RULES
from .rules._rule import Finding, Rule, Templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class OrgBaselineChecks(NagPack):
    """Check every template of an app against the rules in `org_constructs.rules`; a finding fails synth.

    Register it with `cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))`. To accept one finding, acknowledge
    it on the construct that causes it, with the reason:
    `cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment( id="OrgBaseline::OrgBaseline-Retain",
    reason="…"))`.

    The rules read the synthesized templates, once: a rule that looked at each construct would cross into Node for every
    property. Source: https://github.com/cdklabs/cdk-nag
    """

    @property
    def name(self) -> str:
        """The name of the pack in the validation report and in acknowledgements."""
        return "OrgBaseline"

    @property
    def version(self) -> str:
        """The version of this package."""
        return version("org-constructs")

    @property
    def rule_ids(self) -> list[str]:
        """The ids of the rules."""
        return [rule.id for rule in RULES]

    def _check_resource(self, node: cdk.CfnResource) -> None:
        """Do nothing: cdk-nag asks every pack for it, for walking the construct tree, and the rules read templates."""

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Apply every rule to the templates of the app."""
        templates = Templates({path: _read(path) for path in context.template_paths})
        violations = [_violation(rule, findings) for rule in RULES if (findings := list(rule.find(templates)))]
        return cdk.PolicyValidationPluginReport(success=not violations, violations=violations)


def _read(path: str) -> Mapping[str, object]:
    template: Mapping[str, object] = json.loads(Path(path).read_text(encoding="utf-8"))
    return template


def _violation(rule: Rule, findings: Sequence[Finding]) -> cdk.PolicyViolation:
    return cdk.PolicyViolation(
        rule_name=rule.id,
        description=f"{rule.sentence} {rule.explanation}",
        severity="error",
        fix=rule.source,
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=finding.resource.logical_id,
                template_path=finding.resource.template,
                locations=list(finding.locations),
            )
            for finding in findings
        ],
    )
