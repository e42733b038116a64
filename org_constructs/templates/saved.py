"""A description in a file, to be read again without AWS and without the templates: `org-baseline report --format json`.

The file has the fields of `Description` under their names. What the templates themselves say is no part of it, but
what becomes of a resource that they no longer hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from org_constructs.aws.durations import in_words
from org_constructs.refusal import Refusal

from .administrators import allows_everything
from .contents import says_content, says_permission_set
from .delegation import delegations
from .description import ROOT, Description
from .permission_set import session
from .reading import Reader
from .values import Unknown, Values, as_json

FORMAT: Final = 2
"""The version that is written. Each has only added fields with a default, so that older ones are read as they are."""

_MARK: Final = "OrganizationDescription"
_LEFT_OUT: Final = frozenset({"values"})
_KEPT_OF_A_RESOURCE: Final = ("Type", "DeletionPolicy", "UpdateReplacePolicy")


def to_json(description: Description) -> str:
    """Return a description as JSON, the same for the same description.

    It has no character beyond ASCII, so that nothing in it steers a terminal.
    """
    values = description.values
    resources = {
        f"{stack}/{logical_id}": {name: resource[name] for name in _KEPT_OF_A_RESOURCE if name in resource}
        for stack in values.stacks
        for logical_id, resource in values.resources(stack).items()
    }
    saved = {_MARK: FORMAT, **_plain(description), "resources": resources}
    return as_json(saved, indent=2) + "\n"


def is_saved(parsed: object) -> bool:
    """Tell whether JSON is a description, of whichever version, and not a template."""
    return isinstance(parsed, dict) and _MARK in parsed


def from_json(parsed: Mapping[str, Any]) -> Description:
    """Return the description that was saved.

    Raises:
        Refusal: It is of a newer version, or is not what `to_json` writes.
    """
    version = parsed[_MARK]
    if isinstance(version, int) and version > FORMAT:
        raise Refusal(
            "description-newer",
            f"a saved description must have a format up to {FORMAT}, got {version}",
            "update org-constructs",
        )
    if type(version) is not int or version < 1:
        raise _invalid(_MARK, f"a number from 1 to {FORMAT}", version)
    parts = {name: value for name, value in parsed.items() if name not in {_MARK, "resources"}}
    try:
        resources = _READER.read(dict[str, dict[str, str]], parsed.get("resources"), "resources")
        description: Description = _READER.read(Description, parts, values=Values({}))
    except RecursionError:
        raise _invalid("it", "as deep as what is saved", "more levels") from None
    _check_references(description)
    return _evaluated(replace(description, values=_values(resources, description)), resources)


def _values(resources: Mapping[str, Mapping[str, str]], description: Description) -> Values:
    templates: dict[str, dict[str, Any]] = {}
    for key, resource in resources.items():
        stack, found, logical_id = key.rpartition("/")
        if not found or "Type" not in resource or not resource.keys() <= set(_KEPT_OF_A_RESOURCE):
            raise _invalid(f"resources.{key}", "a resource of a stack", resource)
        named = {"AccountName": description.accounts[key].name} if key in description.accounts else {}
        templates.setdefault(stack, {"Resources": {}})["Resources"][logical_id] = {**resource, "Properties": named}
    return Values(templates)


def _evaluated(description: Description, resources: Collection[str]) -> Description:
    """Return the description with what the deploy alone knows as that, where it is saved as its template says it."""

    def value(key: str, said: Any) -> Any:  # noqa: ANN401 (JSON)
        return description.values.of(key.rpartition("/")[0], said) if key in resources else said

    permission_sets = {
        key: replace(each, properties=value(key, each.properties)) for key, each in description.permission_sets.items()
    }
    policies = {key: replace(each, content=value(key, each.content)) for key, each in description.policies.items()}
    resource_policies = {key: value(key, each) for key, each in description.resource_policies.items()}
    for permission_set in permission_sets.values():
        with _as_aws_takes_it(permission_set.key):
            says_permission_set(permission_set.properties)
            allows_everything(permission_set.properties)
            in_words(session(permission_set.properties))
    for policy in policies.values():
        with _as_aws_takes_it(policy.key):
            says_content(policy.content)
    of_aws = description.live.resource_policy if description.live else None
    for key, content in (*resource_policies.items(), *([("live.resource_policy", of_aws.content)] if of_aws else ())):
        with _as_aws_takes_it(key):
            delegations(description, content)
    return replace(description, permission_sets=permission_sets, policies=policies, resource_policies=resource_policies)


@contextmanager
def _as_aws_takes_it(key: str) -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        raise _invalid(key, "as AWS takes it", "something else") from None


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a field has)
    if is_dataclass(value) and not isinstance(value, Unknown):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name not in _LEFT_OUT}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _check_references(description: Description) -> None:
    """Refuse what names something that is not there, which would fail where somebody looks it up."""
    places = {ROOT, *description.organizational_units, *description.accounts}
    for kind in ("accounts", "organizational_units", "users", "groups", "permission_sets", "policies"):
        for key, each in getattr(description, kind).items():
            if each.key != key:
                raise _invalid(f"{kind}.{key}.key", repr(key), each.key)
    for name, key, known in _references(description, places):
        if key not in known:
            raise _invalid(name, "something in the description", key)


def _references(description: Description, places: set[str]) -> Iterator[tuple[str, str | None, Any]]:
    principals = {*description.users, *description.groups}
    above = {None, ROOT, *description.organizational_units}
    for kind in ("accounts", "organizational_units"):
        yield from ((f"{kind}.{key}.parent", each.parent, above) for key, each in getattr(description, kind).items())
    for each in description.groups.values():
        yield from ((f"groups.{each.key}.members", member, description.users) for member in each.members)
    for assignment in description.assignments:
        yield "assignments.account", assignment.account, description.accounts
        yield "assignments.permission_set", assignment.permission_set, description.permission_sets
        yield "assignments.principal", assignment.principal, principals
    for policy in description.policies.values():
        yield from ((f"policies.{policy.key}.targets", target, places) for target in policy.targets)


def _invalid(where: str, rule: str, value: object) -> Refusal:
    got = "nothing" if value is None else str(value)[:80]
    return Refusal(
        "description-invalid",
        f"a saved description must be as `org-baseline report --format json` writes it: {where} must be {rule}, got"
        f" {got!r}",
        "save it again",
    )


_READER: Final = Reader(refuse=_invalid)
