"""Whether an assembly is older than the app that it is of.

By the times of files, which takes neither Node nor the app: its settings, its modules, and the files of data that
these name.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, NamedTuple

from .assembly import CDK_OUT, MAPPING

_SETTINGS: Final = ("cdk.json", "cdk.context.json")
_NOT_OF_THE_APP: Final = frozenset({"node_modules", "site-packages", "test", "tests"})
_PYTHON: Final = (".py",)
_OTHER_LANGUAGES: Final = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".java", ".cs", ".go")
_DATA: Final = (".json", ".yaml", ".yml", ".toml", ".csv", ".txt", ".ini")
# `people.yaml`, or `*.yaml` as in a glob.
_NAME_OF_DATA: Final = re.compile(rf"[\w*?.-]*(?:{'|'.join(map(re.escape, _DATA))})\b")


class _App(NamedTuple):
    """An app that synthesizes into a folder."""

    folder: Path
    others: tuple[Path, ...]
    """Folders elsewhere of what its command runs."""

    languages: tuple[str, ...]
    """How the names of its modules end."""


def staleness(assembly: Path) -> str:
    """Say which files of the app are newer than what it synthesized, in a sentence without its full stop.

    Empty where nothing is, or the folder is not what an app nearby synthesizes into.
    """
    folder = assembly.resolve()
    app = _app_of(folder)
    try:
        synthesized = (folder / "manifest.json").stat().st_mtime_ns
    except OSError:
        return ""
    times = {path: path.stat().st_mtime_ns for path in _sources(app)} if app else {}
    newer = [path for path, time in times.items() if time > synthesized]
    if app is None or not newer or (len(newer) == len(times) and _is_committed_before(synthesized, app, times)):
        return ""
    newest = os.path.relpath(max(newer, key=lambda path: times[path]), app.folder)
    more = f" and {len(newer) - 1:,} more of the app's files" if len(newer) > 1 else ""
    return f"{assembly} is older than {newest}{more}"


def app_time(folder: Path, command: str) -> float | None:
    """Return when the newest file of an app was written, in seconds since 1970; None where the folder has none.

    Args:
        folder: The app's.
        command: What runs the app.
    """
    return max((path.stat().st_mtime for path in _sources(_app_in(folder, command))), default=None)


def _app_of(assembly: Path) -> _App | None:
    """Return the app that synthesizes into this folder, if it is there, by the nearest cdk.json."""
    for folder in assembly.parents:
        try:
            settings = json.loads((folder / "cdk.json").read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            return None
        settings = settings if isinstance(settings, dict) else {}
        if (folder / (settings.get("output") or CDK_OUT)).resolve() != assembly:
            return None
        return _app_in(folder, str(settings.get("app") or ""))
    return None


def _app_in(folder: Path, command: str) -> _App:
    return _App(
        folder,
        tuple(_folders_elsewhere(command, folder)),
        _PYTHON if not command or re.search(r"python|\.py\b", command) else (*_PYTHON, *_OTHER_LANGUAGES),
    )


def _folders_elsewhere(command: str, folder: Path) -> Iterator[Path]:
    """Yield the folders of the programs that a command names, where they are not in the app's own."""
    try:
        words = shlex.split(command)
    except ValueError:
        return
    for word in words:
        program = (folder / word).resolve()
        if program.suffix in {*_PYTHON, *_OTHER_LANGUAGES} and program.is_file() and folder not in program.parents:
            yield program.parent


def _sources(app: _App) -> Iterator[Path]:
    """Yield the settings, the modules and the data of an app, and no tests, packages, assemblies nor other apps."""
    settings = [path for path in (app.folder / name for name in _SETTINGS) if path.is_file()]
    files = {path: None for folder in (app.folder, *app.others) for path in _files(folder)}
    modules = [path for path in files if path.suffix in app.languages]
    named = {name for path in modules for name in _NAME_OF_DATA.findall(path.read_text("utf-8", errors="replace"))}
    yield from settings
    yield from modules
    for path in files:
        # The mapping is made from the assembly, so that it is always newer.
        is_data = path.suffix in _DATA and path.name != MAPPING.name
        if is_data and path not in settings and any(fnmatch(path.name, name) for name in named):
            yield path


def _files(top: Path) -> Iterator[Path]:
    for folder, inside, names in os.walk(top):
        inside[:] = [
            each
            for each in inside
            if not (each.startswith(".") or each.endswith(".out") or each in _NOT_OF_THE_APP)
            and not any((Path(folder) / each / sign).is_file() for sign in ("cdk.json", "pyvenv.cfg"))
        ]
        yield from (path for path in (Path(folder) / name for name in names) if path.is_file())


def _is_committed_before(synthesized: int, app: _App, sources: dict[Path, int]) -> bool:
    """Tell whether the app was committed before, as it is.

    A pipeline that checks it out has new files all of them, and the assembly is an artifact of an earlier job.
    """

    def git(*arguments: str) -> str | None:
        try:
            command = ["git", "-C", str(app.folder), *arguments]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (of our own)
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    # Modules by their endings, as one that was deleted is a change too.
    data = [str(path) for path in sources if path.suffix in _DATA]
    committed = git("log", "-1", "--format=%ct")
    changed = git("status", "--porcelain", "--", *_SETTINGS, *(f"*{each}" for each in app.languages), *data)
    return bool(committed) and changed == "" and int(committed or 0) * 10**9 <= synthesized
