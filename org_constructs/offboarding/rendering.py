"""What is to be done for somebody who leaves, as text, as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from org_constructs.templates.description import Whence
from org_constructs.templates.markdown import as_block, as_code, as_text
from org_constructs.templates.words import in_a_line, sentence, visible

from .steps import Step, steps_of

if TYPE_CHECKING:
    from org_constructs.templates.description import Origin

    from .leaving import Held, Leaving

FORMAT: Final = 1
"""The version of the JSON: it grows, and another version is another shape."""

_SHOWN: Final = 12
"""Accounts in a line."""

OUT_OF_SIGHT: Final = (
    "Out of sight is what the person holds beside IAM Identity Center: IAM users and their access keys, passwords of"
    " root users, roles that trust somebody, keys in code, and applications that are entered without an account."
)


def as_json(leaving: Leaving) -> dict[str, Any]:
    """Return it for programs; wording may change."""
    user, denial = leaving.user, leaving.denial
    return {
        "format": FORMAT,
        "person": {
            "userName": user.name,
            "displayName": user.display_name or None,
            "id": denial.id if denial and not denial.id_command else None,
            "origin": _origin(user.origin),
        },
        "has": [
            {
                "permissionSet": each.permission_set,
                "accounts": list(each.accounts),
                "through": each.through or None,
                "origin": _origin(each.origin),
                "time": each.time or None,
            }
            for each in leaving.has
        ],
        "groups": [{"name": each.group, "origin": _origin(each.origin)} for each in leaving.groups],
        "roles": list(leaving.roles),
        "unknownGroups": list(leaving.unknown_groups),
        "takeOut": [
            {"in": each.place, "what": each.what, "logicalId": each.logical_id or None} for each in leaving.take_out
        ],
        "commands": [*leaving.commands, *filter(None, [leaving.delete_command])],
        "elsewhere": list(leaving.elsewhere),
        "denial": None
        if denial is None
        else {
            "serviceControlPolicy": denial.service_control_policy,
            "inlinePolicies": [
                {"permissionSet": name, "inlinePolicy": policy} for name, policy in denial.inline_policies
            ],
            "statement": denial.statement,
            "hours": denial.hours,
        },
        "steps": [
            {
                "text": step.text,
                "blocks": [{"in": each.place or None, "lines": list(each.lines)} for each in step.blocks],
            }
            for step in steps_of(leaving)
        ],
        "named": list(leaving.named),
        "safe": leaving.is_safe,
        "whyNot": list(leaving.why_not),
        "couldNotLook": [str(each) for each in leaving.unread],
    }


def render_text(leaving: Leaving, width: int | None = None) -> str:
    """Return it for a terminal of a width, of which sentences take up to 100 characters; by default unwrapped.

    What is to be copied stays in one line.
    """
    lines = [*sentence(_title(leaving), width), ""]
    for warning in _warnings(leaving):
        lines += [*sentence(warning, width), ""]
    for title, items in _lists(leaving):
        lines += [f"{title}:", *(line for each in items for line in sentence(each, width, "  ", "    ")), ""]
    for number, step in enumerate(steps_of(leaving), start=1):
        lines += sentence(f"{number}. {step.text}.", width, "", "   ")
        for block in step.blocks:
            lines += [f"   In {visible(block.place)}:"] if block.place else []
            lines += [f"     {visible(line)}" for line in block.lines]
        lines.append("")
    lines += sentence(OUT_OF_SIGHT, width)
    return "".join(f"{line}\n" for line in lines)


def render_markdown(leaving: Leaving) -> str:
    """Return it for an issue or a pull request."""
    lines = [f"# {as_text(visible(_title(leaving)))}", ""]
    for warning in _warnings(leaving):
        lines += [f"**{as_text(visible(warning))}**", ""]
    for title, items in _lists(leaving):
        lines += [f"## {title}", "", *(f"- {as_text(visible(each))}" for each in items), ""]
    lines += ["## What to do, in this order", ""]
    for number, step in enumerate(steps_of(leaving), start=1):
        lines += [*_step_in_markdown(number, step), ""]
    return "\n".join([*lines, OUT_OF_SIGHT]) + "\n"


def _step_in_markdown(number: int, step: Step) -> Iterator[str]:
    first = f"{number}. "
    yield f"{first}{as_text(visible(step.text))}."
    for block in step.blocks:
        yield ""
        inside = [f"In {as_code(visible(block.place))}:", ""] if block.place else []
        inside += as_block("\n".join(map(visible, block.lines)), block.language).split("\n")
        yield from (f"{' ' * len(first)}{line}" if line else "" for line in inside)


def _title(leaving: Leaving) -> str:
    user, denial = leaving.user, leaving.denial
    shown = f"{user.display_name} ({user.name})" if user.display_name not in {"", user.name} else user.name
    known = f", id {denial.id}" if denial and not denial.id_command else ""
    return f"{shown} leaves{known}{_from(user.origin)}"


def _lists(leaving: Leaving) -> Iterator[tuple[str, list[str]]]:
    has = [_held(each) for each in leaving.has]
    has += [f"{each}, which account access manager lets the person assume" for each in leaving.roles]
    yield "Has", has or ["nothing"]
    if leaving.groups:
        yield "Is in groups", [f"{each.group}{_from(each.origin)}" for each in leaving.groups]
    if leaving.unknown_groups:
        yield "May have more, through groups of which nobody knows here who is in them", list(leaving.unknown_groups)
    if leaving.named:
        yield "Change as well", list(leaving.named)


def _held(held: Held) -> str:
    accounts = in_a_line(held.accounts, _SHOWN)
    way = f"through group {held.through}" if held.through else "directly"
    time = f", {held.time}" if held.time else ""
    return f"{held.permission_set} in {accounts}, {way}{time}{_from(held.origin)}"


def _warnings(leaving: Leaving) -> Iterator[str]:
    yield from (f"Not safe: {each}." for each in leaving.why_not)
    yield from (f"Could not look: {each}." for each in leaving.unread)


def _origin(origin: Origin | None) -> str | None:
    return str(origin) if origin else None


def _from(origin: Origin | None) -> str:
    """Return where something is from, if that is not what one expects."""
    return "" if origin is None or origin.whence is Whence.APP else f" ({origin})"
