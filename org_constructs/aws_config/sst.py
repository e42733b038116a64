"""The choice of the CLI profile in `sst.config.ts`: by the stage, so that production is a decision.

https://sst.dev/docs/aws-accounts#configure-sst
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from org_constructs.refusal import Refusal
from org_constructs.templates.words import choices

EVERY_OTHER_STAGE: Final = "*"

_PRODUCTION: Final = ("production", "prod")
_DEVELOPMENT: Final = ("dev", "development")

# SST makes resource names of both: https://sst.dev/docs/reference/config#name
_APP_NAME: Final = r"[a-zA-Z][a-zA-Z0-9-]*"
_STAGE: Final = r"[a-zA-Z0-9-]+"

_SST_3: Final = """\
/// <reference path="./.sst/platform/config.d.ts" />

export default $config({{
  app(input) {{
    return {{
      name: {name},
      home: "aws",
      providers: {{
        aws: {{
          // AWS_PROFILE, set in the shell or in a .env file, takes precedence over this.
          profile:{profile},
        }},
      }},
    }};
  }},
  async run() {{
    // Your resources
  }},
}});
"""

_SST_2: Final = """\
import type {{ SSTConfig }} from "sst";

export default {{
  config(input) {{
    return {{
      name: {name},
      region: {region},
      profile:{profile},
    }};
  }},
  stacks() {{
    // Your stacks
  }},
}} satisfies SSTConfig;
"""


def stage_profiles(profiles: Mapping[str, str], chosen: Sequence[str]) -> dict[str, str]:
    """Return the profile of each stage, that of every other stage last.

    Args:
        profiles: What may be chosen: the profiles of the accounts' main permission sets, by the accounts' names.
        chosen: `stage=profile`, where `*` is every stage that is not named. By default `production` is the account of
            that name, and every other stage is `dev`.

    Raises:
        Refusal: A choice is of another form or names no profile, or there is no account to take by default.
    """
    stages: dict[str, str] = {}
    if (production := _called(profiles, _PRODUCTION)) is not None:
        stages["production"] = production
    other = _called(profiles, _DEVELOPMENT)
    for choice in chosen:
        stage, equals, profile = choice.partition("=")
        if not equals or (stage != EVERY_OTHER_STAGE and not re.fullmatch(_STAGE, stage)):
            raise Refusal(
                "stage-form",
                f"--stage must look like 'staging=acme-staging', or '*=acme-dev' for every other stage, got {choice!r}",
            )
        if profile not in profiles.values():
            raise Refusal(
                "stage-profile-unknown",
                f"--stage must name a profile of the organization, got {profile!r}",
                f"available: {choices(profiles.values())}",
            )
        if stage == EVERY_OTHER_STAGE:
            other = profile
        else:
            stages[stage] = profile
    if "production" not in stages:
        raise Refusal(
            "stage-without-profile",
            "an account must be called production, or --stage production=PROFILE must be given",
            f"available: {choices(profiles)}",
        )
    if other is None:
        raise Refusal(
            "stage-without-profile",
            "an account must be called dev, or --stage '*=PROFILE' must be given",
            f"available: {choices(profiles)}",
        )
    return {**stages, EVERY_OTHER_STAGE: other}


def render(version: int, *, name: str, stages: Mapping[str, str], region: str) -> str:
    """Return the text of `sst.config.ts`.

    Args:
        version: 2, or 3, whose form later versions have too.
        name: The app's name.
        stages: The profile of each stage, as `stage_profiles` gives them.
        region: The region, which SST 2 takes from here and later versions from the profile.

    Raises:
        Refusal: The name is none that SST takes.
    """
    if not re.fullmatch(_APP_NAME, name):
        raise Refusal(
            "app-name-form", f"--name must consist of letters, digits and '-' and begin with a letter, got {name!r}"
        )
    template, indent = (_SST_2, 6) if version == 2 else (_SST_3, 10)  # noqa: PLR2004 (SST 2)
    return template.format(name=json.dumps(name), region=json.dumps(region), profile=_choice(stages, indent))


def _choice(stages: Mapping[str, str], indent: int) -> str:
    """Return the expression; one of stage names alone, as an object would have `constructor` as well."""
    tests = [
        f"input.stage === {json.dumps(stage)} ? {json.dumps(profile)}"
        for stage, profile in stages.items()
        if stage != EVERY_OTHER_STAGE
    ]
    other = json.dumps(stages[EVERY_OTHER_STAGE])
    if len(tests) == 1:
        return f" {tests[0]} : {other}"
    between = "\n" + " " * (indent + 2)
    return between + f"{between}: ".join([*tests, other])


def _called(profiles: Mapping[str, str], names: Collection[str]) -> str | None:
    """Return the profile of the account that is called one of these, alone or after the company."""
    found = [
        profile for account, profile in profiles.items() if re.split(r"[^A-Za-z0-9]+", account)[-1].lower() in names
    ]
    return found[0] if len(found) == 1 else None
