"""What an app takes for granted: the ids that its templates spell out, of things which no stack of it creates."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from org_constructs.aws.limits import (
    ACCOUNT_ID,
    IDENTITY_STORE_ID,
    INSTANCE_ARN,
    ORGANIZATION_ID,
    ORGANIZATIONAL_UNIT_ID,
    PERMISSION_SET_ARN,
    PRINCIPAL_ID,
    ROOT_ID,
)
from org_constructs.refusal import Refusal
from org_constructs.templates.metadata import metadata_of_all
from org_constructs.templates.values import Environment, Values, as_json
from org_constructs.templates.words import visible

from .local_aws.existing import Existing
from .selection import Selection

# AWS's own example ids, for what an app relies on without naming it.
_ORGANIZATION: Final = "o-exampleorgid"
_ROOT: Final = "r-exam"
_INSTANCE: Final = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
_IDENTITY_STORE: Final = "d-1234567890"

# An AwsCustomResource holds its API call as JSON in a string, so the quotes around it are escaped.
_IDENTITY_STORE_IN_A_CALL: Final = re.compile(rf'IdentityStoreId\\*":\s*\\*"({IDENTITY_STORE_ID})\\*"')


def find_existing(selection: Selection) -> Existing:
    """Find what must exist before the selected stacks can be deployed.

    Raises:
        Refusal: if the stacks name two organizations or two Identity Center instances.
    """
    named = _Named(selection)
    environment = Environment(selection.account, selection.region)
    for stack in selection.stacks:
        for template in (stack.template, *stack.nested_templates.values()):
            values = Values({stack.name: template}, environment.pseudo_parameter)
            for logical_id, resource in values.resources(stack.name).items():
                named.read(resource["Type"], values.properties(stack.name, logical_id))
    return named.existing()


def both(first: Existing, then: Existing) -> Existing:
    """Return what must exist for one app and later for another: the organization and the instance are the first's."""

    def ids(name: str) -> tuple[str, ...]:
        return tuple(sorted({*getattr(first, name), *getattr(then, name)}))

    identity_center = first if first.instance_arn else then
    return replace(
        first,
        instance_arn=identity_center.instance_arn,
        identity_store_id=identity_center.identity_store_id,
        account_ids=ids("account_ids"),
        organizational_unit_ids=ids("organizational_unit_ids"),
        user_ids=ids("user_ids"),
        group_ids=ids("group_ids"),
        permission_set_arns=ids("permission_set_arns"),
        names={**first.names, **then.names},
    )


def describe_existing(existing: Existing) -> str:
    """Say in a line what a rehearsal takes as existing; empty if that is nothing."""

    def called(existing_id: str) -> str:
        short = existing_id.rpartition("/")[2]
        return f"{existing.names[existing_id]} ({short})" if existing_id in existing.names else short

    parts = []
    if existing.instance_arn:
        instance = existing.instance_arn.rpartition("/")[2]
        parts.append(f"the Identity Center instance {instance} (identity store {existing.identity_store_id})")
    if existing.organization_id:
        parts.append(f"the organization {existing.organization_id} (root {existing.root_id})")
    parts += [
        f"the {noun}{'s' if len(ids) > 1 else ''} {', '.join(map(called, ids))}"
        for noun, ids in (
            ("organizational unit", existing.organizational_unit_ids),
            ("account", existing.account_ids),
            ("user", existing.user_ids),
            ("group", existing.group_ids),
            ("permission set", existing.permission_set_arns),
        )
        if ids
    ]
    return visible(", ".join(parts))


