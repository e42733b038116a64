"""The IAM policy that CloudFormation needs to deploy the stacks of an assembly: no more, and on nothing else.

What CloudFormation calls for a resource is published in the schema of its type, as the permissions of its handlers;
`handler_permissions.json` has them, with the date of the schemas, and `scripts/handler-permissions` renews it. What an
action can be narrowed to is in the service authorization reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from org_constructs.aws import limits
from org_constructs.aws.regions import partition_of
from org_constructs.templates.assembly import values_of
from org_constructs.templates.description import is_baseline
from org_constructs.templates.iam import resources_of_action
from org_constructs.templates.values import Reference, Unknown, as_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from org_constructs.templates.assembly import Stack
    from org_constructs.templates.values import Value

MANAGED_POLICY_MAX: Final = 6_144
"""Characters of a managed policy, whitespace not counted.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""
_NAME_KEPT: Final = 24  # characters of a stack's name that CloudFormation puts before the names that it makes up

RESOURCE_TYPES: Final = (
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IdentityStore::Group",
    "AWS::IdentityStore::GroupMembership",
    "AWS::IdentityStore::User",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::Organizations::Account",
    "AWS::Organizations::Organization",
    "AWS::Organizations::OrganizationalUnit",
    "AWS::Organizations::Policy",
    "AWS::Organizations::ResourcePolicy",
    "AWS::SSO::Assignment",
    "AWS::SSO::InstanceAccessControlAttributeConfiguration",
    "AWS::SSO::PermissionSet",
)
"""The types of which the permissions are known: those of an organization, and those that make users elsewhere."""
_OF_AN_ORGANIZATION: Final = ("AWS::Organizations::", "AWS::SSO::", "AWS::IdentityStore::")
_CUSTOM: Final = ("Custom::", "AWS::CloudFormation::CustomResource")
_KNOWN: Final = (*RESOURCE_TYPES, "AWS::CDK::Metadata")  # for the latter nothing is called

_Document: TypeAlias = dict[str, Any]

_NO_RESOURCE: Final = "NoResource"
_SUBJECTS: Final[Mapping[str, Mapping[str, str]]] = {
    "lambda": {
        "capacityProvider": "CapacityProviders",
        "code signing config": "CodeSigningConfigs",
        "function": "Functions",
        "layerVersion": "Layers",
    },
    "logs": {"log-group": "LogGroups"},
    "organizations": {
        "account": "Accounts",
        "organizationalunit": "Units",
        "policy": "Policies",
        "resourcepolicy": "ResourcePolicies",
        "root": "Roots",
    },
    "sso": {"Account": "AssignedAccounts", "Instance": "Instance", "PermissionSet": "PermissionSets"},
}
"""By service: the kinds of resources that its actions are called on, in words of statement ids."""
_ON_ITSELF: Final = re.compile("ListParents|ListTagsForResource|(Unt|T)agResource")
"""What is called on any kind of resource: a handler calls it on its own."""
_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::IdentityStore::Group": ("Groups", "IdentityStore"),
    "AWS::IdentityStore::GroupMembership": ("Groups", "IdentityStore", "Memberships", "Users"),
    "AWS::IdentityStore::User": ("IdentityStore", "Users"),
    "AWS::Lambda::Function": ("Functions",),
    "AWS::Logs::LogGroup": ("LogGroups",),
    "AWS::Organizations::Account": ("Accounts",),
    "AWS::Organizations::OrganizationalUnit": ("Units",),
    "AWS::Organizations::Policy": ("Policies",),
    "AWS::Organizations::ResourcePolicy": ("ResourcePolicies",),
    "AWS::SSO::InstanceAccessControlAttributeConfiguration": ("Instance",),
    "AWS::SSO::PermissionSet": ("Instance", "PermissionSets"),
}
"""By type: what it is itself."""
_OTHERS: Final = {
    "ec2": _NO_RESOURCE,
    "elasticfilesystem": "FileSystems",
    "firehose": "DeliveryStreams",
    "kms": "KeysThroughLambda",
    "s3": "Bootstrap",
    "s3files": "FileSystems",
    "ssm": "Bootstrap",
}
_SERVICE_LINKED: Final = ("organizations.amazonaws.com", "sso.amazonaws.com")
"""The services that get a role of their own when an organization is made, and when it gets Identity Center."""
_NO_ACTIONS: Final = ("s3:REST.PUT.OBJECT",)
"""What schemas list though it is no action of IAM, which has no dots."""

