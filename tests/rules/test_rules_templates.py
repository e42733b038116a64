"""How templates and what is around them are read for the rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from checked_templates import account, control_policy, findings, organization, resource
from cloud_assembly import stack, write_assembly
from org_constructs.templates.resources import read_templates

if TYPE_CHECKING:
    from pathlib import Path


def test_knows_name_account_and_order_of_the_stacks_of_an_assembly(tmp_path: Path) -> None:
    write_assembly(
        tmp_path,
        {
            "One": stack(organization(), properties={"stackName": "first"}),
            "Two": stack({}, dependencies=["One"]),
        },
    )
    one, two = read_templates(sorted(tmp_path.glob("*.template.json"))).all
    assert (one.stack, one.construct, one.account, one.after) == ("first", "One", "111122223333", frozenset())
    assert (two.stack, two.after) == ("Two", frozenset({"One"}))


def test_tells_stacks_of_one_name_in_several_regions_apart(tmp_path: Path) -> None:
    for region in ("us-east-1", "eu-west-1"):
        robots = stack({"Robot": resource("IAM::User")}, environment=f"aws://111122223333/{region}")
        robots["artifact"] |= {"properties": {"stackName": "robots"}}
        write_assembly(tmp_path / region, {"Robots": robots})
    read = read_templates(sorted(tmp_path.glob("*/*.template.json")))
    assert {each.stack for each in read.all} == {"robots", str(tmp_path / "us-east-1" / "Robots.template.json")}
    assert len({each.key for each in read.of_type("AWS::IAM::User")}) == 2


def test_reads_templates_beside_a_manifest_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("[]")
    (tmp_path / "a.json").write_text(json.dumps({"Resources": {"Robot": resource("IAM::User")}}))
    read = read_templates([tmp_path / "a.json"])
    assert [each.construct for each in read.all] == [None]
    assert list(findings(read)) == ["OrgBaseline-IamUser"]


def test_stacks_that_wait_for_one_another_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    write_assembly(
        tmp_path,
        {
            "One": stack({"A": account("a")}, dependencies=["Two"]),
            "Two": stack({"B": account("b")}, dependencies=["One"]),
        },
    )
    findings(read_templates(sorted(tmp_path.glob("*.template.json"))))


def test_says_that_text_that_is_no_json_has_no_statements(tmp_path: Path) -> None:
    policy = control_policy(TargetIds=["r-ab12"])
    policy["Properties"]["Content"] = "{"
    (tmp_path / "a.json").write_text(json.dumps({"Resources": {"It": policy}}))
    assert list(findings(read_templates([tmp_path / "a.json"]))) == ["OrgBaseline-PolicyNotJudged"]
