"""`OrgBaseline-IamAccessKey`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::IAM::AccessKey"):
        yield found(resource, "Type")


IAM_ACCESS_KEY: Final = Rule(
    id="OrgBaseline-IamAccessKey",
    sentence="An IAM user has an access key.",
    explanation=(
        "It works, wherever it was copied, until somebody deletes it, and the stack reveals its secret. Use a role,"
        " whose credentials expire."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/securing_access-keys.html",
    find=_find,
)
