"""Pages of the AWS Management Console, and of the access portal that leads to it, in every partition.

The consoles' addresses: https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html,
https://docs.amazonaws.cn/en_us/aws/latest/userguide/introduction.html,
https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-console.html and, for the European Sovereign Cloud,
https://docs.aws.eu/general/latest/gr/endpoints.html.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlsplit

from .portals import is_portal
from .regions import could_be_newer, partition_of, regions

_DOMAINS: Final = {
    "aws": "aws.amazon.com",
    "aws-cn": "amazonaws.cn",
    "aws-us-gov": "amazonaws-us-gov.com",
    "aws-eusc": "amazonaws-eusc.eu",
}
"""The domains of AWS's pages, by partitions: the consoles are at `console` of each, and Quick Sight beside them."""


def console(region: str | None, page: str) -> str:
    """Return the address of a page of a region's console; empty for what is no region of a partition with a console."""
    if region is None or not re.fullmatch(r"[a-z0-9-]+", region) or not (region in regions() or could_be_newer(region)):
        return ""
    domain = _DOMAINS.get(partition_of(region).name)
    return f"https://{region}.console.{domain}/{page}" if domain else ""


def portal(start_url: str | None) -> str:
    """Return the address of an access portal without its fragment; empty for what is no https address of a portal."""
    try:
        parts = urlsplit(start_url or "")
    except ValueError:
        return ""
    # A user or a port has no place in it, and would only hide where it leads.
    if parts.scheme != "https" or parts.netloc != parts.hostname or not is_portal(start_url or ""):
        return ""
    return f"https://{parts.netloc}{quote(parts.path, safe='/').rstrip('/')}"


def is_of_aws(url: str) -> bool:
    """Tell whether an https address leads to a page of AWS's, such as one of a console, or to an access portal."""
    try:
        # Browsers take a backslash for a slash.
        parts = urlsplit(url.replace("\\", "/"))
        host = parts.hostname or ""
    except ValueError:
        return False
    # app.aws is where portals are, and the applications that people reach through them.
    own = any(host == each or host.endswith(f".{each}") for each in (*_DOMAINS.values(), "app.aws"))
    return parts.scheme == "https" and (own or is_portal(parts.geturl()))
