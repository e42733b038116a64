"""`plus_address`."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest

from org_constructs import plus_address


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
    ("email", "key", "error"),
    [
        ("acme.com", "dev", "email must be an e-mail address like 'aws+dev@acme.com', got 'acme.com'"),
        ("", "dev", "email must be 6 to 64 characters, got 0: ''"),
        (
            "aws+org@acme.com",
            "dev",
            (
                "email must not hold a '+', since accounts get theirs by adding one, got 'aws+org@acme.com';"
                " use the address before the '+', aws@acme.com"
            ),
        ),
        ("aws@acme.com", "", "key must be 1 to 64 characters, got 0: ''"),
        (
            "aws@acme.com",
            "a b",
            (
                "email must be an e-mail address like 'aws+dev@acme.com', got 'aws+a b@acme.com'"
                " (derived from 'aws@acme.com' for 'a b'); give the account an email of its own"
            ),
        ),
        (f"{'a' * 52}@acme.com", "dev", "email must be 6 to 64 characters, got 65: "),
        (7, "dev", "email must be text, got int 7"),
        ("aws@acme.com", None, "key must be text, got NoneType None"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuses_what_gives_no_address(email: Any, key: Any, error: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}"):
        plus_address(email, key)


def test_refuses_an_email_that_is_not_known_at_synth() -> None:
    error = "email must be known at synth to derive addresses from it, got a token; give each account an email"
    with pytest.raises(ValueError, match=f"^{error}$"):
        plus_address(cdk.Fn.import_value("Email"), "dev")
