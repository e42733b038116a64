"""What AWS has of an organization, as the arguments of the `OrgBaseline` that describes it.

Nothing is guessed and nothing dropped: what the app cannot say, or leaves alone, stands as a comment where a reader
looks for it, and in the summary.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from org_constructs.aws.regions import DEFAULT_REGION
from org_constructs.baseline.plan.budgets import plan_budgets
from org_constructs.baseline.plan.names import EVERY_ACCOUNT
from org_constructs.refusal import Refusal
from org_constructs.templates.description import MANAGEMENT

from .access import assignments, own_assignments, permission_sets
from .arguments import Arguments, Notes, is_of_stack, some
from .budgets import budgets
from .people import People
from .places import Places
from .policies import enabled_policy_types, note_policies_of_aws, own_policies, policies, resource_policy
from .room import Sizes, spread
from .services import alternate_contacts, delegated_administrators, root_access, trusted_access
from .taken import taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from org_constructs.templates.description import Account, Description, Live

    from .arguments import Told
    from .tools.file import ToolFile

_Key = TypeVar("_Key")


def arguments_of(description: Description, tool: ToolFile | None = None) -> Arguments:
    """Return the arguments with which an `OrgBaseline` describes what AWS has.

    Args:
        description: What AWS has, with its details.
        tool: The file of another tool that says so, if it is not AWS.

    Raises:
        Refusal: It is of templates, or does not say what the management account is.
    """
    live = description.live
    if live is None:
        raise Refusal(
            "from-not-live",
            "--from must be what AWS has, got a description of templates",
            "save what AWS has with `org-baseline report live --format json --output live.json`",
        )
    management = description.accounts.get(MANAGEMENT)
    if live.management_account_id is None or management is None or not management.email:
        raise Refusal(
            "from-no-organization",
            "--from must have the management account of an organization with its e-mail address, got none",
            "use credentials of the management account that have the permissions of `org-baseline deploy-policy"
            " --read-only`",
        )
    notes = Notes()
    region = live.region or DEFAULT_REGION
    if live.unread:
        notes.say("env", f"AWS would not tell: {'; '.join(map(str, live.unread))}.")
    if management.tags is None and not any(each.action.endswith(":ListTagsForResource") for each in live.unread):
        notes.say(
            "env", "Tags and alternate contacts were not read, so that the app has none: save what AWS has again."
        )
    organization = _organization(live, live.management_account_id, management, notes)
    identity_center = _identity_center(live, notes, tool)
    for argument, sentence in tool.remarks if tool else ():
        notes.say(argument, sentence)
    policies_here = own_policies(description, notes)
    attached = {target for each in policies_here for target in each.targets}
    places = Places(description, management, attached, notes)
    assigned = own_assignments(description, places.left_out, notes)
    people = People(description, region, {each.principal for each in assigned}, notes)
    trusted = trusted_access(live, notes)
    _note_beside(description, live, notes)
    note_policies_of_aws(description, live, places, notes)
    arguments = Arguments(
        account_id=live.management_account_id,
        region=region,
        company=places.company,
        email=management.email,
        organization=organization,
        identity_center=identity_center,
        users=people.people(),
        organizational_units=places.units(),
        accounts=places.accounts(),
        groups=people.groups(),
        permission_sets=permission_sets(description, {each.permission_set for each in assigned}, notes),
        assignments=assignments(assigned, description.permission_sets, places, people),
        policies=policies(policies_here, live, places, notes),
        enabled_policy_types=enabled_policy_types(live, notes),
        resource_policy=resource_policy(live, notes),
        trusted_access=trusted,
        root_access=root_access(live, notes),
        delegated_administrators=delegated_administrators(description, live, places, notes),
        alternate_contacts=alternate_contacts(description, trusted, places, notes),
        budgets=budgets(description, places, region, notes),
        notes=notes,
    )
    return _spread(taken(arguments), places.places)


def _organization(live: Live, account_id: str, management: Account, notes: Notes) -> dict[str, str] | None:
    """Return the ids of an organization that the app cannot take over."""
    if is_of_stack(management):
        notes.say("organization", f"The {management.origin} has the organization, so that this app only names it.")
    elif live.feature_set not in {None, "ALL"}:
        notes.say(
            "organization",
            "The organization has consolidated billing alone, so that this app only names it: no deploy enables all"
            " features, but the console of AWS Organizations does.",
        )
    else:
        return None
    return {
        "organization_id": live.organization_id or "",
        "root_id": live.root_id or "",
        "management_account_id": account_id,
    }


def _identity_center(live: Live, notes: Notes, tool: ToolFile | None) -> dict[str, str] | None:
    found = None
    for each in live.instances:
        if each.is_described:
            found = {"instance_arn": each.arn, "identity_store_id": each.identity_store_id}
        else:
            where = f" in {each.region}" if each.region else ""
            notes.say(
                "identity_center",
                f"The account {each.owner_account_id or '(unknown)'} has an instance of IAM Identity Center of its own"
                f"{where}, {each.arn}, which gives access to no account and is no part of this app.",
            )
    if found is None and tool:
        notes.say(
            "identity_center",
            f"{tool.name} says nothing of IAM Identity Center. Where that is enabled, `org-baseline doctor` prints the"
            " lines for it.",
        )
    elif found is None:
        notes.say(
            "identity_center",
            "There is no IAM Identity Center yet: enable it in the console of the management account, and"
            " `org-baseline doctor` prints the lines for it.",
        )
    return found


def _note_beside(description: Description, live: Live, notes: Notes) -> None:
    """Note what AWS has and no argument says."""
    if live.entitlements:
        names = sorted({description.accounts[each.account].name for each in live.entitlements})
        notes.say("assignments", f"Account access manager gives access, too, which no line says: in {some(names)}.")


def _spread(arguments: Arguments, places: Mapping[str, str | None]) -> Arguments:
    """Return the arguments with the stacks that what they make needs."""
    attached = {target for each in arguments.policies for target in each.props.targets}
    made = [each.props.key for each in arguments.accounts if each.props.account_id is None]
    # A policy can be attached to no account in a stack beside the baseline's.
    made.sort(key=lambda key: not {key, EVERY_ACCOUNT} & attached)
    made_people = {each.props.user_name for each in arguments.users if each.props.user_id is None}
    made_groups = [each for each in arguments.groups if each.props.group_id is None]
    made_sets = [each for each in arguments.permission_sets if each.props.permission_set_arn is None]
    stacks = spread(
        Sizes(
            fixed=1
            + sum(map(_made_units, arguments.organizational_units))
            + len(arguments.policies)
            + len(made_sets)
            # Each is in the stack of its account, which may be another one.
            + len(plan_budgets(arguments.budgets, places, arguments.company)),
            accounts=made,
            accounts_named=len(arguments.accounts) - len(made),
            groups=len(made_groups),
            permission_sets=len(made_sets),
            people={
                each.props.user_name: (each.props.user_id is None) + len(each.props.groups or ())
                for each in arguments.users
            },
            people_assigned=len(made_people & {each.props.principal for each in arguments.assignments}),
            assignments=[_number_of_accounts(each.props.targets, places) for each in arguments.assignments],
        )
    )

    def placed(told: Sequence[Told], words: Mapping[_Key, str], names: Iterable[_Key]) -> list[Told]:
        """Return things with the words of their stacks, which are known by a name each."""
        pairs = [(each, words.get(name)) for each, name in zip(told, names, strict=True)]
        return [replace(each, props=replace(each.props, stack=word)) if word else each for each, word in pairs]

    return replace(
        arguments,
        accounts=placed(arguments.accounts, stacks.accounts, [each.props.key for each in arguments.accounts]),
        users=placed(arguments.users, stacks.people, [each.props.user_name for each in arguments.users]),
        assignments=placed(arguments.assignments, stacks.assignments, range(len(arguments.assignments))),
    )


def _made_units(unit: Told) -> int:
    return (unit.props.organizational_unit_id is None) + sum(map(_made_units, unit.inside))


def _number_of_accounts(targets: Sequence[str], places: Mapping[str, str | None]) -> int:
    """Return how many accounts the targets of an assignment mean."""
    if EVERY_ACCOUNT in targets:
        return len(places) + len(targets) - 1
    below = [place for place in places.values() if place and any(_is_in(place, target) for target in targets)]
    return len(below) + sum(target in places or target == MANAGEMENT for target in targets)


def _is_in(place: str, unit: str) -> bool:
    return place == unit or place.startswith(f"{unit}/")
