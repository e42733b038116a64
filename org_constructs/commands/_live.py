"""The source `live`: what AWS has now, and which of it is from the app of this folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from org_constructs.aws.regions import DEFAULT_REGION
from org_constructs.live.errors import said_in_a_sentence
from org_constructs.live.target import check_account
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import Stack, organization_region, read_stacks
from org_constructs.templates.words import visible

from ._progress import progress

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.live.control_answers import ControlAnswers
    from org_constructs.live.regions import LiveRegions
    from org_constructs.templates.description import Description

LIVE: Final = "live"
"""What the source is called. A file, a folder or a branch of that name is meant by `./live` or `heads/live`."""


def read_live(assembly: Path, profile: str | None, *, details: bool = False) -> Description:
    """Return what AWS has; stderr tells how far that is.

    Args:
        assembly: The folder that `cdk synth` has written, if there is one: what its stacks have is from this app.
            Without one, or if it is for another account, that is what stacks have that an `OrgBaseline` made.
        profile: The CLI profile to ask with; by default the credentials that boto3 finds.
        details: As for `describe_live`.

    Raises:
        Refusal: There are no credentials, AWS does not answer, or there is neither an organization nor an instance of
            IAM Identity Center.
    """
    stacks = read_stacks(assembly) if (assembly / "manifest.json").is_file() else ()
    with said_in_a_sentence(profile):
        return _read(stacks, profile, details=details)


def live_regions(stacks: Sequence[Stack], profile: str | None) -> LiveRegions:
    """Return what asks AWS in the regions of stacks; where they leave it open, in the session's.

    Args:
        stacks: What is asked for.
        profile: The CLI profile to ask with; by default the credentials that boto3 finds.

    Raises:
        Refusal: No region is known, or the credentials are of another account than a stack.
    """
    import boto3  # noqa: PLC0415 (it takes a third of a second, which `--help` need not wait for)

    from org_constructs.live.regions import LiveRegions  # noqa: PLC0415 (likewise)

    session = boto3.Session(profile_name=profile)
    home = organization_region(stacks) or session.region_name
    if home is None:
        raise Refusal("region-missing", "the region of the stacks must be known, got none", "set AWS_DEFAULT_REGION")
    live_in = LiveRegions(session, home)
    for stack in stacks:
        check_account(stack, live_in().caller().account_id)
    return live_in


def ask_controls(description: Description, profile: str | None) -> ControlAnswers:
    """Return what AWS answers where controls ask for more than a description has; stderr tells how far that is.

    Args:
        description: What AWS has, as `read_live` returns it.
        profile: The CLI profile to ask with; by default the credentials that boto3 finds.

    Raises:
        Refusal: As `read_live`.
    """
    import boto3  # noqa: PLC0415 (it takes a third of a second, which `--help` need not wait for)

    from org_constructs.live.control_answers import ask_for_controls  # noqa: PLC0415 (likewise)
    from org_constructs.live.organization import LiveOrganization  # noqa: PLC0415 (likewise)

    region = description.live.region if description.live else None
    with said_in_a_sentence(profile), progress("Reading AWS") as tell:
        live = LiveOrganization.connect(boto3.Session(profile_name=profile), region or DEFAULT_REGION)
        return ask_for_controls(live, description, tell)


def _read(stacks: Sequence[Stack], profile: str | None, *, details: bool) -> Description:
    import boto3  # noqa: PLC0415 (it takes a third of a second, which `--help` need not wait for)

    from org_constructs.live.description import describe_live, home_region  # noqa: PLC0415 (likewise)
    from org_constructs.live.organization import LiveOrganization  # noqa: PLC0415 (likewise)

    session = boto3.Session(profile_name=profile)
    region = next((each.region for each in stacks if each.region), None) or session.region_name or DEFAULT_REGION
    live = LiveOrganization.connect(session, region)
    caller = live.caller().account_id
    home = home_region(live)
    if home not in {None, region}:
        # IAM Identity Center answers in its region alone, and the stacks are beside it.
        live = LiveOrganization.connect(session, home)
    regions = {each.region for each in stacks if each.region} - {live.region}
    also_in = [LiveOrganization.connect(session, each) for each in sorted(regions)]
    with progress("Reading AWS") as tell:
        description = describe_live(
            live, own_stacks=_own(stacks, caller), also_in=also_in, details=details, progress=tell
        )
    there = description.live
    if there is not None and not (there.organization_id or there.instances or there.unread):
        raise Refusal(
            "nothing-live",
            f"the account must be in an organization or have IAM Identity Center, and account {caller} has neither",
            "name a profile of the management account with --profile",
        )
    return description


def _own(stacks: Sequence[Stack], caller: str) -> frozenset[str] | None:
    """Return the names of this app's stacks; None where the assembly is for another account, or there is none."""
    elsewhere = sorted({each.account for each in stacks if each.account} - {caller})
    if elsewhere:
        note = f"the assembly is for account {', '.join(elsewhere)}, and these are credentials of account {caller}"
        click.secho(f"Note: {visible(note)}, so it is not known as this app", fg="yellow", err=True)
    return frozenset(each.name for each in stacks) if stacks and not elsewhere else None
