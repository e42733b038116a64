"""Findings as SARIF 2.1.0, which GitHub's code scanning and others keep and compare.

Sources: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html and, for what GitHub takes of it,
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from org_constructs.rules import RULES

from ._findings import ERROR, SUGGESTION, WARNING, Group, said
from ._places import Place, Places

if TYPE_CHECKING:
    from org_constructs.rules.rule import Finding
    from org_constructs.templates.resources import Templates

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {ERROR: "error", WARNING: "warning", SUGGESTION: "note"}


def sarif(groups: Sequence[Group], templates: Templates) -> str:
    """Return the log of one run, with every rule and each finding."""
    package = metadata("org-constructs")
    # pyproject.toml says it once: `Source, https://…`.
    source = dict(each.split(", ", 1) for each in package.get_all("Project-URL", ()))["Source"]
    rules = {
        rule.id: _rule(
            rule.id,
            rule.severity.value,
            rule.sentence,
            f"{rule.explanation} {rule.details}".rstrip(),
            f"{source}/blob/main/docs/rules.md#{rule.id.lower()}",
        )
        for rule in RULES
    }
    rules |= {
        group.id: _rule(group.id, group.severity, group.sentence, group.explanation, group.source)
        for group in groups
        if group.id not in rules and group.findings
    }
    places, numbers = Places(templates), {rule: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "org-baseline",
                "version": package["Version"],
                "informationUri": source,
                "rules": list(rules.values()),
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(group, finding, places) | {"ruleIndex": numbers[group.id]}
            for group in groups
            for finding in group.findings
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: str, severity: str, sentence: str, explanation: str, address: str) -> Mapping[str, Any]:
    return {
        "id": rule,
        "shortDescription": {"text": sentence},
        "fullDescription": {"text": f"{sentence} {explanation}".strip()},
        "help": {"text": f"{explanation or sentence}\n{address}"},
        "helpUri": address,
        "defaultConfiguration": {"level": _LEVELS[severity]},
    }


def _result(group: Group, finding: Finding, places: Places) -> dict[str, Any]:
    template, app = places.in_template(finding), places.in_app(finding)
    location: dict[str, Any] = {"physicalLocation": _physical(app or template)}
    if finding.construct:
        name = finding.resource.logical_id if finding.resource else finding.construct.rpartition("/")[2]
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": finding.construct, "kind": "resource"}]
    return {
        "ruleId": group.id,
        "level": _LEVELS[group.severity],
        # Brackets would make a link: 3.11.6 of the standard.
        "message": {"text": re.sub(r"([\[\]\\])", r"\\\1", "\n".join(said(group, finding)))},
        "locations": [location],
        **({"relatedLocations": [{"physicalLocation": _physical(template)}]} if app else {}),
        # By the construct and what in it is wrong: the finding stays the same when lines above it come and go.
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(group, finding)},
    }


def _physical(place: Place) -> Mapping[str, Any]:
    if place.file.is_absolute():
        artifact = {"uri": place.file.as_uri()}
    else:
        artifact = {"uri": quote(place.file.as_posix()), "uriBaseId": "%SRCROOT%"}
    return {"artifactLocation": artifact, "region": {"startLine": place.line}}


def _fingerprint(group: Group, finding: Finding) -> str:
    known = json.dumps([group.id, group.detail, finding.construct, finding.locations])
    return f"{hashlib.sha256(known.encode()).hexdigest()[:16]}:1"
