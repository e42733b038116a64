"""How nobody is to sign in."""

from __future__ import annotations

from collections.abc import Sequence

from org_constructs.constructs.validate import check_sequence, check_text, check_unique

from ._content import Content, content, deny, one_or_list, service_control, unless_roles


def deny_root_user() -> Content:
    """Return a service control policy that denies everything to the root users of accounts.

    Sessions that the management account opens with `sts:AssumeRoot` still work: they are how a locked bucket or queue
    is opened again. What breaks: the other tasks that only a root user can do, such as closing the account; the
    root user still signs in and resets the password, which no policy covers.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html and
    https://docs.aws.amazon.com/controltower/latest/controlreference/strongly-recommended-preventive-controls.html
    """
    condition = {
        "ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"},
        # Absent but in a session of AssumeRoot.
        "BoolIfExists": {"aws:AssumedRoot": "false"},
    }
    return content([deny("DenyTheRootUser", ["*"], condition=condition)])


def deny_iam_users_and_access_keys(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that denies making IAM users, and anything that lasts to sign in with.

    That is: users, passwords, access keys, including those of Lightsail's buckets, and the credentials of single
    services, including Amazon Bedrock's long-term keys. What exists keeps working and can be switched off and
    deleted. What breaks: tools that take
    nothing but an access key, and SMTP passwords of Amazon SES, which are made of one.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html and
    https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_identities_unique.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    actions = [
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:CreateServiceSpecificCredential",
        "iam:CreateUser",
        "iam:ResetServiceSpecificCredential",
        "iam:UpdateLoginProfile",
        "iam:UploadSSHPublicKey",
        "iam:UploadSigningCertificate",
        "lightsail:CreateBucketAccessKey",
    ]
    return service_control("DenyIamUsersAndAccessKeys", actions, except_roles)


def deny_other_identity_providers(
    *, except_oidc_providers: Sequence[str] = (), except_roles: Sequence[str] = ()
) -> Content:
    """Return a service control policy that leaves signing in to the organization's IAM Identity Center.

    Denies making and changing what else lets people and machines of others in: SAML and OpenID Connect providers of
    IAM, IAM Roles Anywhere, instances of IAM Identity Center that an account has for itself, with users of its own, and
    IAM's delegation of permissions to others. What breaks: roles for GitHub's workflows and for service accounts of
    Amazon EKS, unless `except_oidc_providers` names their providers.

    Limits: neither the management account nor service-linked roles are stopped, so that IAM Identity Center makes its
    own provider. What is there already stays, can be deleted, and roles may still be made that trust it; a role may
    trust another account. User pools and identity pools of Amazon Cognito, which are for customers, stay possible.

    Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/control-account-instance.html and
    https://github.com/aws-samples/service-control-policy-examples/tree/main/Privileged-access-controls

    Args:
        except_oidc_providers: Hosts, with their path, of OpenID Connect providers that may be made, `*` and `?`
            allowed: `token.actions.githubusercontent.com` for GitHub, `oidc.eks.*.amazonaws.com/id/*` for Amazon EKS.
            By default none.
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles, or `except_oidc_providers` no hosts.
    """
    check_sequence("except_oidc_providers", except_oidc_providers, str, "the host of a provider")
    check_unique("except_oidc_providers", except_oidc_providers, what="provider")
    for index, provider in enumerate(except_oidc_providers):
        check_text(
            f"except_oidc_providers[{index}]",
            provider,
            maximum=255,
            # Two parts without `*` at the end of the host, so that it is somebody's.
            pattern=r"[a-z0-9*?.-]*[a-z0-9-]+\.[a-z]+(/[\w*?./-]+)?",
            rule="the host of a provider without 'https://', like 'token.actions.githubusercontent.com'",
        )
    exceptions = unless_roles(except_roles)
    oidc = [
        "iam:AddClientIDToOpenIDConnectProvider",
        "iam:CreateOpenIDConnectProvider",
        "iam:UpdateOpenIDConnectProviderThumbprint",
    ]
    others = [
        "iam:AcceptDelegationRequest",
        "iam:CreateSAMLProvider",
        "iam:SendDelegationToken",
        "iam:UpdateSAMLProvider",
        "rolesanywhere:CreateProfile",
        "rolesanywhere:CreateTrustAnchor",
        "rolesanywhere:EnableProfile",
        "rolesanywhere:EnableTrustAnchor",
        "rolesanywhere:PutAttributeMapping",
        "rolesanywhere:UpdateProfile",
        "rolesanywhere:UpdateTrustAnchor",
        "sso:CreateInstance",
    ]
    of_oidc = deny("DenyOidcProviders", oidc, condition=exceptions)
    if except_oidc_providers:
        del of_oidc["Resource"]
        arns = sorted(f"arn:*:iam::*:oidc-provider/{provider}" for provider in except_oidc_providers)
        of_oidc["NotResource"] = one_or_list(arns)
    return content([deny("DenyOtherIdentityProviders", others, condition=exceptions), of_oidc])
