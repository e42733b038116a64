"""IAM Identity Center: whether it is enabled, where, as what, and where its users come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .check import Check
from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .examination import Examination

_USER_TYPES: Final = ("AWS::IdentityStore::User", "Custom::IdentityStoreUser")
_ENABLING: Final = "https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-identity-center.html"
_USERS_LOOKED_AT: Final = 100  # one call


@dataclass(frozen=True, kw_only=True)
class _Instance:
    arn: str
    identity_store_id: str
    region: str
    status: str
    status_reason: str
    of_organization: bool

    @property
    def lines(self) -> tuple[str, ...]:
        return (
            "identity_center=IdentityCenter(",
            f'    instance_arn="{self.arn}",',
            f'    identity_store_id="{self.identity_store_id}",',
            "),",
        )


def _look(examination: Examination) -> Iterator[Finding]:
    instances = list(_instances(examination))
    found = next((each for each in instances if each.of_organization), None)
    if found is None:
        yield from (_account_instance(instances[0]),) if instances else _none(examination)
        return
    if found.status != "ACTIVE":
        yield problem(
            f"The instance of IAM Identity Center in {found.region} is {found.status}"
            + (f": {found.status_reason}" if found.status_reason else ""),
            why="It cannot be used before it is ACTIVE.",
            next=("Wait some minutes and run this again; if it stays so, look at its settings in the console",),
            stops=True,
        )
        return
    yield from _as_the_assembly_has_it(examination, found)
    yield from _users(examination, found)


def _instances(examination: Examination) -> Iterator[_Instance]:
    """Yield the caller's own instances, wherever they are."""
    caller = examination.live.caller().account_id
    pages = examination.live.client("sso-admin").get_paginator("list_instances").paginate(RegionScope="ALL_REGIONS")
    for page in pages:
        for each in page["Instances"]:
            if each.get("OwnerAccountId", caller) != caller:
                continue
            region = each.get("PrimaryRegion") or examination.region
            described: dict[str, Any] = {}
            if each.get("Status", "ACTIVE") == "ACTIVE":
                client = examination.live_in(region).client("sso-admin")
                described = client.describe_instance(InstanceArn=each["InstanceArn"])
            yield _Instance(
                arn=each["InstanceArn"],
                identity_store_id=each["IdentityStoreId"],
                region=region,
                status=each.get("Status", "ACTIVE"),
                status_reason=each.get("StatusReason", ""),
                # Only the instance of an organization has permission sets:
                # https://docs.aws.amazon.com/singlesignon/latest/userguide/account-instances-identity-center.html
                of_organization=described.get("PermissionSetsEnabled", True),
            )


def _none(examination: Examination) -> Iterator[Finding]:
    console = f"https://{examination.region}.console.aws.amazon.com/singlesignon/home?region={examination.region}"
    enable = (
        f"Open {console} with the management account and press Enable; {examination.region} is its region for good",
        f"See {_ENABLING}; then run this again for the lines to paste",
    )
    if _wanted(examination):
        new = examination.live.organization() is None
        first = ("Leave `identity_center` out of the app and deploy the organization first",) if new else ()
        yield problem(
            "IAM Identity Center is not enabled, and the assembly has permission sets, people or assignments",
            why="AWS has no API that enables it in a management account.",
            next=(*first, *enable),
            stops=True,
        )
    elif examination.live.organization() is None:
        yield ok(
            "IAM Identity Center is not enabled; that is for after the first deploy",
            why="Enabled before there is an organization it becomes an instance of this account alone.",
        )
    else:
        yield warning(
            "IAM Identity Center is not enabled",
            why="The deploy makes no people and no access before; AWS has no API that enables it.",
            next=enable,
        )


