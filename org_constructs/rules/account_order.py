"""`OrgBaseline-AccountOrder`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Resource, Template, Templates


def _find(templates: Templates) -> Iterator[Finding]:
    of_template: defaultdict[Template, dict[str, Resource]] = defaultdict(dict)
    for resource in templates.of_type("AWS::Organizations::Account"):
        of_template[resource.template][resource.logical_id] = resource
    # Accounts of one place in the order may be created side by side: were one before the other, its place was lower.
    of_place: defaultdict[tuple[object, int], list[Resource]] = defaultdict(list)
    order = _Order(templates, {template: _places(templates, template, ids) for template, ids in of_template.items()})
    for template, resources in of_template.items():
        # Each organization has an order of its own; so has a template of which no assembly says what comes before it.
        organization = template if template.after is None else template.account
        for logical_id, place in order.places[template].items():
            of_place[organization, order.before(template) + place].append(resources[logical_id])
    for side_by_side in of_place.values():
        if len(side_by_side) > 1:
            names = listed(resource.name for resource in side_by_side)
            for resource in side_by_side:
                yield found(resource, "DependsOn", detail=f"Nothing defines which of {names} comes first.")


class _Order:
    """The order of the stacks, as far as accounts go."""

    def __init__(self, templates: Templates, places: Mapping[Template, Mapping[str, int]]) -> None:
        self.places = places
        self._by_construct = {template.construct: template for template in templates.all if template.construct}
        self._before: dict[Template, int] = {}

    def before(self, template: Template) -> int:
        """Return how many accounts exist, at least, when a stack begins."""
        if template not in self._before:
            # Stacks cannot wait for one another in a circle; a manifest that says they do comes to an end here.
            self._before[template] = 0
            needed = (self._by_construct.get(construct) for construct in template.after or ())
            self._before[template] = max((self._end(each) for each in needed if each), default=0)
        return self._before[template]

    def _end(self, template: Template) -> int:
        return self.before(template) + max(self.places.get(template, {}).values(), default=0)


def _places(templates: Templates, template: Template, accounts: Collection[str]) -> dict[str, int]:
    """Return of each account how many accounts of the template exist, at least, when it does."""
    values, stack = templates.values, template.stack
    resources = values.resources(stack)

    def waits_for(logical_id: str) -> list[str]:
        explicit = resources[logical_id].get("DependsOn", [])
        needed = [each for each in (explicit if isinstance(explicit, list) else [explicit]) if isinstance(each, str)]
        referred = values.references(stack, resources[logical_id].get("Properties"))
        return [*needed, *(each.name for each in referred if each.stack == stack)]

    needed = {account: waits_for(account) for account in accounts}
    places: dict[str, int] = {}
    for account in accounts:
        path = [account] if account not in places else []
        while path:
            logical_id = path[-1]
            places.setdefault(logical_id, 0)
            following = next((each for each in needed[logical_id] if each in resources and each not in places), None)
            if following is None:
                path.pop()
                before = max((places.get(each, 0) for each in needed[logical_id]), default=0)
                places[logical_id] = before + (logical_id in accounts)
            else:
                needed.setdefault(following, waits_for(following))
                path.append(following)
    return {account: places[account] for account in accounts}


ACCOUNT_ORDER: Final = Rule(
    id="OrgBaseline-AccountOrder",
    sentence="Accounts are not created one after the other.",
    explanation=(
        "CloudFormation fails while AWS is still creating another account, and the rollback leaves accounts behind."
        " Make each account depend on the one before it, across the stacks of the app too."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html",
    find=_find,
)
