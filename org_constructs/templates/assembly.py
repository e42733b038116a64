"""What a synthesized cloud assembly says about its stacks, read from its files: no Node, no construct tree.

https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from org_constructs.aws.portals import IDENTITY_CENTER
from org_constructs.aws.template_size import INLINE_TEMPLATE_MAX, yaml_bytes
from org_constructs.aws.user_types import CUSTOM_USER
from org_constructs.refusal import Refusal

from .description import MANAGEMENT, Description, describe
from .metadata import DISPLAY_NAMES, is_baseline
from .values import Environment, Values

OF_IDENTITY_CENTER: Final = ("AWS::SSO::", "AWS::IdentityStore::", CUSTOM_USER)
"""How the types of what IAM Identity Center has begin."""

CDK_OUT: Final = Path("cdk.out")
"""The folder that `cdk synth` writes into where nobody says another: https://docs.aws.amazon.com/cdk/v2/guide/cli.html."""

MAPPING: Final = Path("adopt.json")
"""The resource mapping that `org-baseline adopt` writes where nobody says another file."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack of an assembly."""

    id: str
    """What the CDK CLI selects it by: its id, after that of its stage, if any."""

    name: str
    """Its name in CloudFormation."""

    account: str | None
    """The account it is for; None where any will do."""

    region: str | None
    """The region it is for; None where any will do."""

    template: Mapping[str, Any]

    template_file: Path = field(repr=False)

    nested_templates: Mapping[Path, Mapping[str, Any]] = field(default_factory=dict)
    """The templates of its nested stacks, at any depth, by their files."""

    folder: Path = field(repr=False)
    artifact: Mapping[str, Any] = field(repr=False)
    """What the manifest says of it."""

    needed_artifact_types: frozenset[str] = frozenset()
    """The types of the artifacts that it depends on."""

    needed_stacks: frozenset[str] = frozenset()
    """The ids of the stacks that are deployed before it."""

    asset_manifests: tuple[Path, ...] = ()
    """The files that say which assets are published before it, and by which roles."""

    @property
    def tags(self) -> Mapping[str, str]:
        """The stack's own tags, which CloudFormation gives to its resources too."""
        tags: Mapping[str, str] = self.artifact.get("properties", {}).get("tags", {})
        return tags

    @cached_property
    def defined(self) -> Mapping[str, Mapping[str, Any]]:
        """The resources of its template by their logical ids, as CloudFormation takes them: see `Values.resources`."""
        return values_of([self]).resources(self.name)

    def resources(self) -> Iterator[Mapping[str, Any]]:
        """Yield each resource, nested stacks' included."""
        yield from self.defined.values()
        for template in self.nested_templates.values():
            yield from replace(self, template=template).defined.values()

    def holds(self, *prefixes: str) -> bool:
        """Tell whether it has a resource, nested stacks' included, whose type begins with one of these."""
        return any(each["Type"].startswith(prefixes) for each in self.resources())

    @cached_property
    def bootstrap_reason(self) -> str:
        """Why it cannot be deployed without `cdk bootstrap`; empty if it can."""
        if version := self.artifact["properties"].get("requiresBootstrapStackVersion"):
            return f"its synthesizer requires bootstrap version {version} or newer"
        if "cdk:asset-manifest" in self.needed_artifact_types or self.metadata("aws:cdk:asset"):
            return "it has assets"
        size = yaml_bytes(self.template)
        if size > INLINE_TEMPLATE_MAX:
            return (
                f"its template has about {size:,} bytes, and a template of more than {INLINE_TEMPLATE_MAX:,} needs a"
                " bucket"
            )
        return ""

    @property
    def bootstrap_qualifier(self) -> str:
        """The qualifier of the bootstrap that it asks for; empty for the usual one."""
        parameter: str = self.artifact["properties"].get("bootstrapStackVersionSsmParameter", "")
        # /cdk-bootstrap/QUALIFIER/version
        return parameter.split("/")[2] if parameter.startswith("/cdk-bootstrap/") else ""

    @cached_property
    def assumed_roles(self) -> tuple[str, ...]:
        """The ARNs of the roles of `cdk bootstrap` that the CDK CLI assumes for it, as the assembly writes them.

        Empty where it is deployed with the caller's own credentials.
        """
        properties = self.artifact["properties"]
        roles = {properties.get("assumeRoleArn"), properties.get("lookupRole", {}).get("arn")}
        for file in self.asset_manifests:
            manifest = json.loads(file.read_bytes())
            for asset in (*manifest.get("files", {}).values(), *manifest.get("dockerImages", {}).values()):
                roles |= {destination.get("assumeRoleArn") for destination in asset["destinations"].values()}
        return tuple(sorted(role for role in roles if role))

    @cached_property
    def display_names(self) -> Mapping[str, str]:
        """Names of accounts that people are to see, by their logical ids; of the management account `management`."""
        entries = (each for found in self.metadata(DISPLAY_NAMES).values() for each in found)
        return {key: name for each in entries if each["type"] == DISPLAY_NAMES for key, name in each["data"].items()}

    def metadata(self, entry_type: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Return what CDK wrote of its constructs, by their paths; empty where nothing of the type is there."""
        by_path: dict[str, list[dict[str, Any]]] = dict(self.artifact.get("metadata", {}))
        if beside := self.artifact.get("additionalMetadataFile"):
            # Most of a large assembly, and seldom of the type that is asked for.
            text = (self.folder / beside).read_bytes()
            by_path.update(json.loads(text) if entry_type.encode() in text else {})
        if any(entry["type"] == entry_type for entries in by_path.values() for entry in entries):
            return by_path
        return {}


def read_stacks(folder: Path) -> tuple[Stack, ...]:
    """Return an assembly's stacks, those of its stages included.

    Raises:
        Refusal: The folder holds no assembly.
    """
    try:
        return tuple(_stacks(folder))
    except FileNotFoundError as error:
        raise Refusal(
            "assembly-missing",
            f"the assembly must be a folder that `cdk synth` wrote, and {str(folder)!r} has no"
            f" {error.filename.rpartition('/')[2]}",
            "run `cdk synth` in the folder of the app, or name the folder that it wrote",
        ) from None
    except OSError as error:
        raise Refusal("assembly-unreadable", f"the assembly {str(folder)!r} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal(
            "assembly-invalid", f"the assembly {str(folder)!r} is not what `cdk synth` writes", "run `cdk synth` again"
        ) from None


def select_stacks(stacks: Collection[Stack], selected: Collection[str]) -> tuple[Stack, ...]:
    """Return the stacks of these ids, in the order of the assembly.

    Raises:
        Refusal: There is no such stack.
    """
    ids = [stack.id for stack in stacks]
    for stack_id in selected:
        if stack_id not in ids:
            raise Refusal(
                "stack-unknown",
                f"--stack must be a stack of the assembly, got {stack_id!r}",
                f"available: {', '.join(ids) or 'none'}",
            )
    return tuple(stack for stack in stacks if stack.id in selected)


def describe_stacks(stacks: Collection[Stack], selected: Collection[str] = ()) -> tuple[Description, tuple[Stack, ...]]:
    """Return what the stacks say of one organization, and the stacks that say it.

    Args:
        stacks: The stacks of an assembly.
        selected: The ids of the ones to read; by default all.

    Raises:
        Refusal: There is no such stack, none that says anything of an organization, there are several
            organizations in them, or two of the same name.
    """
    ids = ", ".join(stack.id for stack in stacks) or "none"
    read = select_stacks(stacks, selected) if selected else tuple(stacks)
    baselines = [stack.id for stack in read if is_baseline(stack.template)]
    if len(baselines) > 1:
        raise Refusal(
            "several-organizations",
            f"the stacks must belong to one organization, got {', '.join(baselines)}",
            "select the stacks of one with --stack",
        )
    templates = {stack.name: stack.template for stack in read}
    if len(templates) < len(read):
        raise Refusal(
            "stack-name-twice",
            f"the stacks must have different names, got {ids}",
            "select the stacks of one region with --stack",
        )
    try:
        description = describe(templates, environments_of(read))
    except (KeyError, TypeError, AttributeError):
        raise Refusal(
            "template-incomplete",
            f"the templates of {ids} must be valid for CloudFormation, with all the properties that the resources of"
            " an organization need",
            "check them with cfn-lint",
        ) from None
    if not (description.accounts or description.permission_sets or description.assignments):
        raise Refusal(
            "organization-missing", f"the assembly must have a stack with accounts or permission sets, got {ids}"
        )
    return _with_display_names(description, read), read


def _with_display_names(description: Description, stacks: Iterable[Stack]) -> Description:
    names = {
        MANAGEMENT if key == MANAGEMENT else f"{stack.name}/{key}": name
        for stack in stacks
        for key, name in stack.display_names.items()
    }
    accounts = {
        key: replace(account, display_name=names[key]) if key in names else account
        for key, account in description.accounts.items()
    }
    return replace(description, accounts=accounts)


def organization_region(stacks: Iterable[Stack]) -> str | None:
    """Return where an organization is asked: Identity Center's region, if a stack has something there; None if open."""
    nearest = sorted(
        stacks, key=lambda each: (not each.holds(*OF_IDENTITY_CENTER), not each.holds("AWS::Organizations::"))
    )
    return next((each.region for each in nearest if each.region), None)


def portal_of(stacks: Iterable[Stack]) -> tuple[str | None, str | None]:
    """Return where the people of single constructs sign in, and Identity Center's region; None where nothing is one."""
    said = {
        (entry["data"].get("StartUrl"), stack.region)
        for stack in stacks
        for entries in stack.metadata(IDENTITY_CENTER).values()
        for entry in entries
        if entry["type"] == IDENTITY_CENTER
    }
    return next(iter(said)) if len(said) == 1 else (None, None)


def environments_of(stacks: Iterable[Stack]) -> dict[str, Environment]:
    """Return where stacks are deployed to, by their names."""
    return {stack.name: Environment(stack.account, stack.region) for stack in stacks}


def values_of(
    stacks: Iterable[Stack], account_of: Callable[[Stack], str | None] = lambda stack: stack.account
) -> Values:
    """Return the values of stacks, by their names; two of a name, in several regions, are none.

    Args:
        stacks: The stacks.
        account_of: Says which account a stack is for, and is asked where a value needs it.
    """
    by_name = {stack.name: stack for stack in stacks}

    def known(name: str, parameter: str) -> str | None:
        stack = by_name[name]
        account = account_of(stack) if parameter == "AWS::AccountId" else None
        return Environment(account, stack.region).pseudo_parameter(name, parameter)

    return Values({name: stack.template for name, stack in by_name.items()}, known)


def _stacks(folder: Path) -> Iterator[Stack]:
    artifacts: Mapping[str, Any] = json.loads((folder / "manifest.json").read_bytes()).get("artifacts", {})
    for artifact_id, artifact in artifacts.items():
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(folder / artifact["properties"]["directoryName"])
        elif artifact["type"] == "aws:cloudformation:stack":
            account, region = artifact["environment"].removeprefix("aws://").split("/")
            template_file = folder / artifact["properties"]["templateFile"]
            (_, template), *nested = _templates(template_file)
            needed = [artifacts[name] | {"id": name} for name in artifact.get("dependencies", ()) if name in artifacts]
            yield Stack(
                id=artifact.get("displayName", artifact_id),
                name=artifact["properties"].get("stackName", artifact_id),
                account=None if account == "unknown-account" else account,
                region=None if region == "unknown-region" else region,
                template=template,
                template_file=template_file,
                nested_templates=dict(nested),
                folder=folder,
                artifact=artifact,
                needed_artifact_types=frozenset(each["type"] for each in needed),
                needed_stacks=frozenset(
                    each.get("displayName", each["id"]) for each in needed if each["type"] == "aws:cloudformation:stack"
                ),
                asset_manifests=tuple(
                    folder / each["properties"]["file"] for each in needed if each["type"] == "cdk:asset-manifest"
                ),
            )


def _templates(path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the file and the template, then those of its nested stacks."""
    template = json.loads(path.read_bytes())
    yield path, template
    for resource in template.get("Resources", {}).values():
        # An Fn::ForEach among the resources is a list.
        if isinstance(resource, dict) and resource.get("Type") == "AWS::CloudFormation::Stack":
            nested = resource.get("Metadata", {}).get("aws:asset:path")
            if nested and (path.parent / nested).is_file():
                yield from _templates(path.parent / nested)
