"""Random organizations, each taken over: `PYTHONPATH=tests/helpers python tests/helpers/random_adoptions.py 0 200`.

Every twentieth has up to 120 accounts and 300 people. Prints a line for each, and exits with 1 if one is not taken over
as it is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import click

from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs.rehearsal.local_aws import Existing
from random_live_organizations import make
from written_app import adopted

if TYPE_CHECKING:
    from org_constructs.app_code.from_organization import AppCode

_LARGE: Final = 20
_SMALL: Final = {"accounts": 20, "people": 30, "assignments": 80}
_SIZES: Final = {"accounts": 120, "people": 300, "assignments": 900}


def take_over(seed: int, folder: Path) -> tuple[AppCode, int]:
    """Make an organization, take it over, and return its app and the number of its stacks."""
    with local_aws(MANAGEMENT, "us-east-1", management_account_email="aws@acme.com") as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        random = Random(seed)  # noqa: S311 (the same organizations each time)
        make(aws, random, **(_SMALL if seed % _LARGE else _SIZES))
        app, adoptions = adopted(aws, folder)
    return app, len(adoptions)


def main(first: int, last: int) -> int:
    failed = 0
    for seed in range(first, last):
        start = time.process_time()
        try:
            with tempfile.TemporaryDirectory() as folder:
                app, stacks = take_over(seed, Path(folder))
        except Exception as error:  # noqa: BLE001 (the next ones are looked at, too)
            failed += 1
            click.echo(f"{seed}: {type(error).__name__} {str(error)[:2000]}")
            continue
        lines = sum(text.count("\n") for name, text in app.files.items() if name == "accounts.py")
        there = ", ".join(f"{number} {kind}" for kind, number in app.counts.items())
        took = time.process_time() - start
        click.echo(f"{seed}: {there}; {stacks} stacks; accounts.py {lines} lines; {took:.1f} s")
    click.echo(f"{last - first - failed} of {last - first} were taken over as they are")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
