"""Whether the condition of a policy's statement holds for a request, as far as that is known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice, product
from typing import Final

from .iam import Test, matches

_OPERATOR: Final = re.compile(
    r"(?P<set>foranyvalue:|forallvalues:)?"
    r"(?P<kind>string|arn|bool|null|numeric|date|binary|(?P<notip>not)?ipaddress)"
    r"(?P<not>not)?(?P<how>equals|like|[a-z]*?)(?P<folded>ignorecase)?(?P<optional>ifexists)?"
)

_COMPARISONS: Final = {
    "equals": operator.eq,
    "lessthan": operator.lt,
    "lessthanequals": operator.le,
    "greaterthan": operator.gt,
    "greaterthanequals": operator.ge,
}

_MOST_REQUESTS: Final = 32
"""As many as are tried; no policy of AWS's comes to thirty."""


_NOW: Final = int(datetime(2026, 11, 26, tzinfo=UTC).timestamp())
"""No request is older than this; how much later one is depends on when the templates are deployed."""

TIMES: Final = frozenset({"aws:currenttime", "aws:epochtime"})
"""The keys that say when a request is made."""


class Plain(str):
    """A value that none of IAM's variables stands for, nor anything that a template makes."""

    __slots__ = ()


def holds(tests: Iterable[Test], request: Mapping[str, str | None]) -> bool | None:
    """Tell whether a condition holds for a request; None if that depends on what is not known of the request.

    Args:
        tests: As a `Statement` has them.
        request: The values of condition keys, which are in lower case; each has one value, or is None, which is a key
            that the request lacks.
    """
    known = [_holds(test, request[test.key]) if test.key in request else None for test in tests]
    # All have to hold.
    return False if False in known else None if None in known else True


def takes_wildcards(test: Test) -> bool | None:
    """Tell whether an asterisk in a value stands for anything; None if there is no such operator."""
    parsed = _parsed(test.operator)
    return None if parsed is None else parsed["kind"] == "arn" or parsed["how"] == "like"


def requests(
    tests: Iterable[Test], values: Callable[[str], Sequence[str | None]]
) -> Iterator[Mapping[str, str | None]]:
    """Yield requests that differ in what conditions ask for.

    Args:
        tests: Those of all statements that decide.
        values: The values to try of a key; none where it may have any.
    """
    tried = {key: found for key in dict.fromkeys(test.key for test in tests) if (found := values(key))}
    for combination in islice(product(*tried.values()), _MOST_REQUESTS):
        yield dict(zip(tried, combination, strict=True))


def times(values: Iterable[str | None]) -> Iterator[Plain]:
    """Yield the times of requests that conditions on these tell apart, in seconds since 1970."""
    named = {int(time) for each in values if (time := read_time(each)) is not None}
    near = {time + each for time in named for each in (-1, 0, 1)}
    yield from (Plain(each) for each in sorted({_NOW, *(each for each in near if each > _NOW)}))


@lru_cache(maxsize=1_000)
def _parsed(operator: str) -> re.Match[str] | None:
    return _OPERATOR.fullmatch(operator)


def _holds(test: Test, value: str | None) -> bool | None:
    parsed = _parsed(test.operator)
    if parsed is None:
        return None
    is_negated = bool(parsed["not"] or parsed["notip"])
    if parsed["kind"] == "null":
        return (value is None) == (test.values == ("true",)) if None not in test.values else None
    if value is None:
        # A key that is not there differs from every value; of no value all are whatever they are to be.
        any_will_do = parsed["optional"] or parsed["set"] == "forallvalues:"
        return bool(any_will_do or (is_negated and parsed["set"] != "foranyvalue:"))
    if parsed["kind"] not in {"string", "arn", "bool"}:
        return _among(parsed, test.values, value, is_negated=is_negated)
    is_unknown = not isinstance(value, Plain)
    given = [None if each is None or (is_unknown and "${" in each) else each for each in test.values]
    if parsed["folded"] or parsed["kind"] == "bool":
        value, given = value.lower(), [each and each.lower() for each in given]
    if any(matches(each, value) if takes_wildcards(test) else each == value for each in given):
        return not is_negated
    return None if None in given else is_negated


def _among(parsed: re.Match[str], values: Sequence[str | None], value: str, *, is_negated: bool) -> bool | None:
    """Whether an address, a number or a time is as one of the values says; None if one of them is no such thing."""
    if parsed["kind"].endswith("ipaddress"):
        address = read_network(value)
        networks = [read_network(each) for each in values]
        if address is None:
            return None
        known = [None if each is None else _is_in(address, each) for each in networks]
    else:
        read = read_number if parsed["kind"] == "numeric" else read_time
        compare, given = _COMPARISONS.get(parsed["how"]), read(value)
        if compare is None or given is None:
            return None
        numbers = [read(each) for each in values]
        known = [None if each is None else compare(given, each) for each in numbers]
    if True in known:
        return not is_negated
    return None if None in known else is_negated


def read_network(value: str | None) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return the network of addresses that a value names; None if it names none."""
    try:
        return ipaddress.ip_network(value or "", strict=False)
    except ValueError:
        return None


def read_number(value: str | None) -> float | None:
    """Return the number that a value is; None if it is none."""
    return float(value) if value and re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value, re.ASCII) else None


def read_time(value: str | None) -> float | None:
    """Return the time that a value is, in seconds since 1970; None if it is none.

    Times are in ISO 8601, or numbers of seconds:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
    """
    number = read_number(value)
    if number is not None:
        return number
    try:
        read = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def _is_in(
    address: ipaddress.IPv4Network | ipaddress.IPv6Network, network: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    return address.version == network.version and address.subnet_of(network)  # type: ignore[arg-type]
