"""The commands that `org-baseline` prints, and what those of the AWS CLI, which is not installed, do."""

from __future__ import annotations

import json
import re
import shlex
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from org_constructs.rehearsal.local_aws import LocalAws


def printed(said: str) -> list[list[str]]:
    """Return the commands in what adopt has said, each a list of words."""
    return [shlex.split(line) for line in said.splitlines() if re.match(r" {4}(aws|cdk|org-baseline) ", line)]


def use_aws_cli(aws: LocalAws, service: str, operation: str, *words: str) -> object:
    """Make the call of a command: `aws cloudformation wait stack-delete-complete --stack-name OrgBaseline`."""
    client: Any = aws.client(service)
    waiter = operation == "wait"
    name = (words[0] if waiter else operation).replace("-", "_")
    given: dict[str, Any] = {}
    for number, word in enumerate(words):
        if word.startswith("--"):
            key = "".join(part.capitalize() for part in word.removeprefix("--").split("-"))
            values = list(takewhile(lambda each: not each.startswith("--"), words[number + 1 :]))
            read = json.loads(values[0]) if key == "MemberId" else _read(values[0])
            given[key] = values if "Resources" in key else read
    if given.pop("Region", client.meta.region_name) != client.meta.region_name:
        raise ValueError(f"the local AWS is in {client.meta.region_name}")
    if waiter:
        return client.get_waiter(name).wait(**given, WaiterConfig={"Delay": 1})
    return getattr(client, name)(**given)


def _read(value: str) -> str:
    """Return a value, or what is in the file that it names."""
    return Path(value.removeprefix("file://")).read_text(encoding="utf-8") if value.startswith("file://") else value
