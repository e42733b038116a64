"""The CDK CLI's output made calm: one line for each resource that has come to its end, errors as they are."""

import re
from typing import Final

import click

from org_constructs.templates.words import visible

from .names import Names

# `--progress events`: OrgBaseline |  3/14 | 7:31:09 AM | CREATE_FAILED | AWS::Organizations::Account | Dev (Dev) why
# The status is cut after 23 characters, and the name is a path, which may hold spaces, with the logical id after it, or
# the logical id alone.
_EVENT: Final = re.compile(
    r"^(?P<stack>\S+) +\|( +(?P<count>\d+/\d+) +\|)? [^|]+ \| (?P<status>[A-Z_]+)[^|]*\| (?P<type>\S+) +"
    r"\| (?P<rest>.*)$"
)
_PATH_AND_ID: Final = re.compile(r"(?P<path>.+?) \((?P<id>[A-Za-z0-9]+)\) ?(?P<reason>.*)")
_STACK: Final = "AWS::CloudFormation::Stack"
_ENDS: Final = {
    "CREATE_COMPLETE": ("created", "green"),
    "UPDATE_COMPLETE": ("updated", "green"),
    "IMPORT_COMPLETE": ("imported", "green"),
    "DELETE_COMPLETE": ("deleted", "yellow"),
    "DELETE_SKIPPED": ("kept", "yellow"),
}
# What the CLI says between the events, and which is said otherwise here or says nothing.
_NOISE: Final = re.compile(
    r"^\s*$|^\s*(✨|⏳|✅)|^Stack ARN:|^arn:aws\S*:cloudformation:|feature flags are not configured|^Failed resources:"
    r"|: (deploying|creating CloudFormation changeset)|(: |\] )(start|success): |/program\.js:\d+:\d+$"
)


class Progress:
    """Shows the output of one `cdk deploy`, line by line."""

    def __init__(self, names: Names, before: Names, *, outputs: bool = True) -> None:
        """Take what people call what is deployed and what was there, and whether outputs are shown."""
        self._names = names
        self._before = before
        self._outputs = outputs
        self._in_outputs = False
        self._going_back: set[str] = set()

    def __call__(self, line: str) -> None:
        """Show one line, if it says something: a name in it is whatever a template has."""
        line = visible(line.expandtabs())
        if not (event := _EVENT.match(line)):
            self._in_outputs = line == "Outputs:" or (self._in_outputs and not line.startswith("Stack ARN:"))
            if not _NOISE.search(line) and (self._outputs or not self._in_outputs):
                click.echo(f"  {line}")
            return
        # Of what failed the CLI says all again at the end, without a count.
        if not event["count"] or event["type"] == "AWS::CDK::Metadata":
            return
        stack, status = event["stack"], event["status"]
        if event["type"] == _STACK and event["rest"].split()[0] == stack:
            self._show_stack(stack, status)
            return
        path, logical_id, reason = self._resource(stack, event["rest"])
        name = self._name(stack, logical_id, status) or f"{path}  {click.style(event['type'], dim=True)}"
        if status.endswith("_FAILED"):
            # Its logical id is what CloudFormation knows it by: `--resources-to-skip` and the like.
            _show("failed", "red", f"{name}  {click.style(logical_id, dim=True)}  {reason}")
        elif status in _ENDS:
            verb, colour = _ENDS[status]
            _show("put back" if verb == "updated" and stack in self._going_back else verb, colour, name)

    def _show_stack(self, stack: str, status: str) -> None:
        if "ROLLBACK" in status and stack not in self._going_back:
            self._going_back.add(stack)
            _show("rolls back", "red", f"stack {stack}")

    def _resource(self, stack: str, text: str) -> tuple[str, str, str]:
        """Return the path, the logical id and the reason that an event ends in."""
        first, _, reason = text.partition(" ")
        is_known = self._names.knows(stack, first) or self._before.knows(stack, first)
        if not is_known and (found := _PATH_AND_ID.fullmatch(text.rstrip())):
            return found["path"], found["id"], found["reason"]
        return first, first, reason

    def _name(self, stack: str, logical_id: str, status: str) -> str | None:
        """Return what the event is about: of what gives way to another of the same id, what it was called."""
        is_old = status.startswith("DELETE_") != (stack in self._going_back)
        first, second = (self._before, self._names) if is_old else (self._names, self._before)
        return first.of(stack, logical_id) or second.of(stack, logical_id)


def _show(verb: str, colour: str, what: str) -> None:
    click.echo(f"  {click.style(f'{verb:<10}', fg=colour)}  {what}")
