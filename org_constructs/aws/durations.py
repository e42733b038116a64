"""Durations as ISO 8601 and so AWS writes them: `PT12H`, which `P0DT12H` and `PT720M` are as well.

Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html (SessionDuration)
"""

import re
from typing import Final

_DURATION: Final = re.compile(
    # Years and months have no certain length, so that there are none of them.
    r"P(?=\d|T\d)(?:0+Y)?(?:0+M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_SECONDS: Final = (7 * 24 * 3600, 24 * 3600, 3600, 60, 1)
"""How long the parts of a duration are."""


def seconds(duration: str) -> float | None:
    """Return how long a duration is; None of what is no duration, or of no certain length."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return None
    return sum(float(number or 0) * each for number, each in zip(found.groups(), _SECONDS, strict=True))


def are_same(one: str, other: str) -> bool:
    """Tell whether two durations are as long as each other, or written alike where they have no certain length."""
    return one == other or seconds(one) == seconds(other) is not None


def in_words(duration: str) -> str:
    """Write a duration as people say it: `PT90M` is `1 h 30 min`; what is no duration stays as it is."""
    total = seconds(duration)
    if total is None:
        return duration
    minutes, rest = divmod(total, 60)
    parts = {"h": f"{minutes // 60:.0f}", "min": f"{minutes % 60:.0f}", "s": f"{rest:g}"}
    return " ".join(f"{number} {unit}" for unit, number in parts.items() if number != "0") or "0 s"
