"""Access with a time: from when, and until when, a permission set allows anything, as its policies say it.

So that a permission set which somebody else wrote is read alike, that is what statements say on `aws:CurrentTime`, by
which AWS judges each request: denials of everything, and allowances, where no other policy allows without a time.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws-dates.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from .condition import read_time
from .iam import Content, Statement, read_content

_KEYS: Final = frozenset({"aws:currenttime", "aws:epochtime"})
_OPERATORS: Final = {
    f"{kind}{how}{equals}{optional}": how
    for kind in ("date", "numeric")
    for how in ("lessthan", "greaterthan")
    for equals in ("", "equals")
    for optional in ("", "ifexists")
}
"""How operators compare; each request has the key, so that `…IfExists` changes nothing."""

_ALWAYS: Final = float("-inf"), float("inf")


@dataclass(frozen=True)
class TimeLimit:
    """From when, and until when, there is access, in seconds since 1970; None where it has no such time."""

    begins: float | None = None
    ends: float | None = None

    def __bool__(self) -> bool:
        """Tell whether there is any limit."""
        return self != TimeLimit()

    def __str__(self) -> str:
        """Return it in words: `until 2026-12-31 18:00 UTC`."""
        begins = f"from {in_words(self.begins)}" if self.begins is not None else ""
        ends = f"until {in_words(self.ends)}" if self.ends is not None else ""
        return " ".join(filter(None, (begins, ends)))

    def has_ended(self, at: float) -> bool:
        """Tell whether the access has ended at a time, in seconds since 1970."""
        return self.ends is not None and at >= self.ends

    def at(self, at: float) -> str:
        """Return in words what it is at a time: `ended 2026-12-31 18:00 UTC`, or what it is until then."""
        return f"ended {in_words(self.ends)}" if self.ends is not None and self.has_ended(at) else str(self)


def in_words(instant: float) -> str:
    """Return an instant to the minute, or where it has seconds to the second."""
    try:
        when = datetime.fromtimestamp(instant, UTC)
    except (ValueError, OverflowError, OSError):
        return f"{instant:.0f} s after 1970"
    return when.strftime(f"%Y-%m-%d %H:%M{':%S' if when.second else ''} UTC")


def now() -> float:
    """Return the time, in seconds since 1970."""
    return datetime.now(UTC).timestamp()


def time_limit(properties: Mapping[str, Any], inline: Content | None = None) -> TimeLimit:
    """Return the time that the policies of a permission set leave; none of one that says no time.

    Args:
        properties: Its properties.
        inline: Its inline policy, where that has been read.
    """
    statements = (inline or read_content(properties.get("InlinePolicy"), "")).statements
    denied = [_time_of(each) for each in statements if is_time_limit(each)]
    allowed = [_time_of(each) for each in statements if each.effect == "Allow"]
    # What other policies allow has no time that is known here.
    others = properties.get("ManagedPolicies") or properties.get("CustomerManagedPolicyReferences")
    begins, ends = (
        _ALWAYS if others or not allowed else (min(each[0] for each in allowed), max(each[1] for each in allowed))
    )
    for since, before in denied:
        # A denial has one of the two, and leaves what is on its other side.
        begins, ends = (max(begins, before), ends) if since == _ALWAYS[0] else (begins, min(ends, since))
    return TimeLimit(*(None if each in _ALWAYS else each for each in (begins, ends)))


def is_time_limit(statement: Statement) -> bool:
    """Tell whether a statement denies everything before or after a time, and says nothing else."""
    return (
        statement.effect == "Deny"
        and len(statement.tests) == 1
        and replace(statement, condition="").is_about_everything
        and (_time_of(statement)[0] == _ALWAYS[0]) != (_time_of(statement)[1] == _ALWAYS[1])
    )


def _time_of(statement: Statement) -> tuple[float, float]:
    """Return from when and until when a statement's condition may hold."""
    begins, ends = _ALWAYS
    for test in statement.tests:
        how = _OPERATORS.get(test.operator)
        times = [None if each is None else read_time(each) for each in test.values]
        if test.key in _KEYS and how is not None and times and None not in times:
            known = [each for each in times if each is not None]
            # One of several values is enough.
            begins, ends = (begins, min(ends, max(known))) if how == "lessthan" else (max(begins, min(known)), ends)
    return begins, ends
