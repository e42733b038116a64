"""organization.yml of org-formation.

https://github.com/org-formation/org-formation-cli/blob/master/docs/organization-resources.md has the format, and
https://github.com/org-formation/org-formation-cli/tree/master/src/parser/model what else it takes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws import limits
from org_constructs.constructs.account import check_account
from org_constructs.constructs.organizational_unit import check_organizational_unit
from org_constructs.constructs.validate import check_email
from org_constructs.templates.description import MANAGEMENT, ROOT, Account, Description, OrganizationalUnit, Policy
from org_constructs.templates.values import Values
from org_constructs.templates.words import and_list, visible

from .file import (
    ToolFile,
    answer,
    has_function,
    invalid,
    list_of,
    mapping_of,
    parsed_file,
    remark_unsaid,
    tags_of,
    text_of,
    unsaid,
)
from .live import live_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_TOOL: Final = "org-formation"
_FORMAT: Final = "2010-09-09-OC"

_MASTER: Final = "OC::ORG::MasterAccount"
_ROOT: Final = "OC::ORG::OrganizationRoot"
_UNIT: Final = "OC::ORG::OrganizationalUnit"
_ACCOUNT: Final = "OC::ORG::Account"
_POLICY: Final = "OC::ORG::ServiceControlPolicy"

_POLICIES: Final = "ServiceControlPolicies"
_SCP: Final = "SERVICE_CONTROL_POLICY"

_SAID: Final = {
    _MASTER: ("email", {"AccountName", "AccountId", "RootEmail", _POLICIES}),
    _ROOT: ("organization", {_POLICIES}),
    _UNIT: ("organizational_units", {"OrganizationalUnitName", "Accounts", "OrganizationalUnits", _POLICIES}),
    _ACCOUNT: ("accounts", {"AccountName", "AccountId", "RootEmail", "Tags", _POLICIES}),
    _POLICY: ("policies", {"PolicyName", "Description", "PolicyDocument"}),
}
"""The properties that an app says, with the argument that what it does not say is remarked on."""

_READ: Final = frozenset({"AWSTemplateFormatVersion", "Description", "Metadata", "Organization", "Parameters"})

_INCLUDES_MAX: Final = 50
_INCLUDES_DEEP: Final = 3


def is_org_formation(content: object) -> bool:
    """Tell whether YAML is an organization of org-formation, or a file of its tasks, which names one."""
    if not isinstance(content, dict):
        return False
    return (
        content.get("AWSTemplateFormatVersion") == _FORMAT
        or _is_organization(content.get("Organization"))
        or _template_of_tasks(content) is not None
    )


def _is_organization(section: object) -> bool:
    resources = section.values() if isinstance(section, dict) else ()
    return any(isinstance(each, dict) and str(each.get("Type")).startswith("OC::ORG::") for each in resources)


def _template_of_tasks(content: Mapping[str, Any]) -> str | None:
    tasks = [each for each in content.values() if isinstance(each, dict) and each.get("Type") == "update-organization"]
    return str(tasks[0].get("Template")) if tasks else None


def read_org_formation(path: Path, content: Mapping[str, Any], answers: Mapping[str, str]) -> ToolFile:
    """Return what organization.yml says.

    Args:
        path: The file.
        content: What `parsed_file` made of it.
        answers: The options of `init` that were given.

    Raises:
        Refusal: The file is not as org-formation takes it, something in it is for the tool alone to fill in, or
            neither it nor an option says what an app needs.
    """
    return _Reader(path, content, answers).read()


class _Reader:
    def __init__(self, path: Path, content: Mapping[str, Any], answers: Mapping[str, str]) -> None:
        if template := _template_of_tasks(content):
            raise invalid("--from", "the file that has the organization", path.name, f"name {template}")
        self._file = visible(path.name)
        self._answers = answers
        content = mapping_of(self._file, _Includes(path).included(content))
        self._parameters = mapping_of("Parameters", content.get("Parameters") or {})
        self._resources: defaultdict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        self._remarks: list[tuple[str, str]] = []
        self._unsaid: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._keys: dict[str, str] = {}
        """What the description calls accounts and units, by their logical ids."""

        self._sort(mapping_of("Organization", content.get("Organization")))
        if others := sorted(content.keys() - _READ):
            self._say("env", f"No line says what {self._file} has beside the organization: {and_list(others)}.")

    def _say(self, argument: str, sentence: str) -> None:
        self._remarks.append((argument, sentence))

    def _sort(self, section: Mapping[str, Any]) -> None:
        """Sort the resources by their types, and remark on what an app does not say of them."""
        for logical_id, each in section.items():
            resource = mapping_of(f"Organization.{logical_id}", each)
            kind = text_of(f"Organization.{logical_id}.Type", resource.get("Type"))
            properties = mapping_of(f"Organization.{logical_id}.Properties", resource.get("Properties") or {})
            if kind not in _SAID:
                argument = "accounts" if kind == "OC::ORG::PasswordPolicy" else "env"
                self._say(argument, f"No line says {logical_id}, which is of the type {kind}.")
                continue
            self._resources[kind][logical_id] = properties
            argument, said = _SAID[kind]
            for name in unsaid(properties, said):
                self._unsaid[argument, name].append(logical_id)
        if len(self._resources[_MASTER]) != 1:
            masters = sorted(self._resources[_MASTER])
            raise invalid("Organization", f"with one {_MASTER}", masters or None, "name the file that has it")

    def read(self) -> ToolFile:
        """Put everything together."""
        management = self._management()
        accounts = self._accounts()
        units = self._units()
        parents = self._parents(units)
        policies = self._policies({**dict.fromkeys(self._resources[_ROOT], ROOT), **self._keys})
        return ToolFile(
            description=Description(
                accounts={MANAGEMENT: management}
                | {key: replace(each, parent=parents.get(key, ROOT)) for key, each in accounts.items()},
                organizational_units={key: replace(each, parent=parents.get(key, ROOT)) for key, each in units.items()},
                users={},
                groups={},
                permission_sets={},
                policies=policies,
                assignments=(),
                values=Values({}),
                live=live_of(management, self._answers, policy_types=(_SCP,) if policies else ()),
            ),
            name=self._file,
            tool=_TOOL,
            remarks=(*self._remarks, *remark_unsaid(self._unsaid)),
        )

    def _management(self) -> Account:
        [(logical_id, properties)] = self._resources[_MASTER].items()
        email = self._text(logical_id, properties, "RootEmail", required=False)
        name = self._text(logical_id, properties, "AccountName")
        account_id = self._account_id(logical_id, properties)
        self._keys[logical_id] = MANAGEMENT
        email = answer(self._answers, "email", email or None, self._file)
        check_email("email", email)
        return Account(
            key=MANAGEMENT,
            name=answer(self._answers, "company", name, self._file),
            email=email,
            parent=ROOT,
            account_id=answer(self._answers, "account", account_id or None, self._file),
            tags={},
        )

    def _accounts(self) -> dict[str, Account]:
        accounts = {}
        for logical_id, properties in self._resources[_ACCOUNT].items():
            account_id = self._account_id(logical_id, properties)
            email = self._text(logical_id, properties, "RootEmail", required=False)
            if not (account_id or email):
                raise invalid(f"{logical_id}.RootEmail", "there where there is no AccountId", None)
            name = self._text(logical_id, properties, "AccountName")
            tags = tags_of(f"{logical_id}.Tags", self._filled(properties.get("Tags")))
            if not account_id:
                check_account(f"{logical_id}: ", name=name, email=email, role_name=None, tags=tags)
            key = account_id or logical_id
            if key in accounts:
                raise invalid(f"{logical_id}.AccountId", "that of no other account", key)
            self._keys[logical_id] = key
            if not email:
                self._say("accounts", f"With the RootEmail of {logical_id} in the file, the app could take it over.")
            accounts[key] = Account(
                key=key, name=name, email=email or None, account_id=account_id or None, tags=tags, only_named=not email
            )
        return accounts

    def _units(self) -> dict[str, OrganizationalUnit]:
        units = {}
        for logical_id, properties in self._resources[_UNIT].items():
            name = self._text(logical_id, properties, "OrganizationalUnitName")
            check_organizational_unit(f"{logical_id}: ", name=name, depth=None, tags=None)
            self._keys[logical_id] = logical_id
            units[logical_id] = OrganizationalUnit(key=logical_id, name=name, tags={})
        return units

    def _parents(self, units: Mapping[str, OrganizationalUnit]) -> dict[str, str]:
        """Return the units of what is in one, by the keys of both."""
        parents: dict[str, str] = {}
        for logical_id, properties in self._resources[_UNIT].items():
            for name, kind in {"Accounts": _ACCOUNT, "OrganizationalUnits": _UNIT}.items():
                for key in self._referred(f"{logical_id}.{name}", properties.get(name), kind, "organizational_units"):
                    if (other := parents.setdefault(key, logical_id)) != logical_id:
                        raise invalid(f"{logical_id}.{name}", f"of what is not in {other} as well", key)
        for key in units:
            above, seen = parents.get(key), {key}
            while above is not None:
                if above in seen:
                    raise invalid(f"{key}.OrganizationalUnits", "of units that this one is not in", above)
                seen.add(above)
                above = parents.get(above)
        return parents

    def _policies(self, places: Mapping[str, str]) -> dict[str, Policy]:
        targets: defaultdict[str, list[str]] = defaultdict(list)
        for kind in (_ROOT, _UNIT, _MASTER, _ACCOUNT):
            for logical_id, properties in self._resources[kind].items():
                where = f"{logical_id}.{_POLICIES}"
                for policy in self._referred(where, properties.get(_POLICIES), _POLICY, "policies"):
                    targets[policy].append(places[logical_id])
        policies = {}
        for logical_id, properties in self._resources[_POLICY].items():
            name = self._text(logical_id, properties, "PolicyName")
            content = self._filled(properties.get("PolicyDocument"))
            if isinstance(content, str):
                content = _json(f"{logical_id}.PolicyDocument", content)
            if content is None or has_function(content):
                why = "has no document" if content is None else "has values that the tool alone fills in"
                self._say("policies", f"The policy {name} is left out, since it {why}.")
                continue
            policies[logical_id] = Policy(
                key=logical_id,
                name=name,
                type=_SCP,
                content=mapping_of(f"{logical_id}.PolicyDocument", content),
                targets=tuple(dict.fromkeys(targets[logical_id])),
                description=self._text(logical_id, properties, "Description", required=False),
                tags={},
            )
        return policies

    def _text(self, logical_id: str, properties: Mapping[str, Any], name: str, *, required: bool = True) -> str:
        value = self._filled(properties.get(name))
        if not (value or required):
            return ""
        return text_of(f"{logical_id}.{name}", value)

    def _account_id(self, logical_id: str, properties: Mapping[str, Any]) -> str:
        account_id = self._text(logical_id, properties, "AccountId", required=False)
        if account_id and not re.fullmatch(limits.ACCOUNT_ID, account_id, re.ASCII):
            # Without quotes, YAML has 012345678901 as another number.
            raise invalid(f"{logical_id}.AccountId", "12 digits, in quotes", account_id)
        return account_id

    def _filled(self, value: object) -> Any:  # noqa: ANN401 (JSON)
        """Return a value; of a parameter its default."""
        name = value["Ref"] if isinstance(value, dict) and value.keys() == {"Ref"} else None
        if isinstance(name, str) and name in self._parameters:
            return mapping_of(f"Parameters.{name}", self._parameters[name]).get("Default", value)
        return value

    def _referred(self, where: str, value: object, kind: str, argument: str) -> Iterator[str]:
        """Yield the keys of what a property refers to; what it says by an id of AWS's is remarked on."""
        there = self._resources[kind]
        if value == "*":
            yield from (self._keys.get(each, each) for each in there)
            return
        for each in map(self._filled, list_of(value)):
            if isinstance(each, dict) and each.keys() == {"Ref"}:
                logical_id = str(each["Ref"])
                if logical_id not in there:
                    raise invalid(where, f"of what the file has as {kind}", logical_id)
                yield self._keys.get(logical_id, logical_id)
                continue
            by_id = text_of(where, each)
            if by_id in self._keys.values():
                yield by_id
            else:
                self._say(argument, f"{where} has {by_id}, which the file says no more of: left out.")


