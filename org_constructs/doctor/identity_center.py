"""IAM Identity Center: whether it is enabled, where, as what, and where its users come from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.aws.examples import EXAMPLE_IDENTITY_CENTER
from org_constructs.aws.user_types import USERS

from .check import Check
from .finding import Finding, Fix, ok, problem, warning
from .instances import PRINCIPAL, Instance, Kind, instances

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .examination import Examination

_ENABLING: Final = "https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-identity-center.html"
_KEYS: Final = "https://docs.aws.amazon.com/singlesignon/latest/userguide/baseline-KMS-key-policy.html"
_USERS_LOOKED_AT: Final = 100  # one call


def _look(examination: Examination) -> Iterator[Finding]:
    seen = instances(examination)
    own = [each for each in seen if each.kind is not Kind.MEMBER]
    if own:
        yield from _of_this_account(examination, own[0])
    else:
        yield from _none(examination)
    for other in seen:
        if other is not (own[0] if own else None):
            yield _other(other)


def _of_this_account(examination: Examination, found: Instance) -> Iterator[Finding]:
    if found.status != "ACTIVE":
        yield _not_active(found)
    elif found.kind is Kind.STANDALONE:
        yield _standalone(examination, found)
    elif found.kind is Kind.UNCLEAR:
        yield _unclear(examination, found)
    else:
        yield from _as_the_assembly_has_it(examination, found)
        if not found.permission_sets:
            yield _without_permission_sets(examination, found)
        yield from _closed_network(examination, found)
        yield from _own_key(found)
        yield from _users(examination, found)


def _not_active(found: Instance) -> Finding:
    console = _console(found.region)
    wait = f"Wait some minutes and run this again; if it stays so, look at its settings: {console}"
    return problem(
        "identity-center-not-active",
        f"The instance of IAM Identity Center in {found.region} is {found.status}"
        + (f": {found.status_reason}" if found.status_reason else ""),
        why="It cannot be used before it is ACTIVE.",
        next=(f"See why, and enable it again: {console}" if found.status == "CREATE_FAILED" else wait,),
        stops=True,
    )


def _standalone(examination: Examination, found: Instance) -> Finding:
    """Tell of an instance from before there is an organization; what becomes of it then AWS does not document."""
    wanted = _wanted(examination)
    say = problem if wanted else warning
    return say(
        "identity-center-standalone",
        f"This account has an instance of IAM Identity Center of its own, in {found.region}: {found.arn}",
        why="It was enabled without an organization, so that it has no permission sets and gives nobody access to an"
        " account. Those come with the instance of an organization, and an account has one instance.",
        next=(
            f"Find out who uses its users and applications: {_console(found.region)}",
            "Leave `identity_center` out of the app, deploy the organization, and run this again",
        ),
        stops=wanted,
    )


def _unclear(examination: Examination, found: Instance) -> Finding:
    command = _command(examination, found, "update-instance", "--permission-sets-enabled")
    return problem(
        "identity-center-unclear",
        f"Whose the instance of IAM Identity Center in {found.region} is cannot be told: it has no permission sets, and"
        f" {PRINCIPAL} has no trusted access to the organization",
        why="It may be the organization's, set up as Custom and cut off since, or one of this account alone from before"
        " the organization. AWS has no field for it, and neither gives anybody access to an account as it is.",
        next=(
            f"Look in its settings for whose it is, and who uses it: {_console(found.region)}",
            f"If it is the organization's, enable trusted access in its settings, and `{command}`",
            "If it is not, or you cannot tell, ask whoever enabled it, or AWS Support, before anything is changed",
        ),
        stops=True,
    )


def _without_permission_sets(examination: Examination, found: Instance) -> Finding:
    # https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_UpdateInstance.html
    command = _command(examination, found, "update-instance", "--permission-sets-enabled")
    said = f"The organization's instance of IAM Identity Center in {found.region} has permission sets disabled"
    why = (
        "It was set up as Custom, without them, so that nobody can be given access to an account. To enable them is for"
        " good; it changes nothing that is there."
    )
    if not _wanted(examination):
        return warning("permission-sets-disabled", said, why=why, next=(f"`{command}`",))
    return problem(
        "permission-sets-disabled",
        said,
        why=why,
        next=(f"`{command}`, or `org-baseline doctor --fix`",),
        fix=Fix(
            question=f"Enable permission sets in {found.arn}, for good? AWS cannot disable them again.",
            apply=partial(
                examination.live_in(found.region).client("sso-admin").update_instance,
                InstanceArn=found.arn,
                PermissionSetsEnabled=True,
            ),
            done="Permission sets are enabled",
        ),
        stops=True,
    )


def _closed_network(examination: Examination, found: Instance) -> Iterator[Finding]:
    """Tell that only some networks are let in: whoever is elsewhere neither signs in nor deploys."""
    network = found.described.get("NetworkConfigurationDetails", {})
    if not network.get("VpceAccessRequired"):
        return
    vpcs = [arn.rpartition("/")[2] for arn in network.get("RestrictSourceVpcs", ())]
    ranges = network.get("AllowSourceIps", ())
    let_in = [f"VPC endpoints of {', '.join(vpcs)}" if vpcs else "VPC endpoints of the organization", *ranges]
    command = _command(examination, found, "update-instance", "--network-configuration", "VpceAccessRequired=false")
    yield warning(
        "identity-center-closed-network",
        f"IAM Identity Center in {found.region} lets in {' and '.join(let_in)} alone",
        why="People who come from elsewhere cannot sign in, and calls from elsewhere, a deploy's among them, may be"
        " refused.",
        next=(
            "Deploy from there, and see that everybody who is to sign in comes from there",
            f"or let everybody in, from there: `{command}`, which forgets the VPCs and addresses",
        ),
    )


def _own_key(found: Instance) -> Iterator[Finding]:
    """Tell of a KMS key of the organization's own, without which nothing in Identity Center can be read."""
    encryption = found.described.get("EncryptionConfigurationDetails", {})
    if encryption.get("KeyType") != "CUSTOMER_MANAGED_KEY":
        return
    key, status = encryption.get("KmsKeyArn", "a key"), encryption.get("EncryptionStatus", "ENABLED")
    reason = encryption.get("EncryptionStatusReason")
    yield warning(
        "identity-center-own-key",
        f"IAM Identity Center in {found.region} is encrypted with {key}, a customer managed key"
        + ("" if status == "ENABLED" else f", whose status is {status}" + (f": {reason}" if reason else "")),
        why="What may not use that key cannot use IAM Identity Center: a deploy fails in the middle, and a key that is"
        " disabled or deleted ends everybody's access.",
        next=(
            (
                f"Allow the credentials that deploy to use the key, as {_KEYS} says; the policy of `org-baseline"
                " deploy-policy` does not"
            ),
        ),
    )


