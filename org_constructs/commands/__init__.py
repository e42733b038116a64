"""The `org-baseline` command; each module beside this one is a subcommand, imported when it is asked for."""

import errno
import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Callable
from typing import IO, Any, Final

import click

from org_constructs.refusal import Refusal
from org_constructs.templates.words import visible

_ORDER: Final = (
    *("init", "rehearse", "check", "deploy-policy", "doctor", "adopt", "aws-config", "sst"),
    *("report", "access-diff", "drift", "account", "offboard"),
)
"""The commands in the order in which one comes to need them."""


class _Refused(click.ClickException):
    """A refusal as a command says it: its sentence, and its code on the line below."""

    exit_code = 2

    def __init__(self, refusal: Refusal) -> None:
        # What parsers say of a file may have several lines.
        super().__init__(visible(re.sub(r"\s*\n\s*", " ", str(refusal))))
        self._code = refusal.code

    def show(self, file: IO[Any] | None = None) -> None:
        super().show(file)
        click.secho(f"[{self._code}]", file=file, err=True, dim=True)


class _ModulesAsCommands(click.Group):
    """A group whose subcommand `some-thing` is the click command `some_thing` of the module `some_thing`.

    So that `--help` is quick, such a module imports boto3, moto and the like inside its function.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        modules = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted((name.replace("_", "-") for name in modules if not name.startswith("_")), key=_ORDER.index)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(importlib.import_module(f"{__name__}.{name}"), name)
        assert isinstance(command, click.Command)  # noqa: S101 (a module that breaks the rule above)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's signature)
        try:
            result = _flushed(super().invoke, ctx)
        except Refusal as refusal:
            raise _Refused(refusal) from refusal
        except (KeyboardInterrupt, click.Abort) as stop:
            # Of an answer that nobody can give, as at the end of a file, click makes the same.
            if not isinstance(stop, KeyboardInterrupt) and not isinstance(stop.__context__, KeyboardInterrupt):
                raise
            click.echo("Interrupt: stopped", err=True)
            ctx.exit(_INTERRUPTED)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise _Refused(_full(error)) from error
        return result


_INTERRUPTED: Final = 130
"""What a shell reports for Ctrl-C."""

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


def _flushed(run: Callable[[click.Context], Any], context: click.Context) -> Any:  # noqa: ANN401 (click's signature)
    """Run a command, and find out while it can be said whether its output arrives."""
    try:
        return run(context)
    finally:
        sys.stdout.flush()


def _full(error: OSError) -> Refusal:
    if error.filename is None:
        # Or Python tries to write it again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Refusal(
        "disk-full",
        f"the disk must have room for what is written, and that of {error.filename or 'stdout'} is full",
        "make room, and run it again",
    )


@click.group("org-baseline", cls=_ModulesAsCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--color/--no-color", default=None, help="Write in colour, or not; default: at a terminal.")
@click.version_option(package_name="org-constructs")
@click.pass_context
def main(context: click.Context, *, color: bool | None) -> None:
    """An AWS organization with IAM Identity Center, as code: rehearse it before it meets AWS.

    Begin with: org-baseline init
    """
    # https://no-color.org and https://force-color.org: non-empty variables, which an option wins over.
    if color is None and os.environ.get("NO_COLOR"):
        color = False
    elif color is None and os.environ.get("FORCE_COLOR"):
        color = True
    # None is click's own rule: only a terminal gets colour.
    context.color = color
