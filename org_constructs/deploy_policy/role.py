"""What CloudFormation may do to deploy stacks: what it calls for their resources, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import Stack, values_of
from org_constructs.templates.retention import deletion_policy
from org_constructs.templates.values import Reference, Unknown, Value, as_json

from .actions import (
    KEEPING_ROLES,
    NO_ACTIONS,
    NO_RESOURCE,
    RESOURCE_TYPES,
    SERVICE_LINKED,
    handler_permissions,
    subjects,
)
from .documents import Document, allow

_NAME_KEPT: Final = 24  # characters of a stack's name that CloudFormation puts before the names that it makes up

_ACCOUNT: Final = "AWS::Organizations::Account"
_CUSTOM: Final = ("Custom::", "AWS::CloudFormation::CustomResource")
_KNOWN: Final = (*RESOURCE_TYPES, "AWS::CDK::Metadata")  # for the latter nothing is called


class RoleStatements:
    """Puts each action on what it is called on."""

    def __init__(
        self,
        stacks: Sequence[Stack],
        *,
        account: str,
        region: str,
        partition: str,
        organization_id: str | None,
        allow_closing: bool,
    ) -> None:
        """Take the stacks and what they are for; the rest as `make_deploy_policy`."""
        self._stacks = stacks
        self._account = account
        self._region = region
        self._partition = partition
        self._organization_id = organization_id
        values = values_of(stacks, lambda _stack: account)
        # None of nested stacks, whose own type is refused.
        self._resources = [
            (stack, resource, values.properties(stack.name, logical_id))
            for stack in stacks
            for logical_id, resource in stack.defined.items()
        ]
        self._types = {resource["Type"] for _, resource, _ in self._resources}
        self._allow_closing = allow_closing
        for stack, resource, _ in self._resources:
            if resource["Type"] not in _KNOWN and not resource["Type"].startswith(_CUSTOM):
                raise Refusal(
                    "resource-type-unknown",
                    f"the stacks must contain nothing but an organization, got {resource['Type']} in {stack.id}",
                    "select the stacks of the organization with --stack",
                )

    def statements(self) -> tuple[Document, ...]:
        """Return one statement for the actions that are called on the same."""
        actions: dict[tuple[str, ...], set[str]] = {}
        for resource_type, action in self._needed():
            actions.setdefault(subjects(resource_type, action), set()).add(action)
        return tuple(
            allow("".join(called_on), sorted(called), arns, self._conditions.get(called_on[0]))
            for called_on, called in sorted(actions.items())
            if (arns := [arn for subject in called_on for arn in self._arns[subject]])
        )

    def notes(self) -> Iterator[str]:
        """Yield what could not be narrowed."""
        if self._organization_id is None and any(each.startswith("AWS::Organizations::") for each in self._types):
            yield (
                "the stacks do not have the organization's id, which is unknown before it exists: the policy is"
                " limited to the management account, or with --organization-id to the organization"
            )
        if "AWS::SSO::Assignment" in self._types:
            yield (
                "it can give anybody access to any account, so in the end it is as powerful as AdministratorAccess:"
                " give it to CloudFormation and nobody else, and review what is deployed with it"
            )
        if _ACCOUNT in self._types and self._allow_closing:
            yield "it can close any account of the organization but the management account: give it for one deploy only"
        elif closing := self._closing:
            yield (
                f"the templates close {', '.join(closing)} where they no longer have it, which takes --allow-closing:"
                " without that such a deploy fails"
            )
        if "AWS::IAM::Role" in self._types:
            yield "the stacks create a role and can give it any permission: review every change to it"

    def _needed(self) -> Iterator[tuple[str, str]]:
        """Yield the types, and the actions that are called for each."""
        for resource_type in sorted(self._types):
            handlers = handler_permissions()["types"].get(resource_type, {})
            for handler, actions in handlers.items():
                if handler == "delete" and not self._deletes(resource_type):
                    continue
                yield from ((resource_type, action) for action in actions if action not in NO_ACTIONS)
            if resource_type in ("AWS::SSO::Assignment", "AWS::SSO::PermissionSet"):
                yield from ((resource_type, action) for action in KEEPING_ROLES)
            if resource_type.startswith(_CUSTOM):
                yield resource_type, "lambda:InvokeFunction"
        if self._parameters:
            yield "AWS::SSM::Parameter::Value", "ssm:GetParameters"

    def _deletes(self, resource_type: str) -> bool:
        """Tell whether a deploy may delete something of a type: what is retained it never does, nor close accounts."""
        if resource_type == _ACCOUNT:
            return self._allow_closing
        return not all(
            deletion_policy(resource) == "Retain" == resource.get("UpdateReplacePolicy")
            for _, resource, _ in self._resources
            if resource["Type"] == resource_type
        )

    @property
    def _closing(self) -> Sequence[str]:
        """The names of the accounts that CloudFormation closes rather than leave them behind, which is its default.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
        """
        return sorted(
            self._text(stack, properties.get("AccountName"))
            for stack, resource, properties in self._resources
            if resource["Type"] == _ACCOUNT and deletion_policy(resource) != "Retain"
        )

    @cached_property
    def _conditions(self) -> Mapping[str, Document]:
        """What else holds where something is called on a subject."""
        policies = self._texts("AWS::IAM::Role", "ManagedPolicyArns")
        return {
            "AttachedRoles": {"ArnLike": {"iam:PolicyARN": policies}} if policies else {},
            "KeysThroughLambda": {"StringEquals": {"kms:ViaService": f"lambda.{self._region}.amazonaws.com"}},
            "PassedRoles": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
            "ServiceLinkedRoles": {"StringEquals": {"iam:AWSServiceName": list(SERVICE_LINKED)}},
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
        budgets = self._texts("AWS::Budgets::Budget", "Budget", "BudgetName") or ["*"]
        buckets = self._texts("AWS::Lambda::Function", "Code", "S3Bucket")
        role_arns = [f"{iam}:role/{role}" for role in roles]
        return {
            NO_RESOURCE: ["*"],
            "Accounts": [f"{organizations}:account/{organization}/*"],
            "AssignedAccounts": [f"{aws}:sso:::account/{account}" for account in self._assigned_accounts],
            "AttachedRoles": role_arns,
            "Bootstrap": [
                *(f"{aws}:s3:::{bucket}/*" for bucket in buckets),
                *(f"{aws}:ssm:{here}:parameter/{parameter.lstrip('/')}" for parameter in self._parameters),
            ],
            "BillingViews": [f"{aws}:billing::{self._account}:billingview/*"],
            "Budgets": [f"{aws}:budgets::{self._account}:budget/{name}" for name in budgets],
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
            "ServiceLinkedRoles": [f"{iam}:role/aws-service-role/{service}/*" for service in SERVICE_LINKED],
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
            Refusal: The deploy alone knows one that must be known.
        """
        texts = set()
        for stack, resource, properties in self._resources:
            value: Value = properties if resource["Type"].startswith(resource_type) else {}
            for name in path:
                value = value.get(name, {}) if isinstance(value, dict) else value
            for item in value if isinstance(value, list) else [value] if value else []:
                text = self._text(stack, item)
                if must and "*" in text:
                    raise Refusal(
                        "property-unknown",
                        f"{path[-1]} must be known at synth, since the policy is limited to it, got {as_json(item)} in"
                        f" {stack.id}",
                        "use the literal value",
                    )
                texts.add(text)
        return sorted(texts)

    @staticmethod
    def _text(stack: Stack, value: Value) -> str:
        """Return what the value will be, with `*` for what the deploy alone knows."""
        if not isinstance(value, Unknown):
            return value if isinstance(value, str) else "*"
        names = stack.defined
        text = value.filled(
            lambda part: _name_pattern(stack) if isinstance(part, Reference) and str(part)[2:-1] in names else "*"
        )
        return text or "*"


def _name_pattern(stack: Stack) -> str:
    # STACK-LOGICALID-RANDOM, of which the first two are cut where the whole is too long for the service.
    return f"{stack.name}-*" if len(stack.name) <= _NAME_KEPT else f"{stack.name[:_NAME_KEPT]}*"
