"""What those that match single types ask of the whole: what other resources match, and what properties refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from org_constructs.live.organization import LiveOrganization
    from org_constructs.templates.values import Value

    from .result import Match
    from .template import Resource, Templates


class References(Protocol):
    """The matcher of all types, as the matchers of single types see it."""

    live: LiveOrganization
    templates: Templates

    def matches(self, resource_type: str) -> tuple[Match, ...]:
        """Return the resources of a type, each with what exists of it."""

    def match(self, resource: Resource) -> Match:
        """Return a resource with what exists of it, whoever is in it."""

    def deployed_id(self, resource: Resource) -> str | None:
        """Return the id of what the stack has of a resource."""

    def reference(self, resource: Resource, value: Value) -> str | None:
        """Return the id of what a property refers to; None where it does not exist yet."""

    def shown(self, value: Value) -> str:
        """Return what a property refers to as people know it."""
