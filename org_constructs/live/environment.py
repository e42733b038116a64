"""What this machine has that wins over a profile: variables of the environment and static keys."""

from __future__ import annotations

import configparser
import contextlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Winner:
    """Something that wins over a profile."""

    code: str
    what: str
    fix: str

    def __str__(self) -> str:
        """Return it as a sentence, without its full stop."""
        return f"{self.what}; {self.fix}"


def local_endpoint() -> str | None:
    """Return the address of a local AWS, such as a rehearsal's, that the environment leads to; None where it does not.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    url = os.environ.get("AWS_ENDPOINT_URL", "")
    with contextlib.suppress(ValueError):
        return url if urlsplit(url).hostname in _LOOPBACK else None
    return None


def environment_warnings() -> Iterator[Winner]:
    """Yield what the environment has that wins over a profile; nothing where it is for a local AWS."""
    if local_endpoint():
        return
    if name := os.environ.get("AWS_PROFILE"):
        what = f"AWS_PROFILE is set to {name}, which takes precedence over the profile in sst.config.ts and the like"
        yield Winner("profile-in-environment", what, "unset it")
    if os.environ.get("AWS_ACCESS_KEY_ID"):
        what = "AWS_ACCESS_KEY_ID is set, and its key takes precedence over every profile not named on the command line"
        yield Winner("key-in-environment", what, "unset it")


def credentials_warnings(names: Collection[str]) -> Iterator[Winner]:
    """Yield which of the profiles have static keys of the same name, which many tools take instead."""
    file = Path(os.path.expandvars(os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials")).expanduser()
    parser = configparser.RawConfigParser(strict=False)
    # Whether that file is in order is not this command's business.
    with contextlib.suppress(OSError, UnicodeDecodeError, configparser.Error):
        parser.read_string(file.read_text(encoding="utf-8"))
    hiding = [name for name in names if parser.has_section(name) and parser.has_option(name, "aws_access_key_id")]
    if hiding:
        what = f"{file} has static keys for {', '.join(hiding)}, which many tools use instead of the login"
        yield Winner("static-keys", what, "delete them")
