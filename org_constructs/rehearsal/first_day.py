"""How an app comes to be deployed in an AWS account that has nothing, step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from org_constructs.live.organization import LiveOrganization
from org_constructs.templates.assembly import Stack, read_stacks

from .first_deploy import creates_organization, first_deploy
from .selection import Selection, select
from .taken_as_existing import describe_existing, find_existing

if TYPE_CHECKING:
    from pathlib import Path

    from .deployer import Deployer
    from .local_aws import Existing


@dataclass(frozen=True)
class App:
    """An app, synthesized."""

    assembly: Path
    selection: Selection
    existing: Existing
    """What it takes for granted."""

    @classmethod
    def read(cls, assembly: Path) -> App:
        """Read an assembly.

        Raises:
            Refusal: as `select` and `find_existing`.
        """
        selection = select(read_stacks(assembly))
        return cls(assembly, selection, find_existing(selection))

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """What of it is deployed."""
        return self.selection.stacks


def deploy_first_time(deployer: Deployer, app: App, existing: Existing, *, quiet: bool = False) -> bool:
    """Deploy an app where nothing of it is yet: what creates an organization walks the first day.

    Args:
        deployer: Where to.
        app: The app.
        existing: What is there already.
        quiet: Say only how it ended.

    Returns:
        Whether every stack was deployed.
    """
    if not creates_organization(app.stacks):
        deployer.aws.seed(existing)
        if taken := describe_existing(existing):
            click.echo(f"Taken as existing: {taken}")
        return deployer.deploy(app.stacks, app.assembly, quiet=quiet)
    first = first_deploy(app.stacks, app.assembly, deployer.scratch / f"first-{app.assembly.name}")
    if first == app.stacks:
        return deployer.deploy(app.stacks, app.assembly, quiet=quiet)
    types = {each["Type"] for stack in app.stacks for each in stack.resources()}
    waiting = [
        *(["policies"] if "AWS::Organizations::Policy" in types else []),
        *(["people"] if app.existing.instance_arn else []),
    ]
    step = 0

    def say(text: str) -> None:
        nonlocal step
        step += 1
        if not quiet:
            click.secho(f"\n{step}. {text}", bold=True)

    say(f"The first deploy: what a new organization accepts; {' and '.join(waiting)} wait")
    if not deployer.deploy(first, first[0].folder, quiet=quiet, outputs=False):
        return False
    if "policies" in waiting:
        say("`org-baseline doctor --fix`: enables what CloudFormation cannot enable")
        if not deployer.enable(app.stacks, app.assembly, quiet=quiet):
            return False
    if app.existing.instance_arn:
        say("The click: you enable IAM Identity Center in the console, Single-Region")
        enable_identity_center(deployer, existing, quiet=quiet)
    say(f"The next deploy: {' and '.join(waiting)}, with what the doctor prints in the app")
    return deployer.deploy(app.stacks, app.assembly, before=first, quiet=quiet)


def enable_identity_center(deployer: Deployer, existing: Existing, *, quiet: bool = False) -> None:
    """Do what nobody but a person can: enable IAM Identity Center, with who is in it already; once."""
    if existing.instance_arn is None or LiveOrganization(deployer.aws.client).instances():
        return
    deployer.aws.enable_identity_center(existing.instance_arn, existing.identity_store_id)
    inside = replace(existing, organization_id=None, root_id=None, account_ids=(), organizational_unit_ids=())
    deployer.aws.seed(inside)
    if not quiet:
        click.echo(f"  {click.style('enabled   ', fg='green')}  {describe_existing(inside)}")
