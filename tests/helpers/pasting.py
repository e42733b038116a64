"""Puts lines that drift prints into the arguments of an organization, where it says that they belong."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import org_constructs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from org_constructs.drift.finding import Paste

_LISTS = {
    "PolicyProps": "policies",
    "PermissionSetProps": "permission_sets",
    "GroupProps": "groups",
    "UserProps": "users",
    "AccountProps": "accounts",
}
_SAME: Mapping[str, Callable[[Any], Any]] = {
    "assignments": lambda each: (each.principal, each.permission_set),
    "users": lambda each: each.user_name,
    "alternate_contacts": lambda each: (each.type, tuple(each.accounts)),
}
"""What tells the items of a list from one another; by default nothing but all that is in them."""


def paste(given: dict[str, Any], pasted: Paste) -> None:
    """Do as a person does who reads where the lines belong."""
    text = "\n".join(pasted.lines)
    outer, _, inner = pasted.place.rpartition(", ")
    if pasted.place == "OrgBaseline":
        given.update(_arguments(text))
    elif pasted.place == "delegated_administrators":
        given[pasted.place] = {**given.get(pasted.place, {}), **_evaluated(f"{{{text}}}")}
    elif pasted.place in given:
        for item in _evaluated(f"[{text}]"):
            _put(given[pasted.place], item, pasted.place)
    elif inner == "organizational_units":
        [key] = _named(outer).values()
        [added] = _evaluated(f"[{text}]")
        given[inner] = [_in_unit(each, key, lambda unit: _with_unit(unit, added)) for each in given[inner]]
    elif pasted.place.startswith("OrganizationalUnitProps"):
        [key] = _named(pasted.place).values()
        units = given["organizational_units"]
        given["organizational_units"] = [
            _in_unit(each, key, lambda unit: replace(unit, **_arguments(text))) for each in units
        ]
    else:
        name, named = _LISTS[pasted.place.partition("(")[0]], _named(pasted.place)
        of = [all(getattr(each, key) == value for key, value in named.items()) for each in given[name]]
        assert sum(of) == 1, pasted.place
        given[name] = [
            replace(each, **_arguments(text)) if wanted else each for each, wanted in zip(given[name], of, strict=True)
        ]


def _put(items: list[Any], item: Any, name: str) -> None:
    """Add an item, in place of what is the same."""
    same = _SAME.get(name, lambda each: each)
    items[:] = [each for each in items if same(each) != same(item)]
    if name == "alternate_contacts":
        # It takes the place of the one that it was a part of.
        items[:] = [each for each in items if each.type != item.type or not {*item.accounts} & {*each.accounts}]
    items.append(item)


def _in_unit(unit: Any, key: str, change: Any) -> Any:
    if (unit.key or unit.name) == key:
        return change(unit)
    return replace(unit, organizational_units=[_in_unit(each, key, change) for each in unit.organizational_units])


def _with_unit(unit: Any, added: Any) -> Any:
    if added in unit.organizational_units:
        return unit
    return replace(unit, organizational_units=[*unit.organizational_units, added])


def _named(place: str) -> Mapping[str, str]:
    """Return the arguments of a call that names something: `UserProps(user_name="kim@acme.com")`."""
    call: Any = ast.parse(place, mode="eval").body
    return {each.arg: ast.literal_eval(each.value) for each in call.keywords}


def _arguments(text: str) -> dict[str, Any]:
    evaluated: dict[str, Any] = _evaluated(f"dict({text})")
    return evaluated


def _evaluated(text: str) -> Any:
    names = {name: getattr(org_constructs, name) for name in org_constructs.__all__}
    return eval(text, names)  # noqa: S307 (what the test is about)


def lists(given: dict[str, Any]) -> dict[str, Any]:
    """Return arguments whose lists may be changed."""
    return {key: list(value) if isinstance(value, list) else value for key, value in given.items()}


def all_of(pastes: Sequence[Paste]) -> list[Paste]:
    """Return each of them once."""
    return list(dict.fromkeys(pastes))
