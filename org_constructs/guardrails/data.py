"""Who reaches the data of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from org_constructs.aws import limits, policy_types
from org_constructs.constructs.validate import check_account_id, check_sequence, check_text, check_unique
from org_constructs.refusal import Refusal

from ._content import Content, content, deny, one_or_list

RESOURCE_CONTROL_SERVICES: Final = ("aoss", "dynamodb", "ecr", "kms", "logs", "s3", "secretsmanager", "sqs", "sts")
"""The services with resource control policies that keep a company's data.

Others have them too. Amazon Cognito is left out since its callers are customers, of no organization.
Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""


def keep_data_in_organization(
    organization_id: str,
    *,
    services: Sequence[str] = RESOURCE_CONTROL_SERVICES,
    except_accounts: Sequence[str] = (),
) -> Content:
    """Return a resource control policy that denies data and roles to whoever is not of the organization.

    AWS services may reach a resource where they do it for an account of the organization, as they say with
    `aws:SourceOrgID`; services that do not say for whom are let through, which role trust and grants bind already.

    What breaks: public buckets, CloudFront's origin access identities (origin access control works), and other
    companies' tools that assume a role, until their accounts are in `except_accounts`; so do load balancers of old
    regions that write their logs from an account of AWS's.

    Limits: people of Identity Center and web identities such as GitHub's are of no organization while they sign in, so
    that `sts:AssumeRoleWithSAML` and `sts:AssumeRoleWithWebIdentity` stay as the roles' trust has them. Resource
    control policies are not for the management account's resources, nor for keys that AWS manages.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html and
    https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/resource_control_policies

    Args:
        organization_id: The organization's id, `o-…`; a token is allowed.
        services: What it is for; by default `RESOURCE_CONTROL_SERVICES`.
        except_accounts: Accounts of others that may, by their ids; by default none.

    Raises:
        Refusal: An id is not of AWS's form, or a service has no resource control policies.
    """
    check_text(
        "organization_id",
        organization_id,
        maximum=34,
        pattern=limits.ORGANIZATION_ID,
        rule="an id like 'o-exampleorg1'",
    )
    check_sequence("services", services, str, "the prefix of a service's actions")
    check_unique("services", services, what="service")
    for index, service in enumerate(services):
        if service not in policy_types.RESOURCE_CONTROL_SERVICES:
            raise Refusal(
                "service-without-policies",
                f"services[{index}] must have resource control policies, got {service!r}",
                f"available: {', '.join(policy_types.RESOURCE_CONTROL_SERVICES)}",
            )
    if not services:
        raise Refusal("services-none", "services must name at least one service, got none", "leave it out for all")
    check_sequence("except_accounts", except_accounts, str, "an account id")
    check_unique("except_accounts", except_accounts, what="account")
    for index, account in enumerate(except_accounts):
        check_account_id(f"except_accounts[{index}]", account)
    others = {"aws:PrincipalAccount": one_or_list(sorted(except_accounts))} if except_accounts else {}
    sources = {"aws:SourceAccount": one_or_list(sorted(except_accounts))} if except_accounts else {}
    actions = ["sts:AssumeRole" if service == "sts" else f"{service}:*" for service in sorted(services)]
    principals = deny(
        "DenyPrincipalsOfOthers",
        actions,
        condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization_id, **others},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )
    deputies = deny(
        "DenyServicesActingForOthers",
        actions,
        condition={
            "StringNotEqualsIfExists": {"aws:SourceOrgID": organization_id, **sources},
            # That of an account in no organization is there as well.
            "Null": {"aws:SourceAccount": "false"},
            "Bool": {"aws:PrincipalIsAWSService": "true"},
        },
    )
    return content([{**statement, "Principal": "*"} for statement in (principals, deputies)])
