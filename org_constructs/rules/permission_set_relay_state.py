"""`OrgBaseline-PermissionSetRelayState`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.consoles import is_of_aws
from org_constructs.templates.iam import text

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::SSO::PermissionSet"):
        url = text(resource.properties.get("RelayStateType"))
        if url is not None and not is_of_aws(url):
            yield found(resource, "Properties.RelayStateType", detail=f"It is {url:.200}.")


PERMISSION_SET_RELAY_STATE: Final = Rule(
    id="OrgBaseline-PermissionSetRelayState",
    sentence="A permission set sends people to a page outside AWS.",
    explanation=(
        "Whoever signs in with it lands on its relay state, and takes that page for AWS. Use an https page of the AWS"
        " Management Console or of the access portal, or leave it out for the console's home."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/howtopermrelaystate.html",
    find=_find,
)
