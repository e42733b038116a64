"""The assembly that a source names: a folder of `cdk synth`, an app's folder, or a revision of git of this folder."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from org_constructs.aws.examples import EXAMPLE_ACCOUNT
from org_constructs.refusal import Refusal

from .cli import CdkCli, find_cdk_cli
from .synthesis import app_of, on_stderr, synthesize


def is_revision(source: str, app: str | None = None) -> bool:
    """Tell whether a source is taken for a revision of git: it is no file, and no folder of `cdk synth` or an app's."""
    path = Path(source)
    is_app = path.is_dir() and bool(app or (path / "cdk.json").is_file())
    return not is_app and is_synthesized(source)


def is_synthesized(source: str) -> bool:
    """Tell whether a source that is read has to be synthesized first, as apps and revisions of git have."""
    path = Path(source)
    return not (path.is_file() or (path / "manifest.json").is_file())


@contextmanager
def assembly_of(
    source: str,
    *,
    app: str | None = None,
    cli: CdkCli | None = None,
    say: Callable[[str], None],
    show: Callable[[str], None] = on_stderr,
    also: str = "",
) -> Iterator[Path]:
    """Yield the folder of an assembly; what had to be made for it is gone afterwards.

    Args:
        source: A folder that `cdk synth` has written; an app's folder; or a revision of git, at which the app of this
            folder is synthesized in a temporary worktree.
        app: The command that runs an app; by default what its cdk.json says.
        cli: The CDK CLI that synthesizes; by default one is looked for.
        say: Is told what takes time.
        show: Is told what an app wrote that does not synthesize.
        also: What else the caller takes, for the sentence that refuses: "a template file, ".

    Raises:
        Refusal: The source is none of these, or the app does not synthesize.
    """
    path = Path(source)
    with ExitStack() as cleanup:
        if (path / "manifest.json").is_file():
            yield path
            return
        name = source
        if is_revision(source, app):
            path, commit = cleanup.enter_context(_checked_out(source, also))
            name = source if commit.startswith(source) else f"{source} ({commit[:7]})"
        command = app or app_of(path, name)
        scratch = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="assembly-of-")))
        if cli is None:
            cli = find_cdk_cli(scratch, default_account=EXAMPLE_ACCOUNT)
            if cli.note:
                say(f"Note: {cli.note}")
        say(f"Synthesizing {name}: {command}")
        assembly = scratch / "assembly"
        # A rule may be newer than the old revision, and the change be what obeys it.
        synthesize(cli, path, command, assembly, say=say, show=show, against_rules=True)
        yield assembly


@contextmanager
def _checked_out(revision: str, also: str) -> Iterator[tuple[Path, str]]:
    """Check a revision out beside the working tree; yields this folder there, and the commit."""
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").stdout.strip()
    if not commit:
        outside = shutil.which("git") and not _git("rev-parse", "--git-dir").stdout
        nowhere = "; this folder is in no git repository" if outside else ""
        raise Refusal(
            "source-unknown",
            f"it must be a folder that `cdk synth` wrote, {also}a folder with a cdk.json, or a git revision{nowhere}",
        )
    inside = _git("rev-parse", "--show-prefix").stdout.strip()
    with tempfile.TemporaryDirectory(prefix="assembly-of-") as scratch:
        tree = Path(scratch) / "worktree"
        try:
            # Without hooks, which are for those who work in the tree.
            added = _git("-c", f"core.hooksPath={scratch}", "worktree", "add", "--quiet", "--detach", str(tree), commit)
            if not tree.is_dir():
                raise Refusal(
                    "revision-not-checked-out",
                    f"git must be able to check it out beside the working tree, but refuses: {added.stderr.strip()}",
                )
            if not (tree / inside).is_dir():
                raise Refusal("revision-without-folder", f"the folder {inside!r} must exist at that revision too")
            yield tree / inside, commit
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    git = shutil.which("git")
    if git is None:
        return subprocess.CompletedProcess(arguments, 1, "", "git is not on PATH")
    # Of what the user gives, git gets a revision alone, after --end-of-options.
    return subprocess.run([git, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
