"""`OrgBaseline-IamLoginProfile`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::IAM::User"):
        if "LoginProfile" in resource.properties:
            yield found(resource, "Properties.LoginProfile")


IAM_LOGIN_PROFILE: Final = Rule(
    id="OrgBaseline-IamLoginProfile",
    sentence="An IAM user has a password for the console.",
    explanation=(
        "The password is in a template, and there is no MFA. People sign in through IAM Identity Center; an IAM user"
        " for a program needs no password."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    find=_find,
)
