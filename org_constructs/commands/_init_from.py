"""`org-baseline init --from`: a folder with the app that describes what AWS has, or another tool's file."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from org_constructs.app_code.folder import check_folder, write_folder
from org_constructs.refusal import Refusal
from org_constructs.templates.words import and_list, count

from ._live import LIVE
from ._source import read_source

if TYPE_CHECKING:
    from org_constructs.app_code.from_organization import AppCode

_KINDS: Final = {
    "accounts": ("account", "accounts"),
    "organizational_units": ("unit", "units"),
    "users": ("person", "people"),
    "groups": ("group", "groups"),
    "permission_sets": ("permission set", "permission sets"),
    "assignments": ("assignment", "assignments"),
    "policies": ("policy", "policies"),
    "alternate_contacts": ("alternate contact", "alternate contacts"),
}


def init_from(source: str, folder: Path | None, *, profile: str | None, given: Mapping[str, str], check: bool) -> None:
    """Write the app that describes what AWS has, or what a file of another tool says.

    Args:
        source: `live`, a file with a saved description, or a file of another tool.
        folder: Where to; by default the folder that is called like the company.
        profile: The CLI profile to ask AWS with.
        given: The options that answer what `init` asks without a source, of which a file of another tool may need some.
        check: Whether to show it and write nothing.

    Raises:
        Refusal: An answer is given, the source does not say what AWS has, or the folder cannot be written.
    """
    tool_answers: Collection[str] = ()
    if of_a_tool := _may_be_of_a_tool(source):
        from org_constructs.app_code.tools.read import ANSWERS, read_tool_file  # noqa: PLC0415 (it starts the CDK)

        tool_answers = ANSWERS
    _refuse_answers([name for name in given if name not in tool_answers])
    if folder is not None:
        check_folder(folder)
    _check_source(source)
    tool_file = read_tool_file(Path(source), given) if of_a_tool else None
    if tool_file is None:
        _refuse_answers([*given])
        description = read_source(source, profile=profile, details=True).description

    from org_constructs.app_code.from_organization import app_from, app_from_tool  # noqa: PLC0415 (it starts the CDK)

    app = app_from_tool(tool_file) if tool_file else app_from(description)
    folder = folder or Path(app.folder)
    if check:
        check_folder(folder)
        _show(folder, app.files)
    else:
        write_folder(folder, app.files)
        click.echo(f"Created {folder} with {count(len(app.files), 'file')}.")
    _sum_up(app)
    if check:
        click.echo("Nothing was written.", err=True)
    else:
        _say_next_steps(folder)


def _check_source(source: str) -> None:
    """Refuse what could not be what AWS has, before anything that takes time, such as synthesizing it."""
    path = Path(source)
    takes = "--from must be `live`, a file of `report live --format json`, or a file of org-formation or aws-sso-util"
    if source != LIVE and not path.exists():
        raise Refusal("file-missing", f"{takes}, and there is no {source!r}")
    if source != LIVE and (path.is_dir() or path.suffix == ".py"):
        raise Refusal("from-not-live", f"{takes}, got the {'folder' if path.is_dir() else 'code'} {source!r}")


def _may_be_of_a_tool(source: str) -> bool:
    return Path(source).suffix in {".yaml", ".yml"} and Path(source).is_file()


def _refuse_answers(given: Collection[str]) -> None:
    if given:
        options = and_list([f"--{name.replace('_', '-')}" for name in given])
        raise Refusal("options-together", f"{options} must not be given with --from, which says it", "leave it out")


def _show(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in sorted(files.items()):
        click.echo(f"{folder / name} ({count(len(text.splitlines()), 'line')})")
    click.echo(f"\n{files['app.py']}")


def _sum_up(app: AppCode) -> None:
    """Say how much the app has, and what it leaves alone or cannot say."""
    there = [count(number, *_KINDS[kind]) for kind, number in app.counts.items() if number]
    click.echo(f"It has {and_list(there) or 'nothing'}.")
    if app.notes:
        click.secho("\nLook at these; what concerns a line of the code is a comment there, too:", bold=True)
        for note in app.notes:
            click.echo(f"  {note}")


def _say_next_steps(folder: Path) -> None:
    click.echo(
        f"\nTake it over; {folder / 'README.md'} has these steps and what comes before and after them:\n\n"
        f"  cd {shlex.quote(str(folder))}\n  cdk synth --quiet\n  org-baseline adopt"
    )
