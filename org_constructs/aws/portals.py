"""Where people sign in: the domains of AWS access portals, which are AWS's own.

Sources: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-sso.html for the forms of URLs, and for the
domains of all partitions what the AWS CLI takes for AWS's:
https://github.com/aws/aws-cli/blob/v2/awscli/customizations/sso/resolve.py
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

IDENTITY_CENTER: Final = "org-baseline:identity-center"
"""The type of the metadata beside a template, in the assembly, that says where the people of a stack sign in.

A mapping with `StartUrl`. Beside, because CloudFormation deploys no change of a template's metadata alone.
"""

_LABEL: Final = r"[a-z0-9-]+"
_PORTALS: Final = (
    # ALIAS.awsapps.com, and start.us-gov-home.awsapps.com for governments
    rf"({_LABEL}\.)+awsapps\.(com|cn)",
    # INSTANCE.REGION.portal.amazonaws.com, and the same with IPv6: INSTANCE.portal.REGION.app.aws
    rf"{_LABEL}\.{_LABEL}\.portal\.amazonaws\.(com|com\.cn|eu)",
    rf"{_LABEL}\.portal\.{_LABEL}\.(app\.aws|app\.amazonwebservices\.com\.cn|api\.amazonwebservices\.eu)",
    # The issuer's URL, which the AWS CLI takes as well.
    r"identitycenter\.amazonaws\.com(\.cn)?",
)
_PORTAL: Final = re.compile("|".join(_PORTALS))


def is_portal(url: str) -> bool:
    """Tell whether a URL leads to an AWS access portal, as far as its domain says it."""
    return _PORTAL.fullmatch((urlsplit(url).hostname or "").rstrip(".")) is not None


def name_of(url: str | None) -> str | None:
    """Return what tells a portal from others, `acme` or `d-1111222233`; None where the URL leads to none."""
    if url is None or not is_portal(url):
        return None
    return (urlsplit(url).hostname or "").partition(".")[0]
