"""A refusal is a sentence for people and a code for programs."""

import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

from org_constructs.refusal import Mistakes, Refusal, Refusals
from org_constructs.refusal.nearest import nearest
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


def test_several_are_told_in_one_go_with_the_code_of_the_first() -> None:
    mistakes = Mistakes()
    for code in ("email-plus", "region-unknown"):
        with mistakes.gathered():
            raise Refusal(code, f"{code} must be another", "choose it")
    inner = Mistakes()
    with mistakes.gathered():
        for code in ("name-unknown", "id-token"):
            with inner.gathered():
                raise Refusal(code, f"{code} must be another")
        inner.refuse()
    with pytest.raises(Refusals) as refused:
        mistakes.refuse()
    assert [each.code for each in refused.value.refusals] == [
        "email-plus",
        "region-unknown",
        "name-unknown",
        "id-token",
    ]
    assert (refused.value.code, refused.value.fix) == ("email-plus", "choose it")
    assert str(refused.value).splitlines() == [
        "4 mistakes:",
        "- email-plus must be another; choose it",
        "- region-unknown must be another; choose it",
        "- name-unknown must be another",
        "- id-token must be another",
    ]
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)  # noqa: S301 (our own)


def test_one_is_told_as_it_is_and_none_is_nothing() -> None:
    mistakes = Mistakes()
    mistakes.refuse()
    with mistakes.gathered():
        raise Refusal("email-plus", "email must not hold a '+'")
    with pytest.raises(Refusal, match=r"^email must not hold a '\+'$") as refused:
        mistakes.refuse()
    assert not isinstance(refused.value, Refusals)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Adminstrators", "Administrators"),
        ("administrators", "Administrators"),
        ("workloads/dve", "workloads/dev"),
        ("us-esat-1", "us-east-1"),
        ("useast-1", "us-east-1"),
        ("ReadOnly", "ReadOnlyAccess"),
        ("dax@acme.co", "dax@acme.com"),
        # These look alike, and are something else.
        ("kim@acme.com", None),
        ("workloads/prod", None),
        ("staging", None),
        ("Read", None),
        ("PowerUser", "PowerUserAccess"),
        ("PowerU", None),
        ("x", None),
        ("", None),
    ],
)
def test_proposes_what_is_near_alone(word: str, meant: str | None) -> None:
    words = [
        *("Administrators", "dax@acme.com", "workloads/dev", "testing", "us-east-1", "y"),
        *("ReadOnlyAccess", "PowerUserAccess", "PowerReaderAccess"),
    ]
    assert nearest(word, words) == meant


def test_uncaught_it_is_shown_with_the_lines_of_the_app_alone(tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(
        "from org_constructs.constructs.validate import check_region\n"
        "def regions():\n"
        "    try:\n"
        "        {}['region']\n"
        "    except KeyError:\n"
        "        check_region('region', 'us-esat-1')\n"
        "regions()\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, app], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 (the app above)
    assert done.returncode == 1
    assert re.findall(r'File "(.+?)", line (\d+)', done.stderr) == [(str(app), "7"), (str(app), "6")]
    assert done.stderr.splitlines()[-1] == (
        "org_constructs.refusal.Refusal: region must be an AWS region, got 'us-esat-1'; did you mean 'us-east-1'?"
    )
    assert "KeyError" not in done.stderr


def test_other_errors_are_shown_as_before() -> None:
    code = "from org_constructs.refusal import Refusal\nRefusal('a', 'b')\nimport json\njson.loads('x')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 (the code above)
    assert "json/decoder.py" in done.stderr