def _json(where: str, text: str) -> Any:  # noqa: ANN401 (JSON)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise invalid(where, "a policy in YAML or JSON", text) from None


class _Includes:
    """Puts other files in the place of `!Include`, as org-formation does.

    https://github.com/org-formation/org-formation-cli/blob/master/src/parser/parser.ts
    """

    def __init__(self, path: Path) -> None:
        self._folder = path.parent.resolve()
        self._inside = [path.resolve()]
        self._left = _INCLUDES_MAX

    def included(self, value: Any) -> Any:  # noqa: ANN401 (JSON)
        """Return a value with what it includes."""
        if isinstance(value, list):
            return [self.included(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"Fn::Include"}:
            return self._of_file(text_of("!Include", value["Fn::Include"]))
        found = {key: self.included(each) for key, each in value.items()}
        organization = found.get("Organization")
        if isinstance(organization, dict) and _is_organization(organization.get("Organization")):
            found["Organization"] = organization["Organization"]
        return found

    def _of_file(self, name: str) -> Any:  # noqa: ANN401 (JSON)
        # A null character is in no name of a file.
        path = (self._inside[-1].parent / name.replace("\0", "?")).resolve()
        self._left -= 1
        if not path.is_relative_to(self._folder):
            raise invalid("!Include", "a file below the folder of the one that --from names", name, "copy it there")
        if path in self._inside or len(self._inside) > _INCLUDES_DEEP or self._left < 0:
            rule = (
                f"of at most {_INCLUDES_MAX} files, at most {_INCLUDES_DEEP} inside one another, and none inside itself"
            )
            raise invalid("!Include", rule, name, "put what it has into the file that includes it")
        self._inside.append(path)
        found = self.included(parsed_file(path))
        self._inside.pop()
        return found
