"""What an access diff says against what the two templates say, worked out from their JSON alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

import click

from org_constructs.access_diff.comparison import Comparison, State, compare
from org_constructs.access_diff.rendering import text
from org_constructs.description import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Template = dict[str, Any]
Templates = dict[str, Template]

MANAGEMENT: Final = "111122223333"
ROOT: Final = "r-ab12"
PEOPLE: Final = [f"{name}@acme.com" for name in ("dax", "kim", "lou", "max", "noa", "pat")]
EXISTING_PEOPLE: Final = {f"1111222233-11112222-3333-4444-5555-66667777000{n}": f"out{n}@acme.com" for n in range(2)}
GROUPS: Final = ["Administrators", "Auditors", "Contractors", "Developers"]
EXISTING_GROUPS: Final = {f"1111222233-11112222-3333-4444-5555-66667777999{n}": f"idp-{n}" for n in range(2)}
SETS: Final = ["AdministratorAccess", "Billing", "Developer", "ReadOnly"]
EXISTING_SETS: Final = {"arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444": "Support"}
ACCOUNTS: Final = ["billing", "dev", "logs", "network", "production", "sandbox", "staging", "test"]
EXISTING_ACCOUNTS: Final = {"444455556666": "legacy", "555566667777": "bought"}
UNITS: Final = ["security", "workloads", "suspended"]
POLICIES: Final = ["deny-leaving", "deny-root", "deny-users"]


@dataclass
class Organization:
    """An organization to write templates of; a mutation changes some of it."""

    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    members: set[tuple[str, str]] = field(default_factory=set)
    sets: set[str] = field(default_factory=set)
    accounts: dict[str, str | None] = field(default_factory=dict)
    """The unit of each; None at the root."""

    units: dict[str, str | None] = field(default_factory=dict)
    assignments: set[tuple[str, str, str]] = field(default_factory=set)
    policies: dict[str, set[str]] = field(default_factory=dict)
    """The targets of each."""

    def copy(self) -> Organization:
        return Organization(
            set(self.users),
            set(self.groups),
            set(self.members),
            set(self.sets),
            dict(self.accounts),
            dict(self.units),
            set(self.assignments),
            {name: set(targets) for name, targets in self.policies.items()},
        )


def some(random: Random, of: Sequence[str], share: float) -> set[str]:
    return {each for each in of if random.random() < share}


def draw(random: Random) -> Organization:
    organization = Organization(
        users=some(random, PEOPLE, 0.7),
        groups=some(random, GROUPS, 0.7),
        sets=some(random, SETS, 0.7),
        units={
            name: random.choice([None, *UNITS[:number]])
            for number, name in enumerate(UNITS[: random.randint(0, len(UNITS))])
        },
    )
    organization.accounts = dict.fromkeys(some(random, ACCOUNTS, random.choice([0.3, 0.95])))
    mutate(random, organization, random.randint(5, 60))
    return organization


def mutate(random: Random, organization: Organization, times: int) -> None:  # noqa: C901 (a case for each mutation)
    o = organization

    def pick(of: Any) -> Any:
        return random.choice(sorted(of))

    for _ in range(times):
        principals = [*o.users, *o.groups, *EXISTING_PEOPLE.values(), *EXISTING_GROUPS.values()]
        sets, accounts = [*o.sets, *EXISTING_SETS.values()], [*o.accounts, *EXISTING_ACCOUNTS.values(), "management"]
        match random.randrange(16):
            case 0 | 1 | 2 | 3:
                o.assignments ^= {(pick(principals), pick(sets), pick(accounts))}
            case 4 | 5:
                if o.groups:
                    o.members ^= {(pick([*o.groups, *EXISTING_GROUPS.values()]), pick([*o.users, "out0@acme.com"]))}
            case 6 if o.assignments:
                o.assignments.remove(pick(o.assignments))
            case 7:
                o.users ^= {pick(PEOPLE)}
            case 8:
                o.sets ^= {pick(SETS)}
            case 9:
                o.groups ^= {pick(GROUPS)}
            case 10:
                name = pick(ACCOUNTS)
                if o.accounts.pop(name, "absent") == "absent":
                    o.accounts[name] = pick([*o.units, "root"]).replace("root", "") or None
            case 11 if o.accounts:
                o.accounts[pick(o.accounts)] = pick(o.units) if o.units else None
            case 12 | 13 | 14 | 15:
                policy = pick(POLICIES)
                target = pick([*o.units, *o.accounts, "root", "legacy"])
                o.policies[policy] = o.policies.get(policy, set()) ^ {target}
    o.members = {
        (group, user)
        for group, user in o.members
        if group in {*o.groups, *EXISTING_GROUPS.values()} and user in {*o.users, "out0@acme.com"}
    }
    o.assignments = {
        (principal, permission_set, account)
        for principal, permission_set, account in o.assignments
        if principal in {*o.users, *o.groups, *EXISTING_PEOPLE.values(), *EXISTING_GROUPS.values()}
        and permission_set in {*o.sets, *EXISTING_SETS.values()}
        and account in {*o.accounts, *EXISTING_ACCOUNTS.values(), "management"}
    }
    o.policies = {
        name: {target for target in targets if target in {*o.units, *o.accounts, "root", "legacy"}}
        for name, targets in o.policies.items()
    }


class Writer:
    """Writes an organization into templates, in one of the many ways in which it can be written."""

    def __init__(self, random: Random, organization: Organization) -> None:
        self.random, self.o = random, organization
        self.prefix = random.choice(["", "", "Core", "X9"])
        self.core: Template = {"Resources": {}, "Outputs": {}}
        self.access: Template = {"Resources": {}, "Outputs": {}}
        self.templates: Templates = {"OrgBaseline": self.core}
        if random.random() < 0.4:
            self.templates["OrgBaseline-access"] = self.access
        else:
            self.access = self.core

    def write(self) -> Templates:
        o, add = self.o, self._add
        existing = {**EXISTING_PEOPLE, **EXISTING_GROUPS, **EXISTING_SETS, **EXISTING_ACCOUNTS}
        self.core["Metadata"] = {"OrgBaseline": {"Format": 1, "Company": "acme", "ExistingNames": existing}}
        self.core["Outputs"]["ManagementAccountId"] = {"Value": MANAGEMENT}
        self._write_people()
        self._write_places()
        for name in self._shuffled(o.sets):
            add(self.core, f"Set{name}", "AWS::SSO::PermissionSet", {"Name": name})
        for principal, permission_set, account in self._shuffled(o.assignments):
            self._assign(principal, permission_set, account)
        return self.templates

    def _write_people(self) -> None:
        o, add = self.o, self._add
        for name in self._shuffled(o.users):
            if self.random.random() < 0.5:
                add(self.core, f"User{name}", "AWS::IdentityStore::User", {"UserName": name})
            else:
                call = json.dumps({"action": "createUser", "parameters": {"UserName": name}})
                add(self.core, f"User{name}", "Custom::IdentityStoreUser", {"Create": call})
        for name in self._shuffled(o.groups):
            add(self.core, f"Group{name}", "AWS::IdentityStore::Group", {"DisplayName": name})
        for group, user in self._shuffled(o.members):
            properties = {
                "GroupId": self._principal(self.core, group),
                "MemberId": {"UserId": self._principal(self.core, user)},
            }
            add(self.core, f"Member{group}{user}", "AWS::IdentityStore::GroupMembership", properties)

    def _write_places(self) -> None:
        o, add = self.o, self._add
        for name, parent in o.units.items():
            properties = {"Name": name, "ParentId": self._place(parent)}
            add(self.core, f"Unit{name}", "AWS::Organizations::OrganizationalUnit", properties)
        for name in self._shuffled(o.accounts):
            properties = {"AccountName": f"acme-{name}", "Email": f"aws+{name}@acme.com"}
            if o.accounts[name] or self.random.random() < 0.5:
                properties["ParentIds"] = [self._place(o.accounts[name])]
            add(self.core, f"Account{name}", "AWS::Organizations::Account", properties)
        for name, targets in o.policies.items():
            content = {"Statement": [{"Effect": "Deny", "Action": f"{name}:*", "Resource": "*"}]}
            add(
                self.core,
                f"Policy{name}",
                "AWS::Organizations::Policy",
                {
                    "Name": name,
                    "Type": "SERVICE_CONTROL_POLICY",
                    "Content": content,
                    "TargetIds": [self._place(target) for target in self._shuffled(targets)],
                },
            )

    def _assign(self, principal: str, permission_set: str, account: str) -> None:
        is_user = principal in self.o.users or principal in EXISTING_PEOPLE.values()
        target: Any = MANAGEMENT if self.random.random() < 0.5 else {"Ref": "AWS::AccountId"}
        if account in EXISTING_ACCOUNTS.values():
            target = self._id(EXISTING_ACCOUNTS, account)
        elif account != "management":
            target = self._reference(self.access, f"Account{account}", "AccountId")
        set_arn = (
            self._reference(self.access, f"Set{permission_set}", "PermissionSetArn")
            if permission_set in self.o.sets
            else self._id(EXISTING_SETS, permission_set)
        )
        properties = {
            "PrincipalId": self._principal(self.access, principal),
            "PrincipalType": "USER" if is_user else "GROUP",
            "PermissionSetArn": set_arn,
            "TargetId": target,
            "TargetType": "AWS_ACCOUNT",
        }
        self._add(self.access, f"May{principal}{permission_set}{account}", "AWS::SSO::Assignment", properties)

    def _principal(self, template: Template, name: str) -> Any:
        if name in self.o.users:
            return self._reference(template, f"User{name}", "UserId")
        if name in self.o.groups:
            return self._reference(template, f"Group{name}", "GroupId")
        return self._id({**EXISTING_PEOPLE, **EXISTING_GROUPS}, name)

    def _place(self, name: str | None) -> Any:
        if name is None or name == "root":
            return ROOT
        if name in EXISTING_ACCOUNTS.values():
            return self._id(EXISTING_ACCOUNTS, name)
        unit = name in self.o.units
        return self._reference(self.core, f"{'Unit' if unit else 'Account'}{name}", "Id" if unit else "AccountId")

    def _reference(self, template: Template, what: str, attribute: str) -> Any:
        here = {"Fn::GetAtt": [self._logical_id(what), attribute]}
        if template is self.core:
            return here
        output = f"Output{self._logical_id(what)}"
        self.core["Outputs"][output] = {"Value": here, "Export": {"Name": f"OrgBaseline:{output}"}}
        if self.random.random() < 0.5:
            return {"Fn::ImportValue": f"OrgBaseline:{output}"}
        return {"Fn::GetStackOutput": {"StackName": "OrgBaseline", "OutputName": output}}

    def _add(self, template: Template, what: str, kind: str, properties: Mapping[str, Any]) -> None:
        template["Resources"][self._logical_id(what)] = {"Type": kind, "Properties": properties}

    def _logical_id(self, what: str) -> str:
        return self.prefix + re.sub(r"\W", "", what)

    def _shuffled(self, of: Any) -> list[Any]:
        items = sorted(of)
        self.random.shuffle(items)
        return items

    @staticmethod
    def _id(ids: Mapping[str, str], name: str) -> str:
        return next(key for key, each in ids.items() if each == name)


class Truth:
    """Who can do what where and which policies apply where, by the resources of templates and nothing else."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates
        self.resources = [
            (stack, each["Type"], each["Properties"])
            for stack, template in templates.items()
            for each in template["Resources"].values()
        ]
        inside: dict[str, set[str]] = {}
        for stack, kind, properties in self.resources:
            if kind == "AWS::IdentityStore::GroupMembership":
                group = self.name(stack, properties["GroupId"])
                inside.setdefault(group, set()).add(self.name(stack, properties["MemberId"]["UserId"]))
        self.access: set[tuple[str, str, str]] = set()
        self.accounts: set[str] = {"acme"}
        self.made: set[str] = set()
        for stack, kind, properties in self.resources:
            if kind == "AWS::Organizations::Account":
                self.accounts.add(properties["AccountName"])
                self.made.add(properties["AccountName"])
            elif kind == "AWS::Organizations::Policy":
                targets = (self.name(stack, target) for target in properties["TargetIds"])
                self.accounts |= {target for target in targets if target in EXISTING_ACCOUNTS.values()}
            elif kind == "AWS::SSO::Assignment":
                account = self.name(stack, properties["TargetId"])
                permission_set = self.name(stack, properties["PermissionSetArn"])
                principal = self.name(stack, properties["PrincipalId"])
                self.accounts.add(account)
                people = {principal} if properties["PrincipalType"] == "USER" else inside.get(principal, set())
                self.access |= {(who, permission_set, account) for who in people}
                if principal in EXISTING_GROUPS.values():
                    self.access.add((f"everybody in group {principal}", permission_set, account))

    def policies(self) -> set[tuple[str, str]]:
        """Which policy applies to which account."""
        parents: dict[str, str] = {}
        for stack, kind, properties in self.resources:
            if kind == "AWS::Organizations::OrganizationalUnit":
                parents[properties["Name"]] = self.name(stack, properties["ParentId"])
            elif kind == "AWS::Organizations::Account":
                parents[properties["AccountName"]] = self.name(stack, *properties.get("ParentIds", [ROOT]))
        in_force = set()
        for stack, kind, properties in self.resources:
            if kind != "AWS::Organizations::Policy":
                continue
            targets = {self.name(stack, target) for target in properties["TargetIds"]}
            for account in self.accounts - {"acme"}:
                at: str | None = account
                while at is not None:
                    if at in targets:
                        in_force.add((properties["Name"], account))
                    at = None if at == ROOT else parents.get(at, ROOT)
        return in_force

    def name(self, stack: str, value: Any) -> str:
        """What people call the thing whose id a property has."""
        if value in (MANAGEMENT, {"Ref": "AWS::AccountId"}):
            return "acme"
        if isinstance(value, str):
            existing = {**EXISTING_PEOPLE, **EXISTING_GROUPS, **EXISTING_SETS, **EXISTING_ACCOUNTS}
            return existing.get(value, value)
        if "Fn::GetAtt" in value:
            resource = self.templates[stack]["Resources"][value["Fn::GetAtt"][0]]["Properties"]
            if "Create" in resource:
                return str(json.loads(resource["Create"])["parameters"]["UserName"])
            return str(
                next(resource[key] for key in ("UserName", "DisplayName", "AccountName", "Name") if key in resource)
            )
        output = value.get("Fn::ImportValue", "").partition(":")[2] or value["Fn::GetStackOutput"]["OutputName"]
        return self.name("OrgBaseline", self.templates["OrgBaseline"]["Outputs"][output]["Value"])


