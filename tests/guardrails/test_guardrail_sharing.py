"""What of accounts is not shared with others, nor with everybody."""

from __future__ import annotations

from typing import Final

import pytest

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import ACCESS_SESSION, ADMIN_SESSION, CDK_SESSION, DEV, DEVELOPER_SESSION, Case, Trials, each
from org_constructs import guardrails
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE

EXCEPT: Final = [ORGANIZATION_ACCESS_ROLE]
FOR_OTHERS: Final = {"ram:RequestedAllowsExternalPrincipals": "true"}
FOR_US: Final = {"ram:RequestedAllowsExternalPrincipals": "false"}
SHARE: Final = f"arn:aws:ram:us-east-1:{DEV}:resource-share/12345678-1234-1234-1234-123456789012"

BY_ACCOUNT: Final = [
    "ec2:ModifyImageAttribute",
    "ec2:ModifySnapshotAttribute",
    "ec2:ModifyFpgaImageAttribute",
    "rds:ModifyDBSnapshotAttribute",
    "rds:ModifyDBClusterSnapshotAttribute",
    "redshift:AuthorizeSnapshotAccess",
    "redshift:AuthorizeDataShare",
    "ssm:ModifyDocumentPermission",
    "lambda:AddLayerVersionPermission",
    "workspaces:UpdateWorkspaceImagePermission",
    "appstream:UpdateImagePermissions",
]
OUTSIDE: Final = Trials(
    guardrails.deny_sharing_outside_organization(except_roles=EXCEPT),
    [
        Case(
            says="nobody makes a share for others",
            who=ADMIN_SESSION,
            action="ram:CreateResourceShare",
            context=FOR_OTHERS,
            denied_by="DenySharesForOthers",
        ),
        Case(
            says="nor one that does not say for whom, which is for others by default",
            who=CDK_SESSION,
            action="ram:CreateResourceShare",
            denied_by="DenySharesForOthers",
        ),
        Case(says="a share for the organization", who=CDK_SESSION, action="ram:CreateResourceShare", context=FOR_US),
        Case(
            says="nobody opens a share afterwards",
            who=ADMIN_SESSION,
            action="ram:UpdateResourceShare",
            resource=SHARE,
            context=FOR_OTHERS | {"ram:AllowsExternalPrincipals": "false"},
            denied_by="DenyOpeningShares",
        ),
        Case(says="a share is renamed", who=ADMIN_SESSION, action="ram:UpdateResourceShare", resource=SHARE),
        Case(
            says="an open share is closed",
            who=ADMIN_SESSION,
            action="ram:UpdateResourceShare",
            resource=SHARE,
            context=FOR_US | {"ram:AllowsExternalPrincipals": "true"},
        ),
        Case(
            says="nobody adds to a share that was open before",
            who=ADMIN_SESSION,
            action="ram:AssociateResourceShare",
            resource=SHARE,
            context={"ram:AllowsExternalPrincipals": "true", "ram:Principal": "999900001111"},
            denied_by="DenyAddingToOpenShares",
        ),
        Case(
            says="something is added to a share for the organization",
            who=CDK_SESSION,
            action="ram:AssociateResourceShare",
            resource=SHARE,
            context={"ram:AllowsExternalPrincipals": "false"},
        ),
        *each(BY_ACCOUNT, says="nobody names an account", who=ADMIN_SESSION, denied_by="DenySharingByAccount"),
        *each(BY_ACCOUNT, says="the excepted role names an account", who=ACCESS_SESSION),
        Case(
            says="the excepted role makes a share for others",
            who=ACCESS_SESSION,
            action="ram:CreateResourceShare",
            context=FOR_OTHERS,
        ),
        *each(
            [
                "ec2:ResetImageAttribute",
                "ec2:ResetSnapshotAttribute",
                "redshift:RevokeSnapshotAccess",
                "ram:DisassociateResourceShare",
                "ram:DeleteResourceShare",
                "ec2:CreateSnapshot",
                "lambda:PublishLayerVersion",
            ],
            says="sharing is ended, and things are made",
            who=DEVELOPER_SESSION,
        ),
    ],
)

