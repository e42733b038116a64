"""A template's text as CloudFormation reads it: JSON, or YAML with the short forms of functions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import yaml  # type: ignore[import-untyped] # its stubs are a package of their own

if TYPE_CHECKING:
    from collections.abc import Iterator

_SafeLoader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""With libyaml where PyYAML was built with it: a template of 1 MB takes a tenth of the time."""

_DATE: Final = "tag:yaml.org,2002:timestamp"
_AS_THEY_ARE: Final = frozenset({"Ref", "Condition"})
"""The short forms that stand for keys without `Fn::`."""

_LEVELS_MAX: Final = 100
_VALUES_MAX: Final = 100_000


def parse_yaml(text: str | bytes) -> Any:  # noqa: ANN401 (JSON)
    """Return what a YAML text says, with dates as the text that they are in templates.

    Raises:
        ValueError: It is no YAML, has a key twice, or is nested too deeply.
    """
    try:
        # Events come one by one, while libyaml composes nodes on the stack, and ends the process where it is full.
        if max(_levels(text), default=0) > _LEVELS_MAX:
            raise ValueError(f"it has more than {_LEVELS_MAX} levels")
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (_Loader is a SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None


def parse_yaml_of_anybody(text: str) -> Any:  # noqa: ANN401 (JSON)
    """Return what a YAML text says, as `parse_yaml`, whoever wrote it: nothing in it takes all memory, or the stack.

    Raises:
        ValueError: As `parse_yaml`; or its aliases unfold to too much, or to themselves.
    """
    try:
        levels = max(_levels(text), default=0)
        if levels <= _LEVELS_MAX and (root := yaml.compose(text, Loader=_SafeLoader)):
            values, levels = _unfolded(root, {})
            if values > _VALUES_MAX:
                raise ValueError(f"it unfolds to more than {_VALUES_MAX:,} values")
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    except RecursionError:
        levels = _LEVELS_MAX + 1
    if levels > _LEVELS_MAX:
        raise ValueError(f"it has more than {_LEVELS_MAX} levels")
    return parse_yaml(text)


def _levels(text: str | bytes) -> Iterator[int]:
    """Yield the level of each part of a text, up to one too many."""
    level = 0
    for event in yaml.parse(text, Loader=_SafeLoader):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        yield level
        if level > _LEVELS_MAX:
            return


def _unfolded(node: yaml.Node, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Return how many values a node has, and how many levels, where each alias stands for a copy."""
    measured = known.get(id(node))
    if measured is None:
        known[id(node)] = (_VALUES_MAX, 0)  # what holds itself never ends
        children = node.value if isinstance(node, yaml.CollectionNode) else ()
        inside = chain.from_iterable(children) if isinstance(node, yaml.MappingNode) else children
        sizes, levels = zip((1, 0), *(_unfolded(each, known) for each in inside), strict=True)
        measured = known[id(node)] = (sum(sizes), 1 + max(levels))
    return measured


def parse_template(text: str) -> Any:  # noqa: ANN401 (JSON)
    """Return what a template says, be it JSON or YAML.

    Raises:
        ValueError: It is neither.
    """
    return json.loads(text) if text.lstrip().startswith("{") else parse_yaml(text)


class _Loader(_SafeLoader):  # type: ignore[misc,valid-type] # untyped
    """Reads the short forms of functions, and dates as text; refuses a key that is there twice."""

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 (PyYAML's)
        """Return a mapping, each of whose keys is there once."""
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "found a key that is no text", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"found {key.value!r} twice", key.start_mark)
            seen.add(key.value)
        mapping: dict[str, Any] = super().construct_mapping(node, deep)
        return mapping

    def short_form(self, suffix: str, node: yaml.Node) -> dict[str, Any]:
        """Return a function's long form."""
        key = suffix if suffix in _AS_THEY_ARE else f"Fn::{suffix}"
        value: Any
        match node:
            case yaml.ScalarNode():
                value = self.construct_scalar(node)
            case yaml.SequenceNode():
                value = self.construct_sequence(node, deep=True)
            case _:
                value = self.construct_mapping(node, deep=True)
        return {key: value.split(".", 1) if suffix == "GetAtt" and isinstance(value, str) else value}


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _DATE]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_multi_constructor("!", _Loader.short_form)
