"""`OrgBaseline-PolicyWildcard`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.condition import takes_wildcards
from org_constructs.templates.iam import documents

from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        for statement in document.statements:
            for test in statement.tests:
                literal = [each for each in test.values if each and "*" in re.sub(r"\$\{[^}]*\}", "", each)]
                if literal and takes_wildcards(test) is False:
                    operator, key = test.written
                    detail = f"{operator} compares {key:.200} with {listed(f'{each:.100}' for each in literal)}."
                    yield found(document.resource, statement.location, detail=detail)


POLICY_WILDCARD: Final = Rule(
    id="OrgBaseline-PolicyWildcard",
    sentence="A condition has an asterisk that is taken literally.",
    explanation=(
        "StringEquals and StringNotEquals compare the value as it is written: nothing equals it, and whoever it should"
        " exempt is denied. Use StringLike or StringNotLike, and for ARNs ArnLike or ArnNotLike."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    find=_find,
)
