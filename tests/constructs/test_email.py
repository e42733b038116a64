"""`plus_address`."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest

from org_constructs import plus_address
from refusals import refuses


@pytest.mark.parametrize(
    ("email", "key", "derived"),
    [
        ("aws@acme.com", "dev", "aws+dev@acme.com"),
        ("aws@acme.com", "production", "aws+production@acme.com"),
        ("a.b@mail.acme.com", "a-b", "a.b+a-b@mail.acme.com"),
        (f"{'a' * 51}@acme.com", "dev", f"{'a' * 51}+dev@acme.com"),
    ],
)
def test_puts_the_key_behind_a_plus(email: str, key: str, derived: str) -> None:
    assert plus_address(email, key) == derived


@pytest.mark.parametrize(
    ("email", "key", "refused"),
    [
        ("acme.com", "dev", ("email-form", "email", "'acme.com'")),
        ("", "dev", ("wrong-length", "email", "6 to 64", "got 0")),
        ("aws+org@acme.com", "dev", ("email-plus", "email", "'aws+org@acme.com'", "aws@acme.com")),
        ("aws@acme.com", "", ("wrong-length", "key", "1 to 64", "got 0")),
        ("aws@acme.com", "a b", ("email-derived", "email", "'aws+a b@acme.com'", "'aws@acme.com'", "'a b'")),
        (f"{'a' * 52}@acme.com", "dev", ("email-derived", "email", "6 to 64", "got 65")),
        (7, "dev", ("wrong-type", "email", "int 7")),
        ("aws@acme.com", None, ("wrong-type", "key", "NoneType None")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuses_what_gives_no_address(email: Any, key: Any, refused: tuple[str, ...]) -> None:
    with refuses(*refused):
        plus_address(email, key)


def test_refuses_an_email_that_is_not_known_at_synth() -> None:
    with refuses("email-token", "email"):
        plus_address(cdk.Fn.import_value("Email"), "dev")
