"""The requests that people make, as far as conditions tell one from another.

A statement that holds for each of them excepts nobody. People have sessions of roles, or are IAM users whom a condition
names, and call AWS over the internet: control policies do not apply to service-linked roles, nor to AWS's services.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import ipaddress
import re
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final, NamedTuple

from org_constructs.aws.condition_keys import VALUES, WITH_WILDCARDS
from org_constructs.aws.escalations import ACCOUNT, ORGANIZATION, OTHER
from org_constructs.aws.policy_syntax import RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY
from org_constructs.templates.condition import TIMES, Plain, read_network, read_number, takes_wildcards, times
from org_constructs.templates.iam import Statement, Test, partition_named

from .policy_principal import is_nobody
from .policy_region import may_be_region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ._examples import Examples

_MOST: Final = 128
"""As many requests as are tried: of conditions that tell more apart nothing is said."""

_OTHER_ROLES: Final = (
    f"arn:aws:iam::{ACCOUNT}:role/{OTHER}",
    f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_{OTHER}_0123456789abcdef",
)

_SESSION: Final = f"AROA0123456789ABCDEFG:{OTHER}"
"""The id of a session: of its role, and its name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""

_THE_SAME: Final[Mapping[str, str]] = {
    "aws:principalisawsservice": "false",
    "aws:principaltype": "AssumedRole",
    "aws:securetransport": "true",
    "aws:viaawsservice": "false",
}
"""What keys are in each request of people, who have sessions of roles: AWS's own tools call it by TLS alone.

Not `aws:MultiFactorAuthPresent`: AWS says that AssumeRole and GetSessionToken know MFA and AssumeRoleWithSAML does
not, but not by which of them IAM Identity Center makes its sessions.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
"""

_THERE: Final = {
    *_THE_SAME,
    *TIMES,
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:requestedregion",
    "aws:sourceip",
    "aws:tokenissuetime",
    "aws:userid",
}
"""Keys that each of these requests has: whom a control policy applies to is of an organization."""

_OTHERS: Final[Mapping[str, str]] = {
    "aws:principalaccount": ACCOUNT,
    "aws:principalorgpaths": f"{ORGANIZATION}/r-{OTHER}/",
    "aws:requestedregion": f"any-{OTHER}-1",
    "aws:sourceip": "8.8.8.8",
    "aws:userid": _SESSION,
}
"""What keys may be that no test names, where that has to look like something."""

_OF_PRINCIPALS: Final = frozenset({"aws:principalaccount", "aws:principalarn"})

_NO_PEOPLE: Final = re.compile(r":role/aws-service-role/|^arn:[^:]*:iam::[^:]*:(user/\*|root)$")
"""Principals that no policy should count on as the only ones whom it excepts: service-linked roles, to which control
policies do not apply, and root users and IAM users of any name, which people with sessions of roles are not."""

_PRIVATE: Final = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""Addresses that AWS sees in no request over the internet; one through an endpoint of a VPC has no `aws:SourceIp`.

