"""`org-baseline init`: a folder with a new app, from a few answers or from what AWS has."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from org_constructs.app_code.folder import check_folder, write_folder
from org_constructs.app_code.installed import requirement
from org_constructs.app_code.new_app import APP, CHECKS, README, Answers, files_of
from org_constructs.app_code.told_by_aws import Told, ask
from org_constructs.aws.examples import EXAMPLE_ACCOUNT
from org_constructs.aws.regions import DEFAULT_REGION
from org_constructs.constructs.email import plus_address
from org_constructs.constructs.identity_center import IdentityCenter
from org_constructs.live.errors import refusal_of
from org_constructs.refusal import Refusal
from org_constructs.templates.words import and_list, count, visible

from . import _options
from ._init_from import init_from

_QUESTIONS: Final = {
    "company": "Company in short, such as acme: the accounts are called acme-dev and acme-production",
    "email": "E-mail address of the management account",
    "account": "Id of the management account",
    "region": "Region to work in, and of IAM Identity Center",
    "user_name": "Work e-mail address of the first person, who signs in with it",
    "given_name": "Given name",
    "family_name": "Family name",
    "start_url": "AWS access portal URL",
}
_INTERRUPTED: Final = 130
"""As a shell reports Ctrl-C."""


@click.command()
@click.argument("folder", type=_options.PATH, required=False)
@click.option("--company", metavar="NAME", help="The company's short name, the first part of each account's name.")
@click.option("--email", metavar="ADDRESS", help="The e-mail address of the management account.")
@click.option("--account", metavar="ID", help="The id of the management account.")
@click.option("--region", metavar="REGION", help="The region to work in, and of IAM Identity Center.")
@click.option("--user-name", metavar="ADDRESS", help="What the first person signs in with, the work e-mail.")
@click.option("--given-name", metavar="NAME", help="The first person's given name.")
@click.option("--family-name", metavar="NAME", help="The first person's family name.")
@click.option("--instance-arn", metavar="ARN", help="The instance of IAM Identity Center, if it is enabled already.")
@click.option("--identity-store-id", metavar="ID", help="The instance's identity store.")
@click.option("--start-url", metavar="URL", help="The AWS access portal URL, if it is a custom one.")
@click.option(
    "--from",
    "source",
    metavar="SOURCE",
    help="Write the app that describes what AWS has: `live`, or a file that `report live --format json` has written; or"
    " what a file of org-formation or aws-sso-util has.",
)
@_options.profile
@click.option("--check", is_flag=True, help="Show what would be written, but write nothing.")
def init(
    *,
    folder: Path | None,
    source: str | None,
    profile: str | None,
    instance_arn: str | None,
    identity_store_id: str | None,
    start_url: str | None,
    check: bool,
    **options: str | None,
) -> None:
    """Write a new app into FOLDER.

    The folder is new or empty, and by default called like the company. It may be a new repository of git, which has at
    most a .gitattributes and a LICENSE, and the folder that you are in.

    What no option says is read from AWS, if there are credentials, and asked for. Without a terminal nobody can be
    asked: then every answer that AWS does not give must be an option.

    app.py is what a first deploy takes: it has IAM Identity Center only if it is enabled already. README.md has the
    next commands in their order.

    With --from it is an app for the organization that exists: its units, accounts, people, access and policies, so that
    `org-baseline adopt` imports everything and a deploy changes nothing. What the app cannot say, or leaves alone, is
    listed, and stands as comments in the code. `live` takes the permissions that `org-baseline deploy-policy
    --read-only` prints. With a file of another tool, --company, --email, --account, --region, --instance-arn and
    --identity-store-id say what the file does not.

    At a terminal the answers are shown before they are written, and each can be given again.

    Exits with 0 if the folder is there, 1 if you answer that it is not to be written, 2 if the input does not allow it,
    and 130 after Ctrl-C; then nothing is written.
    """
    given = {name: value for name, value in options.items() if value is not None}
    others = {"instance_arn": instance_arn, "identity_store_id": identity_store_id, "start_url": start_url}
    with _interruptible():
        if source is not None:
            answered = {name: value for name, value in {**given, **others}.items() if value is not None}
            init_from(source, folder, profile=profile, given=answered, check=check)
            return
        with _calling({name: _option(name) for name in (*CHECKS, *others)}):
            for name, value in given.items():
                CHECKS[name](value)
            instance = _named_instance(instance_arn, identity_store_id)
            if folder is not None:
                check_folder(folder)
            told = _told(profile, given.get("account"))
            instance = instance or told.identity_center
            if start_url is not None:
                instance = _with_start_url(instance, start_url)
            known: dict[str, str] = {name: said for name in CHECKS if (said := getattr(told, name, None))}
            if not _at_a_terminal():
                answers = {**known, **given}
                _refuse_missing(answers)
                folder = folder or _folder_of(answers["company"])
            else:
                checks = dict(CHECKS)
                if instance and instance.start_url and start_url is None:
                    checks["start_url"] = partial(_with_start_url, instance)
                    known["start_url"] = instance.start_url
                folder, answers = _ask(checks, folder, given, known, confirm=not check)
                if "start_url" in answers:
                    instance = _with_start_url(instance, answers.pop("start_url"))
            files = files_of(Answers(**answers, identity_center=instance, policies_enabled=told.policies_enabled))
        if check:
            check_folder(folder)
            _show(folder, files)
            return
        write_folder(folder, files)
    click.echo(f"Created {folder} with {and_list(sorted(files))}")
    _say_next_steps(folder, told)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Say after Ctrl-C, or at the end of what is typed, that nothing is there."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nNothing was written.", err=True)
        sys.exit(_INTERRUPTED)


@contextmanager
def _calling(names: Mapping[str, str]) -> Iterator[None]:
    """Have refusals call what they are about as whoever reads them does."""
    try:
        yield
    except Refusal as refusal:
        raise refusal.renamed(names) from None


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _named_instance(arn: str | None, store: str | None) -> IdentityCenter | None:
    if arn is None and store is None:
        return None
    if arn is None or store is None:
        missing, given = ("--instance-arn", "--identity-store-id")[:: 1 if arn is None else -1]
        raise Refusal("instance-incomplete", f"{missing} must be given beside {given}, got none")
    return IdentityCenter(instance_arn=arn, identity_store_id=store)


def _with_start_url(instance: IdentityCenter | None, start_url: str) -> IdentityCenter:
    if instance is None:
        raise Refusal(
            "instance-incomplete",
            f"--start-url must be that of an instance of IAM Identity Center, got {start_url!r} and no instance",
            "give --instance-arn and --identity-store-id",
        )
    return replace(instance, start_url=start_url)


def _told(profile: str | None, account: str | None) -> Told:
    """Return what AWS tells; nothing, if it is of another account than the one that is asked for."""
    import boto3  # noqa: PLC0415 (it takes a third of a second, which `--help` need not wait for)
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError  # noqa: PLC0415 (likewise)

    try:
        told = ask(boto3.Session(profile_name=profile))
    except (BotoCoreError, ClientError) as error:
        refusal = refusal_of(error, profile)
        if profile:
            raise refusal from None
        if not isinstance(error, NoCredentialsError):
            click.echo(f"AWS is not asked: {refusal.why}", err=True)
        return Told()
    if account not in {None, told.account}:
        click.echo(f"AWS is not asked: the credentials are of account {told.account}, not of {account}", err=True)
        return Told()
    there = [
        f"account {told.account}",
        *([f"its organization {told.organization}"] if told.organization else ["no organization yet"]),
        *([f"IAM Identity Center in {told.region}"] if told.identity_center else []),
    ]
    click.echo(f"Read from AWS: {and_list(there)}", err=True)
    if told.organization:
        click.echo("`org-baseline init --from live` writes an app for what this organization has already.", err=True)
    return told


def _refuse_missing(answers: Mapping[str, str]) -> None:
    missing = [_option(name) for name in CHECKS if name not in answers]
    if missing:
        raise Refusal(
            "answers-missing",
            f"{and_list(missing)} must be given, since there is no terminal to ask at and AWS does not tell",
        )


def _proposal(name: str, folder: Path | None) -> str | None:
    """Return what is proposed where AWS tells nothing."""
    if name == "company" and folder is not None:
        with suppress(Refusal):
            CHECKS[name](folder.resolve().name)
            return folder.resolve().name
    return {"account": EXAMPLE_ACCOUNT, "region": DEFAULT_REGION}.get(name)


def _ask(
    checks: Mapping[str, Callable[[str], object]],
    folder: Path | None,
    given: Mapping[str, str],
    known: Mapping[str, str],
    *,
    confirm: bool,
) -> tuple[Path, dict[str, str]]:
    """Ask what is not given, and again whatever is to be changed; returns where to write, and the answers."""
    click.echo("Until the first deploy every answer can still be changed in app.py.", err=True)
    answers: dict[str, str] = {}
    to = folder
    for name in checks:
        proposed = known.get(name) or _proposal(name, folder)
        answers[name] = given.get(name) or _asked(name, proposed, checks[name])
        if to is None:
            to = _folder_of(answers["company"])
            check_folder(to)
    assert to is not None  # noqa: S101 (the company is among the answers)
    asked = [name for name in checks if name not in given]
    while confirm and asked and (name := _to_change(to, answers, asked)):
        answers[name] = _asked(name, answers[name], checks[name])
        to = folder or _folder_of(answers["company"])
        check_folder(to)
    return to, answers


def _asked(name: str, proposed: str | None, check: Callable[[str], object]) -> str:
    """Ask until the answer is taken; each that is not gets the reason."""

    def taken(answer: str) -> str:
        try:
            with _calling({name: "it"}):
                check(answer.strip())
        except Refusal as refusal:
            raise click.UsageError(visible(str(refusal))) from None
        return answer.strip()

    example = "; without one yet, press Enter for AWS's example" if proposed == EXAMPLE_ACCOUNT else ""
    answer: str = click.prompt(f"{_QUESTIONS[name]}{example}", default=proposed, value_proc=taken, err=True)
    return answer


def _to_change(folder: Path, answers: Mapping[str, str], asked: Sequence[str]) -> str:
    """Show the answers and ask whether to write them; returns the one to ask for again, or nothing to write them.

    Raises:
        SystemExit: They are not to be written.
    """
    accounts = ("dev", "production")
    meanings = {
        "company": f"accounts {and_list([answers['company'] + f'-{key}' for key in accounts])}",
        "email": f"accounts {and_list([plus_address(answers['email'], key) for key in accounts])}",
        "account": "AWS's example, until you have one" if answers["account"] == EXAMPLE_ACCOUNT else "",
    }
    names = {name: name.replace("_", "-") for name in answers}
    width = max(map(len, names.values()))
    click.echo(err=True)
    for name, value in answers.items():
        meaning = f"  ({meanings[name]})" if meanings.get(name) else ""
        click.echo(visible(f"  {names[name]:<{width}}  {value}{meaning}"), err=True)
    choices = {"y": "", "n": "n", **{names[name]: name for name in asked}}

    def taken(answer: str) -> str:
        try:
            return choices[answer.strip().lower()]
        except KeyError:
            raise click.UsageError(f"it must be one of {', '.join(choices)}, got {visible(answer)!r}") from None

    question = f"\nWrite {folder}? y, n, or what to answer again, such as {names[asked[0]]}"
    chosen: str = click.prompt(question, default="y", value_proc=taken, err=True)
    if chosen == "n":
        click.echo("Nothing was written.", err=True)
        sys.exit(1)
    return chosen


def _folder_of(company: str) -> Path:
    """Return the folder that is called like a company: `Acme Inc.` has `Acme-Inc`."""
    return Path(re.sub(r"[^A-Za-z0-9_-]+", "-", company).strip("-"))


def _show(folder: Path, files: Mapping[str, str]) -> None:
    """Show what would be written: each file with its length, and app.py, which has the answers."""
    for name in sorted(files):
        click.echo(f"{folder / name} ({count(len(files[name].splitlines()), 'line')})")
    click.echo(f"\n{files[APP]}", nl=False)
    click.echo("Nothing was written.", err=True)


def _say_next_steps(folder: Path, told: Told) -> None:
    rehearse = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/org-baseline rehearse"
    if find_spec("moto") is not None:
        rehearse = "org-baseline rehearse"
    elif shutil.which("uvx") is not None:
        here = requirement()
        program = f"--from {shlex.quote(here)} org-constructs" if "@" in here else shlex.quote(here)
        rehearse = f"uvx {program} rehearse"
    there = [] if folder.samefile(Path.cwd()) else [f"cd {shlex.quote(str(folder))}"]
    click.echo("\nSee what it makes, without AWS:\n")
    for line in (*there, rehearse):
        click.echo(f"  {line}")
    click.echo()
    if told.organization:
        click.echo(
            f"The organization {told.organization} exists already: `org-baseline adopt` says how the app takes it over,"
            " before the first deploy."
        )
    click.echo(f"For the rest, {folder / README} sets up .venv, and has the next commands in their order.")
