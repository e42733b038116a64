"""What Markdown makes of texts that somebody else chose."""

from __future__ import annotations

import pytest

from org_constructs.templates.markdown import as_block, as_code, as_text


def test_nothing_in_a_text_is_markup() -> None:
    assert as_text(r"\`*_[]<>|~&#!") == r"\\\`\*\_\[\]\<\>\|\~\&\#\!"
    assert as_text("a@acme.com, 1 + (2-3) {4} $5.") == "a@acme.com, 1 + (2-3) {4} $5."


@pytest.mark.parametrize(("text", "shown"), [("@team", "@<!-- -->team"), (" @a (@b)", " @<!-- -->a (@<!-- -->b)")])
def test_a_text_mentions_nobody(text: str, shown: str) -> None:
    assert as_text(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("dev", "`dev`"),
        ("a`b``c", "```a`b``c```"),
        ("`a", "`` `a ``"),
        ("a`", "`` a` ``"),
        ("", "`  `"),
        (" ", "`   `"),
        (" a", "` a`"),
    ],
)
def test_nothing_in_code_ends_it(text: str, shown: str) -> None:
    assert as_code(text) == shown


@pytest.mark.parametrize(("text", "fence"), [("{}", "```"), ("a``", "```"), ("```\n`", "````"), ("`````", "``````")])
def test_nothing_in_a_block_ends_it(text: str, fence: str) -> None:
    assert as_block(text, "json") == f"{fence}json\n{text}\n{fence}"
