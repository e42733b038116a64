"""`org-baseline deploy-policy`: the IAM policy that CloudFormation needs to deploy the organization."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Final

import click

from org_constructs.deploy_policy import MANAGED_POLICY_MAX, handler_permissions, make_deploy_policy
from org_constructs.templates.assembly import CDK_OUT

from . import _options
from ._bad_input import BadInput, bad_input
from ._staleness import read_assembly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from org_constructs.deploy_policy import DeployPolicy

_NAME: Final = "OrgBaselineDeploy"
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


@click.command()
@_options.assembly
@click.option(
    "--stack",
    "stacks",
    metavar="ID",
    multiple=True,
    help="For this stack only; default: for those with something of an organization. Can be repeated.",
)
@click.option(
    "--organization-id",
    metavar="ID",
    help="Narrow to this organization; default: to the one that the stacks name, or to the management account's.",
)
@click.option("--keep-retained", is_flag=True, help="Leave out what deletes resources that the templates retain.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The policy and how to use it, or the policy alone.",
)
@click.option("--part", type=click.IntRange(min=1), help="With json: this one, where one managed policy is too small.")
def deploy_policy(
    *,
    assembly: Path,
    stacks: tuple[str, ...],
    organization_id: str | None,
    keep_retained: bool,
    form: str,
    part: int | None,
) -> None:
    """Print the IAM policy that CloudFormation needs to deploy the organization.

    It allows what the handlers of the resource types in the templates call, on nothing but this organization and this
    instance of IAM Identity Center: for a role of `cdk deploy --role-arn`, or in place of AdministratorAccess for
    `cdk bootstrap --cloudformation-execution-policies` where the stacks are deployed by the bootstrap's roles.

    Exits with 2 if the input does not allow it.
    """
    with bad_input():
        policy = make_deploy_policy(
            read_assembly(assembly), selected=stacks, organization_id=organization_id, keep_retained=keep_retained
        )
        if form == "json":
            click.echo(json.dumps(_part(policy, part), indent=2))
        elif part is not None:
            raise BadInput("--part must be given with --format json only, since the text has every part; leave it out")
        else:
            options = [*(["--assembly", str(assembly)] if assembly != CDK_OUT else [])]
            options += [option for stack in stacks for option in ("--stack", stack)]
            options += ["--organization-id", organization_id] if organization_id else []
            options += ["--keep-retained"] if keep_retained else []
            for line in _text(policy, options):
                click.echo(line)
    for note in policy.notes:
        click.secho(f"Note: {note}", fg="yellow", err=True)


def _part(policy: DeployPolicy, part: int | None) -> object:
    documents = policy.documents
    if part is None and len(documents) > 1:
        raise BadInput(
            f"--part must be 1 to {len(documents)}, since a managed policy has at most {MANAGED_POLICY_MAX:,}"
            " characters and this one has more"
        )
    if part is not None and part > len(documents):
        raise BadInput(f"--part must be at most {len(documents)}, got {part}; there are no more parts")
    return documents[(part or 1) - 1]


def _text(policy: DeployPolicy, options: list[str]) -> Iterator[str]:
    date = handler_permissions()["schema_date"].partition("T")[0]
    yield f"For {', '.join(policy.stacks)} in {policy.account}, {policy.region}, by AWS's schemas of {date}:"
    yield ""
    documents = policy.documents
    for document in documents:
        yield json.dumps(document, indent=2)
        yield ""
    several = len(documents) > 1
    names = [f"{_NAME}{number}" if several else _NAME for number in range(1, len(documents) + 1)]
    iam = f"arn:{policy.partition}:iam::{policy.account}"
    arns = [f"{iam}:policy/{name}" for name in names]
    yield "Make it once, as an administrator of the management account:"
    yield ""
    for number, name in enumerate(names, 1):
        one = [
            "org-baseline",
            "deploy-policy",
            *options,
            "--format",
            "json",
            *(["--part", str(number)] if several else []),
        ]
        yield f"  {shlex.join(one)} > {name}.json"
        yield f"  aws iam create-policy --policy-name {name} --policy-document file://{name}.json"
    if policy.bootstrapped:
        to = f"aws://{policy.account}/{policy.region}"
        yield f"  cdk bootstrap {to} --cloudformation-execution-policies {','.join(arns)}"
        yield ""
        yield "The bootstrap's roles deploy with it from then on, whatever else they deploy in this account and region:"
        yield ""
        yield f"  cdk deploy {' '.join(policy.stacks)}"
        return
    yield f"  aws iam create-role --role-name {_NAME} --assume-role-policy-document '{json.dumps(_TRUST)}'"
    for arn in arns:
        yield f"  aws iam attach-role-policy --role-name {_NAME} --policy-arn {arn}"
    role = f"{iam}:role/{_NAME}"
    yield ""
    yield f"Then deploy with it. Whoever does needs CloudFormation and iam:PassRole on {role}:"
    yield ""
    yield f"  cdk deploy {' '.join(policy.stacks)} --role-arn {role}"