# Identity Center keeps its roles in the management account with the permissions of whoever asks it to, and in members
# with its own: https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html
_KEEPING_ROLES: Final = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:GetSAMLProvider",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)


@dataclass(frozen=True, kw_only=True)
class DeployPolicy:
    """The policy, and what it is for."""

    account: str
    """The account that the stacks are deployed to: the management account."""

    region: str
    partition: str
    """`aws`, and in China and for governments another."""

    stacks: tuple[str, ...]
    """The ids of the stacks."""

    bootstrapped: bool
    """Whether they are deployed by the roles of `cdk bootstrap`."""

    statements: tuple[_Document, ...]
    notes: tuple[str, ...]
    """What could not be narrowed, and why."""

    @property
    def documents(self) -> tuple[_Document, ...]:
        """The statements in as many managed policies as they need, usually one."""
        documents: list[list[_Document]] = []
        for statement in self.statements:
            for statements in documents:
                if _characters(_document([*statements, statement])) <= MANAGED_POLICY_MAX:
                    statements.append(statement)
                    break
            else:
                documents.append([statement])
        return tuple(_document(statements) for statements in documents)


@cache
def handler_permissions() -> Mapping[str, Any]:
    """Return `handler_permissions.json`: the date of the schemas, and per type the permissions of its handlers."""
    text = (files(__package__ or "org_constructs.deploy_policy") / "handler_permissions.json").read_text(
        encoding="utf-8"
    )
    permissions: Mapping[str, Any] = json.loads(text)
    return permissions


def make_deploy_policy(
    stacks: Collection[Stack],
    *,
    selected: Collection[str] = (),
    organization_id: str | None = None,
    keep_retained: bool = False,
) -> DeployPolicy:
    """Return the policy for stacks of an assembly.

    Args:
        stacks: The stacks of an assembly.
        selected: The ids of the ones to deploy; by default those with something of an organization in them.
        organization_id: The organization's id; by default as the stacks say, which know it if it exists already.
        keep_retained: Leave out what deletes resources that the templates retain; by default it is in.

    Raises:
        ValueError: There is no such stack, or none with anything of an organization; they are for several accounts or
            regions, or do not say which; or one holds a type whose permissions are not known.
    """
    read = _select(stacks, selected)
    account = _one_of("account", read, [stack.account for stack in read])
    region = _one_of("region", read, [stack.region for stack in read])
    if organization_id is not None and not re.fullmatch(limits.ORGANIZATION_ID, organization_id):
        raise ValueError(f"--organization-id must be an id like 'o-exampleorg1', got {organization_id!r}")
    partition = partition_of(region).name
    maker = _Maker(
        read,
        account=account,
        region=region,
        partition=partition,
        organization_id=organization_id or _organization_id([stack for stack in stacks if stack.account == account]),
        keep_retained=keep_retained,
    )
    return DeployPolicy(
        account=account,
        region=region,
        partition=partition,
        stacks=tuple(stack.id for stack in read),
        bootstrapped=any("cloudFormationExecutionRoleArn" in stack.artifact["properties"] for stack in read),
        statements=maker.statements(),
        notes=tuple(maker.notes()),
    )


def _select(stacks: Collection[Stack], selected: Collection[str]) -> tuple[Stack, ...]:
    ids = ", ".join(stack.id for stack in stacks) or "none at all"
    for stack_id in selected:
        if stack_id not in {stack.id for stack in stacks}:
            raise ValueError(f"--stack must be a stack of the assembly, got {stack_id!r}; there is {ids}")
    read = tuple(stack for stack in stacks if (stack.id in selected if selected else _has_an_organization(stack)))
    if not read:
        raise ValueError(f"there must be a stack with something of an organization in the assembly, got {ids}")
    return read


def _has_an_organization(stack: Stack) -> bool:
    return any(resource["Type"].startswith(_OF_AN_ORGANIZATION) for resource in stack.resources())