def _account_instance(found: _Instance) -> Finding:
    return problem(
        f"The instance of IAM Identity Center in {found.region} is one of this account, not of the organization",
        why="It has no permission sets, so that it gives nobody access to an account. It was enabled before there was"
        " an organization.",
        next=(
            (
                "See that nobody needs its users and applications, then delete it: IAM Identity Center, Settings,"
                " Management, Delete"
            ),
            f"Then enable it for the organization: {_ENABLING}",
        ),
        stops=True,
    )


def _as_the_assembly_has_it(examination: Examination, found: _Instance) -> Iterator[Finding]:
    in_region = f"IAM Identity Center is enabled in {found.region}"
    if not examination.has_assembly:
        yield ok(in_region, next=("Write this into the app",), paste=(*_env(examination, found), *found.lines))
        return
    assembly = examination.assembly
    if assembly.region is not None and assembly.region != found.region:
        yield problem(
            f"{in_region}, and the assembly is for {assembly.region}",
            why="Its region can never change, and people and access can be made there alone.",
            next=("Deploy the stack there: write its region into the app",),
            paste=(*_env(examination, found), *found.lines),
            stops=True,
        )
        return
    arns = assembly.literals("AWS::SSO::", "InstanceArn")
    stores = assembly.literals("AWS::IdentityStore::", "IdentityStoreId")
    if others := sorted((arns - {found.arn}) | (stores - {found.identity_store_id})):
        yield problem(
            f"The assembly names {' and '.join(others)}, which is not what is enabled in {found.region}",
            why="It is of another organization, or made up; nothing can be made in it.",
            next=("Write this into the app",),
            paste=found.lines,
            stops=True,
        )
    elif not _wanted(examination):
        yield warning(
            f"{in_region}, and the assembly has neither people nor access",
            why="They come once the app names it.",
            next=("Write this into the app",),
            paste=found.lines,
        )
    else:
        yield ok(f"{in_region}, and it is the one that the assembly names")


def _users(examination: Examination, found: _Instance) -> Iterator[Finding]:
    """Tell where users come from, and what those who are created need."""
    client = examination.live_in(found.region).client("identitystore")
    users = client.list_users(IdentityStoreId=found.identity_store_id, MaxResults=_USERS_LOOKED_AT)["Users"]
    external = any(user.get("ExternalIds") for user in users)
    creates = examination.has_assembly and any(examination.assembly.resources(*_USER_TYPES))
    if external and creates:
        yield warning(
            "An identity provider puts users into IAM Identity Center, and the assembly creates some, too",
            why="The provider does not know those, so that they cannot sign in.",
            next=(
                "Name people who are there already by their ids, and let the provider add the others",
                f"`{_list_users(examination, found)}` lists them",
            ),
            paste=('UserProps(user_name="…", user_id="…"),',),
        )
    elif external:
        yield ok("An identity provider puts users into IAM Identity Center; the app names them by their ids")
    elif creates:
        yield warning(
            "Whether AWS writes to new users when they first sign in cannot be read",
            why="A user whom an API makes gets no invitation and has no password.",
            next=(
                (
                    "IAM Identity Center, Settings, Authentication, Standard authentication, Configure: turn on"
                    " 'Send email OTP for users created from API'"
                ),
                "or give each a one-time password: Users, the user, Reset password",
            ),
        )


def _list_users(examination: Examination, found: _Instance) -> str:
    command = f"aws identitystore list-users --identity-store-id {found.identity_store_id} --region {found.region}"
    return examination.with_profile(command)


def _env(examination: Examination, found: _Instance) -> tuple[str, ...]:
    return (f'env=cdk.Environment(account="{examination.live.caller().account_id}", region="{found.region}"),',)


def _wanted(examination: Examination) -> bool:
    return examination.has_assembly and bool(
        examination.assembly.literals("AWS::SSO::", "InstanceArn")
        or examination.assembly.literals("AWS::IdentityStore::", "IdentityStoreId")
    )


CHECK: Final = Check(
    id="identity-center", title="IAM Identity Center", look=_look, needs=("credentials", "organization")
)
