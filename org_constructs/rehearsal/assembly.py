"""What a synthesized cloud assembly says about its stacks, read from its files: no Node, no construct tree.

https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]  # moto's dependency; types for one call are not worth another

DEFAULT_ACCOUNT: Final = "111122223333"
DEFAULT_REGION: Final = "us-east-1"
"""Where a stack is rehearsed that names no account or region: AWS's own example account."""

# CloudFormation takes a template of up to 51,200 bytes in the request itself:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_TEMPLATE_IN_REQUEST_MAX: Final = 51_200


@dataclass(frozen=True)
class Stack:
    """One stack of an assembly.

    Attributes:
        id: what the CDK CLI selects it by: its id, after that of its stage, if any.
        account: the account it is for; None where any will do.
        region: the region it is for; None where any will do.
        templates: its template, then those of its nested stacks.
        bootstrap_reason: why it cannot be deployed without `cdk bootstrap`; empty if it can.
        bootstrap_qualifier: the qualifier of the bootstrap it asks for; empty for the usual one.
    """

    id: str
    account: str | None
    region: str | None
    templates: tuple[Mapping[str, Any], ...]
    bootstrap_reason: str
    bootstrap_qualifier: str

    def resources(self) -> Iterator[Mapping[str, Any]]:
        """Yield each resource, nested stacks' included."""
        for template in self.templates:
            yield from template.get("Resources", {}).values()


@dataclass(frozen=True)
class Selection:
    """What of an assembly one rehearsal deploys.

    Attributes:
        account: the management account.
        region: the region of Identity Center, or of the organization's stack where there is none.
        stacks: what is deployed.
        left_out: the stacks of other accounts.
        assumed: what the app does not say and this says instead, "account 111122223333", if anything.
    """

    account: str
    region: str
    stacks: tuple[Stack, ...]
    left_out: tuple[Stack, ...]
    assumed: tuple[str, ...]


def read_assembly(folder: Path) -> tuple[Stack, ...]:
    """Read an assembly's stacks, those of its stages included.

    Raises:
        ValueError: if the folder holds no assembly.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{str(folder)!r} must be a cloud assembly and holds no manifest.json") from None
    artifacts: Mapping[str, Any] = manifest.get("artifacts", {})
    stacks: list[Stack] = []
    for artifact_id, artifact in artifacts.items():
        if artifact["type"] == "cdk:cloud-assembly":
            stacks.extend(read_assembly(folder / artifact["properties"]["directoryName"]))
        elif artifact["type"] == "aws:cloudformation:stack":
            stacks.append(_stack(folder, artifact_id, artifact, artifacts))
    return tuple(stacks)


def select(stacks: Sequence[Stack]) -> Selection:
    """Select what one rehearsal deploys: the management account's stacks, as the local AWS is that one account.

    Raises:
        ValueError: if no stack holds an organization or Identity Center, or stacks of several accounts do.
    """
    organization = _holding(stacks, "AWS::Organizations::")
    identity_center = _holding(stacks, "AWS::SSO::", "AWS::IdentityStore::")
    decisive = organization or identity_center
    if not decisive:
        found = ", ".join(stack.id for stack in stacks) or "no stack at all"
        raise ValueError(
            "the app must have a stack with AWS Organizations or IAM Identity Center resources to be rehearsed, "
            f"got {found}"
        )
    accounts = sorted({stack.account or DEFAULT_ACCOUNT for stack in decisive})
    if len(accounts) > 1:
        raise ValueError(
            "the stacks with AWS Organizations resources must be for one account, the management account, "
            f"got {', '.join(f'{stack.id} for {stack.account or DEFAULT_ACCOUNT}' for stack in decisive)}"
        )
    account = accounts[0]
    region = next((stack.region for stack in (*identity_center, *organization) if stack.region), DEFAULT_REGION)
    deployed = tuple(stack for stack in stacks if stack.account in {None, account})
    assumed = (
        *([f"account {account}"] if any(stack.account is None for stack in deployed) else []),
        *([f"region {region}"] if any(stack.region is None for stack in deployed) else []),
    )
    left_out = tuple(stack for stack in stacks if stack not in deployed)
    return Selection(account, region, deployed, left_out, assumed)


def _holding(stacks: Sequence[Stack], *prefixes: str) -> list[Stack]:
    return [stack for stack in stacks if any(each["Type"].startswith(prefixes) for each in stack.resources())]


def _stack(folder: Path, artifact_id: str, artifact: Mapping[str, Any], artifacts: Mapping[str, Any]) -> Stack:
    properties = artifact["properties"]
    account, region = artifact["environment"].removeprefix("aws://").split("/")
    templates = tuple(_templates(folder / properties["templateFile"]))
    parameter = properties.get("bootstrapStackVersionSsmParameter", "")
    return Stack(
        id=artifact.get("displayName", artifact_id),
        account=None if account == "unknown-account" else account,
        region=None if region == "unknown-region" else region,
        templates=templates,
        bootstrap_reason=_bootstrap_reason(folder, artifact, artifacts, templates[0]),
        # /cdk-bootstrap/QUALIFIER/version
        bootstrap_qualifier=parameter.split("/")[2] if parameter.startswith("/cdk-bootstrap/") else "",
    )


def _templates(path: Path) -> Iterator[Mapping[str, Any]]:
    template = json.loads(path.read_text(encoding="utf-8"))
    yield template
    for resource in template.get("Resources", {}).values():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            nested = resource.get("Metadata", {}).get("aws:asset:path")
            if nested and (path.parent / nested).is_file():
                yield from _templates(path.parent / nested)


def _bootstrap_reason(
    folder: Path, artifact: Mapping[str, Any], artifacts: Mapping[str, Any], template: Mapping[str, Any]
) -> str:
    if version := artifact["properties"].get("requiresBootstrapStackVersion"):
        return f"its synthesizer asks for bootstrap version {version} or newer"
    needs = (artifacts[name]["type"] for name in artifact.get("dependencies", ()) if name in artifacts)
    if "cdk:asset-manifest" in needs or _has_assets(folder, artifact):
        return "it has assets"
    size = _size_as_deployed(template)
    if size > _TEMPLATE_IN_REQUEST_MAX:
        return f"its template has about {size:,} bytes, and {_TEMPLATE_IN_REQUEST_MAX:,} go without a bucket"
    return ""


def _has_assets(folder: Path, artifact: Mapping[str, Any]) -> bool:
    metadata: dict[str, list[dict[str, Any]]] = dict(artifact.get("metadata", {}))
    if beside := artifact.get("additionalMetadataFile"):
        metadata.update(json.loads((folder / beside).read_text(encoding="utf-8")))
    return any(entry["type"] == "aws:cdk:asset" for entries in metadata.values() for entry in entries)


def _size_as_deployed(template: Mapping[str, Any]) -> int:
    # The CLI sends YAML and measures that: makeBodyParameter in
    # https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/toolkit-lib/lib/api/cloudformation/template-body-parameter.ts
    return len(yaml.dump(template, Dumper=_AsTheCliDumps, sort_keys=False, width=sys.maxsize, allow_unicode=True))


class _AsTheCliDumps(yaml.SafeDumper):  # type: ignore[misc]  # PyYAML has no types
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 (PyYAML's)
        """Indent lists, which PyYAML by itself does not."""
        super().increase_indent(flow, False)  # noqa: FBT003 (PyYAML's)
