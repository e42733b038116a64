"""What somebody meant who wrote a word that AWS does not have."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST: Final = 50
"""As many words as are compared: it takes milliseconds each, and nobody corrects more of them at once."""


def suggestions(similar: Callable[[str], str | None]) -> Callable[[str], str]:
    """Return what says in brackets which word is meant, and nothing where none is like it, or after many words.

    Args:
        similar: Returns the word that is most like one.
    """
    left = iter(range(_MOST))

    @cache
    def suggest(word: str) -> str:
        near = None if next(left, None) is None else similar(word)
        return f" (is it {near}?)" if near else ""

    return suggest
