"""What to do about an error of AWS's."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from org_constructs.live.errors import said_in_a_sentence
from refusals import refuses


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("ThrottlingException", "run this again in a minute"),
        ("TooManyRequestsException", "run this again in a minute"),
        ("ConcurrentModificationException", "run this again in a minute"),
        ("ConstraintViolationException", "sign in"),
    ],
)
def test_what_aws_does_not_take_for_the_moment_is_tried_again_later(code: str, fix: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "No."}}, "CloseAccount")
    with refuses("aws-refused", "CloseAccount", f"{code}: No; {fix}"), said_in_a_sentence(None):
        raise error
