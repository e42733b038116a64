"""Print schemas.json of the local AWS, from the schemas of CloudFormation's resource types that cfn-lint ships."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from typing import Any, Final

from org_constructs.rehearsal.local_aws.resources import handler_of

_SHIPPED: Final = files("cfnlint.data.schemas")
_WORDS: Final = {"$comment", "description", "documentationUrl", "sourceUrl", "title", "examples", "handlers"}
"""Keywords without which a schema says the same; a property of such a name is an object, and stays."""


def schemas() -> str:
    """Return the regions that have each type, and the schemas of what the local AWS provides, a type a line."""
    providers = {
        file.name.removesuffix(".json"): json.loads(file.read_bytes())
        for file in sorted((_SHIPPED / "providers").iterdir(), key=lambda file: file.name)
        if "-" in file.name and file.name.endswith(".json")  # sam.json is no region's
    }
    identifiers = {name: identifier for types in providers.values() for name, identifier in sorted(types.items())}
    having = {
        name: format(sum(1 << index for index, types in enumerate(providers.values()) if name in types), "x")
        for name in sorted(identifiers)
    }
    documents = {
        name: _bare(json.loads((_SHIPPED / "resources" / f"{identifiers[name]}.json").read_bytes()))
        for name in having
        if handler_of(name)
    }
    date = json.loads((_SHIPPED / "version.json").read_bytes())["schema_date"]
    return (
        f'{{\n"schema_date": "{date}",\n"regions": {json.dumps(list(providers))},\n'
        f'"types": {{\n{_lines(having)}\n}},\n"schemas": {{\n{_lines(documents)}\n}}\n}}'
    )


def _lines(values: dict[str, Any]) -> str:
    return ",\n".join(
        f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in values.items()
    )


def _bare(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _bare(each)
        for name, each in value.items()
        if name not in _WORDS or (isinstance(each, dict) and name != "handlers")
    }


if __name__ == "__main__":
    sys.stdout.write(schemas() + "\n")
