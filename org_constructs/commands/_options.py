"""The options that several commands have, so that they mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from org_constructs.templates.assembly import CDK_OUT

PATH: Final = click.Path(path_type=Path)

assembly = click.option(
    "-a", "--assembly", type=PATH, default=CDK_OUT, show_default=True, help="What `cdk synth` has written."
)
stacks = click.option("--stack", "stacks", metavar="ID", multiple=True, help="Read this stack only. Can be repeated.")
profile = click.option(
    "--profile", metavar="NAME", help="Ask AWS with this profile; default: as boto3 finds credentials."
)
dry_run = click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
