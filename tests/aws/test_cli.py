"""Commands of the AWS CLI, as people paste them into a shell."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import LoginRefreshRequired

from org_constructs.doctor.examination import Examination
from org_constructs.live.errors import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable

LOGIN: Final = "aws login"


def of_doctor(profile: str | None) -> str:
    return Examination(assembly=None, where=Path(), profile=profile).with_profile(LOGIN)


def of_a_login_that_expired(profile: str | None) -> str:
    return refusal_of(LoginRefreshRequired(), profile).fix.split("`")[1]


@pytest.mark.parametrize("command", [of_doctor, of_a_login_that_expired], ids=lambda each: each.__name__)
def test_a_command_names_the_profile_so_that_a_shell_takes_it(command: Callable[[str | None], str]) -> None:
    assert shlex.split(command("Kim's acme")) == ["aws", "login", "--profile", "Kim's acme"]
    assert command(None) == LOGIN
