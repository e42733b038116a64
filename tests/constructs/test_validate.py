"""Checks of arguments that every construct shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_sns as sns

from org_constructs import Account, Organization
from org_constructs.constructs.validate import (
    check_known,
    check_printable,
    check_sequence,
    check_text,
    check_type,
    check_unique,
    is_token,
    shown,
)
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@jsii.implements(cdk.IStableStringProducer)
class Later:
    def produce(self) -> str:
        return "later"


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: sns.Topic(stack, "Topic").topic_arn,
        lambda stack: Organization(stack, "Organization").root_id,
        lambda stack: Account.from_account_id(cdk.Stack.of(stack).account).account_id,
        lambda _: cdk.Aws.REGION,
        lambda _: cdk.Fn.import_value("Name"),
        lambda _: cdk.Fn.join("-", ["a", cdk.Aws.PARTITION]),
        lambda _: f"arn:{cdk.Aws.PARTITION}:iam::aws:policy/AdministratorAccess",
        lambda _: f"{cdk.Aws.REGION}{cdk.Aws.ACCOUNT_ID}",
        lambda stack: cdk.CfnParameter(stack, "Parameter").value_as_string,
        lambda stack: stack.stack_name,
        lambda _: cdk.Lazy.string(Later()),
        lambda _: cdk.Token.as_string({"Ref": "Thing"}),
        lambda _: "",
        lambda _: "text",
        lambda _: "${Token[",
        lambda _: "${Token[]}",
        lambda _: "${Token[a b]}",
        lambda _: "${AWS::Region}",
        lambda _: "${Token",
        lambda _: "Token[TOKEN.1]",
    ],
    ids=[
        "Ref",
        "GetAtt",
        "known account",
        "pseudo parameter",
        "import",
        "join",
        "in an f-string",
        "two tokens",
        "parameter",
        "stack name",
        "lazy",
        "token of a value",
        "empty",
        "text",
        "begins like a token",
        "empty token",
        "token with a space",
        "sub",
        "no bracket",
        "no dollar",
    ],
)
def test_sees_a_token_where_cdk_sees_one(stack: cdk.Stack, make: Callable[[cdk.Stack], str]) -> None:
    text = make(stack)
    assert is_token(text) == cdk.Token.is_unresolved(text)


@pytest.mark.parametrize("value", [None, 7, True, [], {}, object()], ids=lambda value: type(value).__name__)
def test_sees_no_token_in_what_is_no_text(value: object) -> None:
    assert not is_token(value)


def test_sees_a_token_in_each_kind_of_text_that_has_one(stack: cdk.Stack) -> None:
    organization = Organization(stack, "Organization")
    assert is_token(organization.root_id)
    assert is_token(f"prefix {organization.root_id} suffix")
    assert not is_token(stack.account)


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "'a'"), (7, "7"), ("a" * 78, f"'{'a' * 78}'"), ("a" * 79, f"'{'a' * 78}…"), ("\x1b[31m", r"'\x1b[31m'")],
    ids=["text", "number", "80 characters", "81 characters", "escape sequence"],
)
def test_shows_a_value_in_80_characters_at_most(value: object, text: str) -> None:
    assert shown(value) == text
    assert len(text) <= 80


def test_refuses_a_value_of_another_type() -> None:
    check_type("size", 7, (int, str), "a size")
    with refuses("wrong-type", "size", "a size", "float 7.5"):
        check_type("size", 7.5, (int, str), "a size")


@pytest.mark.parametrize("values", [[], (), ["a"], ("a", "b")], ids=str)
def test_takes_lists_and_tuples(values: Sequence[str]) -> None:
    check_sequence("names", values, str, "a name")


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ("abc", ("not-a-list", "names", "str 'abc'")),
        (7, ("not-a-list", "names", "int 7")),
        (None, ("not-a-list", "names", "NoneType None")),
        ({"a"}, ("not-a-list", "names", "set {'a'}")),
        ({"a": "b"}, ("not-a-list", "names", "dict {'a': 'b'}")),
        (["a", 7], ("wrong-type", "names[1]", "a name", "int 7")),
        ([["a"]], ("wrong-type", "names[0]", "list ['a']")),
        ([None], ("wrong-type", "names[0]", "NoneType None")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_refuses_what_is_no_list_of_the_type(values: object, refused: tuple[str, ...]) -> None:
    with refuses(*refused):
        check_sequence("names", values, str, "a name")


@pytest.mark.parametrize("value", ["ab", "a-b-c"])
def test_takes_text_of_the_length_and_pattern(value: str) -> None:
    check_text("name", value, minimum=2, maximum=5, pattern=r"[a-z-]+", rule="small letters")


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ("a", ("wrong-length", "name", "2 to 5", "got 1", "'a'")),
        ("abcdef", ("wrong-length", "name", "2 to 5", "got 6", "'abcdef'")),
        ("aBc", ("wrong-form", "name", "small letters", "'aBc'")),
        ("abc\n", ("wrong-form", "name", "'abc\\n'")),
        ("\nabc", ("wrong-form", "name", "'\\nabc'")),
        (7, ("wrong-type", "name", "int 7")),
        (None, ("wrong-type", "name", "NoneType None")),
    ],
)
def test_refuses_text_of_another_length_or_pattern(value: Any, refused: tuple[str, ...]) -> None:
    with refuses(*refused):
        check_text("name", value, minimum=2, maximum=5, pattern=r"[a-z-]+", rule="small letters")


def test_reads_patterns_as_ascii() -> None:
    with refuses("wrong-form", "name", "letters", "'é'"):
        check_text("name", "é", maximum=5, pattern=r"\w+", rule="letters")


def test_passes_a_token_of_any_length_and_pattern() -> None:
    check_text("name", cdk.Aws.REGION, maximum=1, pattern="x", rule="x")
    check_printable("name", f"\0{cdk.Aws.REGION}", maximum=1)


@pytest.mark.parametrize("value", ["Zoë", "二郎", "a\u0301", "€", "7", "!", "a b", "a\tb\nc\rd", "a\u00a0b\u3000c"])
def test_takes_letters_marks_symbols_numbers_punctuation_and_spaces(value: str) -> None:
    check_printable("name", value, maximum=10)


@pytest.mark.parametrize(
    ("value", "character"),
    [("a\0", r"\x00"), ("a\x1f", r"\x1f"), ("a\x7f", r"\x7f"), ("a\u200bb", r"\u200b"), ("a\u2003b", r"\u2003")],
    ids=["null", "control", "delete", "zero width", "em space"],
)
def test_refuses_control_characters_and_other_spaces(value: str, character: str) -> None:
    with refuses("wrong-character", "name", f"'{character}'", repr(value)):
        check_printable("name", value, maximum=10)


def test_refuses_spaces_that_are_not_given() -> None:
    with refuses("wrong-character", "name", "' '", "'a b'"):
        check_printable("name", "a b", maximum=10, spaces="")


def test_refuses_a_value_that_comes_twice() -> None:
    check_unique("names", ["a", "A", "b"], what="name")
    with refuses("not-unique", "names[2]", "names[0]", "name", "'a'"):
        check_unique("names", ["a", "b", "a"], what="name")


def test_refuses_a_value_that_comes_twice_in_another_case_where_that_is_the_same() -> None:
    with refuses("not-unique", "names[1]", "names[0]", "name", "'A'"):
        check_unique("names", ["a", "A"], what="name", ignore_case=True)


def test_refuses_a_token_that_comes_twice() -> None:
    check_unique("names", [cdk.Aws.REGION, cdk.Aws.ACCOUNT_ID], what="name", ignore_case=True)
    with refuses("not-unique", "names[1]", "names[0]", "name"):
        check_unique("names", [cdk.Aws.REGION, cdk.Aws.REGION], what="name")


def test_takes_a_known_name() -> None:
    check_known("account", "dev", {"dev", "production"}, what="an account")


@pytest.mark.parametrize(
    ("name", "names", "fix"),
    [
        ("prodution", ["dev", "production"], "did you mean 'production'?"),
        ("x", ["dev", "production"], "available: 'dev', 'production'"),
        ("x", list("ihgfedcba"), "available: 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', …"),
        ("x", list("hgfedcba"), "available: 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'"),
        ("x", [], "available: none"),
    ],
)
def test_proposes_the_name_that_was_probably_meant(name: str, names: list[str], fix: str) -> None:
    with refuses("name-unknown", "account", "an account", f"'{name}'") as refused:
        check_known("account", name, names, what="an account")
    assert refused.value.fix == fix


def test_says_that_a_list_takes_the_place_of_the_default() -> None:
    with refuses("name-unknown", "group", "a group", "'Administrators'") as refused:
        check_known("group", "Administrators", ["Admins"], what="a group", by_default=["Administrators"])
    assert refused.value.fix == "add it, as what is given takes the place of the default (available: 'Admins')"


def test_refuses_a_name_that_is_no_text() -> None:
    with refuses("wrong-type", "account", "the name of an account", "int 7"):
        check_known("account", 7, ["dev"], what="an account")  # type: ignore[arg-type] # what is tested
