"""The options that several commands have, so that they mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from org_constructs.templates.assembly import CDK_OUT

PATH: Final = click.Path(path_type=Path)

assembly = click.option(
    "-a", "--assembly", type=PATH, default=CDK_OUT, show_default=True, help="The folder that `cdk synth` wrote."
)
stacks = click.option("--stack", "stacks", metavar="ID", multiple=True, help="Read only this stack. Can be repeated.")
profile = click.option(
    "--profile", metavar="NAME", help="The profile to call AWS with; default: the credentials that boto3 finds."
)
dry_run = click.option("--dry-run", is_flag=True, help="Show what would be done, but write nothing.")