https://datatracker.ietf.org/doc/html/rfc1918
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
"""


class Known(NamedTuple):
    """What is known of the organization, as templates write it."""

    organizations: frozenset[str]
    """Its id."""

    managements: frozenset[str]
    """The id of its management account."""

    partition: str | None
    """Its partition; None if the templates do not say it."""

    examples: Examples
    """What references to what the templates make may come to."""


def requests(
    statements: Sequence[Statement], known: Known, kind: str = SERVICE_CONTROL_POLICY, role: str | None = None
) -> Iterator[Mapping[str, str | None]] | None:
    """Return the requests that the statements' conditions tell apart; None if there are too many.

    Args:
        statements: Those that may decide.
        known: What is known of the organization.
        kind: The type of their policies. A service control policy applies to no principal of the management account:
            https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
            A resource control policy applies to resources of the organization alone:
            https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
        role: The ARN of who asks; otherwise anybody.
    """
    by_key: dict[str, list[Test]] = {}
    for each in statements:
        for test in each.tests:
            by_key.setdefault(test.key, []).append(test)
    values = {
        key: list(dict.fromkeys(_values(key, tests, known, kind)))
        if role is None or key != "aws:principalarn"
        else [Plain(role)]
        for key, tests in by_key.items()
    }
    if prod(map(len, values.values())) > _MOST:
        return None
    return (dict(zip(values, each, strict=True)) for each in product(*values.values()))


def _values(key: str, tests: Sequence[Test], known: Known, kind: str) -> Iterator[str | None]:
    """Yield the values of a key to try: one that no test names, and what each test names, if a request may have it."""
    given = [
        (test, each)
        for test in tests
        if test.compares
        for each in test.values
        if each is not None and not (known.partition and partition_named(each) not in {None, known.partition})
    ]
    if key in _THE_SAME:
        yield Plain(_THE_SAME[key])
        return
    if key in {*TIMES, "aws:tokenissuetime"}:
        yield from times(each for _, each in given)
        return
    if kind == SERVICE_CONTROL_POLICY and key in _OF_PRINCIPALS:
        given = [(test, each) for test, each in given if not _is_of(each, known.managements)]
    fill = known.examples.fill
    named = [Plain(each) for test, value in given for each in _named(key, test, value, fill(value))]
    if key == "aws:principalorgid" or (key == "aws:resourceorgid" and kind == RESOURCE_CONTROL_POLICY):
        own = known.organizations & {each for _, each in given}
        if any(VALUES[key][0].fullmatch(each) for each in known.organizations):
            yield from map(Plain, known.organizations)
        else:
            yield from (*map(Plain, own or {ORGANIZATION}), *named)
        return
    kinds = {re.sub(r"^for(any|all)values?:", "", test.operator)[:4] for test in tests}
    if key not in _THERE:
        yield None
    if "bool" in kinds:
        yield from map(Plain, ("true", "false"))
    if kinds - {"bool", "nume"}:
        others = _OTHER_ROLES if key == "aws:principalarn" else (_OTHERS.get(key, OTHER),)
        yield from (Plain(each.replace("arn:aws:", f"arn:{known.partition or 'aws'}:")) for each in others)
    yield from named


def _is_of(value: str, accounts: frozenset[str]) -> bool:
    """Whether a value is the id of one of the accounts, or an ARN in it."""
    return any(value == each or f":iam::{each}:" in value for each in accounts)


def _named(key: str, test: Test, value: str, filled: str) -> Iterator[str]:
    """Yield what requests may have of what a value names, and next to it, if they may have it as it is filled."""
    if "ipaddress" in test.operator:
        yield from _addresses(value)
    elif "numeric" in test.operator:
        number = read_number(value)
        if number is not None:
            # No key has numbers below zero.
            yield from (str(each) for each in (int(number) - 1, int(number), int(number) + 1, 0) if each >= 0)
    elif _may_be(key, test, filled):
        yield _instance(value, key) if takes_wildcards(test) else value


def _may_be(key: str, test: Test, value: str) -> bool:
    """Whether a request may have a value."""
    if key == "aws:principalarn":
        return not (_NO_PEOPLE.search(value) or is_nobody(test, value))
    if "${" in value:
        # Whatever stands for a variable may be what the request has.
        return True
    if key == "aws:userid":
        return value != "AIDA*"
    if key == "aws:requestedregion":
        return may_be_region(test, value)
    if key in VALUES and re.search(r"[*?]", value):
        is_pattern = takes_wildcards(test) is True
        return is_pattern and (key not in WITH_WILDCARDS or VALUES[key][0].fullmatch(value) is not None)
    return key not in VALUES or VALUES[key][0].fullmatch(value) is not None


def _instance(pattern: str, key: str) -> str:
    """Return what a pattern matches."""
    if key == "aws:principalarn":
        pattern = re.sub(r"^(arn:[^:]*:[^:]*:[^:]*:)[*?]+(?=:)", rf"\g<1>{ACCOUNT}", pattern)
    return pattern.replace("*", OTHER).replace("?", "0")


def _addresses(value: str) -> Iterator[str]:
    network = read_network(value)
    if network is None:
        return
    for each in (int(network[0]) - 1, int(network[0]), int(network[-1]), int(network[-1]) + 1):
        if 0 <= each < 2**network.max_prefixlen:
            address = ipaddress.ip_address(each) if network.version == 4 else ipaddress.IPv6Address(each)  # noqa: PLR2004
            if not any(address in private for private in _PRIVATE):
                yield str(address)