def differ(old: Templates, new: Templates) -> Comparison:
    return compare(*(State.of(describe(each), each) for each in (old, new)))


def pairs(seeds: range) -> Iterator[tuple[Templates, Templates]]:
    for seed in seeds:
        random = Random(seed)  # noqa: S311 (no secret)
        before = draw(random)
        after = before.copy()
        mutate(random, after, random.choice([0, 1, 3, 10, 40]))
        if random.random() < 0.1:
            after = draw(random)
        yield Writer(random, before).write(), Writer(random, after).write()


def split(listed: str) -> list[str]:
    return re.split(r", | and ", listed)


def said_access(lines: Sequence[str], verb: str, accounts: set[str]) -> set[tuple[str, str, str]]:
    """What the sentences say of who can do what where; none may say a thing twice."""
    said: list[tuple[str, str, str]] = []
    for line in lines:
        found = re.fullmatch(rf"[+-] (.+) {verb} (\S+) on (.+?)(?: \((?:was )?through groups? .+\))?", line)
        if not found:
            continue
        who, permission_set, where = found.groups()
        where = where.replace("acme (the management account)", "acme")
        if every := re.fullmatch(r"all (\d+) accounts(?: but (.+))?", where):
            places = accounts - {every[2]}
            assert len(places) == int(every[1])
        else:
            places = set(split(where))
        said += [(each, permission_set, account) for each in split(who) for account in places]
    assert len(said) == len(set(said))
    return set(said)


