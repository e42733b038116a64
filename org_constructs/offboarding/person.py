"""Whom somebody means by a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.refusal import Refusal
from org_constructs.refusal.nearest import nearest
from org_constructs.templates.words import choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from org_constructs.templates.description import Description, User


def find_person(description: Description, wanted: str) -> User:
    """Return the user with an id, a user name, an e-mail address or a display name, the first of these that fits.

    Names are told apart whatever their case, as the Identity Store does.

    Raises:
        Refusal: Nobody is called that, or several people are.
    """
    people = description.users.values()
    ways: tuple[Callable[[User], Iterable[str]], ...] = (
        lambda user: (user.key,),
        lambda user: (user.name,),
        lambda user: user.emails,
        lambda user: (user.display_name,),
    )
    for names in ways:
        found = [each for each in people if wanted.casefold() in map(str.casefold, names(each))]
        if len(found) > 1:
            raise Refusal(
                "person-ambiguous",
                f"USER must be one person, got {wanted!r}, which {choices(each.name for each in found)} are called",
                "use the user name",
            )
        if found:
            return found[0]
    known = {name.casefold(): name for names in ways[1:] for each in people for name in names(each) if name}
    begun = [name for name in known if name.startswith(wanted.casefold())]
    close = begun[0] if len(begun) == 1 else nearest(wanted.casefold(), known)
    raise Refusal(
        "person-unknown",
        f"USER must be the user name, the e-mail address, the display name or the id of a person, got {wanted!r}",
        f"did you mean {known[close]!r}?" if close else _where_else(description),
    )


def _where_else(description: Description) -> str:
    if description.live is not None:
        return "IAM Identity Center has nobody of that name"
    return "whom the app does not name, `org-baseline offboard USER live` finds in AWS"
