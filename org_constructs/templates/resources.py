"""The templates of an app, read once, so that rules can relate their resources."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from org_constructs.aws.template_text import parse_yaml
from org_constructs.aws.user_types import CUSTOM_USER
from org_constructs.refusal import Refusal

from .assembly import Stack, read_stacks
from .description import References, user_name
from .values import Environment

if TYPE_CHECKING:
    from pathlib import Path

    from .values import Values

_ACKNOWLEDGED: Final = "aws:cdk:acknowledged-rules"
"""The type of the metadata entries of `Validations.of(…).acknowledge(…)`.

Source: https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/validation/validations.ts
"""

_CREATED: Final = "aws:cdk:creationStack"
"""The type of the entries that say by which calls a construct came to be; the CDK writes them with `CDK_DEBUG=1`.

Source: https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/cfn-element.ts
"""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Acknowledgement:
    """A finding, of any pack, that somebody accepted."""

    construct: str
    """The path of the construct that it is for, with everything in it; empty for the app."""

    id: str
    """The pack and the rule, such as `OrgBaseline::OrgBaseline-Retain`."""

    reason: str

    def covers(self, construct: str) -> bool:
        """Whether the construct is the acknowledgement's, or in it."""
        return not self.construct or construct == self.construct or construct.startswith(f"{self.construct}/")


@dataclass(frozen=True, kw_only=True, eq=False)
class Template:
    """A template, and what is known of its stack."""

    path: str
    body: Mapping[str, Any]
    stack: str
    """The name of its stack; its path where the name is not known."""

    construct: str | None = None
    """The path of the stack's construct, where a template is of an assembly."""

    account: str | None = None
    """The account that it is for, where that is known."""

    region: str | None = None
    """The region that it is for, where that is known."""

    after: frozenset[str] | None = None
    """The construct paths of the stacks that are deployed before it; None where that is not known."""

    construct_paths: Mapping[str, str] = field(default_factory=dict)
    """Paths of its resources by logical ids, where the template itself does not say them."""

    created: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By which calls its constructs came to be, the innermost first, by their paths, where the CDK was to say that."""


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource of a template."""

    template: Template
    logical_id: str
    body: Mapping[str, Any]
    """What the template says of it: type, properties, policies."""

    properties: Mapping[str, Any]
    """Its properties, evaluated; empty where it has none, or what it has is no mapping."""

    @property
    def stack(self) -> str:
        """The name of its stack, as references have it."""
        return self.template.stack

    @property
    def key(self) -> str:
        """What references to it lead to."""
        return f"{self.stack}/{self.logical_id}"

    @property
    def construct(self) -> str:
        """The path of its construct; its logical id where that is not known."""
        return construct_path(self.body) or self.template.construct_paths.get(self.logical_id, self.logical_id)

    @property
    def name(self) -> str:
        """What people call it."""
        if self.body["Type"] == CUSTOM_USER:
            try:
                return user_name(self.properties)
            except (KeyError, TypeError, ValueError):
                return self.logical_id
        names = (self.properties.get(name) for name in ("AccountName", "UserName", "DisplayName", "Name"))
        return next((name for name in names if isinstance(name, str)), self.logical_id)


def construct_path(resource: Mapping[str, Any]) -> str | None:
    """Return the path of the construct of a resource, where the CDK was to write it into the template."""
    metadata = resource.get("Metadata")
    path = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
    return path if isinstance(path, str) else None


