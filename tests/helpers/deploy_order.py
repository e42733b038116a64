"""What waits for what when CloudFormation deploys a template."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def directly_before(template: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return for each resource those that it names in `DependsOn` or refers to."""
    resources = template["Resources"]
    return {
        logical_id: {*_listed(body.get("DependsOn", [])), *_referred_to(body.get("Properties", {}))} & set(resources)
        for logical_id, body in resources.items()
    }


def before(template: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return for each resource all that is made before it, in an order in which they can be made.

    Raises:
        CycleError: They wait for each other.
    """
    direct = directly_before(template)
    everything: dict[str, set[str]] = {}
    for logical_id in TopologicalSorter(direct).static_order():
        everything[logical_id] = direct[logical_id].union(*(everything[earlier] for earlier in direct[logical_id]))
    return everything


def _listed(depends_on: str | list[str]) -> list[str]:
    return [depends_on] if isinstance(depends_on, str) else depends_on


def _referred_to(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("Ref"), str):
            yield value["Ref"]
        attribute = value.get("Fn::GetAtt")
        if isinstance(attribute, list):
            yield attribute[0]
        if isinstance(value.get("Fn::Sub"), str):
            yield from re.findall(r"\$\{(\w+)", value["Fn::Sub"])
        for item in value.values():
            yield from _referred_to(item)
    elif isinstance(value, list):
        for item in value:
            yield from _referred_to(item)
