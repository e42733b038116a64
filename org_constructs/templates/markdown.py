"""Texts that somebody else chose, in Markdown: https://github.github.com/gfm/."""

from __future__ import annotations

import re


def as_text(text: str) -> str:
    """Escape what Markdown or HTML would take for its own; a name with an @ in front mentions nobody."""
    escaped = re.sub(r"[\\`*_\[\]<>|~&#!]", r"\\\g<0>", text)
    return re.sub(r"(?<!\w)@", "@<!-- -->", escaped)


def as_code(text: str) -> str:
    """Return a text as code in a line."""
    marks = "`" * (_longest_run(text) + 1)
    # A code span cannot be empty, and one space at both ends is taken away.
    pad = " " if not text.strip() or text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def as_block(text: str, language: str) -> str:
    """Return lines as a block of code, which nothing in them ends."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