def _one_of(what: str, stacks: Sequence[Stack], values: Sequence[str | None]) -> str:
    known = sorted({value for value in values if value is not None})
    if len(known) != 1 or None in values:
        got = ", ".join(f"{stack.id} {value or 'any'}" for stack, value in zip(stacks, values, strict=True))
        raise ValueError(
            f"the stacks must be for one {what}, which env says, got {got}; name the stacks of one with --stack"
        )
    return known[0]


def _organization_id(stacks: Sequence[Stack]) -> str | None:
    for stack in stacks:
        if is_baseline(stack.template):
            organization_id = stack.template.get("Outputs", {}).get("OrganizationId", {}).get("Value")
            if isinstance(organization_id, str):
                return organization_id
    return None


class _Maker:
    """Puts each action on what it is called on."""

    def __init__(
        self,
        stacks: Sequence[Stack],
        *,
        account: str,
        region: str,
        partition: str,
        organization_id: str | None,
        keep_retained: bool,
    ) -> None:
        self._stacks = stacks
        self._account = account
        self._region = region
        self._partition = partition
        self._organization_id = organization_id
        values = values_of(stacks, lambda _stack: account)
        self._resources = [
            (stack, resource, values.of(stack.name, resource.get("Properties")) or {})
            for stack in stacks
            for resource in stack.resources()
        ]
        self._types = {resource["Type"] for _, resource, _ in self._resources}
        self._kept = {
            resource_type
            for resource_type in self._types
            if keep_retained
            and all(_is_retained(resource) for _, resource, _ in self._resources if resource["Type"] == resource_type)
        }
        for stack, resource, _ in self._resources:
            if resource["Type"] not in _KNOWN and not resource["Type"].startswith(_CUSTOM):
                raise ValueError(
                    f"the stacks must hold nothing but an organization, got {resource['Type']} in {stack.id};"
                    " name the stacks of the organization with --stack"
                )

    def statements(self) -> tuple[_Document, ...]:
        """Return one statement for the actions that are called on the same."""
        actions: dict[tuple[str, ...], set[str]] = {}
        for resource_type, action in self._needed():
            actions.setdefault(_subjects(resource_type, action), set()).add(action)
        return tuple(
            _statement("".join(subjects), sorted(called), arns, self._conditions.get(subjects[0]))
            for subjects, called in sorted(actions.items())
            if (arns := [arn for subject in subjects for arn in self._arns[subject]])
        )

    def notes(self) -> Iterator[str]:
        """Yield what could not be narrowed."""
        if self._organization_id is None and any(each.startswith("AWS::Organizations::") for each in self._types):
            yield (
                "the stacks do not say the organization's id, which is not known before it exists: what is in it is"
                " narrowed to the management account, and with --organization-id to the organization"
            )
        if "AWS::SSO::Assignment" in self._types:
            yield (
                "it can assign anybody to any account, and so is as much as AdministratorAccess in the end:"
                " give it to CloudFormation, and to nobody else"
            )
        if "AWS::IAM::Role" in self._types:
            yield "the stacks make a role, and can give it any permission: look at what a change of them does to it"

    def _needed(self) -> Iterator[tuple[str, str]]:
        """Yield the types, and the actions that are called for each."""
        for resource_type in sorted(self._types):
            handlers = handler_permissions()["types"].get(resource_type, {})
            for handler, actions in handlers.items():
                if handler == "delete" and resource_type in self._kept:
                    continue
                yield from ((resource_type, action) for action in actions if action not in _NO_ACTIONS)
            if resource_type in ("AWS::SSO::Assignment", "AWS::SSO::PermissionSet"):
                yield from ((resource_type, action) for action in _KEEPING_ROLES)
            if resource_type.startswith(_CUSTOM):
                yield resource_type, "lambda:InvokeFunction"
        if self._parameters:
            yield "AWS::SSM::Parameter::Value", "ssm:GetParameters"

    @cached_property
    def _conditions(self) -> Mapping[str, _Document]:
        """What else holds where something is called on a subject."""
        policies = self._texts("AWS::IAM::Role", "ManagedPolicyArns")
        return {
            "AttachedRoles": {"ArnLike": {"iam:PolicyARN": policies}} if policies else {},
            "KeysThroughLambda": {"StringEquals": {"kms:ViaService": f"lambda.{self._region}.amazonaws.com"}},
            "PassedRoles": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
            "ServiceLinkedRoles": {"StringEquals": {"iam:AWSServiceName": list(_SERVICE_LINKED)}},
        }

    @cached_property
    def _arns(self) -> Mapping[str, Sequence[str]]:
        """The resources that each subject stands for."""
        aws = f"arn:{self._partition}"
        iam = f"{aws}:iam::{self._account}"
        here = f"{self._region}:{self._account}"
        organizations = f"{aws}:organizations::{self._account}"
        organization = self._organization_id or "o-*"
        policy_types = self._texts("AWS::Organizations::Policy", "Type")
        instances = self._texts("AWS::SSO::", "InstanceArn", must=True)
        stores = self._texts("AWS::IdentityStore::", "IdentityStoreId", must=True)
        functions = self._names("AWS::Lambda::Function", "FunctionName")
        roles = self._names("AWS::IAM::Role", "RoleName") or self._name_patterns
        log_groups = self._names("AWS::Logs::LogGroup", "LogGroupName")
        buckets = self._texts("AWS::Lambda::Function", "Code", "S3Bucket")
        role_arns = [f"{iam}:role/{role}" for role in roles]
        return {
            _NO_RESOURCE: ["*"],
            "Accounts": [f"{organizations}:account/{organization}/*"],
            "AssignedAccounts": [f"{aws}:sso:::account/{account}" for account in self._assigned_accounts],
            "AttachedRoles": role_arns,
            "Bootstrap": [
                *(f"{aws}:s3:::{bucket}/*" for bucket in buckets),
                *(f"{aws}:ssm:{here}:parameter/{parameter.lstrip('/')}" for parameter in self._parameters),
            ],
            "CapacityProviders": [f"{aws}:lambda:{here}:capacity-provider:*"],
            "CodeSigningConfigs": [f"{aws}:lambda:{here}:code-signing-config:*"],
            "DeliveryStreams": [f"{aws}:firehose:{here}:deliverystream/*"],
            "FileSystems": [f"{aws}:{each}:{here}:file-system/*" for each in ("elasticfilesystem", "s3files")],
            "Functions": [f"{aws}:lambda:{here}:function:{function}" for function in functions],
            "Groups": [f"{aws}:identitystore:::group/*"],
            "IdentityCenterRoles": [f"{iam}:role/aws-reserved/sso.amazonaws.com/*", f"{iam}:saml-provider/AWSSSO_*"],
            "IdentityStore": [f"{aws}:identitystore::{self._account}:identitystore/{store}" for store in stores],
            "Instance": instances,
            "KeysThroughLambda": [f"{aws}:kms:{here}:key/*"],
            "Layers": [f"{aws}:lambda:{here}:layer:*"],
            "LogGroups": [f"{aws}:logs:{here}:log-group:{log_group}" for log_group in log_groups],
            "Memberships": [f"{aws}:identitystore:::membership/*"],
            "PassedRoles": role_arns,
            "PermissionSets": [f"{arn.replace(':instance/', ':permissionSet/')}/*" for arn in instances],
            "Policies": [f"{organizations}:policy/{organization}/{each.lower()}/p-*" for each in policy_types],
            "ResourcePolicies": [f"{organizations}:resourcepolicy/{organization}/rp-*"],
            "Roots": [f"{organizations}:root/{organization}/r-*"],
            "ServiceLinkedRoles": [f"{iam}:role/aws-service-role/{service}/*" for service in _SERVICE_LINKED],
            "StackRoles": role_arns,
            "StackUsersAndGroups": [
                f"{iam}:{kind}/{pattern}" for kind in ("group", "user") for pattern in self._name_patterns
            ],
            "Units": [f"{organizations}:ou/{organization}/ou-*"],
            "Users": [f"{aws}:identitystore:::user/*"],
        }

    @property
    def _assigned_accounts(self) -> list[str]:
        """The accounts of the assignments, or `*` if the deploy alone knows one, or permission sets may be anywhere."""
        targets = [
            self._text(stack, properties["TargetId"])
            for stack, resource, properties in self._resources
            if resource["Type"] == "AWS::SSO::Assignment"
        ]
        known = all("*" not in target for target in targets) and "AWS::SSO::PermissionSet" not in self._types
        return sorted(set(targets)) if known else ["*"]

    @cached_property
    def _parameters(self) -> Sequence[str]:
        """The parameters of Systems Manager that CloudFormation reads for the templates."""
        return sorted(
            {
                parameter["Default"]
                for stack in self._stacks
                for parameter in stack.template.get("Parameters", {}).values()
                if parameter["Type"].startswith("AWS::SSM::Parameter::Value") and "Default" in parameter
            }
        )

    @cached_property
    def _name_patterns(self) -> Sequence[str]:
        return sorted({_name_pattern(stack) for stack in self._stacks})

    def _names(self, resource_type: str, name: str) -> list[str]:
        """Return what the resources of a type are called: as they say, or as CloudFormation calls them."""
        names = set()
        for stack, resource, properties in self._resources:
            if resource["Type"] == resource_type:
                given = properties.get(name)
                names.add(_name_pattern(stack) if given is None else self._text(stack, given))
        return sorted(names)

    def _texts(self, resource_type: str, *path: str, must: bool = False) -> list[str]:
        """Return the different texts at a place in the resources of a type, with `*` for what the deploy alone knows.

        Raises:
            ValueError: The deploy alone knows one that must be known.
        """
        texts = set()
        for stack, resource, properties in self._resources:
            value: Value = properties if resource["Type"].startswith(resource_type) else {}
            for name in path:
                value = value.get(name, {}) if isinstance(value, dict) else value
            for item in value if isinstance(value, list) else [value] if value else []:
                text = self._text(stack, item)
                if must and "*" in text:
                    raise ValueError(
                        f"{path[-1]} must be known at synth, since the policy is narrowed to it,"
                        f" got {as_json(item)} in {stack.id}; write it out"
                    )
                texts.add(text)
        return sorted(texts)

    @staticmethod
    def _text(stack: Stack, value: Value) -> str:
        """Return what the value will be, with `*` for what the deploy alone knows."""
        if not isinstance(value, Unknown):
            return value if isinstance(value, str) else "*"
        names = stack.template["Resources"]
        text = value.filled(
            lambda part: _name_pattern(stack) if isinstance(part, Reference) and str(part)[2:-1] in names else "*"
        )
        return text or "*"


