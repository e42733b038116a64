"""What the parts of an app are made of: props with comments, and what is said of what is left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from org_constructs.refusal import Refusal
from org_constructs.templates.description import Whence
from org_constructs.templates.words import and_list, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from org_constructs.baseline.props import BudgetsProps, ResourcePolicyProps
    from org_constructs.constructs.policy_type import PolicyType
    from org_constructs.templates.description import Entity

_NAMED: Final = 5
"""How many names a sentence has."""


@dataclass(frozen=True)
class Told:
    """Something that the app makes or names, with the comments on it."""

    props: Any
    before: tuple[str, ...] = ()
    behind: str = ""
    inside: tuple[Told, ...] = ()
    """The units in a unit."""

    code: Any = None
    """What makes it, and those that follow it and are not `alone`; by default the props."""

    is_alone: bool = True
    """Whether it is written; not, if the code of one before makes it."""


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """What `OrgBaseline` takes, each list in its order, and what is said beside."""

    account_id: str
    region: str
    company: str
    email: str
    organization: Mapping[str, str] | None
    """The ids of an organization that the app only names; None where the app makes it."""

    identity_center: Mapping[str, str] | None
    users: Sequence[Told]
    organizational_units: Sequence[Told]
    accounts: Sequence[Told]
    groups: Sequence[Told]
    permission_sets: Sequence[Told]
    assignments: Sequence[Told]
    policies: Sequence[Told]
    enabled_policy_types: Sequence[PolicyType]
    resource_policy: ResourcePolicyProps | None
    trusted_access: Sequence[str]
    root_access: bool
    delegated_administrators: Mapping[str, str | list[str]]
    alternate_contacts: Sequence[Told]
    budgets: BudgetsProps | None
    notes: Notes


@dataclass
class Notes:
    """What the app cannot say, or leaves alone."""

    comments: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """What stands before an argument or at the head of its list, by its name."""

    summary: list[str] = field(default_factory=list)
    """All that is said, of what has its comment elsewhere, too."""

    def say(self, argument: str, sentence: str) -> None:
        """Say it of an argument, and in the summary."""
        self.comments[argument].append(visible(sentence))
        self.sum_up(sentence)

    def sum_up(self, sentence: str) -> None:
        """Say in the summary what a comment says where it is found."""
        self.summary.append(visible(sentence))

    def say_named(self, argument: str, what: str, reasons: Mapping[str, Sequence[str]]) -> None:
        """Say which things of a list the app only names.

        Args:
            argument: The list.
            what: What they are, such as `groups`.
            reasons: Their names, by why that is so.
        """
        for why, names in sorted(reasons.items()):
            self.say(argument, f"{what.capitalize()} that are only named, by their ids, since {why}: {some(names)}.")


def is_ours(entity: Entity) -> bool:
    """Tell whether the app makes something: whether nobody else has it, as far as AWS tells."""
    return why_by_id(entity) == ""


def is_of_aws(entity: Entity | None) -> bool:
    """Tell whether something is AWS's own."""
    return entity is not None and entity.origin is not None and entity.origin.whence is Whence.AWS


def is_of_stack(entity: Any) -> bool:  # noqa: ANN401 (whatever has an origin)
    """Tell whether a stack of others has something, so that no import takes it over."""
    return entity.origin is not None and entity.origin.whence is Whence.STACK


def why_by_id(entity: Entity) -> str:
    """Return why the app names such things by their ids; empty where it makes them."""
    if entity.only_named:
        return "nothing more is known of them"
    if entity.origin is None or not entity.origin.is_of_others:
        return ""
    if is_of_stack(entity):
        return f"the {entity.origin} has them"
    return "they are AWS's own" if is_of_aws(entity) else "an identity provider manages them"


def refused(check: Callable[..., object], **arguments: Any) -> Refusal | None:  # noqa: ANN401 (any check's)
    """Return why a check refuses something."""
    try:
        check("", **arguments)
    except Refusal as refusal:
        return refusal
    return None


def some(names: Sequence[str]) -> str:
    """List names in a sentence, the first ones where there are many."""
    more = len(names) - _NAMED
    return and_list([*names[:_NAMED], f"{more:,} more"]) if more > 0 else and_list(names)


def in_order(entities: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return things in the order of their names, by which people look for them."""
    return sorted(entities.items(), key=lambda item: (item[1].name.casefold(), item[0]))
