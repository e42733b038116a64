"""`OrgBaseline-PermissionSetManagedPolicy`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.iam import text

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

# Read on 2026-11-24: https://github.com/zoph-io/MAMIP (what AWS took away, by a daily look at what there is), less the
# policies that only services attach; AWS itself tells those who have one attached. The replacements are those of the
# services' documentation.
DEPRECATED: Final = {
    "AWSBackupAdminPolicy": "AWSBackupFullAccess",
    "AWSBackupOperatorPolicy": "AWSBackupOperatorAccess",
    "AWSCloudTrailFullAccess": "AWSCloudTrail_FullAccess",
    "AWSCloudTrailReadOnlyAccess": "AWSCloudTrail_ReadOnlyAccess",
    "AWSCodePipelineFullAccess": "AWSCodePipeline_FullAccess",
    "AWSCodePipelineReadOnlyAccess": "AWSCodePipeline_ReadOnlyAccess",
    "AWSElasticBeanstalkFullAccess": "AdministratorAccess-AWSElasticBeanstalk",
    "AWSElasticBeanstalkReadOnlyAccess": "AWSElasticBeanstalkReadOnly",
    "AWSIoT1ClickFullAccess": None,
    "AWSIoT1ClickReadOnlyAccess": None,
    "AWSIotRoboRunnerFullAccess": None,
    "AWSIotRoboRunnerReadOnly": None,
    "AWSLambdaFullAccess": "AWSLambda_FullAccess",
    "AWSLambdaReadOnlyAccess": "AWSLambda_ReadOnlyAccess",
    "AWSMarketplaceImageBuildFullAccess": None,
    "AWSMobileHub_FullAccess": None,
    "AWSMobileHub_ReadOnly": None,
    "AWSOpsWorksFullAccess": None,
    "AWSOpsWorksRegisterCLI": None,
    "AWSOpsWorksRegisterCLI_EC2": None,
    "AWSOpsWorksRegisterCLI_OnPremises": None,
    "AWSOpsWorks_FullAccess": None,
    "AWSRoboMakerFullAccess": None,
    "AmazonApplicationWizardFullaccess": "AmazonLaunchWizardFullAccessV2",
    "AmazonConnectFullAccess": "AmazonConnect_FullAccess",
    "AmazonDataZonePortalFullAccessPolicy": None,
    "AmazonDataZonePreviewConsoleFullAccess": None,
    "AmazonEC2ContainerServiceFullAccess": "AmazonECS_FullAccess",
    "AmazonEC2ReportsAccess": None,
    "AmazonLaunchWizardFullaccess": "AmazonLaunchWizardFullAccessV2",
    "AmazonLaunchWizard_Fullaccess": "AmazonLaunchWizardFullAccessV2",
    "AmazonMechanicalTurkCrowdFullAccess": None,
    "AmazonMechanicalTurkCrowdReadOnlyAccess": None,
    "AmazonSumerianFullAccess": None,
    "AmazonWorkLinkFullAccess": None,
    "AmazonWorkLinkReadOnly": None,
    "GroundTruthSyntheticConsoleFullAccess": None,
    "GroundTruthSyntheticConsoleReadOnlyAccess": None,
    "ServiceCatalogAdminReadOnlyAccess": "AWSServiceCatalogAdminReadOnlyAccess",
    "ServiceCatalogEndUserAccess": "AWSServiceCatalogEndUserReadOnlyAccess",
    "TagGovernancePolicy": None,
}
"""The names of managed policies that AWS took away, and what took their place."""


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::SSO::PermissionSet"):
        policies = resource.properties.get("ManagedPolicies")
        for index, policy in enumerate(policies if isinstance(policies, list) else []):
            arn = text(policy) or ""
            name = arn.rpartition("/")[2]
            if ":iam::aws:policy/" in arn and name in DEPRECATED:
                instead = DEPRECATED[name]
                advice = f"{instead} replaces it" if instead else "nothing replaces it"
                yield found(resource, f"Properties.ManagedPolicies.{index}", detail=f"{name} is deprecated; {advice}.")


PERMISSION_SET_MANAGED_POLICY: Final = Rule(
    id="OrgBaseline-PermissionSetManagedPolicy",
    sentence="A permission set has a managed policy that AWS deprecated.",
    explanation=(
        "It can no longer be attached to a role, so the permission set cannot be provisioned to any account. Use the"
        " policy that replaces it."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-deprecated.html",
    find=_find,
)
