"""JSON documents given as policy content: what they must be, and how long AWS finds them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_iam as iam

from org_constructs.refusal import Refusal

from .validate import is_token, shown


def json_content(argument: str, content: Mapping[str, Any] | iam.PolicyDocument) -> Any:  # noqa: ANN401 (JSON)
    """Return the document as JSON values.

    Raises:
        Refusal: It is neither a mapping nor a PolicyDocument, or empty, or holds something that JSON, or CDK, cannot
            take: CDK drops None and refuses tuples and sets, and JSON has neither NaN nor an infinity.
    """
    if isinstance(content, iam.PolicyDocument):
        if content.is_empty:
            raise Refusal(
                "policy-without-statement",
                f"{argument} must have a statement, got an empty PolicyDocument",
                "add a statement first",
            )
        return content.to_json()
    if not isinstance(content, Mapping) or not content:
        raise Refusal(
            "policy-not-a-mapping",
            f"{argument} must be a non-empty mapping or a PolicyDocument, got {type(content).__name__}"
            f" {shown(content)}",
            "for JSON text, use json.loads",
        )
    _check_values(argument, content)
    return content


def cfn_json(content: Mapping[str, Any] | iam.PolicyDocument) -> Any:  # noqa: ANN401 (JSON)
    """Return the document in the form of CDK's L1 constructs, which take no mapping but dict.

    A PolicyDocument stays one, so that statements added to it later count.
    """
    return content if isinstance(content, iam.PolicyDocument) else _plain(content)


def is_unknown(value: Any) -> bool:  # noqa: ANN401 (JSON)
    """Tell whether the deploy alone knows a value: text or a list that is a token, or an intrinsic function."""
    if isinstance(value, str):
        return is_token(value) or value.startswith("#{Token[")
    return isinstance(value, Mapping) and len(value) == 1 and re.match(r"Ref$|Fn::", str(next(iter(value)))) is not None


def json_text(content: Any) -> str:  # noqa: ANN401 (JSON)
    """Return the content as CloudFormation passes it on: without whitespace.

    Tokens are left out, since what they will be is not known before the deploy.
    """
    return json.dumps(_without_tokens(content), separators=(",", ":"), ensure_ascii=False)


def json_bytes(content: Any) -> int:  # noqa: ANN401 (JSON)
    """Return the length of the content in UTF-8 bytes, without whitespace; tokens count nothing."""
    return len(json_text(content).encode())


def json_characters(content: Any) -> int:  # noqa: ANN401 (JSON)
    """Return the length of the content as CloudFormation passes it on; tokens count nothing."""
    return len(json_text(content))


def _check_values(argument: str, value: Any) -> None:  # noqa: ANN401 (JSON)
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise Refusal("policy-key-not-text", f"{argument} must have text keys, got {key!r}")
            _check_values(f"{argument}[{key!r}]", item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_values(f"{argument}[{index}]", item)
    elif not isinstance(value, str | bool | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise Refusal(
            "policy-value-not-json",
            f"{argument} must be text, a finite number, a boolean, a list or a mapping, got {type(value).__name__}"
            f" {shown(value)}",
        )


def _plain(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _without_tokens(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, Mapping):
        return {key: _without_tokens(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_tokens(item) for item in value]
    return "" if is_token(value) else value
