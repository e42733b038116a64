"""A comparison as text for a terminal, and as Markdown for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import click

from org_constructs.templates.waiting import what_waits

from .change import Effect
from .wording import markdown, named, parts, plain

if TYPE_CHECKING:
    from .comparison import Comparison

COMMENT_MARK: Final = "<!-- org-baseline access-diff -->"
"""How Markdown begins, so that a pipeline finds its comment again, to replace it."""

_COMMENT_MAX: Final = 65_000
"""Characters of a comment; GitHub takes 65,536: https://github.com/orgs/community/discussions/27190."""

_SIGNS: Final = {Effect.WIDENS: "+", Effect.NARROWS: "-", Effect.OTHER: "~"}
_TITLES: Final = {
    Effect.WIDENS: "Widens access",
    Effect.NARROWS: "Narrows access",
    Effect.OTHER: "Other changes",
}
_PAGE_TITLES: Final = {Effect.WIDENS: "Gained", Effect.NARROWS: "Lost", Effect.OTHER: "Changed"}
_COLOURS: Final = {Effect.WIDENS: "red", Effect.NARROWS: "green", Effect.OTHER: None}
_NOTHING: Final = "Nothing changes for anybody."
_UNREAD: Final = "Could not compare"
_NOTHING_ELSE: Final = "Nothing else changes for anybody."
_SECOND_REVIEW: Final = "Access widens: let a second person review this."
_NO_SECOND_REVIEW: Final = "Access does not widen."


def text(comparison: Comparison) -> str:
    """Return a comparison as lines for a terminal, coloured."""
    return "\n".join(_text_lines(comparison)) + "\n"


def comment(comparison: Comparison, *, stale: str = "") -> str:
    """Return a comparison as Markdown, cut where a comment cannot be longer; what widens access comes first.

    Args:
        comparison: What changes.
        stale: What says that the newer assembly is older than its app; empty where it is not.
    """
    lines: list[str] = []
    size = 0
    every = list(_markdown_lines(comparison, stale))
    for number, line in enumerate(every):
        size += len(line) + 1
        if size > _COMMENT_MAX:
            left = sum(each.lstrip().startswith("- ") for each in every[number:])
            closing = ["", "</details>"] if any(each.startswith("<details>") for each in lines) else []
            lines += [
                *closing,
                "",
                f"… and {left:,} more lines, which do not fit into a comment; `--format text` shows all of them.",
            ]
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def on_a_page(comparison: Comparison) -> tuple[str, tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...]]:
    """Return a comparison for a page.

    That is what it comes to, in a sentence; and for what is gained, lost and changed the title, the sign, and the
    sentences, each as what of it is no name and what is one, in turns.
    """
    sections = [
        (_PAGE_TITLES[effect], _SIGNS[effect], tuple(map(parts, sentences)))
        for effect, sentences in _sections(comparison)
    ]
    if comparison.unread:
        sections.insert(0, (_UNREAD, "?", tuple(parts(named(str(each))) for each in comparison.unread)))
    verdict = _SECOND_REVIEW if comparison.widens else _NO_SECOND_REVIEW
    return verdict if sections else _NOTHING, tuple(sections)


def _text_lines(comparison: Comparison) -> Iterator[str]:
    yield from _left_out(comparison)
    if comparison.unread:
        yield click.style(f"{_UNREAD}:", bold=True)
        yield from (f"? {plain(named(str(each)))}" for each in comparison.unread)
        yield ""
    if not comparison.changes:
        yield _NOTHING_ELSE if comparison.unread else _NOTHING
        return
    for effect, sentences in _sections(comparison):
        yield click.style(f"{_TITLES[effect]}:", bold=True)
        for sentence in sentences:
            yield click.style(f"{_SIGNS[effect]} {plain(sentence)}", fg=_COLOURS[effect])
        yield ""
    if comparison.contents:
        yield click.style("Details:", bold=True)
        for name, lines in comparison.contents:
            yield f"  {plain(name)}"
            yield from (f"    {plain(named(line))}" for line in lines)
        yield ""
    yield _SECOND_REVIEW if comparison.widens else _NO_SECOND_REVIEW


def _left_out(comparison: Comparison) -> Iterator[str]:
    for each in what_waits(comparison.sides.new.metadata):
        yield from (f"Note: {each}", "")


def _markdown_lines(comparison: Comparison, stale: str) -> Iterator[str]:
    yield COMMENT_MARK
    if stale:
        yield from (f"Note: {markdown(named(stale))}", "")
    yield from _left_out(comparison)
    if comparison.unread:
        yield from (f"#### {_UNREAD}", "")
        yield from (f"- **?** {markdown(named(str(each)))}" for each in comparison.unread)
        yield ""
    if not comparison.changes:
        yield f"**{_NOTHING_ELSE if comparison.unread else _NOTHING}**"
        return
    yield f"**{_SECOND_REVIEW if comparison.widens else _NO_SECOND_REVIEW}**"
    for effect, sentences in _sections(comparison):
        yield from ("", f"#### {_TITLES[effect]}", "")
        yield from (f"- **{_SIGNS[effect]}** {markdown(sentence)}" for sentence in sentences)
    if comparison.contents:
        yield from ("", "<details><summary>Details of these permission sets and policies</summary>", "")
        for name, lines in comparison.contents:
            yield f"- {markdown(name)}"
            yield from (f"  - {markdown(named(line))}" for line in lines)
        yield from ("", "</details>")


def _sections(comparison: Comparison) -> Iterator[tuple[Effect, Iterable[str]]]:
    for effect in Effect:
        sentences = [change.sentence for change in comparison.changes if change.effect is effect]
        if sentences:
            yield effect, sentences
