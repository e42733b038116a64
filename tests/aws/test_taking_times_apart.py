"""The times of an app, and the rest, as which an inline policy is taken apart."""

from __future__ import annotations

from typing import Any, Final

import pytest

from checked_templates import allow, deny, document
from org_constructs.aws.time_limit import without_times

NOT_BEFORE, UNTIL, A_YEAR_BEFORE = "2026-12-01T08:00:00Z", "2026-12-31T18:00:00Z", "2025-12-30T18:00:00Z"


def when(**operators: Any) -> dict[str, Any]:
    return {"Condition": {operator: {"aws:CurrentTime": time} for operator, time in operators.items()}}


READ: Final = allow("s3:*")
OWN_TIME: Final = deny("s3:*", **when(DateLessThan=NOT_BEFORE))
EVERYTHING: Final = {"Effect": "Deny", "Action": "*", "Resource": "*"}
ENDS_AT: Final = {"Sid": "AccessEnds", **EVERYTHING, **when(DateGreaterThanEquals=UNTIL)}
BEGINS_AT: Final = {"Sid": "AccessBegins", **EVERYTHING, **when(DateLessThan=NOT_BEFORE)}


@pytest.mark.parametrize(
    ("policy", "rest", "times"),
    [
        (document(READ, ENDS_AT), document(READ), {"until": UNTIL}),
        (document(BEGINS_AT, ENDS_AT), None, {"not_before": NOT_BEFORE, "until": UNTIL}),
        (document(READ, BEGINS_AT), document(READ), {"not_before": NOT_BEFORE}),
        (document(ENDS_AT, BEGINS_AT), document(ENDS_AT), {"not_before": NOT_BEFORE}),
        (document(OWN_TIME, ENDS_AT), document(OWN_TIME), {"until": UNTIL}),
        (
            document(BEGINS_AT | when(DateLessThan=A_YEAR_BEFORE), ENDS_AT),
            None,
            {"not_before": A_YEAR_BEFORE, "until": UNTIL},
        ),
    ],
)
def test_tells_what_the_arguments_of_an_app_make_from_the_rest(policy: Any, rest: Any, times: dict[str, str]) -> None:
    assert without_times(policy) == (rest, times)


@pytest.mark.parametrize(
    "policy",
    [
        document(READ),
        *(
            document(ENDS_AT | changed)
            for changed in (
                {"Sid": "Ends"},
                {"Action": ["*"]},
                {"Resource": "arn:aws:s3:::a"},
                when(DateGreaterThanEquals="2027-01-31"),
                when(DateGreaterThanEquals="2026-12-31T19:00:00+01:00"),
                when(DateGreaterThanEquals=[UNTIL]),
                when(DateGreaterThan=UNTIL),
                {"Condition": [UNTIL]},
            )
        ),
        document(BEGINS_AT | {"Sid": "AccessEnds"}),
        document(ENDS_AT, READ),
        document(BEGINS_AT | when(DateLessThan=UNTIL), ENDS_AT),
        document(BEGINS_AT | when(DateLessThan="2025-12-30T17:59:59Z"), ENDS_AT),
        document(ENDS_AT) | {"Version": "2008-10-17"},
        document(ENDS_AT) | {"Id": "mine"},
        document() | {"Statement": ENDS_AT},
        {"Statement": "…"},
        {"Statement": [{"Sid": ["AccessEnds"]}, 7]},
        "no JSON",
        None,
    ],
    ids=str,
)
def test_leaves_a_policy_whole_that_the_arguments_would_not_make_again(policy: Any) -> None:
    assert without_times(policy) == (policy, {})
