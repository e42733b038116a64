"""What AWS's service authorization reference says of actions, in the edition that the simulator comes with."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from real_clients import iam_simulator, node

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROGRAM: Final = Path(__file__).with_name("iam_reference_all.mjs")
_READING: Final = ("Read", "List")


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action, and what it can be told apart by."""

    level: str
    condition_keys: frozenset[str]
    """Of the service's own, and `aws:` ones that not every request has."""
    required: bool
    """Whether it always is about a resource."""
    arns: tuple[str, ...]
    """The resources that it may be about, with `${…}` in them."""

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.level not in _READING


@cache
def services() -> Mapping[str, Mapping[str, Action]]:
    """The actions of every service by their names, by the services' prefixes."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [node(), str(_PROGRAM), str(iam_simulator())], capture_output=True, text=True, check=True, timeout=120
    )
    return {
        service: {
            name: Action(
                level=action["level"],
                condition_keys=frozenset(action["condition_keys"]),
                required=action["required"],
                arns=tuple(action["arns"]),
            )
            for name, action in actions.items()
        }
        for service, actions in json.loads(done.stdout).items()
    }


def action(name: str) -> Action:
    """An action by its whole name; a KeyError if AWS has none of that name."""
    service, _, operation = name.partition(":")
    return services()[service][operation]


def matching(pattern: str) -> set[str]:
    """The whole names of the actions that a policy means by a pattern."""
    service, _, operation = pattern.partition(":")
    wanted = re.compile(re.escape(operation).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE)
    return {f"{service}:{name}" for name in services().get(service, {}) if wanted.fullmatch(name)}


def example_resource(name: str, account: str, region: str) -> str:
    """A resource that the action may be about: `*` where it is about none."""
    arns = action(name).arns
    if not arns:
        return "*"
    values = {"Partition": "aws", "Account": account, "Region": region}
    return re.sub(r"\$\{(\w+)\}", lambda found: values.get(found[1], "example"), arns[0])
