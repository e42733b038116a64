"""The states that a comparison is of: assemblies, template files, apps, and apps at a revision of git."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from org_constructs.assembly import describe_stacks, read_stacks
from org_constructs.description import describe
from org_constructs.rehearsal.cdk_cli import find_cdk_cli
from org_constructs.rehearsal.selection import DEFAULT_ACCOUNT
from org_constructs.rehearsal.synthesis import app_of, synthesize
from org_constructs.rules._templates import read_template

from .comparison import State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator


def read(source: str, *, stacks: Collection[str] = (), app: str | None = None, say: Callable[[str], None]) -> State:
    """Return the state of an organization that a source tells.

    Args:
        source: A folder that `cdk synth` has written; a template file; an app's folder; or a revision of git,
            at which the app of this folder is synthesized in a temporary worktree.
        stacks: The ids of the stacks to read; by default all.
        app: The command that runs an app; by default what its cdk.json says.
        say: Is told what takes time.

    Raises:
        ValueError: The source is none of these, or does not describe an organization.
    """
    path = Path(source)
    if path.is_file():
        return _of_template(path)
    if (path / "manifest.json").is_file():
        return _of_assembly(path, stacks)
    if path.is_dir() and (app or (path / "cdk.json").is_file()):
        return _of_app(path, source, stacks, app, say)
    with _checked_out(source) as (folder, commit):
        return _of_app(folder, source if commit.startswith(source) else f"{source} ({commit[:7]})", stacks, app, say)


def _of_template(path: Path) -> State:
    try:
        template = read_template(path)
    except OSError as error:
        raise ValueError(f"it cannot be read: {error.strerror}") from None
    if not isinstance(template.get("Resources"), dict):
        raise ValueError("a template must have Resources, and it has none")
    templates = {path.name.partition(".")[0]: template}
    try:
        return State.of(describe(templates), templates)
    except ValueError as error:
        raise ValueError(
            f"{error}; of several stacks that belong together, name the folder with manifest.json"
        ) from None
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a template must be as CloudFormation takes it, and {error} is missing or wrong") from None


def _of_assembly(folder: Path, stacks: Collection[str]) -> State:
    found = read_stacks(folder)
    # A stack may be new, or gone.
    selected = [each.id for each in found if each.id in stacks] or stacks
    description, read_ones = describe_stacks(found, selected)
    return State.of(description, {each.name: each.template for each in read_ones})


def _of_app(folder: Path, name: str, stacks: Collection[str], app: str | None, say: Callable[[str], None]) -> State:
    command = app or app_of(folder)
    with tempfile.TemporaryDirectory(prefix="access-diff-") as scratch:
        cli = find_cdk_cli(Path(scratch), default_account=DEFAULT_ACCOUNT)
        if cli.note:
            say(f"Note: {cli.note}")
        say(f"Synthesizing {name}: {command}")
        assembly = Path(scratch) / "assembly"
        # A rule may be newer than the old revision, and the change be what obeys it.
        synthesize(cli, folder, command, assembly, say=say, against_rules=True)
        return _of_assembly(assembly, stacks)


@contextmanager
def _checked_out(revision: str) -> Iterator[tuple[Path, str]]:
    """Check a revision out beside the working tree; yields this folder there, and the commit."""
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").stdout.strip()
    if not commit:
        raise ValueError(
            "it must be a folder that `cdk synth` has written, a template file, a folder with a cdk.json, or a revision"
            " of git"
        )
    inside = _git("rev-parse", "--show-prefix").stdout.strip()
    with tempfile.TemporaryDirectory(prefix="access-diff-") as scratch:
        tree = Path(scratch) / "worktree"
        try:
            # Without hooks, which are for those who work in the tree.
            added = _git("-c", f"core.hooksPath={scratch}", "worktree", "add", "--quiet", "--detach", str(tree), commit)
            if not tree.is_dir():
                raise ValueError(f"git must check it out beside the working tree, and refuses: {added.stderr.strip()}")
            if not (tree / inside).is_dir():
                raise ValueError(f"there must be a folder {inside!r} at that revision, as there is now")
            yield tree / inside, commit
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    git = shutil.which("git")
    if git is None:
        return subprocess.CompletedProcess(arguments, 1, "", "there is no git on PATH")
    # Of what the user gives, git gets a revision alone, after --end-of-options.
    return subprocess.run([git, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
