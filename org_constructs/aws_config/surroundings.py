"""What on this machine gets in the way of the profiles."""

from __future__ import annotations

import configparser
import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# The first with `[sso-session]`: https://github.com/aws/aws-cli/blob/v2/CHANGELOG.rst (2.9.0)
_AWS_CLI_MIN: Final = (2, 9, 0)
_PATIENCE: Final = 3  # seconds, then the AWS CLI's version is left unsaid


class AwsCli:
    """The AWS CLI on PATH.

    Most installers put it into a folder that is called like its version. Where that is not so it is asked, while
    something else is done, as that takes it a third of a second.
    """

    def __init__(self) -> None:
        """Find it."""
        self._said = ""
        self._process: subprocess.Popen[str] | None = None
        aws = shutil.which("aws")
        if aws is None:
            return
        # /usr/local/aws-cli/v2/2.38.5/dist/aws, /opt/homebrew/Cellar/awscli/2.38.5/bin/aws
        if folder := re.search(r"/(?:v2|awscli)/(\d+\.\d+\.\d+)/", os.path.realpath(aws)):
            self._said = f"aws-cli/{folder[1]}"
            return
        # One that cannot be started is as good as none.
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 (what the user calls `aws`)
                [aws, "--version"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def warnings(self) -> Iterator[str]:
        """Yield what is wrong with it."""
        if version := re.match(r"aws-cli/(\d+)\.(\d+)\.(\d+)", self._said or self._output()):
            found = tuple(int(number) for number in version.groups())
            if found < _AWS_CLI_MIN:
                yield (
                    f"the AWS CLI on PATH is {'.'.join(map(str, found))}, and `aws sso login --sso-session` needs"
                    f" {'.'.join(map(str, _AWS_CLI_MIN))} or newer"
                )

    def _output(self) -> str:
        if self._process is None:
            return ""
        try:
            return self._process.communicate(timeout=_PATIENCE)[0]
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            return ""


def environment_warnings() -> Iterator[str]:
    """Yield what the environment has that wins over a profile."""
    if name := os.environ.get("AWS_PROFILE"):
        yield f"AWS_PROFILE is set to {name}, and wins over the profile in sst.config.ts and the like; unset it"
    if os.environ.get("AWS_ACCESS_KEY_ID"):
        yield "AWS_ACCESS_KEY_ID is set, and its key wins over every profile not named on the command line; unset it"


def credentials_warnings(names: Collection[str]) -> Iterator[str]:
    """Yield which of the profiles have static keys of the same name, which many tools take instead."""
    file = Path(os.path.expandvars(os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials")).expanduser()
    parser = configparser.RawConfigParser(strict=False)
    # Whether that file is in order is not this command's business.
    with contextlib.suppress(OSError, UnicodeDecodeError, configparser.Error):
        parser.read_string(file.read_text(encoding="utf-8"))
    hiding = [name for name in names if parser.has_section(name) and parser.has_option(name, "aws_access_key_id")]
    if hiding:
        yield (
            f"{file} has static keys for {', '.join(hiding)}, which many tools take instead of the login; delete them"
        )
