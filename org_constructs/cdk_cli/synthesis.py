"""Running an app's `cdk synth`: without a way to a real AWS account, and with progress shown."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import click

from org_constructs.refusal import Refusal

from .cli import CdkCli


def app_of(folder: Path, called: str = "") -> str:
    """Return the command that runs the app of a folder, as its cdk.json says.

    Args:
        folder: The folder.
        called: What people know it as, such as a revision; by default its path.

    Raises:
        Refusal: There is no cdk.json, or it does not say it.
    """
    try:
        settings = json.loads((folder / "cdk.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refusal(
            "app-missing", f"--app must be given without a cdk.json, and {called or str(folder)!r} has none"
        ) from None
    except json.JSONDecodeError as error:
        raise Refusal("cdk-json-syntax", f"cdk.json must be JSON: {error}") from None
    app = settings.get("app") if isinstance(settings, dict) else None
    if not isinstance(app, str) or not app:
        raise Refusal(
            "app-missing",
            'cdk.json must say how to run the app, such as "app": "python app.py", or --app must be given',
        )
    return app


def on_stderr(line: str) -> None:
    """Write a line to stderr."""
    click.echo(line, err=True)


def synthesize(
    cli: CdkCli,
    folder: Path,
    app: str,
    output: Path,
    *,
    say: Callable[[str], None],
    show: Callable[[str], None] = on_stderr,
    against_rules: bool = False,
) -> None:
    """Synthesize the app of a folder into `output`.

    Args:
        cli: The CDK CLI.
        folder: Where the app is.
        app: The command that runs it.
        output: Where the assembly goes; nothing is there yet.
        say: Is told when it is done.
        show: Is told what the app wrote, line by line, if it does not synthesize.
        against_rules: Take an assembly that is complete although its templates break rules that the app checks.

    Raises:
        Refusal: The app does not synthesize.
    """
    seconds = stopwatch()
    lines: list[str] = []  # shown if it fails; what it warns of, the deploy says again
    code = cli.run(
        *("synth", "--quiet", "--app", app, "--output", str(output)),
        # There is nothing to look up before there is an AWS; what the app has in cdk.context.json it gets.
        "--no-lookups",
        folder=folder,
        each_line=lines.append,
    )
    # CDK writes the manifest last, and applies the app's rules to what is written.
    if code and against_rules and (output / "manifest.json").is_file():
        say(f"Synthesized ({seconds()}), with errors that `cdk synth` shows")
        return
    if code:
        for line in lines:
            show(line)
        raise Refusal("synth-failed", f"the app must synthesize, and `cdk synth` of {app!r} failed as shown above")
    say(f"Synthesized ({seconds()})")


def stopwatch() -> Callable[[], str]:
    """Return what says the seconds since now: `1.2 s`."""
    start = time.monotonic()
    return lambda: f"{time.monotonic() - start:.1f} s"
