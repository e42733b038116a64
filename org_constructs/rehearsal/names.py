"""What people call the resources of templates: `AdministratorAccess in acme-dev for group Administrators`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws import resource_types
from org_constructs.aws.user_types import CUSTOM_USER
from org_constructs.templates.assembly import environments_of
from org_constructs.templates.description import MANAGEMENT, ROOT, References, user_name
from org_constructs.templates.values import written
from org_constructs.templates.words import visible

if TYPE_CHECKING:
    from org_constructs.templates.assembly import Stack

_THE_ONLY_ONE: Final = {
    resource_types.ORGANIZATION: "the organization",
    "AWS::Organizations::ResourcePolicy": "the organization's resource policy",
}


class Names:
    """The names of the resources of some stacks, by the stacks' names in CloudFormation and by logical id."""

    def __init__(self, stacks: Collection[Stack]) -> None:
        """Take the stacks that are deployed, or were."""
        self._templates = {stack.name: stack.template for stack in stacks}
        self._references = References(self._templates, environments_of(stacks))

    def knows(self, stack: str, logical_id: str) -> bool:
        """Tell whether there is such a resource."""
        return stack in self._templates and logical_id in self._references.values.resources(stack)

    def of(self, stack: str, logical_id: str) -> str | None:
        """Return what people call a resource; None where its id or path in the app is all that there is to say."""
        if not self.knows(stack, logical_id):
            return None
        try:
            name = self._name(stack, logical_id)
        # A template is what somebody wrote: what it lacks CloudFormation will say.
        except (KeyError, TypeError, AttributeError, ValueError):
            return None
        return None if name is None else visible(name)

    def _name(self, stack: str, logical_id: str) -> str | None:
        resource = self._references.values.resources(stack)[logical_id]
        properties = self._references.values.properties(stack, logical_id)
        match resource["Type"]:
            case resource_types.UNIT:
                return f"unit {self._path(f'{stack}/{logical_id}')}"
            case resource_types.MEMBERSHIP:
                member = self._called(stack, properties["MemberId"]["UserId"])
                return f"{member} in group {self._called(stack, properties['GroupId'])}"
            case resource_types.ASSIGNMENT:
                principal = self._called(stack, properties["PrincipalId"])
                whom = f"group {principal}" if properties["PrincipalType"] == "GROUP" else principal
                permission_set = self._called(stack, properties["PermissionSetArn"])
                return f"{permission_set} in {self._called(stack, properties['TargetId'])} for {whom}"
            case resource_types.BUDGET:
                return f"budget {written(properties['Budget']['BudgetName'])}"
            case kind if kind in _THE_ONLY_ONE:
                return _THE_ONLY_ONE[kind]
            case kind:
                called = resource_types.NAMES.get(kind)
                return f"{called[0]} {_own_name(kind, properties)}" if called else None

    def _called(self, stack: str, value: Any) -> str:  # noqa: ANN401 (JSON)
        """Return the name of what a property refers to."""
        key = self._references.key(stack, value)
        if key == MANAGEMENT:
            return "the management account"
        if key is None:
            return written(self._references.values.of(stack, value))
        type_and_properties = self._resource(key)
        return self._references.name(key) if type_and_properties is None else _own_name(*type_and_properties)

    def _path(self, key: str) -> str:
        """Return the names on the way from the root to a unit."""
        unit = self._resource(key)
        if unit is None:
            return self._references.name(key)
        _, properties = unit
        parent = self._references.key(key.partition("/")[0], properties["ParentId"])
        name = written(properties["Name"])
        return name if parent in {None, ROOT} else f"{self._path(str(parent))}/{name}"

    def _resource(self, key: str) -> tuple[str, Mapping[str, Any]] | None:
        """Return the type and the properties of a resource."""
        stack, _, logical_id = key.partition("/")
        if not self.knows(stack, logical_id):
            return None
        values = self._references.values
        return values.resources(stack)[logical_id]["Type"], values.properties(stack, logical_id)


def _own_name(resource_type: str, properties: Mapping[str, Any]) -> str:
    if resource_type == CUSTOM_USER:
        return user_name(properties)
    for name in ("AccountName", "UserName", "DisplayName", "Name"):
        if name in properties:
            return written(properties[name])
    raise KeyError(resource_type)
