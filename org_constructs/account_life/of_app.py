"""An account of the app, as the stacks were deployed with it and as AWS has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from org_constructs.live.organization import Account as LiveAccount
    from org_constructs.live.organization import LiveOrganization
    from org_constructs.live.regions import LiveRegions
    from org_constructs.templates.assembly import Stack
    from org_constructs.templates.description import Account, Description


@dataclass(frozen=True, kw_only=True)
class App:
    """The app, and where to look for what it has made."""

    stacks: Sequence[Stack]
    description: Description
    live_in: LiveRegions
    """Where to look for a stack, from its region."""

    @property
    def live(self) -> LiveOrganization:
        """Where to look for what is the organization's."""
        return self.live_in()

    def resource(self, key: str) -> Mapping[str, Any] | None:
        """Return what CloudFormation says of a resource, by its key in the description; None if no stack has it."""
        name, _, logical_id = key.partition("/")
        for stack in (each for each in self.stacks if each.name == name):
            region = self.live_in(stack.region)
            found = region.stack_resources(name) if region.stack(name) else ()
            return next((each for each in found if each["LogicalResourceId"] == logical_id), None)
        return None


@dataclass(frozen=True, kw_only=True)
class AppAccount:
    """One that a stack has, and that is in the organization."""

    key: str
    """What the app calls it."""

    described: Account
    there: LiveAccount
    deployed: Mapping[str, Any]
    """What CloudFormation says of its resource."""

    @property
    def shown(self) -> str:
        """How to speak of it."""
        return f"{self.there.name} <{self.there.email}> ({self.there.id})"


def find_account(app: App, key: str) -> AppAccount:
    """Return the account that the app calls so.

    Raises:
        Refusal: The app has no such account of its own, no stack has made it, or it is no longer in the organization.
    """
    metadata = app.description.metadata
    if key not in metadata.accounts:
        raise Refusal(
            "account-unknown",
            f"KEY must be what the app calls a member account, got {key!r}",
            f"available: {', '.join(metadata.accounts) or 'none'}",
        )
    described = app.description.accounts_by_app_key[key]
    if described.only_named:
        raise Refusal(
            "account-of-others",
            f"KEY must be an account that the app creates, and something else manages {key!r}, {described.account_id}",
            "change it there",
        )
    deployed = app.resource(described.key)
    if deployed is None:
        raise Refusal("account-not-deployed", f"a stack must have the account {key!r}, and none has", "deploy first")
    account_id = deployed["PhysicalResourceId"]
    there = next((each for each in app.live.accounts() if each.id == account_id), None)
    if there is None:
        raise Refusal(
            "account-gone",
            f"the account {key!r}, {account_id}, must be in the organization, and has left it or is closed for good",
            "take it out of the app",
        )
    return AppAccount(key=key, described=described, there=there, deployed=deployed)
