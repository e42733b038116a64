"""Which stack of several something is made in."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from org_constructs.constructs.validate import check_text
from org_constructs.refusal import Refusal

_STACK: Final = r"[a-z0-9]+"


class Kind(StrEnum):
    """What the stacks beside the baseline's are of, which their names say after the word that people choose."""

    ACCOUNTS = ""
    GROUPS = "groups"
    PEOPLE = "people"
    ACCESS = "access"

    @staticmethod
    def of(stack: str) -> Kind:
        """Return the kind of a stack, by its name."""
        parts = stack.split("-")
        if Kind.ACCESS in parts:
            return Kind.ACCESS
        return Kind(parts[1]) if len(parts) > 1 else Kind.ACCOUNTS

    def stack(self, word: str | None) -> str | None:
        """Return the stack of groups or people that has the word; that of none is the baseline's own."""
        return None if word is None else f"{word}-{self}"


def membership_stack(of_user: str | None, of_group: str | None) -> str | None:
    """Return the stack of a membership: the later one of the stacks that the user and the group are made in.

    Stacks of people are deployed after those of groups, so that no two stacks wait for each other.
    """
    return of_group if of_user is None else of_user


def access_stack(of_account: str | None, of_assignment: str | None, of_principal: str | None) -> str | None:
    """Return the stack of an assignment: its account's `access`, and of that the part that the assignment names.

    Apart from the account's own stack, so that the next accounts can be opened while these get their assignments. Only
    an assignment in the baseline's own account, to somebody who is made there, is there, too.
    """
    if of_account is None and of_assignment is None and of_principal is None:
        return None
    return "-".join(part for part in (of_account, Kind.ACCESS, of_assignment) if part is not None)


def check_stack(argument: str, stack: str | None) -> None:
    """Refuse a name of a stack that CloudFormation or the plan cannot take."""
    if stack is None:
        return
    check_text(argument, stack, maximum=32, pattern=_STACK, rule="lower-case letters and digits")
    if stack == Kind.ACCESS:
        raise Refusal(
            "stack-name-reserved",
            f"{argument} must not be {Kind.ACCESS.value!r}, the suffix of stacks of assignments",
            "choose another name",
        )
