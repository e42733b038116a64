"""The rehearsal: synthesize, start a local AWS, deploy to it with the real CDK CLI, show what exists, stop it all."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import click

from org_constructs.aws.examples import EXAMPLE_ACCOUNT
from org_constructs.aws.regions import partition_of
from org_constructs.baseline.rehearsed import rehearsed
from org_constructs.cdk_cli.cli import CdkCli, find_cdk_cli
from org_constructs.cdk_cli.interruption import Interrupted
from org_constructs.cdk_cli.source import assembly_of
from org_constructs.cdk_cli.synthesis import app_of, stopwatch, synthesize
from org_constructs.matching.way_out import way_out
from org_constructs.refusal import Refusal
from org_constructs.refusal.nearest import nearest
from org_constructs.templates.metadata import metadata_of_all
from org_constructs.templates.words import visible

from .asked_failures import with_accounts
from .deployer import Deployer
from .first_day import App, deploy_first_time, enable_identity_center
from .local_aws.failures import parse as parse_failure
from .names import Names
from .summary import summarize, what_it_means
from .taken_as_existing import both
from .update import Snapshot, look, what_it_did

if TYPE_CHECKING:
    from .local_aws import Existing, LocalAws


def rehearse(
    folder: Path,
    *,
    app: str | None = None,
    before: str | None = None,
    failures: Sequence[str] = (),
    keep: bool = False,
) -> bool:
    """Deploy the app of a folder to a local AWS and show what exists afterwards; nothing is left running or behind.

    An app that creates the organization is deployed as on its first day: what a new organization takes, then the rest.

    Args:
        folder: where the app is, with its cdk.json.
        app: the command that runs the app, or an assembly's folder; by default what cdk.json says.
        before: what is deployed already, so that the app is an update of it: a revision of git, an assembly's folder
            or an app's; by default nothing is.
        failures: what is to go wrong, such as `ACCOUNT_TIMEOUT:production`; in the update, if there is one.
        keep: leave the local AWS running after that, until the process is interrupted.

    Returns:
        Whether every stack was deployed.

    Raises:
        Refusal: before anything is deployed, if the input does not allow it: no app, one that does not synthesize,
            no stack to deploy, a region that the local AWS does not have, an unknown failure, no CDK CLI.
        Interrupted: if a signal ended it.
    """
    for failure in failures:
        parse_failure(failure)  # before anything is started
    command = app or app_of(folder)
    with ThreadPoolExecutor() as beside, tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        local_aws = beside.submit(_import_local_aws)  # while others synthesize
        scratch = Path(name)
        cli = find_cdk_cli(scratch, default_account=EXAMPLE_ACCOUNT)
        cli = replace(cli, environment=rehearsed(cli.environment))
        if cli.note:
            click.echo(f"Note: {cli.note}")
        new = App.read(_synthesize(cli, folder, command, scratch / "assembly"))
        old = None
        if before is not None:
            same_app = None if (folder / command).is_dir() else app
            old = _read_before(cli, folder, before, app=same_app, output=scratch / "before")
            if old.selection.account != new.selection.account:
                raise Refusal(
                    "from-other-account",
                    f"--from must have the app's management account, {new.selection.account}, got"
                    f" {old.selection.account}",
                )
        for each in filter(None, [old, new]):
            _check_region(each.selection.region)
        failures = with_accounts(failures, new.stacks)
        _say_what_is_assumed(new)
        with _local_aws(local_aws, new, () if old else failures) as aws:
            deployer = Deployer(cli, aws, new.selection.account, new.selection.region, scratch)
            existing = both(old.existing, new.existing) if old else new.existing
            if old is None:
                deployed = deploy_first_time(deployer, new, existing)
            else:
                click.echo(f"Deploying {before} first")
                deployed = deploy_first_time(deployer, old, existing, quiet=True)
                if deployed:
                    aws.let_fail(failures)
                    deployed = _update(deployer, old, new, existing)
            click.echo("" if deployed else "\nThis is what exists now:")
            now = look(aws.client, [stack.name for stack in new.stacks], existing)
            click.echo(summarize(now.description))
            if not deployed:
                _say_what_next(now, new)
            if keep:
                _wait(aws)
    return deployed


def _check_region(region: str) -> None:
    """Refuse a region that the local AWS does not have: moto has those in which botocore knows CloudFormation.

    https://github.com/getmoto/moto/blob/master/moto/core/base_backend.py
    """
    known = boto3.Session().get_available_regions("cloudformation", partition_of(region).name)
    if region not in known:
        close = nearest(region, known)
        raise Refusal(
            "region-not-local",
            f"the region of the stacks must be one that the local AWS has, got {region!r}",
            f"did you mean {close!r}?" if close else f"available: {', '.join(known)}",
        )


def _synthesize(cli: CdkCli, folder: Path, app: str, output: Path) -> Path:
    """Synthesize the app into `output`; of an app that is an assembly's folder, make a copy there."""
    if (folder / app).is_dir():
        click.echo(f"Using the assembly in {app}")
        # The CLI writes locks and zipped assets into it.
        return shutil.copytree(folder / app, output)
    click.echo(f"Synthesizing: {app}")
    synthesize(cli, folder, app, output, say=click.echo)
    return output


