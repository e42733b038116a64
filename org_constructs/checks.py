"""`OrgBaselineChecks`: the cdk-nag pack for Organizations and Identity Center, of which AwsSolutions has no rules."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
from cdk_nag import NagPack

from .rules import RULES
from .rules.rule import Finding, Severity
from .templates.resources import Acknowledgement, read_templates
from .templates.words import visible

if TYPE_CHECKING:
    from constructs import IConstruct


class OrgBaselineChecks(NagPack):
    """Check every template of an app against the rules in docs/rules.md; an error fails synth, a warning is shown.

    Register it with the app. To accept one finding, acknowledge it on the construct that causes it, with the reason:

    ```python
    cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))
    cdk.Validations.of(shop).acknowledge(
        cdk.Acknowledgment(id="OrgBaseline::OrgBaseline-Retain", reason="A sandbox that is closed after the workshop.")
    )
    ```

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
        """Apply every rule to the templates of the app; what goes wrong in that is a finding, too."""
        try:
            violations = _violations(context)
        except Exception as error:  # noqa: BLE001 (the CDK CLI takes a plugin that raises for one that finds nothing)
            violations = [_not_checked(context, error)]
        failed = any(violation.severity == Severity.ERROR for violation in violations)
        return cdk.PolicyValidationPluginReport(success=not failed, violations=violations)


def _violations(context: cdk.IPolicyValidationContext) -> list[cdk.PolicyViolation]:
    templates = read_templates(
        [Path(path) for path in context.template_paths], _acknowledgements_around_stacks(context.app_construct)
    )
    return [
        cdk.PolicyViolation(
            rule_name=rule.id,
            description=visible(" ".join(part for part in (rule.sentence, detail, rule.explanation) if part)),
            severity=rule.severity.value,
            fix=rule.source,
            violating_resources=[_place(finding) for finding in findings],
        )
        for rule in RULES
        for detail, findings in rule.by_detail(templates).items()
    ]


def _not_checked(context: cdk.IPolicyValidationContext, error: Exception) -> cdk.PolicyViolation:
    return cdk.PolicyViolation(
        rule_name="OrgBaseline-NotChecked",
        description=visible(f"The templates could not be checked: {type(error).__name__}: {error}."),
        severity=Severity.ERROR.value,
        violating_resources=[cdk.PolicyViolatingResource(construct_path=context.app_construct.node.path, locations=[])],
    )


def _acknowledgements_around_stacks(construct: IConstruct) -> Iterator[Acknowledgement]:
    """Yield what was acknowledged on the app, its stages and what else is around stacks: the assembly does not say it.

    Stacks, which hold all resources, are not gone into: each construct costs a few calls into Node.
    """
    for entry in construct.node.metadata:
        if entry.type == cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY:
            for rule, reason in entry.data.items():
                yield Acknowledgement(construct.node.path, rule, reason)
    for child in construct.node.children:
        if not isinstance(child, cdk.Stack):
            yield from _acknowledgements_around_stacks(child)


def _place(finding: Finding) -> cdk.PolicyViolatingResource:
    if finding.resource is None:
        return cdk.PolicyViolatingResource(construct_path=finding.construct, locations=list(finding.locations))
    # CDK knows the construct by these two.
    return cdk.PolicyViolatingResource(
        resource_logical_id=finding.resource.logical_id,
        template_path=finding.resource.template.path,
        locations=list(finding.locations),
    )
