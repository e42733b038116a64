"""In which line of which file a finding is, for what shows it beside the file.

Where the app was synthesized with `CDK_DEBUG=1`, the CDK says of each resource by which calls it came to be; frames of
Python are among them with `JSII_HOST_STACK_TRACES=1`. The innermost call in a file of the app is then the place.
Without them nothing says which line of the app is to blame, so the place is in the template.

Source: https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/private/stack-trace.ts
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

import org_constructs

if TYPE_CHECKING:
    from org_constructs.rules.rule import Finding
    from org_constructs.templates.resources import Templates

_FRAME: Final = re.compile(r"\((?P<file>.+?):(?P<line>\d+)(?::\d+|\+column:\d+)?\)$")
_OURS: Final = Path(org_constructs.__file__).parent
_INSTALLED: Final = frozenset({"site-packages", "dist-packages", "node_modules"})
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    file: Path
    """Relative to the folder that git has, or else to the current one; absolute outside of it."""

    line: int
    """From 1 on."""


class Places:
    """Says where findings in templates are."""

    def __init__(self, templates: Templates) -> None:
        """Hold what the templates say of how their resources came to be."""
        self._here = Path.cwd()
        self._root = next((each for each in (self._here, *self._here.parents) if (each / ".git").exists()), self._here)
        self._created = {path: calls for each in templates.all for path, calls in each.created.items()}
        self._stacks = {each.construct: each.path for each in templates.all if each.construct}
        self._first = templates.all[0].path if templates.all else "."
        self._nodes: dict[str, yaml.Node | None] = {}

    def in_app(self, finding: Finding) -> Place | None:
        """Return the line of the app that made the construct; None where that is not known."""
        construct = finding.construct
        around = construct.split("/")
        for path in (
            construct,
            f"{construct}/Resource",
            *("/".join(around[:end]) for end in range(len(around), 0, -1)),
        ):
            for file, line in _frames(self._created.get(path, ())):
                called = (self._here / file).resolve()
                if called.is_relative_to(self._root) and not (
                    called.is_relative_to(_OURS) or _INSTALLED.intersection(called.parts)
                ):
                    return Place(called.relative_to(self._root), line)
        return None

    def in_template(self, finding: Finding) -> Place:
        """Return the line of the template; the first one where it is about no resource."""
        if finding.resource is None:
            names = (
                name for name in self._stacks if finding.construct == name or finding.construct.startswith(f"{name}/")
            )
            return self._place(self._stacks.get(next(names, ""), self._first), 1)
        file = finding.resource.template.path
        way = ("Resources", finding.resource.logical_id, *".".join(finding.locations[:1]).split("."))
        return self._place(file, _line(self._node(file), way))

    def _place(self, file: str, line: int) -> Place:
        absolute = (self._here / file).resolve()
        inside = absolute.is_relative_to(self._root)
        return Place(absolute.relative_to(self._root) if inside else absolute, line)

    def _node(self, file: str) -> yaml.Node | None:
        if file not in self._nodes:
            try:
                self._nodes[file] = yaml.compose(Path(file).read_bytes(), Loader=_Loader)
            except (OSError, ValueError, RecursionError, yaml.YAMLError):
                # JSON that is no YAML, such as one indented by tabs.
                self._nodes[file] = None
        return self._nodes[file]


def _frames(calls: Sequence[str]) -> Iterator[tuple[str, int]]:
    for call in calls:
        if found := _FRAME.search(call):
            yield found["file"], int(found["line"])


def _line(node: yaml.Node | None, way: Sequence[str]) -> int:
    """Return the line of the deepest node on the way that there is."""
    line = 1
    for step in way:
        inside = _inside(node)
        if step not in inside:
            break
        line, node = inside[step]
    return line


def _inside(node: yaml.Node | None) -> Mapping[str, tuple[int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): (key.start_mark.line + 1, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return {str(number): (each.start_mark.line + 1, each) for number, each in enumerate(node.value)}
    return {}
