"""Random organizations as templates, and descriptions without ids, to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from local_aws_stacks import (
    Resource,
    account,
    assignment,
    group,
    membership,
    permission_set,
    policy,
    resource,
    unit,
    user,
)
from made_by_hand import INSTANCE, STORE
from org_constructs.aws.limits import SESSION_DEFAULT
from org_constructs.templates.description import MANAGEMENT, ROOT
from policy_documents import ALLOW_LISTING, content_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from org_constructs.templates.description import Description

POLICY_TYPES: Final = ("BACKUP_POLICY", "RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY")
HALF: Final = 0.5
PERMISSIONS: Final[tuple[dict[str, Any], ...]] = (
    {"ManagedPolicies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "Description": "Reads"},
    {"InlinePolicy": ALLOW_LISTING, "SessionDuration": "PT8H", "RelayStateType": "https://console.aws.amazon.com/s3"},
    {"CustomerManagedPolicyReferences": [{"Name": "team", "Path": "/acme/"}]},
    {
        "ManagedPolicies": [f"arn:aws:iam::aws:policy/{name}" for name in ("AdministratorAccess", "ReadOnlyAccess")],
        "PermissionsBoundary": {"CustomerManagedPolicyReference": {"Name": "boundary", "Path": "/"}},
    },
)


def get(logical_id: str, attribute: str) -> Resource:
    return {"Fn::GetAtt": [logical_id, attribute]}


def organization(choose: Random) -> dict[str, Resource]:
    """Some of everything, each thing of the organization after the one before, as AWS takes one at a time."""
    in_instance, in_store = {"InstanceArn": INSTANCE}, {"IdentityStoreId": STORE}
    made = {"Organization": resource("AWS::Organizations::Organization", FeatureSet="ALL")}
    places = [get("Organization", "RootId")]

    def add(logical_id: str, each: Resource) -> None:
        made[logical_id] = {**each, "DependsOn": [list(made)[-1]]}

    inside = [0]
    for number in range(choose.randrange(6)):
        parent = choose.randrange(len(places))
        # Units of different places have one name.
        add(f"Unit{number}", unit(Name=f"unit-{inside[parent]}", ParentId=places[parent], Tags=tags(choose)))
        inside[parent] += 1
        inside.append(0)
        places.append(get(f"Unit{number}", "Id"))
    accounts = [get("Organization", "ManagementAccountId")]
    for number in range(choose.randrange(6)):
        names = {"AccountName": f"acme-{number // 2}", "Email": f"aws+{number}@acme.com"}
        add(f"Account{number}", account(**names, ParentIds=[choose.choice(places)], Tags=tags(choose)))
        accounts.append(get(f"Account{number}", "AccountId"))
    for number in range(choose.randrange(4)):
        kind = choose.choice(POLICY_TYPES)
        # Resource control policies and the like are attached to the management account to no effect, but may be.
        targets = some(choose, [*places, *accounts])
        about = {"Description": f"About {number}"} if choose.random() < HALF else {}
        given: dict[str, Any] = {"Name": f"policy-{number}", "Type": kind, "Content": content_of(kind), **about}
        add(f"Policy{number}", policy(**given, TargetIds=targets, Tags=tags(choose)))
    users = [f"User{number}" for number in range(choose.randrange(5))]
    groups = [f"Group{number}" for number in range(choose.randrange(1, 4))]
    for name in users:
        emails = [{"Value": f"{name}@acme.com", "Primary": True}]
        known = {"GivenName": name, "FamilyName": choose.choice(["Acme", "Baker"])}
        given = {"UserName": f"{name}@acme.com", "DisplayName": f"{name} of acme", "Name": known, "Emails": emails}
        add(name, user(**in_store, **given))
    for name in groups:
        about = {"Description": f"About {name}"} if choose.random() < HALF else {}
        add(name, group(**in_store, DisplayName=name, **about))
        for member in some(choose, users):
            ids = {"GroupId": get(name, "GroupId"), "MemberId": {"UserId": get(member, "UserId")}}
            add(f"{name}{member}", membership(**in_store, **ids))
    principals = [("GROUP", get(name, "GroupId")) for name in groups] + [("USER", get(u, "UserId")) for u in users]
    for number, permissions in enumerate(choose.sample(PERMISSIONS, choose.randrange(1, 4))):
        add(f"Set{number}", permission_set(**in_instance, Name=f"Set{number}", **permissions, Tags=tags(choose)))
        pairs = [(principal, target) for principal in principals for target in accounts]
        # The first is there always: templates speak of the management account where they give access to it.
        for index in sorted({0, *some(choose, range(len(pairs)))}):
            (kind, principal), target = pairs[index]
            ids = {"PermissionSetArn": get(f"Set{number}", "PermissionSetArn"), "PrincipalId": principal}
            add(f"Assignment{len(made)}", assignment(**in_instance, **ids, PrincipalType=kind, TargetId=target))
    return made


def tags(choose: Random) -> list[dict[str, str]]:
    return [{"Key": key, "Value": f"{key}-of-acme"} for key in some(choose, ["owner", "cost", "stage"])]


def some(choose: Random, items: Sequence[Any]) -> list[Any]:
    return choose.sample(items, choose.randrange(min(len(items), 4) + 1))


def by_names(description: Description) -> dict[str, Any]:
    """All of a description without ids: AWS alone knows these, and the management account's name and e-mail."""
    names = {ROOT: ROOT, MANAGEMENT: MANAGEMENT}

    def path(key: str) -> str:
        if key in names:
            return names[key]
        each = description.organizational_units[key]
        return f"{path(str(each.parent))}/{each.name}"

    names |= {key: path(key) for key in description.organizational_units}
    members = {key: each for key, each in description.accounts.items() if key != MANAGEMENT}
    # Several accounts have one name.
    names |= {key: str(each.email) for key, each in members.items()}
    for entities in (description.users, description.groups, description.permission_sets):
        names |= {key: each.name for key, each in entities.items()}
    return {
        "accounts": {
            each.email: (each.name, names[str(each.parent)], each.only_named, each.tags) for each in members.values()
        },
        "the management account": description.accounts[MANAGEMENT].parent,
        "units": {names[key]: each.tags for key, each in description.organizational_units.items()},
        "users": {
            each.name: (each.display_name, each.given_name, each.family_name, each.emails)
            for each in description.users.values()
        },
        "groups": {
            each.name: (each.description, sorted(names[member] for member in each.members))
            for each in description.groups.values()
        },
        "permission sets": {
            each.name: ({"SessionDuration": SESSION_DEFAULT, **each.properties, "Tags": None}, each.tags)
            for each in description.permission_sets.values()
        },
        "policies": {
            each.name: (
                each.type,
                each.content,
                each.description,
                sorted(names[target] for target in each.targets),
                each.tags,
            )
            for each in description.policies.values()
        },
        "assignments": sorted(
            (names[each.account], names[each.permission_set], names[each.principal]) for each in description.assignments
        ),
    }
