"""`OrgBaseline-PermissionSetRelayState`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from org_constructs.templates.iam import text

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.resources import Templates

_HOSTS: Final = (
    "aws.amazon.com",
    "amazonaws.cn",
    "amazonaws-us-gov.com",
    "amazonaws-eusc.eu",
    "awsapps.com",
    "awsapps.cn",
    "app.aws",
)
"""The domains of AWS's consoles and portals.

https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
https://docs.aws.eu/general/latest/gr/endpoints.html and, by it, `aws console`, for the European Sovereign Cloud:
https://github.com/aws/aws-cli/blob/develop/awscli/customizations/console.py
https://docs.aws.amazon.com/singlesignon/latest/userguide/howtochangeURL.html
"""


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::SSO::PermissionSet"):
        url = text(resource.properties.get("RelayStateType"))
        if url is not None and not _is_of_aws(url):
            yield found(resource, "Properties.RelayStateType", detail=f"It is {url:.200}.")


def _is_of_aws(url: str) -> bool:
    try:
        # Browsers take a backslash for a slash.
        parts = urlsplit(url.replace("\\", "/"))
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and any(host == each or host.endswith(f".{each}") for each in _HOSTS)


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
