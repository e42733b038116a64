"""What a rule is, what it looks at and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


@dataclass(frozen=True)
class Resource:
    """A resource of a template."""

    template: str
    """The path of the template."""

    logical_id: str
    body: Mapping[str, Any]
    """What the template says of it: type, properties, policies."""


class Templates:
    """All templates of an app, read once, so that a rule can relate their resources."""

    def __init__(self, templates: Mapping[str, Mapping[str, Any]]) -> None:
        """Hold the templates by path."""
        self._templates = templates

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[Resource]]:
        by_type: dict[str, list[Resource]] = {}
        for path, template in self._templates.items():
            for logical_id, body in template.get("Resources", {}).items():
                by_type.setdefault(body["Type"], []).append(Resource(path, logical_id, body))
        return by_type

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of the types."""
        for resource_type in types:
            yield from self._by_type.get(resource_type, ())


@dataclass(frozen=True)
class Finding:
    """A place where a rule is broken."""

    resource: Resource
    locations: tuple[str, ...]
    """What in the resource breaks it, such as `DeletionPolicy` or `Properties/Email`."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule: its id is API, its sentence is what people see."""

    id: str
    sentence: str
    explanation: str
    source: str
    find: Callable[[Templates], Iterable[Finding]]
