"""AWS Free Tier, which moto lacks: the plan that an account is on.

https://docs.aws.amazon.com/cost-management/latest/APIReference/API_Operations_AWS_Free_Tier.html
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from moto.iam.models import get_account_id_from
from werkzeug.wrappers import Request, Response

TARGET: Final = "AWSFreeTierService."
"""What the X-Amz-Target of its calls begins with."""
PAID: Final = {"accountPlanType": "PAID", "accountPlanStatus": "ACTIVE"}
"""What a company has."""

plans: Final[dict[str, Mapping[str, Any] | None]] = {}
"""What GetAccountPlanState answers of an account, where that is not PAID; None of one that is older than the plans."""


@Request.application
def application(request: Request) -> Response:
    """Answer GetAccountPlanState."""
    action = request.headers["X-Amz-Target"].removeprefix(TARGET)
    if action != "GetAccountPlanState":
        raise NotImplementedError(f"freetier {action}")
    key = request.headers.get("Authorization", "").partition("Credential=")[2].partition("/")[0]
    account_id = get_account_id_from(key)
    plan = plans.get(account_id, PAID)
    if plan is None:
        error = {"__type": "ResourceNotFoundException", "message": f"No account plan was found for {account_id}."}
        return Response(json.dumps(error), status=400, content_type="application/x-amz-json-1.0")
    return Response(json.dumps({"accountId": account_id, **plan}), content_type="application/x-amz-json-1.0")


@contextmanager
def installed() -> Iterator[None]:
    """Begin with every account on the paid plan."""
    plans.clear()
    yield
    plans.clear()
