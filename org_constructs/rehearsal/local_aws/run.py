"""What one running local AWS is: its account, its region, the failures asked for. moto's state is one per process, so is this."""

from dataclasses import dataclass

from org_constructs.rehearsal.local_aws.failures import Failures


@dataclass(frozen=True)
class Run:
    """One running local AWS."""

    management_account_id: str
    region: str
    endpoint_url: str
    access_key_id: str
    secret_access_key: str
    failures: Failures


_current: list[Run] = []


def begin(run: Run) -> None:
    """Make `run` the one that this process's local AWS works for."""
    if _current:
        raise RuntimeError(
            "a local AWS runs in this process already, and moto's state is one per process; leave it first"
        )
    _current.append(run)


def current() -> Run:
    """Return the local AWS that runs in this process."""
    return _current[0]


def end() -> None:
    """Forget the run."""
    _current.clear()
