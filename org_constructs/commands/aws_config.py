"""`org-baseline aws-config`: the deployed organization as a session and profiles in `~/.aws/config`."""

from __future__ import annotations

import difflib
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from org_constructs.aws.portals import is_portal, name_of
from org_constructs.aws_config import config_file
from org_constructs.aws_config.aws_cli import AwsCli
from org_constructs.aws_config.block import Block, parse_blocks
from org_constructs.aws_config.deployed import ids_from_outputs, ids_from_stacks
from org_constructs.aws_config.merging import merge, remove_block
from org_constructs.live.environment import credentials_warnings, environment_warnings
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import Stack, describe_stacks, portal_of
from org_constructs.templates.description import MANAGEMENT, Description
from org_constructs.templates.profiles import Session, find_access, make_profiles, name_profiles
from org_constructs.templates.words import visible

from . import _options
from ._staleness import read_assembly

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@_options.assembly
@_options.stacks
@click.option(
    "--outputs", type=_options.PATH, help="Read the account ids from this file of `cdk deploy --outputs-file`."
)
@_options.profile
@click.option("--from", "shared", type=_options.PATH, help="Read everything from this file, which --print wrote.")
@click.option("--for", "user", metavar="USER", help="Only the access of this user.")
@click.option(
    "--permission-set",
    "permission_sets",
    metavar="NAME",
    multiple=True,
    help="Only this permission set. Can be repeated.",
)
@click.option("--session", metavar="NAME", help="The session's name; default: the baseline's.")
@click.option("--start-url", metavar="URL", help="Where people sign in; default: the baseline's.")
@click.option("--sso-region", metavar="REGION", help="Identity Center's region; default: the baseline's.")
@click.option(
    "--region", metavar="REGION", help="The region of the profiles; default: the account's, or the baseline's."
)
@click.option(
    "--file",
    type=_options.PATH,
    help="The file to write; default: AWS_CONFIG_FILE, or ~/.aws/config, where AWS's tools look.",
)
@click.option(
    "--overwrite", metavar="NAME", multiple=True, help="Replace this profile or session of yours. Can be repeated."
)
@click.option("--remove", metavar="SESSION", help="Remove the block of this session.")
@click.option("--print", "print_only", is_flag=True, help="Write the text to stdout, to share it, and no file.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@_options.dry_run
@click.pass_context
def aws_config(
    context: click.Context,
    /,
    *,
    file: Path | None,
    shared: Path | None,
    remove: str | None,
    overwrite: tuple[str, ...],
    print_only: bool,
    yes: bool,
    dry_run: bool,
    **source: Any,  # noqa: ANN401 (the options of _blocks_of_assembly)
) -> None:
    """Write the CLI profiles into ~/.aws/config.

    What is written stands in one block between two marker lines; everything outside it stays as it is. What changes
    is shown and asked for first.

    Exits with 0 if the file says what it shall, 1 if you said no, 2 if the input does not allow it; then nothing is
    written.
    """
    _check_combination(context)
    target = file or config_file.default_file()
    if remove is not None:
        _change(target, lambda text: remove_block(text, remove), yes=yes, dry_run=dry_run)
        return
    aws_cli = None if print_only else AwsCli()
    blocks, next_profile = _shared_blocks(shared) if shared else _blocks_of_assembly(**source)
    _warn(_foreign_portals(blocks))
    if print_only:
        click.echo("".join(block.render() for block in blocks), nl=False)
        return
    names = {name for block in blocks for name in block.names}
    for name in overwrite:
        if name not in names:
            raise Refusal("overwrite-unknown", f"--overwrite must be a profile or session to be written, got {name!r}")
    _say_what_is_kept(target, blocks, overwrite)
    _change(target, partial(_merge, blocks=blocks, overwrite=overwrite), yes=yes, dry_run=dry_run)
    _warn(environment_warnings())
    _warn(credentials_warnings([profile.name for block in blocks for profile in block.profiles]))
    if aws_cli is not None:
        _warn(aws_cli.warnings())
    _say_next_steps(target, blocks, next_profile)


_OF_ASSEMBLY = (
    "assembly",
    "stacks",
    "outputs",
    "profile",
    "user",
    "permission_sets",
    "session",
    "start_url",
    "sso_region",
)
_OF_WRITING = ("file", "overwrite", "remove", "yes", "dry_run")


def _check_combination(context: click.Context) -> None:
    """Refuse options that say nothing beside one another."""
    given = {
        parameter.name: parameter.opts[-1]
        for parameter in context.command.params
        if parameter.name is not None
        and context.get_parameter_source(parameter.name) is not click.core.ParameterSource.DEFAULT
    }
    alone = {"shared": (*_OF_ASSEMBLY, "region"), "remove": (*_OF_ASSEMBLY, "region", "shared", "overwrite")}
    for option, others in (
        *alone.items(),
        ("print_only", _OF_WRITING),
        ("outputs", ("profile",)),
        ("yes", ("dry_run",)),
    ):
        for other in others:
            if option in given and other in given:
                raise Refusal(
                    "options-together",
                    f"{given[option]} and {given[other]} must not be given together",
                    "leave one out",
                )


def _blocks_of_assembly(
    *,
    assembly: Path,
    stacks: tuple[str, ...],
    outputs: Path | None,
    profile: str | None,
    user: str | None,
    permission_sets: tuple[str, ...],
    session: str | None,
    start_url: str | None,
    sso_region: str | None,
    region: str | None,
) -> tuple[tuple[Block, ...], str]:
    """Return the block, and the profile to try first."""
    description, read = describe_stacks(read_assembly(assembly), stacks)
    sso_session = _session(description, read, session, start_url, sso_region)
    accesses, notes = find_access(description, permission_sets=permission_sets, user=user)
    _note(notes)
    accounts = list({access.account.key: access.account for access in accesses}.values())
    if outputs is not None:
        ids = ids_from_outputs(accounts, read, outputs)
    else:
        ids = ids_from_stacks(accounts, read, profile=profile, announce=partial(click.echo, err=True))
    named = name_profiles(accesses, ids, description.metadata.company)
    _note(named.notes)
    default_region = region or description.metadata.default_region or sso_session.region
    order = {(each.account.key, each.permission_set.key): index for index, each in enumerate(accesses)}
    # The management account is nobody's first thing to try.
    first = min(
        (access.account.key == MANAGEMENT, order[access.account.key, access.permission_set.key], name)
        for name, access in named.profiles
    )[-1]
    return (Block(session=sso_session, profiles=make_profiles(named, ids, default_region)),), first


def _session(
    description: Description, stacks: Sequence[Stack], name: str | None, start_url: str | None, region: str | None
) -> Session:
    settings = description.metadata
    portal, region_of_portal = portal_of(stacks)
    url = start_url or settings.start_url or portal
    values = {
        "--session": name or settings.session_name or name_of(url),
        "--start-url": url,
        "--sso-region": region or settings.identity_center_region or region_of_portal,
    }
    missing = [option for option, value in values.items() if value is None]
    if missing:
        raise Refusal(
            "session-incomplete",
            f"{', '.join(missing)} must be given, since the assembly does not have it: a baseline with identity_center"
            " does, and single constructs in stacks of one region do",
        )
    name, start_url, region = values.values()
    return Session(name=name or "", start_url=start_url or "", region=region or "")


def _shared_blocks(shared: Path) -> tuple[tuple[Block, ...], str]:
    text = config_file.read(shared)
    if text is None:
        raise Refusal("file-missing", f"--from must be a file that --print wrote, and {str(shared)!r} does not exist")
    try:
        blocks = parse_blocks(text.decode("utf-8", "replace"))
    except Refusal as refusal:
        raise refusal.within(f"--from {str(shared)!r}: ") from None
    return blocks, ""


def _merge(text: bytes, *, blocks: Sequence[Block], overwrite: Sequence[str]) -> bytes:
    for block in blocks:
        text = merge(text, block, overwrite=overwrite).text
    return text


def _foreign_portals(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield which session leads people elsewhere than to AWS: a shared file says where they type their password."""
    for block in blocks:
        if not is_portal(block.session.start_url):
            yield (
                f"the session {block.session.name} signs in at {block.session.start_url}, which is not an address of"
                " AWS access portals, and whoever answers there gets the login; compare it with the AWS access portal"
                " URL in the settings of IAM Identity Center"
            )


def _change(file: Path, change: Callable[[bytes], bytes], *, yes: bool, dry_run: bool) -> None:
    open_to_others = config_file.writable_by_others(file)
    _warn(
        f"others can write {place}, and so choose where you log in; run `chmod go-w {shlex.quote(str(place))}`"
        for place in open_to_others
    )
    old = config_file.read(file) or b""
    new = change(old)
    if new == old:
        click.echo(f"{file} is up to date; nothing is written")
        return
    for line in _diff(old, new, file):
        click.secho(visible(line), fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1]))
    if dry_run:
        click.echo(f"{file} is left as it is")
        return
    if not yes:
        _ask(f"Write {file}?")
    config_file.write(file, change)
    click.echo(f"Wrote {file}")
    for place in open_to_others:
        if place not in config_file.writable_by_others(file):
            click.echo(f"Others can no longer write {place}")


def _ask(question: str) -> None:
    try:
        answer = click.confirm(question)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise Refusal("yes-missing", "--yes must be given if nobody can be asked; nothing is written") from None
    if not answer:
        click.echo("Nothing is written")
        sys.exit(1)


def _diff(old: bytes, new: bytes, file: Path) -> Iterator[str]:
    # People put keys in there, though they belong in another file, and a diff ends up in logs.
    def shown(text: bytes) -> list[str]:
        lines = (line.decode("utf-8", "replace").rstrip("\r\n") for line in text.splitlines(keepends=True))
        return [
            re.sub(r"(?i)^(\s*aws_(?:secret_access_key|session_token)\s*[=:]\s*).+", r"\1…", line) for line in lines
        ]

    return difflib.unified_diff(shown(old), shown(new), str(file), str(file), lineterm="")


def _say_what_is_kept(file: Path, blocks: Sequence[Block], overwrite: Sequence[str]) -> None:
    text = config_file.read(file) or b""
    for block in blocks:
        for section in merge(text, block, overwrite=overwrite).kept:
            ours = block.sections()[section.kind, section.name]
            others = [key for key, value in ours.items() if section.settings.get(key) != value]
            differing = f"differs in {', '.join(others)}" if others else "says the same"
            click.echo(
                f"Left as it is: [{section.kind} {section.name}] on line {section.line} is yours and {differing};"
                f" --overwrite {section.name} replaces it",
                err=True,
            )


def _say_next_steps(file: Path, blocks: Sequence[Block], first: str) -> None:
    click.echo()
    if file.expanduser().absolute() != config_file.default_file().absolute():
        click.echo(f"Make AWS's tools read it: export AWS_CONFIG_FILE={shlex.quote(str(file.absolute()))}")
    for block in blocks:
        profile = first or block.profiles[0].name
        click.echo(f"Log in, once a day:        aws sso login --sso-session={block.session.name}")
        click.echo(f"Check that it works:       aws sts get-caller-identity --profile={profile}")


def _note(notes: Sequence[str]) -> None:
    for note in notes:
        click.echo(visible(f"Note: {note}"), err=True)


def _warn(warnings: Iterable[object]) -> None:
    for warning in warnings:
        click.secho(visible(f"Warning: {warning}"), fg="yellow", err=True)
