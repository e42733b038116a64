"""What is reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """Where what is reviewed is from, and of when."""

    source: str
    """In words: `the templates in cdk.out`."""

    date: str
    """A day, such as `2026-11-26`, or a time, such as `2026-11-26T18:30:05Z`."""

    asked_with: str = ""
    """The ARN of whose credentials AWS was asked with; empty where it was not, or nobody knows."""

    revision: str = ""
    """The revision of git; empty where there is none."""

    stale: str = ""
    """What says that the templates are older than their app; empty where they are not."""

    @property
    def day(self) -> str:
        """The day of the date."""
        return self.date[:10]

    @property
    def date_in_words(self) -> str:
        """The date for people: `2026-11-26`, or `2026-11-26 18:30 UTC`."""
        time = self.date[11:16]
        return f"{self.day} {time} UTC" if time else self.day

    @property
    def at(self) -> float:
        """The date in seconds since 1970; of a day, the time at which it begins in UTC."""
        read = datetime.fromisoformat(self.date)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
