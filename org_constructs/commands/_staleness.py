"""Whether an assembly is older than the app that it is of: a command then says so, and reads it all the same.

By the times of files, which takes neither Node nor the app. A command does not synthesize again: only `cdk synth` with
the user's credentials and context makes what `cdk deploy` would.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from org_constructs.templates.assembly import read_stacks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.assembly import Stack

_SETTINGS: Final = ("cdk.json", "cdk.context.json")
_NOT_OF_THE_APP: Final = frozenset({"node_modules", "site-packages", "test", "tests"})


def read_assembly(folder: Path) -> tuple[Stack, ...]:
    """Return the stacks of a folder that `cdk synth` has written, and say so if the app is newer.

    Raises:
        ValueError: As `read_stacks`.
    """
    stacks = read_stacks(folder)
    say_if_stale(folder)
    return stacks


def say_if_stale(folder: Path) -> None:
    """Say in a line on stderr if the folder is what an app synthesizes into, and something of the app is newer."""
    assembly = folder.resolve()
    app = _app_of(assembly)
    try:
        synthesized = (assembly / "manifest.json").stat().st_mtime_ns
    except OSError:
        return
    times = {path: path.stat().st_mtime_ns for path in _sources(app)} if app else {}
    newer = [path for path, time in times.items() if time > synthesized]
    if app is None or not newer or (len(newer) == len(times) and _is_committed_before(synthesized, app)):
        return
    newest = max(newer, key=lambda path: times[path]).relative_to(app)
    more = f" and {len(newer) - 1:,} more of the app's files" if len(newer) > 1 else ""
    click.secho(
        f"Note: {folder} is older than {newest}{more}, so this may be out of date; run `cdk synth` first",
        fg="yellow",
        err=True,
    )


def _app_of(assembly: Path) -> Path | None:
    """Return the folder of the app that synthesizes into this one, if it is there, by the nearest cdk.json."""
    for folder in assembly.parents:
        try:
            settings = json.loads((folder / "cdk.json").read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            return None
        output = settings.get("output") if isinstance(settings, dict) else None
        return folder if (folder / (output or "cdk.out")).resolve() == assembly else None
    return None


def _sources(app: Path) -> Iterator[Path]:
    """Yield the settings and the modules of an app, and no tests, packages, assemblies nor other apps."""
    yield from (path for path in (app / name for name in _SETTINGS) if path.is_file())
    for folder, inside, files in os.walk(app):
        inside[:] = [
            each
            for each in inside
            if not (each.startswith(".") or each.endswith(".out") or each in _NOT_OF_THE_APP)
            and not any((Path(folder) / each / sign).is_file() for sign in ("cdk.json", "pyvenv.cfg"))
        ]
        yield from (path for path in (Path(folder) / each for each in files if each.endswith(".py")) if path.is_file())


def _is_committed_before(synthesized: int, app: Path) -> bool:
    """Tell whether the app was committed before, as it is.

    A pipeline that checks it out has new files all of them, and the assembly is an artifact of an earlier job.
    """

    def git(*arguments: str) -> str | None:
        try:
            command = ["git", "-C", str(app), *arguments]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (of our own)
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    committed = git("log", "-1", "--format=%ct")
    changed = git("status", "--porcelain", "--", *_SETTINGS, "*.py")
    return bool(committed) and changed == "" and int(committed or 0) * 10**9 <= synthesized
