"""An environment without a way to a real AWS account: for this process, and for what it starts."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import Final

# A region is no way to an account, and apps read it.
_KEPT: Final = frozenset({"AWS_REGION", "AWS_DEFAULT_REGION"})
_NO_CONFIGURATION: Final = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def without_real_aws(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without profile, credentials and configuration, and with loopback past any proxy."""
    kept = {name: value for name, value in environment.items() if not name.startswith("AWS_") or name in _KEPT}
    past_proxy = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    loopback = (host for host in ("localhost", "127.0.0.1") if host not in past_proxy.split(","))
    no_proxy = ",".join(filter(None, [past_proxy, *loopback]))
    return {**kept, **_NO_CONFIGURATION, "NO_PROXY": no_proxy, "no_proxy": no_proxy}


def real_aws_forgotten() -> contextlib.AbstractContextManager[None]:
    """Let this process be without a real AWS for a while: boto3 fails at a profile that AWS_PROFILE names in vain."""
    return environment(without_real_aws(os.environ))


@contextlib.contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Let this process have this environment, and no other, for a while."""
    before = dict(os.environ)
    _replace_environment(variables)
    try:
        yield
    finally:
        _replace_environment(before)


def _replace_environment(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
