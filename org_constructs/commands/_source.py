"""What a command is about: an organization, from templates, from AWS, or from a file with a saved description."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from org_constructs.cdk_cli.synthesis import on_stderr
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT, Stack, describe_stacks, read_stacks
from org_constructs.templates.description import Description, describe
from org_constructs.templates.resources import read_template, read_templates
from org_constructs.templates.revision import commit_time
from org_constructs.templates.saved import from_json, is_saved
from org_constructs.templates.values import Environment

from ._live import LIVE, read_live


class Source(NamedTuple):
    """What a source says."""

    description: Description
    stacks: tuple[Stack, ...] = ()
    """Those of the assembly that was read; none of another source."""

    time: float | None = None
    """When the file was written, the assembly synthesized or the revision committed, in seconds since 1970.

    None of AWS, of which the description says when it was asked.
    """


class Read(NamedTuple):
    """What several sources say together."""

    description: Description
    stale: str
    """What was said of templates that are older than their app; empty where they are not."""

    time: float | None
    """As of a `Source`; of several the newest one's."""


def read_source(
    source: str,
    *,
    stacks: Collection[str] = (),
    app: str | None = None,
    profile: str | None = None,
    assembly: Path = CDK_OUT,
    details: bool = False,
    say: Callable[[str], None] = on_stderr,
) -> Source:
    """Return what a source says of an organization.

    Args:
        source: `live`; a description that `report` saved; a folder that `cdk synth` has written; a template file; an
            app's folder; or a revision of git, at which the app of this folder is synthesized in a temporary worktree.
        stacks: The ids of the stacks of an assembly to read; by default all.
        app: The command that runs an app; by default what its cdk.json says.
        profile: The CLI profile to ask AWS with; by default the credentials that boto3 finds.
        assembly: The folder of the app whose stacks are this app's in AWS.
        details: Whether to read of AWS what nobody's access depends on as well, as for `describe_live`.
        say: Is told what takes time, and what an app wrote that does not synthesize; by default stderr is.

    Raises:
        Refusal: The source is none of these, or does not describe an organization.
    """
    if source == LIVE:
        return Source(read_live(assembly, profile, details=details))
    path = Path(source)
    if path.is_file():
        return Source(_of_file(path), time=path.stat().st_mtime)

    from org_constructs.cdk_cli.source import assembly_of, is_revision  # noqa: PLC0415 (so that `--help` is quick)

    with assembly_of(
        source, app=app, say=say, show=say, also="a template file, a saved description, `live`, "
    ) as folder:
        read = of_assembly(folder, stacks)
    return read._replace(time=commit_time(source)) if is_revision(source, app) else read


def read_in(thread: Executor, read: Callable[[Callable[[str], None]], Source]) -> Callable[[], Source]:
    """Begin to read a source in a thread.

    Args:
        thread: The thread, of `beside`.
        read: Reads it, and says what takes time.

    Returns:
        What waits for the source, says then what was said, and returns it.
    """
    said: list[str] = []
    reading = thread.submit(read, said.append)

    def result() -> Source:
        wait([reading])
        for line in said:
            on_stderr(line)
        return reading.result()

    return result


def of_assembly(folder: Path, stacks: Collection[str] = ()) -> Source:
    """Return what an assembly says; of the stacks that are named and not there nothing, as one may be new, or gone.

    Raises:
        Refusal: As `read_stacks` and `describe_stacks`.
    """
    found = read_stacks(folder)
    selected = [each.id for each in found if each.id in stacks] or stacks
    return Source(*describe_stacks(found, selected), time=(folder / "manifest.json").stat().st_mtime)


def of_templates(paths: Sequence[Path]) -> Description:
    """Return what template files say of one organization.

    Raises:
        Refusal: One cannot be read or is no template.
    """
    with _readable():
        read = read_templates(paths).all
    for each in read:
        if not isinstance(each.body.get("Resources"), dict):
            raise Refusal("template-without-resources", f"a template must have Resources, and {each.path!r} has none")
    own = {each.path: Path(each.path).name.partition(".")[0] for each in read if not each.construct}
    distinct = len(set(own.values())) == len(read)
    names = {each.path: own[each.path] if each.path in own and distinct else each.stack for each in read}
    try:
        return describe(
            {names[each.path]: each.body for each in read},
            {names[each.path]: Environment(each.account, each.region) for each in read if each.construct},
        )
    except Refusal as refusal:
        if refusal.code != "reference-unknown":
            raise
        raise refusal.with_fix("of several stacks that belong together, name the folder with manifest.json") from None
    except (KeyError, TypeError, AttributeError):
        raise Refusal(
            "template-incomplete",
            f"{', '.join(map(str, paths))} must be valid for CloudFormation, with all the properties that the"
            " resources of an organization need",
            "check them with cfn-lint",
        ) from None


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refusal(
            "template-unreadable", f"the template {str(error.filename)!r} cannot be read: {error.strerror}"
        ) from None


def _of_file(path: Path) -> Description:
    with _readable():
        parsed = read_template(path)
    return from_json(parsed) if is_saved(parsed) else of_templates([path])
