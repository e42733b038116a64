"""The templates that a command is about, and the organization that they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT, describe_stacks, read_stacks
from org_constructs.templates.description import describe
from org_constructs.templates.resources import read_templates

from ._staleness import say_if_stale

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from org_constructs.templates.description import Description


class Read(NamedTuple):
    """What was read."""

    description: Description
    """What the templates describe together."""

    stale: str
    """What was said of templates that are older than their app; empty where they are not."""


def read_organization(paths: Sequence[Path], stacks: Collection[str] = ()) -> Read:
    """Return an organization as templates describe it, and say so if they are older than their app.

    Args:
        paths: A folder that `cdk synth` has written, by default cdk.out, or template files.
        stacks: The ids of the stacks of the folder to read; by default all.

    Raises:
        Refusal: Something cannot be read, is no template, or says nothing of one organization.
    """
    folders = [path for path in paths if path.is_dir()]
    if not paths or folders:
        if len(paths) > 1:
            raise Refusal(
                "several-folders",
                f"the input must be one folder, or template files, got {', '.join(map(str, paths))}",
                "name one folder",
            )
        folder = folders[0] if folders else CDK_OUT
        description, _ = describe_stacks(read_stacks(folder), stacks)
        return Read(description, say_if_stale(folder))
    if stacks:
        raise Refusal(
            "stack-of-file",
            f"--stack must be given with a folder that `cdk synth` wrote, got {paths[0]}",
            "leave it out",
        )
    stale = [said for folder in dict.fromkeys(path.parent for path in paths) if (said := say_if_stale(folder))]
    try:
        read = read_templates(paths).all
    except OSError as error:
        raise Refusal(
            "template-unreadable", f"the template {str(error.filename)!r} cannot be read: {error.strerror}"
        ) from None
    try:
        description = describe(
            {each.stack: each.body for each in read}, {each.stack: each.region for each in read if each.construct}
        )
    except (KeyError, TypeError, AttributeError):
        raise Refusal(
            "template-incomplete",
            f"{', '.join(map(str, paths))} must be valid for CloudFormation, with all the properties that the"
            " resources of an organization need",
            "check them with cfn-lint",
        ) from None
    if not (description.accounts or description.permission_sets or description.assignments):
        raise Refusal(
            "organization-missing",
            f"{', '.join(map(str, paths))} must have accounts or permission sets, got none",
        )
    return Read(description, "; ".join(stale))
