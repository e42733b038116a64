"""What stays in AWS when its line is removed, and what goes, by the templates' `DeletionPolicy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from org_constructs._drawing import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORDS: Final = {
    "AWS::Organizations::Organization": ("organization", "organizations", "deleted"),
    "AWS::Organizations::OrganizationalUnit": ("unit", "units", "deleted"),
    "AWS::Organizations::Account": ("account", "accounts", "closed"),
    "AWS::Organizations::Policy": ("policy", "policies", "deleted, and in force nowhere any more"),
    "AWS::IdentityStore::User": ("user", "users", "deleted"),
    "Custom::IdentityStoreUser": ("user", "users", "deleted"),
    "AWS::IdentityStore::Group": ("group", "groups", "deleted"),
    "AWS::IdentityStore::GroupMembership": ("membership", "memberships", "ended, and the access with it"),
    "AWS::SSO::PermissionSet": ("permission set", "permission sets", "deleted"),
    "AWS::SSO::Assignment": ("assignment", "assignments", "ended, and the access with it"),
}
_KEPT: Final = frozenset({"Retain", "RetainExceptOnCreate"})
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
_KEPT_BY_DEFAULT: Final = "AWS::Organizations::Account"
_NAMES: Final = ("AccountName", "Name", "DisplayName", "UserName")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Resources of a type that meet the same end."""

    one: str
    many: str
    names: tuple[str, ...]
    """What they are called; their logical ids where they have no names."""

    stays: bool
    end: str
    """What becomes of one when its line is removed."""

    closes_accounts: bool

    @property
    def counted(self) -> str:
        """How many there are."""
        return f"{len(self.names):,} {self.one if len(self.names) == 1 else self.many}"


def kinds(templates: Mapping[str, Mapping[str, Any]]) -> tuple[Kind, ...]:
    """Return what becomes of the organization's resources when their lines are removed, those that stay first."""
    names: dict[tuple[str, bool], list[str]] = {}
    for resource_type, kept, name in _resources(templates):
        names.setdefault((resource_type, kept), []).append(name)
    order = list(_WORDS)
    found = sorted(names.items(), key=lambda each: (not each[0][1], order.index(each[0][0])))
    return tuple(
        Kind(
            one=_WORDS[resource_type][0],
            many=_WORDS[resource_type][1],
            names=tuple(named),
            stays=kept,
            end="kept" if kept else _WORDS[resource_type][2],
            closes_accounts=resource_type == _KEPT_BY_DEFAULT and not kept,
        )
        for (resource_type, kept), named in found
    )


def _resources(templates: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, bool, str]]:
    for template in templates.values():
        for logical_id, resource in template.get("Resources", {}).items():
            resource_type = resource["Type"]
            if resource_type in _WORDS:
                properties = resource.get("Properties", {})
                default = "Retain" if resource_type == _KEPT_BY_DEFAULT else "Delete"
                name = next((properties[each] for each in _NAMES if isinstance(properties.get(each), str)), logical_id)
                yield resource_type, resource.get("DeletionPolicy", default) in _KEPT, visible(name)
