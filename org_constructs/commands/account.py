"""`org-baseline account`: another e-mail address of an account, and closing it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from org_constructs.live.errors import said_in_a_sentence
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import describe_stacks
from org_constructs.templates.words import visible

from . import _options
from ._live import live_regions
from ._staleness import read_assembly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from org_constructs.account_life.of_app import App


@click.group()
def account() -> None:
    """Change the e-mail address of an account, or close it."""


@account.command()
@click.argument("key")
@click.argument("new")
@click.option("--otp", metavar="CODE", help="The code that AWS has mailed; default: begin, and ask for it.")
@_options.assembly
@_options.stacks
@_options.profile
def email(*, key: str, new: str, otp: str | None, assembly: Path, stacks: tuple[str, ...], profile: str | None) -> None:
    """Change the e-mail address of an account's root user.

    KEY is what the app calls the account, NEW the address. AWS mails a code to it, which is good for 24 hours: the
    command asks for it, or takes it as --otp later. Leave the email of the app as it is: CloudFormation compares
    templates alone, and cannot change it.

    Exits with 0 if the address is changed or the code is mailed, 2 if not.
    """
    from org_constructs.account_life.email import accept, check_change, check_code, start  # noqa: PLC0415 (--help)

    if otp is not None:
        check_code(otp)
    with _app(assembly, stacks, profile) as app:
        found, is_there = check_change(app, key, new)
        if is_there:
            click.echo(visible(f"The address of {found.shown} is {new} already."))
            return
        if otp is None:
            start(app, found, new)
            click.echo(visible(f"AWS has mailed a code to {new}, to confirm it for {found.shown}."), err=True)
            if not sys.stdin.isatty():
                click.echo(f"Run the command again with --otp CODE within 24 hours: {key} has its address until then.")
                return
            otp = click.prompt("Code", err=True)
            check_code(otp)
        accept(app, found, new, otp)
    click.echo(visible(f"The address of account {found.there.id} is {new}. Leave its email in the app as it is."))


@account.command()
@click.argument("key")
@click.option("--account-id", metavar="ID", help="The id of the account, typed; default: ask for it.")
@_options.assembly
@_options.stacks
@_options.profile
def close(*, key: str, account_id: str | None, assembly: Path, stacks: tuple[str, ...], profile: str | None) -> None:
    """Close an account that has been closing for 7 days.

    KEY is what the app calls the account. It has closing=True in the app and was deployed with it 7 days ago, nobody
    has access to it any more, and it administers no service. Its id has to be typed, whatever else is said: nothing
    is closed before, and no other account.

    Exits with 0 if the account is closed, 2 if not.
    """
    from org_constructs.account_life.closing import check_closable  # noqa: PLC0415 (so that `--help` is quick)
    from org_constructs.account_life.closing import close as close_for_good  # noqa: PLC0415

    with _app(assembly, stacks, profile) as app:
        closable = check_closable(app, key)
        if closable.since is not None:
            click.echo(visible(f"This closes {closable.account.shown} and everything that runs in it."), err=True)
            if account_id is None:
                if not sys.stdin.isatty():
                    raise Refusal("close-id-missing", "--account-id must be given if nobody can be asked, got none")
                account_id = click.prompt("Type the account's id to close it", err=True)
                # That takes people some time, in which somebody may have given access to it, or moved it.
                app.live_in.forget()
                closable = check_closable(app, key)
        found = closable.account
        if closable.since is None or account_id is None:
            click.echo(visible(f"Account {found.shown} is closed already: AWS says {found.there.state}."))
        else:
            close_for_good(app, found, account_id.strip())
            click.echo(visible(f"Account {found.there.id} is being closed."))
    for line in (
        "For 90 days AWS Support can reopen it, and it counts towards the quota of accounts; then it is gone for good.",
        f"Its address {found.there.email} can be that of no other AWS account, ever; its number is never used again.",
        f"Now take the account {key!r} out of the app, and deploy.",
    ):
        click.echo(visible(line))


@contextmanager
def _app(assembly: Path, stacks: tuple[str, ...], profile: str | None) -> Iterator[App]:
    """Provide the app and what it has made, and say in a sentence what AWS refuses meanwhile."""
    description, read = describe_stacks(read_assembly(assembly), stacks)
    with said_in_a_sentence(profile):
        from org_constructs.account_life.of_app import App  # noqa: PLC0415 (so that `--help` is quick)

        live_in = live_regions(read, profile)
        yield App(stacks=read, description=description, live_in=live_in)
