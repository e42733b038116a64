"""What of an app is somebody's own, so that it goes with the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from org_constructs.aws.resource_types import ASSIGNMENT, MEMBERSHIP
from org_constructs.aws.user_types import USERS
from org_constructs.templates.python_text import call
from org_constructs.templates.resources import construct_path
from org_constructs.templates.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from org_constructs.templates.description import Description, User


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something to take out of the app."""

    place: str
    """Where it stands: the argument `users` of `OrgBaseline`, or a stack."""

    what: str
    """`UserProps(user_name="kim@acme.com")`, whatever else it says; or the path of a construct."""

    logical_id: str = ""
    """Of a single construct, what its template calls the resource."""


def lines_of(app: Description, user: User) -> Iterator[Line]:
    """Yield what to take out of an app, so that its templates have nothing of a person.

    That is the person, the memberships and the assignments. Of an `OrgBaseline` a line takes the memberships with it,
    and each of its assignments goes, whatever it is for.

    Args:
        app: What the templates describe.
        user: The person, as they describe it.
    """
    baseline = app.metadata.is_of_baseline
    seen = set()
    if baseline and user.only_named and user.key in app.metadata.existing_names:
        seen.add(_user(user))
        yield _user(user)
    for stack in app.values.stacks:
        for logical_id, body in app.values.resources(stack).items():
            if not _is_of(user, stack, logical_id, body["Type"], app.values.properties(stack, logical_id)):
                continue
            path = construct_path(body) or logical_id
            line = _argument(app, user, stack, logical_id, body["Type"]) if baseline and _is_baselines(path) else None
            line = line or Line(place=f"stack {stack}", what=path, logical_id=logical_id)
            if line not in seen:
                seen.add(line)
                yield line


def _is_baselines(path: str) -> bool:
    """Tell whether a resource is made by `OrgBaseline`, from the path of its construct, where templates say it."""
    return "/" not in path or not {"Users", "Groups", "Assignments"}.isdisjoint(path.split("/")[1:-1])


def _is_of(user: User, stack: str, logical_id: str, kind: str, properties: Mapping[str, Any]) -> bool:
    if kind in USERS:
        return f"{stack}/{logical_id}" == user.key
    if kind == MEMBERSHIP:
        member = properties["MemberId"]
        return _leads_to(member["UserId"] if isinstance(member, dict) else member) == user.key
    return kind == ASSIGNMENT and _leads_to(properties["PrincipalId"]) == user.key


def _leads_to(value: Any) -> str | None:  # noqa: ANN401 (JSON)
    if isinstance(value, Unknown):
        return f"{value.reference.stack}/{value.reference.name}" if value.reference else None
    return str(value)


def _argument(app: Description, user: User, stack: str, logical_id: str, kind: str) -> Line:
    """Return the props that make a resource; a membership is made by those of its person."""
    if kind != ASSIGNMENT:
        return _user(user)
    key = _leads_to(app.values.properties(stack, logical_id)["PermissionSetArn"])
    permission_set = app.permission_sets[key or ""].name
    return Line(place="assignments", what=call("AssignmentProps", principal=user.name, permission_set=permission_set))


def _user(user: User) -> Line:
    return Line(place="users", what=call("UserProps", user_name=user.name))
