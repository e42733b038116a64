"""Takes what exists into a stack, by change sets of type IMPORT.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html, and the rules under
"Considerations during an import operation". What the template says of a resource is not compared with what is there,
as CloudFormation does not compare it either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from org_constructs.rehearsal.local_aws.resources import handler_of
from org_constructs.rehearsal.local_aws.resources.base import ImportableHandler, ResourceFailure

from .plan import Change, check_properties, evaluator_of, plan
from .schema import schema_of
from .stack import Stack, StackResource, physical_id_of
from .template import OtherStacks, Template, TemplateError

IMPORTABLE_STATUSES: Final = frozenset(
    {
        *("REVIEW_IN_PROGRESS", "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
        *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
    }
)


@dataclass(frozen=True)
class ToImport:
    """One of the ResourcesToImport of CreateChangeSet."""

    logical_id: str
    resource_type: str
    identifier: Mapping[str, str]


def identifier_summaries(template: Template, region: str) -> list[dict[str, Any]]:
    """Return the ResourceIdentifierSummaries of GetTemplateSummary: by what each type is imported."""
    logical_ids: dict[str, list[str]] = {}
    for name, resource in template.resources.items():
        if isinstance(handler_of(resource["Type"]), ImportableHandler) and schema_of(resource["Type"], region):
            logical_ids.setdefault(resource["Type"], []).append(name)
    return [
        {
            "ResourceType": resource_type,
            "LogicalResourceIds": names,
            "ResourceIdentifiers": list(schema.primary_identifier),
        }
        for resource_type, names in sorted(logical_ids.items())
        if (schema := schema_of(resource_type, region))
    ]


def check_import(
    stack: Stack,
    template: Template,
    values: Mapping[str, Any],
    wanted: Iterable[ToImport],
    *,
    others: Iterable[Stack],
    outside: OtherStacks,
) -> list[Change]:
    """Refuse what CloudFormation refuses before it begins, and return what would be imported.

    Raises:
        TemplateError: The template changes more than that, or a resource cannot be imported as it is asked for.
    """
    if not (imports := {each.logical_id: each for each in wanted}):
        raise TemplateError("ResourcesToImport must not be empty for a change set of type IMPORT")
    changes = plan(stack, template, values, outside)
    more = [change.logical_id for change in changes if change.action != "Add"]
    if more:
        raise TemplateError(
            f"As part of the import operation, you cannot modify or delete the existing resources [{', '.join(more)}]"
        )
    added = {change.logical_id for change in changes}
    if missing := sorted(imports.keys() - template.resources.keys()):
        raise TemplateError(f"Resources [{', '.join(missing)}] to import are not in the template")
    if there := sorted(imports.keys() - added):
        raise TemplateError(f"Resources [{', '.join(there)}] to import are in the stack already")
    if not_imported := sorted(added - imports.keys()):
        raise TemplateError(
            "As part of the import operation, you cannot add resources that are not imported"
            f" [{', '.join(not_imported)}]"
        )
    if template.outputs != (stack.template.outputs if stack.template else {}):
        raise TemplateError("As part of the import operation, you cannot modify or add [Outputs]")
    for name, each in imports.items():
        _check_one(name, each, template.resources[name], stack.region)
    taken = {
        (resource.resource_type, resource.physical_id): other.name
        for other in others
        for resource in other.resources.values()
    }
    found = find_imported(stack, template, values, imports.values(), outside)
    for name, resource in found.items():
        if other := taken.get((resource.resource_type, resource.physical_id)):
            raise TemplateError(f"Resource {name} ({resource.physical_id}) belongs to the stack {other} already")
    return [Change(name, resource.resource_type, "Import", resource.physical_id) for name, resource in found.items()]


def _check_one(name: str, wanted: ToImport, definition: Mapping[str, Any], region: str) -> None:
    resource_type = definition["Type"]
    if wanted.resource_type != resource_type:
        raise TemplateError(f"Resource {name} is of type {resource_type} in the template, not {wanted.resource_type}")
    schema = schema_of(resource_type, region)
    if schema is None or not isinstance(handler_of(resource_type), ImportableHandler):
        raise TemplateError(f"ResourceTypes [{resource_type}] are not supported for Import")
    if "DeletionPolicy" not in definition:
        raise TemplateError(f"Resources to import [{name}] must have a DeletionPolicy in the template")
    if wanted.identifier.keys() != set(schema.primary_identifier):
        raise TemplateError(
            f"The identifier of {name} ({resource_type}) must be {', '.join(schema.primary_identifier)},"
            f" got {', '.join(wanted.identifier) or 'nothing'}"
        )


def find_imported(
    stack: Stack,
    template: Template,
    values: Mapping[str, Any],
    wanted: Iterable[ToImport],
    outside: OtherStacks,
) -> dict[str, StackResource]:
    """Return the resources to import as the stack will have them, in the order of their dependencies.

    Raises:
        TemplateError: One does not exist, or its properties are not what AWS accepts.
    """
    trial = replace(stack, resources=dict(stack.resources))
    evaluator = evaluator_of(trial, template, values, outside)
    imports = {each.logical_id: each for each in wanted}
    found = {}
    for name in template.graph.order:
        if name in imports:
            definition = template.resources[name]
            properties = evaluator.value(definition.get("Properties", {}))
            found[name] = trial.resources[name] = _find(stack, imports[name], definition, properties)
    return found


def _find(stack: Stack, wanted: ToImport, definition: Mapping[str, Any], properties: dict[str, Any]) -> StackResource:
    name, resource_type = wanted.logical_id, wanted.resource_type
    check_properties(name, resource_type, stack.region, properties)
    for key, value in wanted.identifier.items():
        if key in properties and properties[key] != value:
            raise TemplateError(f"{key} of {name} is {properties[key]} in the template and {value} in its identifier")
    handler = handler_of(resource_type)
    assert isinstance(handler, ImportableHandler)  # noqa: S101 (check_import)
    try:
        model = handler.read(stack.place(name, resource_type), wanted.identifier, properties)
    except ResourceFailure as failure:
        identifier = ", ".join(f"{key}={value}" for key, value in wanted.identifier.items())
        raise TemplateError(
            f"Resource {name} of type {resource_type} with identifier {identifier} was not found: {failure.message}"
        ) from failure
    physical_id = physical_id_of(resource_type, stack.region, model)
    return StackResource(name, resource_type, definition, model, physical_id, "IMPORT_COMPLETE")
