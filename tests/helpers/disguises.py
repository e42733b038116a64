"""A template in plain values, and with functions, loops and conditions that come to the same."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

from checked_templates import assignment, organization, permission_set
from cloud_assembly import get

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ACCOUNTS: Final = {"dev": "Dev", "production": "Pro", "logs": "Logs"}
PSEUDO: Final = {"us-east-1": "AWS::Region", "111122223333": "AWS::AccountId", "amazonaws.com": "AWS::URLSuffix"}


def plain(resources: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the template of a baseline, by default of one with something for each reader to say."""
    return {
        "Metadata": {
            "OrgBaseline": {
                "Company": "acme",
                "Email": "aws@acme.com",
                "SessionName": "acme",
                "DefaultRegion": "us-east-1",
                "IdentityCenterRegion": "us-east-1",
                "StartUrl": "https://acme.awsapps.com/start",
                "Accounts": {key: {"Output": f"AccountId{key.title()}"} for key in _ACCOUNTS},
            }
        },
        "Outputs": {
            **{f"AccountId{key.title()}": {"Value": get(made, "AccountId")} for key, made in _ACCOUNTS.items()},
            "ManagementAccountId": {"Value": "111122223333"},
            "OrganizationId": {"Value": "o-acme123456"},
        },
        "Resources": resources or plain_resources(),
    }


def plain_resources() -> dict[str, Any]:
    """Return its resources."""
    made = organization()
    made["Leave"]["DependsOn"] = ["Logs"]
    made["Developer"]["Properties"]["SessionDuration"] = "P0DT13H"
    made["Root"] = permission_set("Root", ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"])
    made["OfLou"] = assignment("Root", get("Lou", "UserId"), get("Dev", "AccountId"), "USER")
    for name in ("Dax", "Kim", "Lou"):
        made[name]["Properties"] |= {
            "DisplayName": f"{name} Acme",
            "Name": {"GivenName": name, "FamilyName": "Acme"},
            "Emails": [{"Value": f"{name.lower()}@acme.com", "Type": "work", "Primary": True}],
        }
    return made


class Disguise:
    """Writes a template with functions that come to the same, loops of one, and conditions that hold."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (a seed, not a secret)
        self.sections: dict[str, dict[str, Any]] = {
            "Parameters": {},
            "Mappings": {"Map": {"Values": {}}},
            "Conditions": {
                "Always": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
                "Never": {"Fn::Not": [{"Condition": "Always"}]},
            },
        }

    def template(self, plain: Mapping[str, Any]) -> dict[str, Any]:
        """Return a template that comes to the same as a plain one, with a resource beside that no deploy makes."""
        resources = {logical_id: self._resource(each) for logical_id, each in plain["Resources"].items()}
        outputs = {name: {"Value": self.value(each["Value"])} for name, each in plain["Outputs"].items()}
        never = {**plain["Resources"]["Root"], "Condition": "Never"}
        looped = dict(self._looped(logical_id, each) for logical_id, each in {**resources, "Never": never}.items())
        return {**plain, "Resources": looped, "Outputs": outputs, **self.sections}

    def _resource(self, plain: Mapping[str, Any]) -> dict[str, Any]:
        properties = {name: self.value(each) for name, each in plain["Properties"].items()}
        holds = {"Condition": "Always"} if self._random.random() < 0.2 else {}
        return {**plain, "Properties": properties, **holds}

    def _looped(self, logical_id: str, resource: Mapping[str, Any]) -> tuple[str, Any]:
        if self._random.random() < 0.8:
            return logical_id, resource
        return f"Fn::ForEach::{logical_id}", ["Each", [logical_id], {"${Each}": resource}]

    def value(self, value: Any, depth: int = 2) -> Any:
        """Return a value in which some texts, lists and mappings are what functions come to."""
        if isinstance(value, dict) and value.keys() & {"Ref", "Fn::GetAtt"}:
            return self._wrapped(value, depth, self._reference(value))
        if isinstance(value, dict):
            return self._wrapped({key: self.value(each) for key, each in value.items()}, depth)
        if isinstance(value, list):
            return self._wrapped([self.value(each) for each in value], depth)
        return self._wrapped(value, depth, self._text(value, depth)) if isinstance(value, str) else value

    def _wrapped(self, value: Any, depth: int, *ways: Callable[[], Any]) -> Any:
        same: list[Callable[[], Any]] = [
            lambda: value,
            lambda: {"Fn::If": ["Always", value, "another"]},
            lambda: {"Fn::Select": [1, ["another", value]]},
            *ways,
        ]
        return self._random.choice(same)() if depth and self._random.random() < 0.4 else value

    def _reference(self, value: Mapping[str, Any]) -> Callable[[], Any]:
        name = value.get("Ref") or ".".join(value["Fn::GetAtt"])
        return lambda: self._random.choice([{"Fn::Sub": f"${{{name}}}"}, {"Fn::Join": ["", [value]]}])

    def _text(self, text: str, depth: int) -> Callable[[], Any]:
        def halves() -> tuple[Any, Any]:
            at = self._random.randint(0, len(text))
            return self.value(text[:at], depth - 1), self.value(text[at:], depth - 1)

        def parameter() -> Any:
            name = f"Parameter{len(self.sections['Parameters'])}"
            self.sections["Parameters"][name] = {"Type": "String", "Default": text}
            return self._random.choice([{"Ref": name}, {"Fn::Sub": f"${{{name}}}"}])

        def mapped() -> Any:
            name = f"Value{len(self.sections['Mappings']['Map']['Values'])}"
            self.sections["Mappings"]["Map"]["Values"][name] = text
            return {"Fn::FindInMap": ["Map", "Values", name]}

        def sub() -> Any:
            one, two = halves()
            return {"Fn::Sub": ["${one}${two}", {"one": one, "two": two}]}

        def partition() -> Any:
            if text.startswith("arn:aws:"):
                return {"Fn::Sub": text.replace("${", "${!").replace("arn:aws:", "arn:${AWS::Partition}:", 1)}
            return {"Ref": PSEUDO[text]} if text in PSEUDO else {"Fn::Join": [":", text.split(":")]}

        ways: list[Callable[[], Any]] = [parameter, mapped, sub, partition, lambda: {"Fn::Join": ["", list(halves())]}]
        return self._random.choice(ways)
