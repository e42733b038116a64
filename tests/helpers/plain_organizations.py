"""Organizations as templates alone: a large one, and one whose names are made to break what shows them."""

from __future__ import annotations

import random
from typing import Any, Final

Template = dict[str, Any]

TEAMS: Final = ("security", "platform", "payments", "data", "web", "sandbox")
STAGES: Final = ("dev", "production")
FIRST_NAMES: Final = (
    "dax", "kim", "lou", "ana", "ben", "cleo", "dev", "eva", "finn", "gia",
    "hugo", "ida", "jon", "kai", "lea", "max", "nia", "oli", "pia", "quin",
)  # fmt: skip
PERMISSION_SETS: Final = {
    "AdministratorAccess": "PT12H",
    "Developer": "PT8H",
    "ReadOnly": "PT8H",
    "Billing": "PT1H",
    "SecurityAudit": "PT4H",
}
HOSTILE_NAMES: Final = (
    "<script>document.title='taken'</script>",
    "</script><script>document.title='taken'</script>",
    # These end or swallow a script without a > of their own:
    # https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    "</script x",
    "<!--<script x",
    "<img src=x onerror=\"document.title='taken'\">",
    "\"quoted\" 'single' `tick` # ;",
    "a & b &lt;c&gt;",
    "**bold** _x_ | cell",
    "{{data}}",
    "[a](javascript:alert)",
    "line\u2028separator",
    "\u202eright to left",
    "\x1b[31mred",
    "@dax",
    "1. item",
    "Ünïcode 雲",
)


def organization() -> Template:
    return {
        "Organization": {
            "Type": "AWS::Organizations::Organization",
            "Properties": {"FeatureSet": "ALL"},
            "DeletionPolicy": "Retain",
        }
    }


def unit(name: str, parent: str | None = None) -> Template:
    parent_id = {"Fn::GetAtt": ["Organization", "RootId"]} if parent is None else {"Fn::GetAtt": [parent, "Id"]}
    return {
        "Type": "AWS::Organizations::OrganizationalUnit",
        "Properties": {"Name": name, "ParentId": parent_id},
        "DeletionPolicy": "Retain",
    }


def account(name: str, email: str, parent: str | None = None, **attributes: str) -> Template:
    properties: Template = {"AccountName": name, "Email": email}
    if parent is not None:
        properties["ParentIds"] = [{"Fn::GetAtt": [parent, "Id"]}]
    return {"Type": "AWS::Organizations::Account", "Properties": properties, **attributes}


def policy(name: str, content: Any, *targets: str, policy_type: str = "SERVICE_CONTROL_POLICY") -> Template:
    return {
        "Type": "AWS::Organizations::Policy",
        "Properties": {
            "Name": name,
            "Type": policy_type,
            "Content": content,
            "TargetIds": [{"Ref": target} for target in targets],
        },
    }


def user(name: str) -> Template:
    return {"Type": "AWS::IdentityStore::User", "Properties": {"UserName": name}}


def group(name: str) -> Template:
    return {"Type": "AWS::IdentityStore::Group", "Properties": {"DisplayName": name}}


def membership(of_group: str, of_user: str) -> Template:
    return {
        "Type": "AWS::IdentityStore::GroupMembership",
        "Properties": {
            "GroupId": {"Fn::GetAtt": [of_group, "GroupId"]},
            "MemberId": {"UserId": {"Fn::GetAtt": [of_user, "UserId"]}},
        },
    }


def permission_set(name: str, **properties: Any) -> Template:
    return {"Type": "AWS::SSO::PermissionSet", "Properties": {"Name": name, **properties}}


def assignment(principal: str, kind: str, of_set: str, target: Any) -> Template:
    attribute = "GroupId" if kind == "GROUP" else "UserId"
    return {
        "Type": "AWS::SSO::Assignment",
        "Properties": {
            "PermissionSetArn": {"Fn::GetAtt": [of_set, "PermissionSetArn"]},
            "PrincipalId": {"Fn::GetAtt": [principal, attribute]},
            "PrincipalType": kind,
            "TargetId": target,
        },
    }


def large(accounts: int = 300, people: int = 200) -> Template:
    """Twelve units, a group for each team, for auditors and for everybody, and access of a few people's own."""
    choose = random.Random(7)  # noqa: S311 (the same organization each time)
    places = [(team, stage) for team in TEAMS for stage in STAGES]
    resources = organization()
    resources |= {f"Unit{team}": unit(team) for team in TEAMS}
    resources |= {f"Unit{team}{stage}": unit(stage, f"Unit{team}") for team, stage in places}
    resources |= {
        f"User{number}": user(f"{FIRST_NAMES[number % len(FIRST_NAMES)]}.{number:03d}@acme.com")
        for number in range(people)
    }
    resources |= {
        f"Set{name}": permission_set(
            name, SessionDuration=duration, ManagedPolicies=[f"arn:aws:iam::aws:policy/{name}"]
        )
        for name, duration in PERMISSION_SETS.items()
    }
    for name, size in {"Administrators": 4, "Everybody": people, "Auditors": 12, **dict.fromkeys(TEAMS, 40)}.items():
        resources[f"Group{name}"] = group(name)
        for member in choose.sample(range(people), min(size, people)):
            resources[f"Member{name}{member}"] = membership(f"Group{name}", f"User{member}")
    for number in range(accounts):
        team, stage = places[number % len(places)]
        name = f"acme-{team}-{number // len(places):02d}-{stage}"
        resources[f"Account{number}"] = account(name, f"aws+{number}@acme.com", f"Unit{team}{stage}")
        resources |= _team_access(number, team, stage)
    for number in range(accounts // 5):
        one, given = f"User{choose.randrange(people)}", f"Set{choose.choice(list(PERMISSION_SETS))}"
        target = {"Ref": f"Account{choose.randrange(accounts)}"}
        resources[f"AssignmentOwn{number}"] = assignment(one, "USER", given, target)
    return {"Resources": resources}


def _team_access(number: int, team: str, stage: str) -> Template:
    given = {
        "Administrators": "AdministratorAccess",
        "Everybody": "ReadOnly",
        "Auditors": "SecurityAudit",
        team: "Developer" if stage == "dev" else "Billing",
    }
    return {
        f"Assignment{name}{number}": assignment(f"Group{name}", "GROUP", f"Set{of_set}", {"Ref": f"Account{number}"})
        for name, of_set in given.items()
    }


def hostile() -> Template:
    """Whatever has a name has each of the hostile ones."""
    resources = organization()
    for number, name in enumerate(HOSTILE_NAMES):
        document = {"Statement": [{"Effect": "Deny", "Action": name, "Resource": name}], "Id": name}
        resources |= {
            f"Unit{number}": unit(name),
            f"Account{number}": account(name, f"{name}@acme.com", f"Unit{number}", DeletionPolicy="Delete"),
            f"User{number}": user(name),
            f"Group{number}": group(name),
            f"Empty{number}": group(name),
            f"Member{number}": membership(f"Group{number}", f"User{number}"),
            f"Set{number}": permission_set(
                name, Description=name, SessionDuration=name, ManagedPolicies=[name], InlinePolicy=document
            ),
            f"Policy{number}": policy(name, document, f"Unit{number}", policy_type=name),
            f"Assignment{number}": assignment(f"Group{number}", "GROUP", f"Set{number}", {"Ref": f"Account{number}"}),
            f"AssignmentEmpty{number}": assignment(
                f"Empty{number}", "GROUP", f"Set{number}", {"Ref": f"Account{number}"}
            ),
            f"Else{number}": {"Type": f"Else::{name}"},
        }
    return {"Resources": resources}
