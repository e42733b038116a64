"""Findings as a test report: each rule is a test, which fails where it finds something.

The elements are those that Jenkins, GitLab and Azure Pipelines read, as Jenkins' schema has them:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from org_constructs.rules import RULES

from ._findings import SUGGESTION, Group, said

_NAME: Final = "org-baseline check"
# https://www.w3.org/TR/xml/#charsets
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(groups: Sequence[Group]) -> str:
    """Return the document; AWS's suggestions, which fail nothing, are the output of a test that passes."""
    found = {group.id: group.sentence for group in groups if group.findings}
    tests = {rule.id: rule.sentence for rule in RULES} | found
    cases = [_case(test, [group for group in groups if group.id == test]) for test in tests]
    failures = sum(case.find("failure") is not None for case in cases)
    counts = {"name": _NAME, "tests": str(len(cases)), "failures": str(failures), "errors": "0"}
    suites = ET.Element("testsuites", counts)
    ET.SubElement(suites, "testsuite", counts).extend(cases)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _case(test: str, groups: Sequence[Group]) -> ET.Element:
    case = ET.Element("testcase", name=test, classname=_NAME)
    lines = [(group, line) for group in groups for finding in group.findings for line in (*said(group, finding), "")]
    if lines:
        group = lines[0][0]
        text = _xml("\n".join([*(line for _, line in lines), group.source]))
        if group.severity == SUGGESTION:
            ET.SubElement(case, "system-out").text = text
        else:
            ET.SubElement(case, "failure", type=group.severity, message=_xml(group.sentence)).text = text
    return case


def _xml(text: str) -> str:
    return _NO_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
