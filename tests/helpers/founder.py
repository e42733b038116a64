"""Somebody who does what the pages say: edits a copy of app.py, types the commands, and pastes what is printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.templates.access import effective_access
from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from loaded_cdk import LoadedCdk
    from org_constructs.rehearsal.local_aws import LocalAws


def page(name: str) -> str:
    """Return the text of a page of docs/, by its name."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
TUTORIAL: Final = page("tutorial")
FIRST_DAY: Final = page("first-day").partition("\n## ")[0]

ANSWERS: Final = {
    "uvx org-constructs init": [
        *("--company=acme", "--email=aws@acme.com", "--account=111122223333", "--region=us-east-1"),
        *("--user-name=dax@acme.com", "--given-name=Dax", "--family-name=Acme"),
    ],
    "cdk deploy": ["--require-approval", "never"],
    "cdk destroy": ["--force"],
    "cdk orphan": ["--yes"],
    "org-baseline aws-config": ["--yes"],
    "org-baseline doctor --fix": ["--yes"],
}
"""What a person is asked by a command that starts so, since nobody is there to answer."""


def commands(text: str) -> list[str]:
    """Return the lines after a `$` in the console blocks."""
    blocks = re.findall(r"^ *```console\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines() if line.strip()]


def code(text: str) -> list[str]:
    """Return the blocks of Python."""
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def output(text: str) -> list[str]:
    """Return the blocks of what is printed."""
    return re.findall(r"^```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def without_ids(text: str) -> str:
    """Return a text without the ids of accounts that differ from run to run."""
    return re.sub(r"\b(?!111122223333)\d{12}\b", "…", text)


def steps(text: str) -> list[tuple[str, str]]:
    """Return what is bold at the beginning of each numbered step, and the step."""
    return re.findall(r"^\d+\. \*\*(.*?)\*\*(.*?)(?=^\d+\. |\Z)", text, re.MULTILINE | re.DOTALL)


FIRST_DAY_MADE: Final[Mapping[str, object]] = {
    "accounts": ["acme-dev", "acme-production", "management"],
    "guardrails": [("workloads", "guardrails")],
    "access": [("dax@acme.com", "AdministratorAccess", ["acme-dev", "acme-production", "management"])],
}


class Founder:
    """Whoever reads the pages."""

    def __init__(
        self,
        aws: LocalAws,
        folder: Path,
        environment: Mapping[str, str] = os.environ,
        *,
        cdk: LoadedCdk | None = None,
    ) -> None:
        """Copy what is edited to a folder, as a clone has it, unless an app is there.

        Args:
            aws: Where it is deployed.
            folder: Where the app is.
            environment: Of the commands.
            cdk: What runs `cdk`, in an environment of its own, in place of a new process each time.
        """
        self.aws = aws
        self.folder = folder
        self.environment = environment
        self.cdk = cdk
        if not self.app.exists():
            for name in ("app.py", "cdk.json"):
                shutil.copy(ROOT / name, folder)

    @property
    def app(self) -> Path:
        return self.folder / "app.py"

    def edit(self, pattern: str, replacement: str) -> None:
        """Replace what is in app.py once."""
        code, times = re.subn(pattern, replacement, self.app.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert times == 1, f"{pattern} is {times} times in app.py"
        self.app.write_text(code, encoding="utf-8")

    def leave_out_what_is_not_enabled(self) -> None:
        self.edit(r"identity_center=(None|IdentityCenter\(.*?\n    \)),", "identity_center=None,")
        self.edit(r"enabled_policy_types=\[.*?\]", "enabled_policy_types=[]")

    def paste(self, printed: str) -> None:
        """Put the arguments that the doctor printed into the app."""
        for lines, name in re.findall(
            r"^ *((\w+)=(?:\[.*?\]|[\w.]+\(\n.*?^ *\)),)$", printed, re.MULTILINE | re.DOTALL
        ):
            if name in {"enabled_policy_types", "identity_center"}:
                self.edit(rf"{name}=(\[\]|None),", lines)
            else:
                self.edit(r"(?=    company=)", f"    {lines}\n")

    def run(self, command: str, *, exit_code: int = 0) -> str:
        """Return what a command prints."""
        answers = next((answers for start, answers in ANSWERS.items() if command.startswith(start)), [])
        words = [*shlex.split(command), *answers]
        if words[0] == "cd":
            self.folder /= words[1]
            return ""
        if words[0] == "uvx":
            words[:2] = ["org-constructs"]  # what is installed here; test_from_nothing.py has uvx fetch it
        if words[0] == "cdk" and self.cdk:
            code, said = self.cdk(*words[1:], folder=self.folder, environment=self.aws.environment)
            assert code == exit_code, f"{command}\n{said}"
            return said
        done = subprocess.run(  # noqa: S603 (the pages' commands)
            words,
            # The scripts make the environment of the project that they are in.
            cwd=ROOT if command.startswith("scripts/") else self.folder,
            env={**self.environment, **self.aws.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == exit_code, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def spend_the_first_day(self, text: str = FIRST_DAY, *, region: str = "us-east-1", click: bool = True) -> None:
        """Do each step of a text up to the deploy that makes everything, with the click in the console or without."""
        first_steps = dict(steps(text)[:6])
        assert {"Enable what no deploy can.", "Deploy the rest"} <= first_steps.keys()
        for title, step in first_steps.items():
            if title == "Edit `app.py`":
                self.edit('REGION = "us-east-1"', f'REGION = "{region}"')
                self.leave_out_what_is_not_enabled()
            elif title == "Enable what no deploy can." and click:
                self.aws.enable_identity_center("arn:aws:sso:::instance/ssoins-1111222233334444", "d-1111222233")
            elif title == "Deploy the rest" and region != "us-east-1":
                [bootstrap] = re.findall(r"`(cdk bootstrap aws://\S+)`", step)
                self.run(bootstrap)
            for command in commands(step):
                said = self.run(command)
                if command == "org-baseline doctor --fix":
                    self.paste(said)

    def organization(self) -> dict[str, object]:
        """Return what exists: the accounts, what is attached to the units, and who has what where."""
        made = describe_live(LiveOrganization(self.aws.client))
        access: dict[tuple[str, str], list[str]] = {}
        for each in effective_access(made):
            access.setdefault((each.who.name, each.permission_set.name), []).append(each.account.name)
        return {
            "accounts": [account.name for account in made.accounts.values()],
            "guardrails": [
                (made.organizational_units[target].name, policy.name)
                for policy in made.policies.values()
                for target in policy.targets
            ],
            "access": [(who, what, sorted(where)) for (who, what), where in access.items()],
        }
