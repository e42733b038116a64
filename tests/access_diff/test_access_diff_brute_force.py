"""What an access diff says against what the two templates say, worked out from their JSON alone."""

from __future__ import annotations

import json
import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Final

import click
import pytest

from org_constructs.access_diff.comparison import Comparison, State, compare
from org_constructs.access_diff.machine import to_json
from org_constructs.access_diff.rendering import text
from org_constructs.templates.description import describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Template = dict[str, Any]
Templates = dict[str, Template]
Named = dict[str, str | None]
"""The id of each that exists already, by name; None of one that templates make."""

MANAGEMENT: Final = "111122223333"
ROOT: Final = "r-ab12"
PEOPLE: Final = [f"{name}@acme.com" for name in ("dax", "kim", "lou", "max", "noa", "pat", "ros")]
GROUPS: Final = ["Administrators", "Auditors", "Contractors", "Developers", "Partners"]
SETS: Final = ["AdministratorAccess", "Billing", "Developer", "ReadOnly", "Support"]
ACCOUNTS: Final = ["billing", "dev", "legacy", "logs", "network", "production", "sandbox", "staging", "test"]
UNITS: Final = ["security", "workloads", "suspended"]
# No two kinds have an id in common; within one, an id that one name has may be another name's next.
IDS: Final = {
    "users": [f"1111222233-11112222-3333-4444-5555-6666777700{n:02}" for n in range(9)],
    "groups": [f"1111222233-11112222-3333-4444-5555-6666777799{n:02}" for n in range(7)],
    "sets": [f"arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-11112222333344{n:02}" for n in range(7)],
    "accounts": [f"4444555566{n:02}" for n in range(11)],
}
IN_WORDS: Final = {
    "SERVICE_CONTROL_POLICY": "service control policy",
    "RESOURCE_CONTROL_POLICY": "resource control policy",
    "S3_POLICY": "Amazon S3 policy",
    "TAG_POLICY": "tag policy",
}
OF_IAM: Final = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
ACTIONS: Final = ["ec2:Run", "iam:Create", "s3:Get", "s3:Put"]
PATTERNS: Final = [*ACTIONS, "s3:*", "iam:*", "*"]
POLICIES: Final = [
    ("keep", "SERVICE_CONTROL_POLICY"),
    ("bound", "SERVICE_CONTROL_POLICY"),
    ("limit", "SERVICE_CONTROL_POLICY"),
    ("keep", "RESOURCE_CONTROL_POLICY"),
    ("bound", "RESOURCE_CONTROL_POLICY"),
    ("keep", "TAG_POLICY"),
    ("buckets", "S3_POLICY"),
]
Policy = tuple[str, str]


@dataclass
class Organization:
    """An organization to write templates of; a mutation changes some of it."""

    users: Named = field(default_factory=dict)
    groups: Named = field(default_factory=dict)
    sets: Named = field(default_factory=dict)
    accounts: Named = field(default_factory=dict)
    members: set[tuple[str, str]] = field(default_factory=set)
    units: dict[str, str | None] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """The units of accounts that are not at the root."""

    assignments: set[tuple[str, str, str]] = field(default_factory=set)
    targets: dict[Policy, set[str]] = field(default_factory=dict)
    contents: dict[Policy, Any] = field(default_factory=dict)

    def prune(self) -> None:
        """Leave out what is about somebody or something that is not there."""
        principals, accounts = {**self.users, **self.groups}, {**self.accounts, "management": MANAGEMENT}
        self.members = {(group, user) for group, user in self.members if group in self.groups and user in self.users}
        self.assignments = {
            (principal, permission_set, account)
            for principal, permission_set, account in self.assignments
            if principal in principals and permission_set in self.sets and account in accounts
        }
        places = {*self.units, *accounts, "root"}
        self.targets = {policy: targets & places for policy, targets in self.targets.items()}


def some(random: Random, of: Sequence[Any], share: float) -> list[Any]:
    return [each for each in of if random.random() < share]


