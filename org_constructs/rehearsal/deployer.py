"""What a rehearsal lets work on its local AWS: the real CDK CLI, and the doctor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import click

from org_constructs.cdk_cli.no_real_aws import environment
from org_constructs.cdk_cli.synthesis import stopwatch
from org_constructs.doctor import tools
from org_constructs.doctor.examination import Assembly, Examination
from org_constructs.doctor.runner import CHECKS
from org_constructs.doctor.runner import run as examine
from org_constructs.refusal import Refusal
from org_constructs.templates.words import visible

from .deploy_progress import Progress
from .names import Names

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.cdk_cli.cli import CdkCli
    from org_constructs.doctor.finding import Fix
    from org_constructs.templates.assembly import Stack

    from .local_aws import LocalAws


@dataclass(frozen=True)
class Deployer:
    """Deploys to one local AWS.

    Attributes:
        cli: The CDK CLI.
        aws: The local AWS.
        account: The management account.
        region: Where a stack goes that names no region.
        scratch: A folder to be in. Not the app's: its cdk.json has been obeyed by the synthesis, and nothing is written
            there.
    """

    cli: CdkCli
    aws: LocalAws
    account: str
    region: str
    scratch: Path
    _bootstrapped: set[tuple[str, str]] = field(default_factory=set, init=False)

    def _bootstrap(self, stacks: Sequence[Stack]) -> bool:
        """Bootstrap the regions where a stack needs that; says whether it went well."""

        def place(stack: Stack) -> tuple[str, str]:
            return stack.region or self.region, stack.bootstrap_qualifier

        needing = sorted((stack for stack in stacks if stack.bootstrap_reason), key=place)
        for (region, qualifier), here in groupby(needing, key=place):
            if (region, qualifier) in self._bootstrapped:
                continue
            stack = next(here)
            click.echo(visible(f"Bootstrapping {region}, because of {stack.id}: {stack.bootstrap_reason}"))
            own = ("--qualifier", qualifier, "--toolkit-stack-name", f"CDKToolkit-{qualifier}") if qualifier else ()
            seconds = stopwatch()
            lines: list[str] = []
            code = self.cli.run(
                *("bootstrap", f"aws://{self.account}/{region}", *own, "--ci"),
                environment=self.aws.environment,
                folder=self.scratch,
                each_line=lines.append,
            )
            if code:
                show = Progress(Names(()), Names(()))
                for line in lines:
                    show(line)
                click.secho(f"Not bootstrapped ({seconds()})", fg="red")
                return False
            click.echo(f"Bootstrapped ({seconds()})")
            self._bootstrapped.add((region, qualifier))
        return True

    def deploy(
        self,
        stacks: Sequence[Stack],
        assembly: Path,
        *,
        before: Sequence[Stack] = (),
        quiet: bool = False,
        outputs: bool = True,
    ) -> bool:
        """Deploy stacks, after a bootstrap where that is needed; says whether it went well.

        Args:
            stacks: What is deployed.
            assembly: The assembly that they are in.
            before: What is deployed already.
            quiet: Show how it went only if it goes wrong.
            outputs: Whether to show the outputs.
        """
        if not self._bootstrap(stacks):
            return False
        names = visible(", ".join(stack.id for stack in stacks))
        show = Progress(Names(stacks), Names(before), outputs=outputs)
        if not quiet:
            click.echo(f"Deploying {names}")
        seconds = stopwatch()
        lines: list[str] = []
        code = self.cli.run(
            *("deploy", *(stack.id for stack in stacks), "--exclusively", "--app", str(assembly)),
            *("--require-approval", "never", "--progress", "events", "--ci"),
            environment=self.aws.environment,
            folder=self.scratch,
            each_line=lines.append if quiet else show,
        )
        if code:
            for line in lines:
                show(line)
            click.secho(f"Not deployed ({seconds()})", fg="red")
            return False
        click.secho(f"Deployed {names} ({seconds()})", fg="green")
        return True

    def enable(self, stacks: Sequence[Stack], assembly: Path, *, quiet: bool = False) -> bool:
        """Do what `org-baseline doctor --fix --yes` does, and show what that was; says whether it could look."""

        def apply(fix: Fix) -> bool:
            fix.apply()
            if not quiet:
                click.echo(f"  {click.style('enabled   ', fg='green')}  {visible(fix.done)}")
            return True

        try:
            read = Assembly.read(assembly, [stack.id for stack in stacks])
        except Refusal as refusal:
            click.echo(visible(f"  Error: {refusal}"))
            return False
        # What this machine has for tools is known by now, and each would be started to say its version.
        checks = [check for check in CHECKS if check not in {tools.NODE, tools.CDK_CLI}]
        with environment({**self.cli.environment, **self.aws.environment}):
            for _ in examine(Examination(assembly=read, where=assembly), checks=checks, repair=apply):
                pass
        return True
