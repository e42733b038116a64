"""Whether the condition of a policy's statement holds for a request, as far as that is known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from .iam import matches, text

if TYPE_CHECKING:
    from collections.abc import Mapping

# A key with one value is the same with ForAnyValue and ForAllValues; IfExists is about keys that requests lack.
_OPERATOR: Final = re.compile(
    r"(foranyvalue:|forallvalues:)?(?P<kind>string|arn)(?P<negated>not)?(?P<how>equals|like)(?P<folded>ignorecase)?(ifexists)?"
)


def holds(condition: str, request: Mapping[str, str]) -> bool | None:
    """Tell whether a condition holds for a request; None if that depends on what is not known of the request.

    Args:
        condition: As a `Statement` has it.
        request: The values of condition keys, which are in lower case; each has one value.
    """
    tests = json.loads(condition) if condition else {}
    known = [
        _test(str(operator).lower(), request[key.lower()], values) if key.lower() in request else None
        for operator, keys in tests.items()
        for key, values in (keys.items() if isinstance(keys, dict) else [("", None)])
    ]
    # All have to hold.
    return False if False in known else None if None in known else True


def _test(operator: str, value: str, given: Any) -> bool | None:  # noqa: ANN401 (JSON)
    values = [text(each) for each in (given if isinstance(given, list) else [given])]
    if operator == "null":
        return values == ["false"] or given is False
    parsed = _OPERATOR.fullmatch(operator)
    if parsed is None or any(each is None or "${" in each for each in values):
        return None
    if parsed["folded"]:
        value, values = value.lower(), [str(each).lower() for each in values]
    has_wildcards = parsed["kind"] == "arn" or parsed["how"] == "like"
    is_one = any(matches(each, value) if has_wildcards else each == value for each in values)
    return is_one != bool(parsed["negated"])
