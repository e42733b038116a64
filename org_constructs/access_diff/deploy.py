"""What AWS has after a deploy, from what it has now: a deploy compares templates, and takes back nothing else.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from org_constructs.templates.description import (
    MANAGEMENT,
    ROOT,
    Account,
    Description,
    Entity,
    Live,
    Origin,
    ResourcePolicy,
    Whence,
    describe,
)
from org_constructs.templates.retention import stays_when_removed
from org_constructs.templates.values import Environment, Unknown, as_json

from .comparison import State
from .identity import KINDS, partners, rekeyed


def deploy(live: Description, new: Description) -> tuple[State, State]:
    """Return what AWS has, and what it has after a deploy.

    What a template says anew, the deploy changes; what it says as before stays as AWS has it, even where that was
    changed by hand; and what is from elsewhere stays. What the templates say for the first time, and AWS has under that
    name already, is taken over, as `org-baseline adopt` would. Stacks that are not among the new ones stay as well.

    Args:
        live: What AWS has.
        new: What the templates of the deploy say.

    Raises:
        Refusal: What the stacks were deployed with cannot be read.
    """
    if live.live is None:
        raise TypeError("a deploy changes what AWS has, not what templates say")
    deploying = _Deploy(live, live.live, new)
    return deploying.before(), State(deploying.after())


class _Deploy:
    """Puts the two together, thing by thing."""

    def __init__(self, live: Description, now: Live, new: Description) -> None:
        self._live = live
        self._now = now
        self._new_values = new.values
        self._deployed = describe(
            now.stacks, dict.fromkeys(now.stacks, Environment(now.management_account_id, now.region))
        )
        keys = {now.management_account_id: MANAGEMENT} if now.management_account_id else {}
        things = [(key, each) for kind in KINDS for key, each in getattr(live, kind).items()]
        keys |= {_template_key(each.origin): key for key, each in things if each.origin and each.origin.logical_id}
        self._old = rekeyed(self._deployed, keys)
        new = rekeyed(new, keys)
        made_before = {key for kind in KINDS for key in getattr(self._old, kind)}
        self._new = rekeyed(
            new,
            {
                key: same
                for kind in KINDS
                for key, same in partners(kind, live, new).items()
                if key not in {*getattr(live, kind), *made_before} and same not in getattr(new, kind)
            },
        )

    def before(self) -> State:
        """Return what AWS has, with the accounts that the deploy closes if it takes them out of their stack."""
        closing = {
            key
            for key, each in self._live.accounts.items()
            if self._resource(each.origin) is not None and not self._stays(each.origin)
        }
        return State(self._live, closed=frozenset(closing))

    def after(self) -> Description:
        """Return what AWS has then."""
        things: dict[str, dict[str, Any]] = {kind: dict(self._things(kind)) for kind in KINDS}
        there = {ROOT, *(key for each in things.values() for key in each)}
        groups = {
            key: replace(each, members=tuple(member for member in each.members if member in there))
            for key, each in things["groups"].items()
        }
        policies = {
            key: replace(each, targets=tuple(target for target in each.targets if target in there))
            for key, each in things["policies"].items()
        }
        assignments = tuple(
            each for each in self._assignments() if {each.account, each.permission_set, each.principal} <= there
        )
        live = replace(self._now, resource_policy=self._resource_policy())
        changed: dict[str, Any] = {
            **things,
            "groups": groups,
            "policies": policies,
            "assignments": assignments,
            "live": live,
            "metadata": replace(self._live.metadata, waiting=self._new.metadata.waiting),
        }
        return replace(self._live, **changed)

    def _resource_policy(self) -> ResourcePolicy | None:
        """Return the resource policy that AWS has then; None where nobody knows."""
        there = self._now.resource_policy
        before, after = (next(iter(each.resource_policies.values()), None) for each in (self._deployed, self._new))
        if there is None or as_json(before) == as_json(after):
            return there
        return replace(there, content=None if after is None else self._with_ids(after))

    def _with_ids(self, value: Any) -> Any:  # noqa: ANN401 (JSON)
        """Return a document with the ids of the accounts that exist already."""
        if isinstance(value, dict):
            return {key: self._with_ids(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._with_ids(each) for each in value]
        reference = value.reference if isinstance(value, Unknown) else None
        if reference is None:
            return value
        made = (each for each in self._live.accounts.values() if each.origin)
        key = f"{reference.stack}/{reference.name}"
        return next((each.account_id for each in made if each.origin and _template_key(each.origin) == key), value)

    def _things(self, kind: str) -> Iterator[tuple[str, Entity]]:
        live, old, new = (getattr(each, kind) for each in (self._live, self._old, self._new))
        for key, there in live.items():
            if key in new:
                yield key, _changed(there, old.get(key), new[key])
            elif not self._is_taken_out(there.origin):
                yield key, there
        for key, made in new.items():
            # What was made before and is gone, a deploy does not make again.
            if key not in live and key not in old:
                yield key, replace(made, origin=Origin(whence=Whence.APP))

    def _assignments(self) -> Iterator[Any]:
        old, new = set(self._old.assignments), set(self._new.assignments)
        yield from (each for each in self._live.assignments if each in new or not self._is_taken_out(each.origin))
        yield from (
            each for each in self._new.assignments if each not in old and each not in set(self._live.assignments)
        )

    def _is_taken_out(self, origin: Origin | None) -> bool:
        """Tell whether the deploy takes something out of its stack, and so out of AWS."""
        return (
            self._resource(origin) is not None
            and origin is not None
            and origin.stack in self._new_values.stacks
            and origin.logical_id not in self._new_values.resources(origin.stack)
            and not self._stays(origin)
        )

    def _resource(self, origin: Origin | None) -> Mapping[str, Any] | None:
        values = self._deployed.values
        if origin is None or origin.whence is not Whence.APP or origin.stack not in values.stacks:
            return None
        return values.resources(origin.stack).get(origin.logical_id)

    def _stays(self, origin: Origin | None) -> bool:
        resource = self._resource(origin)
        return resource is None or stays_when_removed(resource)


def _template_key(origin: Origin) -> str:
    return f"{origin.stack}/{origin.logical_id}"


def _changed(there: Any, before: Any, after: Any) -> Any:  # noqa: ANN401 (of any kind)
    """Return what AWS has of a thing once its template says something else of it than before."""
    shown = after.display_name if isinstance(after, Account) else None
    called = {"display_name": shown} if shown and shown != there.name else {}
    if after.only_named:  # as the management account is
        return replace(there, **called)
    changes: dict[str, Any] = called | {
        name: value
        for name in ("name", "email", "parent", "content", "type")
        if (value := getattr(after, name, None)) is not None and (before is None or value != getattr(before, name))
    }
    if hasattr(after, "properties") and (before is None or after.properties != before.properties):
        # The handler of permission sets makes all of it as the template has it:
        # https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-sso
        changes |= {"properties": after.properties, "only_named": False}
    for name in ("members", "targets"):
        if hasattr(after, name):
            changes[name] = _with(getattr(there, name), getattr(before, name, ()), getattr(after, name))
    return replace(there, **changes)


def _with(there: Iterable[str], before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    """Return what is there, with what is added by a change, and without what it takes away."""
    taken, added = set(before) - set(after), set(after) - set(before)
    return tuple(dict.fromkeys([*(each for each in there if each not in taken), *sorted(added)]))
