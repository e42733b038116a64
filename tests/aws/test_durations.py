"""How long the durations of ISO 8601 are, however they are written."""

from __future__ import annotations

import pytest

from org_constructs.aws.durations import are_same, in_words, seconds


@pytest.mark.parametrize(
    ("duration", "length", "words"),
    [
        ("PT12H", 43_200, "12 h"),
        ("P0DT12H", 43_200, "12 h"),
        ("PT720M", 43_200, "12 h"),
        ("P0Y0M0DT12H", 43_200, "12 h"),
        ("PT1H30M", 5_400, "1 h 30 min"),
        ("PT45M", 2_700, "45 min"),
        ("PT1H0.5S", 3_600.5, "1 h 0.5 s"),
        ("P1D", 86_400, "24 h"),
        ("P1W", 604_800, "168 h"),
        ("PT0S", 0, "0 s"),
        # Of no certain length, or no durations.
        ("P1M", None, "P1M"),
        *(
            (each, None, each)
            for each in ("", "P", "PT", "P1DT", "12H", "-PT12H", "PT12H\n", "PT\u0661H", f"PT{'9' * 5000}H")
        ),
    ],
)
def test_are_known_however_they_are_written(duration: str, length: float | None, words: str) -> None:
    assert (seconds(duration), in_words(duration)) == (length, words)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("PT12H", "P0DT12H", True),
        ("PT12H", "PT11H", False),
        ("P1Y", "P1Y", True),
        ("P1Y", "P12M", False),  # neither has a certain length
    ],
)
def test_durations_are_the_same_however_they_are_written(one: str, other: str, *, same: bool) -> None:
    assert are_same(one, other) is same
