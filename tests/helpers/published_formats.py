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