class Templates:
    """All templates of an app."""

    def __init__(self, templates: Iterable[Template], acknowledgements: Iterable[Acknowledgement] = ()) -> None:
        """Hold the templates and the acknowledgements."""
        self.all: Sequence[Template] = tuple(templates)
        self.acknowledgements: Sequence[Acknowledgement] = tuple(acknowledgements)
        self._built: dict[Callable[[Templates], Any], Any] = {}

    @cached_property
    def by_type(self) -> Mapping[str, Sequence[Resource]]:
        """The resources, by their types, in the order of the templates."""
        by_type: dict[str, list[Resource]] = {}
        for template in self.all:
            for logical_id, body in self.values.resources(template.stack).items():
                properties = self.values.properties(template.stack, logical_id)
                by_type.setdefault(body["Type"], []).append(Resource(template, logical_id, body, properties))
        return by_type

    @cached_property
    def references(self) -> References:
        """The references between resources; those that cannot be followed lead to None."""
        environments = {each.stack: Environment(each.account, each.region) for each in self.all if each.construct}
        return References({template.stack: template.body for template in self.all}, environments)

    @property
    def values(self) -> Values:
        """The values of the templates."""
        return self.references.values

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of the types."""
        for resource_type in types:
            yield from self.by_type.get(resource_type, ())

    def once(self, build: Callable[[Templates], _T]) -> _T:
        """Return what the function makes of the templates, made once for all rules."""
        if build not in self._built:
            self._built[build] = build(self)
        built: _T = self._built[build]
        return built


def read_templates(paths: Iterable[Path], acknowledgements: Iterable[Acknowledgement] = ()) -> Templates:
    """Read template files, and what the assembly around them says of them.

    The templates of nested stacks come with those of their parents.

    Args:
        paths: The template files.
        acknowledgements: What was acknowledged outside every stack, which assemblies do not say.

    Raises:
        OSError: A file cannot be read.
        Refusal: A file holds neither JSON nor YAML, or no mapping.
    """
    wanted = {path.resolve(): path for path in paths}
    stacks = {stack.template_file.resolve(): stack for folder in _assemblies(wanted) for stack in _stacks(folder)}
    templates: list[Template] = []
    accepted = list(acknowledgements)
    for resolved, path in wanted.items():
        stack = stacks.get(resolved)
        if stack is None:
            templates.append(Template(path=str(path), body=read_template(path), stack=str(path)))
            continue
        metadata = stack.metadata(_ACKNOWLEDGED)
        accepted += _acknowledgements(metadata)
        templates += _of_stack(str(path), stack, _construct_paths(metadata))
    return Templates(_with_names_of_their_own(templates), accepted)


def _assemblies(paths: Iterable[Path]) -> set[Path]:
    """Return the folders of assemblies that hold the files; a stage's is read with the one around it."""
    folders = {path.parent for path in paths if (path.parent / "manifest.json").is_file()}
    return {folder for folder in folders if folders.isdisjoint(folder.parents)}


def _stacks(folder: Path) -> Sequence[Stack]:
    try:
        return read_stacks(folder)
    except ValueError:
        # Not what CDK wrote: the templates are then all that there is.
        return ()


def _of_stack(path: str, stack: Stack, construct_paths: Mapping[str, str]) -> Iterator[Template]:
    yield Template(
        path=path,
        body=stack.template,
        stack=stack.name,
        construct=stack.id,
        account=stack.account,
        region=stack.region,
        after=stack.needed_stacks,
        construct_paths=construct_paths,
        created={
            path.removeprefix("/"): entry["data"]
            for path, entries in stack.metadata(_CREATED).items()
            for entry in entries
            if entry["type"] == _CREATED
        },
    )
    for file, body in stack.nested_templates.items():
        yield Template(path=str(file), body=body, stack=str(file), account=stack.account)


def _with_names_of_their_own(templates: Sequence[Template]) -> Iterator[Template]:
    """Yield the templates; where stacks of several regions share a name, those after the first go by their paths."""
    names: set[str] = set()
    for template in templates:
        if template.stack in names:
            yield replace(template, stack=template.path)
        else:
            names.add(template.stack)
            yield template


def _acknowledgements(metadata: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Acknowledgement]:
    for path, entries in metadata.items():
        for entry in entries:
            if entry["type"] == _ACKNOWLEDGED:
                for rule, reason in entry["data"].items():
                    yield Acknowledgement(path.removeprefix("/"), rule, reason)


def _construct_paths(metadata: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    return {
        entry["data"]: path.removeprefix("/")
        for path, entries in metadata.items()
        for entry in entries
        if entry["type"] == "aws:cdk:logicalId"
    }


def read_template(path: Path) -> Mapping[str, Any]:
    """Return the template of a file, which is YAML where its name says so.

    Raises:
        Refusal: It is no template.
    """
    parse, language = (parse_yaml, "YAML") if path.suffix in {".yaml", ".yml"} else (json.loads, "JSON")
    try:
        template = parse(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Refusal(
            "template-syntax", f"a template must be JSON or YAML, and {str(path)!r} is not {language}: {error}"
        ) from None
    if not isinstance(template, dict):
        raise Refusal("template-not-a-mapping", f"a template must be a mapping, and {str(path)!r} is not")
    return template
