"""Makes what an app takes for granted, in the services' own state, under exactly the ids that the app names."""

from typing import Final

from moto.identitystore.models import Group, Name, User
from moto.organizations.models import FakeAccount, FakeOrganizationalUnit, organizations_backends
from moto.ssoadmin.models import ssoadmin_backends

from .existing import Existing
from .services import identity_store, organizations, sso_admin

_INSTANCE: Final = "arn:aws:sso:::instance/ssoins-7223abcd12345678"
_IDENTITY_STORE: Final = "d-9067abcd12"


def seed(existing: Existing, account_id: str, region: str) -> None:
    """Make everything that exists before the deploy.

    Raises:
        ValueError: if users, groups or permission sets exist without the IAM Identity Center that they are in.
    """
    members = [member for member in existing.account_ids if member != account_id]
    if any(
        (existing.organization_id, existing.root_id, members, existing.organizational_unit_ids, existing.policy_ids)
    ):
        _seed_organization(existing, account_id, region)
    if existing.instance_arn or existing.identity_store_id:
        _seed_identity_center(existing, account_id, region)
    elif existing.user_ids or existing.group_ids or existing.permission_set_arns:
        raise ValueError(
            "existing users, groups and permission sets need instance_arn and identity_store_id, got neither"
        )


def enable_identity_center(
    instance_arn: str | None, identity_store_id: str | None, account_id: str, region: str
) -> None:
    """Enable IAM Identity Center for the organization, which trusts its service from then on.

    See https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-sso.html.

    Raises:
        ValueError: if there is no organization, or IAM Identity Center is enabled.
    """
    backend = organizations.backend_of(account_id)
    if backend.org is None:
        raise ValueError("IAM Identity Center of an organization needs the organization first, got none")
    if any(each.instances for each in ssoadmin_backends[account_id].values()):
        raise ValueError("an organization has one instance of IAM Identity Center, and it is enabled already")
    sso_admin.backend_of(account_id, region).enable(instance_arn or _INSTANCE, identity_store_id or _IDENTITY_STORE)
    backend.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")


def _seed_organization(existing: Existing, account_id: str, region: str) -> None:
    backend = organizations.backend_of(account_id)
    backend.create_organization(region, FeatureSet="ALL")
    organization = backend.organization
    organization.id = existing.organization_id or organization.id
    root = backend.root
    root.policy_types = [{"Type": policy_type, "Status": "ENABLED"} for policy_type in existing.policy_types]
    root.id = organization.root_id = existing.root_id or root.id
    for member in [*backend.children(), *backend.policies]:
        member.organization_id = organization.id
    backend.get_account_by_id(account_id).parent_id = root.id
    for number, unit_id in enumerate(existing.organizational_unit_ids, 1):
        unit = FakeOrganizationalUnit(organization, Name=existing.name(unit_id, f"existing-{number}"), ParentId=root.id)
        unit.id = unit_id
        backend.ou.append(unit)
        _allow_all(backend, unit_id)
    for number, existing_id in enumerate((a for a in existing.account_ids if a != account_id), 1):
        name = existing.name(existing_id, f"existing-{number}")
        account = FakeAccount(organization, AccountName=name, Email=f"existing-{number}@example.com")
        account.id = existing_id
        backend.accounts.append(account)
        organizations_backends.master_accounts[existing_id] = (account_id, "aws")
        _allow_all(backend, existing_id)
    for number, policy_id in enumerate(existing.policy_ids, 1):
        if any(policy.id == policy_id for policy in backend.policies):
            continue
        policy = organizations.Policy(
            organization, Name=f"existing-{number}", Type="SERVICE_CONTROL_POLICY", Content='{"Statement":[]}'
        )
        policy.id = policy_id
        backend.policies.append(policy)


def _allow_all(backend: organizations.LocalOrganizations, target_id: str) -> None:
    for policy in backend.policies:
        if policy.aws_managed:
            backend.attach_policy(PolicyId=policy.id, TargetId=target_id)


def _seed_identity_center(existing: Existing, account_id: str, region: str) -> None:
    backend = sso_admin.backend_of(account_id, region)
    instance_arn = existing.instance_arn or _INSTANCE
    enabled = (each for each in backend.instances if each.instance_arn == instance_arn)
    instance = next(enabled, None) or backend.enable(instance_arn, existing.identity_store_id or _IDENTITY_STORE)
    store = identity_store.backend_of(account_id, region).store(instance.identity_store_id)
    for number, user_id in enumerate(existing.user_ids, 1):
        name = f"existing-{number}"
        store.users[user_id] = User(
            user_id,
            instance.identity_store_id,
            existing.name(user_id, f"{name}@example.com"),
            Name(None, str(number), "Existing", None, None, None),
            f"Existing {number}",
            *("", ""),
            [{"Value": f"{name}@example.com", "Type": "work", "Primary": "true"}],
            *([], []),
            *("", "", "", "", ""),
        )
    for number, group_id in enumerate(existing.group_ids, 1):
        name = existing.name(group_id, f"existing-{number}")
        store.groups[group_id] = Group(group_id, name, [], "", instance.identity_store_id)
    for number, arn in enumerate(existing.permission_set_arns, 1):
        name = existing.name(arn, f"Existing{number}")
        created = backend.create_permission_set(name, "", instance_arn, "PT1H", "", [])
        backend.permission_set(created["PermissionSetArn"]).permission_set_arn = arn
