"""Files of aws-sso-util: CloudFormation templates with its assignment groups, and its shorter configurations.

https://github.com/benkehoe/aws-sso-util/blob/master/docs/cloudformation.md has both formats, and
https://github.com/benkehoe/aws-sso-util/blob/master/cli/src/aws_sso_util/cfn_lib/config.py the names that they take.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws import limits
from org_constructs.aws.managed_policies import policies_by_name
from org_constructs.aws.regions import DEFAULT_REGION, partition_of
from org_constructs.constructs.validate import check_email
from org_constructs.templates.description import (
    MANAGEMENT,
    ROOT,
    Account,
    Assignment,
    Description,
    Group,
    PermissionSet,
    User,
)
from org_constructs.templates.values import Values
from org_constructs.templates.words import and_list, visible

from .file import (
    ToolFile,
    answer,
    has_function,
    invalid,
    is_function,
    list_of,
    mapping_of,
    remark_unsaid,
    tags_of,
    text_of,
    unsaid,
)
from .live import live_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_TOOL: Final = "aws-sso-util"
_TRANSFORM: Final = "AWS-SSO-Util-2020-11-08"

_GROUP: Final = "SSOUtil::SSO::AssignmentGroup"
_ASSIGNMENT: Final = "AWS::SSO::Assignment"
_SETS: Final = frozenset({"AWS::SSO::PermissionSet", "SSOUtil::SSO::PermissionSet"})
_READ: Final = {"AWSTemplateFormatVersion", "Description", "Transform", "Parameters", "Resources"}

_INSTANCE: Final = ("Instance", "InstanceArn", "InstanceARN")
_PERMISSION_SETS: Final = ("PermissionSet", "PermissionSetArn", "PermissionSets", "PermissionSetArns")
_GROUPS: Final = ("Groups", "Group")
_USERS: Final = ("Users", "User")
_ACCOUNTS: Final = ("Accounts", "Account")
_UNITS: Final = ("OUs", "Ous", "OU", "Ou")
_UNITS_BELOW: Final = ("RecursiveOUs", "RecursiveOus", "RecursiveOU", "RecursiveOu")
_SESSION: Final = "DefaultSessionDuration"
_SAID: Final = frozenset(
    {*_INSTANCE, *_PERMISSION_SETS, *_GROUPS, *_USERS, *_ACCOUNTS, *_UNITS, *_UNITS_BELOW, _SESSION}
)

_SET_SAID: Final = frozenset(
    {
        *("Name", "InstanceArn", "Description", "SessionDuration", "RelayStateType", "InlinePolicy", "Tags"),
        *("ManagedPolicies", "CustomerManagedPolicyReferences", "PermissionsBoundary"),
    }
)


def is_aws_sso_util(content: object) -> bool:
    """Tell whether a YAML file is one of aws-sso-util's."""
    if not isinstance(content, dict):
        return False
    resources = content.get("Resources")
    if isinstance(resources, dict):
        types = {str(each.get("Type")) for each in resources.values() if isinstance(each, dict)}
        return _TRANSFORM in list_of(content.get("Transform")) or _GROUP in types
    return not content.keys().isdisjoint(_PERMISSION_SETS) and not content.keys().isdisjoint({*_GROUPS, *_USERS})


def read_aws_sso_util(path: Path, content: Mapping[str, Any], answers: Mapping[str, str]) -> ToolFile:
    """Return what a template, or a configuration, of aws-sso-util says.

    Args:
        path: The file.
        content: What `parsed_file` made of it.
        answers: The options of `init` that were given.

    Raises:
        Refusal: The file is not as aws-sso-util takes it, or neither it nor an option says what an app needs.
    """
    return _Reader(path, content, answers).read()


