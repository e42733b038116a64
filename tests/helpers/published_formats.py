"""What breaks the schema of a format that other programs read; tests/schemas says where those are from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import xmlschema

from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMAS: Final = ROOT / "tests" / "schemas"


def broken_rules_of_sarif(log: Mapping[str, Any]) -> list[str]:
    """Return what in a log is not as SARIF 2.1.0 has it."""
    schema = json.loads((_SCHEMAS / "sarif-2.1.0.json").read_bytes())
    return [f"{error.json_path}: {error.message}" for error in jsonschema.Draft202012Validator(schema).iter_errors(log)]


def broken_rules_of_junit(report: str) -> list[str]:
    """Return what in a test report is not as Jenkins' schema has it."""
    schema = xmlschema.XMLSchema(_SCHEMAS / "junit-10.xsd")
    return [str(error.reason) for error in schema.iter_errors(xmlschema.XMLResource(report))]


def assert_as_published(access_diff: str) -> None:
    """Assert that what `access-diff --format json` writes is as the package's own schema has it."""
    assert access_diff.isascii()
    assert [str(error) for error in _ACCESS_DIFF.iter_errors(json.loads(access_diff))] == []


def _access_diff() -> jsonschema.Draft202012Validator:
    """Return what validates strictly: what is written has nothing that is not described."""
    schema = json.loads((ROOT / "org_constructs" / "access_diff" / "schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    for each in (schema, schema["$defs"]["grant"], *(schema["properties"][name]["items"] for name in _LISTS)):
        each["additionalProperties"] = False
    return jsonschema.Draft202012Validator(schema)


_LISTS: Final = ("changes", "contents", "unread")
_ACCESS_DIFF: Final = _access_diff()
