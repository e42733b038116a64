"""The steps in which somebody leaves, in the order in which nothing opens again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws import limits
from org_constructs.templates.description import Whence
from org_constructs.templates.python_text import Code, argument, call, call_in_lines

if TYPE_CHECKING:
    from .leaving import Denial, Leaving

PYTHON: Final = "python"
SHELL: Final = "sh"
JSON: Final = "json"

REVOKING: Final = "https://docs.aws.amazon.com/singlesignon/latest/userguide/revoke-user-permissions.html"
_PORTAL: Final = "https://docs.aws.amazon.com/singlesignon/latest/userguide/authconcept.html"


@dataclass(frozen=True, kw_only=True)
class Block:
    """Something to copy."""

    place: str
    """Where it belongs; empty for a command."""

    lines: tuple[str, ...]
    language: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to do."""

    text: str
    """What, and why; sentences, without a full stop at the end."""

    blocks: tuple[Block, ...] = ()


def steps_of(leaving: Leaving) -> Iterator[Step]:
    """Yield what to do, one after the other."""
    yield from _provider(leaving)
    if leaving.denial is not None:
        yield from _deny(leaving, leaving.denial)
    yield Step(
        text="End the person's sessions of the access portal in the console, before the person is deleted or disabled,"
        f" as it cannot end them afterwards: IAM Identity Center, Users, {leaving.user.name}, Active sessions. Such a"
        " session lasts 8 hours by default and 90 days at most, and opens nothing that is not assigned any more"
        f" ({_PORTAL})"
    )
    if leaving.commands:
        yield Step(
            text="Run this, unless a stack that could not be read has it and takes it away by its own deploy"
            if leaving.unread
            else "Run this, since no deploy takes away what no stack has",
            blocks=(_shell(leaving.commands),),
        )
    if leaving.elsewhere:
        there = "; ".join(leaving.elsewhere)
        yield Step(text=f"Have this taken away where it is from: {there}")
    yield from _take_out(leaving)
    if leaving.delete_command:
        text = "Delete the person, whom no stack has made and none deletes"
        yield Step(text=text, blocks=(_shell((leaving.delete_command,)),))
    if leaving.denial is not None:
        yield Step(
            text=f"Take the denial out again, and deploy, {_hours(leaving.denial.hours)} after the access is gone: no"
            f" session of these permission sets lasts longer{_longer(leaving.denial.hours)}"
        )


def _provider(leaving: Leaving) -> Iterator[Step]:
    name, origin = leaving.user.name, leaving.user.origin
    if origin is not None and origin.whence is Whence.PROVIDER:
        yield Step(
            text=f"Remove {name} in the identity provider first: the person cannot sign in again then, and what is"
            " deleted here only would come back from there"
        )
    elif origin is None and leaving.user.only_named:
        yield Step(
            text=f"If an identity provider has made {name}, remove the person there first: what is deleted here only"
            " would come back from there"
        )


def _deny(leaving: Leaving, denial: Denial) -> Iterator[Step]:
    blocks, said = [], []
    if denial.id_command:
        blocks.append(_shell((denial.id_command,)))
        said.append(f"{denial.id} stands for the id that the command prints, as long as the person is there")
    if denial.service_control_policy is not None:
        blocks.append(_policy(leaving, denial.service_control_policy))
        said.append("the service control policy reaches every member account")
    if denial.inline_policies:
        blocks += [_inline_policy(leaving, denial, name, policy) for name, policy in denial.inline_policies]
        said.append(
            "service control policies do not reach the management account, so the permission sets deny it there"
            if denial.has_control_policies
            else "service control policies are not enabled, so the permission sets deny it"
        )
    deny = "Deny" if leaving.has or leaving.unknown_groups else "If access was taken away in the last hours, deny"
    yield Step(
        text=f"{deny} what {leaving.user.name} does in sessions that are open, and deploy: they go on for up to"
        f" {_hours(denial.hours)} otherwise, whatever is taken away. It concerns nobody else: {'; '.join(said)}"
        f" ({REVOKING})",
        blocks=tuple(blocks),
    )


def _inline_policy(leaving: Leaving, denial: Denial, name: str, policy: dict[str, Any] | None) -> Block:
    if policy is None:
        place = f"the inline policy of {name}, beside what it says, wherever that is managed"
        return Block(place=place, lines=_json(denial.statement), language=JSON)
    if not leaving.is_baseline:
        return Block(place=f"the InlinePolicy of {name}", lines=_json(policy), language=JSON)
    place = call("PermissionSetProps", name=name)
    return Block(place=place, lines=argument("inline_policy", policy), language=PYTHON)


def _policy(leaving: Leaving, policy: dict[str, Any]) -> Block:
    if not leaving.is_baseline:
        place = "a service control policy that is attached to the root"
        return Block(place=place, lines=_json(policy), language=JSON)
    lines = call_in_lines(
        "PolicyProps",
        name=f"has-left-{_slug(leaving.user.name)}",
        type=Code("PolicyType.SERVICE_CONTROL_POLICY"),
        content=policy,
        targets=["root"],
    )
    return Block(place="policies", lines=lines, language=PYTHON)


def _take_out(leaving: Leaving) -> Iterator[Step]:
    lines = leaving.take_out
    if not lines:
        return
    places = dict.fromkeys(each.place for each in lines)
    made = leaving.user.origin is None and not leaving.user.only_named
    by_app = made or (leaving.user.origin is not None and leaving.user.origin.whence is Whence.APP)
    yield Step(
        text="Take this out of the app, whatever else the lines say, and run `cdk deploy`, which ends the access"
        + (" and deletes the person in IAM Identity Center" if by_app else ""),
        blocks=tuple(
            Block(
                place=place,
                lines=tuple(
                    f"{each.what}," if leaving.is_baseline else each.what for each in lines if each.place == place
                ),
                language=PYTHON,
            )
            for place in places
        ),
    )


def _longer(hours: int) -> str:
    if hours == limits.SESSION_HOURS_MAX:
        return ""
    return f"; {_hours(limits.SESSION_HOURS_MAX)} if one of them allowed more until today, as AWS advises for any"


def _hours(number: int) -> str:
    return "1 hour" if number == 1 else f"{number} hours"


def _slug(name: str) -> str:
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in name.casefold()).strip("-")[:100]


def _json(value: dict[str, Any]) -> tuple[str, ...]:
    return tuple(json.dumps(value, indent=2, ensure_ascii=False).splitlines())


def _shell(commands: tuple[str, ...]) -> Block:
    return Block(place="", lines=commands, language=SHELL)