class _Reader:
    def __init__(self, path: Path, content: Mapping[str, Any], answers: Mapping[str, str]) -> None:
        self._file = visible(path.name)
        self._content = mapping_of(self._file, content)
        self._answers = answers
        self._resources = mapping_of("Resources", content.get("Resources") or {})
        self._parameters = mapping_of("Parameters", content.get("Parameters") or {})
        self._remarks: dict[tuple[str, str], None] = {}
        self._instance = self._the_instance()
        account = answer(answers, "account", None, self._file)
        email = answer(answers, "email", None, self._file)
        check_email("email", email)
        company = answer(answers, "company", None, self._file)
        self._management = Account(key=MANAGEMENT, name=company, email=email, parent=ROOT, account_id=account, tags={})
        self._session = self._default_session()
        self._accounts: dict[str, Account] = {MANAGEMENT: self._management}
        self._groups: dict[str, Group] = {}
        self._users: dict[str, User] = {}
        self._sets: dict[str, PermissionSet] = {}
        self._assignments: dict[Assignment, None] = {}

    def _say(self, argument: str, sentence: str) -> None:
        self._remarks[argument, sentence] = None

    def read(self) -> ToolFile:
        """Put everything together."""
        if self._resources:
            if others := sorted(self._content.keys() - _READ):
                self._say("env", f"No line says what {self._file} has beside the resources: {and_list(others)}.")
            self._read_template()
        else:
            self._read_config(self._file, self._content)
        if len(self._accounts) > 1:
            self._say("accounts", f"{self._file} has ids of accounts, and no names: change the keys before a deploy.")
        return ToolFile(
            description=Description(
                accounts=self._accounts,
                organizational_units={},
                users=self._users,
                groups=self._groups,
                permission_sets=self._sets,
                policies={},
                assignments=tuple(sorted(self._assignments)),
                values=Values({}),
                live=live_of(self._management, {**self._answers, "instance_arn": self._instance}),
            ),
            name=self._file,
            tool=_TOOL,
            remarks=tuple(self._remarks),
        )

    def _the_instance(self) -> str:
        """Return the ARN of the instance, of which the file may have the id alone; all of it has to be in one."""
        properties = [
            self._content,
            *(mapping_of(name, each).get("Properties") for name, each in self._resources.items()),
        ]
        said = {
            text_of(name, each[name])
            for each in properties
            if isinstance(each, dict)
            for name in _INSTANCE
            if each.get(name) and not is_function(each[name])
        }
        partition = partition_of(self._answers.get("region", DEFAULT_REGION)).name
        arns = sorted(each if each.startswith("arn:") else f"arn:{partition}:sso:::instance/{each}" for each in said)
        if len({*arns}) > 1:
            raise invalid("InstanceArn", f"{arns[0]} everywhere", arns[1])
        answer(self._answers, "identity_store_id", None, self._file)
        return answer(self._answers, "instance_arn", arns[0] if arns else None, self._file)

    def _default_session(self) -> str | None:
        metadata = self._content.get("Metadata")
        settings = metadata.get("SSO") if isinstance(metadata, dict) else None
        found = (settings if isinstance(settings, dict) else self._content).get(_SESSION)
        return None if found is None else text_of(_SESSION, found)

    def _read_template(self) -> None:
        groups = {}
        for name, each in self._resources.items():
            resource = mapping_of(f"Resources.{name}", each)
            kind = text_of(f"Resources.{name}.Type", resource.get("Type"))
            properties = mapping_of(f"Resources.{name}.Properties", resource.get("Properties") or {})
            if kind in _SETS:
                self._add_set(name, properties)
            elif kind in {_GROUP, _ASSIGNMENT}:
                groups[name] = properties
            else:
                self._say("env", f"No line says {name}, which is of the type {kind}.")
        for name, properties in groups.items():
            self._read_config(name, _as_config(name, properties))

    def _read_config(self, where: str, config: Mapping[str, Any]) -> None:
        """Take over what a configuration says: each of its principals has each of its sets in each of its accounts."""
        for argument, text in remark_unsaid({("env", name): [where] for name in unsaid(config, _SAID)}):
            self._say(argument, text)
        sets = [*self._set_keys(where, config)]
        principals = [*self._principals(where, config)]
        for names, which in ((_UNITS, "in"), (_UNITS_BELOW, "in or below")):
            for unit in self._values(where, config, names, "assignments"):
                self._say(
                    "assignments",
                    f"{where} gives access to the accounts {which} {unit}, which AWS alone knows: add them.",
                )
        for value in self._values(where, config, _ACCOUNTS, "assignments"):
            account = self._account(where, value)
            for key in sets:
                for principal in principals:
                    self._assignments[Assignment(account, key, principal)] = None

    def _account(self, where: str, value: str) -> str:
        number = value.zfill(12)
        if not re.fullmatch(limits.ACCOUNT_ID, number, re.ASCII):
            raise invalid(f"{where}: an account", "12 digits, in quotes", value)
        if number == self._management.account_id:
            return MANAGEMENT
        name = f"{self._management.name}-{number}"
        self._accounts[number] = Account(key=number, name=name, account_id=number, only_named=True)
        return number

    def _principals(self, where: str, config: Mapping[str, Any]) -> Iterator[str]:
        for names, argument in ((_GROUPS, "groups"), (_USERS, "users")):
            for each in self._values(where, config, names, argument):
                if not re.fullmatch(limits.PRINCIPAL_ID, each, re.ASCII):
                    raise invalid(f"{where}: one of the {argument}", "an id of the identity store", each)
                if argument == "groups":
                    self._groups[each] = Group(key=each, name=each, only_named=True)
                else:
                    self._users[each] = User(key=each, name=each, only_named=True)
                yield each

    def _set_keys(self, where: str, config: Mapping[str, Any]) -> Iterator[str]:
        for each in _listed(config, _PERMISSION_SETS):
            name = _referred(each)
            if name in self._resources:
                if name in self._sets:
                    yield name
            elif isinstance(each, dict) and not is_function(each):
                properties = mapping_of(where, each.get("Properties") if "Type" in each else each)
                key = text_of(f"{where}.Name", properties.get("Name"))
                self._add_set(key, properties)
                if key in self._sets:
                    yield key
            elif (value := self._filled(where, each, "permission_sets")) is not None:
                of_sso, _, instance = self._instance.partition("::instance/")
                short = value if "/" in value else f"{instance}/{value}"
                arn = value if value.startswith("arn:") else f"{of_sso}::permissionSet/{short}"
                if not re.fullmatch(limits.PERMISSION_SET_ARN, arn, re.ASCII):
                    raise invalid(f"{where}: a permission set", "an ARN, an id like ps-1234567890abcdef or !Ref", value)
                self._sets[arn] = PermissionSet(key=arn, name=arn.rpartition("/")[2], only_named=True)
                yield arn

    def _add_set(self, key: str, properties: Mapping[str, Any]) -> None:
        """Take over a permission set; one with values that the deploy fills in is remarked on."""
        said = {name: value for name, value in properties.items() if name != "InstanceArn"}
        if has_function(said):
            self._say("permission_sets", f"{key} is left out, with who has it: it has values that a deploy fills in.")
            return
        for argument, text in remark_unsaid({("permission_sets", each): [key] for each in unsaid(said, _SET_SAID)}):
            self._say(argument, text)
        inline = said.get("InlinePolicy")
        if isinstance(inline, str):
            try:
                inline = json.loads(inline)
            except (ValueError, RecursionError):
                raise invalid(f"{key}.InlinePolicy", "a policy in YAML or JSON", inline) from None
        tags = {}
        for each in list_of(said.get("Tags")):
            tag = mapping_of(f"{key}.Tags", each)
            tags[text_of(f"{key}.Tags.Key", tag.get("Key"))] = tag.get("Value")
        managed = (text_of(f"{key}.ManagedPolicies", each) for each in list_of(said.get("ManagedPolicies")))
        self._sets[key] = PermissionSet(
            key=key,
            name=text_of(f"{key}.Name", said.get("Name")),
            properties={
                "SessionDuration": self._session,
                **said,
                "InlinePolicy": inline and mapping_of(f"{key}.InlinePolicy", inline),
                "ManagedPolicies": [policies_by_name().get(each, each) for each in managed],
                "CustomerManagedPolicyReferences": [
                    _reference(f"{key}.CustomerManagedPolicyReferences", each)
                    for each in list_of(said.get("CustomerManagedPolicyReferences"))
                ],
                "PermissionsBoundary": _boundary(f"{key}.PermissionsBoundary", said.get("PermissionsBoundary") or {}),
            },
            tags=tags_of(f"{key}.Tags", tags),
        )

    def _values(self, where: str, config: Mapping[str, Any], names: tuple[str, ...], argument: str) -> Iterator[str]:
        for each in _listed(config, names):
            value = self._filled(where, each, argument)
            if value is not None:
                yield value

    def _filled(self, where: str, value: object, argument: str) -> str | None:
        """Return a value, of a parameter its default; what only a deploy fills in is remarked on."""
        if is_function(value):
            name = _referred(value)
            parameter = self._parameters.get(name)
            value = parameter.get("Default") if isinstance(parameter, dict) else None
            if value is None:
                what = name or "a function"
                self._say(argument, f"{where} has {what}, which a deploy fills in: left out.")
                return None
        return text_of(where, value)