def _subjects(resource_type: str, action: str) -> tuple[str, ...]:
    """Return what an action is called on for a type, in words of statement ids."""
    service, _, name = action.partition(":")
    if service == "iam":
        return (_subject_in_iam(resource_type, name),)
    if service in _OTHERS:
        return (_OTHERS[service],)
    called_on = resources_of_action(action)
    if service not in _SUBJECTS or called_on is None or _ON_ITSELF.fullmatch(name):
        return _OWN.get(resource_type, (_NO_RESOURCE,))
    return tuple(sorted(_SUBJECTS[service][each] for each in called_on if each in _SUBJECTS[service])) or (
        _NO_RESOURCE,
    )


def _subject_in_iam(resource_type: str, name: str) -> str:
    if name == "CreateServiceLinkedRole":
        return "ServiceLinkedRoles"
    if resource_type.startswith("AWS::SSO::"):
        return "IdentityCenterRoles"
    if name.endswith(("UserPolicy", "GroupPolicy")):
        return "StackUsersAndGroups"
    return {
        "AttachRolePolicy": "AttachedRoles",
        "DetachRolePolicy": "AttachedRoles",
        "ListRoles": _NO_RESOURCE,
        "PassRole": "PassedRoles",
    }.get(name, "StackRoles")


def _is_retained(resource: Mapping[str, Any]) -> bool:
    return resource.get("DeletionPolicy") == "Retain" == resource.get("UpdateReplacePolicy")


def _name_pattern(stack: Stack) -> str:
    # STACK-LOGICALID-RANDOM, of which the first two are cut where the whole is too long for the service.
    return f"{stack.name}-*" if len(stack.name) <= _NAME_KEPT else f"{stack.name[:_NAME_KEPT]}*"


def _statement(sid: str, actions: Sequence[str], arns: Sequence[str], condition: _Document | None) -> _Document:
    statement: _Document = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions[0] if len(actions) == 1 else list(actions),
        "Resource": arns[0] if len(arns) == 1 else list(arns),
    }
    return {**statement, "Condition": condition} if condition else statement


def _document(statements: Sequence[_Document]) -> _Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _characters(document: _Document) -> int:
    return len(re.sub(r"\s", "", json.dumps(document)))