def _other(other: Instance) -> Finding:
    whose = "of this account" if other.kind is not Kind.MEMBER else f"of account {other.owner_account_id} alone"
    return ok(
        "identity-center-other",
        f"There is another instance of IAM Identity Center, {whose}, in {other.region}: {other.arn}",
        why="It gives nobody access to an account; a deploy neither uses nor changes it.",
    )


def _none(examination: Examination) -> Iterator[Finding]:
    # https://docs.aws.amazon.com/singlesignon/latest/userguide/organization-instances-identity-center.html
    enable = (
        (
            f"Open {_console(examination.region)} with the management account and press Enable;"
            f" {examination.region} is its region for good"
        ),
        "Choose Single-Region: Multi-Region makes a KMS key that costs, and Custom may leave permission sets out",
        f"See {_ENABLING}; then run this again for the lines to paste",
    )
    if _wanted(examination):
        new = examination.live.organization() is None
        first = ("Leave `identity_center` out of the app and deploy the organization first",) if new else ()
        yield problem(
            "identity-center-not-enabled",
            "IAM Identity Center is not enabled, and the assembly has permission sets, people or assignments",
            why="AWS has no API that enables it in a management account.",
            next=(*first, *enable),
            stops=True,
        )
    elif examination.live.organization() is None:
        yield ok(
            "identity-center-later",
            "IAM Identity Center is not enabled; that is for after the first deploy",
            why="Enabled before there is an organization it becomes an instance of this account alone.",
        )
    else:
        yield warning(
            "identity-center-not-enabled",
            "IAM Identity Center is not enabled",
            why="The deploy makes no people and no access before; AWS has no API that enables it.",
            next=enable,
        )


