"""How much CloudFormation takes in a template, and how large a template is as the CDK CLI sends it.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

INLINE_TEMPLATE_MAX: Final = 51_200
"""Bytes of a template that comes in the request itself, without a bucket."""

TEMPLATE_MAX: Final = 1_000_000
"""Bytes of a template that is in a bucket."""

RESOURCES_MAX: Final = 500
"""Resources of a template."""

OUTPUTS_MAX: Final = 200
"""Outputs of a template."""


_QUOTED: Final = re.compile(
    r"""^$|^[\s*&!|>%@`"'#,\[\]{}]|^[-?:](\s|$)|: |:$| \#|\s$|[\n\t]|"""
    r"^(~|null|true|false|yes|no|on|off|y|n)$|^[-+.]?\d[\d_:,.eE+-]*([Tt\s]\S*)?$|^0[xob][\da-fA-F_]+$",
    re.IGNORECASE,
)
"""Texts that YAML 1.1 would take for something else without quotes, such as numbers and dates.

https://yaml.org/type/ has what it takes for what, and https://yaml.org/spec/1.1/#plain%20style what no plain text has.
"""


def yaml_bytes(value: Any, depth: int = 0) -> int:  # noqa: ANN401 (JSON)
    """Return how many bytes the CDK CLI sends for a template, but for a few: it writes YAML and measures that.

    https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/toolkit-lib/lib/api/cloudformation/template-body-parameter.ts
    """
    indent = 2 * depth
    if isinstance(value, Mapping) and value:
        return sum(indent + len(key.encode()) + 2 + yaml_bytes(item, depth + 1) for key, item in value.items())
    if isinstance(value, list) and value:
        # A mapping or a list in a list begins on the line of its dash, which takes the place of its indent.
        return sum(
            yaml_bytes(item, depth + 1) + (0 if isinstance(item, Mapping | list) and item else indent + 2)
            for item in value
        )
    text = str(value)
    if isinstance(value, str) and re.search(_QUOTED, text):
        text = json.dumps(text, ensure_ascii=False)
    return len(text.encode()) + 1
