"""The AWS CLI of this machine, and whether it can log in by the profiles."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

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
