"""A refusal is a sentence for people and a code for programs."""

import pickle

import pytest

from org_constructs.refusal import Refusal
from refusals import refuses


def test_its_text_is_one_sentence() -> None:
    assert str(Refusal("email-plus", "email must not hold a '+'", "use the address before it")) == (
        "email must not hold a '+'; use the address before it"
    )
    assert str(Refusal("email-plus", "email must not hold a '+'")) == "email must not hold a '+'"


def test_is_caught_as_what_python_raises_for_a_wrong_argument() -> None:
    with pytest.raises(ValueError, match="must be known"):
        raise Refusal("email-token", "email must be known")


def test_says_where_the_argument_is() -> None:
    inner = Refusal("email-plus", "email must not hold a '+'", "use the address before it")
    outer = inner.within("accounts[0].")
    assert (outer.code, outer.why, outer.fix) == ("email-plus", "accounts[0].email must not hold a '+'", inner.fix)


def test_keeps_its_parts_in_another_process() -> None:
    there = pickle.loads(pickle.dumps(Refusal("email-plus", "email must not; hold a '+'", "use; another")))  # noqa: S301 (our own)
    assert (there.code, there.why, there.fix) == ("email-plus", "email must not; hold a '+'", "use; another")


@pytest.mark.parametrize(("code", "value"), [("email-token", "got 7"), ("email-plus", "got 8")])
def test_the_helper_tells_codes_and_values_apart(code: str, value: str) -> None:
    with pytest.raises(AssertionError, match="must be known"), refuses(code, value):
        raise Refusal("email-plus", "email must be known, got 7")


@pytest.mark.parametrize("value", ["accounts[0].key", "'a.b'", "got 51", "1,024", "at most 5", "o-example1", 51])
def test_the_helper_finds_a_value(value: object) -> None:
    with refuses("key-form", value):
        raise Refusal("key-form", "accounts[0].key must be at most 5 of 1,024, got 51: 'a.b' in o-example1")


@pytest.mark.parametrize("value", ["key", "accounts[0]", "accounts", "a", "got 5", "1", "024", "example1", "o", 5.1])
def test_the_helper_finds_no_value_in_a_longer_one(value: object) -> None:
    with pytest.raises(AssertionError), refuses("key-form", value):
        raise Refusal("key-form", "accounts[0].key must be at most 55 of 1,024, got 51: 'a.b' in o-example1")
