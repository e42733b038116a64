"""Commands of the AWS CLI, as people paste them into a shell."""

from __future__ import annotations

import json
import shlex


def aws_command(service: str, operation: str, **options: object) -> str:
    """Return a command: `aws_command("organizations", "close-account", account_id="…")`.

    What is no text is written as JSON, which every option takes that is no text either; an option without a value, or
    with None, is left out.

    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-types.html
    """
    words = ["aws", service, operation]
    for name, value in options.items():
        if value is not None:
            words += [f"--{name.replace('_', '-')}", value if isinstance(value, str) else json.dumps(value)]
    return shlex.join(words)


def with_profile(command: str, profile: str | None) -> str:
    """Return a command as it is run with a profile; without one, as it is."""
    return f"{command} --profile {shlex.quote(profile)}" if profile else command
