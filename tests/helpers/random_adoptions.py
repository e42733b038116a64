"""Random organizations, each taken over with the real CDK CLI, from `init --from live` to an empty diff.

`PYTHONPATH=tests/helpers python tests/helpers/random_adoptions.py 0 200 RESULTS` appends a line for each to the file
RESULTS, where those that are there already are not taken over again. Every twentieth has up to 120 accounts and 300
people. Exits with 1 if one is not taken over as it is.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import click

from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from random_live_organizations import make
from whoever_adopts import Person, check_code, loaded_once
from written_app import synthesized

if TYPE_CHECKING:
    from whoever_adopts import Cdk

_LARGE: Final = 20
_SMALL: Final = {"accounts": 20, "people": 30, "assignments": 80}
_SIZES: Final = {"accounts": 120, "people": 300, "assignments": 900}


def take_over(seed: int, folder: Path, cdk: Cdk) -> str:
    """Make an organization, take it over, and return what it has."""
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1", management_account_email="aws@acme.com") as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        random = Random(seed)  # noqa: S311 (the same organizations each time)
        make(aws, random, **(_SMALL if seed % _LARGE else _SIZES))
        with patch.dict(os.environ, aws.environment), contextlib.chdir(folder):
            person = Person(aws, cdk)
            said = person.baseline("init", "app", "--from", "live")
            os.chdir("app")
            check_code(Path())
            with contextlib.redirect_stderr(None):
                synthesized(Path.cwd())
            stacks = person.take_over()
    [has] = [line for line in said.splitlines() if line.startswith("It has ")]
    lines = {each.name: each.read_text(encoding="utf-8").count("\n") for each in Path(folder, "app").glob("*.py")}
    return f"{has} {stacks} stacks; {sum(lines.values())} lines, of them {lines.get('accounts.py', 0)} in accounts.py"


def main(first: int, last: int, results: Path) -> int:
    done = {line.split(":")[0] for line in results.read_text().splitlines()} if results.exists() else set()
    with tempfile.TemporaryDirectory() as home, loaded_once(Path(home)) as cdk:
        for seed in range(first, last):
            if str(seed) in done:
                continue
            start = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            try:
                with tempfile.TemporaryDirectory() as folder:
                    line = f"{seed}: {take_over(seed, Path(folder), cdk)}"
            except Exception as error:  # noqa: BLE001 (the next ones are looked at, too)
                line = f"{seed}: FAILED {type(error).__name__} {str(error)[:4000]!r}"
            took = time.process_time() - start[0] + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - start[1]
            with results.open("a", encoding="utf-8") as file:
                file.write(f"{line}; {took:.1f} s beside the CDK CLI\n")
            click.echo(line)
    failed = results.read_text(encoding="utf-8").count(": FAILED ")
    click.echo(f"{failed} were not taken over as they are")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
