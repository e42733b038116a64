"""docs/first-day.md, as typed: from an account without an organization to people, their access, and guardrails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from founder import FIRST_DAY_MADE, Founder
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from synthesized_once import synthesize_once

if TYPE_CHECKING:
    from pathlib import Path

    from loaded_cdk import LoadedCdk

MANAGEMENT: Final = "111122223333"


@pytest.mark.long
@pytest.mark.parametrize(
    ("region", "enabled"),
    [("us-east-1", ("SERVICE_CONTROL_POLICY",)), ("eu-central-1", ())],
    ids=["a policy type enabled", "another home region"],
)
def test_ends_with_three_accounts_one_administrator_and_the_guardrails(
    tmp_path: Path, made_before: Path, cdk_cli: LoadedCdk, region: str, enabled: tuple[str, ...]
) -> None:
    with LocalAws(management_account_id=MANAGEMENT, region=region, new_organization_policy_types=enabled) as aws:
        founder = Founder(aws, tmp_path, cdk=cdk_cli)
        synthesize_once(tmp_path, made_before)
        founder.spend_the_first_day(region=region)
        assert founder.organization() == FIRST_DAY_MADE
        assert "AWS has everything that the stacks were deployed with" in founder.run("org-baseline doctor")


@pytest.mark.long
def test_ends_with_the_guardrails_alone_without_the_click(
    tmp_path: Path, made_before: Path, cdk_cli: LoadedCdk
) -> None:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as aws:
        founder = Founder(aws, tmp_path, cdk=cdk_cli)
        synthesize_once(tmp_path, made_before)
        founder.spend_the_first_day(click=False)
        assert founder.organization() == {**FIRST_DAY_MADE, "access": []}


@pytest.mark.long
def test_an_organization_that_exists_takes_everything_in_one_deploy(
    tmp_path: Path, made_before: Path, cdk_cli: LoadedCdk
) -> None:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as aws:
        aws.seed(Existing(organization_id="o-exampleorg1", root_id="r-ab12", policy_types=()))
        aws.enable_identity_center()
        founder = Founder(aws, tmp_path, cdk=cdk_cli)
        synthesize_once(tmp_path, made_before)
        founder.leave_out_what_is_not_enabled()
        founder.run("cdk synth --quiet")
        founder.edit("(?=    OrgBaseline,)", "    Organization,\n")
        founder.paste(founder.run("org-baseline doctor --fix", exit_code=1))
        founder.run("cdk synth --quiet")
        founder.run("org-baseline doctor")
        founder.run("cdk deploy OrgBaseline")
        assert founder.organization() == FIRST_DAY_MADE
