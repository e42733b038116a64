"""`OrgBaseline-PolicyPrincipal`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from org_constructs.aws.regions import partition_of, regions
from org_constructs.templates.iam import documents, matches, partition_named

from ._places import homes_of
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from org_constructs.templates.resources import Templates

_SESSION: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(?P<account>[^:]*):assumed-role/(?P<role>[^/]+).*", re.DOTALL)
_SHOWN: Final = 200
_COLONS: Final = 5
_ANY: Final = ("arn", "aws", "iam", "", "111122223333")
_PATH: Final = "role/aws-reserved/sso.amazonaws.com"
_WITHOUT_PATH: Final = "us-east-1"
_RESERVED: Final = "AWSReservedSSO_"
_SUFFIX: Final = "_[0-9a-f?]{16}"
"""The roles of IAM Identity Center: the path has its region in it, unless that is us-east-1, and the name ends in this.

https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""


def _find(templates: Templates) -> Iterator[Finding]:
    homes = templates.once(homes_of)
    for document in templates.once(documents):
        template = document.resource.template
        home, partition = homes.get(template.account), template.region and partition_of(template.region).name
        for statement in document.statements:
            for test in statement.tests:
                if test.key == "aws:principalarn" and test.compares:
                    nobody = [f"{each} (write {fix})" for each, fix in _of_nobody(test.values, home, partition)]
                    if nobody:
                        yield found(
                            document.resource, statement.location, detail=f"{test.written[0]} has {listed(nobody)}."
                        )


def is_nobody(value: str) -> bool:
    """Tell whether a value of `aws:PrincipalArn` is no principal's ARN."""
    return any(True for _ in _of_nobody([value]))


def _of_nobody(
    values: Sequence[str | None], home: str | None = None, partition: str | None = None
) -> Iterator[tuple[str, str]]:
    """Yield what is no principal's ARN, and what to write.

    Args:
        values: Values of `aws:PrincipalArn`.
        home: IAM Identity Center's region, if it is known.
        partition: The organization's partition, if it is known.
    """
    # What the request or the template puts there may be anything.
    patterns = [re.sub(r"\$\{[^}]*\}", "*", each or "*") for each in values]
    roles = [each.rpartition("/")[2] for each in patterns if not _SESSION.fullmatch(each)]
    for value, pattern in zip([each or "" for each in values], patterns, strict=True):
        session = _SESSION.fullmatch(pattern)
        if session is not None:
            # Whoever names a role beside its sessions names it.
            if not any(matches(each, session["role"]) for each in roles):
                yield value[:_SHOWN], f"arn:aws:iam::{session['account']}:role/{session['role']:.64}"
        elif partition and partition_named(pattern) not in {None, partition}:
            yield value[:_SHOWN], re.sub("^arn:[^:]*", f"arn:{partition}", value[:_SHOWN])
        elif not re.match(r"arn:|[*?]", pattern):
            yield value[:_SHOWN], "an ARN, as in arn:aws:iam::*:role/Admin"
        elif _RESERVED in pattern and not _may_be_reserved(pattern, home):
            name = re.sub(r"_?[*?]*$", "", pattern.rpartition(_RESERVED)[2])
            yield value[:_SHOWN], f"arn:aws:iam::*:{_PATH}*/{_RESERVED}{name:.32}_{'?' * 16}"


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
        "Whoever it should exempt is denied, and whoever it should allow is not allowed. A session has the ARN of its"
        " role, not an assumed-role ARN, in the partition of the stack's region; the roles of permission sets have a"
        " path, which ends in the region of IAM Identity Center unless that is us-east-1, and a name that ends in _ and"
        " 16 characters, different in each account: compare them with ArnLike or ArnNotLike."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn",
    find=_find,
)
