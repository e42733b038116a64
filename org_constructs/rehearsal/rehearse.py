"""The rehearsal: synthesize, start a local AWS, deploy to it with the real CDK CLI, show what exists, stop it all."""

import contextlib
import shlex
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from org_constructs.assembly import Stack, read_stacks
from org_constructs.rehearsal import deploy_progress
from org_constructs.rehearsal.cdk_cli import CdkCli, find_cdk_cli
from org_constructs.rehearsal.interruption import Interrupted
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.failures import Failures
from org_constructs.rehearsal.portrait import draw, read_portrait
from org_constructs.rehearsal.selection import DEFAULT_ACCOUNT, Selection, select
from org_constructs.rehearsal.synthesis import app_of, stopwatch, synthesize
from org_constructs.rehearsal.taken_as_existing import describe_existing, find_existing


def rehearse(folder: Path, *, app: str | None = None, failures: Sequence[str] = (), keep: bool = False) -> bool:
    """Deploy the app of a folder to a local AWS and show what exists afterwards; nothing is left running or behind.

    Args:
        folder: where the app is, with its cdk.json.
        app: the command that runs the app, or an assembly's folder; by default what cdk.json says.
        failures: what is to go wrong, such as `ACCOUNT_TIMEOUT:production`.
        keep: leave the local AWS running after that, until the process is interrupted.

    Returns:
        Whether every stack was deployed.

    Raises:
        ValueError: before anything is deployed, if the input does not allow it: no app, one that does not synthesize,
            no stack to deploy, an unknown failure, no CDK CLI.
        Interrupted: if a signal ended it.
    """
    Failures(failures)  # an unknown one is refused before anything is started
    app = app or app_of(folder)
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        scratch = Path(name)
        cli = find_cdk_cli(scratch, default_account=DEFAULT_ACCOUNT)
        if cli.note:
            click.echo(f"Note: {cli.note}")
        assembly = _synthesize(cli, folder, app, scratch / "assembly")
        selection = select(read_stacks(assembly))
        existing = find_existing(selection)
        for stack in selection.left_out:
            click.echo(f"Left out: {stack.id}, for account {stack.account}; a rehearsal has {selection.account} alone")
        if selection.assumed:
            click.echo(f"The app leaves it open, so this is {' and '.join(selection.assumed)}")
        with _local_aws(selection, failures) as aws:
            aws.seed(existing)
            if taken := describe_existing(existing):
                click.echo(f"Taken as existing: {taken}")
            deployed = _bootstrap(cli, selection, aws, scratch) and _deploy(
                cli, selection.stacks, assembly, aws, scratch
            )
            click.echo()
            for line in draw(read_portrait(aws.client)):
                click.echo(line)
            click.echo()
            if keep:
                _wait(aws)
    return deployed


def _synthesize(cli: CdkCli, folder: Path, app: str, output: Path) -> Path:
    """Synthesize the app into `output`; of an app that is an assembly's folder, make a copy there."""
    if (folder / app).is_dir():
        click.echo(f"Taking the assembly in {app}")
        # The CLI writes locks and zipped assets into it.
        return shutil.copytree(folder / app, output)
    click.echo(f"Synthesizing: {app}")
    synthesize(cli, folder, app, output, say=click.echo)
    return output


@contextlib.contextmanager
def _local_aws(selection: Selection, failures: Sequence[str]) -> Iterator[LocalAws]:
    seconds = stopwatch()
    with LocalAws(
        management_account_id=selection.account,
        region=selection.region,
        failures=failures,
        new_organization_policy_types=["SERVICE_CONTROL_POLICY"],
    ) as aws:
        click.echo(
            f"Started a local AWS at {aws.endpoint_url}, account {selection.account}, {selection.region} ({seconds()})"
        )
        yield aws
    click.echo("Stopped the local AWS")


def _bootstrap(cli: CdkCli, selection: Selection, aws: LocalAws, scratch: Path) -> bool:
    """Bootstrap the regions where a stack needs that; says whether it went well."""

    def place(stack: Stack) -> tuple[str, str]:
        return stack.region or selection.region, stack.bootstrap_qualifier

    needing = sorted((stack for stack in selection.stacks if stack.bootstrap_reason), key=place)
    for (region, qualifier), stacks in groupby(needing, key=place):
        stack = next(stacks)
        click.echo(f"Bootstrapping {region}, because of {stack.id}: {stack.bootstrap_reason}")
        own = ("--qualifier", qualifier, "--toolkit-stack-name", f"CDKToolkit-{qualifier}") if qualifier else ()
        seconds = stopwatch()
        lines: list[str] = []
        code = cli.run(
            *("bootstrap", f"aws://{selection.account}/{region}", *own, "--ci"),
            environment=aws.environment,
            folder=scratch,
            each_line=lines.append,
        )
        if code:
            for line in lines:
                deploy_progress.show(line)
            click.secho(f"Not bootstrapped ({seconds()})", fg="red")
            return False
        click.echo(f"Bootstrapped ({seconds()})")
    return True


def _deploy(cli: CdkCli, stacks: Sequence[Stack], assembly: Path, aws: LocalAws, scratch: Path) -> bool:
    names = ", ".join(stack.id for stack in stacks)
    click.echo(f"Deploying {names}")
    seconds = stopwatch()
    code = cli.run(
        *("deploy", *(stack.id for stack in stacks), "--exclusively", "--app", str(assembly)),
        *("--require-approval", "never", "--progress", "events", "--ci"),
        environment=aws.environment,
        # Not the app's folder: its cdk.json has been obeyed by the synthesis, and nothing is written there.
        folder=scratch,
        each_line=deploy_progress.show,
    )
    if code:
        click.secho(f"Not deployed ({seconds()}); this is what exists now:", fg="red")
        return False
    click.secho(f"Deployed {names} ({seconds()})", fg="green")
    return True


def _wait(aws: LocalAws) -> None:
    click.echo("The local AWS stays here until Ctrl-C, so that it does not outlive you. To use it from another shell:")
    click.echo()
    for name, value in aws.environment.items():
        click.echo(f"  export {name}={shlex.quote(value)}")
    click.echo()
    click.echo("There, `cdk deploy` again or `aws organizations list-accounts` meets the local AWS only.")
    with contextlib.suppress(Interrupted):
        threading.Event().wait()
    click.echo()
