"""IAM Identity Center: whether it is enabled, where, as what, and where its users come from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.aws.consoles import console
from org_constructs.aws.examples import EXAMPLE_IDENTITY_CENTER
from org_constructs.aws.user_types import USERS

from .check import Check
from .finding import Finding, Fix, ok, problem, warning
from .instances import PRINCIPAL, Instance, Kind, instances

if TYPE_CHECKING:
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
    settings = _console(found.region)
    wait = f"Wait some minutes and run this again; if nothing changes, look at its settings: {settings}"
    return problem(
        "identity-center-not-active",
        f"The instance of IAM Identity Center in {found.region} is {found.status}"
        + (f": {found.status_reason}" if found.status_reason else ""),
        why="It cannot be used before it is ACTIVE.",
        next=(f"See why, and enable it again: {settings}" if found.status == "CREATE_FAILED" else wait,),
        stops=True,
    )


def _standalone(examination: Examination, found: Instance) -> Finding:
    """Tell of an instance from before there is an organization; what becomes of it then AWS does not document."""
    wanted = _wanted(examination)
    say = problem if wanted else warning
    return say(
        "identity-center-standalone",
        f"This account has its own instance of IAM Identity Center, in {found.region}: {found.arn}",
        why=(
            "It was enabled without an organization, so it has no permission sets and cannot give access to accounts."
            " Only an organization instance can, and an account can have one instance."
        ),
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
        f"It is unclear whether the instance of IAM Identity Center in {found.region} belongs to the organization: it"
        f" has no permission sets, and {PRINCIPAL} has no trusted access",
        why=(
            "It may be the organization's, set up as Custom and cut off since, or this account's own from before the"
            " organization. AWS does not say which, and as it is, neither gives access to accounts."
        ),
        next=(
            f"Check in its settings whose it is, and who uses it: {_console(found.region)}",
            f"If it is the organization's, enable trusted access in its settings, and `{command}`",
            "If it is not, or you cannot tell, ask whoever enabled it, or AWS Support, before you change anything",
        ),
        stops=True,
    )


def _without_permission_sets(examination: Examination, found: Instance) -> Finding:
    # https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_UpdateInstance.html
    command = _command(examination, found, "update-instance", "--permission-sets-enabled")
    said = f"The organization's instance of IAM Identity Center in {found.region} has permission sets disabled"
    why = (
        "It was set up as Custom, without them, so it cannot give access to accounts. Enabling them is for good, and"
        " changes nothing that exists."
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
        f"IAM Identity Center in {found.region} only accepts {' and '.join(let_in)}",
        why="People elsewhere cannot sign in, and calls from elsewhere, including those of a deploy, may be refused.",
        next=(
            "Deploy from there, and make sure that everybody signs in from there",
            f"or lift the restriction, from there: `{command}`, which deletes the list of VPCs and addresses",
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
        why=(
            "Whoever may not use that key cannot use IAM Identity Center: a deploy fails halfway, and disabling or"
            " deleting the key ends everybody's access."
        ),
        next=(
            (
                f"Allow the credentials that deploy to use the key, see {_KEYS}; the policy of `org-baseline"
                " deploy-policy` does not include it"
            ),
        ),
    )


def _other(other: Instance) -> Finding:
    whose = "of this account" if other.kind is not Kind.MEMBER else f"of account {other.owner_account_id}"
    return ok(
        "identity-center-other",
        f"Another instance of IAM Identity Center exists, {whose}, in {other.region}: {other.arn}",
        why="It gives no access to accounts; a deploy neither uses nor changes it.",
    )


def _none(examination: Examination) -> Iterator[Finding]:
    # https://docs.aws.amazon.com/singlesignon/latest/userguide/organization-instances-identity-center.html
    enable = (
        (
            f"Open {_console(examination.region)} with the management account and press Enable; {examination.region}"
            " becomes its home region for good"
        ),
        (
            "Choose Single-Region: Multi-Region creates a KMS key that costs money, and Custom can leave out permission"
            " sets"
        ),
        f"See {_ENABLING}; then run this again for the lines to paste",
    )
    if _wanted(examination):
        new = examination.live.organization() is None
        first = ("Leave `identity_center` out of the app and deploy the organization first",) if new else ()
        yield problem(
            "identity-center-not-enabled",
            "IAM Identity Center is not enabled, and the assembly has permission sets, people or assignments",
            why="AWS has no API to enable it in a management account.",
            next=(*first, *enable),
            stops=True,
        )
    elif examination.live.organization() is None:
        yield ok(
            "identity-center-later",
            "IAM Identity Center is not enabled yet; that comes after the first deploy",
            why="Enabled before the organization exists, it would become an instance of this account alone.",
        )
    else:
        yield warning(
            "identity-center-not-enabled",
            "IAM Identity Center is not enabled",
            why="Until then the deploy creates no people and no access; AWS has no API to enable it.",
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
            next=("Add this to the app",),
            paste=(*_env(examination, found), *found.lines),
        )
        return
    assembly = examination.assembly
    if assembly.region is not None and assembly.region != found.region:
        yield problem(
            "identity-center-region",
            f"{in_region}, and the assembly is for {assembly.region}",
            why=(
                "Its region can never change, and people and access can only be created there, not in regions that it"
                " is replicated to."
            )
            if assembly.region in found.replicas
            else "Its region can never change, and people and access can only be created there.",
            next=("Deploy the stack there: set its region in the app",),
            paste=(*_env(examination, found), *found.lines),
            stops=True,
        )
        return
    arns = assembly.literals("AWS::SSO::", "InstanceArn")
    stores = assembly.literals("AWS::IdentityStore::", "IdentityStoreId")
    if others := sorted((arns - {found.arn}) | (stores - {found.identity_store_id})):
        yield problem(
            "identity-center-mismatch",
            f"The assembly names {' and '.join(others)}, but another instance is enabled in {found.region}",
            why="It is the example's; nothing can be created in it."
            if EXAMPLE_IDENTITY_CENTER.issuperset(others)
            else "It belongs to another organization, or does not exist; nothing can be created in it.",
            next=("Add this to the app",),
            paste=found.lines,
            stops=True,
        )
    elif not _wanted(examination):
        yield warning(
            "identity-center-unused",
            f"{in_region}, and the assembly has neither people nor access",
            why="They come once the app refers to it.",
            next=("Add this to the app",),
            paste=found.lines,
        )
    else:
        yield ok("identity-center-ready", f"{in_region}, as in the assembly")


def _users(examination: Examination, found: Instance) -> Iterator[Finding]:
    """Tell where users come from, and what those who are created need."""
    client = examination.live_in(found.region).client("identitystore")
    users = client.list_users(IdentityStoreId=found.identity_store_id, MaxResults=_USERS_LOOKED_AT)["Users"]
    external = any(user.get("ExternalIds") for user in users)
    creates = examination.has_assembly and any(examination.assembly.resources(*USERS))
    if external and creates:
        yield warning(
            "identity-provider-and-users",
            "An identity provider adds users to IAM Identity Center, but the assembly creates users too",
            why="The provider does not know these, so they cannot sign in.",
            next=(
                "Refer to people who exist already by id, and let the provider add the others",
                f"`{_list_users(examination, found)}` lists them",
            ),
            paste=('UserProps(user_name="…", user_id="…"),',),
        )
    elif external:
        yield ok(
            "identity-provider",
            "An identity provider adds users to IAM Identity Center; the app refers to them by id",
        )
    elif creates:
        yield warning(
            "users-without-invitation",
            "Whether AWS sends new users an e-mail at their first sign-in cannot be read",
            why="A user created by an API gets no invitation and has no password.",
            next=(
                (
                    "IAM Identity Center, Settings, Authentication, Standard authentication, Configure: turn on"
                    " 'Send email OTP for users created from API'"
                ),
                "or give everybody a one-time password: Users, the user, Reset password",
            ),
        )


def _list_users(examination: Examination, found: Instance) -> str:
    command = f"aws identitystore list-users --identity-store-id {found.identity_store_id} --region {found.region}"
    return examination.with_profile(command)


def _env(examination: Examination, found: Instance) -> tuple[str, ...]:
    return (f'env=cdk.Environment(account="{examination.live.caller().account_id}", region="{found.region}"),',)


def _console(region: str) -> str:
    return console(region, f"singlesignon/home?region={region}") or "its console"


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
