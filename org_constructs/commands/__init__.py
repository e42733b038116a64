"""The `org-baseline` command; each module beside this one is a subcommand, imported when it is asked for."""

import importlib
import os
import pkgutil
import re
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
            return super().invoke(ctx)
        except Refusal as refusal:
            raise _Refused(refusal) from refusal


@click.group("org-baseline", cls=_ModulesAsCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="org-constructs")
@click.pass_context
def main(context: click.Context) -> None:
    """An AWS organization with IAM Identity Center, as code: rehearse it before it meets AWS.

    Begin with: org-baseline init
    """
    # https://no-color.org: a non-empty NO_COLOR; that only a terminal gets colour is click's own rule.
    if os.environ.get("NO_COLOR"):
        context.color = False
