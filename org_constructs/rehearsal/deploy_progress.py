"""The CDK CLI's output made calm: one line for each resource that has come to its end, errors as they are."""

import re
from typing import Final

import click

# `--progress events`: OrgBaseline |  3/14 | 7:31:09 AM | CREATE_FAILED | AWS::Organizations::Account | Dev (Dev) why
_EVENT: Final = re.compile(
    r"^\S+ +\|( +(?P<count>\d+/\d+) +\|)? [^|]+ \| (?P<status>[A-Z_]+) +\| (?P<type>\S+) +"
    r"\| (?P<name>\S+)( \(\w+\))? ?(?P<reason>.*)$"
)
_STACK: Final = "AWS::CloudFormation::Stack"
_ENDS: Final = {
    "CREATE_COMPLETE": ("created", "green"),
    "UPDATE_COMPLETE": ("updated", "green"),
    "IMPORT_COMPLETE": ("imported", "green"),
    "DELETE_COMPLETE": ("deleted", "yellow"),
    "DELETE_SKIPPED": ("kept", "yellow"),
    "ROLLBACK_COMPLETE": ("rolled back", "red"),
    "UPDATE_ROLLBACK_COMPLETE": ("rolled back", "red"),
}
# What the CLI says between the events, and which is said otherwise here or says nothing.
_NOISE: Final = re.compile(
    r"^\s*$|^\s*(✨|⏳|✅)|^Stack ARN:|^arn:aws\S*:cloudformation:|feature flags are not configured|^Failed resources:"
    r"|: (deploying|creating CloudFormation changeset)|(: |\] )(start|success): |/program\.js:\d+:\d+$"
)


def show(line: str) -> None:
    """Show one line of the CLI's output, if it says something."""
    if not (event := _EVENT.match(line)):
        if not _NOISE.search(line):
            click.echo(f"  {line}")
        return
    # Of what failed the CLI says all again at the end, without a count.
    if not event["count"] or event["type"] == "AWS::CDK::Metadata":
        return
    status: str = event["status"]
    reason = ""
    if status.endswith("_FAILED"):
        verb, colour = "failed", "red"
        reason = f"  {event['reason']}"
    elif status in _ENDS and not (event["type"] == _STACK and status.endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE"))):
        verb, colour = _ENDS[status]
    else:
        return
    click.echo(
        f"  {click.style(f'{verb:<11}', fg=colour)}  {event['name']}  {click.style(event['type'], dim=True)}{reason}"
    )
