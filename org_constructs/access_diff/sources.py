"""The states that a comparison is of: assemblies, template files, apps, and apps at a revision of git."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from org_constructs.cdk_cli.source import assembly_of
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import describe_stacks, read_stacks
from org_constructs.templates.description import describe
from org_constructs.templates.resources import read_template

from .comparison import State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


def read(source: str, *, stacks: Collection[str] = (), app: str | None = None, say: Callable[[str], None]) -> State:
    """Return the state of an organization that a source tells.

    Args:
        source: A folder that `cdk synth` has written; a template file; an app's folder; or a revision of git,
            at which the app of this folder is synthesized in a temporary worktree.
        stacks: The ids of the stacks to read; by default all.
        app: The command that runs an app; by default what its cdk.json says.
        say: Is told what takes time.

    Raises:
        Refusal: The source is none of these, or does not describe an organization.
    """
    path = Path(source)
    if path.is_file():
        return _of_template(path)
    with assembly_of(source, app=app, say=say, also="a template file, ") as assembly:
        return _of_assembly(assembly, stacks)


def _of_template(path: Path) -> State:
    try:
        template = read_template(path)
    except OSError as error:
        raise Refusal("template-unreadable", f"it cannot be read: {error.strerror}") from None
    if not isinstance(template.get("Resources"), dict):
        raise Refusal("template-without-resources", "a template must have Resources, and it has none")
    templates = {path.name.partition(".")[0]: template}
    try:
        return State.of(describe(templates))
    except Refusal as refusal:
        raise refusal.with_fix("of several stacks that belong together, name the folder with manifest.json") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            "template-incomplete", f"a template must be as CloudFormation takes it, and {error} is missing or wrong"
        ) from None


def _of_assembly(folder: Path, stacks: Collection[str]) -> State:
    found = read_stacks(folder)
    # A stack may be new, or gone.
    selected = [each.id for each in found if each.id in stacks] or stacks
    description, _ = describe_stacks(found, selected)
    return State.of(description)
