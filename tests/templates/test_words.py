"""What is written in lines of a width: sentences, trees and tables."""

from __future__ import annotations

import pytest

from org_constructs.templates.words import Branch, draw_table, draw_tree, wrapped

TREE = [
    Branch("root  [deny-leaving, deny-regions from here on]", [Branch("dev", [Branch("acme-dev")]), Branch("last one")])
]
TABLE = [("kim@acme.com", "ReadOnly", "acme-dev, acme-staging, acme-production"), ("", "Administrators", "all")]


def test_a_sentence_is_one_line_unless_a_width_is_asked_for() -> None:
    assert wrapped("one two three", None, "- ", "  ") == ["- one two three"]
    assert wrapped("one two three", 9, "- ", "  ") == ["- one two", "  three"]


def test_no_word_is_cut() -> None:
    assert wrapped("arn:aws:iam::aws:policy/ReadOnlyAccess now", 10) == [
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "now",
    ]


def test_a_tree_goes_on_below_its_branch() -> None:
    assert list(draw_tree(TREE, 30)) == [
        "└─ root  [deny-leaving,",
        "   │  deny-regions from here",
        "   │  on]",
        "   ├─ dev",
        "   │  └─ acme-dev",
        "   └─ last one",
    ]


def test_a_table_wraps_its_widest_column() -> None:
    assert list(draw_table(TABLE, 50)) == [
        "kim@acme.com   ReadOnly         acme-dev,",
        "                                acme-staging,",
        "                                acme-production",
        "               Administrators   all",
    ]


@pytest.mark.parametrize("width", [None, 80])
def test_a_table_that_fits_stays_as_it_is(width: int | None) -> None:
    assert list(draw_table(TABLE, width)) == [
        "kim@acme.com   ReadOnly         acme-dev, acme-staging, acme-production",
        "               Administrators   all",
    ]


def test_a_table_that_cannot_fit_is_as_narrow_as_its_words() -> None:
    assert list(draw_table([("kim@acme.com", "", "a b")], 5)) == ["kim@acme.com      a", "                  b"]