class _Named:
    """The ids found so far, by what they are of."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._creates_organization = False
        self._uses_identity_center = False
        self._ids: dict[str, set[str]] = {}
        self._names = metadata_of_all(stack.template for stack in selection.stacks).existing_names
        # An organization that is not the app's own is named in conditions (aws:PrincipalOrgID) and in metadata only.
        whole = json.dumps([[stack.template, *stack.nested_templates.values()] for stack in selection.stacks])
        self._keep("organization", ORGANIZATION_ID, re.findall(rf"(?<![\w-]){ORGANIZATION_ID}(?![\w-])", whole))

    def read(self, kind: str, properties: Mapping[str, Any]) -> None:
        """Take the ids out of one resource."""

        def literals(*names: str, of: Mapping[str, Any] = properties) -> list[str]:
            values = (of.get(name) for name in names)
            flat = (each for value in values for each in (value if isinstance(value, list) else [value]))
            return [each for each in flat if isinstance(each, str)]

        if kind == "AWS::Organizations::Organization":
            self._creates_organization = True
        if kind.startswith("AWS::Organizations::"):
            parents_and_targets = literals("ParentId", "ParentIds", "TargetIds")
            self._keep("root", ROOT_ID, parents_and_targets)
            self._keep("organizational unit", ORGANIZATIONAL_UNIT_ID, parents_and_targets)
            self._keep("account", ACCOUNT_ID, parents_and_targets)
        elif kind.startswith("AWS::SSO::"):
            self._uses_identity_center = True
            principal = "user" if properties.get("PrincipalType") == "USER" else "group"
            self._keep("instance", INSTANCE_ARN, literals("InstanceArn"))
            self._keep("permission set", PERMISSION_SET_ARN, literals("PermissionSetArn"))
            self._keep("account", ACCOUNT_ID, literals("TargetId"))
            self._keep(principal, PRINCIPAL_ID, literals("PrincipalId"))
        elif kind.startswith("AWS::IdentityStore::"):
            self._uses_identity_center = True
            member = properties.get("MemberId", {})
            self._keep("identity store", IDENTITY_STORE_ID, literals("IdentityStoreId"))
            self._keep("group", PRINCIPAL_ID, literals("GroupId"))
            self._keep("user", PRINCIPAL_ID, literals("UserId", of=member if isinstance(member, dict) else {}))
        elif kind.startswith(("Custom::", "AWS::CloudFormation::CustomResource")):
            calls = _IDENTITY_STORE_IN_A_CALL.findall(as_json(properties))
            self._uses_identity_center |= bool(calls)
            self._keep("identity store", IDENTITY_STORE_ID, calls)

    def existing(self) -> Existing:
        """Conclude what must exist from the ids that were found."""
        instance_arn = identity_store_id = organization_id = root_id = None
        if self._uses_identity_center:
            instance_arn = self._one("instance", default=_INSTANCE)
            identity_store_id = self._one("identity store", default=_IDENTITY_STORE)
        if not self._creates_organization:
            organization_id = self._one("organization", default=_ORGANIZATION)
            root_id = self._one("root", default=_ROOT)
        # What lies in an organization that this deploy creates cannot exist before: AWS refuses such an id, and so
        # does the local AWS if it is not told about it.
        in_organization = {} if self._creates_organization else self._ids
        return Existing(
            organization_id=organization_id,
            root_id=root_id,
            instance_arn=instance_arn,
            identity_store_id=identity_store_id,
            account_ids=tuple(sorted(in_organization.get("account", set()) - {self._selection.account})),
            organizational_unit_ids=tuple(sorted(in_organization.get("organizational unit", ()))),
            user_ids=tuple(sorted(self._ids.get("user", ()))),
            group_ids=tuple(sorted(self._ids.get("group", ()))),
            permission_set_arns=tuple(sorted(self._ids.get("permission set", ()))),
            names=self._names,
        )

    def _keep(self, noun: str, pattern: str, values: Iterable[str]) -> None:
        self._ids.setdefault(noun, set()).update(value for value in values if re.fullmatch(pattern, value))

    def _one(self, noun: str, *, default: str) -> str:
        found = sorted(self._ids.get(noun, ()))
        if len(found) > 1:
            raise Refusal(
                "several-organizations",
                f"the app must use one {noun}, got {' and '.join(found)}",
                "rehearse them one at a time",
            )
        return found[0] if found else default
