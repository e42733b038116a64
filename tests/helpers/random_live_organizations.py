"""Random organizations that people made by hand over the years, through AWS's APIs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs import guardrails
from org_constructs.aws import root_access
from org_constructs.constructs.time_limit import limited_content
from org_constructs.live.organization import LiveOrganization
from policy_documents import ALLOW_LISTING, content_of
from random_organizations import some

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from org_constructs.rehearsal.local_aws import LocalAws

POLICY_TYPES: Final = ("BACKUP_POLICY", "RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY")
_UNITS: Final = (
    "dev",
    "production",
    "Sandbox",
    "Team Payments",
    "shared/network",
    "security",
    "-legacy-",
    "dax",
    "root",
)
_WORDS: Final = ("pay", "data", "web", "ml", "ops", "core")
_GIVEN: Final = ("Dax", "Kim", "Lou", "Ana", "Zoë", "O'Neil", 'Jo "Jay"')
_UNTIL: Final = "2099-12-31T18:00Z"
_MANAGED: Final = ("AdministratorAccess", "ReadOnlyAccess", "SecurityAudit", "job-function/Billing", "PowerUserAccess")


class _Years:
    """What many hands have made, one thing after the other."""

    def __init__(self, aws: LocalAws, choose: Random) -> None:
        self.aws = aws
        self.choose = choose
        self.hand = Hand(aws)
        self.organizations = aws.client("organizations")
        self.sso = aws.client("sso-admin")
        self.store = aws.client("identitystore")
        self.units: list[str] = []
        self.accounts: list[str] = []
        self.people: list[str] = []
        self.groups: list[str] = []
        self.sets: list[str] = []

    def chance(self, probability: float) -> bool:
        return self.choose.random() < probability

    def tags(self) -> list[dict[str, str]]:
        return [{"Key": "owner", "Value": self.choose.choice(_WORDS)}] if self.chance(0.2) else []

    def tag(self, resource: str) -> None:
        if tags := self.tags():
            self.organizations.tag_resource(ResourceId=resource, Tags=tags)

    def make_units(self, number: int) -> None:
        depths = {self.hand.root: 0}
        taken: dict[str, set[str]] = {self.hand.root: set()}
        for _ in range(number):
            parents = [each for each, depth in depths.items() if depth < 4]
            parent = self.choose.choice(parents) if self.chance(0.4) else self.hand.root
            name = self.choose.choice([each for each in _UNITS if each not in taken[parent]] or [f"unit {len(depths)}"])
            if name in taken[parent]:
                continue
            taken[parent].add(name)
            made = self.hand.unit(name, parent)
            depths[made], taken[made] = depths[parent] + 1, set()
            self.units.append(made)
            self.tag(made)

    def make_accounts(self, number: int) -> None:
        for each in range(number):
            word = self.choose.choice(_WORDS)
            key = f"{word}-{each}"
            name, email = self.choose.choice(
                [
                    (f"acme-{key}", f"aws+{key}@acme.com"),
                    (f"acme-{key}", f"aws-{each}@acme.com"),
                    (f"Acme {word.title()} {each}", f"aws+{key}@acme.com"),
                    (f"Acme {word.title()}", f"{word}.{each}@acme.com"),
                    ("Sandbox", f"aws+sandbox{each}@acme.com"),
                ]
            )
            made = self.hand.account(name, email, self.choose.choice([None, *self.units]))
            self.accounts.append(made)
            self.tag(made)

    def close_accounts(self) -> None:
        for each in self.accounts:
            if self.chance(0.05):
                self.organizations.close_account(AccountId=each)
                self.organizations.list_accounts()  # it is being closed until somebody looks, as three may be at a time

    def make_people(self, number: int) -> None:
        for each in range(number):
            given, family = self.choose.choice(_GIVEN), self.choose.choice(("Acme", "Of Acme"))
            user_name = f"person{each}@acme.com" if self.chance(0.8) else f"person{each}"
            display = self.choose.choice((f"{given} {family}", f"{given} {family}", f"{family}, {given}"))
            email = None if self.chance(0.03) else f"person{each}@acme.com"
            middle = "Q." if self.chance(0.02) else ""
            names = {"given": given, "middle": middle, "family": family, "display": display}
            self.people.append(self.hand.user(user_name, email, **names))

    def make_groups(self, number: int) -> None:
        names = ["Administrators", "Developers", "Auditors", "Data Science", "person0", "On/Call"]
        names += [f"team-{each}" for each in range(number)]
        for name in names[:number]:
            described = self.choose.choice(("", "Administer every account", "For those who ask"))
            group = self.hand.group(name, described)
            self.groups.append(group)
            for member in self.choose.sample(self.people, min(len(self.people), self.choose.randrange(12))):
                self.hand.member(group, member)

    def let_a_provider_have_some(self) -> None:
        people = [each for each in self.people if self.chance(0.5)]
        self.hand.provided(*people, *(each for each in self.groups if self.chance(0.5)))

    def make_sets(self, number: int) -> None:
        for each in range(number):
            managed = some(self.choose, _MANAGED)
            of = {
                "InstanceArn": INSTANCE,
                "PermissionSetArn": self.hand.permission_set(
                    f"Set-{each}",
                    f"For {self.choose.choice(_WORDS)}",
                    self.choose.choice(("PT1H", "PT8H", "PT12H")),
                    tuple(f"arn:aws:iam::aws:policy/{name}" for name in managed),
                ),
            }
            self.sets.append(of["PermissionSetArn"])
            if self.chance(0.3):
                content = limited_content("", ALLOW_LISTING, not_before=None, until=self.choose.choice((None, _UNTIL)))
                self.sso.put_inline_policy_to_permission_set(**of, InlinePolicy=json.dumps(content))
            if self.chance(0.2):
                reference = {"Name": "Team", "Path": self.choose.choice(("/", "/acme/"))}
                self.sso.attach_customer_managed_policy_reference_to_permission_set(
                    **of, CustomerManagedPolicyReference=reference
                )
            if self.chance(0.2):
                boundary = self.choose.choice(
                    (
                        {"ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
                        {"CustomerManagedPolicyReference": {"Name": "Boundary", "Path": "/"}},
                    )
                )
                self.sso.put_permissions_boundary_to_permission_set(**of, PermissionsBoundary=boundary)
            if self.chance(0.2):
                tags = [{"Key": "owner", "Value": "kim"}]
                self.sso.tag_resource(InstanceArn=INSTANCE, ResourceArn=of["PermissionSetArn"], Tags=tags)

    def assign(self, most: int) -> None:
        """Give access to the accounts of a unit, to all of them, and to some, until there is enough."""
        live = LiveOrganization(self.aws.client)
        parents = {each.id: each.parent_id for each in live.accounts()}
        parents |= {each.id: each.parent_id for each in live.all_organizational_units()}
        principals = [("GROUP", each) for each in self.groups] + [("USER", each) for each in self.people[:20]]
        pairs = [(principal, each) for principal in principals for each in self.sets]
        self.choose.shuffle(pairs)
        made = 0
        for (kind, principal), permission_set in pairs:
            accounts = self._some_accounts(parents)
            if made + len(accounts) > most:
                break
            made += len(accounts)
            self.hand.assign(permission_set, principal, *accounts, kind=kind)

    def _some_accounts(self, parents: dict[str, str]) -> Sequence[str]:
        def is_in(account: str, unit: str) -> bool:
            above = parents.get(account, "")
            return above == unit or (above != "" and is_in(above, unit))

        chosen: list[str] = []
        for _ in range(self.choose.randrange(1, 3)):
            kind = self.choose.randrange(4)
            if kind == 0 and self.units:
                unit = self.choose.choice(self.units)
                chosen += [each for each in self.accounts if is_in(each, unit)]
            elif kind == 1:
                chosen += self.accounts
            else:
                chosen += some(self.choose, [MANAGEMENT, *self.accounts])
        return sorted(set(chosen))

    def make_policies(self, number: int) -> None:
        for kind in POLICY_TYPES:
            if self.chance(0.7):
                self.organizations.enable_policy_type(RootId=self.hand.root, PolicyType=kind)
        self.organizations.list_roots()
        enabled = {each["Type"] for each in self.organizations.list_roots()["Roots"][0]["PolicyTypes"]}
        attached: dict[tuple[str, str], int] = {}
        for each in range(number):
            kind = self.choose.choice(POLICY_TYPES)
            content: Any = content_of(kind)
            if kind == "SERVICE_CONTROL_POLICY" and self.chance(0.4):
                content = self.guardrails()
            made = self.organizations.create_policy(
                Name=f"policy {each}" if self.chance(0.5) else f"policy-{each}",
                Type=kind,
                Description=self.choose.choice(("", "For good")),
                Content=json.dumps(content),
                Tags=self.tags(),
            )["Policy"]["PolicySummary"]["Id"]
            for target in some(self.choose, [self.hand.root, *self.units, *self.accounts, MANAGEMENT]):
                if kind in enabled and attached.get((kind, target), 0) < 3:
                    attached[kind, target] = attached.get((kind, target), 0) + 1
                    self.organizations.attach_policy(PolicyId=made, TargetId=target)

    def guardrails(self) -> Any:
        roles = [guardrails.permission_set_role("AdministratorAccess")]
        every = (
            guardrails.deny_leaving_organization(),
            guardrails.deny_root_user(),
            guardrails.deny_deleting_keys(except_roles=roles),
            guardrails.allow_regions(["eu-west-1", "us-east-1"]),
            guardrails.protect_baseline_roles(except_roles=roles),
        )
        return guardrails.combine(*self.choose.sample(every, self.choose.randrange(1, 4)))[0]

    def make_services(self) -> None:
        if not self.chance(0.5):
            return
        for each in ("account.amazonaws.com", "cloudtrail.amazonaws.com", root_access.SERVICE):
            self.organizations.enable_aws_service_access(ServicePrincipal=each)
        if self.chance(0.6):
            iam = self.aws.client("iam")
            iam.enable_organizations_root_credentials_management()
            if self.chance(0.7):
                iam.enable_organizations_root_sessions()
        client = self.aws.client("account")
        for kind in ("SECURITY", "BILLING"):
            for account in (MANAGEMENT, *self.accounts[: self.choose.randrange(8)]):
                client.put_alternate_contact(
                    AlternateContactType=kind,
                    Name=self.choose.choice(("Kim Acme", "Dax Acme")),
                    Title="Head of security",
                    EmailAddress="security@acme.com",
                    PhoneNumber="+1 206 555 0100",
                    **({} if account == MANAGEMENT else {"AccountId": account}),
                )

    def delegate(self) -> None:
        """Let accounts administer services, of those that AWS takes as administrators: none that was closed."""
        pages = self.organizations.get_paginator("list_accounts").paginate()
        active = {each["Id"] for page in pages for each in page["Accounts"] if each["Status"] == "ACTIVE"}
        able = [each for each in self.accounts if each in active]
        trusted = self.organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
        for each in trusted:
            if able and self.chance(0.4):
                self.organizations.register_delegated_administrator(
                    AccountId=self.choose.choice(able), ServicePrincipal=each["ServicePrincipal"]
                )


def make(aws: LocalAws, choose: Random, *, accounts: int, people: int, assignments: int) -> None:
    """Make an organization with at most so many accounts, people and assignments."""
    years = _Years(aws, choose)
    years.hand.organization()
    years.make_units(choose.randrange(12))
    years.make_accounts(choose.randrange(accounts + 1))
    years.make_people(choose.randrange(people + 1))
    years.make_groups(choose.randrange(9))
    years.make_sets(choose.randrange(1, 8))
    years.assign(assignments)
    years.make_policies(choose.randrange(8))
    years.make_services()
    years.close_accounts()
    if choose.random() < 1 / 3:
        years.let_a_provider_have_some()
    years.delegate()


__all__ = ["INSTANCE", "MANAGEMENT", "STORE", "make"]