def _as_the_assembly_has_it(examination: Examination, found: Instance) -> Iterator[Finding]:
    in_region = f"IAM Identity Center is enabled in {found.region}"
    if found.replicas:
        in_region += f" and replicated to {', '.join(found.replicas)}"
    if not examination.has_assembly:
        yield ok(
            "identity-center-to-name",
            in_region,
            next=("Write this into the app",),
            paste=(*_env(examination, found), *found.lines),
        )
        return
    assembly = examination.assembly
    if assembly.region is not None and assembly.region != found.region:
        yield problem(
            "identity-center-region",
            f"{in_region}, and the assembly is for {assembly.region}",
            why="Its region can never change, and people and access can be made there alone, not where it is replicated"
            " to."
            if assembly.region in found.replicas
            else "Its region can never change, and people and access can be made there alone.",
            next=("Deploy the stack there: write its region into the app",),
            paste=(*_env(examination, found), *found.lines),
            stops=True,
        )
        return
    arns = assembly.literals("AWS::SSO::", "InstanceArn")
    stores = assembly.literals("AWS::IdentityStore::", "IdentityStoreId")
    if others := sorted((arns - {found.arn}) | (stores - {found.identity_store_id})):
        yield problem(
            "identity-center-mismatch",
            f"The assembly names {' and '.join(others)}, which is not what is enabled in {found.region}",
            why="It is the example's; nothing can be made in it."
            if EXAMPLE_IDENTITY_CENTER.issuperset(others)
            else "It is of another organization, or made up; nothing can be made in it.",
            next=("Write this into the app",),
            paste=found.lines,
            stops=True,
        )
    elif not _wanted(examination):
        yield warning(
            "identity-center-unused",
            f"{in_region}, and the assembly has neither people nor access",
            why="They come once the app names it.",
            next=("Write this into the app",),
            paste=found.lines,
        )
    else:
        yield ok("identity-center-ready", f"{in_region}, and it is the one that the assembly names")


def _users(examination: Examination, found: Instance) -> Iterator[Finding]:
    """Tell where users come from, and what those who are created need."""
    client = examination.live_in(found.region).client("identitystore")
    users = client.list_users(IdentityStoreId=found.identity_store_id, MaxResults=_USERS_LOOKED_AT)["Users"]
    external = any(user.get("ExternalIds") for user in users)
    creates = examination.has_assembly and any(examination.assembly.resources(*USERS))
    if external and creates:
        yield warning(
            "identity-provider-and-users",
            "An identity provider puts users into IAM Identity Center, and the assembly creates some, too",
            why="The provider does not know those, so that they cannot sign in.",
            next=(
                "Name people who are there already by their ids, and let the provider add the others",
                f"`{_list_users(examination, found)}` lists them",
            ),
            paste=('UserProps(user_name="…", user_id="…"),',),
        )
    elif external:
        yield ok(
            "identity-provider",
            "An identity provider puts users into IAM Identity Center; the app names them by their ids",
        )
    elif creates:
        yield warning(
            "users-without-invitation",
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


def _list_users(examination: Examination, found: Instance) -> str:
    command = f"aws identitystore list-users --identity-store-id {found.identity_store_id} --region {found.region}"
    return examination.with_profile(command)


def _env(examination: Examination, found: Instance) -> tuple[str, ...]:
    return (f'env=cdk.Environment(account="{examination.live.caller().account_id}", region="{found.region}"),',)


def _console(region: str) -> str:
    return f"https://{region}.console.aws.amazon.com/singlesignon/home?region={region}"


def _command(examination: Examination, found: Instance, command: str, *options: str) -> str:
    return examination.with_profile(
        f"aws sso-admin {command} --instance-arn {found.arn} {' '.join(options)} --region {found.region}"
    )


def _wanted(examination: Examination) -> bool:
    return examination.has_assembly and bool(
        examination.assembly.literals("AWS::SSO::", "InstanceArn")
        or examination.assembly.literals("AWS::IdentityStore::", "IdentityStoreId")
    )


CHECK: Final = Check(
    id="identity-center", title="IAM Identity Center", look=_look, needs=("credentials", "organization")
)
