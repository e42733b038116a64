"""The date on what somebody keeps: an input, so that the same input makes the same bytes."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from org_constructs.refusal import Refusal


def date_of(given: str | None, time: float | None) -> str:
    """Return a day, such as `2026-11-26`, or a time, such as `2026-11-26T18:30:05Z`.

    Args:
        given: What the user says; it wins.
        time: When what is read is of, in seconds since 1970, which counts without a word of the user's and without
            SOURCE_DATE_EPOCH; None where nobody knows.

    Raises:
        Refusal: What is given is no date; SOURCE_DATE_EPOCH is no number of seconds:
            https://reproducible-builds.org/specs/source-date-epoch/ ; or there is none of these.
    """
    if given is not None:
        return _checked(given)
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or time
    if seconds is None:
        raise Refusal(
            "date-missing", "--date must be given with a source whose date is not known", "such as 2026-11-26"
        )
    try:
        return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        raise Refusal(
            "date-form", f"SOURCE_DATE_EPOCH must be a number of seconds since 1970, got {seconds!r}", "or give --date"
        ) from None


def _checked(given: str) -> str:
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            # What Python reads more freely is written in the one way.
            return datetime.strptime(given, form).replace(tzinfo=UTC).strftime(form)
        except ValueError:
            continue
    raise Refusal("date-form", f"--date must be a day or a time in UTC, got {given!r}", "such as 2026-11-26")
