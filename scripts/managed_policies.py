"""Print org_constructs/aws/managed_policies.json, or managed_policy_documents.json, from what moto ships of IAM."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from org_constructs.aws.escalations import ACTIONS
from org_constructs.aws.managed_policies import SERVICE_LINKED_PATH
from org_constructs.templates.iam import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def names(policies: Mapping[str, Any]) -> str:
    """Return the list of what the policies are called."""
    listed = sorted(policy["Path"][1:] + name for name, policy in policies.items())
    return json.dumps({"date": date(policies), "policies": listed}, indent=1)


def documents(policies: Mapping[str, Any]) -> str:
    """Return what decides in the policies' documents, a policy a line, without those in which nothing does."""
    lines = [
        f"  {json.dumps(name)}: {json.dumps(statements, separators=(',', ':'))}"
        for name, policy in sorted(policies.items())
        if policy["Path"] != f"/{SERVICE_LINKED_PATH}" and (statements := list(deciding(policy["Document"])))
    ]
    return f'{{\n "date": "{date(policies)}",\n "statements": {{\n' + ",\n".join(lines) + "\n }\n}"


def date(policies: Mapping[str, Any]) -> str:
    """Return the day of the newest policy."""
    newest: str = max(policy["UpdateDate"] for policy in policies.values())
    return newest[:10]


def deciding(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the statements that are about the actions that make administrators, with those actions alone."""
    given = document["Statement"]
    for statement in given if isinstance(given, list) else [given]:
        kept = {name: value for name, value in statement.items() if name != "Sid"}
        if "Action" in kept:
            kept["Action"] = _about(kept["Action"])
            if not kept["Action"]:
                continue
        else:
            # An exception more or less decides nothing, but there has to be one.
            kept["NotAction"] = _about(kept["NotAction"]) or kept["NotAction"][:1]
        yield kept


def _about(patterns: str | list[str]) -> list[str]:
    listed = [patterns] if isinstance(patterns, str) else patterns
    return sorted({each for each in listed if any(matches(each.lower(), action) for action in ACTIONS)})


if __name__ == "__main__":
    write = {"names": names, "documents": documents}[sys.argv[1]]
    sys.stdout.write(write(json.loads(aws_managed_policies_data)) + "\n")
