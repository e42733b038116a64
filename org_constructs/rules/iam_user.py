"""`OrgBaseline-IamUser`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::IAM::User"):
        yield found(resource, "Type")


IAM_USER: Final = Rule(
    id="OrgBaseline-IamUser",
    sentence="There is an IAM user.",
    explanation=(
        "Its credentials do not expire, and who left the company stays in it. Give people access through IAM Identity"
        " Center, and programs a role."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    find=_find,
)
