"""A file of another tool: how it is read, whoever wrote it, and what it comes to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.template_text import parse_yaml_of_anybody
from org_constructs.constructs.validate import shown
from org_constructs.refusal import Refusal
from org_constructs.templates.words import and_list

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from org_constructs.templates.description import Description

_MAX: Final = 2_000_000
"""Characters of a file, far beyond what the largest organization needs."""


@dataclass(frozen=True, kw_only=True)
class ToolFile:
    """What a file of another tool says."""

    description: Description
    """What it describes, as if AWS had it."""

    name: str
    """The file's name, such as `organization.yml`."""

    tool: str
    """What it is a file of, such as `org-formation`."""

    remarks: Sequence[tuple[str, str]]
    """What the app cannot say, in sentences, each with the argument of `OrgBaseline` before which it stands."""


def parsed_file(path: Path) -> Any:  # noqa: ANN401 (JSON)
    """Return what a YAML file says.

    Raises:
        Refusal: It cannot be read, is no YAML, or is larger, deeper or more folded than what people write.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(_MAX + 1)
        if len(text) <= _MAX:
            return parse_yaml_of_anybody(text)
    except OSError as error:
        raise Refusal("tool-file-unreadable", f"the file {str(path)!r} cannot be read: {error.strerror}") from None
    except ValueError as error:
        said = f"{str(path)!r} must be YAML as people write it, and is not: {error}"
        raise Refusal("tool-file-syntax", said) from None
    raise invalid(repr(path.name), f"of at most {_MAX:,} characters", "more", "name a smaller file")


def invalid(where: str, rule: str, value: object, fix: str = "correct it in the file") -> Refusal:
    """Return the refusal of a value that the tool would not take either, or that only the tool can fill in."""
    got = "nothing" if value is None else shown(value)
    return Refusal("tool-file-invalid", f"{where} must be {rule}, got {got}", fix)


def mapping_of(where: str, value: object) -> Mapping[str, Any]:
    """Return a value that has to be a mapping."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise invalid(where, "a mapping", value)
    return value


def list_of(value: object) -> list[Any]:
    """Return a value, or the list of values that may stand in its place."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text_of(where: str, value: object) -> str:
    """Return a value that has to be a text, and be filled in."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value:
        raise invalid(where, "a text", value)
    if "{{" in value:
        raise invalid(where, "filled in", value, "write what the tool puts there into the file")
    return value


def tags_of(where: str, value: object) -> dict[str, str]:
    """Return tags, which have numbers and yes or no where people leave the quotes out."""
    tags = {}
    for key, each in mapping_of(where, {} if value is None else value).items():
        said = str(each).lower() if isinstance(each, bool) else str(each) if isinstance(each, float) else each
        tags[key] = text_of(f"{where}.{key}", said) if said not in (None, "") else ""
    return tags


def is_function(value: object) -> bool:
    """Tell whether a value is what only the tool, or CloudFormation, can fill in."""
    return isinstance(value, dict) and len(value) == 1 and str(next(iter(value))).startswith(("Ref", "Fn::"))


def has_function(value: object) -> bool:
    """Tell whether there is such a value anywhere in a value."""
    if isinstance(value, dict):
        return is_function(value) or any(map(has_function, value.values()))
    return isinstance(value, list) and any(map(has_function, value))


def answer(answers: Mapping[str, str], name: str, said: str | None, file: str) -> str:
    """Return what the file says, or else the option; exactly one of them has to.

    Raises:
        Refusal: Neither says it, or both do.
    """
    option = f"--{name.replace('_', '-')}"
    given = answers.get(name)
    if said is not None and given is not None:
        raise Refusal(
            "options-together", f"{option} must not be given with --from {file}, which says it", "leave it out"
        )
    if said is None and given is None:
        raise Refusal("answers-missing", f"{option} must be given, since {file} does not say it")
    return said if said is not None else given or ""


def unsaid(properties: Mapping[str, Any], said: Collection[str]) -> list[str]:
    """Return the names of the properties that no line of an app says, but that say something."""
    return sorted(name for name, value in properties.items() if name not in said and value not in (None, [], {}, ""))


def remark_unsaid(found: Mapping[tuple[str, str], Sequence[str]]) -> list[tuple[str, str]]:
    """Return remarks on the properties that no line says.

    Args:
        found: Who has a property, by the argument of `OrgBaseline` and the property's name.
    """
    together: defaultdict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (argument, name), having in sorted(found.items()):
        together[argument, tuple(sorted(having))].append(name)
    return [
        (argument, f"No line says {and_list(names)}, which the file has of {and_list(having)}.")
        for (argument, having), names in together.items()
    ]