def draw(random: Random) -> Organization:
    o = Organization(
        units={
            name: random.choice([None, *UNITS[:number]])
            for number, name in enumerate(UNITS[: random.randint(0, len(UNITS))])
        },
        contents={policy: content(random, policy) for policy in POLICIES},
    )
    for kind, names in (("users", PEOPLE), ("groups", GROUPS), ("sets", SETS)):
        setattr(o, kind, dict.fromkeys(some(random, names, 0.7)))
    o.accounts = dict.fromkeys(some(random, ACCOUNTS, random.choice([0.3, 0.95])))
    for _ in range(4):
        reidentify(random, o)
    mutate(random, o, random.randint(5, 100))
    return o


def content(random: Random, policy: Policy) -> Any:
    """Statements that deny, now and then one that allows; of other types what has no statements."""
    if policy[1] not in OF_IAM:
        return {"tags": {"@@assign": random.randint(1, 2)}}
    more = {"Principal": "*"} if policy[1] == "RESOURCE_CONTROL_POLICY" else {}
    statements = [
        {
            "Effect": random.choice(["Deny", "Deny", "Deny", "Allow"]),
            "Action": sorted(set(random.choices(PATTERNS, k=random.randint(1, 2)))),
            "Resource": "*",
            **more,
        }
        for _ in range(random.randint(1, 2))
    ]
    return {"Statement": statements}


def reidentify(random: Random, o: Organization) -> None:
    """Let another id, or one that templates make, be what a name is of."""
    kind = random.choice(list(IDS))
    named: Named = getattr(o, kind)
    if named:
        name = random.choice(sorted(named))
        named[name] = random.choice(
            [each for each in (*IDS[kind], None, None) if each not in {*named.values()} - {None}]
        )


def mutate(random: Random, o: Organization, times: int) -> None:  # noqa: C901, PLR0912 (a case for each mutation)
    def pick(of: Any) -> Any:
        return random.choice(sorted(of))

    def toggle(named: Named, name: str) -> None:
        if named.pop(name, "absent") == "absent":
            named[name] = None

    for _ in range(times):
        principals, accounts = [*o.users, *o.groups], [*o.accounts, "management"]
        match random.randrange(20):
            case 0 | 1 | 2 | 3 if principals and o.sets:
                o.assignments ^= {(pick(principals), pick(o.sets), pick(accounts))}
            case 4 | 5 if o.groups and o.users:
                o.members ^= {(pick(o.groups), pick(o.users))}
            case 6 if o.assignments:
                o.assignments.remove(pick(o.assignments))
            case 7:
                toggle(o.users, pick(PEOPLE))
            case 8:
                toggle(o.sets, pick(SETS))
            case 9:
                toggle(o.groups, pick(GROUPS))
            case 10:
                toggle(o.accounts, pick(ACCOUNTS))
            case 11 if o.units:
                o.places[pick(ACCOUNTS)] = pick(o.units)
            case 12:
                o.places.pop(pick(ACCOUNTS), None)
            case 13:
                reidentify(random, o)
            case 14:
                policy = pick(POLICIES)
                o.contents[policy] = content(random, policy)
            case _:
                o.targets.setdefault(policy := pick(POLICIES), set())
                o.targets[policy] ^= {pick([*o.units, *accounts, "root"])}
    o.prune()


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
        existing = {an_id: name for kind in IDS for name, an_id in getattr(o, kind).items() if an_id}
        self.core["Metadata"] = {"OrgBaseline": {"Format": 1, "Company": "acme", "ExistingNames": existing}}
        self.core["Outputs"]["ManagementAccountId"] = {"Value": MANAGEMENT}
        self._write_people()
        self._write_places()
        self._write_policies()
        for name in self._made(o.sets):
            add(self.core, f"Set{name}", "AWS::SSO::PermissionSet", {"Name": name})
        for principal, permission_set, account in self._shuffled(o.assignments):
            self._assign(principal, permission_set, account)
        return self.templates

    def _write_people(self) -> None:
        o, add = self.o, self._add
        for name in self._made(o.users):
            if self.random.random() < 0.5:
                add(self.core, f"User{name}", "AWS::IdentityStore::User", {"UserName": name})
            else:
                call = json.dumps({"action": "createUser", "parameters": {"UserName": name}})
                add(self.core, f"User{name}", "Custom::IdentityStoreUser", {"Create": call})
        for name in self._made(o.groups):
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
        for name in self._made(o.accounts):
            properties = {"AccountName": f"acme-{name}", "Email": f"aws+{name}@acme.com"}
            if o.places.get(name) or self.random.random() < 0.5:
                properties["ParentIds"] = [self._place(o.places.get(name))]
            add(self.core, f"Account{name}", "AWS::Organizations::Account", properties)

    def _write_policies(self) -> None:
        for (name, kind), targets in self._shuffled(self.o.targets.items()):
            properties = {
                "Name": name,
                "Type": kind,
                "Content": self._rewritten(self.o.contents[name, kind]),
                "TargetIds": [self._place(target) for target in self._shuffled(targets)],
            }
            self._add(self.core, f"Policy{name}{kind}", "AWS::Organizations::Policy", properties)

    def _rewritten(self, content: Any) -> Any:
        """The same content: all in any order, what is single alone or in a list, as text or not."""
        written = deepcopy(content)
        for statement in written.get("Statement", []):
            self.random.shuffle(statement["Action"])
            if len(statement["Action"]) == 1 and self.random.random() < 0.5:
                statement["Action"] = statement["Action"][0]
            if self.random.random() < 0.5:
                statement["Sid"] = f"S{self.random.randint(1, 9)}"
        if "Statement" in written:
            written["Statement"] = [
                dict(self._shuffled_as_is(list(each.items()))) for each in self._shuffled_as_is(written["Statement"])
            ]
        return json.dumps(written) if self.random.random() < 0.3 else written

    def _assign(self, principal: str, permission_set: str, account: str) -> None:
        properties = {
            "PrincipalId": self._principal(self.access, principal),
            "PrincipalType": "USER" if principal in self.o.users else "GROUP",
            "PermissionSetArn": self.o.sets[permission_set]
            or self._reference(self.access, f"Set{permission_set}", "PermissionSetArn"),
            "TargetId": self._account(self.access, account),
            "TargetType": "AWS_ACCOUNT",
        }
        self._add(self.access, f"May{principal}{permission_set}{account}", "AWS::SSO::Assignment", properties)

    def _principal(self, template: Template, name: str) -> Any:
        if name in self.o.users:
            return self.o.users[name] or self._reference(template, f"User{name}", "UserId")
        return self.o.groups[name] or self._reference(template, f"Group{name}", "GroupId")

    def _account(self, template: Template, name: str) -> Any:
        if name == "management":
            return MANAGEMENT if self.random.random() < 0.5 else {"Ref": "AWS::AccountId"}
        return self.o.accounts[name] or self._reference(template, f"Account{name}", "AccountId")

    def _place(self, name: str | None) -> Any:
        if name is None or name == "root":
            return ROOT
        return (
            self._reference(self.core, f"Unit{name}", "Id") if name in self.o.units else self._account(self.core, name)
        )

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

    def _made(self, named: Named) -> list[str]:
        return [name for name in self._shuffled(named) if named[name] is None]

    def _shuffled_as_is(self, items: list[Any]) -> list[Any]:
        self.random.shuffle(items)
        return items


