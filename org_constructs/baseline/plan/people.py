"""Users and groups, and who is in which."""

from __future__ import annotations

from collections.abc import Sequence

from org_constructs.aws import limits
from org_constructs.baseline.props import GroupProps, UserProps
from org_constructs.constructs.group import Group, check_group
from org_constructs.constructs.user import User
from org_constructs.constructs.validate import check_known, check_sequence, check_text, check_unique, check_user
from org_constructs.refusal import Mistakes, Refusal

from .checks import argument_in, check_apart, construct_id, refuse_beside
from .names import ADMINISTRATORS
from .planned import PlannedGroup
from .stacks import check_stack


def plan_people(
    users: Sequence[UserProps], groups: Sequence[GroupProps]
) -> tuple[dict[str, PlannedGroup], dict[str, UserProps]]:
    """Check users and groups and return both by name, with the members of each group."""
    check_sequence("users", users, UserProps, "a UserProps")
    check_sequence("groups", groups, GroupProps, "a GroupProps")
    mistakes = Mistakes()
    for index, group in enumerate(groups):
        with mistakes.gathered():
            if group.group_id is None:
                check_group(f"groups[{index}].", name=group.name, description=group.description)
            else:
                check_text(f"groups[{index}].name", group.name, maximum=limits.GROUP_NAME_MAX)
                with argument_in(f"groups[{index}]"):
                    Group.from_group_id(group.group_id)
                refuse_beside(f"groups[{index}]", group, "group_id", ("description", "stack"))
            check_stack(f"groups[{index}].stack", group.stack)
    mistakes.refuse()
    check_unique("groups", [group.name for group in groups], what="name", ignore_case=True)
    check_unique("groups", [group.group_id or group.name for group in groups], what="group id")
    check_apart("groups", "name", [group.name for group in groups], construct_id, only="'/' and '--'")
    names = [group.name for group in groups]
    members: dict[str, list[str]] = {name: [] for name in names}
    for index, user in enumerate(users):
        with mistakes.gathered():
            here = f"users[{index}]"
            _check_user(here, user)
            check_stack(f"{here}.stack", user.stack)
            if user.user_name in names:
                raise Refusal(
                    "principal-ambiguous",
                    f"{here}.user_name must not be the name of a group too, since assignments could not tell them"
                    f" apart, got {user.user_name!r}",
                    "rename the group",
                )
            for position, name in enumerate(_groups_of(here, user, names, only=len(users) == 1)):
                check_known(f"{here}.groups[{position}]", name, names, what="a group", by_default=(ADMINISTRATORS,))
                if groups[names.index(name)].group_id is not None:
                    raise Refusal(
                        "group-existing-member",
                        f"{here}.groups[{position}] must be a group that the app creates, got {name!r}, which exists"
                        " already",
                        "add its members where it is managed",
                    )
                members[name].append(user.user_name)
    mistakes.refuse()
    check_unique("users", [user.user_name for user in users], what="user name", ignore_case=True)
    check_unique("users", [user.email or user.user_name for user in users], what="email", ignore_case=True)
    check_unique("users", [user.user_id or user.user_name for user in users], what="user id")
    check_apart("users", "user_name", [user.user_name for user in users], construct_id, only="'/' and '--'")
    return (
        {group.name: PlannedGroup(members=tuple(members[group.name]), props=group) for group in groups},
        {user.user_name: user for user in users},
    )


def _check_user(here: str, user: UserProps) -> None:
    if user.user_id is not None:
        with argument_in(here):
            User.from_user_id(user.user_id)
        check_text(f"{here}.user_name", user.user_name, maximum=limits.USER_NAME_MAX)
        refuse_beside(here, user, "user_id", ("given_name", "family_name", "email", "display_name"))
        return
    for field in ("given_name", "family_name"):
        if getattr(user, field) is None:
            raise Refusal(
                "person-name-missing",
                f"{here}.{field} must be given, since Identity Center needs it to create a user, got none for"
                f" {user.user_name!r}",
                "for a user that exists already, pass user_id",
            )
    check_user(
        f"{here}.",
        user_name=user.user_name,
        given_name=user.given_name or "",
        family_name=user.family_name or "",
        email=user.email,
        display_name=user.display_name,
    )


def _groups_of(here: str, user: UserProps, groups: Sequence[str], *, only: bool) -> Sequence[str]:
    if user.groups is not None:
        check_sequence(f"{here}.groups", user.groups, str, "the name of a group")
        check_unique(f"{here}.groups", user.groups, what="group")
        return user.groups
    if user.user_id is not None:
        return ()
    if only:
        return (ADMINISTRATORS,) if ADMINISTRATORS in groups else ()
    raise Refusal(
        "groups-missing",
        f"{here}.groups must be given when there is more than one user, got none for {user.user_name!r}",
        f"pass groups=[{ADMINISTRATORS!r}] for an administrator, or groups=[] for no group",
    )
