"""The local AWS that runs in this process; one at a time, as moto's state is one per process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock

import boto3
import botocore.session

from .failures import Failures
from .values import Value


@dataclass(frozen=True)
class Run:
    """One running local AWS."""

    management_account_id: str
    region: str
    endpoint_url: str
    access_key_id: str
    secret_access_key: str
    failures: Failures

    def client(self, service: str, region: str | None = None) -> Value:
        """Return a boto3 client of the management account."""
        return _session().client(
            service,  # type: ignore[call-overload]  # any service, known at run time only
            region_name=region or self.region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
        )

    @staticmethod
    def available_services() -> list[str]:
        """Return the names of the services that there are clients of."""
        return _session().get_available_services()


@cache
def _session() -> boto3.session.Session:
    """Make the one session of this process, which reads neither profile nor configuration of the caller."""
    nowhere = (None, None, os.devnull, None)
    variables = {"profile": (None, None, None, None), "config_file": nowhere, "credentials_file": nowhere}
    return boto3.session.Session(botocore_session=botocore.session.Session(session_vars=variables))


_current: list[Run] = []
_alone = Lock()


@contextmanager
def alone() -> Iterator[None]:
    """Be the only local AWS of this process, for a while.

    Raises:
        RuntimeError: if one runs already.
    """
    if not _alone.acquire(blocking=False):
        raise RuntimeError("a local AWS runs in this process already, and moto's state is one per process")
    try:
        yield
    finally:
        _current.clear()
        _alone.release()


def begin(run: Run) -> None:
    """Make `run` the one that this process's local AWS works for."""
    _current.append(run)


def current() -> Run:
    """Return the local AWS that runs in this process."""
    return _current[0]
