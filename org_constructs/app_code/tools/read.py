"""Which tool a file is of, by what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .aws_sso_util import is_aws_sso_util, read_aws_sso_util
from .file import parsed_file
from .org_formation import is_org_formation, read_org_formation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .file import ToolFile


ANSWERS: Final = frozenset({"company", "email", "account", "region", "instance_arn", "identity_store_id"})
"""The options of `init` that may say what a file does not."""


def read_tool_file(path: Path, answers: Mapping[str, str]) -> ToolFile | None:
    """Return what a file of another tool says; None if it is YAML of something else.

    Args:
        path: The file.
        answers: The options of `init` that were given, by the names of their arguments.

    Raises:
        Refusal: As `parsed_file`, and as the reader of the tool.
    """
    content = parsed_file(path)
    if is_org_formation(content):
        return read_org_formation(path, content, answers)
    if is_aws_sso_util(content):
        return read_aws_sso_util(path, content, answers)
    return None