Identity = str
"""An id; or, of what templates make, what AWS lets nobody else have."""

Access = tuple[Identity, bool, Identity, Identity]
"""Who, whether that is all whom AWS has in a group, the permission set, and the account."""


class Truth:
    """Who has access where and which policies apply where, by the resources of templates and nothing else."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates
        self.names: dict[Identity, str] = {}
        self.existing_names = templates["OrgBaseline"]["Metadata"]["OrgBaseline"]["ExistingNames"]
        self.kinds: dict[Identity, str] = {}
        self.parents: dict[Identity, Identity] = {}
        self.policies: dict[Policy, tuple[Any, set[Identity]]] = {}
        inside: dict[Identity, set[Identity]] = {}
        resources = [
            (stack, each["Type"].rpartition("::")[2], each["Properties"], logical_id)
            for stack, template in templates.items()
            for logical_id, each in template["Resources"].items()
        ]
        self.knows({"Ref": "AWS::AccountId"}, "OrgBaseline", "account")
        for stack, kind, properties, logical_id in resources:
            if kind in {"User", "IdentityStoreUser", "Group", "PermissionSet", "Account", "OrganizationalUnit"}:
                simple = {"IdentityStoreUser": "user", "OrganizationalUnit": "unit"}.get(kind, kind.lower())
                at = self.knows({"Fn::GetAtt": [logical_id, "Id"]}, stack, simple)
                parents = [properties["ParentId"]] if "ParentId" in properties else properties.get("ParentIds", [ROOT])
                self.parents[at] = self.identity(stack, parents[0])
            elif kind == "GroupMembership":
                group = self.identity(stack, properties["GroupId"])
                inside.setdefault(group, set()).add(self.knows(properties["MemberId"]["UserId"], stack, "user"))
        self.access: set[Access] = set()
        for stack, kind, properties, _ in resources:
            if kind == "Assignment":
                account = self.knows(properties["TargetId"], stack, "account")
                permission_set = self.knows(properties["PermissionSetArn"], stack, "permissionset")
                who = self.knows(properties["PrincipalId"], stack, properties["PrincipalType"].lower())
                is_group = properties["PrincipalType"] == "GROUP"
                self.access |= {
                    (each, False, permission_set, account) for each in (inside.get(who, set()) if is_group else {who})
                }
                if is_group and who in IDS["groups"]:
                    self.access.add((who, True, permission_set, account))
            elif kind == "Policy":
                targets = {self.identity(stack, each) for each in properties["TargetIds"]}
                for each in properties["TargetIds"]:
                    if self.identity(stack, each) in IDS["accounts"]:
                        self.knows(each, stack, "account")
                body = properties["Content"]
                self.policies[properties["Name"], properties["Type"]] = (
                    json.loads(body) if isinstance(body, str) else body,
                    targets,
                )
        self.accounts = {each for each, kind in self.kinds.items() if kind == "account"}

    def in_force(self) -> set[tuple[Policy, Identity]]:
        """Which policy applies to which account."""
        return {
            (policy, account)
            for policy, (_, targets) in self.policies.items()
            for account in self.accounts
            if targets & {*self.way(account)} and not (account == "acme" and policy[1] in OF_IAM)
        }

    def way(self, account: Identity) -> list[Identity]:
        """An account, what it is in, and the root."""
        way = [account]
        while way[-1] != ROOT:
            way.append(self.parents.get(way[-1], ROOT))
        return way

    def may(self, kind: str, account: Identity, action: str, bare: Identity) -> bool:
        """Whether policies of a type let an action through where `bare` alone has not FullAWSAccess."""
        found = {
            at: {
                effect
                for (_, of_kind), (body, targets) in self.policies.items()
                if of_kind == kind and at in targets
                for effect in effects(body, action)
            }
            for at in self.way(account)
        }
        return all("Deny" not in each and (at != bare or "Allow" in each) for at, each in found.items())

    def knows(self, value: Any, stack: str, kind: str) -> Identity:
        identity = self.identity(stack, value)
        self.kinds[identity] = kind
        return identity

    def identity(self, stack: str, value: Any) -> Identity:
        if value in (MANAGEMENT, {"Ref": "AWS::AccountId"}):
            self.names["acme"] = "acme (the management account)"
            return "acme"
        if isinstance(value, str):
            self.names[value] = self.existing_names.get(value, value)
            return value
        if "Fn::GetAtt" in value:
            resource = self.templates[stack]["Resources"][value["Fn::GetAtt"][0]]
            properties = resource["Properties"]
            if "Create" in properties:
                properties = json.loads(properties["Create"])["parameters"]
            keys = ("Email", "UserName", "DisplayName", "Name")
            made = f"{resource['Type'].rpartition('::')[2][-4:]} {next(properties[k] for k in keys if k in properties)}"
            self.names[made] = properties.get("AccountName") or made.partition(" ")[2]
            return made
        output = value.get("Fn::ImportValue", "").partition(":")[2] or value["Fn::GetStackOutput"]["OutputName"]
        return self.identity("OrgBaseline", self.templates["OrgBaseline"]["Outputs"][output]["Value"])


def effects(body: Any, action: str) -> set[str]:
    """What the statements of a policy that are about an action do."""
    patterns = [
        (each["Effect"], each["Action"] if isinstance(each["Action"], list) else [each["Action"]])
        for each in body["Statement"]
    ]
    return {effect for effect, actions in patterns if any(fnmatchcase(action, each) for each in actions)}


class Pair:
    """Two truths, and what to call what is in either: by name, and where that is not enough by what it is."""

    def __init__(self, old: Templates, new: Templates) -> None:
        self.old, self.new = Truth(old), Truth(new)
        self.gained, self.lost = self.new.access - self.old.access, self.old.access - self.new.access
        self._names, self._kinds = {**self.old.names, **self.new.names}, {**self.old.kinds, **self.new.kinds}
        self._times = Counter((kind, self._names[each]) for each, kind in self._kinds.items())
        self.comparison = differ(old, new)
        self.lines = click.unstyle(text(self.comparison)).splitlines()

    def called(self, identity: Identity) -> str:
        name, kind = self._names[identity], self._kinds[identity]
        if self._times[kind, name] == 1:
            return name
        if kind == "account":
            return f"{name} ({identity.partition(' ')[2] or identity})"
        made = identity not in {each for ids in IDS.values() for each in ids}
        return f"{name} ({'made by the templates' if made else identity.rpartition('/')[2]})"

    def in_words(self, access: set[Access]) -> set[tuple[str, str, str]]:
        return {
            (
                f"the members of group {self.called(who)} in AWS" if everybody else self.called(who),
                self.called(permission_set),
                self.called(account),
            )
            for who, everybody, permission_set, account in access
        }


def differ(old: Templates, new: Templates) -> Comparison:
    return compare(*(State.of(describe(each)) for each in (old, new)))


@cache
def pairs() -> tuple[Pair, ...]:
    return tuple(map(pair_of, range(500)))


def pair_of(seed: int) -> Pair:
    random = Random(seed)  # noqa: S311 (no secret)
    before = draw(random)
    after = deepcopy(before)
    mutate(random, after, random.choice([0, 1, 3, 10, 40]))
    if random.random() < 0.1:
        after = draw(random)
    return Pair(Writer(random, before).write(), Writer(random, after).write())


def split(listed: str) -> list[str]:
    return re.split(r", | and ", listed)


def said_access(pair: Pair, verb: str, accounts: set[str]) -> set[tuple[str, str, str]]:
    """What the sentences say of who has what where; none may say a thing twice."""
    said: list[tuple[str, str, str]] = []
    for line in pair.lines:
        found = re.fullmatch(
            rf"[+-] (.+?) {verb} (\S+|\S+ \([^)]*\)) in (.+?)(?: \((?:was )?through groups? .+\))?", line
        )
        if not found:
            continue
        who, permission_set, where = found.groups()
        if every := re.fullmatch(r"all (\d+) accounts(?: other than (.+))?", where):
            places = accounts - {every[2]}
            assert len(places) == int(every[1])
        else:
            places = set(split(where))
        said += [(each, permission_set, account) for each in split(who) for account in places]
    assert len(said) == len(set(said))
    return set(said)


def listed(written: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """What the JSON says of who has what where; nothing may be there twice."""
    found = [
        (
            f"the members of group {each['who']} in AWS" if each["everybodyInGroup"] else each["who"],
            each["permissionSet"],
            each["account"],
        )
        for each in written
    ]
    assert len(found) == len(set(found))
    return set(found)


def said_policies(pair: Pair, verb: str, accounts: set[Identity]) -> dict[tuple[Policy, str], str]:
    """Which policy begins or no longer applies to which account, and the line that says it."""
    said: dict[tuple[Policy, str], str] = {}
    words = {word: kind for kind, word in IN_WORDS.items()}
    for line in pair.lines:
        found = re.fullmatch(rf"[+~-] ({'|'.join(words)}) (\S+) {verb} to ([^;]+?)([,;] (?:but what|where) .*)?", line)
        if found:
            kind, policy, where = words[found[1]], found[2], found[3]
            # Units stand with their accounts in parentheses.
            parts = {*split(re.sub(r"unit \S+(?: itself)?(?: \((acme-[^@]*?)\))?(?=, | and |$)", r"\1", where))}
            among = {
                each
                for each in accounts
                if where == "the whole organization" and not (each == "acme" and kind in OF_IAM)
            } | {each for each in accounts if pair.called(each) in parts}
            said |= {((policy, kind), each): line for each in among}
    return said


def test_says_exactly_what_is_gained_and_lost_between_500_pairs_of_organizations() -> None:
    gained, lost = 0, 0
    for pair in pairs():
        written = json.loads(to_json(pair.comparison))
        assert listed(written["gained"]) == pair.in_words(pair.gained)
        assert listed(written["lost"]) == pair.in_words(pair.lost)
        before, after = ({pair.called(each) for each in side.accounts} for side in (pair.old, pair.new))
        assert said_access(pair, "(?<!no longer )(?:has|have)", after) == pair.in_words(pair.gained)
        assert said_access(pair, "no longer (?:has|have)", before) == pair.in_words(pair.lost)
        assert pair.comparison.widens or not pair.gained
        gained += len(pair.gained)
        lost += len(pair.lost)
    assert gained > 1000
    assert lost > 500


@pytest.mark.long
def test_says_exactly_who_gained_and_who_lost_where_ids_change_under_300_names() -> None:
    changed = 0
    for seed in range(2_000):
        random = Random(seed)  # noqa: S311 (no secret)
        before = draw(random)
        after = deepcopy(before)
        while after == before:
            reidentify(random, after)
        pair = Pair(*(Writer(random, each).write() for each in (before, after)))
        if not pair.gained:
            continue
        before_of, after_of = ({pair.called(each) for each in side.accounts} for side in (pair.old, pair.new))
        assert said_access(pair, "(?<!no longer )(?:has|have)", after_of) == pair.in_words(pair.gained)
        assert said_access(pair, "no longer (?:has|have)", before_of) == pair.in_words(pair.lost)
        assert pair.comparison.widens
        changed += 1
        if changed == 300:
            return
    raise AssertionError(f"only {changed} pairs in which an id changes")


@pytest.mark.long
def test_says_exactly_which_policies_begin_and_cease_where_between_500_pairs_of_organizations() -> None:
    begun, ceased = 0, 0
    for pair in pairs():
        both = pair.old.accounts & pair.new.accounts
        before, after = (
            {(policy, account) for policy, account in side.in_force() if account in both}
            for side in (pair.old, pair.new)
        )
        assert {*said_policies(pair, "now applies", both)} == after - before
        assert {*said_policies(pair, "no longer applies", both)} == before - after
        begun += len(after - before)
        ceased += len(before - after)
    assert begun > 200
    assert ceased > 200


def test_access_that_policies_no_longer_deny_widens_and_what_is_said_to_stay_denied_does() -> None:
    freed, stays = 0, 0
    for pair in pairs():
        both = (pair.old.accounts & pair.new.accounts) - {"acme"}
        ways = {each: pair.new.way(each) for each in both if pair.old.way(each) == pair.new.way(each)}
        opened = {
            (kind, account, action)
            for kind in OF_IAM
            for account in both
            for action in ACTIONS
            # Where FullAWSAccess was detached no template says; here it is at one place at a time, or nowhere.
            for bare in ["", *ways.get(account, ())]
            if pair.new.may(kind, account, action, bare) and not pair.old.may(kind, account, action, bare)
        }
        assert pair.comparison.widens or not opened
        freed += len(opened)
        for (policy, account), line in said_policies(pair, "no longer applies", both).items():
            if line.endswith("but what it denies stays denied"):
                assert line.startswith("~ ")
                body, _ = pair.old.policies[policy]
                denied = {action for action in ACTIONS if "Deny" in effects(body, action)}
                assert not {action for action in denied if pair.new.may(policy[1], account, action, "")}
                stays += 1
    assert freed > 500
    assert stays > 20


def test_access_that_is_taken_away_does_not_widen() -> None:
    lost = 0
    for seed in range(300):
        random = Random(seed)  # noqa: S311 (no secret)
        before = draw(random)
        after = deepcopy(before)
        after.assignments = set(some(random, sorted(before.assignments), 0.6))
        after.members = set(some(random, sorted(before.members), 0.6))
        pair = Pair(*(Writer(random, each).write() for each in (before, after)))
        # Whom nobody names any more may have been all that held a place up.
        if pair.new.accounts == pair.old.accounts:
            assert not pair.comparison.widens
            assert said_access(pair, "no longer (?:has|have)", {*map(pair.called, pair.old.accounts)}) == pair.in_words(
                pair.lost
            )
            lost += len(pair.lost)
    assert lost > 500


def test_an_organization_written_in_another_way_has_no_change() -> None:
    for seed in range(500):
        random = Random(seed)  # noqa: S311 (no secret)
        organization = draw(random)
        old, new = (Writer(random, organization).write() for _ in range(2))
        assert text(differ(old, new)) == "Nothing changes for anybody.\n"
