"""Account access manager, which moto lacks: the applications and the entitlements that there are, to be listed.

https://docs.aws.amazon.com/account-access/latest/APIReference/API_Operations.html
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from werkzeug.wrappers import Request, Response

PATHS: Final = frozenset({"/applications-list", "/entitlements-list"})
"""Where its calls are answered."""

entitlements: Final[dict[str, list[dict[str, Any]]]] = {}
"""What ListEntitlements answers, by the ARN of the application."""


@Request.application
def application(request: Request) -> Response:
    """Answer ListApplications and ListEntitlements, each in one page."""
    asked = json.loads(request.get_data() or b"{}")
    if request.path == "/applications-list":
        made = {"createdAt": 0, "updatedAt": 0}
        return _answer({"applications": [{"applicationArn": each, **made} for each in entitlements]})
    return _answer({"entitlements": entitlements[asked["applicationArn"]]})


def _answer(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), content_type="application/json")


@contextmanager
def installed() -> Iterator[None]:
    """Begin with no application."""
    entitlements.clear()
    yield
    entitlements.clear()
