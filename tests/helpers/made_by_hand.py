"""An organization that a person made by hand, through AWS's APIs: the guide's, as far as a test wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.identitystore.models import User, identitystore_backends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from org_constructs.rehearsal.local_aws import LocalAws

MANAGEMENT = "111122223333"
INSTANCE = "arn:aws:sso:::instance/ssoins-1111222233334444"
STORE = "d-1111222233"
ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"

_OF_PROVIDER: Any = [{"Issuer": "https://scim.acme.com", "Id": "1"}]


class _Provided(User):
    """A user with ids of an identity provider, which moto's users cannot have."""

    def _asdict(self) -> dict[str, Any]:
        return {**super()._asdict(), "ExternalIds": _OF_PROVIDER}


class Hand:
    """What a person clicks, each thing made once."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws
        self._organizations = aws.client("organizations")
        self._store = aws.client("identitystore")
        self._sso = aws.client("sso-admin")

    def organization(self, feature_set: str = "ALL") -> str:
        return str(self._organizations.create_organization(FeatureSet=feature_set)["Organization"]["Id"])

    @property
    def root(self) -> str:
        return str(self._organizations.list_roots()["Roots"][0]["Id"])

    def service_control_policies(self) -> None:
        """Enable them, and look that they are."""
        self._organizations.enable_policy_type(RootId=self.root, PolicyType="SERVICE_CONTROL_POLICY")
        self._organizations.list_roots()

    def unit(self, name: str, parent: str | None = None) -> str:
        made = self._organizations.create_organizational_unit(ParentId=parent or self.root, Name=name)
        return str(made["OrganizationalUnit"]["Id"])

    def account(self, name: str, email: str, parent: str | None = None) -> str:
        made = self._organizations.create_account(AccountName=name, Email=email)
        account_id = str(made["CreateAccountStatus"]["AccountId"])
        if parent:
            self._organizations.move_account(AccountId=account_id, SourceParentId=self.root, DestinationParentId=parent)
        return account_id

    def policy(self, name: str, content: str, *targets: str) -> str:
        made = self._organizations.create_policy(
            Name=name, Type="SERVICE_CONTROL_POLICY", Description="", Content=content
        )
        policy_id = str(made["Policy"]["PolicySummary"]["Id"])
        for target in targets:
            self._organizations.attach_policy(PolicyId=policy_id, TargetId=target)
        return policy_id

    def user(self, user_name: str = "dax@acme.com", email: str | None = "dax@acme.com", **names: str) -> str:
        emails = [{"Value": email, "Type": "work", "Primary": True}] if email else None
        request: dict[str, Any] = {
            "UserName": user_name,
            "DisplayName": names.get("display", "Dax Acme"),
            "Name": {
                "GivenName": names.get("given", "Dax"),
                "FamilyName": names.get("family", "Acme"),
                **({"MiddleName": names["middle"]} if names.get("middle") else {}),
            },
        }
        if emails:
            request["Emails"] = emails
        return str(self._store.create_user(IdentityStoreId=STORE, **request)["UserId"])

    def provided(self, *ids: str) -> None:
        """Let an identity provider have put users and groups there."""
        store = identitystore_backends[MANAGEMENT][self._store.meta.region_name].identity_stores[STORE]
        for each in ids:
            if each in store.groups:
                store.groups[each] = store.groups[each]._replace(ExternalIds=_OF_PROVIDER)
            else:
                store.users[each] = _Provided(*store.users[each])

    def group(self, name: str = "Administrators", description: str = "Administer every account") -> str:
        described = {"Description": description} if description else {}
        made = self._store.create_group(IdentityStoreId=STORE, DisplayName=name, **described)
        return str(made["GroupId"])

    def member(self, group_id: str, user_id: str) -> str:
        made = self._store.create_group_membership(
            IdentityStoreId=STORE, GroupId=group_id, MemberId={"UserId": user_id}
        )
        return str(made["MembershipId"])

    def permission_set(
        self,
        name: str = "AdministratorAccess",
        description: str = "Everything, for 12 hours at a time",
        session: str = "PT12H",
        policies: tuple[str, ...] = (ADMINISTRATOR_ACCESS,),
    ) -> str:
        made = self._sso.create_permission_set(
            InstanceArn=INSTANCE, Name=name, Description=description, SessionDuration=session
        )
        arn = str(made["PermissionSet"]["PermissionSetArn"])
        for policy in policies:
            self._sso.attach_managed_policy_to_permission_set(
                InstanceArn=INSTANCE, PermissionSetArn=arn, ManagedPolicyArn=policy
            )
        return arn

    def assign(self, permission_set_arn: str, principal_id: str, *accounts: str, kind: str = "GROUP") -> None:
        for account in accounts:
            self._sso.create_account_assignment(
                InstanceArn=INSTANCE,
                TargetId=account,
                TargetType="AWS_ACCOUNT",
                PermissionSetArn=permission_set_arn,
                PrincipalType=kind,
                PrincipalId=principal_id,
            )

    def budget(self, name: str, emails: Sequence[str] = ("dax@acme.com", "kim@acme.com"), **filters: list[str]) -> None:
        """Make one of 50 USD a month, with e-mails at 80 % and at 100 %."""
        subscribers = [{"SubscriptionType": "EMAIL", "Address": each} for each in emails]
        notification: dict[str, Any] = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN"}
        self._aws.client("budgets").create_budget(
            AccountId=MANAGEMENT,
            Budget={
                "BudgetName": name,
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                # As the API returns it.
                "BudgetLimit": {"Amount": "50.0", "Unit": "USD"},
                "CostFilters": filters,
            },
            NotificationsWithSubscribers=[
                {"Notification": notification | {"Threshold": each}, "Subscribers": subscribers} for each in (100, 80)
            ],
        )

    def guide(self) -> dict[str, str]:
        """Make the guide's end state; return the ids by what they are of."""
        made = {"organization": self.organization()}
        made["dev"] = self.account("acme-dev", "aws+dev@acme.com")
        made["production"] = self.account("acme-production", "aws+production@acme.com")
        made |= {"user": self.user(), "group": self.group(), "set": self.permission_set()}
        made["membership"] = self.member(made["group"], made["user"])
        self.assign(made["set"], made["group"], MANAGEMENT, made["dev"], made["production"])
        return made
