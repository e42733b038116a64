"""`org-baseline deploy-policy`: the IAM policies of CloudFormation and of whoever deploys the organization."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import click

from org_constructs.aws.limits import MANAGED_POLICY_MAX
from org_constructs.deploy_policy import (
    ROLE_NAME,
    DeployPolicy,
    account_life_policy,
    handler_permissions,
    make_deploy_policy,
    read_only_policy,
)
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT
from org_constructs.templates.words import visible

from . import _options
from ._staleness import read_assembly

if TYPE_CHECKING:
    from pathlib import Path


_DEPLOYER: Final = "OrgBaselineDeployer"
_WITHOUT_APP: Final = {
    "--read-only": (read_only_policy, "OrgBaselineReader", "whoever reads the organization", "who reads"),
    "--account-life": (
        account_life_policy,
        "OrgBaselineAccounts",
        "whoever renames, readdresses and closes accounts",
        "who does",
    ),
}
"""The policies that need no app: what makes each, its name, whose it is, and whom to attach it to."""


class For(StrEnum):
    """Whose a document is."""

    ROLE = "role"
    DEPLOYER = "deployer"
    TRUST = "trust"


@click.command()
@_options.assembly
@click.option(
    "--stack",
    "stacks",
    metavar="ID",
    multiple=True,
    help="Only for this stack; default: for all stacks that belong to an organization. Can be repeated.",
)
@click.option(
    "--organization-id",
    metavar="ID",
    help="Limit to this organization; default: the one in the stacks, or the management account's.",
)
@click.option(
    "--allow-closing", is_flag=True, help="Let a deploy close accounts that leave the templates and are not retained."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The policies and how to use them, or one document alone.",
)
@click.option(
    "--for",
    "whose",
    type=click.Choice([each.value for each in For]),
    help="With json: what CloudFormation may do (role), what whoever deploys may do (deployer), or who may assume the"
    " role (trust); default: role.",
)
@click.option(
    "--read-only",
    is_flag=True,
    help="Print the policy of whoever reads the organization with `report live`, `access-diff live` and `drift`.",
)
@click.option(
    "--account-life",
    is_flag=True,
    help="Print the policy of whoever renames accounts with `doctor --fix`, or runs `account`.",
)
@click.option("--part", type=click.IntRange(min=1), help="With json: this part, if one managed policy is too small.")
def deploy_policy(
    *,
    assembly: Path,
    stacks: tuple[str, ...],
    organization_id: str | None,
    allow_closing: bool,
    form: str,
    whose: str | None,
    read_only: bool,
    account_life: bool,
    part: int | None,
) -> None:
    """Print the IAM policies that a deploy needs.

    CloudFormation's allows what the handlers of the resource types in the templates call, on nothing but this
    organization and this instance of IAM Identity Center: for a role of `cdk deploy --role-arn`, or in place of
    AdministratorAccess for `cdk bootstrap --cloudformation-execution-policies` where the stacks are deployed by the
    bootstrap's roles. That of whoever deploys, a person or a pipeline, allows what the CDK CLI calls, on these stacks
    and with this role alone. No deploy can close an account with it, but with --allow-closing.

    That of whoever only reads, with --read-only, needs no app: it allows what `live` asks of AWS, and nothing else. Nor
    does that of whoever renames and closes accounts, with --account-life.

    Exits with 2 if the input does not allow it.
    """
    if read_only or account_life:
        which = "--read-only" if read_only else "--account-life"
        given: dict[str, object] = {"--stack": stacks, "--organization-id": organization_id}
        given |= {"--allow-closing": allow_closing, "--for": whose, "--part": part}
        given |= {"--account-life": read_only and account_life}
        for option, value in given.items():
            if value:
                raise Refusal("options-together", f"{which} must be given without {option}", "leave one of them out")
        for line in _lines_without_app(form, which):
            click.echo(line)
        return
    policy = make_deploy_policy(
        read_assembly(assembly), selected=stacks, organization_id=organization_id, allow_closing=allow_closing
    )
    if form == "json":
        click.echo(json.dumps(_one(policy, For(whose or For.ROLE), part), indent=2))
    elif whose or part:
        option = "--for" if whose else "--part"
        raise Refusal(
            "part-of-text",
            f"{option} must be given with --format json only, since the text has everything",
            "leave it out",
        )
    else:
        options = [*(["--assembly", str(assembly)] if assembly != CDK_OUT else [])]
        options += [option for stack in stacks for option in ("--stack", stack)]
        options += ["--organization-id", organization_id] if organization_id else []
        options += ["--allow-closing"] if allow_closing else []
        for line in _Text(policy, options).lines():
            click.echo(line)
    for note in policy.notes:
        click.secho(visible(f"Note: {note}"), fg="yellow", err=True)


def _lines_without_app(form: str, option: str) -> Iterator[str]:
    policy, name, who, whom = _WITHOUT_APP[option]
    document = json.dumps(policy(), indent=2)
    if form == "json":
        yield document
        return
    yield from (f"What {who} may do, a person or a pipeline:", "", document, "")
    yield f"Create it as an administrator of the management account, and attach it to {whom}:"
    yield ""
    yield f"  org-baseline deploy-policy {option} --format json > {name}.json"
    yield f"  aws iam create-policy --policy-name {name} --policy-document file://{name}.json"


def _one(policy: DeployPolicy, whose: For, part: int | None) -> Any:  # noqa: ANN401 (JSON)
    """Return the document that is asked for."""
    if whose is For.TRUST and not policy.direct:
        raise Refusal(
            "role-of-bootstrap",
            f"--for trust must be for stacks that CloudFormation deploys by a role of their own, and"
            f" {', '.join(policy.bootstrapped)} are deployed by the bootstrap's",
            "take --for role and --for deployer",
        )
    documents = _documents(policy, whose)
    if part is None and len(documents) > 1:
        raise Refusal(
            "part-missing",
            f"--part must be 1 to {len(documents)}, since a managed policy has at most {MANAGED_POLICY_MAX:,}"
            " characters and this one has more",
        )
    if part is not None and part > len(documents):
        raise Refusal("part-unknown", f"--part must be at most {len(documents)}, got {part}")
    return documents[(part or 1) - 1]


def _documents(policy: DeployPolicy, whose: For) -> Sequence[Any]:
    return {For.ROLE: policy.documents, For.DEPLOYER: policy.deployer_documents, For.TRUST: (policy.trust,)}[whose]


class _Text:
    """The policies and the commands that put them to use, which say what they are run with."""

    def __init__(self, policy: DeployPolicy, options: Sequence[str]) -> None:
        self._policy = policy
        self._options = options
        self._iam = f"arn:{policy.partition}:iam::{policy.account}"

    def lines(self) -> Iterator[str]:
        policy = self._policy
        date = handler_permissions()["schema_date"].partition("T")[0]
        yield f"For {', '.join(policy.stacks)} in {policy.account}, {policy.region}, by AWS's schemas of {date}."
        yield ""
        yield "What CloudFormation may do:"
        yield from self._shown(For.ROLE)
        yield "What whoever deploys may do, a person or a pipeline:"
        yield from self._shown(For.DEPLOYER)
        yield "Create it once, as an administrator of the management account:"
        yield ""
        yield from self._create(For.ROLE, ROLE_NAME)
        if policy.bootstrapped:
            to = f"aws://{policy.account}/{policy.region}"
            arns = ",".join(self._arn(name) for name in self._names(For.ROLE, ROLE_NAME))
            yield f"  cdk bootstrap {to} --cloudformation-execution-policies {arns}"
        if policy.direct:
            yield from self._create(For.TRUST, f"{ROLE_NAME}Trust")
            yield (
                f"  aws iam create-role --role-name {ROLE_NAME}"
                f" --assume-role-policy-document file://{ROLE_NAME}Trust.json"
            )
            for name in self._names(For.ROLE, ROLE_NAME):
                yield f"  aws iam attach-role-policy --role-name {ROLE_NAME} --policy-arn {self._arn(name)}"
        yield from self._create(For.DEPLOYER, _DEPLOYER)
        names = self._names(For.DEPLOYER, _DEPLOYER)
        yield ""
        yield (
            f"Attach {' and '.join(names)} to the role of the pipeline that deploys, or name it in"
            " customer_managed_policies of the permission set of the people who do."
        )
        yield (
            "It holds what the CDK CLI calls; what org-baseline asks AWS itself (doctor, adopt, aws-config) is no part"
            " of it."
        )
        yield ""
        yield from self._deploy()

    def _shown(self, whose: For) -> Iterator[str]:
        for document in _documents(self._policy, whose):
            yield ""
            yield json.dumps(document, indent=2)
        yield ""

    def _create(self, whose: For, name: str) -> Iterator[str]:
        """Yield the commands that write the documents and make managed policies of those that are policies."""
        names = self._names(whose, name)
        for number, each in enumerate(names, 1):
            part = ["--part", str(number)] if len(names) > 1 else []
            kind = ["--for", whose] if whose is not For.ROLE else []
            command = ["org-baseline", "deploy-policy", *self._options, "--format", "json", *kind, *part]
            yield f"  {shlex.join(command)} > {each}.json"
            if whose is not For.TRUST:
                yield f"  aws iam create-policy --policy-name {each} --policy-document file://{each}.json"

    def _names(self, whose: For, name: str) -> Sequence[str]:
        parts = len(_documents(self._policy, whose))
        return [f"{name}{number}" for number in range(1, parts + 1)] if parts > 1 else [name]

    def _arn(self, name: str) -> str:
        return f"{self._iam}:policy/{name}"

    def _deploy(self) -> Iterator[str]:
        policy = self._policy
        if policy.bootstrapped:
            yield (
                "The bootstrap's roles deploy with it from then on, whatever else they deploy in this account and"
                " region, for everybody who may assume them:"
            )
            yield ""
            yield f"  cdk deploy {shlex.join(policy.bootstrapped)}"
        if policy.bootstrapped and policy.direct:
            yield ""
        if policy.direct:
            stacks = shlex.join(policy.direct)
            yield "Then deploy with the role, and compare without a change set, which would have no role:"
            yield ""
            yield f"  cdk diff {stacks} --method template"
            yield f"  cdk deploy {stacks} --role-arn {policy.role_arn}"
            yield ""
            yield (
                "CloudFormation keeps the role on the stack and uses it for every later operation, also of people who"
                " may not pass it: whoever may change the stack can do what the role can."
            )
            yield "A deploy with another --role-arn puts that one in its place; leaving the option out changes nothing."
            yield "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html"
