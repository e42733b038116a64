"""`OrgBaseline-PolicyPrincipal`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from org_constructs.aws.regions import partition_of, partitions, regions
from org_constructs.templates.iam import Test, documents, matches, partition_named

from ._examples import examples
from ._places import homes_of
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from org_constructs.templates.resources import Templates

_SESSION: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(?P<account>[^:]*):assumed-role/(?P<role>[^/]+).*", re.DOTALL)
_PERMISSION_SET: Final = re.compile(r"arn:[^:]*:sso:")
_SHOWN: Final = 200
_EMPTY: Final = '""'
_COLONS: Final = 5
_DIGITS: Final = 12
_BY_PARTS: Final = ("arn", "foranyvalue:arn", "forallvalues:arn")
_KINDS: Final = {"iam": ("role/", "user/"), "sts": ("federated-user/",)}
"""By the service in their ARNs, what principals are that have names; a root user has none.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""

_NAME: Final = re.compile(r"(?:[^\s<>{}]*/)?[\w+=,.@:*?-]+", re.ASCII)
"""A path, and a name; AWS's own roles have colons in theirs.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
"""

_ANY: Final = ("arn", "aws", "iam", "", "111122223333")
_PATH: Final = "role/aws-reserved/sso.amazonaws.com"
_WITHOUT_PATH: Final = "us-east-1"
_RESERVED: Final = "AWSReservedSSO_"
_SUFFIX: Final = "_[0-9a-f?]{16}"
"""The roles of IAM Identity Center: the path has its region in it, unless that is us-east-1, and the name ends in this.

https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""


def _find(templates: Templates) -> Iterator[Finding]:
    homes, fill = templates.once(homes_of), templates.once(examples).fill
    for document in templates.once(documents):
        template = document.resource.template
        home, partition = homes.get(template.account), template.region and partition_of(template.region).name
        for statement in document.statements:
            for test in statement.tests:
                if test.key == "aws:principalarn" and test.compares:
                    values = [(each, fill(each)) if each is not None else ("*", "*") for each in test.values]
                    nobody = [
                        f"{each[:_SHOWN] or _EMPTY} (write {fix})"
                        for each, fix in _of_nobody(test, values, home, partition)
                    ]
                    if nobody:
                        yield found(
                            document.resource, statement.location, detail=f"{test.written[0]} has {listed(nobody)}."
                        )


def is_nobody(test: Test, value: str) -> bool:
    """Tell whether a value that a test compares with `aws:PrincipalArn` is no principal's ARN."""
    return any(True for _ in _of_nobody(test, [(value, value)]))


def _of_nobody(
    test: Test, values: Sequence[tuple[str, str]], home: str | None = None, partition: str | None = None
) -> Iterator[tuple[str, str]]:
    """Yield what is no principal's ARN, and what to write.

    Args:
        test: The test.
        values: Values of `aws:PrincipalArn`, each as it is written and as it may be.
        home: IAM Identity Center's region, if it is known.
        partition: The organization's partition, if it is known.
    """
    # What the request or the template puts there may be anything.
    patterns = [re.sub(r"\$\{[^}]*\}", "*", each) for _, each in values]
    roles = [each.rpartition("/")[2] for each in patterns if not _SESSION.fullmatch(each)]
    for (value, _), pattern in zip(values, patterns, strict=True):
        session = _SESSION.fullmatch(pattern)
        if session is not None:
            # Whoever names a role beside its sessions names it.
            if not any(matches(each, session["role"]) for each in roles):
                yield value, f"arn:aws:iam::{session['account']}:role/{session['role']:.64}"
        elif partition and partition_named(pattern) not in {None, partition}:
            yield value, re.sub("^arn:[^:]*", f"arn:{partition}", value[:_SHOWN])
        elif _PERMISSION_SET.match(pattern):
            yield value, f"arn:aws:iam::*:{_PATH}*/{_RESERVED}Name_{'?' * 16}"
        elif not _may_be_principal(pattern, by_parts=test.operator.startswith(_BY_PARTS)):
            yield value, "an ARN, as in arn:aws:iam::*:role/Admin"
        elif _RESERVED in pattern and not _may_be_reserved(pattern, home):
            name = re.sub(r"_?[*?]*$", "", pattern.rpartition(_RESERVED)[2])
            yield value, f"arn:aws:iam::*:{_PATH}*/{_RESERVED}{name:.32}_{'?' * 16}"


def _may_be_principal(pattern: str, *, by_parts: bool) -> bool:
    """Whether the ARN of a role, a user, a root user or a federated user may match a pattern.

    Args:
        pattern: The pattern.
        by_parts: Whether each part of an ARN is compared with one, so that no asterisk stands for several.
    """
    parts = pattern.split(":", _COLONS)
    if len(parts) <= _COLONS:
        is_open = not by_parts or pattern.endswith("*")
        return pattern.startswith(("*", "?")) or (pattern.startswith("arn:") and is_open and "*" in pattern)
    arn, partition, service, region, account, name = parts
    return (
        matches(arn, "arn")
        and any(matches(partition, each) for each in partitions())
        and not region.strip("*")
        and _may_be_account(account)
        and (
            (matches(service, "iam") and matches(name, "root"))
            or any(matches(service, of) and _may_be_named(name, kinds) for of, kinds in _KINDS.items())
        )
    )


def _may_be_account(pattern: str) -> bool:
    digits = pattern.replace("*", "")
    length_fits = len(digits) <= _DIGITS if "*" in pattern else len(digits) == _DIGITS
    return length_fits and re.fullmatch(r"[0-9?]*", digits) is not None


def _may_be_named(pattern: str, kinds: Sequence[str]) -> bool:
    kind, slash, name = pattern.partition("/")
    if slash:
        return _NAME.fullmatch(name) is not None and any(matches(f"{kind}/", each) for each in kinds)
    start, asterisk, _ = kind.partition("*")
    return bool(asterisk) and any(matches(f"{start}*", each) for each in kinds)


def _may_be_reserved(pattern: str, home: str | None) -> bool:
    before, _, name = pattern.rpartition(_RESERVED)
    _, wildcard, end = name.rpartition("*")
    if not re.fullmatch(f".*{_SUFFIX}" + "|[0-9a-f?]{0,16}" * bool(wildcard), end, re.DOTALL):
        return False
    _, partition, _, _, account, *_ = before.split(":") if before.count(":") == _COLONS else _ANY
    arn = f"arn:{partition}:iam::{account}:{_PATH}"
    paths = ["" if each == _WITHOUT_PATH else f"/{each}" for each in ([home] if home else regions())]
    return any(matches(before, f"{arn}{path}/") for path in paths)


POLICY_PRINCIPAL: Final = Rule(
    id="OrgBaseline-PolicyPrincipal",
    sentence="A condition on aws:PrincipalArn has an ARN that nobody has.",
    explanation=(
        "Whoever it should exempt is denied, and whoever it should allow is not allowed. It is the ARN of a role, a"
        " user, a root user or a federated user, in an account of 12 digits and in no region. Groups, instance"
        " profiles, permission sets and accounts have other ARNs, and what stands in angle brackets, or in braces that"
        " nothing fills in, is a placeholder. A session has the ARN of its role, not an assumed-role ARN, in the"
        " partition of the stack's region; the roles of permission sets have a path, which ends in the region of IAM"
        " Identity Center unless that is us-east-1, and a name that ends in _ and 16 characters, different in each"
        " account: compare them with ArnLike or ArnNotLike."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn",
    find=_find,
)