def said_policies(lines: Sequence[str], verb: str, accounts: set[str]) -> set[tuple[str, str]]:
    """Which policy begins or ceases to apply to which account."""
    said = set()
    for line in lines:
        found = re.fullmatch(rf"[+~-] service control policy (\S+) {verb} to apply to ([^;]+?)(, and what .*)?", line)
        if found:
            policy, where, _ = found.groups()
            named = set(re.findall(r"acme-\w+|legacy|bought", where))
            said |= {(policy, each) for each in (accounts if where == "the whole organization" else named)}
    return said


def test_says_exactly_what_is_gained_and_lost_between_500_pairs_of_organizations() -> None:
    gained, lost = 0, 0
    for old, new in pairs(range(500)):
        before, after = Truth(old), Truth(new)
        comparison = differ(old, new)
        lines = click.unstyle(text(comparison)).splitlines()
        assert said_access(lines, "can do", after.accounts) == after.access - before.access
        assert said_access(lines, "can no longer do", before.accounts) == before.access - after.access
        if after.access - before.access:
            assert comparison.widens
        gained += len(after.access - before.access)
        lost += len(before.access - after.access)
    assert gained > 1000
    assert lost > 500


def test_says_exactly_which_policies_begin_and_cease_where_between_500_pairs_of_organizations() -> None:
    begun, ceased = 0, 0
    for old, new in pairs(range(500)):
        before, after = Truth(old), Truth(new)
        both = (before.accounts & after.accounts) - {"acme"}
        lines = click.unstyle(text(differ(old, new))).splitlines()

        def of_both(relation: set[tuple[str, str]], both: set[str] = both) -> set[tuple[str, str]]:
            return {(policy, account) for policy, account in relation if account in both}

        begins = of_both(after.policies()) - of_both(before.policies())
        ceases = of_both(before.policies()) - of_both(after.policies())
        assert of_both(said_policies(lines, "begins", both)) == begins
        assert of_both(said_policies(lines, "ceases", both)) == ceases
        begun += len(begins)
        ceased += len(ceases)
    assert begun > 200
    assert ceased > 200


def test_an_organization_written_in_another_way_has_no_change() -> None:
    for seed in range(500):
        random = Random(seed)  # noqa: S311 (no secret)
        organization = draw(random)
        old, new = (Writer(random, organization).write() for _ in range(2))
        assert text(differ(old, new)) == "Nothing changes for anybody.\n"
