"""Which of several words somebody meant who wrote another one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS: Final = re.compile(r"[^\W_]+")


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one that is a slip of the keyboard away, or of which alone the word is the first half; None of others.

    What looks alike and is something else is worse than no proposal: `kim@acme.com` is not meant by `dax@acme.com`, nor
    `workloads/dev` by `workloads/prod`. So names are compared part by part, and a part of up to four letters may have
    one letter wrong, missing, added or swapped with the next, a longer one two.
    """
    known = sorted(words)
    slips = [(slip, each) for each in known if (slip := _slips(word.lower(), each.lower())) is not None]
    if slips:
        return min(slips)[1]
    longer = [each for each in known if len(word) * 2 >= len(each) and each.lower().startswith(word.lower())]
    return longer[0] if len(longer) == 1 else None


def _slips(word: str, other: str) -> int | None:
    """Return how many letters two words differ in; None if in more than a slip makes."""
    parts, others = _PARTS.findall(word), _PARTS.findall(other)
    if len(parts) != len(others):
        # A separator that is missing, or one too many.
        parts, others = ["".join(parts)], ["".join(others)]
        if parts == others:
            return 1
    total = 0
    for part, there in zip(parts, others, strict=True):
        allowed = 1 if max(len(part), len(there)) <= 4 else 2  # noqa: PLR2004 (as said above)
        if abs(len(part) - len(there)) > allowed:
            return None
        distance = _distance(part, there)
        if distance > allowed or distance == max(len(part), len(there)):
            return None
        total += distance
    return total


def _distance(word: str, other: str) -> int:
    """Return how many letters have to be changed, added, left out or swapped with the next to make one of the other.

    The optimal string alignment: https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
    """
    before: list[int] = []
    last: list[int] = [*range(len(other) + 1)]
    for row, letter in enumerate(word, 1):
        this = [row]
        for column, there in enumerate(other, 1):
            least = min(last[column] + 1, this[-1] + 1, last[column - 1] + int(letter != there))
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == there:
                least = min(least, before[column - 2] + 1)
            this.append(least)
        before, last = last, this
    return last[-1]
