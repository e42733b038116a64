"""How nobody is to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._content import content, deny, service_control

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._content import Content


def deny_root_user() -> Content:
    """Return a service control policy that denies everything to the root users of accounts.

    Sessions that the management account opens with `sts:AssumeRoot` still work: they are how a locked bucket or queue
    is opened again. What breaks: the other tasks that only a root user can do, such as an account's own closing; the
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

    That is: users, passwords, access keys, and the credentials of single services, which are the long-lived keys of
    Amazon Bedrock too. What exists keeps working and can be switched off and deleted. What breaks: tools that take
    nothing but an access key, and SMTP passwords of Amazon SES, which are made of one.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html and
    https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_identities_unique.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        ValueError: `except_roles` has no names of roles.
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
    ]
    return service_control("DenyIamUsersAndAccessKeys", actions, except_roles)