PUBLIC: Final = Trials(
    guardrails.deny_unblocking_public_access(except_roles=EXCEPT),
    [
        *each(
            [
                "s3:PutAccountPublicAccessBlock",
                "ec2:DisableImageBlockPublicAccess",
                "ec2:DisableSnapshotBlockPublicAccess",
                "ec2:EnableSnapshotBlockPublicAccess",
                "ec2:ModifyVpcBlockPublicAccessOptions",
                "ec2:CreateVpcBlockPublicAccessExclusion",
                "ec2:ModifyVpcBlockPublicAccessExclusion",
                "elasticmapreduce:PutBlockPublicAccessConfiguration",
            ],
            says="nobody takes an account's block off",
            who=ADMIN_SESSION,
            denied_by="DenyUnblockingPublicAccess",
        ),
        *[
            Case(
                says="nobody lets documents be public",
                who=ADMIN_SESSION,
                action=action,
                resource=f"arn:aws:ssm:eu-west-1:{DEV}:servicesetting/ssm/documents/console/public-sharing-permission",
                denied_by="DenyUnblockingPublicDocuments",
            )
            for action in ("ssm:UpdateServiceSetting", "ssm:ResetServiceSetting")
        ],
        Case(
            says="other settings of Systems Manager change",
            who=ADMIN_SESSION,
            action="ssm:UpdateServiceSetting",
            resource=f"arn:aws:ssm:eu-west-1:{DEV}:servicesetting/ssm/parameter-store/high-throughput-enabled",
        ),
        *each(["s3:PutAccountPublicAccessBlock"], says="the excepted role turns it on", who=ACCESS_SESSION),
        *each(
            [
                "s3:PutBucketPublicAccessBlock",
                "s3:GetAccountPublicAccessBlock",
                "ec2:EnableImageBlockPublicAccess",
                "ec2:DeleteVpcBlockPublicAccessExclusion",
            ],
            says="buckets have their own, and more is blocked",
            who=CDK_SESSION,
        ),
    ],
)

FUNCTION: Final = f"arn:aws:lambda:us-east-1:{DEV}:function:hook"
URLS: Final = Trials(
    guardrails.deny_public_function_urls(except_roles=EXCEPT),
    [
        *[
            Case(
                says=f"no URL with the authorization {kind}",
                who=CDK_SESSION,
                action=action,
                resource=FUNCTION,
                context={"lambda:FunctionUrlAuthType": kind},
                denied_by="DenyPublicFunctionUrls",
            )
            for action in ("lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig", "lambda:AddPermission")
            for kind in ("NONE", "ANOTHER_THAT_COMES")
        ],
        *[
            Case(
                says="a URL for whoever signs",
                who=CDK_SESSION,
                action=action,
                resource=FUNCTION,
                context={"lambda:FunctionUrlAuthType": "AWS_IAM"},
            )
            for action in ("lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig", "lambda:AddPermission")
        ],
        Case(says="a URL's CORS changes", who=CDK_SESSION, action="lambda:UpdateFunctionUrlConfig", resource=FUNCTION),
        Case(
            says="a bucket may call a function",
            who=CDK_SESSION,
            action="lambda:AddPermission",
            resource=FUNCTION,
            context={"lambda:Principal": "s3.amazonaws.com"},
        ),
        Case(
            says="the excepted role makes a public one",
            who=ACCESS_SESSION,
            action="lambda:CreateFunctionUrlConfig",
            resource=FUNCTION,
            context={"lambda:FunctionUrlAuthType": "NONE"},
        ),
        *each(["lambda:DeleteFunctionUrlConfig"], says="a URL goes", who=DEVELOPER_SESSION),
    ],
)


@OUTSIDE.parameters()
def test_sharing_outside(number: int) -> None:
    OUTSIDE.check(number)


@PUBLIC.parameters()
def test_public_access(number: int) -> None:
    PUBLIC.check(number)


@URLS.parameters()
def test_function_urls(number: int) -> None:
    URLS.check(number)


@pytest.mark.parametrize("trials", [OUTSIDE, PUBLIC, URLS], ids=["outside", "public", "urls"])
def test_decides_both_sides(trials: Trials) -> None:
    trials.check_both_sides()
    trials.check_among([*SERVICE_CONTROL.values()])