def _reference(where: str, value: object) -> dict[str, str]:
    """Return the name and path of a policy of the accounts' own."""
    reference = mapping_of(where, value)
    return {
        "Name": text_of(f"{where}.Name", reference.get("Name")),
        "Path": text_of(f"{where}.Path", reference.get("Path", "/")),
    }


def _boundary(where: str, value: object) -> dict[str, Any]:
    boundary = mapping_of(where, value)
    if reference := boundary.get("CustomerManagedPolicyReference"):
        return {"CustomerManagedPolicyReference": _reference(where, reference)}
    arn = boundary.get("ManagedPolicyArn")
    return {"ManagedPolicyArn": text_of(f"{where}.ManagedPolicyArn", arn)} if arn else {}


def _referred(value: object) -> str:
    """Return the name that `!Ref` or `!GetAtt` has; empty where it is something else."""
    match value:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), *_]}:
            return name
    return ""


def _listed(properties: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    """Return what a property has under the first of its names that there is."""
    return next((list_of(properties[name]) for name in names if properties.get(name) is not None), [])


def _as_config(where: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return an assignment group, or an assignment of CloudFormation's own, as a configuration says the same."""
    config: defaultdict[str, list[Any]] = defaultdict(list)
    own = {"Principal", "Principals", "Target", "Targets", "Name", "UpdateNonce"}
    kinds = {
        ("Principal", "GROUP"): "Groups",
        ("Principal", "USER"): "Users",
        ("Target", "AWS_ACCOUNT"): "Accounts",
        ("Target", "AWS_OU"): "OUs",
    }
    for what in ("Principal", "Target"):
        own_id = (f"{what}Type", f"{what}Id")
        if own_id[0] in properties:
            entries = [properties]
            own |= {*own_id}
        else:
            entries = [mapping_of(f"{where}.{what}", each) for each in _listed(properties, (what, f"{what}s"))]
        for entry in entries:
            kind = next(iter(_listed(entry, (own_id[0], "Type"))), None)
            name = kinds.get((what, str(kind).upper()))
            if name is None:
                raise invalid(f"{where}.{what}.Type", " or ".join(each for of, each in kinds if of == what), kind)
            if name == "OUs" and entry.get("Recursive") is True:
                name = "RecursiveOUs"
            config[name] += _listed(entry, (own_id[1], "Id", "Ids", f"{what}Ids"))
    return {**{name: value for name, value in properties.items() if name not in own}, **config}
