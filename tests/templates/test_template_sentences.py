"""What is said of templates that cannot be read: each wording once, by its code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloud_assembly import baseline, get, stack, write_assembly
from org_constructs.commands._source import of_templates, read_source
from org_constructs.templates.assembly import describe_stacks, read_stacks
from org_constructs.templates.description import describe
from org_constructs.templates.metadata import METADATA_KEY, BaselineMetadata
from org_constructs.templates.profiles import Session, find_access
from org_constructs.templates.resources import read_template
from org_constructs.templates.saved import from_json as from_saved
from org_constructs.templates.values import Values, from_json
from refusals import listed_codes, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest
    from syrupy.assertion import SnapshotAssertion


def written(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def refer_to(value: object) -> dict[str, Any]:
    resources = baseline()
    resources["OfDev"]["Properties"]["TargetId"] = value
    return {"Resources": resources}


def of_files() -> Iterator[Callable[[], object]]:
    yield lambda: of_templates([Path("nowhere.json")])
    yield lambda: read_template(written("a.json", "Resources:\n  A: 1\n"))
    yield lambda: read_template(written("a.yaml", "a: ["))
    yield lambda: read_template(written("a.json", "[]"))
    yield lambda: read_source(str(written("a.json", "{}")))
    yield lambda: read_source(str(written("a.json", '{"Resources": {"A": {"Type": "AWS::Organizations::Account"}}}')))
    yield lambda: read_source(str(written("a.json", json.dumps(refer_to(get("Organization", "Id"))))))


def of_assemblies() -> Iterator[Callable[[], object]]:
    def described(stacks: dict[str, Any], *selected: str) -> object:
        return describe_stacks(read_stacks(write_assembly(Path("cdk.out"), stacks)), selected)

    def broken() -> object:
        write_assembly(Path("broken"), {"Org": stack(baseline())})
        written("broken/manifest.json", "{")
        return read_stacks(Path("broken"))

    own = stack(baseline())
    own["template"]["Metadata"] = {METADATA_KEY: {"Company": "acme"}}
    same_name = stack(baseline(), properties={"stackName": "Org"})
    yield lambda: read_stacks(Path("nowhere"))
    yield lambda: read_stacks(written("a.json", "{}"))
    yield broken
    yield lambda: described({"Org": stack(baseline())}, "Other")
    yield lambda: described({"Web": stack({})})
    yield lambda: described({"Org": stack({"A": {"Type": "AWS::Organizations::Account"}})})
    yield lambda: described({"Org": own, "Other": own})
    yield lambda: described({"Org": same_name, "OrgElsewhere": same_name})


def of_metadata() -> Iterator[Callable[[], object]]:
    yield lambda: BaselineMetadata.from_dict({"Format": 2})
    yield lambda: BaselineMetadata.from_dict({"Accounts": {"dev": "AccountIdDev"}})


def of_saved() -> Iterator[Callable[[], object]]:
    yield lambda: from_saved({"OrganizationDescription": 3})
    yield lambda: from_saved({"OrganizationDescription": 1, "resources": {}, "accounts": []})


def of_values() -> Iterator[Callable[[], object]]:
    def value(node: object, **sections: object) -> object:
        return Values({"S": {"Resources": {}, **sections}}, lambda _stack, _name: None).of("S", node)

    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    doubled: Any = "xx"
    for _ in range(60):
        doubled = {"Fn::Sub": ["${a}${a}", {"a": doubled}]}
    yield lambda: value(deep)
    yield lambda: value(doubled)
    yield lambda: value({"Fn::If": ["A", "a", "b"]}, Conditions={"A": {"Condition": "A"}})
    yield lambda: from_json(value({"Fn::Sub": '"\ue0009\ue001${Dev}"'}))


def of_access() -> Iterator[Callable[[], object]]:
    described = describe({"S": {"Resources": baseline()}})
    yield lambda: describe({"S": refer_to({"Ref": "Parameter"})})
    yield lambda: find_access(described, permission_sets=["Root"])
    yield lambda: find_access(described, user="kim@acme.com")
    yield lambda: find_access(describe({"S": {"Resources": {}}}))
    yield lambda: Session(name="acme sso", start_url="https://acme.awsapps.com/start", region="us-east-1")


def test_say_why_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot_json: SnapshotAssertion
) -> None:
    monkeypatch.chdir(tmp_path)
    said = sentences([*of_files(), *of_assemblies(), *of_metadata(), *of_saved(), *of_values(), *of_access()])
    assert said == snapshot_json
    assert {*listed_codes()["templates"], "template-unreadable", "template-without-resources"} - set(said) == set()
