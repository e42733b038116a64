"""`OrgBaseline-IamUser`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::IAM::User"):
        yield found(resource, "Type")


IAM_USER: Final = Rule(
    id="OrgBaseline-IamUser",
    sentence="The template creates an IAM user.",
    explanation=(
        "Its credentials do not expire, and it outlives the person's time at the company. Give people access through"
        " IAM Identity Center, and programs a role."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    find=_find,
)