def _read_before(cli: CdkCli, folder: Path, source: str, *, app: str | None, output: Path) -> App:
    """Read what is deployed before the app."""
    where = folder / source
    try:
        with assembly_of(str(where) if where.exists() else source, app=app, cli=cli, say=click.echo) as assembly:
            return App.read(shutil.copytree(assembly, output))
    except Refusal as refusal:
        raise refusal.within(f"--from {source!r}: ") from refusal


def _say_what_is_assumed(app: App) -> None:
    selection = app.selection
    for stack in selection.left_out:
        click.echo(
            visible(f"Left out: {stack.id}, for account {stack.account}; a rehearsal has only {selection.account}")
        )
    if selection.assumed:
        click.echo(f"The app does not set it, so this is {' and '.join(selection.assumed)}")


def _import_local_aws() -> type[LocalAws]:
    """Import moto, which takes over a second."""
    from .local_aws import LocalAws  # noqa: PLC0415 (so that it can be done beside)

    return LocalAws


@contextlib.contextmanager
def _local_aws(local_aws: Future[type[LocalAws]], app: App, failures: Sequence[str]) -> Iterator[LocalAws]:
    seconds = stopwatch()
    account, region = app.selection.account, app.selection.region
    email = metadata_of_all(stack.template for stack in app.stacks).email
    with local_aws.result()(
        management_account_id=account, management_account_email=email, region=region, failures=failures
    ) as aws:
        click.echo(f"Started a local AWS at {aws.endpoint_url}, account {account}, {region} ({seconds()})")
        yield aws
    click.echo("Stopped the local AWS")


def _update(deployer: Deployer, old: App, new: App, existing: Existing) -> bool:
    """Deploy an app as an update, and say what that did; says whether it went well."""
    stacks, old_names, names = (*old.stacks, *new.stacks), Names(old.stacks), Names(new.stacks)

    def look_now() -> Snapshot:
        return look(deployer.aws.client, dict.fromkeys(stack.name for stack in stacks), existing)

    enable_identity_center(deployer, existing)
    before = look_now()
    click.echo()
    deployed = deployer.deploy(new.stacks, new.assembly, before=old.stacks)
    after = look_now()
    click.secho("\nWhat the update did", bold=True)
    for verb, what in list(what_it_did(before, after, old_names, names)) or [("nothing", "")]:
        click.echo(f"  {verb:<10}  {what}".rstrip())
    click.secho("\nWhat it means for people", bold=True)
    for line in filter(None, what_it_means(before.description, after.description).splitlines()):
        click.echo(f"  {line}")
    return deployed


def _say_what_next(snapshot: Snapshot, app: App) -> None:
    """Say what comes next for each stack that is not as it should be."""
    for stack in app.stacks:
        status = snapshot.statuses.get(stack.name, "")
        out = way_out(status, stack_id=stack.id)
        if out is None:
            continue
        click.secho(visible(f"What to do next: {stack.id} is {status}"), bold=True)
        click.echo(f'  {out.why} docs/recovery.md, "{out.section}":')
        for number, step in enumerate(out.steps, 1):
            click.echo(f"  {number}. {visible(step)}")
        if out.if_exists:
            click.echo(f"  If it failed at something that exists, such as an account that timed out: {out.if_exists}")
        if status == "ROLLBACK_COMPLETE":
            click.echo(
                f"  (`cdk deploy {visible(stack.id)} --no-rollback` would have kept what was created, so that you could"
                " continue.)"
            )
        click.echo()


def _wait(aws: LocalAws) -> None:
    click.echo("The local AWS runs until you press Ctrl-C. To use it from another shell:")
    click.echo()
    for name, value in aws.environment.items():
        click.echo(f"  export {name}={shlex.quote(value)}")
    click.echo()
    click.echo("There, `cdk deploy` or `aws organizations list-accounts` talk only to the local AWS.")
    with contextlib.suppress(Interrupted):
        threading.Event().wait()
    click.echo()
