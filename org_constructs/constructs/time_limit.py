"""Access with a time: which times a permission set takes, and its inline policy with what ends the access."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam

from org_constructs.aws.time_limit import LONGEST, limited
from org_constructs.refusal import Refusal

from .policy_json import cfn_json, is_unknown, json_content
from .validate import check_type, is_token, shown

_EXAMPLE: Final = "2026-12-31T18:00Z"
_TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?"
_ZONE: Final = r"(Z|[+-]\d\d:\d\d)"


def instant(argument: str, value: str) -> datetime:
    """Return the instant that a time with its zone is.

    Raises:
        Refusal: It is not a time to the minute or second, has no zone, or is known only during the deploy.
    """
    check_type(argument, value, str, f"a time like {_EXAMPLE!r}")
    if is_token(value):
        raise Refusal(
            "time-token",
            f"{argument} must be known at synth, since reviews and rules read when access ends, got a token",
            "use the literal value",
        )
    if re.fullmatch(_TIME, value, re.ASCII):
        raise Refusal(
            "time-zone-missing",
            f"{argument} must have a time zone, got {value!r}",
            f"write '{value}Z' for UTC, or an offset like '{value}+01:00'",
        )
    try:
        if re.fullmatch(_TIME + _ZONE, value, re.ASCII):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Refusal("time-form", f"{argument} must be a time with its zone like {_EXAMPLE!r}, got {shown(value)}")


def check_times(argument: str, *, not_before: str | None, until: str | None) -> None:
    """Refuse what are no times, or not in their order, or further apart than a year."""
    times = _instants(argument, not_before=not_before, until=until)
    if not_before is None or until is None:
        return
    begins, ends = times.values()
    if begins >= ends:
        raise Refusal(
            "time-order",
            f"{argument}until must be later than not_before, got {until!r} and {not_before!r}",
            "swap them, or correct one",
        )
    if ends - begins > LONGEST:
        raise Refusal(
            "time-too-long",
            f"{argument}until must be at most {LONGEST.days} days later than not_before, got {until!r} and"
            f" {not_before!r}",
            "choose an earlier end, which can be moved when it comes near",
        )


def limited_content(
    argument: str,
    content: Mapping[str, Any] | iam.PolicyDocument | None,
    *,
    not_before: str | None,
    until: str | None,
) -> Any:  # noqa: ANN401 (JSON)
    """Return a policy as JSON values, with the statements that deny everything outside the time; None of nothing.

    Raises:
        Refusal: It is not a policy, or its statements are known only during the deploy.
    """
    times = _instants("", not_before=not_before, until=until)
    joined = limited(None if content is None else json_content(argument, content), **times)
    # Of a list that the deploy makes, CDK gives a text.
    if times and any(isinstance(each, str) or is_unknown(each) for each in joined["Statement"]):
        raise Refusal(
            "time-statements-unknown",
            f"{argument} must have statements that are known at synth if the access has a time, since those that end"
            " it are added to them, got something that only the deploy knows",
            "write the statements out",
        )
    return joined


def limited_policy(
    content: Mapping[str, Any] | iam.PolicyDocument | None, *, not_before: str | None, until: str | None
) -> Any:  # noqa: ANN401 (JSON)
    """Return the same in the form of CDK's L1 constructs; statements added to a PolicyDocument later count."""
    if isinstance(content, iam.PolicyDocument):
        times = _instants("", not_before=not_before, until=until)
        return cdk.Lazy.uncached_any(_Limited(content, times)) if times else content
    joined = limited_content("inline_policy", content, not_before=not_before, until=until)
    return cfn_json(joined) if joined else None


@jsii.implements(cdk.IAnyProducer)
class _Limited:
    """A PolicyDocument as it is at synth, and what ends the access."""

    def __init__(self, document: iam.PolicyDocument, times: Mapping[str, datetime]) -> None:
        self._document = document
        self._times = times

    def produce(self, context: cdk.IResolveContext) -> Any:  # noqa: ANN401 (JSON)
        """Return the document."""
        return limited(context.resolve(self._document), **self._times)


def _instants(argument: str, **times: str | None) -> dict[str, datetime]:
    """Return the instants of the times that are given."""
    return {name: instant(f"{argument}{name}", time) for name, time in times.items() if time is not None}
