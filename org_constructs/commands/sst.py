"""`org-baseline sst`: the choice of the profile for `sst.config.ts`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from org_constructs.aws_config.sst import render, stage_profiles
from org_constructs.templates.assembly import describe_stacks
from org_constructs.templates.description import MANAGEMENT
from org_constructs.templates.profiles import find_access, name_profiles

from . import _options
from ._staleness import read_assembly

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@_options.assembly
@_options.stacks
@click.option(
    "--sst",
    "version",
    type=click.Choice(["2", "3", "4"]),
    default="3",
    show_default=True,
    help="The version of SST; 3 and 4 have the same form.",
)
@click.option(
    "--stage",
    "choices",
    metavar="STAGE=PROFILE",
    multiple=True,
    help="The profile of a stage, or with * of every stage not named; default: production has that of the account"
    " called so, every other stage that of dev. Can be repeated.",
)
@click.option("--name", default="my-sst-app", show_default=True, help="The app's name.")
def sst(*, assembly: Path, stacks: tuple[str, ...], version: str, choices: tuple[str, ...], name: str) -> None:
    """Print an sst.config.ts that picks the profile by the stage.

    The profiles are those of `org-baseline aws-config`. The management account is none to deploy apps to.

    Exits with 2 if the input does not allow it.
    """
    description, _ = describe_stacks(read_assembly(assembly), stacks)
    accesses, _ = find_access(description)
    ids = {account.key: account.account_id for account in description.accounts.values() if account.account_id}
    named = name_profiles(accesses, ids, description.metadata.company)
    profiles = {
        access.account.name: profile
        for profile, access in named.profiles
        # Where accounts share a name, their profiles have their ids, which the assembly does not know.
        if access.main and access.account.key != MANAGEMENT and re.fullmatch(r"[\w.-]+", profile)
    }
    stages = stage_profiles(profiles, choices)
    region = description.metadata.default_region or "us-east-1"
    text = render(int(version), name=name, stages=stages, region=region)
    click.echo(text, nl=False)
