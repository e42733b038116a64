"""However templates are written, every reader that looks at AWS says the same as of plain values."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from cloud_assembly import IDENTITY_STORE_ID, INSTANCE_ARN, get, write_assembly
from disguises import Disguise, plain, plain_resources
from drifting import NAME, World
from in_process import local_aws
from org_constructs.access_diff.comparison import compare
from org_constructs.access_diff.deploy import deploy
from org_constructs.account_life.of_app import App, find_account
from org_constructs.doctor.examination import Assembly, Examination
from org_constructs.doctor.runner import CHECKS, run
from org_constructs.drift.rendering import as_json
from org_constructs.drift.runner import find_drift
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.live.regions import LiveRegions
from org_constructs.matching.adopt import plan_adoption
from org_constructs.offboarding.leaving import leave
from org_constructs.offboarding.person import find_person
from org_constructs.offboarding.rendering import as_json as leaving_as_json
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.report.model import make_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

OF_THIS_MACHINE: Final = {"node", "cdk-cli", "environment", "assembly", "credentials", "account", "bootstrap"}
"""The checks that look at no template, or say where the assembly is."""


class Here(LiveOrganization):
    """AWS, which says that its stack was deployed with another template."""

    deployed: Mapping[str, Any]

    def template(self, stack_name: str) -> Mapping[str, Any]:
        assert stack_name == NAME
        return self.deployed


class Everywhere(LiveRegions):
    """AWS in every region."""

    def __init__(self, live: LiveOrganization) -> None:
        self._everywhere = live

    def __call__(self, region: str | None = None) -> LiveOrganization:
        del region
        return self._everywhere


@pytest.fixture(scope="module")
def live() -> Iterator[Here]:
    """An AWS to which the organization was deployed, and in which somebody has changed it by hand since."""
    with local_aws(
        "111122223333",
        "us-east-1",
        management_account_email="aws@acme.com",
        new_organization_policy_types=("SERVICE_CONTROL_POLICY",),
    ) as aws:
        aws.seed(Existing(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE_ID))
        template = plain()
        template["Resources"]["Developer"]["Properties"]["SessionDuration"] = "PT8H"
        World(aws, template).deploy()
        _change_by_hand(LiveOrganization(aws.client))
        yield Here(aws.client)


def _change_by_hand(live: LiveOrganization) -> None:
    organizations, sso, store = (live.client(each) for each in ("organizations", "sso-admin", "identitystore"))
    accounts = {each.name: each for each in live.accounts()}
    people = {each.user_name: each.id for each in live.users(IDENTITY_STORE_ID)}
    groups = {each.name: each.id for each in live.groups(IDENTITY_STORE_ID)}
    sets = {each.name: each.arn for each in live.permission_sets(INSTANCE_ARN)}
    root, production = live.root().id, accounts["acme-production"]
    [policy] = [each.id for each in live.policies("SERVICE_CONTROL_POLICY") if not each.aws_managed]
    organizations.detach_policy(PolicyId=policy, TargetId=root)
    organizations.attach_policy(PolicyId=policy, TargetId=accounts["acme-dev"].id)
    organizations.move_account(AccountId=production.id, SourceParentId=production.parent_id, DestinationParentId=root)
    [membership] = live.memberships(IDENTITY_STORE_ID, groups["Developers"])
    store.delete_group_membership(IdentityStoreId=IDENTITY_STORE_ID, MembershipId=membership.id)
    store.update_user(
        IdentityStoreId=IDENTITY_STORE_ID,
        UserId=people["dax@acme.com"],
        Operations=[{"AttributePath": "displayName", "AttributeValue": "Dax Raad"}],
    )
    assigned = {"InstanceArn": INSTANCE_ARN, "TargetType": "AWS_ACCOUNT"}
    sso.delete_account_assignment(
        **assigned,
        TargetId=accounts["acme-dev"].id,
        PermissionSetArn=sets["Developer"],
        PrincipalType="GROUP",
        PrincipalId=groups["Developers"],
    )
    sso.create_account_assignment(
        **assigned,
        TargetId=accounts["acme-logs"].id,
        PermissionSetArn=sets["Root"],
        PrincipalType="USER",
        PrincipalId=people["kim@acme.com"],
    )


def changed() -> dict[str, Any]:
    """Return the template as the app has it by now."""
    resources = plain_resources()
    del resources["OfLou"]
    resources["Developer"]["Properties"]["SessionDuration"] = "PT4H"
    resources["Pro"]["Properties"]["ParentIds"] = [get("Organization", "RootId")]
    resources["Leave"]["Properties"]["TargetIds"] = [get("Workloads", "Id"), get("Dev", "AccountId")]
    resources["Lou"]["Properties"]["UserName"] = "lou.acme@acme.com"
    return plain(resources)


def answers(folder: Path, live: Here, before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each reader makes of an app, AWS, and what the stack was deployed with."""
    live.deployed = before
    written = {"template": dict(now), "environment": "aws://111122223333/us-east-1", "artifact": {}}
    assembly = Assembly.read(write_assembly(folder, {NAME: written}))
    examination = Examination(assembly=assembly, where=folder)
    examination.live_in = Everywhere(live)
    stacks, described = assembly.stacks, describe_live(live, own_stacks={NAME})
    assert described.live
    described = replace(described, live=replace(described.live, read_at="2026-11-26T18:30:00Z"))
    adoption = plan_adoption(stacks, stacks[0], live)
    app = App(stacks=stacks, description=assembly.description, live_in=examination.live_in)
    found = [each.key for each in map(app.description.accounts_by_app_key.get, ("dev", "logs")) if each]
    diffs = compare(*deploy(described, assembly.description))
    return {
        "adopt": (adoption.matches, adoption.unknown, adoption.gains, adoption.removals),
        "import": sorted(adoption.import_template()["Resources"]),
        "doctor": [
            (each.check.id, [(finding.code, finding.found, finding.next) for finding in each.findings])
            for each in run(examination, checks=[each for each in CHECKS if each.id not in OF_THIS_MACHINE])
        ],
        "drift": as_json(find_drift(stacks, examination.live_in)),
        "deploy": diffs.changes,
        "report": make_report(described),
        "leaving": leaving_as_json(leave(described, find_person(described, "kim@acme.com"), assembly.description)),
        "accounts": [(found, find_account(app, key).shown) for key in ("dev", "production", "logs")],
    }


@pytest.mark.parametrize(("first", "last"), [(0, 8), pytest.param(8, 40, marks=pytest.mark.long)])
def test_of_readers_of_aws_however_templates_are_written(tmp_path: Path, live: Here, first: int, last: int) -> None:
    expected = answers(tmp_path / "plain", live, plain(), changed())
    assert len(expected["drift"]["drift"]) > 4
    assert len(expected["deploy"]) > 2
    matches, _, _, removals = expected["adopt"]
    assert [each.logical_id for each in matches if each.replaced] == ["Lou", "LouDevelops"]
    assert len(removals) == 1
    for one, other in pairwise(range(first, last + 1)):
        templates = Disguise(one).template(plain()), Disguise(other).template(changed())
        found = answers(tmp_path / str(one), live, *templates)
        for reader, answer in expected.items():
            assert found[reader] == answer, (one, reader)
