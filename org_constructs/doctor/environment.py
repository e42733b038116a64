"""What the environment has that wins over the profiles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.live.environment import credentials_warnings, environment_warnings, local_endpoint
from org_constructs.refusal import Refusal
from org_constructs.templates.profiles import find_access, name_profiles

from .check import Check
from .finding import Finding, ok, warning
from .wording import begun

if TYPE_CHECKING:
    from .examination import Examination


def _look(examination: Examination) -> Iterator[Finding]:
    if local := local_endpoint():
        yield ok("environment-local", f"AWS_ENDPOINT_URL leads to a local AWS, {local}, which is what is looked at")
        return
    said = [*environment_warnings(), *credentials_warnings(_profiles(examination))]
    for each in said:
        yield warning(
            each.code,
            each.what,
            why="A tool then works in another account than the one of its profile.",
            next=(begun(each.fix),),
        )
    if not said:
        yield ok("environment-clear", "Neither AWS_PROFILE nor static keys take precedence over a profile")


def _profiles(examination: Examination) -> list[str]:
    """Return the names of the profiles that `org-baseline aws-config` writes, as far as the assembly knows them."""
    if not examination.has_assembly:
        return []
    description = examination.assembly.description
    try:
        accesses, _ = find_access(description)
    except Refusal:  # nobody has access to anything yet
        return []
    ids = {account.key: account.account_id for account in description.accounts.values() if account.account_id}
    return [profile for profile, _ in name_profiles(accesses, ids, description.metadata.company).profiles]


CHECK: Final = Check(id="environment", title="the environment", look=_look)
