"""`org-baseline rehearse`: deploy the app to a local AWS, with the real CDK CLI, before it meets AWS."""

import importlib.util
import sys
from pathlib import Path

import click

from org_constructs.cdk_cli.interruption import Interrupted, interruptions
from org_constructs.cdk_cli.no_real_aws import real_aws_forgotten
from org_constructs.refusal import Refusal
from org_constructs.rehearsal.local_aws.failures import FAILURE_KINDS

from . import _options

_NEEDED = ("moto", "flask", "regex", "jsonschema")
_INSTALL = "install the extra with `pip install 'org-constructs[rehearsal]'`"
_WIDTH = max(len(kind.form) for kind in FAILURE_KINDS.values())
_FAILURES = "\n".join(f"  {kind.form:<{_WIDTH}}  {kind.what}" for kind in FAILURE_KINDS.values())


@click.command(epilog=f"\b\nFailures, for an account of the app, as in ACCOUNT_TIMEOUT:production:\n{_FAILURES}")
@_options.app
@click.option(
    "--fail",
    "failures",
    metavar="FAILURE",
    multiple=True,
    help="Make this go wrong, to rehearse the recovery; the failures are listed below. Can be repeated.",
)
@click.option(
    "--from",
    "before",
    metavar="REVISION|FOLDER",
    help="Deploy this first, and then update it to the app: a git revision, or the folder of an app or an assembly.",
)
@click.option("--keep", is_flag=True, help="Leave the local AWS running, in the foreground, until Ctrl-C.")
def rehearse(app: str | None, before: str | None, failures: tuple[str, ...], *, keep: bool) -> None:
    """Deploy the app of this folder to a local AWS.

    The CDK CLI is the real one, AWS is not: it runs on this machine alone, starts out with nothing but what the app
    takes for granted, refuses what AWS refuses, and is gone afterwards. No AWS account and no credentials are used.

    An app that creates the organization walks the first day: a first deploy of what a new organization takes, the
    doctor, which enables what CloudFormation cannot, IAM Identity Center, which you enable by a click, and the next
    deploy. With --from an update is rehearsed, and what it did to resources and people is said.

    Exits with 0 if the app was deployed, 1 if it was not (what exists then is shown), 2 if it could not be tried, and
    130 on Ctrl-C.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Refusal("extra-missing", f"a rehearsal needs {', '.join(missing)}, not installed here", _INSTALL)
    try:
        with interruptions(), real_aws_forgotten():
            # Here, as boto3 takes half a second, which `--help` need not wait for, and moto, which comes with the run,
            # reads the environment's AWS configuration when it is imported.
            from org_constructs.rehearsal.rehearse import rehearse as run  # noqa: PLC0415

            deployed = run(Path.cwd(), app=app, before=before, failures=failures, keep=keep)
    except ImportError as error:
        raise Refusal(
            "extra-missing", f"a rehearsal needs its packages in other versions ({error})", _INSTALL
        ) from error
    except Interrupted as interrupted:
        click.echo(f"{interrupted}: everything that was started is stopped", err=True)
        sys.exit(interrupted.exit_code)
    sys.exit(0 if deployed else 1)
