"""What of accounts is shared with others, and with everybody."""

from __future__ import annotations

from collections.abc import Sequence

from ._content import Content, content, deny, unless_roles


def deny_sharing_outside_organization(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that denies sharing by AWS RAM outside of the organization, and by account id.

    Resource shares stay possible where they say `allowExternalPrincipals=false`; one that does not say it counts as
    one for others, as AWS RAM has it by default. What services share by naming an account, such as images, snapshots,
    documents and layers, is denied altogether, since a request does not say whose account it is: sharing them with an
    account of the organization is for `except_roles` as well. What breaks: CDK's `CfnResourceShare` without
    `allow_external_principals=False`; cross-account copies by AWSDataLifecycleManagerDefaultRole; ending the sharing of
    images and snapshots one by one, for which `ec2:ResetImageAttribute` and `ec2:ResetSnapshotAttribute` are.

    Limits: neither the management account nor service-linked roles are stopped. What is shared already stays shared.
    Resource policies are not looked at (`keep_data_in_organization` is for them), nor is data that somebody reads and
    writes elsewhere, nor what others share with an account.

    Source: https://docs.aws.amazon.com/ram/latest/userguide/security-scp.html and
    https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    exceptions = unless_roles(except_roles)
    for_others = {"Bool": {"ram:RequestedAllowsExternalPrincipals": "true"}}
    not_for_us = {"BoolIfExists": {"ram:RequestedAllowsExternalPrincipals": "true"}}
    of_others = {"Bool": {"ram:AllowsExternalPrincipals": "true"}}
    by_account = [
        "appstream:UpdateImagePermissions",
        "ec2:ModifyFpgaImageAttribute",
        "ec2:ModifyImageAttribute",
        "ec2:ModifySnapshotAttribute",
        "lambda:AddLayerVersionPermission",
        "rds:ModifyDBClusterSnapshotAttribute",
        "rds:ModifyDBSnapshotAttribute",
        "redshift:AuthorizeDataShare",
        "redshift:AuthorizeSnapshotAccess",
        "ssm:ModifyDocumentPermission",
        "workspaces:UpdateWorkspaceImagePermission",
    ]
    return content(
        [
            deny("DenySharesForOthers", ["ram:CreateResourceShare"], condition={**not_for_us, **exceptions}),
            deny("DenyOpeningShares", ["ram:UpdateResourceShare"], condition={**for_others, **exceptions}),
            deny("DenyAddingToOpenShares", ["ram:AssociateResourceShare"], condition={**of_others, **exceptions}),
            deny("DenySharingByAccount", by_account, condition=exceptions),
        ]
    )


def deny_unblocking_public_access(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps the blocks of public access that accounts have.

    These are the account-wide ones of Amazon S3, of EC2's images, snapshots and VPCs, of Amazon EMR, and of documents
    of Systems Manager. Except for images they cannot be turned on either, since the same actions loosen them: turn
    them on first, with `except_roles`, `s3_defaults` or `ec2_defaults`. What breaks: a public bucket, where the account
    blocks them; serve its files by CloudFront with origin access control.

    Limits: neither the management account nor service-linked roles are stopped. Nothing is turned on. A bucket's own
    block can be taken off, which opens nothing while the account's is on.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html and
    https://github.com/aws-samples/service-control-policy-examples/tree/main/Sensitive-data-protection

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    exceptions = unless_roles(except_roles)
    actions = [
        "ec2:CreateVpcBlockPublicAccessExclusion",
        "ec2:DisableImageBlockPublicAccess",
        "ec2:DisableSnapshotBlockPublicAccess",
        "ec2:EnableSnapshotBlockPublicAccess",  # of new snapshots only, in place of all
        "ec2:ModifyVpcBlockPublicAccessExclusion",
        "ec2:ModifyVpcBlockPublicAccessOptions",
        "elasticmapreduce:PutBlockPublicAccessConfiguration",
        "s3:PutAccountPublicAccessBlock",  # and deleting it
    ]
    documents = ["arn:*:ssm:*:*:servicesetting/ssm/documents/console/public-sharing-permission"]
    settings = ["ssm:ResetServiceSetting", "ssm:UpdateServiceSetting"]
    return content(
        [
            deny("DenyUnblockingPublicAccess", actions, condition=exceptions),
            deny("DenyUnblockingPublicDocuments", settings, documents, exceptions),
        ]
    )


def deny_public_function_urls(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that denies URLs of Lambda functions that everybody may call.

    A URL with the authorization AWS_IAM stays possible. What breaks: webhooks that call a function without signing; put
    an API Gateway before it, or except the role that deploys it.

    Limits: neither the management account nor service-linked roles are stopped. A URL that is public already stays; its
    other settings can be changed. A function's policy may still let all of AWS call it, signed.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html and
    https://docs.aws.amazon.com/controltower/latest/controlreference/ct-lambda-pv-1.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    actions = ["lambda:AddPermission", "lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig"]
    condition = {
        "StringNotEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"},
        # A change of something else does not say it, nor does a permission for something else.
        "Null": {"lambda:FunctionUrlAuthType": "false"},
    }
    return content(
        [deny("DenyPublicFunctionUrls", actions, condition={**condition, **unless_roles(except_roles)})],
    )
