"""The commands that follow `org-baseline adopt`, each bound to the one stack that it is for, and what each does.

The CDK CLI takes along the stacks before the one that it deploys, and those after the one that it destroys, unless it
is told `--exclusively`. A name that is deleted a second time takes with it what has got the name in between: so a stack
is deleted by its ARN, which no other stack ever has. And what is deployed is the assembly that was looked at.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from org_constructs.aws import stack_statuses
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT, MAPPING
from org_constructs.templates.retention import stays_when_removed

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.live import organization as live

    from .adopt import Adoption

_AGAIN: Final = "run this again"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command to type, and what it does."""

    command: str
    does: str


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Why CloudFormation cannot import into a stack as it is, and what makes it able to."""

    reason: Refusal
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What to type for an adoption, where it was asked for: the same assembly, mapping and profile."""

    adoption: Adoption
    assembly: Path = CDK_OUT
    output: Path = MAPPING
    profile: str | None = None

    @property
    def import_assembly(self) -> Path:
        """The copy of the assembly that says what is there."""
        return self.output.with_suffix(".out")

    def obstacle(self) -> Obstacle | None:
        """Return what has to be done before anything can be imported, and is no part of an import."""
        if waits_for := self.adoption.waits_for:
            return Obstacle(
                reason=Refusal(
                    "stack-waits",
                    f"{self.adoption.stack.id} needs what {_listed(waits_for)} is not deployed with yet",
                    f"do that first, and {_AGAIN}",
                ),
                steps=tuple(self._adopt(stack, does=f"says what {stack} needs") for stack in waits_for),
            )
        there = self.adoption.there
        if (
            there is None
            or there.status in stack_statuses.FINISHED
            or self.adoption.is_replaced
            or self.adoption.is_paused
        ):
            return None
        return self._obstacle(there)

    def _obstacle(self, there: live.Stack) -> Obstacle:
        what, failed, held = f"the stack {there.name} is {there.status}", sorted(there.failed), there.resources.keys()
        if there.status.endswith("_IN_PROGRESS"):
            return Obstacle(reason=Refusal("stack-in-progress", what, f"wait until that has ended, and {_AGAIN}"))
        if there.status == "UPDATE_ROLLBACK_FAILED":
            # An account that could not be changed was not: leaving it out of the rollback leaves nothing behind.
            skipped = [name for name in failed if there.types[name] == "AWS::Organizations::Account"]
            return Obstacle(
                reason=Refusal(
                    "stack-update-rollback-failed",
                    f"{what}: CloudFormation could not roll back {_listed(failed)}",
                    f"continue the rollback without any account, since accounts were not changed, and {_AGAIN}",
                ),
                steps=(
                    self._aws(
                        there,
                        "continue-update-rollback",
                        *(["--resources-to-skip", *skipped] if skipped else []),
                        does=(
                            "rolls back what the failed deploy"
                            f" changed{', except ' + _listed(skipped) if skipped else ''}"
                        ),
                    ),
                    self._aws(there, "wait stack-rollback-complete", does="waits until that has finished"),
                ),
            )
        if there.status == "ROLLBACK_FAILED":
            return Obstacle(
                reason=Refusal(
                    "stack-rollback-failed",
                    f"{what}: its first deploy failed, and it still contains {_listed(sorted(held))}",
                    f"check in its events what prevents the deletion, change that, finish the deletion, and {_AGAIN}",
                ),
                steps=self._delete(there, does=f"deletes the stack and, of the failed deploy, {self._deleted(held)}"),
            )
        if there.status == "DELETE_FAILED":
            left = _listed(failed) or "nothing"
            return Obstacle(
                reason=Refusal(
                    "stack-delete-failed",
                    f"{what}: somebody deleted it, and {left} could not be deleted",
                    f"finish that without it, and {_AGAIN} to adopt what is left",
                ),
                steps=self._delete(
                    there,
                    *(["--retain-resources", *failed] if failed else []),
                    does=(
                        f"leaves {left} and what the template retains as they are, and deletes the stack and"
                        f" {self._deleted(held - there.failed) or 'nothing in it'}"
                    ),
                ),
            )
        return Obstacle(
            reason=Refusal(
                "stack-stuck",
                f"{what}, but imports need a stack in a finished state",
                "check its events in the CloudFormation console, and do not delete it while it contains something",
            )
        )

    def _deleted(self, names: Iterable[str]) -> str:
        """Return which of a stack's resources its deletion deletes."""
        resources = self.adoption.deployed.defined
        return _listed(name for name in sorted(names) if not stays_when_removed(resources.get(name, {})))

    def next(self, *, writes_assembly: bool) -> Iterator[Step]:
        """Yield what to type next, where nothing is in the way.

        Args:
            writes_assembly: Whether there is a copy of the assembly to import with.
        """
        adoption, there = self.adoption, self.adoption.there
        if there and adoption.is_paused:
            yield from self._go_on(there)
            return
        if there and adoption.is_replaced:
            yield from self._delete(there, does="deletes the empty stack that a failed first deploy left")
        if adoption.mapping:
            if adoption.stack.bootstrap_reason:
                yield self._bootstrap()
            yield self._cdk(
                *("import", "--resource-mapping", str(self.output)),
                # Without it, the CDK CLI offers to deploy the stacks before this one as well.
                *(["--force"] if there and not adoption.is_replaced else []),
                app=self.import_assembly if writes_assembly else None,
                does="imports what exists into the stack, and changes nothing in AWS",
            )
        yield self._cdk("diff", "--exclusively", does="shows what is left: outputs, what is created, and what changes")
        yield self._cdk("deploy", "--exclusively", does="deploys it, in this stack alone")
        for later in adoption.later[:1]:
            yield self._adopt(later, does=f"the next stack, once {adoption.stack.id} is deployed")

    def _bootstrap(self) -> Step:
        """Return how the CDK CLI gets what the stack needs: without it, an import stops before it begins."""
        stack = self.adoption.stack
        where = [f"aws://{stack.account}/{stack.region}"] if stack.account and stack.region else []
        own = ["--qualifier", stack.bootstrap_qualifier] if stack.bootstrap_qualifier else []
        words = ["cdk", "bootstrap", *where, *own, "--app", str(self.assembly)]
        return Step(
            command=self._words(words),
            does=f"sets up the bootstrap, once for the account and region: {stack.bootstrap_reason}",
        )

    def _go_on(self, there: live.Stack) -> Iterator[Step]:
        options = ("deploy", "--exclusively", "--no-rollback")
        if not self.adoption.mapping:
            yield self._cdk(*options, does="continues where it stopped")
            return
        stack = self.adoption.stack
        gone = _listed(sorted(there.resources.keys() - stack.defined.keys()))
        yield self._cdk(
            *options,
            app=self.import_assembly,
            does="finishes the stack with what it contains, creates nothing, and"
            + (f" deletes what the app no longer has: {gone}" if gone else " deletes nothing"),
        )
        yield self._adopt(stack.id, does="continues from there")

    def _delete(self, there: live.Stack, *options: str, does: str) -> tuple[Step, ...]:
        """Return how this very stack is deleted, whatever else has its name by then."""
        return (
            self._aws(there, "delete-stack", *options, does=does),
            self._aws(there, "wait stack-delete-complete", does="waits until it is deleted"),
        )

    def _cdk(self, verb: str, *options: str, app: Path | None = None, does: str) -> Step:
        words = ["cdk", verb, self.adoption.stack.id, *options, "--app", str(app or self.assembly)]
        return Step(command=self._words(words), does=does)

    def _aws(self, there: live.Stack, operation: str, *options: str, does: str) -> Step:
        words = ["aws", "cloudformation", *operation.split(), "--stack-name", there.id, *options]
        return Step(command=self._words([*words, "--region", there.id.split(":")[3]]), does=does)

    def _adopt(self, stack: str, *, does: str) -> Step:
        words = ["org-baseline", "adopt", "--stack", stack]
        for option, value, default in (("--assembly", self.assembly, CDK_OUT), ("--output", self.output, MAPPING)):
            words += [] if value == default else [option, str(value)]
        return Step(command=self._words(words), does=does)

    def _words(self, words: Iterable[str]) -> str:
        return shlex.join([*words, *(["--profile", self.profile] if self.profile else [])])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
